"""Measurements of a pathway: what can be entered, and which of its instructions a value calls for. No diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from app.pathways.model import Limit, Measure

if TYPE_CHECKING:  # it brings all of results along
    from app.domain.measurements import MeasureKind

__all__ = ["SCALES", "Scale", "home_kind", "limit_met", "problem_of"]


class Scale(NamedTuple):
    """What can be measured at all: lowest and highest believable value, UCUM unit, decimals, LOINC code.

    ``second``: there are two values (blood pressure).
    """

    low: float
    high: float
    unit: str
    decimals: int = 0
    loinc: str = ""
    second: bool = False


SCALES: Mapping[str, Scale] = MappingProxyType(
    {
        "blood-pressure": Scale(40, 300, "mm[Hg]", 0, "85354-9", second=True),
        "pulse": Scale(20, 250, "/min", 0, "8867-4"),
        "weight": Scale(1, 400, "kg", 1, "29463-7"),
        "temperature": Scale(30, 45, "Cel", 1, "8310-5"),
        "glucose": Scale(0.5, 40, "mmol/L", 1, "15074-8"),
        "sleep-hours": Scale(0, 24, "h", 1, "93832-4"),
        "steps": Scale(0, 100000, "1", 0, "41950-7"),
        "pain": Scale(0, 10, "{score}", 0, "72514-3"),
        "mood": Scale(0, 10, "{score}"),
        "mask-hours": Scale(0, 24, "h", 1),
        "cigarettes": Scale(0, 200, "1", 0, "64218-1"),
        "oxygen": Scale(40, 100, "%", 0, "59408-5"),
        "waist": Scale(30, 250, "cm", 0, "8280-0"),
    }
)


_OTHER_NAMES: Mapping[str, str] = MappingProxyType({"sleep-hours": "sleep"})


def home_kind(what: str) -> MeasureKind | None:
    """The home measurement that ``what`` is; None for what is measured on pathways only (mood, steps …)."""
    from app.domain.measurements import MeasureKind

    name = _OTHER_NAMES.get(what, what)
    return next((kind for kind in MeasureKind if kind.value == name), None)


def problem_of(what: str, value: float | None, second: float | None = None) -> str:
    """``missing``, ``out-of-range`` or ``swapped`` (upper below lower) when it cannot be true; else empty."""
    scale = SCALES[what]
    given = (value, second) if scale.second else (value,)
    if any(one is None for one in given):
        return "missing"
    if any(not scale.low <= one <= scale.high for one in given if one is not None):
        return "out-of-range"
    if scale.second and value is not None and second is not None and value <= second:
        return "swapped"
    return ""


def limit_met(measure: Measure, value: float, second: float | None = None) -> Limit | None:
    """The first limit that a value is beyond. Authors write the gravest first: one instruction, not several."""
    return next((limit for limit in measure.limits if _beyond(limit, _part(limit, value, second))), None)


def _part(limit: Limit, value: float, second: float | None) -> float | None:
    return second if limit.part == "diastolic" else value


def _beyond(limit: Limit, value: float | None) -> bool:
    if value is None:
        return False
    return (limit.above is not None and value > limit.above) or (
        limit.below is not None and value < limit.below
    )
