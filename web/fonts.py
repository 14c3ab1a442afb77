"""Fonts for letters that the app's own have not: emoji from assets; Cyrillic, Arabic and others from Debian's packages.

Flutter's engine asks for them by the paths of its own table when a text needs them. Every path of the table is there,
for the engine asks for a missing one again and again: what we have no font for is an empty font.
"""

import io
import re
from collections.abc import Iterable
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont

from web.emoji import part_of
from web.places import copy

NOTO = Path("/usr/share/fonts/truetype/noto")
SCRIPTS = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Armenian",
    "Noto Sans Bengali",
    "Noto Sans Ethiopic",
    "Noto Sans Georgian",
    "Noto Sans Gurmukhi",
    "Noto Sans Hebrew",
    "Noto Sans Khmer",
    "Noto Sans Math",
    "Noto Sans Myanmar",
    "Noto Sans Sinhala",
    "Noto Sans Symbols",
    "Noto Sans Symbols 2",
    "Noto Sans Tamil",
    "Noto Sans Thai",
)
NEEDED = ("Noto Sans Arabic",)
_TABLE = re.compile(r'"(Noto [A-Za-z0-9 ]+)","([a-z0-9]+/v\d+/[\w.-]+\.(?:woff2|ttf))"')
_PART = re.compile(r" (\d+)$")


def table(client: str) -> Iterable[tuple[str, str]]:
    """Name and path of every font that the compiled client (main.dart.js) may ask for."""
    return _TABLE.findall(client)


def fill(fonts: Iterable[tuple[str, str]], target: Path) -> list[str]:
    """Put a file at each path under ``target``; the names of those that show letters."""
    empty, found = empty_font(), []
    for name, path in fonts:
        source, place = _source(name, path), target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if source is not None and source.exists():
            copy(source, place)
        else:
            place.write_bytes(empty)
            continue
        found.append(name)
    return found


def missing() -> list[str]:
    """What Debian's packages of fonts would add here: names of fonts that are not installed."""
    wanted = [NOTO / f"{name.replace(' ', '')}-Regular.ttf" for name in NEEDED]
    return [path.name for path in wanted if not path.exists()]


def _source(name: str, path: str) -> Path | None:
    if name.startswith("Noto Color Emoji"):
        return part_of(path)
    whole = name if name in SCRIPTS else _PART.sub("", name)
    return NOTO / f"{whole.replace(' ', '')}-Regular.ttf" if whole in SCRIPTS else None


def empty_font() -> bytes:
    """A whole font with nothing in it."""
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "space"])
    font.setupCharacterMap({32: "space"})
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    glyph = TTGlyphPen(None).glyph()
    font.setupGlyf({".notdef": glyph, "space": glyph})
    font.setupHorizontalMetrics({".notdef": (500, 0), "space": (250, 0)})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Empty", "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.font["head"].created = font.font["head"].modified = 0
    return _bytes(font.font)


def _bytes(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.recalcTimestamp = False
    font.save(out)
    return out.getvalue()
