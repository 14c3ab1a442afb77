"""Reads what testers send, strictly: a wrong field is a clear 400, never a guess."""

import re
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from backend_stub.clock import FINLAND
from backend_stub.faults import KINDS, Fault

_AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?)\s*(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_NUMBERS: dict[str, type | tuple[type, ...]] = {
    "times": int,
    "probability": (int, float),
    "seed": int,
    "seconds": (int, float),
    "status": int,
}


class Wrong(Exception):
    """What the tester sent cannot be used; the text says why."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


def only(body: Mapping[str, Any], allowed: Collection[str]) -> None:
    """Raises Wrong for any field that is not allowed."""
    unknown = sorted(set(body) - set(allowed))
    if unknown:
        raise Wrong(f"unknown field {unknown[0]!r}; known: {', '.join(sorted(allowed))}")


def moment(text: object) -> datetime:
    """An ISO time; without a zone it is Finnish wall time."""
    try:
        told = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Wrong("now must be an ISO time such as 2026-11-25T14:30:00+02:00") from error
    return told if told.tzinfo else told.replace(tzinfo=FINLAND)


def amount(body: Mapping[str, Any]) -> timedelta:
    """``{"seconds": 90}``, ``{"days": 3}``, several together, or ``{"by": "3d"}``."""
    only(body, {"by", *_UNITS.values()})
    if "by" in body:
        match = _AMOUNT.fullmatch(str(body["by"]))
        if match is None:
            raise Wrong('by must be such as "90s", "15m", "2h" or "3d"')
        return timedelta(**{_UNITS[match[2]]: float(match[1])})
    if not body:
        raise Wrong('say how much: {"days": 3} or {"by": "3d"}')
    return timedelta(**{unit: number(body, unit) for unit in body})


def number(body: Mapping[str, Any], name: str, default: float = 0) -> float:
    """A number field."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(f"{name} must be a number")
    return float(value)


def fault(body: Mapping[str, Any]) -> Fault:
    """A fault from its JSON shape; see /tester/docs."""
    only(body, {field.name for field in fields(Fault)} - {"id", "hits"})
    if body.get("kind") not in KINDS:
        raise Wrong(f"kind must be one of {', '.join(KINDS)}")
    for name, kind in _NUMBERS.items():
        if body.get(name) is not None and (isinstance(body[name], bool) or not isinstance(body[name], kind)):
            raise Wrong(f"{name} must be a number")
    try:
        re.compile(str(body.get("path", "")))
    except re.error as error:
        raise Wrong(f"path is not a regular expression: {error}") from error
    return Fault(**body)
