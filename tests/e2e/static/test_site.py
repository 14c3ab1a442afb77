"""The static site in a real browser: nobody else is asked, it opens without a network, and it says what goes on."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

from tests.e2e.driver import Person
from tests.e2e.journey import sign_in, write
from tests.e2e.static.site import StaticPlaces, built, running
from tests.e2e.walk import visit

INSTALLED = "async () => Boolean((await navigator.serviceWorker.ready).active?.state === 'activated')"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    fresh = browser.new_context(viewport={"width": 390, "height": 844}, locale="fi-FI")
    yield fresh
    fresh.close()


def wait_for_worker(page: Page) -> None:
    """Until everything is kept for use without a network."""
    page.wait_for_function(INSTALLED, timeout=60_000)


def test_nobody_else_is_asked_and_nothing_is_missing(context: BrowserContext, places: StaticPlaces) -> None:
    """Every request goes to the site or the platform, none fails, and the policy is never broken."""
    page, asked, bad = context.new_page(), [], []
    context.on("request", lambda r: asked.append(r.url))
    context.on("response", lambda r: bad.append(r.url) if r.status >= 400 else None)
    page.on("console", lambda m: bad.append(m.text) if m.type == "error" else None)
    person = Person(page, places.app)
    person.open()
    person.press("nav.services")
    person.sees("services")
    wait_for_worker(page)

    own = (places.app, places.platform, "data:", "blob:")
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith(own)] == []
    assert bad == []


def test_first_screens_pass_axe(context: BrowserContext, places: StaticPlaces) -> None:
    """Welcome and the list of services."""
    person = Person(context.new_page(), places.app)
    person.open()
    assert person.violations() == []
    person.press("nav.services")
    person.sees("services")
    assert person.violations() == []


def test_opens_with_the_network_cut(context: BrowserContext, places: StaticPlaces) -> None:
    """After one visit: a reload, and the address of another screen, with everything cut off; also when the browser
    has dropped what it kept by itself."""
    person = Person(context.new_page(), places.app)
    person.open()
    wait_for_worker(person.page)
    context.set_offline(True)
    person.reload()
    person.sees("welcome")
    context.new_cdp_session(person.page).send("Network.clearBrowserCache")
    person.open("/services")
    person.sees("services")


NEW = "digiklinikka-0123456789ab"  # where the new version's files are kept


def renew(site: Path) -> None:
    """Put a new version in the place of the old one, as a county does on its web server."""
    for name in ("index.html", "sw.js"):
        for packed in site.glob(f"{name}.*"):
            packed.unlink()
    index = (site / "index.html").read_text()
    (site / "index.html").write_text(index.replace("<title>Digiklinikka", "<title>Uusi Digiklinikka"))
    worker = (site / "sw.js").read_text()
    (site / "sw.js").write_text(re.sub(r'"version": "[0-9a-f]+', '"version": "0123456789ab', worker, count=1))


def wait_for_new(page: Page) -> None:
    """Until the new version has been fetched whole."""
    page.wait_for_function(
        f"async () => (await caches.keys()).includes('{NEW}')"
        f" && Boolean(await (await caches.open('{NEW}')).match('./'))",
        timeout=60_000,
    )


def test_a_new_version_is_used_at_the_next_load(context: BrowserContext, tmp_path: Path) -> None:
    """What runs is left alone; the load after the new version has come is the new version. Nothing of one's own is
    lost on the way: not the draft, not what waits to be sent, which is sent once."""
    site = shutil.copytree(built(), tmp_path / "site")
    with running(site) as here:
        person = Person(context.new_page(), here.app)
        person.open()
        person.press("device.own")
        sign_in(person)
        person.sees("home")
        wait_for_worker(person.page)
        here.tester("PUT", "offline", {"offline": True})
        write(person, "Terveysaseman hoitaja", "Kuume", "Kuumetta kolmatta päivää.")
        person.press("messages.send")
        person.sees("messages.state", "Odottaa lähetystä")
        visit(person, "/", "home")
        write(person, "Terveysaseman hoitaja", "Yskä", "Yskittää öisin.")
        person.sees("messages.saved")

        renew(site)
        person.reload()  # still the old one, which finds the new one
        person.sees("messages.compose")
        wait_for_new(person.page)
        wait_for_worker(person.page)
        answer = person.page.reload()
        assert answer is not None
        assert "Uusi Digiklinikka" in answer.text()
        person.wait_for_app()
        person.holds("messages.body", "Yskittää öisin.")

        here.tester("PUT", "offline", {"offline": False})
        visit(person, "/outbox", "outbox")
        person.page.evaluate("document.querySelector(`[flt-semantics-identifier='outbox.retry']`)?.click()")
        person.sees("outbox.empty")
        subjects = [one["subject"] for one in here.tester("GET", "professional/threads")["threads"]]
        assert (subjects.count("Kuume"), subjects.count("Yskä")) == (1, 0)


ROOMS = (
    ("/pathways/sleep", "pathway"),
    ("/record/results", "record.results"),
    ("/measurements", "measurements"),
    ("/appointments", "appointments"),
    ("/forms", "forms"),
    ("/chat", "chat"),
    ("/services", "services"),
    ("/me/data", "me.data"),
)


def test_no_room_asks_anybody_else_and_a_pdf_is_made_here(
    context: BrowserContext, places: StaticPlaces
) -> None:
    """Charts, drawings, archives that come late: from the site itself, within its policy."""
    page, asked, bad = context.new_page(), [], []
    context.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: bad.append(m.text) if "Content Security Policy" in m.text else None)
    context.on(
        "response", lambda r: bad.append(r.url) if r.status >= 400 and r.url.startswith(places.app) else None
    )
    places.tester("POST", "reset")
    person = Person(page, places.app)
    person.open()
    person.press("device.own")
    sign_in(person, "raija")
    person.sees("home")
    for path, identifier in ROOMS:
        visit(person, path, identifier)
    with page.expect_download(timeout=60_000) as saved:
        person.press("me.data.pdf")
    made = PdfReader(str(saved.value.path()))

    assert "Raija" in (made.pages[0].extract_text() or "") or len(made.pages) > 1
    assert [url for url in asked if not url.startswith((places.app, places.platform, "data:", "blob:"))] == []
    assert bad == []


def test_emergency_numbers_stand_there_before_anything_else(
    context: BrowserContext, places: StaticPlaces
) -> None:
    """Loading never ends: numbers, words in the browser's language, and a bar that says how far it is."""
    page, waiting = context.new_page(), []
    page.route(re.compile("asm.wasm"), lambda route: waiting.append(route))
    page.goto(places.app)
    expect(page.get_by_role("link", name=re.compile("112"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("116117"))).to_be_visible()
    expect(page.get_by_role("progressbar", name=re.compile("Digiklinikka avautuu"))).to_be_visible()
    for route in waiting:
        route.abort()


@pytest.mark.parametrize(
    ("locale", "words"),
    [("sv-FI", "Digikliniken öppnas"), ("en-GB", "digital clinic is opening"), ("ru-RU", "avautuu")],
)
def test_loading_speaks_the_language_of_the_browser(
    browser: Browser, places: StaticPlaces, locale: str, words: str
) -> None:
    """Finnish, Swedish, English; Finnish for all others."""
    context = browser.new_context(locale=locale)
    page, waiting = context.new_page(), []
    page.route(re.compile("asm.wasm"), lambda route: waiting.append(route))
    page.goto(places.app)
    expect(page.locator("#opening-words")).to_contain_text(words)
    assert page.evaluate("document.documentElement.lang") == (
        locale[:2] if locale[:2] in ("sv", "en") else "fi"
    )
    for route in waiting:
        route.abort()
    context.close()


def test_without_scripts_there_are_words_and_numbers(browser: Browser, places: StaticPlaces) -> None:
    """Scripts switched off."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    answer = page.goto(places.app)
    assert answer is not None
    without = re.search("<noscript>(.*)</noscript>", answer.text(), re.S)
    assert without is not None
    assert all(
        words in without[1] for words in ("tarvitsee JavaScriptin", "behöver JavaScript", "needs JavaScript")
    )
    expect(page.get_by_role("link", name=re.compile("112 "))).to_be_visible()
    context.close()


def test_an_old_browser_is_told_so(context: BrowserContext, places: StaticPlaces) -> None:
    """No WebAssembly: words in three languages, numbers, and nothing is loaded in vain."""
    page, asked = context.new_page(), []
    page.add_init_script("delete window.WebAssembly")
    page.on("request", lambda r: asked.append(r.url))
    page.goto(places.app)
    expect(page.get_by_text("Selaimesi on liian vanha")).to_be_visible()
    expect(page.get_by_text("Webbläsaren är för gammal")).to_be_visible()
    expect(page.locator("#opening-status")).to_be_hidden()
    assert [url for url in asked if url.endswith((".wasm", ".zip"))] == []


def test_a_start_that_fails_says_so_and_offers_to_try_again(
    context: BrowserContext, places: StaticPlaces
) -> None:
    """The app's archive cannot be had."""
    page = context.new_page()
    context.route(re.compile("app.zip"), lambda route: route.abort())
    page.goto(places.app)
    expect(page.get_by_text("Digiklinikka ei auennut")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Yritä uudelleen")).to_be_visible()


def test_works_under_a_path(context: BrowserContext) -> None:
    """The same site at /digi/: a screen of its own address, and back from the sign-in page."""
    with running(built("/digi/"), "/digi/") as here:
        person = Person(context.new_page(), here.app)
        person.open("/services")
        person.sees("services")
        assert person.page.url.startswith(f"{here.app}/services")
        person.open("/")
        sign_in(person)
        person.sees("home", "Hei, Aino")
