"""Pathways of a team or another system, and goals: what the resident may change, and what the team sees."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.pathways.library import Library
from tests.bench.pathways import long_one
from tests.views.examples import County, first
from tests.views.on_pathways import begin, own_plans, step


async def test_a_plan_of_a_team_is_ticked_and_written_in_and_the_team_sees_it(county: County) -> None:
    petri = await county.signed_in("petri", "/pathways/sleep-apnoea")
    petri.check("pathway")
    assert petri.has("pathway.today")
    async for _ in petri.languages():
        petri.check("pathway")
    journey = petri.stores.pathways.journeys.on("sleep-apnoea")
    assert journey is not None
    assert journey.by_team
    _, _, turn = petri.stores.pathways.tasks_today()[0]
    await step(petri, turn.key, "sleep-apnoea")
    await petri.type("pathway.note", "Maski hiertää nenää.")
    await petri.tap("pathway.note.save")
    await petri.tap("pathway.done")
    await petri.look_again()
    task = county.platform.repository.read("Task", journey.tasks[turn.key])
    assert task["status"] == "completed"
    assert task["note"][0]["text"] == "Maski hiertää nenää."
    await petri.tap("pathway.undo")
    await petri.look_again()
    assert county.platform.repository.read("Task", journey.tasks[turn.key])["status"] == "requested"


def aims(county: County, who: str) -> dict[str, dict[str, Any]]:
    """The goals of a resident, by their words."""
    mine = f"Patient/{county.patient(who)}"
    return {
        one["description"]["text"]: one for one in county.all("Goal") if one["subject"]["reference"] == mine
    }


async def test_own_goals_stand_beside_the_teams_and_are_written_without_a_network(county: County) -> None:
    emma = await county.signed_in("emma", "/pathways/pregnancy")
    assert emma.says("pathways.goals.team")
    own = "Haluan synnyttää rauhallisin mielin ja uskaltaa kysyä, kun jokin mietityttää."
    assert own in emma.texts
    assert "Tiedän, kenelle soitan, kun jokin huolestuttaa." in emma.texts
    emma.choices.choose("language", "sv")
    await emma.settle()
    assert "Jag vet vem jag ringer när något oroar mig." in emma.texts
    emma.choices.choose("language", "fi")
    await county.offline()
    await emma.tap("pathway.goal.new")
    await emma.type("pathway.goal.words", "Opin hengittämään supistuksissa.")
    await emma.tap("pathway.goal.save")
    assert "Opin hengittämään supistuksissa." in emma.texts
    await county.offline(False)
    await emma.move(minutes=10)
    await emma.look_again()
    made = aims(county, "emma")["Opin hengittämään supistuksissa."]
    assert made["expressedBy"] == made["subject"]
    await emma.tap(first(emma, "pathway.goal.edit"))
    await emma.type("pathway.goal.words", "Opin rentoutumaan.")
    await emma.tap("pathway.goal.save")
    await emma.tap(first(emma, "pathway.goal.reach"))
    assert emma.says("pathways.goals.reached")
    await emma.look_again()
    assert own not in aims(county, "emma")
    assert aims(county, "emma")["Opin rentoutumaan."]["lifecycleStatus"] == "completed"
    emma.check("pathway")


async def test_a_guests_goal_is_brought_along_named_by_the_plan_and_put_away(county: County) -> None:
    visit = await county.open()
    await begin(visit)
    await visit.tap("pathway.goal.new")
    async for _ in visit.languages():
        visit.check("pathway")
    visit.choices.choose("language", "fi")
    await visit.settle()
    await visit.tap("pathway.goal.take.calm-night")
    await visit.go("/")
    await visit.sign_in("aino")
    await visit.tap("pathways.bring")
    await visit.look_again()
    words = "Osaan rauhoittua, jos uni ei tule."
    made, (plan,) = aims(county, "aino")[words], own_plans(county)
    assert plan["goal"] == [{"reference": f"Goal/{made['id']}"}]
    await visit.go("/pathways/sleep")
    assert words in visit.texts
    await visit.tap("pathway.goal.remove")
    await visit.look_again()
    assert words not in visit.texts
    assert words not in aims(county, "aino")
    assert "goal" not in own_plans(county)[0]


async def test_the_team_moves_the_operation_and_the_resident_is_told_what_changed(county: County) -> None:
    mikko = await county.signed_in("mikko", "/pathways/surgery")
    assert not mikko.has("pathway.changes")
    journey = mikko.stores.pathways.journeys.on("surgery")
    assert journey is not None
    later = date(2026, 11, 23) + timedelta(days=45)
    county.platform.plans.move(journey.id, "operation", later, "eeva")
    await mikko.look_again()
    assert mikko.has("pathway.changes")
    mikko.check()
    await mikko.tap("pathway.changes.read")
    assert not mikko.has("pathway.changes")
    await mikko.move(minutes=1)
    county.platform.plans.call_off(journey.id, "operation", "eeva")
    await mikko.look_again()
    assert mikko.says("pathways.called_off")
    assert any("ilman päivää" in words for words in mikko.texts)
    assert mikko.has("pathway.stage.decided")
    assert not mikko.has("pathway.stage.first-days")


async def test_the_days_of_a_team_have_their_year_and_a_cycle_its_later_days(county: County) -> None:
    """A leap day too; the label of a cycle is that of its first day."""
    mikko = await county.signed_in("mikko", "/pathways/surgery")
    surgery = mikko.stores.pathways.journeys.on("surgery")
    assert surgery is not None
    county.platform.plans.move(surgery.id, "operation", date(2028, 2, 29), "eeva")
    await mikko.look_again()
    assert "ti 29.2.2028" in mikko.texts
    sanna = await county.signed_in("sanna", "/pathways/breast-cancer")
    cancer = sanna.stores.pathways.journeys.on("breast-cancer")
    assert cancer is not None
    county.platform.plans.move(cancer.id, "treatment", date(2026, 12, 3), "eeva")
    await sanna.look_again()
    assert any(words.startswith("Sen jälkeen: ") for words in sanna.texts)


async def test_once_the_baby_is_born_nothing_of_the_pregnancy_is_asked_for(county: County) -> None:
    emma = await county.signed_in("emma", "/pathways/pregnancy")
    plan = emma.stores.pathways.journeys.on("pregnancy")
    assert plan is not None
    waiting = {turn.step for turn in plan.turns if turn.waits}
    assert {"recovering", "after-mood", "postnatal"} <= waiting
    await step(emma, "postnatal", "pregnancy")
    async for _ in emma.languages():
        emma.check("pathway.step-screen")
        assert emma.says("pathways.state.waiting")
    county.platform.plans.move(plan.id, "birth", date(2026, 11, 23), "eeva")
    await emma.look_again()
    now = {turn.step for _, _, turn in emma.stores.pathways.tasks_today()}
    assert "recovering" in now
    assert not now & {
        "tell-clinic",
        "movements",
        "pressure",
        "signs",
        "when-to-go",
        "breathing-exercise",
        "past-due",
    }


async def test_a_resident_pauses_a_plan_of_a_team_and_changes_nothing_else_of_it(county: County) -> None:
    sanna = await county.signed_in("sanna", "/pathways/breast-cancer/about")
    await sanna.tap("pathway.pause")
    await sanna.look_again()
    journey = sanna.stores.pathways.journeys.on("breast-cancer")
    assert journey is not None
    assert county.platform.repository.read("CarePlan", journey.id)["status"] == "on-hold"
    assert not sanna.has("pathway.remove")


async def test_dates_of_a_team_are_told_and_moved_by_the_team_only(county: County) -> None:
    emma = await county.signed_in("emma", "/pathways/pregnancy")
    assert emma.says("pathways.dates_team")
    assert not emma.has("pathway.date.due-date.edit")


async def test_moving_a_date_of_ones_own_tells_what_changed(county: County, tmp_path: Path) -> None:
    """Asked for at first; then moved; what was done stays; read once, it is not told again."""
    long_one(tmp_path / "library")
    guest = await county.open()
    guest.stores.pathways.library = Library((), tmp_path / "library")
    await begin(guest, "long")
    await guest.type("pathway.date.day", "24.11.1926")
    assert guest.says("pathways.date_wrong")
    await guest.type("pathway.date.day", "24.12.2026")
    await guest.tap("pathway.date.day.save")
    assert guest.has("pathway.today")
    assert not guest.has("pathway.changes")
    journey = guest.stores.pathways.guest.on("long")
    assert journey is not None
    _, _, turn = guest.stores.pathways.tasks_today()[0]
    await step(guest, turn.key, "long")
    await guest.tap("pathway.done")
    await guest.go("/pathways/long")
    await guest.tap("pathway.date.day.edit")
    await guest.type("pathway.date.day", "7.1.2027")
    await guest.tap("pathway.date.day.save")
    assert guest.has("pathway.changes")
    assert guest.says("pathways.stays", n=1)
    guest.check("pathway")
    await guest.tap("pathway.changes.read")
    assert not guest.has("pathway.changes")


async def test_a_plan_of_another_system_is_shown_with_a_note(county: County) -> None:
    plan = {
        "resourceType": "CarePlan",
        "id": "elsewhere",
        "status": "active",
        "intent": "plan",
        "title": "Diabeteksen hoitosuunnitelma",
        "subject": {"reference": f"Patient/{county.patient('aino')}"},
        "activity": [
            {"reference": {"reference": "ServiceRequest/x"}},
            {"detail": {"status": "scheduled", "description": "Jalkahoito"}},
        ],
    }
    county.platform.repository.update("CarePlan", "elsewhere", plan)
    aino = await county.signed_in("aino", "/pathways")
    assert "Jalkahoito" in aino.texts
    assert aino.says("pathways.other_note.elsewhere")
    aino.check("pathways")


async def test_content_that_is_not_in_the_app_is_fetched_from_the_platform(county: County) -> None:
    """No release of the app is needed for a new pathway."""
    definition = {**county.platform.repository.read("PlanDefinition", "sleep"), "id": "new-one"}
    county.platform.repository.update("PlanDefinition", "new-one", definition)
    patient = f"Patient/{county.patient('aino')}"
    plan = {
        "resourceType": "CarePlan",
        "id": "of-new-one",
        "status": "active",
        "intent": "plan",
        "title": "Uusi polku",
        "instantiatesCanonical": ["https://county.example/fhir/PlanDefinition/new-one|1.0.0"],
        "subject": {"reference": patient},
        "author": {"reference": "Practitioner/kaisa"},
    }
    county.platform.repository.update("CarePlan", "of-new-one", plan)
    aino = await county.signed_in("aino", "/pathways/new-one")
    aino.check("pathway")
    await aino.tap("pathway.fetch")
    assert "Parempi uni" in aino.texts
