"""Days on a pathway: reminders, the own calendar, measurements and messages that belong to it."""

from typing import Any

from tests.views.examples import County
from tests.views.on_pathways import begin, own_plans, step


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
