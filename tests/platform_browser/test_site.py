"""The static client in a real Chromium: what is left in the browser, and what is found again (rows J1, J4, J5)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.e2e.driver import Person, launch
from tests.e2e.journey import identify, sign_in, write
from tests.e2e.static.site import StaticPlaces, built, running

LEFT = """async () => {
    const files = [];
    const look = async (folder, under) => {
        for await (const [name, entry] of folder.entries())
            entry.kind === "directory" ? await look(entry, under + name + "/") : files.push(under + name);
    };
    await look(await navigator.storage.getDirectory(), "");
    const bases = (await indexedDB.databases()).map((base) => base.name);
    return {files, bases, local: Object.keys(localStorage)};
}"""
READ = """async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("digiklinikka");
    let all = "";
    for await (const [name, entry] of folder.entries())
        if (name.endsWith(".sealed")) all += await new Response(await entry.getFile()).text();
    return all;
}"""
NURSE = "Terveysaseman hoitaja"


@pytest.fixture(scope="module")
def places() -> Iterator[StaticPlaces]:
    with running(built()) as here:
        yield here


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser of its own loop, that ends with the module."""
    with sync_playwright() as playwright:
        assert isinstance(playwright, Playwright)
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture
def tab(chromium: Browser, places: StaticPlaces) -> Iterator[Callable[[], Person]]:
    """Open a tab of one fresh browser."""
    places.tester("POST", "reset")
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="fi-FI")
    yield lambda: Person(context.new_page(), places.app)
    context.close()


def left(person: Person) -> dict[str, Any]:
    """All that is in the browser's storage."""
    found: dict[str, Any] = person.page.evaluate(LEFT)
    return found


def test_nothing_is_left_in_a_browser_that_is_not_ones_own(tab: Callable[[], Person]) -> None:
    """Not even a name of anything, while a message is being written and after it was sent."""
    person = tab()
    sign_in(person)
    write(person, NURSE, "Kuume", "Kuumetta kolmatta päivää.")
    person.sees("device.memory")
    assert left(person) == {"files": [], "bases": [], "local": []}
    person.press("messages.send")
    person.sees("messages.state", re.compile("Lähetetty|Toimitettu"))
    assert left(person) == {"files": [], "bases": [], "local": []}


def test_on_ones_own_device_a_reload_without_a_connection_finds_everything(
    tab: Callable[[], Person], places: StaticPlaces
) -> None:
    """Draft and sign-in; sealed on disk; sent once when the connection is back; erased with the word taken back."""
    person = tab()
    person.open()
    person.press("device.own")
    sign_in(person)
    write(person, NURSE, "Kuume", "Kuumetta kolmatta päivää.")
    person.sees("messages.saved")
    assert "Kuumetta" not in person.page.evaluate(READ)
    assert "HealthcareService" not in person.page.evaluate(READ)
    places.tester("PUT", "offline", {"offline": True})
    person.reload()
    person.reads(re.compile("Luonnos tallennettu"))
    person.press("messages.send")
    person.sees("messages.state", "Odottaa lähetystä")
    person.reload()
    person.sees("messages.state", "Odottaa lähetystä")
    places.tester("PUT", "offline", {"offline": False})
    person.press("messages.to-outbox")
    person.press("outbox.retry")
    person.sees("outbox.empty")
    threads = places.tester("GET", "professional/threads")["threads"]
    assert [thread["subject"] for thread in threads].count("Kuume") == 1
    person.press("nav.settings")
    person.press("device.own")
    person.press("device.own-off.confirm")
    person.page.wait_for_function(f"async () => (await ({LEFT})()).files.length === 0")
    assert left(person)["local"] == []


def test_a_second_tab_says_so_and_takes_over(tab: Callable[[], Person], places: StaticPlaces) -> None:
    """Nothing is sent twice; what was written in either is kept when the first is closed."""
    first = tab()
    first.open()
    first.press("device.own")
    sign_in(first)
    write(first, NURSE, "Ensimmäinen", "Yksi.")
    first.sees("messages.saved")
    second = tab()
    sign_in(second)
    second.sees("device-elsewhere-banner")
    write(second, NURSE, "Toinen", "Kaksi.")
    first.page.close()
    second.misses("device-elsewhere-banner")
    second.press("messages.send")
    second.sees("messages.state", re.compile("Lähetetty|Toimitettu"))
    second.press("nav.messages")
    second.reads(re.compile("Ensimmäinen"))
    subjects = [t["subject"] for t in places.tester("GET", "professional/threads")["threads"]]
    assert (subjects.count("Toinen"), subjects.count("Ensimmäinen")) == (1, 0)


def test_a_message_survives_a_sign_in_that_ended_and_leaves_nothing(
    tab: Callable[[], Person], places: StaticPlaces
) -> None:
    """In a browser that is not one's own: sealed for the way to the sign-in, gone when it is back."""
    person = tab()
    sign_in(person)
    write(person, NURSE, "Huimaus", "Huimaa aamuisin.")
    places.tester("POST", "sign-out")
    person.press("messages.send")
    person.sees("signed-out-banner")
    person.press("banner.sign-in")
    identify(person, "aino")
    person.sees("messages.state", re.compile("Lähetetty|Toimitettu"))
    assert left(person)["files"] == []
