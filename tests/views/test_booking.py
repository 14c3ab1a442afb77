"""Booking: find, hold, confirm; lost, in doubt, without a connection, twice, on two devices (rows C2, C3, C6)."""

import asyncio
from typing import Any

import flet as ft
import pytest

from app.domain.appointments import Mode
from app.domain.booking import PartOfDay
from app.stores.base import Status
from tests.views.examples import County, Visit, first

STATION = "/appointments/find/terveysasema"


def booked(county: County, resident: str) -> list[dict[str, Any]]:
    """The resident's booked appointments at the clinic."""
    me = f"Patient/{county.patient(resident)}"
    return [
        one
        for one in county.all("Appointment")
        if one["status"] == "booked" and any(p["actor"]["reference"] == me for p in one["participant"])
    ]


async def hold_first(visit: Visit) -> None:
    """Press the first free time of the list."""
    await visit.tap(first(visit, "booking.slot"))
    visit.check("booking.confirming")


async def test_services_say_whether_one_can_book(county: County) -> None:
    visit = await county.signed_in("tuomas", "/appointments/find")

    async for _ in visit.languages():
        visit.check("booking.services")
        assert visit.says("booking.open")
        assert visit.says("booking.needs_basis")
    await visit.type("booking.search", "hammas")
    assert "Suun terveydenhuolto" in visit.texts
    await visit.type("booking.search", "avaruusalus")
    assert visit.has("booking.none")


async def test_what_needs_a_referral_says_who_gives_it_and_lets_one_ask(county: County) -> None:
    visit = await county.signed_in("tuomas", "/appointments/find/unihoitaja")
    async for _ in visit.languages():
        visit.check("booking")
        assert visit.says("booking.needs_basis")
    await visit.tap("booking.ask")

    visit.check("messages.compose")
    assert any("Unihoitaja" in field.value for field in visit.find(ft.TextField))


async def test_a_ticket_opens_the_service(county: County) -> None:
    visit = await county.signed_in("petri")
    assert visit.has("home.ticket")
    await visit.tap("home.ticket")
    await hold_first(visit)
    await visit.tap("booking.confirm")

    assert len(booked(county, "petri")) == 1
    await visit.go("/")
    assert not visit.has("home.ticket")


async def test_find_hold_and_book(county: County) -> None:
    visit = await county.signed_in("tuomas", STATION)
    visit.check("booking")
    assert visit.has("booking.count")
    await hold_first(visit)
    async for _ in visit.languages():
        visit.check("booking.confirming")
        assert visit.says("booking.held", m=5, s="00")
    await visit.type("booking.reason", "Selkä")
    await visit.tap("booking.confirm")
    async for _ in visit.languages():
        visit.check("booking.done")
        assert visit.says("booking.done")

    (one,) = booked(county, "tuomas")
    assert one["reasonCode"][0]["text"] == "Selkä"
    await visit.go("/appointments")
    assert visit.has("appointments.card")


async def test_wishes_narrow_and_stay(county: County) -> None:
    visit = await county.signed_in("tuomas", STATION)
    every = len(visit.own.booking.fitting())
    await visit.tap("booking.wishes")
    await visit.tap("booking.mode")
    await visit.tap("booking.mode:video")
    await visit.tap("booking.part")
    await visit.tap("booking.part:afternoon")

    found = visit.own.booking.fitting()
    assert 0 < len(found) < every
    assert {time.mode for time in found} == {Mode.VIDEO}
    await visit.tap("booking.part")
    await visit.tap("booking.part:evening")
    async for _ in visit.languages():
        visit.check("booking")
        assert visit.says("booking.none_fit")
    await visit.tap("booking.clear")
    assert visit.own.booking.filters.count == 0
    assert len(visit.own.booking.fitting()) == every


async def test_a_week_says_the_same(county: County) -> None:
    visit = await county.signed_in("tuomas", STATION)
    await visit.choose("booking.view", "week")
    visit.check("booking")
    assert visit.has("booking.week")
    before = visit.own.booking.shown_week()
    await visit.tap("booking.week-after")
    assert (visit.own.booking.shown_week() - before).days == 7
    visit.check("booking")
    await visit.tap(first(visit, "booking.slot"))
    visit.check("booking.confirming")


async def test_a_time_that_somebody_else_took(county: County) -> None:
    """The nearest ones, and the wishes as they were."""
    visit = await county.signed_in("tuomas", STATION)
    visit.own.booking.filter(part=PartOfDay.MORNING)
    await visit.settle()
    slot = visit.own.booking.fitting()[0]
    county.platform.repository.update(
        "Slot", slot.id, county.platform.repository.read("Slot", slot.id) | {"status": "busy"}
    )
    await visit.tap(first(visit, "booking.slot"))

    async for _ in visit.languages():
        visit.check("booking")
        assert visit.says("booking.lost")
        assert visit.has("booking.nearest")
    assert visit.own.booking.filters.part is PartOfDay.MORNING
    assert slot not in visit.own.booking.fitting()


async def test_a_hold_that_runs_out(county: County) -> None:
    visit = await county.signed_in("tuomas", STATION)
    await hold_first(visit)
    county.clock.move(minutes=4, seconds=30)
    county.timers.fire()
    await visit.settle()
    assert visit.says("booking.hurry")
    county.clock.move(minutes=1)
    county.timers.fire()
    await visit.settle()

    async for _ in visit.languages():
        visit.check("booking.confirming")
        assert visit.says("booking.hold_ended")
    assert booked(county, "tuomas") == []


async def test_choosing_another_time_lets_the_first_go(county: County) -> None:
    visit = await county.signed_in("tuomas", STATION)
    await hold_first(visit)
    held = visit.own.booking.time
    assert held is not None
    await visit.tap("booking.other")

    assert county.platform.repository.read("Slot", held.id)["status"] == "free"
    visit.check("booking")


async def test_without_a_connection_it_says_so_at_once(county: County) -> None:
    """Booking never waits; there is the telephone."""
    visit = await county.signed_in("tuomas", STATION)
    await county.offline()
    await visit.look_again()
    await visit.tap(first(visit, "booking.slot"))

    async for _ in visit.languages():
        visit.check("booking")
        assert visit.says("booking.offline")
        assert visit.has("call.terveysasema")
    assert visit.own.outbox.waiting() == 0


async def test_a_double_tap_is_one_booking(county: County) -> None:
    visit = await county.signed_in("tuomas", STATION)
    await hold_first(visit)
    confirm = visit.own.booking.confirm
    await asyncio.gather(confirm.run("", ()), confirm.run("", ()), confirm.run("", ()))

    assert len(booked(county, "tuomas")) == 1


async def test_two_devices_get_one_time(county: County) -> None:
    """The hold goes with the device that pressed last; the other is told that the time is gone."""
    phone, laptop = await county.signed_in("tuomas", STATION), await county.signed_in("tuomas", STATION)
    await phone.tap(first(phone, "booking.slot"))
    await laptop.tap(first(laptop, "booking.slot"))
    await phone.tap("booking.confirm")
    assert phone.has("booking.lost")
    await laptop.tap("booking.confirm")
    assert laptop.says("booking.done")

    assert len(booked(county, "tuomas")) == 1


@pytest.mark.parametrize("operation", ["$hold", "$book"])
async def test_a_lost_answer_is_one_booking(county: County, operation: str) -> None:
    """The request arrives, its answer does not: what became of it is read, not guessed."""
    visit = await county.signed_in("tuomas", STATION)
    await county.fault("drop-after", rf"/fhir/Appointment/\{operation}", times=1)
    await hold_first(visit)
    await visit.tap("booking.confirm")

    assert visit.says("booking.done")
    assert len(booked(county, "tuomas")) == 1


async def test_when_nothing_can_be_found_out_it_says_so_until_it_can(county: County) -> None:
    visit = await county.signed_in("tuomas", STATION)
    await hold_first(visit)
    await county.fault("drop-after", r"/fhir/Appointment/\$book", times=2)
    await county.fault("drop-before", "/fhir/Appointment/0", times=1)
    await visit.tap("booking.confirm")
    async for _ in visit.languages():
        visit.check("booking.confirming")
        assert visit.says("booking.doubt")
    await visit.go(STATION)
    await visit.own.booking.hold.run(visit.own.booking.fitting()[0])
    assert visit.own.booking.hold.status is Status.FAILED
    await visit.go("/appointments")
    visit.check("appointments")
    if visit.has("booking.settle"):
        await visit.tap("booking.settle")

    assert not visit.has("booking.doubt")
    assert len(booked(county, "tuomas")) == 1


async def test_moving_keeps_the_old_until_the_new_is_booked(county: County) -> None:
    visit = await county.signed_in("aino")
    old = next(one for one in visit.own.appointments.upcoming() if one.service_id == "suun-terveydenhuolto")
    await visit.go(f"/appointments/{old.id}/move")
    visit.check("booking")
    assert visit.has("booking.moving")
    await hold_first(visit)
    assert county.platform.repository.read("Appointment", old.id)["status"] == "booked"
    await visit.tap("booking.confirm")

    assert visit.says("booking.done")
    assert county.platform.repository.read("Appointment", old.id)["status"] == "cancelled"
    assert len([one for one in visit.own.appointments.upcoming() if one.service_id == old.service_id]) == 1


async def test_moving_that_fails_leaves_the_old(county: County) -> None:
    visit = await county.signed_in("aino")
    old = next(one for one in visit.own.appointments.upcoming() if one.service_id == "suun-terveydenhuolto")
    await visit.go(f"/appointments/{old.id}/move")
    await hold_first(visit)
    await county.fault("status", r"/fhir/Appointment/\$book", status=422)
    await visit.tap("booking.confirm")

    async for _ in visit.languages():
        visit.check("booking.confirming")
        assert visit.says("booking.as_before")
    assert county.platform.repository.read("Appointment", old.id)["status"] == "booked"


async def test_a_server_without_the_operations(county: County) -> None:
    """Plain slots and appointments: nothing is held, and that is said; the rest is the same."""
    await county.tester("PUT", "temper", {"temper": "plain"})
    visit = await county.signed_in("tuomas", STATION)
    await hold_first(visit)
    assert visit.says("booking.not_held")
    await visit.tap("booking.confirm")

    assert visit.says("booking.done")
    assert len(booked(county, "tuomas")) == 1


async def test_moving_on_such_a_server(county: County) -> None:
    """The new one first, then the old one is cancelled; where that fails, both are named."""
    await county.tester("PUT", "temper", {"temper": "plain"})
    visit = await county.signed_in("aino")
    old = next(one for one in visit.own.appointments.upcoming() if one.service_id == "suun-terveydenhuolto")
    await visit.go(f"/appointments/{old.id}/move")
    await hold_first(visit)
    await county.fault("status", f"/fhir/Appointment/{old.id}", method="PUT", status=503)
    await visit.tap("booking.confirm")

    async for _ in visit.languages():
        visit.check("booking.done")
        assert visit.says("booking.kept_old")


async def test_nobody_is_in_two_places_at_once(county: County) -> None:
    """The app says which appointment is in the way, and nothing is held."""
    visit = await county.signed_in("aino", "/appointments/find/terveysasema")
    mine = visit.own.appointments.upcoming()[0]
    times = visit.own.booking.fitting()
    assert mine.starts is not None
    at_once = next((time for time in times if mine.overlaps(time.starts, time.ends)), None)
    assert at_once is not None, "the seed has such a time"
    await visit.own.booking.hold.run(at_once)
    await visit.settle()

    async for _ in visit.languages():
        visit.check("booking")
        assert visit.has("booking.clash")
    assert county.platform.repository.read("Slot", at_once.id)["status"] == "free"
