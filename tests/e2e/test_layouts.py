"""Small windows, large text, dark, high contrast: nothing sticks out, and each choice takes effect at once."""

from io import BytesIO

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Browser, expect

from tests.e2e import probes, walk
from tests.e2e.driver import Person
from tests.e2e.places import Places
from tests.e2e.test_accessibility import walker
from tests.e2e.walk import Stop
from tests.e2e.walk_forms import FORMS
from tests.e2e.walk_record import RECORD

MAIN = tuple(stop for stop in walk.AINO if stop.main or stop in walk.PROVIDER)
NARROW, PHONE = (320, 640), (390, 844)
SETTLED = 600  # ms for the picture to follow


def _stick_out(browser: Browser, places: Places, stops: tuple[Stop, ...], large: str) -> dict[str, object]:
    """What is wider than a window of 320 pixels at each stop, with text of that kind of large."""
    with walker(browser, places, NARROW) as somebody:
        person = somebody.person
        if large == "browser":
            person.page.add_init_script(probes.ROOT_FONT)
            person.reload()
        else:
            walk.visit(person, "/settings", "settings")
            walk.choose(person, "settings.text-size", 3)
        found = {}
        for stop in walk.walk(somebody, stops):
            found[stop.name] = [*person.page.evaluate(probes.OUTSIDE), *_sideways(person)]
        return {name: wrong for name, wrong in found.items() if wrong}


def _sideways(person: Person) -> list[str]:
    content, window = person.widest()
    return [f"{content} wide in a window of {window}"] if content > window else []


@pytest.mark.parametrize("large", ["browser", "settings"])
def test_nothing_sticks_out_at_320_pixels_and_200_percent(
    browser: Browser, places: Places, large: str
) -> None:
    """WCAG 1.4.4 and 1.4.10 at once, the text enlarged by the browser or in the settings."""
    assert _stick_out(browser, places, MAIN, large) == {}


@pytest.mark.parametrize("large", ["browser", "settings"])
def test_no_form_sticks_out_either(browser: Browser, places: Places, large: str) -> None:
    """The same for the forms."""
    assert _stick_out(browser, places, FORMS, large) == {}


@pytest.mark.parametrize("large", ["browser", "settings"])
def test_nothing_of_ones_own_data_sticks_out_either(browser: Browser, places: Places, large: str) -> None:
    """The same for results, charts, measurements and particulars."""
    assert _stick_out(browser, places, RECORD, large) == {}


def _ground(person: Person) -> tuple[float, ...]:
    """The mean colour of a strip of the screen's ground."""
    person.page.wait_for_timeout(SETTLED)
    picture = Image.open(BytesIO(person.page.screenshot())).convert("RGB")
    return tuple(ImageStat.Stat(picture.crop((2, 300, 12, 500))).mean)


def test_choices_take_effect_at_once_and_last(browser: Browser, places: Places) -> None:
    """Text grows to twice its size; contrast and darkness change the ground; it is still so on another screen."""
    with walker(browser, places, PHONE) as somebody:
        person = somebody.person
        walk.visit(person, "/settings", "settings")
        heading = person.page.locator("flt-semantics h1").first
        before = heading.bounding_box()
        ordinary = _ground(person)
        walk.choose(person, "settings.high-contrast", 1)
        assert _ground(person) == (255, 255, 255) != ordinary
        walk.choose(person, "settings.brightness", 2)
        assert _ground(person) == (0, 0, 0)
        walk.choose(person, "settings.high-contrast", 0)
        assert max(_ground(person)) < 60
        walk.choose(person, "settings.text-size", 3)
        after = heading.bounding_box()
        assert before is not None
        assert after is not None
        assert after["height"] >= 1.9 * before["height"]
        walk.visit(person, "/services", "services")
        assert max(_ground(person)) < 60


def test_a_wide_window_has_a_rail_and_a_narrow_one_a_bar(browser: Browser, places: Places) -> None:
    """The rooms move when the window changes; what was written stays."""
    with walker(browser, places, PHONE) as somebody:
        person = somebody.person
        walk.visit(person, "/services", "services")
        person.write("services.search", "hammas")
        bar = person.id("navigation").first.bounding_box()
        assert bar is not None
        assert bar["y"] > 700
        person.page.set_viewport_size({"width": 1280, "height": 800})
        rail = "document.querySelector('[flt-semantics-identifier=navigation]')?.getBoundingClientRect()"
        person.page.wait_for_function(f"() => {rail}?.height > 700")
        expect(person.control("services.search")).to_have_value("hammas")


def test_offline_and_signed_out_are_told_on_every_screen(browser: Browser, places: Places) -> None:
    """The banner is there within seconds, on any screen, and goes when the connection is back."""
    with walker(browser, places, PHONE) as somebody:
        person = somebody.person
        walk.sign_in(somebody)
        places.tester("PUT", "offline", {"offline": True})
        walk.send(somebody, "Kuume", "messages.to-outbox")
        for path, screen in (("/", "home"), ("/services", "services"), ("/outbox", "outbox")):
            walk.visit(person, path, screen)
            person.sees("offline-banner", "Ei verkkoyhteyttä")
        places.tester("PUT", "offline", {"offline": False})
        walk.send_now(person)
        person.misses("offline-banner")
        places.tester("POST", "sign-out")
        walk.send(somebody, "Huimaus", "messages.to-outbox")
        person.sees("signed-out-banner")
        person.sees("banner.sign-in")
