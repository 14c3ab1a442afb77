"""Practice mode, the first run, the accessibility statement and the terms (rows S37 to S39)."""

import re

import pytest

from app.api.practice import moved_to
from app.assets import asset
from app.bootstrap.practice import PEOPLE
from app.stores.practice import EXERCISES
from tests.views.examples import County, Visit


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
