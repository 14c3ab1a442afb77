"""Reminders of a pathway: only what the resident asked for, each turn once, quiet as soon as it is put away."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field

from app.domain.base import Model
from app.pathways.model import Step, Structure
from app.pathways.planner import Plan, Turn, moment_of
from app.pathways.progress import State, state_of

__all__ = ["USUAL", "Reminder", "Reminders", "coming", "due", "remindable"]

USUAL = "09:00"
"""When to remind of a step whose author named no time."""


class Reminders(Model):
    """What a resident chose for one journey.

    ``all``: every step that has days. ``steps``: a time of day by step, which counts before ``all``; an empty one is
    no reminder. ``asked``: since when, by step ("" for ``all``): nothing is reminded of that lay before that.
    ``heard``: turns whose reminder was put away, with the day they began then.
    """

    all: bool = False
    steps: dict[str, str] = Field(default_factory=dict)
    asked: dict[str, datetime] = Field(default_factory=dict)
    heard: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything to remind of."""
        return self.all or any(self.steps.values())

    def at(self, step: Step) -> str:
        """The time of day of a step's reminder; empty when there is none."""
        return self.steps.get(step.id, usual(step) if self.all and remindable(step) else "")

    def having(self, step: str, at: str, asked: datetime) -> "Reminders":
        """The same with another time for ``step`` from now (``asked``) on; empty: none."""
        heard = tuple(name for name in self.heard if _step_of(name) != step)
        update = {"steps": {**self.steps, step: at}, "asked": {**self.asked, step: asked}, "heard": heard}
        return self.model_copy(update=update)

    def since(self, step: Step) -> datetime | None:
        """Since when the resident wants it."""
        return self.asked.get(step.id if step.id in self.steps else "")

    def hearing(self, turn: Turn) -> "Reminders":
        """The same, ``turn`` put away; moved to other days it reminds again."""
        return self.model_copy(update={"heard": (*self.heard, _named(turn))[-MOST:]})

    def has_heard(self, turn: Turn) -> bool:
        """Whether it was put away."""
        return _named(turn) in self.heard


class Reminder(NamedTuple):
    """A turn, and the moment from which it is reminded of."""

    turn: Turn
    at: datetime


MOST = 400


def usual(step: Step) -> str:
    """The author's time of day, or the usual one."""
    return (step.when.remind if step.when else None) or USUAL


def remindable(step: Step) -> bool:
    """Only steps that have days can be reminded of."""
    return step.when is not None


def due(
    structure: Structure, plan: Plan, marks: Mapping[str, str], wanted: Reminders, now: datetime, zone: str
) -> tuple[Reminder, ...]:
    """What is to be reminded of at ``now``: can be done today, is neither done nor left out, was not put away."""
    day = now.astimezone(ZoneInfo(zone)).date()
    found = _all(structure, plan, wanted, zone)
    return tuple(one for one in found if one.at <= now and state_of(one.turn, marks, day) is State.NOW)


def coming(
    structure: Structure, plan: Plan, marks: Mapping[str, str], wanted: Reminders, now: datetime, zone: str
) -> tuple[Reminder, ...]:
    """What will be reminded of later, the next first."""
    found = (one for one in _all(structure, plan, wanted, zone) if one.at > now and one.turn.key not in marks)
    return tuple(sorted(found, key=lambda one: one.at))


def _all(structure: Structure, plan: Plan, wanted: Reminders, zone: str) -> Iterator[Reminder]:
    steps = {step.id: step for step in structure.steps}
    for turn in plan.turns:
        step = steps.get(turn.step)
        at = wanted.at(step) if step else ""
        if step is not None and at and not wanted.has_heard(turn):
            moment = _moment(turn, at, wanted.since(step), zone)
            if moment is not None:
                yield Reminder(turn, moment)


def _moment(turn: Turn, at: str, asked: datetime | None, zone: str) -> datetime | None:
    """On its first day; what had begun when it was asked for, on the next of its days. None: it has no such day."""
    if turn.since is None or turn.until is None:
        return None
    first = moment_of(turn.since, at, zone)
    if asked is None or first >= asked:
        return first
    day = asked.astimezone(ZoneInfo(zone)).date()
    for later in (day, day + timedelta(days=1)):
        if turn.since <= later <= turn.until and moment_of(later, at, zone) >= asked:
            return moment_of(later, at, zone)
    return None


def _named(turn: Turn) -> str:
    since: date | None = turn.since
    return f"{turn.key} {since or ''}"


def _step_of(name: str) -> str:
    return name.partition(" ")[0].partition("@")[0].partition("~")[0]
