"""The first screen is there before Python: it is the one that Python draws, and what is pressed meanwhile counts."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.driver import Person
from tests.e2e.static.site import StaticPlaces, running

ANSWERS = "performance.getEntriesByName('answers').length"
WAITS = "!document.getElementById('starting').hidden"
REFUSED = "sessionStorage.getItem('digiklinikka.first')"
KEPT = """async () => {
  const root = await navigator.storage.getDirectory();
  while (true) try {
    const folder = await root.getDirectoryHandle('digiklinikka');
    if ((await (await folder.getFileHandle('choices.json')).getFile()).size) return;
  } catch { await new Promise((again) => setTimeout(again, 100)); }
}"""
APP = re.compile(r"app\.zip")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here, on a phone."""
    fresh = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="fi-FI", service_workers="block"
    )
    yield fresh
    fresh.close()


def held_back(context: BrowserContext) -> list[Route]:
    """The app's Python does not arrive until what is returned is continued."""
    waiting: list[Route] = []
    context.route(APP, lambda route: waiting.append(route))
    return waiting


def looked_for(page: Page) -> list[str]:
    """Which files of first screens were fetched."""
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    return [name for name in names if "/first/" in name]


def answered(page: Page) -> None:
    """Python is there, and drew what was played."""
    page.wait_for_function(f"() => {ANSWERS}", timeout=60_000)
    assert page.evaluate(REFUSED) is None


@pytest.mark.parametrize(
    ("locale", "scheme", "size", "title"),
    [
        ("fi-FI", "light", (390, 844), "Tervetuloa Digiklinikalle"),
        ("sv-FI", "dark", (1280, 800), "Välkommen till"),
        ("en-GB", "light", (360, 640), "Welcome to"),
        ("ru-RU", "dark", (768, 1024), "Tervetuloa Digiklinikalle"),
    ],
)
def test_python_draws_what_was_played(
    browser: Browser, places: StaticPlaces, locale: str, scheme: str, size: tuple[int, int], title: str
) -> None:
    """In the language and the brightness that the browser asks for; Finnish for one that is not spoken here."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=locale,
        color_scheme=scheme,  # type: ignore[arg-type]
        service_workers="block",
    )
    waiting, page = held_back(context), context.new_page()
    page.goto(places.app)
    expect(page.get_by_role("heading", name=re.compile(title))).to_be_visible(timeout=30_000)
    assert page.evaluate(f"{WAITS} && !{ANSWERS}")
    for route in waiting:
        route.continue_()
    answered(page)
    expect(page.get_by_role("heading", name=re.compile(title))).to_be_visible(timeout=30_000)
    expect(page.locator("#starting")).to_be_hidden()
    expect(page.locator("#opening")).to_have_count(0)
    context.close()


def test_what_is_pressed_before_python_is_answered_after_it(
    context: BrowserContext, places: StaticPlaces
) -> None:
    """It says that it is opening, and then opens what was pressed."""
    waiting, person = held_back(context), Person(context.new_page(), places.app)
    person.page.goto(places.app)
    person.press("welcome.services")
    expect(person.page.locator("#starting-words")).to_have_text("Digiklinikka avautuu…")
    for route in waiting:
        route.continue_()
    answered(person.page)
    person.sees("services")


def test_a_language_chosen_before_python_stays(context: BrowserContext, places: StaticPlaces) -> None:
    """Svenska."""
    waiting, person = held_back(context), Person(context.new_page(), places.app)
    person.page.goto(places.app)
    person.press("welcome.language:sv")
    for route in waiting:
        route.continue_()
    answered(person.page)
    person.sees("welcome", "Välkommen")


def test_a_start_that_fails_behind_it_says_so(context: BrowserContext, places: StaticPlaces) -> None:
    """The screen gives way to the words and the numbers."""
    context.route(APP, lambda route: route.abort())
    page = context.new_page()
    page.goto(places.app)
    expect(page.get_by_text("Digiklinikka ei auennut")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Yritä uudelleen")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("112"))).to_be_visible()


def test_it_is_not_played_where_something_is_kept(context: BrowserContext, places: StaticPlaces) -> None:
    """Who has said that the browser is their own may be somewhere else when the app opens."""
    person = Person(context.new_page(), places.app)
    person.open()
    person.press("device.own")
    person.page.evaluate(KEPT)
    person.open()
    person.sees("welcome")
    assert looked_for(person.page) == []


def test_it_is_not_played_where_the_app_begins_elsewhere(
    context: BrowserContext, places: StaticPlaces
) -> None:
    """A site that begins in practice mode."""
    begins = {"region": "paijat-hame", "platform_url": "", "practice": True}
    context.route(re.compile(r"settings\.json"), lambda route: route.fulfill(json=begins))
    person = Person(context.new_page(), places.app)
    person.open()
    assert [name for name in looked_for(person.page) if name.endswith(".bin")] == []


def test_a_screen_that_python_draws_otherwise_is_given_up(
    context: BrowserContext, places: StaticPlaces, tmp_path: Path
) -> None:
    """Nothing wrong stays in sight: the page starts anew without it, once."""
    site = tmp_path / "site"
    shutil.copytree(places.site, site)
    for screen in site.glob("app-*/first/*.bin"):
        screen.write_bytes(screen.read_bytes().replace(b"Tervetuloa", b"Tervehdys."))
        for packed in (screen.with_name(f"{screen.name}.br"), screen.with_name(f"{screen.name}.gz")):
            packed.unlink(missing_ok=True)
    with running(site) as here:
        person = Person(context.new_page(), here.app)
        person.page.goto(here.app)
        person.page.wait_for_function(f"() => {REFUSED} !== null && {ANSWERS}", timeout=90_000)
        person.sees("welcome", "Tervetuloa Digiklinikalle")
