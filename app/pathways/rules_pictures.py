"""What a picture must not have. Only checking needs it; the app draws what was checked."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from app.pathways.drawings import COLOURS, NAME

__all__ = ["wrong_in"]

_ALLOWED = frozenset(
    ("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc")
)
_PAINT = ("fill", "stroke")


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
    found = NAME.fullmatch(value)
    return value == "none" or (found is not None and found[1] in COLOURS)
