"""Pathways without signing in, on the way, and brought along at sign-in (rows G1 to G8, S30)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.pathways.library import Library
from app.stores.settings import MemoryPreferences
from app.stores.settings import Settings as Choices
from tests.bench.pathways import long_one
from tests.remembered import Names
from tests.views.examples import County, Visit, first


async def begin(visit: Visit, pathway: str = "sleep") -> None:
    """Begin a pathway from its page."""
    await visit.go(f"/pathways/{pathway}")
    await visit.tap("pathway.start")


def own_plans(county: County) -> list[dict[str, Any]]:
    """The plans that residents have made by themselves."""
    plans = county.all("CarePlan")
    return [plan for plan in plans if plan["author"]["reference"].startswith("Patient/")]


async def step(visit: Visit, key: str, pathway: str = "sleep") -> None:
    """Open one of its steps."""
    await visit.go(f"/pathways/{pathway}/step/{key}")


async def test_the_catalogue_is_read_without_signing_in_in_every_language(county: County) -> None:
    guest = await county.open("/pathways")
    async for _ in guest.languages():
        guest.check("pathways")
        assert guest.has("pathways.card")
    guest.choices.choose("language", "fi")
    await guest.type("pathways.search", "unettomuus")
    await guest.tap("pathways.card")
    guest.check("pathway")
    assert guest.route == "/pathways/sleep"
    await guest.go("/pathways")
    await guest.type("pathways.search", "kvanttifysiikka")
    assert guest.has("pathways.none")


async def test_a_guest_begins_ticks_measures_and_writes_and_finds_all_of_it_again(county: County) -> None:
    guest = await county.open("/pathways/sleep")
    assert guest.has("pathway.urgent")
    assert guest.has("pathway.contacts")
    await begin(guest)
    guest.check("pathway")
    assert guest.has("pathway.today")
    await step(guest, "sleep-diary~1")
    guest.check("pathway.step-screen")
    await guest.type("pathway.measure.value", "99")
    await guest.tap("pathway.measure.save")
    assert guest.says("pathways.measure.out-of-range", low="0", high="24")
    await guest.type("pathway.measure.value", "4,5")
    await guest.tap("pathway.measure.save")
    assert guest.has("pathway.instruction")
    assert any(words.startswith("4,5") for words in guest.texts)
    await guest.type("pathway.note", "Heräsin kolmelta.")
    await guest.tap("pathway.note.save")
    await guest.tap("pathway.done")
    assert guest.has("pathway.marked")
    guest.check()
    await guest.go("/pathways")
    await step(guest, "sleep-diary~1")
    assert "Heräsin kolmelta." in guest.texts
    await guest.tap("pathway.undo")
    assert guest.has("pathway.done")
    assert own_plans(county) == []


async def test_a_checklist_is_kept_and_a_step_is_left_out_without_a_reason(county: County) -> None:
    guest = await county.open()
    await begin(guest)
    await step(guest, "own-rhythm")
    await guest.choose("pathway.tick.1", True)
    await guest.tap("pathway.skip")
    await guest.go("/pathways/sleep")
    await step(guest, "own-rhythm")
    assert guest.control("pathway.tick.1").value is True
    assert guest.control("pathway.tick.0").value is False
    assert guest.says("pathways.marked.skipped", day="tänään") or guest.has("pathway.marked")


async def test_what_a_guest_began_is_brought_along_and_is_then_on_the_platform(county: County) -> None:
    visit = await county.open()
    await begin(visit)
    await step(visit, "why-sleep")
    await visit.type("pathway.note", "Muista valo.")
    await visit.tap("pathway.note.save")
    await visit.tap("pathway.done")
    await visit.go("/")
    await visit.sign_in("aino")
    assert visit.has("pathways.here")
    await visit.tap("pathways.bring")
    assert not visit.has("pathways.here")
    assert visit.stores.pathways.guest.known == ()
    await visit.look_again()
    (plan,) = own_plans(county)
    assert plan["status"] == "active"
    assert plan["subject"]["reference"] == f"Patient/{county.patient('aino')}"
    assert plan["note"][0]["text"] == "Muista valo."
    assert plan["activity"][0]["detail"]["status"] == "completed"
    await step(visit, "calm-evening")
    await visit.tap("pathway.done")
    await visit.look_again()
    (plan,) = own_plans(county)
    assert len(plan["activity"]) == 2
    other = await county.signed_in("aino")
    await other.go("/pathways/sleep/step/why-sleep")
    assert "Muista valo." in other.texts


async def served(county: County, names: Names, route: str = "/") -> Visit:
    """A session of a browser that a server serves: it remembers a name and nothing else."""
    visit = Visit(county, Choices(MemoryPreferences(), county.region.languages), route, None, 400)
    visit.devices = replace(visit.devices, pending=names)  # type: ignore[arg-type]
    county.visits.append(visit)
    await visit.begin(False)
    await visit.settle()
    return visit


async def test_one_browser_finds_its_own_guest_again_and_another_finds_nothing(county: County) -> None:
    """Also after the trip to the sign-in page, which ends the session of a served browser."""
    mine, other = Names(), Names()
    first = await served(county, mine)
    await begin(first)
    await step(first, "why-sleep")
    await first.tap("pathway.done")
    again = await served(county, mine, "/pathways")
    assert again.has("pathways.journey")
    stranger = await served(county, other, "/pathways")
    assert not stranger.has("pathways.journey")
    await again.go("/")
    await again.sign_in("tuomas")
    assert again.has("pathways.here")
    await again.tap("pathways.bring")
    assert again.own.pathways.on("sleep") is not None


async def test_it_can_be_left_on_the_device_or_removed_from_it(county: County) -> None:
    visit = await county.open()
    await begin(visit)
    await visit.go("/")
    await visit.sign_in("aino")
    await visit.tap("pathways.leave-behind")
    assert visit.stores.pathways.guest.known == ()
    await visit.look_again()
    assert own_plans(county) == []


async def test_todays_steps_are_on_home(county: County) -> None:
    aino = await county.signed_in("aino")
    assert not aino.has("home.pathways-today")
    await begin(aino)
    await aino.go("/")
    assert aino.has("home.pathways-today")
    aino.check("home")


async def test_pausing_leaving_going_on_and_removing(county: County) -> None:
    aino = await county.signed_in("aino")
    await begin(aino)
    await aino.go("/pathways/sleep/about")
    aino.check("pathway.about")
    await aino.tap("pathway.pause")
    assert aino.says("pathways.is_paused")
    await aino.go("/")
    assert not aino.has("home.pathways-today")
    await aino.go("/pathways/sleep")
    await aino.tap("pathway.resume")
    await aino.go("/pathways/sleep/about")
    await aino.tap("pathway.leave")
    assert aino.says("pathways.is_left")
    await aino.tap("pathway.remove")
    await aino.tap("pathway.remove-sure")
    await aino.look_again()
    (plan,) = own_plans(county)
    assert plan["status"] == "entered-in-error"
    assert "note" not in plan
    assert not aino.has("pathways.journey")


async def test_a_form_a_message_and_a_booking_need_a_sign_in_and_say_so_with_a_telephone(
    county: County,
) -> None:
    guest = await county.open("/pathways/sleep/step/get-help")
    guest.check("pathway.step-screen")
    assert guest.has("pathway.guest")
    assert guest.has("pathway.call.helpline")
    aino = await county.signed_in("aino", "/pathways/sleep/step/get-help")
    assert aino.has("pathway.book")


async def test_questions_become_a_message_to_the_team(county: County) -> None:
    aino = await county.signed_in("aino")
    await begin(aino)
    await step(aino, "questions")
    await aino.type("pathway.question", "Auttaisiko valohoito?")
    await aino.tap("pathway.question.save")
    await aino.tap("pathway.questions.send")
    assert aino.control("messages.body").value == "- Auttaisiko valohoito?"


async def test_an_unknown_pathway_and_an_unknown_step_are_no_dead_ends(county: County) -> None:
    guest = await county.open("/pathways/moon")
    guest.check("pathway")
    await guest.go("/pathways/sleep/step/moon")
    guest.check("pathway.step-screen")
    assert guest.has("to-home")


async def test_every_screen_in_every_language(county: County) -> None:
    guest = await county.open()
    await begin(guest)
    for route in ("", "/about", "/step/same-morning", "/step/rest-exercise", "/step/sleep-diary~1"):
        await guest.go(f"/pathways/sleep{route}")
        async for _ in guest.languages():
            guest.check()


async def test_a_county_with_other_pathways(make_county: Callable[..., County]) -> None:
    """Tunturila: its own choice and order, another telephone, and what its unit has confirmed."""
    guest = await make_county("tunturila").open("/pathways", language="fi")
    assert [one.id for one in guest.stores.pathways.find("")] == ["moving-more", "sleep", "surgery"]
    assert "Tunturiklinikka · Tunturila" in guest.texts
    assert guest.texts.count("Digiklinikka") == 0
    assert not guest.has("home.chat")
    await guest.go("/pathways/sleep")
    assert any("016 000 4000" in words for words in guest.texts)
    await guest.go("/pathways/sleep/step/rest-exercise")
    assert "Tunturilan oma harjoitus on tekstinä alla." in guest.texts
    assert not guest.says("pathways.confirm")


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
    assert any("nyt ilman päivää" in words for words in mikko.texts)
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
    county.platform.plans.move(plan.id, "birth", date(2026, 11, 23), "eeva")
    await emma.look_again()
    now = {turn.step for _, _, turn in emma.stores.pathways.tasks_today()}
    assert "tell-clinic" in now
    assert not now & {"movements", "pressure", "signs", "when-to-go", "breathing-exercise", "past-due"}


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


async def test_a_reminder_shows_at_its_time_survives_a_restart_and_is_quiet_when_put_away(
    county: County,
) -> None:
    visit = await county.signed_in("aino")
    await begin(visit)
    await step(visit, "sleep-diary~2")
    await visit.choose("pathway.remind", True)
    await visit.type("pathway.remind.time", "8.15")
    visit.check("pathway.step-screen")
    await visit.go("/")
    assert not visit.has("reminder")
    await visit.move(hours=20)
    assert not visit.has("reminder")
    await visit.move(minutes=16)
    county.timers.fire()
    await visit.settle()
    assert visit.has("reminder")
    visit.check("home")
    again = await county.signed_in("aino")
    assert again.has("reminder")
    await again.tap("reminder.open")
    assert again.route == "/pathways/sleep/step/sleep-diary~2"
    await again.go("/")
    await again.tap("reminder.heard")
    assert not again.has("reminder")
    third = await county.signed_in("aino")
    assert not third.has("reminder")


async def test_reminders_of_a_whole_pathway_are_quiet_while_it_is_paused_and_what_is_left_out(
    county: County,
) -> None:
    guest = await county.open()
    await begin(guest)
    await guest.go("/pathways/sleep/about")
    await guest.choose("pathway.remind.all", True)
    async for _ in guest.languages():
        guest.check("pathway.about")
    guest.choices.choose("language", "fi")
    await guest.move(hours=21)
    await guest.go("/")
    first = guest.within("reminder")
    assert any("Unipäiväkirja" in words for words in first)
    await guest.go("/pathways/sleep/about")
    await guest.tap("pathway.pause")
    await guest.go("/")
    assert not guest.has("reminder")
    await guest.go("/pathways/sleep/about")
    await guest.tap("pathway.resume")
    await guest.go("/")
    assert guest.within("reminder") == first
    await guest.go("/pathways/sleep/step/sleep-diary~2")
    await guest.tap("pathway.skip")
    await guest.go("/")
    assert not any("Unipäiväkirja" in words for words in guest.within("reminder"))
    await guest.sign_in("aino")
    await guest.tap("pathways.bring")
    assert guest.has("reminder")
    await guest.go("/pathways/sleep/about")
    assert guest.control("pathway.remind.all").value is True


async def test_the_steps_to_come_go_into_ones_own_calendar_and_say_only_what_is_wished(
    county: County,
) -> None:
    guest = await county.open()
    await begin(guest)
    await guest.go("/pathways/sleep/about")
    await guest.tap("pathway.calendar")
    (file,) = [args for name, args in guest.client.calls if name == "save_file"]
    kept = file["src_bytes"].decode()
    assert kept.count("BEGIN:VEVENT") > 10
    assert kept.count("BEGIN:VEVENT") == kept.count("BEGIN:VALARM")
    assert "Oma meno" in kept
    assert "Unipäiväkirja" not in kept


def observed(county: County, resident: str, code: str) -> list[dict[str, Any]]:
    """What somebody measured at home, as the platform has it."""
    me = {"reference": f"Patient/{county.patient(resident)}"}
    all_ = [one for one in county.all("Observation") if one["subject"] == me and one.get("performer") == [me]]
    return [one for one in all_ if one["code"]["coding"][0]["code"] == code]


async def test_a_measurement_of_a_pathway_is_a_home_measurement_and_the_team_sees_it(county: County) -> None:
    emma = await county.signed_in("emma")
    key = next(t.key for t in emma.own.pathways.known[0].turns if t.step == "pressure")
    await step(emma, key, "pregnancy")
    await emma.type("pathway.measure.value", "165")
    await emma.type("pathway.measure.second", "95")
    await emma.tap("pathway.measure.save")
    assert emma.has("pathway.instruction")
    await emma.look_again()
    async for _ in emma.languages():
        emma.check("pathway.step-screen")
    (made,) = observed(county, "emma", "85354-9")
    assert [part["valueQuantity"]["value"] for part in made["component"]] == [165, 95]
    assert made["component"][0]["valueQuantity"]["code"] == "mm[Hg]"
    (plan,) = [one for one in county.platform.plans.all() if one["subject"] == made["subject"]]
    assert made["basedOn"] == [{"reference": f"CarePlan/{plan['id']}"}]
    assert county.platform.plans.measured(plan) == [made]
    await emma.go("/pathways/pregnancy/about")
    await emma.tap("pathway.export")
    (file,) = [args for name, args in emma.client.calls if name == "save_file"]
    assert "165/95" in file["src_bytes"].decode()
    await emma.go("/measurements/blood-pressure")
    assert any("165/95" in words for words in emma.texts)


async def test_what_is_measured_elsewhere_stands_on_the_pathway_and_its_limits_judge_it(
    county: County,
) -> None:
    aino = await county.signed_in("aino")
    await begin(aino)
    await aino.go("/measurements/sleep/add")
    await aino.type("measurements.value", "4")
    await aino.tap("measurements.save")
    await step(aino, "sleep-diary~1")
    assert aino.has("pathway.instruction")
    assert aino.has("pathway.measure.all")
    assert not aino.has("pathway.entry.remove")


async def test_a_guests_measurements_come_along_once(county: County) -> None:
    visit = await county.open()
    await begin(visit)
    await step(visit, "sleep-diary~1")
    await visit.type("pathway.measure.value", "6,5")
    await visit.tap("pathway.measure.save")
    assert visit.has("pathway.entry.remove")
    await visit.go("/")
    await visit.sign_in("aino")
    guest = visit.stores.pathways.guest
    visit.own.pathways.take(guest)
    await visit.tap("pathways.bring")
    await visit.look_again()
    (made,) = observed(county, "aino", "93832-4")
    assert made["valueQuantity"] == {
        "value": 6.5,
        "unit": "h",
        "system": "http://unitsofmeasure.org",
        "code": "h",
    }
    (plan,) = own_plans(county)
    assert "note" not in plan
    await step(visit, "sleep-diary~1")
    assert [words for words in visit.texts if words.startswith("6,5")] == ["6,5 tuntia"]


async def test_a_message_to_the_team_belongs_to_the_pathway_and_each_shows_the_other(county: County) -> None:
    emma = await county.signed_in("emma")
    await emma.go("/pathways/pregnancy")
    assert emma.says("pathways.no_threads")
    await emma.tap("pathway.write")
    await emma.type("messages.body", "Milloin seuraava neuvola on?")
    await emma.tap("messages.send")
    await emma.look_again()
    (plan,) = [one for one in county.platform.plans.all() if "Raskaus" in one["title"]]
    headers = [one for one in county.all("Communication") if "about" in one]
    assert [one["about"] for one in headers] == [[{"reference": f"CarePlan/{plan['id']}"}]]
    assert county.platform.clinic.thread(headers[0]["id"]).plan == plan["id"]
    await emma.go("/pathways/pregnancy")
    assert not emma.says("pathways.no_threads")
    emma.check("pathway")
    await emma.tap("messages.thread")
    async for _ in emma.languages():
        emma.check("messages.conversation")
    await emma.tap("messages.pathway")
    assert emma.route == "/pathways/pregnancy"


async def test_a_plan_that_is_refused_takes_neither_messages_nor_measurements_with_it(county: County) -> None:
    """Beginning the pathway failed for good; what is written on it still leaves."""
    await county.fault("status", "/fhir/CarePlan", status=422)
    aino = await county.signed_in("aino")
    await begin(aino)
    await aino.look_again()
    await step(aino, "sleep-diary~1")
    await aino.type("pathway.measure.value", "6")
    await aino.tap("pathway.measure.save")
    await aino.look_again()
    (made,) = observed(county, "aino", "93832-4")
    assert "basedOn" not in made
