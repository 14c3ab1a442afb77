"""Reads what testers send, strictly: a wrong field is a clear 400, never a guess."""

import re
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from backend_stub.clock import FINLAND
from backend_stub.faults import KINDS, Fault

_AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?)\s*(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WHOLE, _ANY = (int,), (int, float)
_MOST = 2**31
_NUMBERS: dict[str, tuple[tuple[type, ...], float, float]] = {  # kinds, least, most
    "times": (_WHOLE, 1, _MOST),
    "probability": (_ANY, 0, 1),
    "seed": (_WHOLE, -_MOST, _MOST),
    "seconds": (_ANY, 0, 86_400),
    "status": (_WHOLE, 200, 599),
    "retry_after": (_ANY, 0, 86_400),
}
_TEXTS = ("kind", "method", "path", "resident", "text")
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)
"""How far the clock can be moved: all that is reckoned from it stays within what a date can say."""


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
    return within(told if told.tzinfo else told.replace(tzinfo=FINLAND))


def within(told: datetime) -> datetime:
    """A time that the clock can show. Raises Wrong."""
    if not FIRST <= told < LAST:
        raise Wrong(f"the clock goes from {FIRST.year} to {LAST.year}")
    return told


def reachable(now: datetime, by: timedelta) -> None:
    """Raises Wrong when ``by`` leads to where the clock cannot go."""
    try:
        within(now + by)
    except OverflowError as error:
        raise Wrong(f"the clock goes from {FIRST.year} to {LAST.year}") from error


def amount(body: Mapping[str, Any]) -> timedelta:
    """``{"seconds": 90}``, ``{"days": 3}``, several together, or ``{"by": "3d"}``."""
    only(body, {"by", *_UNITS.values()})
    if "by" in body:
        match = _AMOUNT.fullmatch(str(body["by"]))
        if match is None:
            raise Wrong('by must be such as "90s", "15m", "2h" or "3d"')
        return _span({_UNITS[match[2]]: float(match[1])})
    if not body:
        raise Wrong('say how much: {"days": 3} or {"by": "3d"}')
    return _span({unit: number(body, unit) for unit in body})


def _span(units: Mapping[str, float]) -> timedelta:
    try:
        return timedelta(**units)
    except OverflowError as error:
        raise Wrong("that is too far") from error


def number(body: Mapping[str, Any], name: str, default: float = 0) -> float:
    """A number field."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(f"{name} must be a number")
    if not abs(value) <= 10**12:  # NaN is not, either
        raise Wrong(f"{name} is too large")
    return float(value)


def fault(body: Mapping[str, Any]) -> Fault:
    """A fault from its JSON shape; see /tester/docs."""
    only(body, {field.name for field in fields(Fault)} - {"id", "hits"})
    if body.get("kind") not in KINDS:
        raise Wrong(f"kind must be one of {', '.join(KINDS)}")
    given = {name: value for name, value in body.items() if value is not None}
    for name in _NUMBERS.keys() & given:
        _check_number(name, given[name])
    for name in given.keys() & _TEXTS:
        if not isinstance(given[name], str):
            raise Wrong(f"{name} must be a text")
    try:
        re.compile(given.get("path", ""))
    except re.error as error:
        raise Wrong(f"path is not a regular expression: {error}") from error
    return Fault(**given)


def _check_number(name: str, value: Any) -> None:
    kinds, least, most = _NUMBERS[name]
    numeric = isinstance(value, kinds) and not isinstance(value, bool)
    if not numeric or not least <= value <= most:
        raise Wrong(f"{name} must be a {'whole ' if kinds == _WHOLE else ''}number from {least} to {most}")
