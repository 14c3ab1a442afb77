"""The first screen of the static client, drawn when the site is built: the very same, whoever draws it and when."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import load_region
from app.main import FIRST_SCREEN
from app.platform.flet_fixes import install
from web import first
from web.first import Look, draw, looks, spans

FINNISH = Look("paijat-hame", "fi", dark=False)


@pytest.fixture(autouse=True)
def fixes() -> Iterator[None]:
    """Flet's defects neutralised, as in the app."""
    installed = install(strict=True)
    yield
    installed.remove()


def messages(screen: bytes, part: str) -> list[Any]:
    """What Flutter is sent: [action, body] each."""
    packed = msgpack.unpackb(screen)[part]
    return [msgpack.unpackb(message[1:], strict_map_key=False) for message in packed]


async def test_the_same_look_is_drawn_alike_each_time() -> None:
    """Byte for byte, in a window of any width that is laid out alike."""
    assert await draw(FINNISH, 390) == await draw(FINNISH, 412) == await draw(FINNISH, 390)


async def test_other_looks_are_others() -> None:
    """Language, darkness, a wide window, another county."""
    drawn = [
        await draw(FINNISH, 390),
        await draw(Look("paijat-hame", "sv", dark=False), 390),
        await draw(Look("paijat-hame", "fi", dark=True), 390),
        await draw(FINNISH, 1280),
        await draw(Look("tunturila", "fi", dark=False), 390),
    ]
    assert len(set(drawn)) == len(drawn)


async def test_the_screen_is_welcome_and_its_controls_are_numbered_from_a_fixed_one() -> None:
    """So that what is pressed before Python answers means the same control afterwards."""
    screen = await draw(FINNISH, 390)
    (register, page), (patch, body) = messages(screen, "page")[0], messages(screen, "drawn")[-1]
    assert (register, patch) == (1, 2)
    assert "welcome.sign-in" in str(body)
    assert "Tervetuloa" in str(body)
    assert f"'_i': {FIRST_SCREEN}" in str(body)
    assert "width" not in str(page), "Flutter knows its own window best"


async def test_the_screen_has_a_title_and_a_language() -> None:
    """As soon as it is in sight."""
    named = str(messages(await draw(Look("paijat-hame", "sv", dark=True), 390), "named"))
    assert f"'title', '{load_region('paijat-hame').app_name('sv')}'" in named
    assert "'language_code': 'sv'" in named
    assert "'theme_mode', 'dark'" in named


def test_every_region_and_language_has_its_look_but_the_device_asks_for_no_plain_finnish() -> None:
    """Plain Finnish is chosen in the app."""
    for region in ("paijat-hame", "tunturila"):
        known = {look.language for look in looks() if look.region == region}
        assert known == set(load_region(region).languages) - {"fi_selko"}


@given(edges=st.lists(st.integers(first.WIDTHS[0], first.WIDTHS[-1]), max_size=6))
def test_spans_are_drawn_alike_throughout(edges: list[int]) -> None:
    """Whatever the widths at which the layout changes: both ends of a span, and all between that was not passed over
    twice within one step, look the same."""

    async def drawing(width: int) -> bytes:
        return bytes([sum(width >= edge for edge in edges)])

    for begin, end in asyncio.run(spans(drawing)):
        assert begin <= end
        assert asyncio.run(drawing(begin)) == asyncio.run(drawing(end))


@pytest.mark.parametrize("edge", [321, 340, 700, 900, 2559])
def test_a_layout_that_changes_once_has_two_spans(edge: int) -> None:
    """Next to each other."""

    async def drawing(width: int) -> bytes:
        return b"wide" if width >= edge else b"narrow"

    assert asyncio.run(spans(drawing)) == [(first.WIDTHS[0], edge - 1), (edge, first.WIDTHS[-1])]


def test_what_is_made_names_a_file_for_each(tmp_path: Path) -> None:
    """index.json and its screens, one file for screens that are alike."""
    first.make(tmp_path / "first", [FINNISH])
    listed = json.loads((tmp_path / "first" / "index.json").read_text())
    assert [look["from"] for look in listed] == sorted({look["from"] for look in listed})
    assert any(look["from"] <= 390 <= look["to"] for look in listed)
    assert {look["screen"] for look in listed} | {"index.json"} == {
        path.name for path in (tmp_path / "first").iterdir()
    }
