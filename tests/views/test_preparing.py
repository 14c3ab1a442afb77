"""Preparing for an appointment: questions, checklist, forms, needs, calendar, the way into a video visit."""

from typing import Any

import icalendar
import pytest

from app.views import calendar_export
from backend_stub.booking import profile
from tests.views.appointments import of
from tests.views.examples import County

EXT = "https://digiklinikka.example/fhir/StructureDefinition/"


async def test_own_questions_stay_here_until_they_are_sent(county: County) -> None:
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await visit.go(f"/appointments/{id}")
    await visit.type("appointment.question", "Saako heti syödä?")
    await visit.tap("appointment.add-question")
    assert "1. Saako heti syödä?" in visit.texts
    assert not profile.get(county.platform.repository.read("Appointment", id), "question")

    await visit.tap("appointment.send-questions")
    sent = profile.get(county.platform.repository.read("Appointment", id), "question")
    assert sent["valueString"] == "Saako heti syödä?"
    assert visit.has("appointment.questions-sent")


async def test_the_checklist_is_kept(county: County) -> None:
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    one = visit.own.appointments.get(id)
    assert one is not None
    visit.own.appointments.keep(id, ticked=one.preparation[:1])
    await visit.go(f"/appointments/{id}")

    assert visit.own.appointments.own(id).ticked == one.preparation[:1]
    visit.check("appointment")


async def test_the_calendar_file_replaces_itself_and_keeps_quiet(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same UID and a higher sequence; "Oma meno" unless the resident wants more."""
    saved: list[bytes] = []

    async def save(_: str, data: bytes) -> None:
        saved.append(data)

    monkeypatch.setattr(calendar_export, "save_file", save)
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await visit.go(f"/appointments/{id}")
    await visit.tap("calendar.save")
    await visit.choose("calendar.level", "full")
    await visit.tap("calendar.save")
    quiet, full = (_event(data) for data in saved)

    assert str(quiet["uid"]) == str(full["uid"]) == f"{id}@digiklinikka"
    assert str(quiet["summary"]) == "Oma meno"
    assert "location" not in quiet
    assert "Tiina" in str(full["description"])
    assert len(full.walk("VALARM")) == 2


def _event(data: bytes) -> Any:
    return next(iter(icalendar.Calendar.from_ical(data).walk("VEVENT")))


async def test_home_says_what_comes_next_and_reminds(county: County) -> None:
    visit = await county.signed_in("antti")
    await visit.move(hours=2)
    await visit.go("/appointments")
    await visit.go("/")

    async for _ in visit.languages():
        visit.check("home")
        assert visit.says("home.reminder")
    await visit.tap("home.snooze")
    assert not visit.has("home.reminder")
    await visit.move(hours=3)
    await visit.go("/appointments")
    await visit.go("/")
    await visit.tap("home.reminded")
    assert not visit.has("home.reminder")
    assert visit.has("home.appointment")


async def test_forms_of_this_visit_are_a_tap_away(county: County) -> None:
    """Those that prepare for it, not every open form; once filled in, that is said."""
    visit = await county.signed_in("aino", "/appointments")
    mine = next(one for one in visit.own.forms.sent.value or () if one.appointment_id)
    others = [one.id for one in visit.own.appointments.upcoming() if one.id != mine.appointment_id]
    await visit.go(f"/appointments/{others[0]}")
    assert not visit.has("appointment.form")
    await visit.go(f"/appointments/{mine.appointment_id}")
    async for _ in visit.languages():
        visit.check("appointment")
        assert visit.identifiers.count("appointment.form") == 1
        assert visit.says("calendar.reminds")
    await visit.tap("appointment.form")
    visit.check("forms.form")
    task = county.platform.repository.read("Task", mine.id)
    county.platform.repository.update("Task", mine.id, task | {"status": "completed"})
    await visit.go(f"/appointments/{mine.appointment_id}")
    await visit.look_again()
    assert visit.says("appointments.form_done")


async def test_needs_are_said_once(county: County) -> None:
    """Own particulars and bookings read the same, also without a connection; the platform gets it when there is one."""
    visit = await county.signed_in("aino", "/appointments/needs")
    await county.offline()
    async for _ in visit.languages():
        visit.check("me.needs")
    await visit.choose("me.need.step-free", True)
    await visit.type("me.needs.other", "Tuoksuyliherkkyys")
    await visit.tap("me.needs.save")
    assert visit.own.appointments.needs.codes() == ("step-free", "other:Tuoksuyliherkkyys")
    await visit.go("/me")
    assert any("Tuoksuyliherkkyys" in words for words in visit.texts)
    await county.offline(False)
    await visit.move(minutes=5)
    await visit.look_again()
    patient = county.platform.repository.read("Patient", county.patient("aino"))
    assert "Tuoksuyliherkkyys" in str(patient["communication"])


async def test_needs_kept_by_an_earlier_version_are_moved(county: County) -> None:
    """Out of the device's own notes into the particulars, once, and nothing else of the notes changes."""
    visit = await county.signed_in("daniel")
    store = visit.own.store
    kept = {"about": {"x": {"questions": ["Miksi?"]}}, "needs": {"hearing": True, "other": "Hitaasti"}}
    store.remember("appointments", kept)
    visit.own.me._moved = False  # as after a restart
    visit.own.me.refresh()
    await visit.look_again()
    assert visit.own.appointments.needs.codes() == ("hearing", "other:Hitaasti")
    assert store.recall("appointments") == {
        "about": {"x": {"questions": ["Miksi?"], "ticked": [], "quiet_until": None, "done": False}},
        "needs": {},
    }
    patient = county.platform.repository.read("Patient", county.patient("daniel"))
    assert str(patient["communication"]).count("Hitaasti") == 1


async def test_the_waiting_room_of_a_video_visit(county: County) -> None:
    """Live state, own questions, the personal way in, the telephone; over and cancelled are told."""
    visit = await county.signed_in("emma")
    id = of(visit, "aitiysneuvola")
    async for _ in visit.languages():
        visit.check("home")
        assert visit.says("video.open_bar")
    await visit.tap("video.return")
    async for _ in visit.languages():
        visit.check("video")
        assert visit.says("video.waiting")
        assert visit.has("call.aitiysneuvola")
    assert "/visit/" in visit.own.appointments.visit_address(id)
    assert "#" in visit.own.appointments.visit_address(id)

    diary = county.platform.diary
    diary.change(id, "johanna", {"url": EXT + "delay", "valueInteger": 10})
    await visit.look_again()
    assert visit.says("video.late", n=10)
    diary.change(id, "johanna", {"url": EXT + "visit-state", "valueCode": "started"})
    await visit.look_again()
    async for _ in visit.languages():
        visit.check("video")
        assert visit.says("video.started")
        assert visit.says("video.return")
    await visit.go("/services")
    visit.check("services")
    assert visit.says("video.return_bar")
    await visit.tap("video.return")
    diary.cancel(county.platform.repository.read("Appointment", id), "johanna")
    await visit.look_again()
    async for _ in visit.languages():
        visit.check("video")
        assert visit.says("video.cancelled")
    assert not visit.has("video.join")


async def test_a_visit_that_is_not_open_yet(county: County) -> None:
    visit = await county.signed_in("noora")
    id = of(visit, "mielenterveys-ja-paihteet")
    await visit.go(f"/appointments/{id}")
    await visit.tap("video.prepare")
    async for _ in visit.languages():
        visit.check("video")
        assert visit.has("video.test")
    assert not visit.has("video.join")


async def test_a_link_of_another_server_opens_as_it_is(county: County) -> None:
    """Any virtualService address: Jitsi or other."""
    await county.tester("PUT", "temper", {"temper": "plain"})
    visit = await county.signed_in("emma")
    id = of(visit, "aitiysneuvola")
    link = profile.virtual_service("https://meet.example/room-1")
    county.platform.diary.change(id, "clinic", link)
    await visit.look_again()
    await visit.go(f"/appointments/{id}/video")

    assert visit.own.appointments.visit_address(id) == "https://meet.example/room-1"
    assert visit.has("video.join")
