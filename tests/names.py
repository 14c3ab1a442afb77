"""Names for machines: those that ``docs/automation.md`` lists, and those that the code gives."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOC = ROOT / "docs" / "automation.md"
ROW = re.compile(r"^\| `([^`]+)` \| (screen|control|part|dialog) \| .+ \|$", re.M)
NAMING = frozenset(
    [
        "Destination",
        "Pages",
        "Screen",
        "attachment_picker",
        "button",
        "card",
        "card_button",
        "checkbox",
        "date_field",
        "dialog",
        "disclosure",
        "icon_button",
        "identified",
        "link_button",
        "make_button",
        "merged",
        "pin_field",
        "radio_group",
        "resource_view",
        "search_field",
        "select",
        "spoken",
        "stepper",
        "sure_dialog",
        "text_field",
        "time_field",
    ]
)
"""Functions whose first argument is a name for machines."""
ANY = "…"


@cache
def documented() -> tuple[str, ...]:
    """The names of the list; ``<x>`` as …"""
    return tuple(re.sub(r"<[^>]*>", ANY, name) for name, _ in ROW.findall(DOC.read_text("utf-8")))


@cache
def named() -> frozenset[str]:
    """All names that views and components give. The gallery's own are nobody's business."""
    found: set[str] = set()
    for node in _nodes():
        found |= {text for value in _values(node) for text in _texts(value) if text}
    return frozenset(found - {"resource", "loading"})  # what the kit falls back to: every screen says its own


def _nodes() -> Iterator[ast.AST]:
    for room in ("views", "components"):
        for path in sorted((ROOT / "app" / room).glob("*.py")):
            if path.name != "gallery.py":
                yield from ast.walk(ast.parse(path.read_text("utf-8")))


def _values(node: ast.AST) -> list[ast.expr]:
    """Where names stand: arguments of the kit's functions, their defaults, and a variable called ``name``."""
    if isinstance(node, ast.Call):
        function = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [word.value for word in node.keywords if word.arg in ("id", "identifier", "keep", "sure")]
        return [*words, *(node.args[:1] if function in NAMING else [])]
    if isinstance(node, ast.FunctionDef):
        pairs = zip(reversed(node.args.args), reversed(node.args.defaults), strict=False)
        return [value for argument, value in pairs if argument.arg == "id"]
    return []


def _texts(node: ast.expr) -> Iterator[str]:
    """What a literal can be: f-strings with … for each part that varies, both ends of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else ANY for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def covered(name: str, others: Iterable[str]) -> bool:
    """Whether ``name`` is one of ``others``, or is what one of them with a part that varies can be."""
    return any(name == other or (ANY in other and _pattern(other).fullmatch(name)) for other in others)


def told(name: str, others: Iterable[str]) -> bool:
    """The same for a name of the code, which may itself have a part that varies."""
    others = tuple(others)
    return covered(name, others) or (ANY in name and any(_pattern(name).fullmatch(other) for other in others))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".+".join(map(re.escape, name.split(ANY))))
