"""The county's side of pathways: $apply, dates moved, steps ticked, entries seen, and what residents may not."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend_stub.app import Platform
from backend_stub.fhir.errors import Unprocessable
from backend_stub.pathways.plans import is_own
from tests.fhir_schema import problems


def ours(platform: Platform, who: str) -> dict[str, Any]:
    """The seeded plan of a resident."""
    one = platform.seeder.roster.get(who)
    assert one is not None
    return next(plan for plan in platform.plans.all() if plan["subject"]["reference"] == one.reference)


def test_seeded_plans_and_definitions_are_valid_r4(platform: Platform) -> None:
    for type in ("PlanDefinition", "CarePlan"):
        for body in platform.repository.all(type):
            assert problems(body) == [], body["id"]
    assert problems(platform.repository.all("ActivityDefinition")[0]) == []
    assert problems(platform.plans.tasks(ours(platform, "petri")["id"])[0]) == []


def test_moving_a_date_moves_tasks_and_keeps_what_was_done(platform: Platform) -> None:
    plan = ours(platform, "mikko")
    tasks = platform.plans.tasks(plan["id"])
    first = tasks[0]
    platform.plans.tick(first["id"], True, "eeva")
    day = platform.clock.local().date() + timedelta(days=40)
    after = platform.plans.move(plan["id"], "operation", day, "eeva")
    assert any(one["url"].endswith("pathway-dates-changed") for one in after["extension"])
    moved = {one["id"]: one for one in platform.plans.tasks(plan["id"])}
    assert moved[first["id"]]["status"] == "completed"
    assert moved[first["id"]]["restriction"] == first["restriction"]
    dated = [one for one in tasks if "restriction" in one and one["id"] != first["id"]]
    assert any(moved[one["id"]]["restriction"] != one["restriction"] for one in dated if one["id"] in moved)
    off = platform.plans.call_off(plan["id"], "operation", "eeva")
    assert len(platform.plans.tasks(off["id"])) < len(tasks)
    assert moved[first["id"]]["id"] in {one["id"] for one in platform.plans.tasks(off["id"])}


def pain(patient: str, at: str) -> dict[str, Any]:
    """A home measurement."""
    coding = {"system": "http://loinc.org", "code": "72514-3", "display": "Pain severity"}
    return {
        "resourceType": "Observation",
        "id": "pain",
        "status": "final",
        "code": {"coding": [coding]},
        "subject": {"reference": patient},
        "performer": [{"reference": patient}],
        "effectiveDateTime": at,
        "valueQuantity": {"value": 7, "unit": "/ 10"},
    }


async def test_the_console_assigns_moves_ticks_and_shows(http: httpx.AsyncClient, platform: Platform) -> None:
    page = await http.get("/console/pathways")
    assert "Petri" in page.text
    token = page.text.partition('name="token" value="')[2].partition('"')[0]
    raija = platform.seeder.roster.get("raija")
    assert raija is not None
    form = {
        "token": token,
        "pathway": "surgery",
        "patient": raija.patient,
        "date.surgery.operation": "2027-01-20",
    }
    made = await http.post("/console/pathways", data=form)
    assert made.status_code == 303
    plan = made.headers["location"]
    shown = await http.get(plan)
    assert "2027-01-20" in shown.text
    await http.post(f"{plan}/date", data={"token": token, "anchor": "operation", "day": "2027-02-10"})
    assert "2027-02-10" in (await http.get(plan)).text
    task = platform.plans.tasks(plan.rpartition("/")[2])[0]["id"]
    await http.post(f"{plan}/tick", data={"token": token, "task": task, "done": "1"})
    assert platform.repository.read("Task", task)["status"] == "completed"
    await http.post(f"{plan}/off", data={"token": token, "anchor": "operation"})
    assert "Peruttu" in (await http.get(plan)).text
    platform.repository.update(
        "Observation", "pain", pain(raija.reference, platform.clock.now().isoformat()), by="x"
    )
    shown = await http.get(plan)
    assert "7 / 10" in shown.text.partition('id="measured"')[2]
    words = "Kävelen portaat hengästymättä."
    await http.post(f"{plan}/goal", data={"token": token, "words": words})
    body = platform.plans.one(plan.rpartition("/")[2])
    goals = platform.plans.goals(body)
    assert [f"Goal/{one['id']}" for one in goals] == [one["reference"] for one in body["goal"]]
    assert problems(goals[-1]) == []
    assert words in (await http.get(plan)).text
    await http.post(f"{plan}/reached", data={"token": token, "goal": goals[-1]["id"], "reached": "1"})
    assert platform.repository.read("Goal", goals[-1]["id"])["lifecycleStatus"] == "completed"
    forged = await http.post(f"{plan}/off", data={"token": "x", "anchor": "operation"})
    assert forged.status_code == 403
    wrong = await http.post(f"{plan}/date", data={"token": token, "anchor": "operation", "day": "soon"})
    assert "wrong=date" in wrong.headers["location"]


def test_a_residents_own_goal_is_not_the_teams_to_change(platform: Platform) -> None:
    plan = ours(platform, "emma")
    (own,) = (one for one in platform.plans.goals(plan) if is_own(one))
    assert own["id"] not in {one["reference"].removeprefix("Goal/") for one in plan["goal"]}
    with pytest.raises(Unprocessable):
        platform.plans.reach(plan["id"], own["id"], True, "eeva")


async def test_a_goal_is_nobody_elses(http: httpx.AsyncClient, platform: Platform) -> None:
    """Not read, not changed, not written in another's name, not in a professional's."""
    theirs = platform.plans.goals(ours(platform, "petri"))
    emma = platform.seeder.roster.get("emma")
    assert emma is not None
    headers = {"Authorization": f"Bearer {platform.provider.resident_tokens(emma).access}"}
    for one in theirs:
        assert (await http.get(f"/fhir/Goal/{one['id']}", headers=headers)).status_code in (403, 404)
        again = await http.put(f"/fhir/Goal/{one['id']}", headers=headers, json=one)
        assert again.status_code in (403, 404)
    found = (await http.get("/fhir/Goal?patient=" + emma.patient, headers=headers)).json()
    mine = [entry["resource"] for entry in found["entry"]]
    assert {one["subject"]["reference"] for one in mine} == {emma.reference}
    team = next(one for one in mine if not is_own(one))
    changed = team | {"description": {"text": "Muuta"}}
    assert (await http.put(f"/fhir/Goal/{team['id']}", headers=headers, json=changed)).status_code == 403
    named = team | {"id": "forged"}
    assert (await http.put("/fhir/Goal/forged", headers=headers, json=named)).status_code == 403


async def test_apply_is_for_professionals(http: httpx.AsyncClient, platform: Platform) -> None:
    body = {"resourceType": "Parameters", "parameter": [{"name": "subject", "valueString": "Patient/x"}]}
    assert (await http.post("/fhir/PlanDefinition/surgery/$apply", json=body)).status_code == 401
