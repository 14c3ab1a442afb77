"""Practice mode, the first run, the accessibility statement and the terms (rows S37 to S39)."""

import re
from typing import Any

import pytest

from app.api.practice import moved_to
from app.assets import asset
from app.bootstrap.practice import PEOPLE
from app.stores.practice import EXERCISES
from tests.views.examples import County, Visit, first
from tests.views.test_compose import picture


async def practising(county: County, person: str = "emma") -> Visit:
    """A visit that practises as ``person``."""
    visit = await county.open("/practice")
    visit.check("practice")
    await visit.tap(f"practice.as.{person}")
    return visit


async def test_practising_needs_no_network_and_is_marked_on_every_screen(county: County) -> None:
    visit = await county.open("/practice")
    await county.offline()
    before = len(county.wire.seen)
    await visit.tap("practice.as.emma")
    for route in (
        "/practice",
        "/",
        "/messages",
        "/services",
        "/pathways",
        "/pathways/pregnancy",
        "/settings",
    ):
        await visit.go(route)
        assert visit.has("practice-banner"), route
        visit.check()
    assert len(county.wire.seen) == before


async def test_a_message_is_answered_and_nothing_reaches_the_platform(county: County) -> None:
    visit = await practising(county, "raija")
    await visit.write_to("Terveysaseman hoitaja", "Harjoitus", "Kokeilen viestiä.")
    await visit.tap("messages.send")
    inside = visit.stores.practice
    assert inside is not None
    assert inside.inside is not None
    own = inside.inside[1].session.own
    await own.sync.sync_once()
    await visit.settle()
    thread = next(one for one in own.messages.threads.value if one.subject == "Harjoitus")
    assert len(thread.messages) == 2
    assert not any("Kokeilen" in str(one) for one in county.all("Communication"))


async def served(visit: Visit) -> Any:
    """The stores of the session that is played, after a round of syncing."""
    inside = visit.stores.practice
    assert inside is not None
    assert inside.inside is not None
    stores = inside.inside[1]
    await stores.session.own.sync.sync_once()
    await visit.settle()
    return stores


async def test_a_time_is_booked_seen_and_cancelled(county: County) -> None:
    visit = await practising(county, "petri")
    await visit.go("/practice")
    await visit.tap("practice.go.appointment")
    visit.check("booking.services")
    await visit.press("Terveysaseman hoitaja")
    await visit.tap(first(visit, "booking.slot"))
    visit.check("booking.confirming")
    await visit.tap("booking.confirm")
    visit.check("booking.done")
    own = (await served(visit)).session.own
    mine = [one for one in own.appointments.all.value if one.service_id == "terveysasema"]
    booked = [one for one in mine if one.state.value == "booked"]
    assert booked
    one = booked[-1]
    await visit.go(f"/appointments/{one.id}/cancel")
    visit.check("appointment.cancelling")
    await visit.tap("appointment.cancel-now")
    assert visit.says("appointments.cancelled")
    own = (await served(visit)).session.own
    after = next(kept for kept in own.appointments.all.value if kept.id == one.id)
    assert after.state.value == "cancelled"


async def test_the_exercises_of_message_form_and_pathway_can_be_finished(county: County) -> None:
    """With a file in the message, which can be opened again."""
    visit = await practising(county, "raija")
    data = picture()
    visit.client.answers["pick_files"] = [
        {"id": 0, "name": "kuva.jpg", "size": len(data), "path": None, "bytes": data}
    ]
    await visit.write_to("Terveysaseman hoitaja", "Harjoitus", "Kokeilen viestiä.")
    await visit.tap("messages.attach")
    await visit.tap("messages.send")
    own = (await served(visit)).session.own
    thread = next(one for one in own.messages.threads.value if one.subject == "Harjoitus")
    await visit.go(f"/messages/thread/{thread.id}")
    assert visit.says("practice.answer")
    await visit.tap("messages.attachment")
    visit.check("messages.conversation")
    await visit.go("/forms")
    await visit.tap(first(visit, "forms.card"))
    await visit.choose("forms.style", "all")
    await visit.tap("forms.start")
    visit.check("forms.questions")
    await visit.go("/pathways/sleep")
    await visit.tap("pathway.start")
    await visit.go("/pathways/sleep/step/why-sleep")
    await visit.tap("pathway.done")
    await visit.tap("pathway.undo")
    await visit.tap("pathway.skip")
    await served(visit)
    assert visit.has("pathway.marked")


async def test_a_form_is_sent_and_received_without_a_network(county: County) -> None:
    visit = await county.open("/practice")
    await county.offline()
    await visit.tap("practice.as.raija")
    await visit.go("/forms/fill/feedback")
    await visit.choose("forms.style", "one")
    await visit.tap("forms.start")
    await visit.choose("forms.item:about", "0")
    await visit.tap("forms.next")
    await visit.type("forms.item:recommend", "9")
    while visit.has("forms.next"):
        await visit.tap("forms.next")
    visit.check("forms.review")
    await visit.tap("forms.send")
    await served(visit)
    visit.check("forms.answered")
    assert visit.says("ledger.sent")


async def test_a_chat_is_played_from_the_queue_to_what_was_agreed(county: County) -> None:
    """Without a network; the clinic says that it is practice, and every screen is marked."""
    visit = await county.open("/practice")
    await county.offline()
    await visit.tap("practice.as.petri")
    await visit.go("/chat/new/digiklinikka")
    await visit.choose("chat.whose", "me")
    await visit.type("chat.text", "Harjoittelen chattia.")
    await visit.tap("chat.join")
    await served(visit)
    assert visit.says("chat.queue.place", place=1)
    await later(visit, 7)
    assert visit.says("practice.chat.hello")
    for words in ("practice.chat.more", "practice.chat.advice"):
        await visit.type("chat.body", "Selvä.")
        await visit.tap("chat.send")
        await later(visit, 5)
        assert visit.says(words)
        visit.check("chat.room")
        assert visit.has("practice-banner")
    await later(visit, 9)
    assert visit.t("practice.chat.agreed") in visit.within("chat.agreed")
    assert not visit.has("chat.body")
    await visit.go("/ombudsman")
    visit.check()
    assert visit.has("practice-banner")


async def later(visit: Visit, seconds: float) -> None:
    """What was written has gone, time passes, and the app looks again."""
    await served(visit)
    await visit.move(seconds=seconds)
    await served(visit)


async def test_every_form_of_practice_opens_and_says_what_it_lacks(county: County) -> None:
    """Value sets that only a server has are answered by the practice's own one, or in one's own words."""
    visit = await practising(county, "emma")
    own = (await served(visit)).session.own
    assert own.forms.catalogue.value
    for card in own.forms.catalogue.value:
        await visit.go(f"/forms/fill/{card.id}")
        visit.check("forms.form")


async def test_exercises_are_ticked_and_leaving_goes_back_to_the_real_app(county: County) -> None:
    visit = await practising(county, "petri")
    await visit.go("/practice")
    await visit.choose("practice.tick.message", True)
    assert visit.says("practice.tried", n=1, total=len(EXERCISES))
    async for _ in visit.languages():
        visit.check("practice")
    await visit.tap("practice.leave")
    assert not visit.has("practice-banner")
    visit.check("welcome")
    assert visit.stores.session.own is None


def test_all_people_there_are_can_be_chosen() -> None:
    assert {path.stem for path in asset("practice").glob("*.json")} == {*PEOPLE, "common"}


@pytest.mark.parametrize("person", PEOPLE)
async def test_every_person_can_be_played(county: County, person: str) -> None:
    visit = await practising(county, person)
    await visit.go("/")
    visit.check("home")
    assert visit.says("home.what_do_you_need")


async def test_after_practising_choices_are_the_resident_s_alone(county: County) -> None:
    """What was played is over: another language is no business of its closed store."""
    visit = await practising(county)
    await visit.tap("practice.leave")
    async for _ in visit.languages():
        visit.check()
        assert not visit.has("fault")


async def test_the_first_run_is_three_screens_that_can_be_skipped(county: County) -> None:
    visit = await county.open("/first-run")
    for _ in range(2):
        async for _ in visit.languages():
            visit.check("first-run")
        await visit.tap("firstrun.next")
    visit.check("first-run")
    await visit.tap("firstrun.next")
    visit.check("welcome")
    await visit.tap("welcome.first-run")
    await visit.tap("firstrun.skip")
    visit.check("welcome")


async def test_statement_and_terms_in_every_language(county: County) -> None:
    visit = await county.open("/settings")
    await visit.tap("settings.accessibility")
    async for _ in visit.languages():
        visit.check("accessibility")
        assert any(re.search(r"\b14\b", words) for words in visit.within("accessibility.tell"))
    await visit.go("/terms")
    async for _ in visit.languages():
        visit.check("terms")


def test_days_move_by_whole_weeks_so_that_weekdays_stay() -> None:
    from datetime import date

    told = '{"on": "2026-11-23", "start": "2026-11-24T09:00:00+02:00", "birthDate": "1995-01-02"}'
    moved = moved_to(told, date(2026, 11, 23), date(2027, 3, 3))
    assert '"2027-03-02T09:00:00+02:00"' in moved
    assert '"1995-01-02"' in moved
