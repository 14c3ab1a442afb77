"""Journeys on pathways of whoever uses the app: on the device for a guest, on the platform for who is signed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from app.errors import AppError
from app.offline.drafts import Draft, Drafts
from app.pathways.foreign import OtherPlan
from app.pathways.journey import (
    Entry,
    Goal,
    Journey,
    begin,
    called_off,
    moved,
    with_mark,
    without_mark,
)
from app.pathways.measuring import home_kind
from app.pathways.model import Structure
from app.pathways.planner import Turn
from app.pathways.progress import State
from app.pathways.reminding import Reminders
from app.stores.base import Known, Resource, observable
from app.stores.reminding import ReminderBook

if TYPE_CHECKING:  # what only somebody signed in has is imported when they are
    from app.stores.measurements import Measurements

KIND = "pathway"
MOST_TEXT = 2000
MOST_GOAL = 300
MADE_OF = ("CarePlan", "Goal", "Task", "QuestionnaireResponse", "Appointment")
"""Plans, and what was sent or booked for their steps."""
NEWS_FOR = timedelta(days=14)


class Shelf(Protocol):
    """Where journeys are kept. Both raise ``AppError`` when nothing was kept."""

    def read(self) -> Known[tuple[Journey, ...]] | None:
        """All of them."""
        ...

    def others(self) -> tuple[OtherPlan, ...]:
        """Plans of another kind, as far as they can be shown."""
        ...

    def change(self, before: Journey | None, after: Journey | None) -> None:
        """A new one, a changed one, or none any more."""
        ...


class DraftShelf:
    """On this device only: a guest's."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts

    def read(self) -> Known[tuple[Journey, ...]]:
        """See ``Shelf``."""
        kept = sorted(self._drafts.all(KIND), key=lambda draft: draft.key)
        return Known(tuple(Journey.model_validate(draft.body) for draft in kept), None)

    def others(self) -> tuple[OtherPlan, ...]:
        """A guest has none."""
        return ()

    def change(self, before: Journey | None, after: Journey | None) -> None:
        """See ``Shelf``."""
        if after is not None:
            self._drafts.save(Draft(after.id, KIND, "", after.model_dump(mode="json")))
        elif before is not None:
            self._drafts.delete(before.id)


@observable
class Journeys:
    """Everything that can be done on a way. ``problem``: why the last thing could not be kept; nothing is lost."""

    def __init__(
        self,
        shelf: Shelf | None,
        now: Callable[[], datetime],
        today: Callable[[], date],
        new_key: Callable[[], str],
        fetch: Callable[[], Awaitable[None]] | None = None,
        book: ReminderBook | None = None,
        measurements: Measurements | None = None,
    ) -> None:
        self._shelf, self._now, self.today, self._new_key = shelf, now, today, new_key
        self._book, self._measurements = book, measurements
        self.wishes: Mapping[str, Reminders] = book.read() if book else {}
        self.problem: AppError | None = None
        self.dismissed: frozenset[tuple[str, datetime]] = frozenset()
        types = MADE_OF if fetch else ()
        self.all: Resource[tuple[Journey, ...]] = Resource(self._read, fetch, types)

    @property
    def ready(self) -> bool:
        """Whether there is a place to keep anything."""
        return self._shelf is not None

    def use(self, shelf: Shelf, book: ReminderBook) -> None:
        """Here is a place, and one for what to be reminded of."""
        self._shelf, self._book = shelf, book
        self.wishes = book.read()
        self.refresh()

    def refresh(self) -> None:
        """Something on the device changed."""
        self.all.refresh()

    def save_all(self) -> None:
        """Everything is kept as it is done."""

    def fetched(self) -> tuple[Resource[Any], ...]:
        """What comes from the network."""
        return (self.all,)

    @property
    def known(self) -> tuple[Journey, ...]:
        """All, as far as they are known."""
        return self.all.value or ()

    @property
    def others(self) -> tuple[OtherPlan, ...]:
        """Plans that are no pathways of this kind."""
        return self._shelf.others() if self._shelf is not None else ()

    def on(self, pathway: str) -> Journey | None:
        """The one on that pathway; one that was left only if there is no other."""
        own = [journey for journey in self.known if journey.pathway == pathway]
        return min(own, key=lambda journey: (journey.state == "left", not journey.by_team), default=None)

    def begin(self, structure: Structure, title: str) -> None:
        """Begin today. One that was left is gone on with."""
        before = self.on(structure.id)
        if before is None:
            self._change(None, begin(self._new_key(), structure, title, self.today()))
        elif before.state != "active":
            self.set_state(before, "active")

    def take(self, guest: Journeys) -> None:
        """Those of a guest who has signed in; what is there already gets what they add."""
        for journey in guest.known:
            own = self.on(journey.pathway)
            own = None if own is not None and own.by_team else own
            rest, measured = _parted(journey) if self._measurements else (journey, ())
            self._change(own, _joined(own, rest) if own else rest)
            for entry in measured if self.problem is None else ():
                self._measure(own or journey, entry)
            if (own or journey).id not in self.wishes and journey.id in guest.wishes:
                self.wish(own or journey, guest.wishes[journey.id])

    def wishes_for(self, journey: Journey) -> Reminders:
        """What to be reminded of on it."""
        return self.wishes.get(journey.id, Reminders())

    def wish(self, journey: Journey, wanted: Reminders | None) -> None:
        """Remind of this from now on, or (None) of nothing any more."""
        assert self._book is not None, "begin makes the place first"
        others = {id: wish for id, wish in self.wishes.items() if id != journey.id}
        wishes = {**others, journey.id: wanted} if wanted is not None else others
        self.problem = None
        try:
            self._book.write(wishes)
        except AppError as problem:
            self.problem = problem
        else:
            self.wishes = wishes

    def set_mark(self, journey: Journey, turn: Turn, state: State | None) -> None:
        """A turn is DONE or SKIPPED, or neither (None)."""
        marked = without_mark(journey, turn.key)
        self._change(journey, with_mark(journey, turn, state, self._now()) if state else marked)

    def set_dates(self, journey: Journey, anchor: str, days: tuple[date, ...]) -> None:
        """An anchor has its first or another date."""
        self._change(journey, moved(journey, anchor, days, self._now()))

    def call_off(self, journey: Journey, anchor: str) -> None:
        """What was to happen on that date will not happen."""
        self._change(journey, called_off(journey, anchor, self._now()))

    def read_changes(self, journey: Journey) -> None:
        """The resident has read what a change of dates changed. A team's plan is the team's: this device remembers."""
        if journey.by_team and journey.before is not None:
            self.dismissed |= {(journey.id, journey.before.at)}
            self.refresh()
        else:
            self._change(journey, journey.model_copy(update={"before": None}))

    def is_news(self, journey: Journey) -> bool:
        """Whether there is a change of dates that the resident has not read; a team's is news for two weeks."""
        before = journey.before
        if before is None or (journey.id, before.at) in self.dismissed:
            return False
        return not journey.by_team or self._now() - before.at < NEWS_FOR

    def set_state(self, journey: Journey, state: str) -> None:
        """active, paused or left."""
        self._change(journey, journey.model_copy(update={"state": state}))

    def erase(self, journey: Journey) -> None:
        """Remove it with everything that was written on it."""
        self._change(journey, None)
        if self.problem is None and journey.id in self.wishes:
            self.wish(journey, None)

    def write(
        self,
        journey: Journey,
        step: str,
        kind: str,
        text: str = "",
        value: float | None = None,
        second: float | None = None,
        what: str = "",
    ) -> None:
        """A note, question, measurement (of ``what``) or tick at a step. Of somebody signed in, a measurement that can
        be made at home is one of their home measurements, and stands nowhere else."""
        told = {"id": self._new_key(), "step": step, "at": self._now(), "kind": kind, "what": what}
        entry = Entry.model_validate({**told, "text": text[:MOST_TEXT], "value": value, "second": second})
        if self._measurements is not None and is_home(entry):
            self.problem = None
            self._measure(journey, entry)
            return
        self._change(journey, journey.model_copy(update={"entries": (*journey.entries, entry)}))

    def remove(self, journey: Journey, entry: Entry) -> None:
        """One entry is not wanted any more."""
        left = tuple(one for one in journey.entries if one.id != entry.id)
        self._change(journey, journey.model_copy(update={"entries": left}))

    def aim(self, journey: Journey, words: str, goal: Goal | None = None, key: str = "") -> None:
        """A goal in the resident's own words: a new one, or ``goal`` said otherwise. ``key``: it is the pathway's."""
        text = words.strip()[:MOST_GOAL]
        if goal is not None:
            self._set_goal(journey, goal.model_copy(update={"text": text, "key": ""}))
            return
        made = Goal(id=self._new_key(), text=text, since=self.today(), key=key)
        self._change(journey, journey.model_copy(update={"goals": (*journey.goals, made)}))

    def reach(self, journey: Journey, goal: Goal, reached: bool) -> None:
        """It came true, or has not yet."""
        self._set_goal(journey, goal.model_copy(update={"reached": reached}))

    def drop_goal(self, journey: Journey, goal: Goal) -> None:
        """It is no goal any more; nobody asks why."""
        left = tuple(one for one in journey.goals if one.id != goal.id)
        self._change(journey, journey.model_copy(update={"goals": left}))

    def _set_goal(self, journey: Journey, goal: Goal) -> None:
        goals = tuple(goal if one.id == goal.id else one for one in journey.goals)
        self._change(journey, journey.model_copy(update={"goals": goals}))

    def _measure(self, journey: Journey, entry: Entry) -> None:
        kind = home_kind(entry.what)
        assert self._measurements is not None
        assert kind is not None
        values = [Decimal(str(one)) for one in (entry.value, entry.second) if one is not None]
        try:
            self._measurements.take(entry.id, kind, values, entry.at, journey.id)
        except AppError as problem:
            self.problem = problem

    def _change(self, before: Journey | None, after: Journey | None) -> None:
        assert self._shelf is not None, "begin makes the place first"
        self.problem = None
        try:
            self._shelf.change(before, after)
        except AppError as problem:
            self.problem = problem
        self.refresh()

    def _read(self) -> Known[tuple[Journey, ...]] | None:
        return self._shelf.read() if self._shelf is not None else Known((), None)


def _joined(own: Journey, other: Journey) -> Journey:
    """Nothing of either is lost."""
    known = {entry.id for entry in own.entries}
    entries = (*own.entries, *(entry for entry in other.entries if entry.id not in known))
    aims = {goal.id: goal for goal in (*own.goals, *other.goals)}
    update = {"marks": {**other.marks, **own.marks}, "entries": entries, "days": {**other.days, **own.days}}
    return own.model_copy(update={**update, "goals": tuple(aims.values()), "state": "active"})


def is_home(entry: Entry) -> bool:
    """Whether it is one of those that are measured at home, whatever pathway asks for it."""
    return entry.kind == "measure" and home_kind(entry.what) is not None


def _parted(journey: Journey) -> tuple[Journey, tuple[Entry, ...]]:
    """Without its home measurements, and these."""
    rest = tuple(entry for entry in journey.entries if not is_home(entry))
    return journey.model_copy(update={"entries": rest}), tuple(filter(is_home, journey.entries))
