"""The browser's own notification of the turn in a chat: leave, a trial, the turn, and words without leave (row D5)."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import queue

RECORDED = """(() => {
  window.asked = 0; window.notes = [];
  const state = %s;
  class Recorded { constructor(words, options) { if (words) notes.push({words, ...options}); } close() {} }
  Object.defineProperty(Recorded, "permission", {get: () => state.now});
  Recorded.requestPermission = async () => { asked += 1; return state.now = state.answer; };
  window.Notification = Recorded;
  const query = navigator.permissions.query.bind(navigator.permissions);
  navigator.permissions.query = async (what) => what.name === "notifications"
    ? {state: state.now === "default" ? "prompt" : state.now} : query(what);
})()"""
"""A headless browser shows no notification: what it would show is recorded, and the resident's answer is given."""
WAIT = """many => new Promise((resolve, reject) => {
  let looks = 400;
  const look = () => notes.length >= many ? resolve() : looks-- ? setTimeout(look, 50) : reject("none came");
  look() })"""
"""Until the browser was asked to show so many, for twenty seconds."""


@pytest.fixture
def tab(browser: Browser, places: Places) -> Iterator[Person]:
    """A tab of its own, whose page can be prepared."""
    places.tester("POST", "reset")
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fi-FI")
    yield Person(context.new_page(), places.app)
    context.close()


def answering(page: Page, answer: str) -> None:
    """The resident will answer the browser so."""
    page.add_init_script(RECORDED % f'{{now: "default", answer: "{answer}"}}')


def queued(person: Person, resident: str = "aino") -> None:
    """``resident`` is the first in the queue of the health station."""
    queue(person, resident, "Kuume nousi eilen illalla.")
    person.sees("chat.queue", re.compile("paikalla 1"))


def notes(person: Person) -> list[dict[str, str]]:
    """What the browser was asked to show."""
    found: list[dict[str, str]] = person.page.evaluate("notes")
    return found


def shown(person: Person, many: int) -> list[dict[str, str]]:
    """The notifications, once there are ``many``."""
    person.page.evaluate(WAIT, many)
    return notes(person)


def test_the_turn_is_notified_while_another_tab_is_looked_at(tab: Person, places: Places) -> None:
    answering(tab.page, "granted")
    queued(tab)
    assert tab.page.evaluate("asked") == 0
    tab.id("chat.notify").click()
    (trial,) = shown(tab, 1)
    assert trial["words"] == "Digiklinikka kertoo vuorostasi näin"
    assert tab.page.evaluate("asked") == 1
    tab.page.evaluate("document.hasFocus = () => false")  # as when another tab is on top
    clinic = tab.page.context.browser.new_page()  # type: ignore[union-attr]
    clinic.goto(f"{places.platform}/console/who")
    clinic.locator("button[id^=who-]").first.click()
    clinic.goto(f"{places.platform}/console/chats")
    clinic.locator("#next").click()
    _, turn = shown(tab, 2)
    clinic.close()
    assert turn["words"] == "Digiklinikka: sinun vuorosi"
    assert not turn.get("body")
    tab.sees("chat.talk")
    assert len(tab.page.context.pages) == 1  # no tab was opened for it


def test_no_leave_is_told_in_words(tab: Person) -> None:
    answering(tab.page, "denied")
    queued(tab, "petri")
    tab.id("chat.notify").click()
    tab.reads(re.compile("Selain ei saa näyttää tämän sivun ilmoituksia"))
    assert notes(tab) == []


def test_a_browser_without_notifications_is_told_in_words(tab: Person) -> None:
    tab.page.add_init_script("window.notes = []; delete window.Notification")
    queued(tab, "raija")
    tab.id("chat.notify").click()
    tab.reads(re.compile("Tämä selain ei näytä ilmoituksia"))
