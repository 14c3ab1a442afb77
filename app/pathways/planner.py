"""Dates of a pathway's steps, from its anchors. Days only: who asks knows which day it is for the resident.

A turn is one occurrence of a step: most steps have one, repeated ones and those of treatment cycles many.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.pathways.model import Anchor, Stage, Step, Structure, When
from app.pathways.span import shift, split

__all__ = ["MOST", "Dates", "Plan", "Turn", "as_moved", "cycle", "moment_of", "plan"]

MOST = 400
"""Occurrences of one step at most."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Dates:
    """The resident's dates by anchor. A cycle has one for each of its turns, others have one.

    ``cancelled``: anchors that were called off; their dates are not used any more.
    """

    days: Mapping[str, tuple[date, ...]] = field(default_factory=lambda: MappingProxyType({}))
    cancelled: frozenset[str] = frozenset()

    def of(self, anchor: str) -> tuple[date, ...]:
        """The days of ``anchor``; none while it is not known or when it was called off."""
        return () if anchor in self.cancelled else self.days.get(anchor, ())

    def having(self, anchor: str, *days: date) -> "Dates":
        """The same with ``anchor`` on ``days``, which is then not called off."""
        return Dates({**self.days, anchor: days}, self.cancelled - {anchor})

    def without(self, anchor: str) -> "Dates":
        """The same with ``anchor`` called off."""
        return Dates(self.days, self.cancelled | {anchor})


class Turn(NamedTuple):
    """One occurrence. ``key`` is stable as long as the pathway's ids are; without dates it can be done any time.

    ``waits``: the anchor whose date is not known yet.
    """

    key: str
    step: str
    stage: str
    since: date | None = None
    until: date | None = None
    waits: str = ""


class Plan(NamedTuple):
    """All turns, in the order of stages and steps."""

    turns: tuple[Turn, ...]

    def by_key(self) -> dict[str, Turn]:
        """Turns by their keys."""
        return {turn.key: turn for turn in self.turns}


def plan(structure: Structure, dates: Dates) -> Plan:
    """When each step can be done. The same input gives the same plan; what was done plays no part here."""
    anchors = {anchor.id: anchor for anchor in structure.anchors}
    return Plan(
        tuple(
            turn
            for stage in structure.stages
            for step in stage.steps
            for turn in _turns(stage, step, anchors, dates)
        )
    )


def cycle(first: date, anchor: Anchor) -> tuple[date, ...]:
    """The days of an anchor that begins on ``first``: one, or one for each turn of its cycle."""
    if anchor.every is None:
        return (first,)
    return tuple(_stepped(first, anchor.every, turn) for turn in range(anchor.times or 1))


def as_moved(days: tuple[date, ...], turn: int, day: date) -> tuple[date, ...]:
    """A cycle whose ``turn`` (from 0) is moved to ``day``: the later ones move with it, the earlier stay."""
    by = day - days[turn]
    return tuple(old + by if place >= turn else old for place, old in enumerate(days))


def moment_of(day: date, at: str, zone: str) -> datetime:
    """``day`` at a time such as 18:00 in a time zone; a time that a clock change skips is an hour later."""
    local = datetime.combine(day, time.fromisoformat(at), ZoneInfo(zone))
    return datetime.fromtimestamp(local.timestamp(), ZoneInfo(zone))


def _turns(stage: Stage, step: Step, anchors: Mapping[str, Anchor], dates: Dates) -> Iterator[Turn]:
    when = step.when
    if when is None:
        yield Turn(step.id, step.id, stage.id)
    elif when.anchor in dates.cancelled:
        if step.if_cancelled == "keep":
            yield Turn(step.id, step.id, stage.id)
    else:
        turns = _dated(stage, step, when, anchors.get(when.anchor), dates.of(when.anchor))
        yield from _ended(turns, dates.of(when.before)[:1] if when.before else ())


def _ended(turns: Iterable[Turn], days: tuple[date, ...]) -> Iterator[Turn]:
    """Without what would begin on the day that ends it; what goes on then ends the day before."""
    for turn in turns:
        if not days or turn.since is None or turn.until is None:
            yield turn
        elif turn.since < days[0]:
            yield turn._replace(until=min(turn.until, days[0] - _DAY))


def _dated(
    stage: Stage, step: Step, when: When, anchor: Anchor | None, days: tuple[date, ...]
) -> Iterator[Turn]:
    if not days:
        yield Turn(step.id, step.id, stage.id, waits=when.anchor)
        return
    cyclic = anchor is not None and anchor.every is not None
    for number, day in enumerate(days, 1):
        key = f"{step.id}@{number}" if cyclic else step.id
        yield from _occurrences(stage.id, step.id, key, when, day)


def _occurrences(stage: str, step: str, key: str, when: When, day: date) -> Iterator[Turn]:
    since = shift(day, when.since)
    if when.repeat is None:
        until = max(since, shift(day, when.until)) if when.until else since
        yield Turn(key, step, stage, since, until)
        return
    end = when.repeat.until or when.until
    last = shift(day, end) if end else date.max
    for number in range(min(when.repeat.times or MOST, MOST)):
        begins, next_one = (_stepped(since, when.repeat.every, place) for place in (number, number + 1))
        if begins > last or next_one <= begins:
            return
        yield Turn(f"{key}~{number + 1}", step, stage, begins, min(last, next_one - _DAY))


def _stepped(first: date, every: str, times: int) -> date:
    """``first`` and ``times`` steps on, counted from the first so that the end of a month does not creep."""
    number, unit = split(every)
    return shift(first, f"{number * times}{unit}")
