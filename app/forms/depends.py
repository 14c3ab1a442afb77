"""What an expression depends on: the linkIds and variables in its text."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.forms.model import Expression

EVERYTHING = "*"
_WHERE = re.compile(r"(?:where|dkItems|exists|all)\(\s*(?:linkId\s*=\s*)?'([^'\\]*)'\s*\)")
_INDEXED = re.compile(
    r"%(?:resource|rootResource)\s*\.\s*(?:repeat\(\s*item\s*\)|descendants\(\s*\))\s*\.\s*(where\(\s*linkId\s*=\s*'[^'\\]*'\s*\))"
)
_VARIABLE = re.compile(r"%([A-Za-z_][A-Za-z0-9_]*|`[^`]+`)")
_WIDE = re.compile(r"linkId|repeat\(|descendants\(|children\(")
_NEAR = re.compile(r"\bitem\b|\banswer\b|%resource|%rootResource|%context|\$this")
_FIXED = frozenset({"resource", "rootResource", "context", "questionnaire", "qitem", "ucum", "loinc", "sct"})


@dataclass(frozen=True)
class Uses:
    """``links``: linkIds (or EVERYTHING); ``names``: variables."""

    links: frozenset[str]
    names: frozenset[str]


def uses_of(text: str) -> Uses:
    """What the text itself mentions."""
    names = frozenset(name.strip("`") for name in _VARIABLE.findall(text)) - _FIXED
    indexed = _INDEXED.sub(r"\1", text)
    links = frozenset(_WHERE.findall(indexed))
    rest = _WHERE.sub("", indexed)
    if _WIDE.search(rest) or (not links and _NEAR.search(rest)):
        links = frozenset({EVERYTHING})
    return Uses(links, names)


def links_of(text: str, variables: Mapping[str, Iterable[Expression]]) -> frozenset[str]:
    """The linkIds that the value depends on, also through variables."""
    found, seen, waiting = set[str](), set[str](), [text]
    while waiting:
        uses = uses_of(waiting.pop())
        found |= uses.links
        for name in uses.names - seen:
            seen.add(name)
            waiting += [one.text for one in variables.get(name, ())]
    return frozenset({EVERYTHING}) if EVERYTHING in found else frozenset(found)
