"""A professional sends a form; the resident fills it in, goes on, sends it; the professional reads it (F1 to F8)."""

import re

from playwright.sync_api import Browser

from tests import fhir_schema
from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import Professional, sign_in
from tests.e2e.walk import choose


def go_on(person: Person) -> None:
    """Where one was: at once where the session lives on, by "Jatka vastaamista" where the app has begun anew."""
    either = '[flt-semantics-identifier="forms.questions"], [flt-semantics-identifier="forms.start"]'
    person.page.locator(either).first.wait_for(state="attached")
    if person.id("forms.start").count():
        person.press("forms.start")
    person.sees("forms.questions")


def test_a_form_from_the_console_to_the_score(person: Person, places: Places, browser: Browser) -> None:
    """Sent, due and told on Home; answered over a reload; mended; sent; scored."""
    professional = Professional(browser.new_page(), places)
    professional.take_seat()
    page = professional.page
    page.goto(f"{places.platform}/console/forms")
    page.select_option("#resident", label="Tuomas Rautio")
    page.select_option("#form", label="Nikotiiniriippuvuus")
    page.fill("#purpose", "Ennen käyntiä")
    page.click("#send-form")
    page.wait_for_selector("#done")

    sign_in(person, "tuomas")
    person.sees("home.forms", "Nikotiiniriippuvuus")
    person.press("home.forms")
    person.sees("forms.facts", re.compile("Ennen käyntiä"))
    choose(person, "forms.style", 1)
    person.press("forms.start")
    person.press("forms.item:what:0")
    choose(person, "forms.item:first", 0)
    person.sees("forms.saved")
    person.reload()
    go_on(person)
    person.press("forms.next")
    person.press("forms.send")
    person.sees("forms.mistakes", re.compile("Kuinka monta kertaa päivässä"))
    person.page.locator("[flt-semantics-identifier='forms.mistake']").first.click()
    choose(person, "forms.item:amount", 1)
    person.press("forms.next")
    person.press("forms.send")
    person.sees("forms.receipt", re.compile("Kuittausnumero"))

    page.goto(f"{places.platform}/console/forms")
    page.click("#answers a")
    assert page.inner_text("#score") == "4 / 6"
    sent = [one for one in places.written_by_residents() if "nicotine" in one.get("questionnaire", "")]
    assert len(sent) == 1
    assert fhir_schema.problems(sent[0]) == []
    assert [one["linkId"] for one in sent[0]["item"]] == ["what", "first", "amount", "score"]
    page.close()
