"""The same measurement over time: what may be drawn together, and what happened in one sentence (row E2)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.base import Model
from app.domain.record import Entry
from app.domain.results import Amount, Flag, Limits, Result
from app.domain.units import converted, same_unit


class Point(Model):
    """One value at one time. ``exact`` False: only known to be less or more than it (a comparator). ``original``: as
    it was given when it was converted."""

    at: datetime
    value: Decimal
    exact: bool = True
    comparator: str = ""
    flag: Flag = Flag.NONE
    original: Amount | None = None
    key: str = ""


class Direction(StrEnum):
    """What the last values did. ONE: there is only one; APART: they do not tell a direction."""

    ONE = "one"
    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    APART = "apart"


class Trend(Model):
    """Values of one measurement in one unit, oldest first. ``others``: in units that cannot be converted, each unit
    apart. ``times``: how many last values went in ``direction``."""

    unit: str = ""
    code: str = ""
    points: tuple[Point, ...] = ()
    limits: Limits = Limits()
    direction: Direction = Direction.ONE
    times: int = 0
    others: "tuple[Trend, ...]" = ()

    @property
    def converted(self) -> bool:
        """Whether some values were given in another unit."""
        return any(point.original for point in self.points)


class Measured(Model):
    """A value as it goes into a trend."""

    at: datetime
    amount: Amount
    limits: Limits = Limits()
    flag: Flag = Flag.NONE
    key: str = ""


STEADY = Decimal("0.03")
"""Values within three per cent of each other are called steady."""


def trend(measured: Iterable[Measured], analyte: str = "") -> Trend:
    """The trend in the unit of the newest value. ``analyte``: LOINC code, for conversions that need to know what is
    measured. What cannot be converted is kept apart, never drawn on the same axis."""
    ordered = sorted(measured, key=lambda one: one.at)
    if not ordered:
        return Trend()
    newest = ordered[-1]
    fitting = [(one, _fit(one.amount, newest.amount, analyte)) for one in ordered]
    points = tuple(_point(one, value) for one, value in fitting if value is not None)
    rest = [one for one, value in fitting if value is None]
    direction, times = movement(points)
    return Trend(
        unit=newest.amount.unit,
        code=newest.amount.code,
        points=points,
        limits=newest.limits,
        direction=direction,
        times=times,
        others=_apart(rest, analyte),
    )


def _apart(rest: Sequence[Measured], analyte: str) -> tuple[Trend, ...]:
    if not rest:
        return ()
    first = trend(rest, analyte)
    return (first.model_copy(update={"others": ()}), *first.others)


def _fit(amount: Amount, like: Amount, analyte: str) -> Decimal | None:
    if same_unit(amount, like):
        return amount.value
    return converted(amount, like, analyte)


def _point(one: Measured, value: Decimal) -> Point:
    changed = value != one.amount.value
    return Point(
        at=one.at,
        value=value,
        exact=not one.amount.comparator,
        comparator=one.amount.comparator,
        flag=one.flag,
        original=one.amount if changed else None,
        key=one.key,
    )


def movement(points: Sequence[Point]) -> tuple[Direction, int]:
    """What the last exact values did, and how many of them went that way."""
    values = [point.value for point in points if point.exact]
    if len(values) < 2:
        return (Direction.ONE if len(points) < 2 else Direction.APART), 0
    lowest, highest = min(values[-3:]), max(values[-3:])
    if len(values) >= 3 and highest - lowest <= abs(highest) * STEADY:
        return Direction.STEADY, 3
    falls, rises = _run(values, -1), _run(values, 1)
    if falls:
        return Direction.FALLING, falls
    return (Direction.RISING, rises) if rises else (Direction.STEADY, 2)


def _run(values: Sequence[Decimal], sign: int) -> int:
    """How many times in a row, to the end, the value went that way."""
    times = 0
    for before, after in zip(reversed(values[:-1]), reversed(values), strict=False):
        if (after - before) * sign <= 0:
            break
        times += 1
    return times


def measured(entry: Entry) -> Measured | None:
    """The value of a result as it goes into a trend; None for what is not a number or not valid."""
    about = entry.about
    if not isinstance(about, Result) or about.amount is None or entry.at is None or not about.state.shown:
        return None
    if entry.wrong or about.state.value in ("cancelled", "wrong"):
        return None
    return Measured(at=entry.at, amount=about.amount, limits=about.limits, flag=about.flag, key=entry.key)


def same_series(one: Entry, other: Entry) -> bool:
    """Whether both are the same measurement, taken in the same kind of place."""
    return (
        isinstance(one.about, Result)
        and isinstance(other.about, Result)
        and one.about.series == other.about.series
        and one.about.home == other.about.home
    )
