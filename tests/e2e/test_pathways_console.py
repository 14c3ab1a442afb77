"""The clinic's side of a pathway in a browser: assigned, a date moved, a step ticked, a goal agreed on; the resident's
open screen follows by itself, and what they write is seen at the console (rows G1 to G7)."""

import re

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Places
from tests.e2e.driver import PATIENCE, Person
from tests.e2e.journey import Professional, sign_in
from tests.e2e.walk import visit


def test_what_the_clinic_does_shows_without_reloading(
    person: Person, places: Places, browser: Browser
) -> None:
    """Both see the same plan, each from their own side."""
    professional = Professional(browser.new_page(), places)
    professional.take_seat()
    page = professional.page
    sign_in(person, "tuomas")
    person.sees("home.new-message")
    person.press("nav.pathways")
    person.sees("pathways")

    page.goto(f"{places.platform}/console/pathways")
    page.locator("#assign-surgery summary").click()
    page.select_option("#patient-surgery", label="Tuomas Rautio")
    page.fill("#date-surgery-operation", "2027-03-15")
    page.locator("#assign-surgery button.primary").click()
    expect(page.locator("#resident")).to_contain_text("Tuomas")
    person.sees("pathways.own", re.compile("Leikkaukseen tulevan polku"))

    visit(person, "/pathways/surgery", "pathway")
    person.reads(re.compile(r"15\.3\.2027"))
    page.fill("#day-operation", "2027-04-12")
    page.click("#move-operation")
    expect(page.locator("#dates + h3 + p")).to_contain_text("2027-04-12")
    person.sees("pathway.changes", re.compile(r"Siirtyi|siirty"))
    person.reads(re.compile(r"12\.4\.2027"))

    page.fill("#goal-words", "Kävelet portaat ennen leikkausta.")
    page.click("#goal-add")
    first = page.locator("[id^=task-]").first
    task_id = str(first.get_attribute("id")).removeprefix("task-")
    first.locator("button").click()
    expect(page.locator("[id^=task-]").first.locator(".badge")).to_have_class(re.compile("good"))
    person.sees("pathway.goals", "Kävelet portaat ennen leikkausta.")
    page.locator("#goals + ul li", has_text="portaat").locator("button[name=reached]").click()
    person.sees("pathway.goals", "Toteutunut")

    person.press("pathway.goal.new")
    person.write("pathway.goal.words", "Pääsen mökille kesällä.")
    person.press("pathway.goal.save")
    person.sees("pathway.goals", "Pääsen mökille kesällä.")
    done = places.fhir(f"Task?_id={task_id}")
    assert [one["status"] for one in done] == ["completed"]
    key = next(one["value"] for one in done[0]["identifier"] if one["system"].endswith("pathway-turn"))
    visit(person, f"/pathways/surgery/step/{key}", "pathway.step-screen")
    person.sees("pathway.marked")
    person.write("pathway.note", "Mihin aikaan tulen?")
    person.press("pathway.note.save")
    person.reads("Mihin aikaan tulen?")
    expect(page.locator("#steps")).to_be_attached()
    for _ in range(20):
        page.reload()
        if page.get_by_text("Mihin aikaan tulen?").count():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_text("Mihin aikaan tulen?").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#goals + ul")).to_contain_text("Pääsen mökille kesällä.")
