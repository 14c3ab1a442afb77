"""Where a resident stands on a pathway today: done, now, next. What has passed undone is no fault of anybody's."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.pathways.model import Stage, Structure
from app.pathways.planner import Plan, Turn

__all__ = ["StageProgress", "Standing", "State", "progress", "state_of", "today", "upcoming"]


class State(StrEnum):
    """DONE and SKIPPED are the resident's words; PASSED: its days are over; ANY: can be done at any time.

    WAITING: a date that it hangs on is not known yet; COMING: what it asks for is on its way to the service.
    """

    DONE = "done"
    SKIPPED = "skipped"
    NOW = "now"
    NEXT = "next"
    PASSED = "passed"
    ANY = "any"
    WAITING = "waiting"
    COMING = "coming"


class Standing(StrEnum):
    """Where a stage is on the timeline."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


class StageProgress(NamedTuple):
    """A stage with its turns and how each of them stands. ``since``, ``until``: days of the whole, if dated."""

    stage: Stage
    standing: Standing
    turns: tuple[tuple[Turn, State], ...]
    since: date | None
    until: date | None

    @property
    def settled(self) -> int:
        """How many are done or left out."""
        return sum(state in _SETTLED for _, state in self.turns)


_SETTLED = (State.DONE, State.SKIPPED)
Marks = Mapping[str, str]  # key of a turn -> "done", "skipped" or "coming"


def state_of(turn: Turn, marks: Marks, day: date) -> State:
    """How ``turn`` stands on ``day``; ``marks``: what the resident said or sent, by key."""
    if turn.key in marks:
        return State(marks[turn.key])
    if turn.waits:
        return State.WAITING
    if turn.since is None or turn.until is None:
        return State.ANY
    if day < turn.since:
        return State.NEXT
    return State.NOW if day <= turn.until else State.PASSED


def progress(structure: Structure, plan: Plan, marks: Marks, day: date) -> tuple[StageProgress, ...]:
    """The timeline on ``day``."""
    by_stage: dict[str, list[tuple[Turn, State]]] = {stage.id: [] for stage in structure.stages}
    for turn in plan.turns:
        by_stage.setdefault(turn.stage, []).append((turn, state_of(turn, marks, day)))
    return tuple(_stage(stage, tuple(by_stage[stage.id]), day) for stage in structure.stages)


def today(structure: Structure, plan: Plan, marks: Marks, day: date) -> tuple[Turn, ...]:
    """What can be done on ``day`` and has dates, the ones that end soonest first."""
    open_now = [turn for turn in plan.turns if state_of(turn, marks, day) is State.NOW]
    return tuple(sorted(open_now, key=lambda turn: turn.until or day))


def upcoming(plan: Plan, marks: Marks, day: date) -> Turn | None:
    """The next thing that will come, if any."""
    later = [turn for turn in plan.turns if state_of(turn, marks, day) is State.NEXT]
    return min(later, key=lambda turn: turn.since or day, default=None)


def _stage(stage: Stage, turns: tuple[tuple[Turn, State], ...], day: date) -> StageProgress:
    since = min((turn.since for turn, _ in turns if turn.since), default=None)
    until = max((turn.until for turn, _ in turns if turn.until), default=None)
    return StageProgress(stage, _standing([state for _, state in turns]), turns, since, until)


def _standing(states: Iterable[State]) -> Standing:
    """Now while something in it can be done, next while all of it is to come, else done."""
    known = set(states)
    if known & {State.NOW, State.ANY, State.COMING}:
        return Standing.NOW
    if known & {State.NEXT, State.WAITING}:
        return Standing.NOW if known & {State.DONE, State.SKIPPED, State.PASSED} else Standing.NEXT
    return Standing.DONE
