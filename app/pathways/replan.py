"""What a moved or cancelled date does to a plan: what was done stays as it was, and what changed is told."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from app.pathways.model import Structure
from app.pathways.planner import Dates, Plan, Turn, plan

__all__ = ["Changes", "in_order", "replan"]


class Changes(NamedTuple):
    """Between two plans: turns with other days (before, after), those that went, and those that came.

    ``kept``: done, and therefore left as they were although the date moved.
    """

    moved: tuple[tuple[Turn, Turn], ...] = ()
    gone: tuple[Turn, ...] = ()
    new: tuple[Turn, ...] = ()
    kept: tuple[Turn, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.moved or self.gone or self.new)


def replan(structure: Structure, before: Plan, dates: Dates, done: Collection[str]) -> tuple[Plan, Changes]:
    """The plan with other ``dates``. ``done``: keys of turns that were done or left out; they never change."""
    fresh = plan(structure, dates)
    old, wanted = before.by_key(), fresh.by_key()
    fixed = {key: turn for key, turn in old.items() if key in done}
    turns = [fixed.get(turn.key, turn) for turn in fresh.turns]
    lost = [turn for key, turn in fixed.items() if key not in wanted]
    after = Plan(_by_step(structure, turns + lost))
    return after, _changes(old, after, wanted, fixed)


def in_order(structure: Structure, turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """In the order of stages and steps, and those of one step by their days, however they came."""
    return _by_step(structure, sorted(turns, key=lambda turn: turn.since or date.max))


def _by_step(structure: Structure, turns: Iterable[Turn]) -> tuple[Turn, ...]:
    places = {step.id: place for place, step in enumerate(structure.steps)}
    return tuple(sorted(turns, key=lambda turn: places.get(turn.step, len(places))))


def _changes(old: dict[str, Turn], after: Plan, wanted: dict[str, Turn], fixed: dict[str, Turn]) -> Changes:
    now = after.by_key()
    return Changes(
        moved=tuple((old[key], turn) for key, turn in now.items() if key in old and old[key] != turn),
        gone=tuple(turn for key, turn in old.items() if key not in now),
        new=tuple(turn for key, turn in now.items() if key not in old),
        kept=tuple(turn for key, turn in fixed.items() if wanted.get(key) != turn),
    )
