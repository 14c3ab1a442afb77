"""What the services recorded of a person, read from this device: lists, details, trends, renewals (E1 to E7, C13)."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from app.api.files import attachments_of, inline_bytes
from app.api.medicines import renewal, to_renewal
from app.api.nodes import Node, facts
from app.api.people import to_staff
from app.api.record import TYPES, is_note, to_entry, to_note, types_of, visit_of
from app.api.results import analyte_of
from app.domain.base import LONG_AGO
from app.domain.medicines import Medicine, MedicineState, Renewal
from app.domain.people import Professional
from app.domain.record import Entry, Fact, Kind, Note, Visit, newest_first
from app.domain.results import FileOf, Panel, Result, ResultState
from app.domain.trends import Trend, measured, same_series, trend
from app.offline.intents import CREATE, Intent
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.stores.base import Action, Known, Resource, Status
from app.stores.record_parts import at_home, renewed_by, results_of, stands_alone, unchanged, without_values
from app.stores.sending import LEDGER, standing
from app.stores.writes import Writes

HIDING = frozenset({ResultState.WITHHELD, ResultState.UNCOMMENTED})
FIRST = 80  # resources of each type that are opened for a first screen
SLICE = 100  # entries made in one go
READ_TOO: Mapping[Kind | None, tuple[str, ...]] = MappingProxyType(
    {
        Kind.VISIT: ("DocumentReference",),
        Kind.DOCUMENT: ("Encounter",),
        Kind.RESULT: ("Consent",),
        None: ("Consent",),
    }
)
"""What a list depends on beside what it is made of: notes and their visits, and whether results wait for a comment."""
STAFF = ("Practitioner", "PractitionerRole", "Organization")


@dataclass(frozen=True)
class Listing:
    """Entries, newest first. ``complete`` False: these are the first ones, the rest is being opened. ``fetched``: the
    kinds that have been fetched whole at least once; of others nothing can be said. ``inside``: results that stand in a
    panel, not for themselves; only a search shows them."""

    entries: tuple[Entry, ...]
    complete: bool = True
    fetched: frozenset[Kind] = frozenset()
    inside: tuple[Entry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries) or not self.complete


class Record:
    """One person's records. ``fetch(types)`` makes what asks the network for those types, ``tell`` tells a new
    Resource how the last round went; ``waits_for_comment``: the resident's choice about results."""

    def __init__(
        self,
        *,
        person_id: str,
        store: Store,
        public: Store,
        outbox: Outbox,
        nudge: Callable[[], None],
        now: Callable[[], datetime],
        new_key: Callable[[], str],
        language: Callable[[], str],
        fetch: Callable[[Collection[str]], Callable[[], Awaitable[None]]],
        tell: Callable[[Resource[Any]], None],
        waits_for_comment: Callable[[], bool],
    ) -> None:
        self._person_id, self._store, self._public, self._outbox = person_id, store, public, outbox
        self._now, self._new_key, self._language = now, new_key, language
        self._writes = Writes(store, outbox, self.refresh, nudge)
        self._fetch, self._tell, self._waits = fetch, tell, waits_for_comment
        self._lists: dict[Kind | None, Resource[Listing]] = {}
        self._whole: set[str] = set()
        self._made: dict[str, dict[str, tuple[Node, Entry]]] = {}
        self._made_in = ""
        self._staff: tuple[Any, dict[str, Professional]] = ((), {})
        self._revealed: set[str] = set()
        self._listings: dict[Kind | None, tuple[tuple[Any, ...], Listing]] = {}
        self._indexes: dict[str, tuple[Any, dict[str, list[Node]]]] = {}
        self._turns = 0
        self.turn: Resource[int] = Resource(lambda: Known(self._turns, None))
        self.renew = Action(self._renew)
        self.revoke = Action(self._revoke)

    def refresh(self) -> None:
        """Something on the device changed: the lists that somebody has looked at are read again."""
        for listed in self._lists.values():
            listed.refresh()
        self._turns += 1
        self.turn.refresh()

    def save_all(self) -> None:
        """Nothing is written here that is not in the outbox already."""

    def fetched(self) -> tuple[Resource[Any], ...]:
        """What comes from the network."""
        return tuple(self._lists.values())

    def listing(self, kind: Kind | None = None) -> Resource[Listing]:
        """The entries of a kind (None: of all): those at hand at once, all of them after ``complete``."""
        if kind not in self._lists:
            types = types_of(kind)
            read = (*types, *READ_TOO.get(kind, ()))
            made: Resource[Listing] = Resource(lambda: self._read(kind), self._fetch(types), read)
            self._tell(made)
            self._lists[kind] = made
        return self._lists[kind]

    async def complete(self, kind: Kind | None = None) -> None:
        """Open the rest of what a list is made of, a slice at a time."""
        for type in types_of(kind):
            resources = self._store.all(type)
            self._whole.add(type)
            for start in range(0, len(resources), SLICE):
                for resource in resources[start : start + SLICE]:
                    self._entry(resource)
                await asyncio.sleep(0)
        self.listing(kind).refresh()

    def entry(self, type: str, id: str) -> Entry | None:
        """One entry with everything that belongs to it; None when it is not known."""
        resource = self._store.get(type, id)
        return self._joined(self._entry(resource)) if resource is not None else None

    def asked_for(self, id: str) -> Entry | None:
        """The prescription that a request asks to be renewed; where that is not known, the request itself."""
        request = self._store.get("MedicationRequest", id)
        if request is None:
            return None
        return next(map(partial(self.entry, "MedicationRequest"), renewed_by(request)), None) or self._entry(
            request
        )

    def facts(self, entry: Entry) -> tuple[Fact, ...]:
        """Every element of the resource behind an entry, as it came; of a result that is not shown yet without what it
        says."""
        resource = self._store.get(entry.type, entry.id) or {}
        about = entry.about
        hides = isinstance(about, Result) and about.state in HIDING
        return facts(without_values(resource) if hides else resource)

    def attached(self, entry: Entry, file: FileOf) -> Resource[bytes]:
        """The bytes of a file that came along in the resource itself."""
        return Resource(lambda: self._attached(entry, file))

    def _attached(self, entry: Entry, file: FileOf) -> Known[bytes] | None:
        forms = attachments_of(self._store.get(entry.type, entry.id) or {})
        data = inline_bytes(forms[file.place]) if file.place < len(forms) else b""
        return Known(data, None) if data else None

    def waits_for_comment(self, panel: Entry) -> bool:
        """Whether the resident chose not to see it before a professional's comment, and there is none yet."""
        if not self._waits() or panel.id in self._revealed or not isinstance(panel.about, Panel):
            return False
        return not panel.about.comment

    def members(self, panel: Panel) -> tuple[Entry, ...]:
        """The results of a panel, in its order."""
        found = (self.entry("Observation", id) for id in panel.results)
        return tuple(entry for entry in found if entry is not None)

    def panel_of(self, id: str) -> Entry | None:
        """The panel that a result belongs to."""
        return next(map(self._entry, self._index("DiagnosticReport", results_of).get(id, ())), None)

    def over_time(self, entry: Entry) -> tuple[Trend, tuple[Entry, ...]]:
        """The same measurement over time, in the unit of the newest; and its other results that are no number, have no
        time or do not count any more, newest first. For a result that is no number itself: all the others."""
        if not isinstance(entry.about, Result) or not entry.about.series:
            return Trend(), ()
        same = [one for one in map(self._shown, self._store.all("Observation")) if same_series(one, entry)]
        values = {one.key: made for one in same if (made := measured(one))}
        drawn = values if entry.about.amount is not None else {}
        rest = (one for one in same if one.key not in drawn and one.key != entry.key)
        analyte = analyte_of(self._store.get(entry.type, entry.id) or {})
        return trend(values.values(), analyte), newest_first(rest)

    def reveal(self, entry: Entry) -> None:
        """The resident wants to see this one now, comment or not."""
        self._revealed.add(entry.id)
        self.refresh()

    def _read(self, kind: Kind | None) -> Known[Listing] | None:
        types = types_of(kind)
        times = [self._store.confirmed_at(type) for type in types]
        listing = self._listing(kind, types)
        if not listing.entries and None in times:
            return None
        as_of = None if None in times else min(time for time in times if time)
        return Known(replace(listing, fetched=self._fetched(types)), as_of)

    def _listing(self, kind: Kind | None, types: tuple[str, ...]) -> Listing:
        """The entries of a kind; made anew only when something that they are made of changed."""
        resources = {type: self._at_hand(type) for type in types}
        made_of = self._made_of(kind, resources)
        before = self._listings.get(kind)
        if before is not None and unchanged(before[0], made_of):
            return before[1]
        shown = [self._joined(made) for made in self._entries(resources, kind)]
        complete = all(whole for _, whole in resources.values())
        members = newest_first(self._members(resources))
        self._listings[kind] = (made_of, Listing(newest_first(shown), complete, inside=members))
        return self._listings[kind][1]

    def _made_of(
        self, kind: Kind | None, resources: dict[str, tuple[tuple[Node, ...], bool]]
    ) -> tuple[Any, ...]:
        """All that a list depends on: compared by identity where it is large, by value where it is small."""
        notes = self._store.all("DocumentReference") if kind in (None, Kind.VISIT) else ()
        panels = self._store.all("DiagnosticReport") if self._waits() else ()
        ledger = tuple((e.key, e.state) for e in self._outbox.entries() if e.type == "MedicationRequest")
        alone = self._notes_alone(resources)
        small = (
            self._language(),
            self._waits(),
            frozenset(self._revealed),
            self._now().date(),
            ledger,
            alone,
        )
        return (*(found for found, _ in resources.values()), notes, panels, self._people(), small)

    def _notes_alone(self, at_hand: Mapping[str, tuple[tuple[Node, ...], bool]]) -> frozenset[str]:
        """Notes whose visit is not known: they stand among the documents, or nobody would ever see them."""
        documents, _ = at_hand.get("DocumentReference", ((), True))
        notes = ((str(one.get("id")), visit_of(one)) for one in documents if is_note(one))
        return frozenset(id for id, visit in notes if self._store.get("Encounter", visit) is None)

    def _fetched(self, types: Collection[str]) -> frozenset[Kind]:
        known = {type for type in types if self._store.confirmed_at(type)}
        return frozenset(kind for kind, made_of in TYPES.items() if known >= set(made_of))

    def _at_hand(self, type: str) -> tuple[tuple[Node, ...], bool]:
        """Resources of a type, and whether they are all of them."""
        if type in self._whole or self._store.is_open(type):
            return self._store.all(type), True
        first = self._store.newest(type, FIRST)
        return first, len(first) < FIRST

    def _entries(
        self, resources: dict[str, tuple[tuple[Node, ...], bool]], kind: Kind | None
    ) -> Iterable[Entry]:
        """Entries that stand for themselves: a panel's results and a visit's notes do not."""
        alone, inside = self._notes_alone(resources), self._inside(resources)
        for type, (listed, _) in resources.items():
            for resource in listed:
                if stands_alone(type, resource, inside, alone):
                    made = self._shown(resource)
                    if (kind is None or made.kind is kind) and not at_home(made, resource):
                        yield made

    def _inside(self, resources: dict[str, tuple[tuple[Node, ...], bool]]) -> set[str]:
        """Ids of the results that belong to a panel."""
        panels, _ = resources.get("DiagnosticReport", ((), True))
        abouts = (self._entry(one).about for one in panels)
        return {id for about in abouts if isinstance(about, Panel) for id in about.results}

    def _members(self, resources: dict[str, tuple[tuple[Node, ...], bool]]) -> Iterable[Entry]:
        """The results that belong to a panel, to be found by a search."""
        listed, _ = resources.get("Observation", ((), True))
        inside = self._inside(resources)
        return (self._shown(one) for one in listed if str(one.get("id")) in inside)

    def _entry(self, resource: Node) -> Entry:
        """The entry of a resource; made once as long as it stays the same."""
        language = self._language()
        if self._made_in != language:
            self._made, self._made_in = {}, language
        made = self._made.setdefault(str(resource.get("resourceType", "")), {})
        id = str(resource.get("id", ""))
        if id not in made or made[id][0] is not resource:
            made[id] = (resource, to_entry(resource, language, self._people()))
        return made[id][1]

    def _shown(self, resource: Node) -> Entry:
        """The entry as it may be seen: without a result that they chose to wait with, or that is not to be seen before
        a day that is yet to come, whatever a server sent along."""
        entry = self._entry(resource)
        about = entry.about
        if isinstance(about, Result) and about.release and about.release > self._now().date():
            return entry.model_copy(update={"about": about.hidden(ResultState.WITHHELD)})
        waits = isinstance(about, Result) and about.laboratory and self._waits() and about.value_known
        if not waits or entry.id in self._revealed or self._commented(entry):
            return entry
        assert isinstance(about, Result)
        return entry.model_copy(update={"about": about.hidden()})

    def _commented(self, entry: Entry) -> bool:
        if isinstance(entry.about, Result) and entry.about.notes:
            return True
        panel = self.panel_of(entry.id)
        return panel is not None and isinstance(panel.about, Panel) and bool(panel.about.comment)

    def _joined(self, entry: Entry) -> Entry:
        """With what other resources tell of it."""
        if isinstance(entry.about, Visit):
            return entry.model_copy(update={"about": self._with_notes(entry)})
        if isinstance(entry.about, Medicine):
            return entry.model_copy(update={"about": self._with_renewal(entry)})
        if entry.type == "Observation":
            resource = self._store.get(entry.type, entry.id)
            return self._shown(resource) if resource is not None else entry
        return entry

    def _with_notes(self, entry: Entry) -> Visit:
        assert isinstance(entry.about, Visit)
        notes: list[Note] = [
            to_note(one)
            for one in self._store.all("DocumentReference")
            if is_note(one) and visit_of(one) == entry.id
        ]
        return entry.about.model_copy(update={"notes": tuple(notes)})

    def _with_renewal(self, entry: Entry) -> Medicine:
        assert isinstance(entry.about, Medicine)
        about = entry.about
        newest = max(self._renewals(entry.id), key=lambda one: one.asked or LONG_AGO, default=None)
        over = about.valid_to is not None and about.valid_to < self._now().date()
        state = MedicineState.EXPIRED if over and about.state is MedicineState.CURRENT else about.state
        return about.model_copy(update={"renewal": newest, "state": state})

    def _renewals(self, of: str) -> Iterable[Renewal]:
        for resource in self._index("MedicationRequest", renewed_by).get(of, ()):
            entry = self._outbox.state_of("MedicationRequest", str(resource.get("id", "")))
            asked = entry is not None and entry.name == CREATE and entry.state in LEDGER
            ledger = standing(entry) if entry is not None and asked else ""
            yield to_renewal(resource, self._language(), self._now(), ledger)

    def _index(self, type: str, keys: Callable[[Node], Iterable[str]]) -> dict[str, list[Node]]:
        """Resources of a type by what they belong to; made anew only when one of them changed."""
        resources = self._store.all(type)
        if type not in self._indexes or self._indexes[type][0] is not resources:
            found: dict[str, list[Node]] = {}
            for resource in resources:
                for key in keys(resource):
                    found.setdefault(key, []).append(resource)
            self._indexes[type] = (resources, found)
        return self._indexes[type][1]

    async def _renew(self, entry: Entry, note: str = "") -> Status:
        """Ask for a prescription to be renewed; kept in the outbox until the service has it."""
        prescription = self._store.get(entry.type, entry.id)
        if prescription is None or not isinstance(entry.about, Medicine) or not entry.about.renewable:
            return Status.FAILED
        key = self._new_key()
        body = renewal(
            id=key, prescription=prescription, person_id=self._person_id, asked=self._now(), note=note
        )
        return await self._writes.put(Intent(CREATE, "MedicationRequest", key, body, self._person, key=key))

    async def _revoke(self, asked: Renewal) -> Status:
        """Take a request back; one that has not left yet never leaves."""
        revoke = Intent("revoke", "MedicationRequest", asked.id, {}, self._person, key=f"{asked.id}-revoke")
        return await self._writes.take_back(asked.id, revoke)

    @property
    def _person(self) -> str:
        return f"Patient/{self._person_id}"

    def _people(self) -> dict[str, Professional]:
        """The professionals of the public catalogue; read again when it has changed."""
        who, roles, units = (self._public.all(type) for type in STAFF)
        known = (who, roles, units, self._language())
        if len(self._staff[0]) != len(known) or any(
            a is not b for a, b in zip(known, self._staff[0], strict=True)
        ):
            self._staff = (known, dict(to_staff(who, roles, units, self._language())))
        return self._staff[1]
