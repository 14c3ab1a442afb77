"""Everything the resident asked for goes through here: safe at once, sent exactly once, refused never means
lost.

The states and their arrows are drawn in ``ledger.py``.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from app.errors import Conflict
from app.offline import codec
from app.offline.drafts import Draft, Drafts
from app.offline.intents import Intent
from app.offline.lanes import blocked_by
from app.offline.ledger import Entry, EntryState, Receipt, Refusal
from app.offline.store import Store

__all__ = ["Entry", "EntryState", "Outbox", "Receipt", "Refusal"]


class Outbox:
    """The outbox of one account. Listeners of the store hear of changes as "outbox" and as the resource's
    type."""

    def __init__(self, store: Store) -> None:
        self._store, self._ledger = store, store.ledger

    def put(self, *intents: Intent, draft: str | None = None) -> None:
        """Keep the intents and forget that draft, in one durable transaction; returns after it is on disk.

        Intents put together share a ``group``. References between them (and to what is still being created)
        make the referring one wait. A key that was put before is left as it is. Raises ``DeviceFull``: then
        nothing changed and the draft is still there.
        """
        group = next((intent.group for intent in intents if intent.group), intents[0].key if intents else "")
        at = self._store.now()
        with self._store.writing("outbox", durable=True):
            for intent in self._linked(intents):
                self._ledger.add(replace(intent, group=intent.group or group), at)
            if draft is not None:
                Drafts(self._store).delete(draft)

    def entries(self) -> tuple[Entry, ...]:
        """All entries in the order they were put, each with what blocks it."""
        entries = self._ledger.entries()
        return tuple(self._seen(entry) for entry in entries.values())

    def entry(self, key: str) -> Entry | None:
        """The entry with that key."""
        found = self._ledger.entries().get(key)
        return self._seen(found) if found else None

    def group(self, key: str) -> tuple[Entry, ...]:
        """All entries that were put together with this one, in order."""
        found = self._ledger.entries().get(key)
        return tuple(entry for entry in self.entries() if found and entry.group == found.group)

    def state_of(self, type: str, id: str) -> Entry | None:
        """What the outbox says of a resource: its first unsettled entry, else the last accepted one, else
        None."""
        place = (type, self._store.current_id(type, id))
        found = [entry for entry in self._ledger.entries().values() if (entry.type, entry.id) == place]
        unsettled = [entry for entry in found if entry.open or entry.state is EntryState.REFUSED]
        accepted = [entry for entry in found if entry.state is EntryState.ACCEPTED]
        chosen = unsettled[:1] or accepted[-1:]
        return self._seen(chosen[0]) if chosen else None

    def unsettled(self) -> tuple[Entry, ...]:
        """What waits, is being sent or was refused: all that signing out could lose."""
        return tuple(entry for entry in self.entries() if entry.open or entry.state is EntryState.REFUSED)

    def cancel(self, key: str, group: bool = False) -> bool:
        """Take it back before it is sent. False: too late, it may already be on the server (or is settled).

        ``group``: the other waiting ones of its group too.
        """
        entry = self._ledger.entries().get(key)
        if entry is None or entry.state is not EntryState.WAITING:
            return False
        self._discard(e for e in self._asked(key, group) if e.state is EntryState.WAITING)
        return True

    def retry(self, key: str, group: bool = False) -> None:
        """Try again now: a refused one goes back to waiting, one that is backing off stops waiting for its
        turn."""
        with self._store.writing(durable=True):
            for entry in self._asked(key, group):
                if entry.state is EntryState.REFUSED:
                    self._ledger.update(
                        entry.key, state=EntryState.WAITING, outcome=None, sent=None, next_try=0.0
                    )
                elif entry.open and entry.next_try:
                    self._ledger.update(entry.key, next_try=0.0)

    def discard(self, key: str, group: bool = False) -> None:
        """The resident gives it up: refused or waiting ones only, others stay. Dependents stay and show what
        blocks."""
        self._discard(
            e for e in self._asked(key, group) if e.state in (EntryState.REFUSED, EntryState.WAITING)
        )

    def edit(self, key: str, save: Callable[[tuple[Intent, ...]], Draft] | None = None) -> tuple[Intent, ...]:
        """Take a refused or waiting one back for editing: the intents of its whole group, in order.

        Those already accepted are given back too, to be referred to again (``entry(key).state`` tells); one
        that may already be on its way goes on. ``save`` makes a draft of them that is kept in the same
        durable transaction. Raises ``Conflict`` when it is too late.
        """
        entry = self._ledger.entries().get(key)
        if entry is None or entry.state not in (EntryState.REFUSED, EntryState.WAITING):
            raise Conflict
        members = [member for member in self.group(key) if member.state is not EntryState.DISCARDED]
        intents = tuple(self._whole(member) for member in members)
        with self._store.writing(durable=True):
            self._discard(m for m in members if m.state in (EntryState.REFUSED, EntryState.WAITING))
            if save:
                Drafts(self._store).save(save(intents))
        return intents

    def _asked(self, key: str, group: bool) -> tuple[Entry, ...]:
        found = self.entry(key)
        return self.group(key) if group else (found,) if found else ()

    def _discard(self, entries: Iterable[Entry]) -> None:
        with self._store.writing(durable=True):
            for entry in entries:
                self._ledger.update(entry.key, state=EntryState.DISCARDED)

    def _whole(self, entry: Entry) -> Intent:
        """An accepted create gave its arguments to the record."""
        if entry.state is EntryState.ACCEPTED and entry.is_create:
            return replace(entry.intent, args=self._store.record(entry.type, entry.id) or {})
        return entry.intent

    def _linked(self, intents: tuple[Intent, ...]) -> list[Intent]:
        """The intents with every reference to something still being created among their ``after``."""
        made = {
            f"{e.type}/{e.id}": e.key
            for e in self.entries()
            if e.is_create and e.state is not EntryState.ACCEPTED
        }
        linked = []
        for intent in intents:
            intent = self._current(intent)
            named = [made[name] for name in sorted(codec.references(intent.args)) if name in made]
            linked.append(replace(intent, after=tuple(dict.fromkeys((*intent.after, *named)))))
            if intent.name == "create":
                made[f"{intent.type}/{intent.id}"] = intent.key
        return linked

    def _current(self, intent: Intent) -> Intent:
        """The intent with ids as the server knows them."""
        args = dict(intent.args)
        for (kind, local), own in self._ledger.aliases().items():
            args = codec.repointed(args, f"{kind}/{local}", f"{kind}/{own}")
        return replace(intent, id=self._store.current_id(intent.type, intent.id), args=args)

    def _seen(self, entry: Entry) -> Entry:
        blocker = blocked_by(entry, self._ledger.entries()) if entry.state is EntryState.WAITING else ""
        return replace(entry, blocked_by=blocker) if blocker else entry
