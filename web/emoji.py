"""Cuts a colour emoji font (COLR) into the parts that Flutter's engine asks for; the parts are kept in assets.

    python -m web.emoji twemoji.woff2        # Twemoji as a font: npm package twemoji-colr-font

Which code points are in which part stands in ``web/emoji.json``; a sequence is drawn when its parts are in one file,
which is how the table was made.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from web.places import ROOT

SLICES = ROOT / "web" / "emoji.json"
PARTS = ROOT / "assets" / "fonts" / "emoji"


def part_of(path: str) -> Path:
    """The file for a path that the engine asks for: its number stands before the ending."""
    return PARTS / f"{path.rsplit('.', 2)[1]}.woff2"


def cut(source: Path, target: Path = PARTS) -> None:
    """Write one WOFF2 file for each part."""
    target.mkdir(parents=True, exist_ok=True)
    slices: Mapping[str, str] = json.loads(SLICES.read_text())
    for name, ranges in slices.items():
        _part(source, code_points(ranges), target / f"{name.strip('[]')}.woff2")


def _part(source: Path, points: set[int], target: Path) -> None:
    options = subset.Options()
    options.layout_features, options.flavor = ["*"], "woff2"
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=points)
    with TTFont(source, recalcTimestamp=False) as font:
        chosen.subset(font)
        font.flavor = "woff2"
        font.save(target)


def code_points(ranges: str) -> set[int]:
    """``U+1F600-1F602,U+200D`` as numbers."""
    points: set[int] = set()
    for part in filter(None, ranges.replace("U+", "").replace("u+", "").split(",")):
        first, _, last = part.strip().partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


if __name__ == "__main__":
    cut(Path(sys.argv[1]))
