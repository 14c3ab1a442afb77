"""A signed-in resident's journeys: CarePlans and Tasks, written through the outbox."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.api.careplans import activity, care_plan, dates, note, to_journeys
from app.api.goals import goal, retold, retracted
from app.api.steps import with_sent
from app.api.wire import moment
from app.offline.intents import CREATE, Intent
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.pathways.foreign import OtherPlan, other_plan
from app.pathways.journey import Entry, Journey, Mark
from app.stores.base import Known
from app.stores.sending import LEDGER, standing

STATUS = {"active": "active", "paused": "on-hold", "left": "revoked"}


class PlanShelf:
    """See ``journeys.Shelf``. What professionals began is changed Task by Task; what is one's own, in its plan."""

    def __init__(
        self,
        person_id: str,
        store: Store,
        outbox: Outbox,
        nudge: Callable[[], None],
        now: Callable[[], datetime],
        new_key: Callable[[], str],
        zone: ZoneInfo,
    ) -> None:
        self._zone = zone
        self._person_id, self._store, self._outbox = person_id, store, outbox
        self._nudge, self._now, self._new_key = nudge, now, new_key

    def read(self) -> Known[tuple[Journey, ...]] | None:
        """See ``Shelf``."""
        as_of = self._store.confirmed_at("CarePlan")
        found = self._with_sent(
            to_journeys(*(self._store.all(type) for type in ("CarePlan", "Task", "Goal")))
        )
        return None if as_of is None and not found else Known(found, as_of)

    def _with_sent(self, found: tuple[Journey, ...]) -> tuple[Journey, ...]:
        """With the forms and appointments that their steps asked for."""
        if not found:
            return found
        mine = [entry for entry in self._outbox.entries() if entry.type == "QuestionnaireResponse"]
        ledger = {entry.id: standing(entry) for entry in mine if entry.state in LEDGER}
        taken = {e.id: at for e in mine if e.receipt and (at := moment(e.receipt.at))}
        answers, booked = (self._store.all(type) for type in ("QuestionnaireResponse", "Appointment"))
        return with_sent(found, answers, booked, ledger, taken)

    def others(self) -> tuple[OtherPlan, ...]:
        """See ``Shelf``."""
        ours = {journey.id for journey in to_journeys(self._store.all("CarePlan"))}
        found = (plan for plan in self._store.all("CarePlan") if plan.get("id") not in ours)
        return tuple(other_plan(plan) for plan in found if plan.get("status") in ("active", "on-hold"))

    def change(self, before: Journey | None, after: Journey | None) -> None:
        """See ``Shelf``."""
        intents = tuple(self._intents(before, after))
        if intents:
            self._outbox.put(*intents)
            self._nudge()

    def _intents(self, before: Journey | None, after: Journey | None) -> Iterator[Intent]:
        if before is None and after is not None:
            made = care_plan(after, self._person_id, self._now())
            yield Intent(CREATE, "CarePlan", after.id, made, f"Patient/{self._person_id}", key=after.id)
            yield from self._aims(after.model_copy(update={"goals": ()}), after)
        elif before is not None and after is None:
            yield from self._aims(before, before.model_copy(update={"goals": ()}))
            yield self._plan(before, {"fields": _emptied()})
        elif before is not None and after is not None:
            yield from self._team(before, after) if before.by_team else self._own(before, after)
            yield from self._aims(before, after)

    def _own(self, before: Journey, after: Journey) -> Iterator[Intent]:
        fields: dict[str, Any] = {}
        if (before.days, before.cancelled, before.before) != (after.days, after.cancelled, after.before):
            fields["extension"] = dates(after)
        if before.state != after.state:
            fields["status"] = STATUS[after.state]
        if before.entries != after.entries:
            fields["note"] = [note(entry) for entry in after.entries]
        told = _ticked(before.marks, after.marks)
        if fields or told:
            yield self._plan(before, {"activity": told, "fields": fields})

    def _aims(self, before: Journey, after: Journey) -> Iterator[Intent]:
        """The resident's own goals; a plan of one's own names them too."""
        old, new = ({one.id: one for one in journey.goals if one.own} for journey in (before, after))
        for id in new.keys() - old.keys():
            body = goal(new[id], after.id, self._person_id)
            yield Intent(CREATE, "Goal", id, body, f"Patient/{self._person_id}", key=id)
        for id in (id for id in old if old[id] != new.get(id)):
            fields = retold(new[id]) if id in new else retracted()
            yield self._intent("journey", "Goal", id, {"fields": fields})
        if old.keys() != new.keys() and not after.by_team:
            yield self._plan(after, {"fields": {"goal": [{"reference": f"Goal/{id}"} for id in new]}})

    def _team(self, before: Journey, after: Journey) -> Iterator[Intent]:
        for key in before.marks.keys() ^ after.marks.keys():
            mark = after.marks.get(key)
            rule = "reopen" if mark is None else "complete" if mark.state == "done" else "leave_out"
            yield self._task(before.tasks.get(key, ""), rule, {})
        for entry in after.entries[len(before.entries) :]:
            yield self._task(self._task_of(before, entry), "annotate", {"note": note(entry)})
        if before.state != after.state:
            yield self._plan(before, {"fields": {"status": STATUS[after.state]}})

    def _task_of(self, journey: Journey, entry: Entry) -> str:
        """The Task of the step's turn that was under way when it was written, else of its first one."""
        turns = [turn for turn in journey.turns if turn.step == entry.step]
        day = entry.at.astimezone(self._zone).date()
        under_way = (turn for turn in turns if turn.since and turn.until and turn.since <= day <= turn.until)
        turn = next(under_way, turns[0] if turns else None)
        return journey.tasks.get(turn.key, "") if turn else ""

    def _plan(self, journey: Journey, arguments: dict[str, Any]) -> Intent:
        return self._intent("journey", "CarePlan", journey.id, arguments)

    def _task(self, id: str, rule: str, arguments: dict[str, Any]) -> Intent:
        return self._intent(rule, "Task", id, arguments)

    def _intent(self, rule: str, type: str, id: str, arguments: dict[str, Any]) -> Intent:
        return Intent(rule, type, id, arguments, f"Patient/{self._person_id}", self._new_key())


def _ticked(before: dict[str, Mark], after: dict[str, Mark]) -> dict[str, Any]:
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return {key: activity(key, after[key]) if key in after else None for key in sorted(changed)}


def _emptied() -> dict[str, Any]:
    """Removed by the resident: the plan was a mistake, and nothing that was written is left in it."""
    return {"status": "entered-in-error", "note": [], "activity": []}
