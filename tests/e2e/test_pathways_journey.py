"""A guest follows an open pathway, signs in and takes it along; no team sees any of it before (rows G1 to G7)."""

from typing import Any

from playwright.sync_api import Browser

from tests import fhir_schema
from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import sign_in
from tests.e2e.walk import visit

SLEEP = "93832-4"


def own_plans(places: Places) -> list[dict[str, Any]]:
    """The plans on the platform that residents have made by themselves."""
    plans = places.fhir("CarePlan?_count=200")
    return [plan for plan in plans if plan["author"]["reference"].startswith("Patient/")]


def test_a_guest_begins_and_takes_it_along(person: Person, places: Places, browser: Browser) -> None:
    """What was written before signing in survives the trip to the sign-in page, and is then on the platform."""
    person.open("/pathways/sleep")
    person.sees("pathway")
    person.press("pathway.start")
    person.sees("pathway.today")
    assert person.violations() == []
    visit(person, "/pathways/sleep/step/sleep-diary~1", "pathway.step-screen")
    person.write("pathway.measure.value", "4,5")
    person.press("pathway.measure.save")
    person.sees("pathway.instruction")
    person.press("pathway.done")
    person.sees("pathway.marked")
    assert person.violations() == []
    assert own_plans(places) == []

    visit(person, "/", "welcome")
    sign_in(person, "tuomas")
    person.sees("pathways.here", "Parempi uni")
    person.press("pathways.bring")
    person.misses("pathways.here")
    visit(person, "/outbox", "outbox")
    person.page.evaluate("document.querySelector(`[flt-semantics-identifier='outbox.retry']`)?.click()")
    person.sees("outbox.empty")
    (plan,) = own_plans(places)
    assert fhir_schema.problems(plan) == []
    assert plan["activity"][0]["detail"]["status"] == "completed"
    known = places.written_by_residents("Observation")
    slept = [one for one in known if one["code"]["coding"][0].get("code") == SLEEP]
    assert [one["valueQuantity"]["value"] for one in slept] == [4.5], "a home measurement, once"

    visit(person, "/pathways/sleep", "pathway")
    person.sees("pathway.today")
    assert person.violations() == []
