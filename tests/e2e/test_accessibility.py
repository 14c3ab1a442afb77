"""Every screen of the app and of its sign-in pages: WCAG 2.2 A and AA by axe, headings, names, sizes, languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import probes, walk
from tests.e2e.places import Places
from tests.e2e.walk import Assisted, Stop, Walker
from tests.e2e.walks import EVERYTHING

PHONE, DESKTOP = (390, 2600), (1280, 1800)  # so tall that nothing is cut off by scrolling


@contextmanager
def walker(browser: Browser, places: Places, size: tuple[int, int], **look: Any) -> Iterator[Walker]:
    """Somebody new at a window of that size, on a platform as it was seeded."""
    places.tester("POST", "reset")
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="fi-FI", **look)
    person = Assisted(context.new_page(), places.app)
    person.open("/")
    yield Walker(person, places)
    context.close()


def check(
    browser: Browser, places: Places, stops: tuple[Stop, ...], size: tuple[int, int], **look: Any
) -> None:
    """Walk, and collect what is wrong at each stop."""
    with walker(browser, places, size, **look) as somebody:
        wrong = {stop.name: probes.faults(somebody.person) for stop in walk.walk(somebody, stops)}
    assert {name: faults for name, faults in wrong.items() if faults} == {}


@pytest.mark.parametrize(
    "stops",
    EVERYTHING,
    ids=[
        "aino",
        "late",
        "nothing-yet",
        "forms",
        "booking",
        "record",
        "offer",
        "video",
        "chat",
        "ombudsman",
        "pathways",
        "plan",
    ],
)
def test_every_screen_on_a_phone(browser: Browser, places: Places, stops: tuple[Stop, ...]) -> None:
    """0 violations; one h1 and no level skipped; every control has a name and is at least 44 px high; a title."""
    check(browser, places, stops, PHONE)


def test_every_screen_on_a_dark_desktop(browser: Browser, places: Places) -> None:
    """The same on a wide window whose owner prefers dark."""
    check(browser, places, walk.AINO, DESKTOP, color_scheme="dark")


def test_language_changes_at_once_and_the_draft_stays(browser: Browser, places: Places) -> None:
    """Four languages: texts, ``lang`` and headings follow; what was written is as it was."""
    tags = ("fi-FI", "sv-FI", "en-GB", "fi-FI")
    with walker(browser, places, PHONE) as somebody:
        person = somebody.person
        walk.sign_in(somebody)
        walk.compose(somebody)
        person.write("messages.subject", "Selkäkipu")
        person.sees("messages.saved")
        draft = person.page.url.removeprefix(person.app)
        titles = []
        for place, tag in enumerate(tags):
            walk.visit(person, "/settings", "settings")
            walk.choose(person, "settings.language", place)
            expect(person.page.locator("html")).to_have_attribute("lang", tag)
            walk.visit(person, draft, "messages.compose")
            titles.append(probes.headings(person)[0][1])
            field = person.control("messages.subject")
            field.focus()
            expect(field).to_have_value("Selkäkipu")
    assert len(set(titles[:3])) == 3
    assert titles[0] == "Kiireetön viesti"


def test_what_changes_is_said_aloud(browser: Browser, places: Places) -> None:
    """Mistakes when they are found, and each new state of the message, reach the screen reader without a press."""
    with walker(browser, places, PHONE) as somebody:
        person = somebody.person
        walk.sign_in(somebody)
        walk.compose(somebody)
        person.page.evaluate(probes.LISTEN)
        person.press("messages.send")
        person.sees("messages.mistakes")
        person.page.wait_for_function("() => announced.some(w => w.includes('Kirjoita aihe'))")
        walk.send(somebody)
        person.page.wait_for_function("() => announced.some(w => /Lähetetty|Toimitettu/.test(w))")
        _answer(places, "Selkäkipu")
        person.sees("messages.new-answer")
        person.page.wait_for_function("() => announced.some(w => w.includes('Uusi vastaus'))")


def _answer(places: Places, subject: str) -> None:
    threads = places.tester("GET", "professional/threads")["threads"]
    thread = next(thread["id"] for thread in threads if thread["subject"] == subject)
    places.tester("POST", f"professional/threads/{thread}/answer", {"text": "Tule käymään."})
