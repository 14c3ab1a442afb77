"""Pictures of pathways: SVG whose colours are names of the theme in braces, so they follow every palette."""

import re
from collections.abc import Mapping
from pathlib import Path

__all__ = ["COLOURS", "NAME", "find", "painted"]

COLOURS = (
    "primary",
    "on_primary",
    "primary_soft",
    "on_primary_soft",
    "background",
    "surface",
    "surface_raised",
    "text",
    "text_muted",
    "outline",
    "outline_soft",
    "success",
    "success_soft",
    "warning",
    "warning_soft",
    "info",
    "info_soft",
    "error",
    "error_soft",
)
NAME = re.compile(r"\{([a-z_]+)\}")
_ALLOWED = frozenset(
    ["svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc"]
)
_PAINT = ("fill", "stroke")


def find(folder: Path, name: str) -> Path | None:
    """The file of a picture: the pathway's own, else the one that all share."""
    places = (folder / "pictures" / f"{name}.svg", folder.parent / "pictures" / f"{name}.svg")
    return next((place for place in places if place.is_file()), None)


def painted(drawing: str, colours: Mapping[str, str]) -> str:
    """``drawing`` in the colours of a theme, by role; unknown names become its text colour."""
    return NAME.sub(lambda found: colours.get(found[1], colours["text"]), drawing)
