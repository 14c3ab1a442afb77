"""A resident on a pathway: their dates, what they did or left out, what they wrote. Pure values and changes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from app.domain.base import Model
from app.pathways.model import START, Structure
from app.pathways.planner import Dates, Plan, Turn, plan
from app.pathways.progress import State
from app.pathways.replan import Changes, in_order, replan

__all__ = [
    "Asked",
    "Before",
    "Entry",
    "Goal",
    "Journey",
    "Mark",
    "Sent",
    "begin",
    "called_off",
    "changes_of",
    "marks_of",
    "moved",
    "plan_of",
    "with_mark",
    "without_mark",
]


class Mark(Model):
    """What became of a turn, when, and on which days it lay then: these never change any more."""

    state: Literal["done", "skipped"]
    at: datetime
    since: date | None = None
    until: date | None = None


class Asked(Model):
    """The turn of somebody's plan that a form or an appointment is for, and the days it lay on then."""

    plan: str
    key: str
    since: date | None = None
    until: date | None = None


class Sent(Model):
    """The form or appointment that a turn asked for. ``state``: COMING while it waits to be sent, DONE when the service
    has it, or "refused". ``at``: when. ``since`` and ``until`` as in ``Mark``."""

    kind: Literal["form", "appointment"]
    id: str
    state: Literal["coming", "done", "refused"]
    at: datetime
    since: date | None = None
    until: date | None = None


class Entry(Model):
    """What the resident wrote at a step. A measurement is of ``what``: ``value``, for blood pressure ``second`` too."""

    id: str
    step: str
    at: datetime
    kind: Literal["note", "question", "measure", "tick"]
    text: str = ""
    what: str = ""
    value: float | None = None
    second: float | None = None


class Goal(Model):
    """What somebody aims at on the way. ``own``: in the resident's own words, else a professional wrote it down.

    ``key``: which of the pathway's goals it is, so that it is said in every language. ``reached``: it came true.
    """

    id: str
    text: str
    since: date | None = None
    own: bool = True
    key: str = ""
    reached: bool = False


class Before(Model):
    """The dates before the last change, so that it can be told what it changed. ``at``: when it was made."""

    days: dict[str, tuple[date, ...]]
    cancelled: tuple[str, ...] = ()
    at: datetime


class Journey(Model):
    """One resident's way on one pathway.

    ``by_team``: begun by professionals, who then give the days of its turns (``turns``) and may change them;
    ``tasks``: ids of the Tasks that stand for them, by key. ``sent``: what was sent or booked for its turns, which says
    by itself what is done; ``marks`` are what somebody said, and these count more. ``state``: left ones keep what was
    written until the resident removes it.
    """

    id: str
    pathway: str
    version: str = ""
    title: str = ""
    days: dict[str, tuple[date, ...]]
    cancelled: tuple[str, ...] = ()
    marks: dict[str, Mark] = Field(default_factory=dict)
    sent: dict[str, Sent] = Field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    goals: tuple[Goal, ...] = ()
    state: Literal["active", "paused", "left"] = "active"
    by_team: bool = False
    before: Before | None = None
    turns: tuple[Turn, ...] = ()
    tasks: dict[str, str] = Field(default_factory=dict)

    @property
    def dates(self) -> Dates:
        """Its dates for the planner."""
        return Dates(self.days, frozenset(self.cancelled))

    @property
    def started(self) -> date | None:
        """The day it began."""
        return next(iter(self.days.get(START, ())), None)


def begin(id: str, structure: Structure, title: str, day: date) -> Journey:
    """A new journey that begins on ``day``."""
    return Journey(id=id, pathway=structure.id, version=structure.version, title=title, days={START: (day,)})


def plan_of(structure: Structure, journey: Journey) -> Plan:
    """Its turns now. What was done or left out keeps the days it had."""
    if journey.turns:
        return Plan(in_order(structure, journey.turns))
    return replan(structure, _fixed(structure, journey), journey.dates, marks_of(journey))[0]


def changes_of(structure: Structure, journey: Journey) -> Changes:
    """What the last change of dates changed; nothing when there was none, or it has been read."""
    before = journey.before
    if before is None:
        return Changes()
    old = plan(structure, Dates(before.days, frozenset(before.cancelled)))
    kept = {turn.key: turn for turn in _fixed(structure, journey).turns}
    known = Plan(tuple(kept.get(turn.key, turn) for turn in old.turns))
    return replan(structure, known, journey.dates, marks_of(journey))[1]


def marks_of(journey: Journey) -> Mapping[str, str]:
    """Done, skipped or on its way, by turn."""
    told = {key: one.state for key, one in journey.sent.items() if one.state != "refused"}
    return {**told, **{key: mark.state for key, mark in journey.marks.items()}}


def with_mark(journey: Journey, turn: Turn, state: State, at: datetime) -> Journey:
    """``turn`` is DONE or SKIPPED."""
    mark = Mark.model_validate({"state": state.value, "at": at, "since": turn.since, "until": turn.until})
    return journey.model_copy(update={"marks": {**journey.marks, turn.key: mark}})


def without_mark(journey: Journey, key: str) -> Journey:
    """It was a slip of the finger."""
    return journey.model_copy(update={"marks": {k: mark for k, mark in journey.marks.items() if k != key}})


def moved(journey: Journey, anchor: str, days: tuple[date, ...], at: datetime) -> Journey:
    """An anchor has another date, and is then not called off any more; of its first date nothing has changed."""
    changed = _changed(journey, journey.dates.having(anchor, *days), at)
    return changed if journey.days.get(anchor) else changed.model_copy(update={"before": journey.before})


def called_off(journey: Journey, anchor: str, at: datetime) -> Journey:
    """What was to happen on that date will not happen."""
    return _changed(journey, journey.dates.without(anchor), at)


def _changed(journey: Journey, dates: Dates, at: datetime) -> Journey:
    before = Before(days=journey.days, cancelled=journey.cancelled, at=at)
    changed = {"days": dict(dates.days), "cancelled": tuple(sorted(dates.cancelled)), "before": before}
    return journey.model_copy(update=changed)


def _fixed(structure: Structure, journey: Journey) -> Plan:
    stages = {step.id: stage.id for stage in structure.stages for step in stage.steps}
    turns = []
    sent = {key: one for key, one in journey.sent.items() if one.state != "refused"}
    told: dict[str, Mark | Sent] = {**sent, **journey.marks}
    for key, mark in told.items():
        step = key.partition("@")[0].partition("~")[0]
        turns.append(Turn(key, step, stages.get(step, ""), mark.since, mark.until))
    return Plan(tuple(turn for turn in turns if turn.stage))
