"""A resident at a browser, for tests: finds by the names for machines, by role and name, as people and tools do."""

import os
import re
import shutil
from collections.abc import Sequence
from glob import glob
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
PATIENCE = 20_000  # ms
ADOPTION = 180  # ms that Flutter needs to adopt a text field after it got the focus


def chromium() -> str:
    """Where Chromium is: CHROMIUM, the system's, or Playwright's own build."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", str(Path.home() / ".cache/ms-playwright"))
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, names)]
    found += glob(f"{own}/chromium-*/chrome-linux*/chrome")
    return next(path for path in found if path)


def launch(playwright: Playwright, *more: str) -> Browser:
    """A headless Chromium that asks nobody anything. ``more``: further switches."""
    return playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, *more])


IS_CUT = """const clips = e => { const found = [];
  for (let p = e.parentElement; p; p = p.parentElement)
    if (getComputedStyle(p).overflowY !== 'visible') found.push(p.getBoundingClientRect());
  return found };
const cut = (e, b) => clips(e).some(c => b.bottom > c.bottom - 1 || b.top < c.top + 1);"""
"""Whether the window, or what scrolls in it, hides a part of the element ``e`` with the box ``b``."""
CUT = f"""selectors => {{ {IS_CUT}
  const found = s => document.querySelector(s);
  return selectors.filter(s => found(s) && cut(found(s), found(s).getBoundingClientRect())) }}"""


class Person:
    """One browser tab. ``app`` is the address of the app."""

    def __init__(self, page: Page, app: str) -> None:
        self.page, self.app = page, app
        page.set_default_timeout(PATIENCE)

    def open(self, path: str = "/") -> None:
        """Go to an address of the app and wait for its first heading."""
        self.page.goto(f"{self.app}{path}")
        self.wait_for_app()

    def wait_for_app(self) -> None:
        """Until the app has drawn a screen."""
        self.page.locator("flt-semantics h1").first.wait_for(state="attached", timeout=60_000)

    def reload(self) -> None:
        """Press F5."""
        self.page.reload()
        self.wait_for_app()

    def id(self, identifier: str) -> Locator:
        """The node with that name for machines."""
        return self.page.locator(f'[flt-semantics-identifier="{identifier}"]')

    def control(self, identifier: str) -> Locator:
        """What can be pressed or written in under that name."""
        inside = 'button, input, textarea, [role="button"], [role="checkbox"], [role="radio"], [role="tab"]'
        node = self.id(identifier).first
        node.wait_for(state="attached")
        within = node.locator(inside)
        return within.first if within.count() else node

    def press(self, identifier: str) -> None:
        """Press the control of that name."""
        self.control(identifier).click()

    def press_named(self, name: str | re.Pattern[str], role: Any = "button") -> None:
        """Press the control of that role and name."""
        self.page.get_by_role(role, name=name).first.click()

    def write(self, identifier: str, words: str) -> None:
        """Write into a field in place of what is there."""
        field = self.control(identifier)
        field.focus()  # a click would aim at where the field was before the screen scrolled to it
        self.page.wait_for_timeout(ADOPTION)
        field.fill(words)
        expect(field).to_have_value(words)

    def holds(self, identifier: str, words: str) -> None:
        """Wait until the field has these words. Flutter tells them only of the field that has the focus, and may draw
        it anew meanwhile."""
        self.page.wait_for_function(
            """([id, words]) => {
                const field = document.querySelector(`[flt-semantics-identifier="${id}"] :is(input, textarea)`);
                if (field && field !== document.activeElement) field.focus();
                return field && field.value === words;
            }""",
            arg=[identifier, words],
            polling=ADOPTION,
        )

    def sees(self, identifier: str, words: str | re.Pattern[str] = "") -> Locator:
        """Wait until that node is there (and says ``words``)."""
        node = self.id(identifier).first
        node.wait_for(state="attached")
        if words:
            expect(node).to_contain_text(words, timeout=PATIENCE)
        return node

    def misses(self, identifier: str) -> None:
        """Wait until no such node is there."""
        expect(self.id(identifier)).to_have_count(0, timeout=PATIENCE)

    def reads(self, words: str | re.Pattern[str]) -> None:
        """Wait until the screen says ``words`` somewhere."""
        self.page.locator("flt-semantics-host").get_by_text(words).first.wait_for(state="attached")

    def in_sight(self) -> str:
        """The names and texts on the screen, for a report."""
        names = self.page.locator("[flt-semantics-identifier]").evaluate_all(
            "nodes => nodes.map(node => node.getAttribute('flt-semantics-identifier'))"
        )
        return f"{' '.join(names)}\n{self.page.locator('flt-semantics-host').all_inner_texts()}"

    def violations(self, rules: Sequence[str] = WCAG) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA, one line each."""
        found = Axe().run(self.page, options={"runOnly": list(rules)}).response["violations"]
        cut = set(self.page.evaluate(CUT, [node["target"][0] for rule in found for node in rule["nodes"]]))
        return [
            f"{rule['id']}: {node['html'][:160]}"
            for rule in found
            for node in rule["nodes"]
            if not (rule["id"] == "target-size" and node["target"][0] in cut)
        ]

    def widest(self) -> tuple[int, int]:
        """How wide the content is and how wide the window: equal when nothing scrolls sideways."""
        script = "() => [document.documentElement.scrollWidth, window.innerWidth]"
        content, window = self.page.evaluate(script)
        return content, window
