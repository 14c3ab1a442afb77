"""Is a body R4? Names, shapes, required elements, primitives and required codes, by HL7's own structures.

Not checked: invariants, value set membership beyond required codes, profiles, slicing.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backend_stub.fhir import dates
from backend_stub.fhir.definitions import Rule, resource_types, structure
from backend_stub.fhir.errors import BadRequest, outcome

MAX_ISSUES = 20
MAX_DEPTH = 60
ID = re.compile(r"^[A-Za-z0-9\-.]{1,64}$")
_DAY = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?"
_ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))"
_FORMS = {
    "id": ID.pattern,
    "code": r"^[^\s]+( [^\s]+)*$",
    "uri": r"^\S+$",
    "url": r"^\S+$",
    "canonical": r"^\S+$",
    "oid": r"^urn:oid:[0-2](\.(0|[1-9]\d*))+$",
    "uuid": r"^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    "date": rf"^{_DAY}$",
    "dateTime": rf"^(\d{{4}}(-(0[1-9]|1[0-2]))?|\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T{_CLOCK}{_ZONE})?)$",
    "instant": rf"^\d{{4}}-\d\d-\d\dT{_CLOCK}{_ZONE}$",
    "time": rf"^{_CLOCK}$",
    "xhtml": r"\s*<div[\s>][\s\S]*",
}
_PATTERNS = {name: re.compile(form) for name, form in _FORMS.items()}
_DATES = ("date", "dateTime", "instant")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_REFERENCE = re.compile(
    r"^(#.*|[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}(/_history/[A-Za-z0-9\-.]{1,64})?|[a-z][a-z0-9+.\-]*:\S+)$"
)
_INTEGERS = {"integer": (-(2**31), 2**31 - 1), "unsignedInt": (0, 2**31 - 1), "positiveInt": (1, 2**31 - 1)}


class Invalid(BadRequest):
    """The body is no valid R4; ``issues`` are (issue code, path, reason)."""

    def __init__(self, issues: list["Issue"]) -> None:
        super().__init__(f"{issues[0].path}: {issues[0].reason}", code=issues[0].code)
        self.issues = issues

    def outcome(self) -> dict[str, Any]:
        """One issue for each fault, with its place in ``expression``."""
        whole = [
            outcome(one.code, f"{self.where}{one.path}: {one.reason}")["issue"][0] for one in self.issues
        ]
        for issue, one in zip(whole, self.issues, strict=True):
            issue["expression"] = [one.path]
        return {"resourceType": "OperationOutcome", "issue": whole}


@dataclass(frozen=True)
class Issue:
    """One fault. Reasons never repeat the value: it may be health data."""

    code: str
    path: str
    reason: str


def check(body: Any, expected: str | None = None) -> None:
    """Raise Invalid (or BadRequest) unless ``body`` is a well-formed resource, of type ``expected`` when given."""
    type = body.get("resourceType") if isinstance(body, dict) else None
    if not isinstance(type, str):
        raise BadRequest("the body is not a FHIR resource: resourceType is missing", code="structure")
    if type not in resource_types():
        raise BadRequest("the body's resourceType is not an R4 resource type", code="structure")
    if expected and type != expected:
        raise BadRequest(f"the body is a {type}, the address says {expected}", code="invariant")
    found: list[Issue] = []
    for issue in _resource(body, type, 0):
        found.append(issue)
        if len(found) >= MAX_ISSUES:
            break
    if found:
        raise Invalid(found)


def _resource(body: Any, path: str, depth: int) -> Iterator[Issue]:
    type = body.get("resourceType") if isinstance(body, dict) else None
    if not isinstance(type, str) or type not in resource_types():
        yield Issue("structure", path, "is not an R4 resource")
        return
    rest = {name: value for name, value in body.items() if name != "resourceType"}
    yield from _object(rest, type, path, depth, may_be_empty=True)


def _object(
    body: dict[str, Any], name: str, path: str, depth: int, *, may_be_empty: bool = False
) -> Iterator[Issue]:
    if depth > MAX_DEPTH:
        yield Issue("too-costly", path, f"is nested more than {MAX_DEPTH} levels deep")
        return
    if not body and not may_be_empty:
        yield Issue("structure", path, "is an empty object")
    rules = structure(name)
    choices: dict[str, str] = {}
    for element, value in body.items():
        rule = rules.get(element.removeprefix("_"))
        if rule is None or element.endswith("[x]"):
            yield Issue("structure", f"{path}.{_printable(element)}", "is not an element of R4")
        elif element.startswith("_"):
            yield from _shadow(value, rule, f"{path}.{element}", depth)
        else:
            if rule.choice and choices.setdefault(rule.choice, element) != element:
                yield Issue("structure", f"{path}.{rule.choice}[x]", "has more than one value")
            yield from _element(value, rule, f"{path}.{element}", depth, f"_{element}" in body)
    yield from _required(body, rules, choices, path)


def _required(body: dict[str, Any], rules: Any, choices: dict[str, str], path: str) -> Iterator[Issue]:
    for element, rule in rules.items():
        if not rule.required or element in body or f"_{element}" in body:
            continue
        choice = element.removesuffix("[x]")
        shadowed = any(f"_{name}" in body for name, one in rules.items() if one.choice == choice)
        if not element.endswith("[x]") or not (choice in choices or shadowed):
            yield Issue("required", f"{path}.{element}", "is required")


def _element(value: Any, rule: Rule, path: str, depth: int, shadowed: bool) -> Iterator[Issue]:
    if not rule.many:
        yield from _value(value, rule, path, depth)
        return
    if not isinstance(value, list) or not value:
        yield Issue("structure", path, "must be a list with something in it")
        return
    for at, one in enumerate(value):
        if one is not None or not shadowed:
            yield from _value(one, rule, f"{path}[{at}]", depth)


def _value(value: Any, rule: Rule, path: str, depth: int) -> Iterator[Issue]:
    if rule.type == "ResourceList":
        yield from _resource(value, path, depth + 1)
    elif rule.type == "" or structure(rule.type):
        if isinstance(value, dict):
            yield from _object(value, rule.type, path, depth + 1)
            if rule.type == "Reference":
                yield from _reference(value.get("reference"), path)
        else:
            yield Issue("structure", path, "must be an object")
    else:
        reason = _primitive(value, rule)
        if reason:
            yield Issue("value", path, reason)


def _primitive(value: Any, rule: Rule) -> str:
    if rule.type == "boolean":
        return "" if isinstance(value, bool) else "must be true or false"
    if rule.type in _INTEGERS:
        low, high = _INTEGERS[rule.type]
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if fits else f"must be a whole number ({rule.type})"
    if rule.type == "decimal":
        numeric = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        return "" if numeric else "must be a number"
    return _text(value, rule)


def _text(value: Any, rule: Rule) -> str:
    if not isinstance(value, str):
        return f"must be a string ({rule.type})"
    pattern = _PATTERNS.get(rule.type)
    if _UNFIT.search(value) or not value.strip() or (pattern and not pattern.fullmatch(value)):
        return f"is not a valid {rule.type}"
    if rule.type == "base64Binary" and not _is_base64(value):
        return "is not valid base64"
    if rule.type in _DATES and not _is_date(value):
        return f"is not a valid {rule.type}: no such day or time"
    if rule.codes and value not in rule.codes:
        return "is not one of the required codes"
    return ""


def _is_date(value: str) -> bool:
    try:
        dates.parse(value)
    except (ValueError, OverflowError):
        return False
    return True


def _is_base64(value: str) -> bool:
    try:
        binascii.a2b_base64("".join(value.split()), strict_mode=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _shadow(value: Any, rule: Rule, path: str, depth: int) -> Iterator[Issue]:
    """The ``_name`` beside a primitive: id and extensions, in a list beside a list."""
    if structure(rule.type):
        yield Issue("structure", path, "only primitives have a companion element")
        return
    if rule.many and (not isinstance(value, list) or not any(value)):
        yield Issue("structure", path, "must be a list with something in it")
        return
    for one in value if rule.many else [value]:
        if rule.many and one is None:
            continue
        if not isinstance(one, dict) or not one or not one.keys() <= {"id", "extension"}:
            yield Issue("structure", path, "must hold an id or extensions")
        else:
            yield from _extensions(one, path, depth)


def _extensions(extra: dict[str, Any], path: str, depth: int) -> Iterator[Issue]:
    if not isinstance(extra.get("id", ""), str):
        yield Issue("value", f"{path}.id", "must be a string")
    if "extension" in extra:
        rule = structure("Extension")["extension"]
        yield from _element(extra["extension"], rule, f"{path}.extension", depth + 1, False)


def _reference(value: Any, path: str) -> Iterator[Issue]:
    if isinstance(value, str) and not _REFERENCE.fullmatch(value):
        yield Issue(
            "value", f"{path}.reference", "is neither Type/id, an absolute address, urn: nor #contained"
        )


def _printable(name: str) -> str:
    return name if name.isascii() and name.isidentifier() and len(name) < 64 else "?"
