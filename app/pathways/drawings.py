"""Pictures of pathways: SVG whose colours are names of the theme in braces, so they follow every palette."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = ["COLOURS", "find", "painted", "wrong_in"]

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
_NAME = re.compile(r"\{([a-z_]+)\}")
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
    return _NAME.sub(lambda found: colours.get(found[1], colours["text"]), drawing)


def wrong_in(drawing: str) -> Iterator[str]:
    """What a picture must not have, in words."""
    try:
        root = ElementTree.fromstring(drawing)
    except ElementTree.ParseError as error:
        yield f"is not XML: {error}"
        return
    if "viewBox" not in root.attrib:
        yield "has no viewBox, so it cannot grow"
    for element in root.iter():
        yield from _wrong_element(element)


def _wrong_element(element: ElementTree.Element) -> Iterator[str]:
    tag = element.tag.rpartition("}")[2]
    if tag not in _ALLOWED:
        yield f"<{tag}> is not allowed: only shapes are"
    for name, value in element.attrib.items():
        if name.startswith("on") or "href" in name or "url(" in value:
            yield f"{name} is not allowed"
        if name in _PAINT and not _is_paint(value):
            yield f"{name}={value!r} is not a colour of the theme such as {{primary}}"


def _is_paint(value: str) -> bool:
    found = _NAME.fullmatch(value)
    return value == "none" or (found is not None and found[1] in COLOURS)
