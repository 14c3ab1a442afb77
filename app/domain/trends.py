"""The same measurement over time: what may be drawn together, and what happened in one sentence (row E2)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile

from app.domain.base import Model
from app.domain.record import Entry
from app.domain.results import Amount, Flag, Limits, Result, ResultState
from app.domain.units import converted, limits_in, same_unit


class Taken(Model):
    """What is known of a value beside the value. ``day_only``: only its day is known, ``partial``: not even that
    ("2019-05")."""

    at: datetime
    day_only: bool = False
    partial: str = ""
    limits: Limits = Limits()
    flag: Flag = Flag.NONE
    state: ResultState = ResultState.FINAL
    key: str = ""


class Measured(Taken):
    """A value as it goes into a trend."""

    amount: Amount


class Point(Taken):
    """One value at one time, in the unit of its trend. ``original``: as it was given when it was converted."""

    value: Decimal
    comparator: str = ""
    original: Amount | None = None

    @property
    def exact(self) -> bool:
        """False: only known to be less or more than it."""
        return not self.comparator


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

    def has_newest_limits(self, point: Point) -> bool:
        """False: the value was judged by other limits than the newest one."""
        own = point.limits
        return not own.known or (own.low, own.high) == (self.limits.low, self.limits.high)

    @property
    def limits_changed(self) -> bool:
        """Whether some values were judged by other limits than the newest one."""
        return not all(map(self.has_newest_limits, self.points))


STEADY = Decimal("0.03")
"""Values within three per cent of each other are called steady."""


def trend(measured: Iterable[Measured], analyte: str = "") -> Trend:
    """The trend in the unit of the newest value. ``analyte``: LOINC code, for conversions that need to know what is
    measured. What cannot be converted is kept apart, never drawn on the same axis."""
    ordered = sorted(measured, key=lambda one: (one.at, one.key))
    if not ordered:
        return Trend()
    newest = ordered[-1]
    fitting = [(one, _fit(one.amount, newest.amount, analyte)) for one in ordered]
    points = tuple(
        _point(one, value, limits_in(one.limits, newest.amount, analyte))
        for one, value in fitting
        if value is not None
    )
    rest = [one for one, value in fitting if value is None]
    direction, times = movement(points)
    return Trend(
        unit=newest.amount.unit,
        code=newest.amount.code,
        points=points,
        limits=limits_in(newest.limits, newest.amount, analyte),
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


def _point(one: Measured, value: Decimal, limits: Limits) -> Point:
    known = {name: getattr(one, name) for name in Taken.model_fields}
    return Point(
        **{**known, "limits": limits},
        value=value,
        comparator=one.amount.comparator,
        original=one.amount if value != one.amount.value else None,
    )


def movement(points: Sequence[Point]) -> tuple[Direction, int]:
    """What the last values did, and how many of them surely went that way."""
    if len(points) < 2:
        return Direction.ONE, 0
    last = points[-3:]
    values = [point.value for point in last]
    near = max(values) - min(values) <= max(map(abs, values)) * STEADY
    if len(last) == 3 and near and all(point.exact for point in last):
        return Direction.STEADY, 3
    falls, rises = _run(points, _falls), _run(points, _rises)
    if falls:
        return Direction.FALLING, falls
    if rises:
        return Direction.RISING, rises
    same = points[-1].value == points[-2].value and points[-1].exact and points[-2].exact
    return (Direction.STEADY, 2) if same else (Direction.APART, 0)


def _run(points: Sequence[Point], went: Callable[[Point, Point], bool]) -> int:
    """How many times in a row, to the end, the value went that way."""
    steps = zip(reversed(points[:-1]), reversed(points), strict=False)
    return sum(1 for _ in takewhile(lambda step: went(*step), steps))


def _falls(before: Point, after: Point) -> bool:
    """Whether the value surely fell: "< 5" is below 5 and everything above it. Of one moment there is no before."""
    if before.at == after.at or before.comparator.startswith("<") or after.comparator.startswith(">"):
        return False
    strict = before.comparator == ">" or after.comparator == "<"
    return after.value < before.value or (strict and after.value == before.value)


def _rises(before: Point, after: Point) -> bool:
    return _falls(after, before)


def measured(entry: Entry) -> Measured | None:
    """The value of a result as it goes into a trend; None for what is not a number, has no time or is not valid."""
    about = entry.about
    if not isinstance(about, Result) or about.amount is None or entry.at is None or not about.state.shown:
        return None
    if entry.wrong or about.state in (ResultState.CANCELLED, ResultState.WRONG):
        return None
    return Measured(
        at=entry.at,
        day_only=entry.day_only,
        partial=entry.partial,
        amount=about.amount,
        limits=about.limits,
        flag=about.flag,
        state=about.state,
        key=entry.key,
    )


def same_series(one: Entry, other: Entry) -> bool:
    """Whether both are the same measurement, taken in the same kind of place."""
    return (
        isinstance(one.about, Result)
        and isinstance(other.about, Result)
        and one.about.series == other.about.series
        and one.about.home == other.about.home
    )
