"""Pictures of every screen: ``make screenshots``. All into build/screenshots, a few small ones into docs/pictures.

``python -m tests.e2e.screenshots phone dark`` takes those looks only, ``… readme`` only what docs/pictures needs.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.e2e import walk
from tests.e2e.driver import Person, launch
from tests.e2e.places import ROOT, Places, running
from tests.e2e.probes import ROOT_FONT
from tests.e2e.walk import Assisted, Stop, Walker
from tests.e2e.walks import EVERYTHING

FOLDER, CHOSEN = ROOT / "build" / "screenshots", ROOT / "docs" / "pictures"
FIRST_PAINTED, PAINTED = 3000, 400  # ms: the picture follows the tree of elements
TALL = 3000
NO_RING = "flt-semantics-host :focus-visible { outline: none !important }"


@dataclass(frozen=True)
class Look:
    """One way to look at the app. ``choices``: radio buttons of settings to press, group -> place.

    ``whole_walk``: every stop, not only the main ones; ``whole_screens``: also what is below the window's edge.
    """

    name: str
    width: int = 390
    height: int = 844
    whole_walk: bool = False
    whole_screens: bool = False
    choices: tuple[tuple[str, int], ...] = ()
    root_font: bool = False
    scheme: str = "light"


LOOKS = (
    Look("phone", whole_walk=True, whole_screens=True),
    Look("desktop", 1280, 800, whole_walk=True),
    Look("dark", whole_walk=True, scheme="dark"),
    Look("desktop-dark", 1280, 800, choices=(("settings.brightness", 2),)),
    Look("contrast", choices=(("settings.high-contrast", 1),)),
    Look("contrast-dark", choices=(("settings.high-contrast", 1), ("settings.brightness", 2))),
    Look("large", whole_walk=True, whole_screens=True, choices=(("settings.text-size", 3),)),
    Look("root-font", root_font=True),
    Look("narrow", 320, 640, whole_walk=True),
    Look("sv", choices=(("settings.language", 1),)),
    Look("en", choices=(("settings.language", 2),)),
    Look("selko", choices=(("settings.language", 3),)),
)
FOR_README = {
    "phone/home": "home",
    "phone/appointments": "appointments",
    "phone/measurement": "record",
    "phone/pathway-step": "pathway",
    "phone/thread-sent": "thread",
    "phone/chat-talk": "chat",
    "phone/form-one": "form",
    "dark/home": "dark",
}


@contextmanager
def window(browser: Browser, places: Places, look: Look) -> Iterator[Walker]:
    """A browser window that looks like that, with the choices made."""
    size = {"width": look.width, "height": look.height}
    context = browser.new_context(viewport=size, locale="fi-FI", color_scheme=look.scheme)  # type: ignore[arg-type]
    if look.root_font:
        context.add_init_script(ROOT_FONT)
    person = Assisted(context.new_page(), places.app)
    person.open("/settings")
    for group, place in look.choices:
        walk.choose(person, group, place)
    person.page.wait_for_timeout(FIRST_PAINTED)
    yield Walker(person, places)
    context.close()


def settled(person: Person, tries: int = 8) -> Image.Image:
    """The picture once it stands still."""
    before = b""
    for _ in range(tries):
        person.page.wait_for_timeout(PAINTED)
        now = person.page.screenshot(caret="hide", style=NO_RING)
        if now == before:
            break
        before = now
    return Image.open(BytesIO(before))


def take(walker: Walker, look: Look, stop: Stop) -> None:
    """The screen as it is seen, and perhaps all of it in one tall picture."""
    page, path = walker.person.page, FOLDER / look.name / f"{stop.name}.png"
    settled(walker.person).save(path)
    if look.whole_screens:
        page.set_viewport_size({"width": look.width, "height": TALL})
        settled(walker.person).save(path.with_name(f"{stop.name}.whole.png"))
        page.set_viewport_size({"width": look.width, "height": look.height})
        page.wait_for_timeout(PAINTED)


def album(browser: Browser, places: Places, look: Look, only: frozenset[str] = frozenset()) -> None:
    """Every picture of one look, or ``only`` those of the stops of these names."""
    (FOLDER / look.name).mkdir(parents=True, exist_ok=True)
    for stops in EVERYTHING:
        asked = [place for place, stop in enumerate(stops) if not only or stop.name in only]
        if not asked:
            continue
        places.tester("POST", "reset")
        with window(browser, places, look) as walker:
            for stop in walk.walk(walker, stops[: asked[-1] + 1]):
                if stop.name in only or (not only and (look.whole_walk or stop.main)):
                    take(walker, look, stop)


def choose_for_readme() -> None:
    """The few pictures that live in the repository, small."""
    CHOSEN.mkdir(parents=True, exist_ok=True)
    for source, name in FOR_README.items():
        path = FOLDER / f"{source}.png"
        if path.exists():
            Image.open(path).convert("RGB").save(CHOSEN / f"{name}.webp", quality=86, method=6)


def _for_readme(look: Look) -> frozenset[str]:
    named = (source.split("/") for source in FOR_README)
    return frozenset(stop for of, stop in named if of == look.name)


def main(wanted: Sequence[str]) -> int:
    """Take the pictures of the looks named, or of all."""
    readme = "readme" in wanted
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data,
        running(Path(data)) as places,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for look in LOOKS:
            only = _for_readme(look) if readme else frozenset()
            if only or (not readme and (not wanted or look.name in wanted)):
                shutil.rmtree(data, ignore_errors=True)  # what the last walk left on the device
                began = time.monotonic()
                album(browser, places, replace(look, whole_screens=False) if readme else look, only)
                sys.stdout.write(f"{look.name}: {time.monotonic() - began:.0f} s\n")
        browser.close()
    choose_for_readme()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
