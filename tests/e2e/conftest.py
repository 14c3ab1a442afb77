"""Journeys: the real app and the real stub platform in processes of their own, a real Chromium in front."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.e2e.driver import Person, launch
from tests.e2e.places import Places, free_port, running, start, wait_until_up

__all__ = ["Places", "free_port", "start", "wait_until_up"]

FAILURES = Path("build/failures")
_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know that their test failed, so that they can show what was on the screen."""
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """The stub platform and the served app, seeded and ready."""
    with running(tmp_path_factory.mktemp("data")) as here:
        yield here


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for the whole run: two in a process get in each other's way."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the whole run."""
    chromium = launch(playwright)
    yield chromium
    chromium.close()


@pytest.fixture
def person(browser: Browser, places: Places, request: pytest.FixtureRequest) -> Iterator[Person]:
    """A resident with a phone-sized window, on a platform as it was seeded.

    When the test fails, the screen is in build/failures, and its names and texts are in the report.
    """
    places.tester("POST", "reset")
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fi-FI")
    page = context.new_page()
    page.errors = []  # type: ignore[attr-defined]
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
    resident = Person(page, places.app)
    yield resident
    if request.node.stash.get(_failed, False):
        FAILURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=FAILURES / f"{request.node.name}.png")
        print(f"{page.url}\n{resident.in_sight()}\n{page.errors}")  # type: ignore[attr-defined]
    context.close()
