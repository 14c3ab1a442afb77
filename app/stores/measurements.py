"""A resident's home measurements: kept on the device, sent when there is a connection (row E11)."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.api import measurements as wire
from app.domain.measurements import MeasureKind, Reading, Summary, summaries, valid
from app.offline.intents import CREATE, Intent
from app.offline.outbox import EntryState, Outbox
from app.offline.store import Store
from app.stores.base import Action, Known, Resource, Status
from app.stores.writes import Writes

Readings = tuple[Reading, ...]


class Measurements:
    """One person's measurements. All writes go through the outbox."""

    def __init__(
        self,
        *,
        person_id: str,
        store: Store,
        outbox: Outbox,
        nudge: Callable[[], None],
        now: Callable[[], datetime],
        new_key: Callable[[], str],
        fetch: Callable[[Collection[str]], Any],
    ) -> None:
        self._person_id, self._store, self._outbox = person_id, store, outbox
        self._nudge, self._now, self._new_key = nudge, now, new_key
        self._writes = Writes(store, outbox, self.refresh, nudge)
        self._made: dict[str, tuple[Any, Reading | None]] = {}
        self._looked = False
        self.readings: Resource[Readings] = Resource(self._read, fetch(("Observation",)), ("Observation",))
        self.save = Action(self._save)
        self.change = Action(self._change)
        self.remove = Action(self._remove)

    def look(self) -> None:
        """Somebody looks at the measurements: read them; before that nobody pays for it."""
        if not self._looked:
            self._looked = True
            self.readings.refresh()

    def refresh(self) -> None:
        """Something on the device changed."""
        self.readings.refresh()

    def save_all(self) -> None:
        """Nothing is written here that is not in the outbox already."""

    def fetched(self) -> tuple[Resource[Any], ...]:
        """What comes from the network."""
        return (self.readings,)

    def reading(self, id: str) -> Reading | None:
        """The measurement called ``id``."""
        return next((one for one in self.readings.value or () if one.id == id), None)

    def kept(self, id: str) -> Reading | None:
        """The same, straight from the device: also while nobody looks at the measurements."""
        resource = self._store.get("Observation", id)
        return wire.to_reading(resource) if resource is not None else None

    def last(self, kind: MeasureKind) -> Reading | None:
        """The newest of a kind."""
        return next(iter(valid(self.readings.value or (), kind)), None)

    def summaries(self, since: datetime) -> tuple[Summary, ...]:
        """Every field of every kind measured since then."""
        return summaries(self.readings.value or (), since)

    def take(
        self, id: str, kind: MeasureKind, values: Sequence[Decimal], at: datetime, plan_id: str = ""
    ) -> None:
        """Keep what was measured under ``id``: taken twice it is still one. Raises ``AppError``."""
        plan = self._outbox.entry(plan_id) if plan_id else None
        refused = plan is not None and plan.state is EntryState.REFUSED  # it would drag this one along
        body = wire.measurement(
            id=id,
            kind=kind,
            values=values,
            at=at,
            person_id=self._person_id,
            plan_id="" if refused else plan_id,
        )
        self._outbox.put(Intent(CREATE, "Observation", id, body, self._person, key=id))
        self.refresh()
        self._nudge()

    async def _save(
        self, kind: MeasureKind, values: Sequence[Decimal], at: datetime, plan_id: str = ""
    ) -> Status:
        self.take(self._new_key(), kind, values, at, plan_id)
        await self._store.kept()
        return Status.WAITING

    async def _change(self, reading: Reading, values: Sequence[Decimal], at: datetime, was: str) -> Status:
        """Another value or time; ``was``: what it said, in words, is kept with it."""
        note = wire.earlier(was, self._now(), self._person_id)
        args = {"set": wire.contents(reading.kind, values, at), "note": note}
        return await self._writes.put(
            Intent("amend", "Observation", reading.id, args, self._person, key=self._new_key())
        )

    async def _remove(self, reading: Reading) -> Status:
        """Take it back. One that has not left yet never leaves; of others the service keeps the history."""
        retract = Intent("retract", "Observation", reading.id, {}, self._person, key=f"{reading.id}-retract")
        return await self._writes.take_back(reading.id, retract)

    @property
    def _person(self) -> str:
        return f"Patient/{self._person_id}"

    def _read(self) -> Known[Readings] | None:
        if not self._looked:
            return None
        as_of = self._store.confirmed_at("Observation")
        found = [one for one in map(self._reading, self._store.all("Observation")) if one is not None]
        ordered = tuple(sorted(map(self._marked, found), key=lambda one: (one.at, one.id), reverse=True))
        return None if as_of is None and not ordered else Known(ordered, as_of)

    def _reading(self, resource: dict[str, Any]) -> Reading | None:
        """Made once as long as the resource stays the same."""
        id = str(resource.get("id", ""))
        if id not in self._made or self._made[id][0] is not resource:
            self._made[id] = (resource, wire.to_reading(resource))
        return self._made[id][1]

    def _marked(self, reading: Reading) -> Reading:
        entry = self._outbox.state_of("Observation", reading.id)
        if entry is None or not (entry.open or entry.state is EntryState.REFUSED):
            return reading
        refused = entry.state is EntryState.REFUSED
        return reading.model_copy(update={"waiting": entry.open, "refused": refused})
