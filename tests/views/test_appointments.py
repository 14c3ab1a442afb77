"""Appointments: what is coming and what has been, one of them, preparing, cancelling, offers (C1, C3, C6-C12)."""

from typing import Any

import icalendar
import pytest

from app.domain.appointments import Appointment, State
from app.views import calendar_export
from backend_stub.booking import profile
from tests.views.examples import LANGUAGES, County, Visit, first

every_language = pytest.mark.parametrize("language", LANGUAGES)


def of(visit: Visit, service: str) -> str:
    """The id of the resident's coming appointment with a service."""
    return next(one.id for one in visit.own.appointments.upcoming() if one.service_id == service)


async def test_the_list_tells_everything_of_each(county: County) -> None:
    """What, when, how long, where or how, who, cost, preparation; and where it stands."""
    visit = await county.signed_in("aino", "/appointments")

    async for _ in visit.languages():
        visit.check("appointments")
        card = visit.name(first(visit, "appointments.card"))
        for words in ("45", "Tiina Rantanen", "13,20"):
            assert words in card or words.replace(",", ".") in card, card
        assert visit.says("appointments.state.booked")
        assert visit.says("appointments.past", n=3)
        assert visit.has("appointments.ticket")


async def test_nothing_there(county: County) -> None:
    """Who has nothing is told so, and can book."""
    visit = await county.signed_in("tuomas", "/appointments")

    async for _ in visit.languages():
        visit.check("appointments")
        assert visit.says("appointments.none")
    assert not visit.has("appointments.past")


async def test_without_a_connection_the_last_known_list_stays(county: County) -> None:
    """Also where to go and how to find in."""
    visit = await county.signed_in("aino", "/appointments")
    await county.offline()
    await visit.go(f"/appointments/{of(visit, 'suun-terveydenhuolto')}")

    visit.check("appointment")
    assert "Esimerkkikatu 3, 15110 Lahti" in visit.texts
    assert "Käynti sisäpihalta, 2. kerros." in visit.texts


async def test_what_is_not_known_is_said_to_be_not_known(county: County) -> None:
    """A server that tells next to nothing."""
    patient = county.patient("tuomas")
    county.platform.repository.create(
        {
            "resourceType": "Appointment",
            "status": "booked",
            "start": "2026-11-25T08:00:00Z",
            "participant": [{"actor": {"reference": f"Patient/{patient}"}, "status": "accepted"}],
        }
    )
    visit = await county.signed_in("tuomas", "/appointments")

    async for _ in visit.languages():
        visit.check("appointments")
        card = " ".join(visit.within("appointments.card"))
        assert visit.t("common.not_known").lower() in card.lower() or "emme tiedä" in card
    await visit.tap("appointments.card")
    visit.check("appointment")


async def test_an_appointment_that_is_not_there(county: County) -> None:
    """An old address, or somebody else's appointment."""
    other = await county.signed_in("raija")
    theirs = of(other, "diabeteshoitaja")
    visit = await county.signed_in("aino", f"/appointments/{theirs}")

    async for _ in visit.languages():
        visit.check("appointment")
        assert visit.says("appointments.not_found")


async def test_cancelling_with_its_rule_and_its_receipt(county: County) -> None:
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await visit.go(f"/appointments/{id}/cancel")
    async for _ in visit.languages():
        visit.check("appointment.cancelling")
    assert any("56,7" in words for words in visit.texts)
    visit.choices.choose("language", "fi")
    await visit.settle()
    await visit.choose("appointment.why", "ill")
    await visit.tap("appointment.cancel-now")

    assert county.platform.repository.read("Appointment", id)["status"] == "cancelled"
    assert county.platform.repository.read("Appointment", id)["cancelationReason"]["text"] == "Olen sairaana"
    async for _ in visit.languages():
        visit.check("appointment.cancelling")
        assert visit.says("appointments.cancelled")
    await visit.go("/appointments")
    assert "Suun tarkastus ja hoito" not in " ".join(visit.within("appointments.list"))


async def test_past_the_deadline_there_is_the_telephone(county: County) -> None:
    """No dead button: why not, and what to do instead."""
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await visit.go(f"/appointments/{id}")
    await visit.move(days=2, hours=12)

    await visit.go("/")
    await visit.go(f"/appointments/{id}")
    async for _ in visit.languages():
        visit.check("appointment")
        assert visit.says("appointments.change_by_phone")
        assert visit.has("call.suun-terveydenhuolto")
    assert not visit.has("appointment.cancel")
    assert not visit.has("appointment.move")


async def test_cancelling_without_a_connection_says_so_at_once(county: County) -> None:
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await county.offline()
    await visit.look_again()
    await visit.go(f"/appointments/{id}/cancel")
    await visit.tap("appointment.cancel-now")

    async for _ in visit.languages():
        visit.check("appointment.cancelling")
        assert visit.says("booking.offline")
        assert visit.has("call.suun-terveydenhuolto")
    assert county.platform.repository.read("Appointment", id)["status"] == "booked"


async def test_a_lost_answer_to_cancelling_is_settled_by_reading(county: County) -> None:
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await visit.go(f"/appointments/{id}/cancel")
    await county.fault("drop-after", "/fhir/Appointment/", method="PUT", times=1)
    await visit.tap("appointment.cancel-now")

    assert visit.says("appointments.cancelled")
    assert county.platform.repository.read("Appointment", id)["status"] == "cancelled"


async def test_checking_in_is_there_in_its_time_only(county: County) -> None:
    """Repeated taps are harmless; then where to sit."""
    visit = await county.signed_in("daniel")
    id = of(visit, "terveysasema")
    await visit.go(f"/appointments/{id}")
    async for _ in visit.languages():
        visit.check("appointment")
        assert visit.says("appointments.arriving")
    await visit.tap("appointment.check-in")
    visit.check("appointment")
    assert visit.says("appointments.checked_in")
    await visit.own.appointments.check_in.run(id)
    assert county.platform.repository.read("Appointment", id)["status"] == "checked-in"


async def test_too_early_it_says_from_when(county: County) -> None:
    visit = await county.signed_in("aino")
    await visit.go(f"/appointments/{of(visit, 'suun-terveydenhuolto')}")

    assert not visit.has("appointment.check-in")
    assert any("Voit ilmoittautua tässä" in words for words in visit.texts)


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


async def test_the_waiting_list_keeps_the_time(county: County) -> None:
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await visit.go(f"/appointments/{id}")
    await visit.tap("appointment.wait")
    async for _ in visit.languages():
        visit.check("appointment")
        assert visit.says("appointments.waiting")
    assert county.platform.repository.read("Appointment", id)["status"] == "booked"
    await visit.tap("appointment.stop-waiting")
    assert not visit.has("appointment.waiting")


async def test_an_offer_is_taken_before_the_old_one_is_let_go(county: County) -> None:
    visit = await county.signed_in("raija", "/appointments")
    old = of(visit, "diabeteshoitaja")
    async for _ in visit.languages():
        visit.check("appointments")
        assert visit.has("appointments.offer")
    await visit.tap("appointments.accept")

    statuses = {one["id"]: one["status"] for one in county.all("Appointment")}
    assert statuses[old] == "cancelled"
    assert [one.state for one in visit.own.appointments.upcoming()] == [State.BOOKED]
    assert not visit.has("appointments.offer")


async def test_an_offer_that_is_left(county: County) -> None:
    visit = await county.signed_in("raija", "/appointments")
    old = of(visit, "diabeteshoitaja")
    await visit.tap("appointments.decline")

    assert not visit.has("appointments.offer")
    assert visit.own.appointments.waits_for(old) is not None
    assert county.platform.repository.read("Appointment", old)["status"] == "booked"


async def test_an_offer_ends(county: County) -> None:
    """After its time it is not shown any more; nothing else has changed."""
    visit = await county.signed_in("raija", "/appointments")
    await visit.move(hours=15)
    await visit.go("/")
    await visit.go("/appointments")

    assert not visit.has("appointments.offer")


async def test_a_referral_shows_where_it_is(county: County) -> None:
    visit = await county.signed_in("mikko", "/appointments")

    async for _ in visit.languages():
        visit.check("appointments")
        assert visit.says("appointments.step.now", step=visit.t("appointments.step.queued"))
        assert visit.says("appointments.step.next", step=visit.t("appointments.step.offered"))


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


def known(visit: Visit) -> tuple[Appointment, ...]:
    """All appointments on the device."""
    return visit.own.appointments.all.value or ()


async def test_a_source_that_fails_is_a_named_gap(county: County) -> None:
    """The list is never shown as whole then; there is the telephone (row C14)."""
    source = county.platform.repository.read("Endpoint", "suu")
    county.platform.repository.update("Endpoint", "suu", source | {"status": "error"})
    visit = await county.signed_in("aino", "/appointments")

    async for language in visit.languages():
        visit.check("appointments")
        name = {"sv": "Munhälsovårdens tidsbokning", "en": "Booking of oral health care"}.get(
            language, "Suun terveydenhuollon ajanvaraus"
        )
        assert visit.says("appointments.gap", name=name)
        assert visit.has("appointments.gap-call")
        assert not any("Suun tarkastus" in words for words in visit.texts)
    county.platform.repository.update("Endpoint", "suu", source)
    await visit.look_again()
    assert not visit.has("appointments.gap")
    assert any(one.service_id == "suun-terveydenhuolto" for one in known(visit))


async def test_what_a_failing_source_told_before_stays(county: County) -> None:
    """Known appointments are not forgotten while their source is silent, and what changed there meanwhile comes."""
    visit = await county.signed_in("aino", "/appointments")
    before = {one.id for one in known(visit)}
    source = county.platform.repository.read("Endpoint", "suu")
    county.platform.repository.update("Endpoint", "suu", source | {"status": "error"})
    tooth = of(visit, "suun-terveydenhuolto")
    body = county.platform.repository.read("Appointment", tooth)
    county.platform.repository.update("Appointment", tooth, body | {"description": "Hammaskiven poisto"})
    await visit.move(days=1)
    await visit.look_again()
    assert {one.id for one in known(visit)} == before
    assert visit.has("appointments.gap")
    county.platform.repository.update("Endpoint", "suu", source)
    await visit.move(minutes=30)
    await visit.look_again()
    assert any(one.what == "Hammaskiven poisto" for one in known(visit))


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


EXT = "https://digiklinikka.example/fhir/StructureDefinition/"
