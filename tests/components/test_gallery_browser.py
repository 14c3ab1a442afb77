"""The kit in a real Chromium: accessible, usable by keyboard, in every language, size and palette."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.i18n.catalog import TAGS
from app.views.gallery import PARTS
from tests.e2e.conftest import free_port, wait_until_up
from tests.e2e.driver import ADOPTION, Person, launch

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PHONE, SMALL = {"width": 390, "height": 844}, {"width": 320, "height": 2600}
TALL = {"width": 390, "height": 2600}  # everything in sight at once
LEAST = 44  # pixels: the least size of what is pressed
OUTSIDE = """() => [...document.querySelectorAll('flt-semantics-host [role], flt-semantics-host span')]
  .filter(e => { const b = e.getBoundingClientRect(); return b.width && (b.right > innerWidth + 1 || b.left < -1) })
  .map(e => e.textContent.slice(0, 60))"""
TARGETS = """() => [...document.querySelectorAll('flt-semantics-host [role=button], flt-semantics-host [role=radio],'
  + 'flt-semantics-host [role=checkbox]')]
  .map(e => [e.textContent || e.ariaLabel, e.getBoundingClientRect()])
  .filter(([, b]) => b.width && (b.width < 43.5 || b.height < 43.5))
  .map(([name, b]) => `${name}: ${b.width} x ${b.height}`)"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The gallery, served by a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "gallery_app:app", "--app-dir", "tests", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--log-level", "error"], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    wait_until_up(f"http://127.0.0.1:{port}/")
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(15)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for this file."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


class Gallery(Person):
    """A visitor of one part of the gallery."""

    def __init__(self, page: Page, address: str, part: str, **asked: object) -> None:
        super().__init__(page, address)
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        query = "&".join(f"{key}={value}" for key, value in {"part": part, **asked}.items())
        page.goto(f"{address}/?{query}")
        self.sees(f"gallery.{part}")
        page.locator("#opening").wait_for(state="detached")

    def tab(self) -> str:
        """Press Tab; what has the focus then: its words, or its label."""
        self.page.keyboard.press("Tab")
        self.page.wait_for_timeout(ADOPTION)
        return str(
            self.page.evaluate("document.activeElement.textContent || document.activeElement.ariaLabel")
        )


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A new tab of a phone."""
    context = chromium.new_context(viewport=PHONE, locale="fi-FI")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_accessible(tab: Page, address: str, part: str) -> None:
    """No violation of WCAG 2.2 A or AA, targets large enough, nothing from elsewhere, no error in the console."""
    tab.set_viewport_size(TALL)
    gallery = Gallery(tab, address, part)

    assert gallery.violations() == []
    assert tab.evaluate(TARGETS) == []
    assert [url for url in gallery.requests if not url.startswith((address, "blob:", "data:"))] == []
    assert gallery.errors == []


@pytest.mark.parametrize("part", PARTS)
def test_every_part_fits_a_small_window_and_large_text(tab: Page, address: str, part: str) -> None:
    """320 pixels wide (400 % zoom) with the browser's text at 200 %: nothing sticks out."""
    tab.set_viewport_size(SMALL)
    tab.add_init_script("document.documentElement.style.fontSize = '32px'")
    Gallery(tab, address, part)

    assert tab.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("language", TAGS)
def test_every_language_is_its_own(tab: Page, address: str, language: str) -> None:
    """The page says its language; the texts are of it."""
    gallery = Gallery(tab, address, "choices", lang=language)

    expect(tab.locator("html")).to_have_attribute(
        "lang", {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}[TAGS[language]]
    )
    assert gallery.violations() == []


@pytest.mark.parametrize(
    "asked", [{"dark": 1}, {"contrast": 1}, {"dark": 1, "contrast": 1}, {"scale": 2}], ids=str
)
def test_every_palette_and_size(tab: Page, address: str, asked: dict[str, int]) -> None:
    """Dark, high contrast and the app's own large text stay accessible and inside of the window."""
    gallery = Gallery(tab, address, "cards", **asked)

    assert gallery.violations() == []
    assert tab.evaluate(OUTSIDE) == []


def test_the_keyboard_reaches_everything_and_the_focus_is_seen(tab: Page, address: str) -> None:
    """Tab goes in reading order; a ring of three pixels is around what has the focus; Enter and Space press."""
    gallery = Gallery(tab, address, "buttons")
    order = []
    for _ in range(14):
        order.append(gallery.tab())
        style = "getComputedStyle(document.activeElement).outlineWidth"
        assert tab.evaluate(style) == "3px", f"no ring around {order[-1]!r}"

    assert order[:2] == ["112 Hätänumero", "116117 Päivystysapu"]
    assert [name for name in order if name == "Lähetä viesti"] != []
    gallery.control("gallery.primary").focus()
    tab.keyboard.press("Enter")
    gallery.sees("gallery.pressed", "1")
    tab.keyboard.press("Space")
    gallery.sees("gallery.pressed", "2")


def test_a_dialog_gives_the_focus_back(tab: Page, address: str) -> None:
    """Escape closes it, and the keyboard goes on where it was."""
    gallery = Gallery(tab, address, "messages")
    opener = gallery.control("gallery.ask")
    opener.focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("alertdialog").wait_for(state="attached")
    assert gallery.violations() == []

    tab.keyboard.press("Escape")

    tab.get_by_role("alertdialog").wait_for(state="detached")
    expect(opener).to_be_focused()


def test_a_select_is_used_by_keyboard(tab: Page, address: str) -> None:
    """It opens with Enter, an option is chosen with Tab and Enter, the field then says it."""
    gallery = Gallery(tab, address, "choices")
    field = gallery.control("gallery.town")
    field.focus()
    tab.keyboard.press("Enter")
    gallery.sees("gallery.town:hartola")
    assert gallery.violations() == []
    while gallery.tab() != "Hartola":
        pass
    tab.keyboard.press("Enter")

    expect(field).to_have_text("Kotikunta Hartola")
    expect(field).to_be_focused()


def test_a_field_says_its_label_description_and_error(tab: Page, address: str) -> None:
    """All three are in its name; what is written stays."""
    gallery = Gallery(tab, address, "fields")
    name = gallery.control("gallery.required")
    expect(name).to_have_attribute("aria-label", "Nimi (pakollinen)\nKirjoita nimesi")
    long = gallery.control("gallery.long")
    expect(long).to_have_attribute("aria-label", "Viestisi\nKerro omin sanoin, missä asiassa tarvitset apua.")

    gallery.write("gallery.required", "Äiti Öster")

    expect(gallery.control("gallery.required")).to_have_attribute("aria-label", "Nimi (pakollinen)")
    gallery.write("gallery.long", "Hei")
    gallery.reads("497 merkkiä jäljellä")


def test_what_fails_is_told_and_the_rest_lives_on(tab: Page, address: str) -> None:
    """A handler and a part that fail: calm words, no traceback, everything else still works."""
    tab.set_viewport_size(TALL)
    gallery = Gallery(tab, address, "broken")

    gallery.press("gallery.fail")
    gallery.sees("fault", "Jokin meni vikaan")
    gallery.press("gallery.break")
    gallery.press("fault.close")
    gallery.misses("gallery.whole")
    gallery.misses("fault")
    assert "ArithmeticError" not in tab.content()


def test_after_a_lost_connection_the_page_comes_back_with_what_was_written(tab: Page, address: str) -> None:
    """The same session goes on: what stood in the field stands there."""
    tab.add_init_script(
        "window.sockets = []; const S = WebSocket; window.WebSocket = class extends S {"
        "constructor(u, p) { super(u, p); window.sockets.push(this); } }"
    )
    gallery = Gallery(tab, address, "fields")
    gallery.write("gallery.plain", "Viesti kesken")

    with tab.expect_navigation():
        tab.evaluate("window.sockets[0].close()")
    gallery.sees("gallery.fields")

    field = gallery.control("gallery.plain")
    field.focus()
    expect(field).to_have_value("Viesti kesken")


def test_before_anything_is_loaded_the_emergency_numbers_are_there(chromium: Browser, address: str) -> None:
    """Also without JavaScript: the name, the numbers as telephone links, and what is needed."""
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(address)

    expect(page.locator("a[href='tel:112']")).to_be_visible()
    expect(page.locator("a[href='tel:116117']")).to_be_visible()
    assert "tarvitsee JavaScriptin" in page.request.get(address).text()  # <noscript>: not drawn when emulated
    context.close()
