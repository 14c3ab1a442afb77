"""The simple share of FHIRPath that R4's search parameters are made of, compiled to plain loops.

``a.b.c``, ``x as T``, ``.as(T)``, ``.ofType(T)``, ``.where(resolve() is T)``, ``.where(a='b')`` and ``|``. Choices such
as ``value`` are spread over ``valueQuantity``, ``valueString``, …. Anything else goes to fhirpathpy.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from backend_stub.fhir.definitions import structure

Typed = tuple[Any, str]
Keep = Callable[[Any], bool]
_AS = re.compile(r"\(([\w.]+) (?:as|is) (\w+)\)")
_BARE_AS = re.compile(r"^([\w.]+) as (\w+)$")
_STEP = re.compile(
    r"\.?(?:as\((?P<as>\w+)\)|ofType\((?P<of>\w+)\)|where\(resolve\(\) is (?P<target>\w+)\)"
    r"|where\((?P<field>\w+)='(?P<equals>[^']*)'\)|(?P<name>\w+)(?!\())"
)


@dataclass(frozen=True)
class _Leg:
    """One way from the resource to values of one type: property names and filters in order."""

    steps: tuple[str | Keep, ...]
    type: str

    def values(self, body: Any) -> Iterator[Typed]:
        """Every value at the end of the way."""
        found = [body]
        for step in self.steps:
            found = _descend(found, step) if isinstance(step, str) else [one for one in found if step(one)]
            if not found:
                return
        for one in found:
            yield one, self.type


@cache
def compile_path(expression: str) -> Callable[[Any], Iterator[Typed]]:
    """A function from a resource to (value, FHIR type) pairs."""
    legs: list[_Leg] = []
    rest: list[str] = []
    for part in split_union(expression):
        compiled = _legs(part)
        if compiled is None:
            rest.append(part)
        else:
            legs += compiled
    slow = [_fallback(part) for part in rest]

    def evaluate(body: Any) -> Iterator[Typed]:
        for leg in legs:
            yield from leg.values(body)
        for function in slow:
            yield from function(body)

    return evaluate


def split_union(expression: str) -> list[str]:
    """The parts between ``|`` outside of brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(expression):
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and not depth:
            parts.append(expression[start:at].strip())
            start = at + 1
    return [*parts, expression[start:].strip()]


def _descend(found: list[Any], name: str) -> list[Any]:
    below: list[Any] = []
    for one in found:
        value = one.get(name) if isinstance(one, dict) else None
        if isinstance(value, list):
            below += [item for item in value if item is not None]
        elif value is not None:
            below.append(value)
    return below


def _legs(part: str) -> list[_Leg] | None:
    text = _BARE_AS.sub(r"\1.as(\2)", _AS.sub(r"\1.as(\2)", part))
    text = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    root, _, text = text.partition(".")
    if not re.fullmatch(r"[A-Z]\w+", root):
        return None
    legs = [_Leg((), root)]
    at = 0
    while at < len(text):
        step = _STEP.match(text, at)
        if not step:
            return None
        legs = [longer for leg in legs for longer in _extend(leg, step)]
        at = step.end()
    return legs


def _extend(leg: _Leg, step: re.Match[str]) -> list[_Leg]:
    wanted = step["as"] or step["of"]
    if wanted:
        return [leg] if leg.type == wanted else []
    if step["target"]:
        return [_Leg((*leg.steps, _refers_to(step["target"])), leg.type)]
    if step["field"]:
        return [_Leg((*leg.steps, _field_is(step["field"], step["equals"])), leg.type)]
    return [_Leg((*leg.steps, name), type_) for name, type_ in _children(leg.type, step["name"])]


def _children(owner: str, name: str) -> list[tuple[str, str]]:
    if owner == "Resource":
        owner = "Patient"  # every resource has the elements of Resource
    rules = structure(owner)
    if name in rules:
        return [(name, rules[name].type)]
    return [(element, rule.type) for element, rule in rules.items() if rule.choice == name]


def _refers_to(target: str) -> Keep:
    marked = re.compile(rf"(^|/){target}/[^/]+(/_history/[^/]+)?$")

    def keep(value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        reference = value.get("reference")
        return bool(reference and marked.search(reference)) or (not reference and value.get("type") == target)

    return keep


def _field_is(name: str, wanted: str) -> Keep:
    return lambda value: isinstance(value, dict) and value.get(name) == wanted


def _fallback(expression: str) -> Callable[[Any], list[Typed]]:
    from fhirpathpy import compile as compile_fhirpath  # heavy, and few types need it
    from fhirpathpy.models import models

    function = compile_fhirpath(expression, models["r4"])
    return lambda body: [
        (value, "boolean" if isinstance(value, bool) else "string") for value in function(body, {})
    ]
