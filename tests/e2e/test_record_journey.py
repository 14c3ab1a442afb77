"""A resident looks at her results, measures at home and reads a document, also offline (rows E1, E2, E7, E11)."""

import re

from playwright.sync_api import Browser

from tests import fhir_schema
from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import sign_in
from tests.e2e.walk import visit


def open_named(person: Person, words: str) -> None:
    """Press the first card whose name begins with ``words``."""
    person.page.get_by_role("button", name=re.compile(f"^{words}")).first.click()


def test_results_measurements_and_a_document(person: Person, places: Places, browser: Browser) -> None:
    """From the overview to a trend; a weight written offline and sent later; a PDF read inside of the app."""
    sign_in(person, "raija")
    person.sees("home")
    person.press("nav.record")
    person.sees("record")
    person.sees("record.more")
    assert person.violations() == []

    person.press("record.kind.results")
    person.sees("record.results")
    open_named(person, "Diabeteksen seuranta")
    person.sees("record.panel")
    open_named(person, "Pitkäaikaissokeri")
    person.sees("record.value", re.compile("mmol/mol"))
    person.sees("record.trend.sentence")
    person.page.get_by_role("img", name=re.compile("Pitkäaikaissokeri")).first.wait_for(state="attached")
    assert person.violations() == []

    places.tester("PUT", "offline", {"offline": True})
    visit(person, "/measurements/weight/add", "measurements.form")
    person.page.wait_for_timeout(1000)  # the field takes the focus by itself
    person.write("measurements.value", "76,3")
    person.press("measurements.save")
    person.sees("measurements.saved")
    person.press("measurements.done")
    person.sees("measurement", "76,3 kg")
    person.reads(re.compile("odottaa lähetystä"))
    places.tester("PUT", "offline", {"offline": False})

    visit(person, "/record/documents", "record.documents")
    open_named(person, "Yhteenveto vuosikontrollista")
    person.press("record.open-file")
    person.reads(re.compile("Tavoite alle 53"))
    assert person.violations() == []
    with person.page.context.expect_page() as pages:
        person.press("record.file.view")
    assert pages.value.url.startswith("blob:")
    pages.value.close()

    visit(person, "/outbox", "outbox")
    person.page.evaluate("document.querySelector(`[flt-semantics-identifier='outbox.retry']`)?.click()")
    person.sees("outbox.empty")
    known = places.written_by_residents("Observation")
    sent = [one for one in known if one.get("valueQuantity", {}).get("value") == 76.3]
    assert len(sent) == 1
    assert fhir_schema.problems(sent[0]) == []
