"""The bottom bar: no word of it is broken, measured with the typeface itself."""

from functools import cache

import flet as ft
import pytest
from PIL import ImageFont

from app.assets import ASSETS
from app.components.navigation import SIDE, Destination, bar_slots, rail_slots
from app.components.theme import FONT_BOLD, FONTS, TYPE, make_look
from app.i18n.catalog import LANGUAGES, Catalog

ROOMS = ("home", "messages", "appointments", "pathways", "record")


@cache
def letters(size: int) -> ImageFont.FreeTypeFont:
    """The bold letters of the typeface."""
    return ImageFont.truetype(str(ASSETS / FONTS[FONT_BOLD]), size)


def width(words: str, size: float) -> float:
    """The longest word in logical pixels."""
    return max(letters(100).getlength(word) for word in words.split()) * size / 100


def places(language: str, count: int = 0) -> list[Destination]:
    """The rooms of who is signed in, named in ``language``."""
    t = Catalog(language)
    counts = {"messages": count, "appointments": count}
    return [Destination(room, t(f"nav.{room}"), ft.Icons.HOME, count=counts.get(room, 0)) for room in ROOMS]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("window", [320, 360, 390, 600])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("count", [0, 3])
def test_every_word_fits_its_place(language: str, window: int, scale: float, count: int) -> None:
    """At any size of text, in any language; nothing is smaller than 13 or narrower than 42."""
    rooms = places(language, count)
    slots = bar_slots(make_look(scale=scale), rooms, window)

    assert sum(slot.width for slot in slots) <= window
    for slot, place in zip(slots, rooms, strict=True):
        assert width(place.label, slot.size) <= slot.width - 2 * SIDE + 0.5
        assert slot.size >= 13
        assert slot.width >= 42


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rail_is_as_wide_as_its_words(language: str) -> None:
    """Beside the screen the words are as large as the resident wants them."""
    look = make_look(scale=2.0)
    rooms = places(language)
    for slot, place in zip(rail_slots(look, [room.label for room in rooms]), rooms, strict=True):
        assert slot.size == 2 * TYPE["small"]
        assert width(place.label, slot.size) <= slot.width - 2 * SIDE + 0.5


def test_in_finnish_the_words_are_twice_as_large_on_a_phone() -> None:
    """There is room for the whole of 200 %."""
    slots = bar_slots(make_look(scale=2.0), places("fi"), 412)

    assert min(slot.size for slot in slots) > 1.8 * TYPE["small"]
