"""Sending the outbox: in order for each resource, dependents after what they wait for, the rest
independently.

No write is ever repeated before the server was asked what became of the last one. ``creates.py`` and
``updates.py`` have the exact steps.
"""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from app.domain.exchange import Request, Response
from app.offline import exchanges
from app.offline.creates import Creating
from app.offline.lanes import lanes, ready
from app.offline.ledger import Entry, EntryState
from app.offline.settle import Settle
from app.offline.talk import Talk
from app.offline.updates import Updating

Steps = Generator[Request, Response | None, Any]
TRIES = 3


@dataclass
class Push:
    """The sending side of the engine."""

    settle: Settle
    talk: Talk
    creating: Creating
    updating: Updating

    def everything(self) -> Steps:
        """Send all that can be sent now, in the order it was put."""
        yield from self._lane(None)

    def lanes(self) -> list[Steps]:
        """The same in parts that have nothing to do with each other and may run at the same time."""
        return [self._lane(keys) for keys in lanes(self._entries())]

    def _lane(self, keys: frozenset[str] | None) -> Steps:
        tries: Counter[str] = Counter()
        while not self.talk.ended:
            over = [key for key, count in tries.items() if count >= TRIES]
            entry = ready(self._entries(), keys, over, self.talk.clock())
            if entry is None:
                break
            yield from self._one(entry)
            tries[entry.key] += 1 if self._starts_again(entry) else TRIES
        self._expire(keys)

    def _one(self, entry: Entry) -> Steps:
        careful = not entry.may_wait and entry.state is EntryState.WAITING
        if not careful or (yield from self._reachable(entry)):
            yield from (self.creating.send(entry) if entry.is_create else self.updating.send(entry))
        else:
            self._expire(frozenset({entry.key}))

    def _reachable(self, entry: Entry) -> Steps:
        """Ask something harmless first: what may not wait is not sent into the dark."""
        response = yield from self.talk.ask(exchanges.read(entry.type, entry.id, entry.key))
        there = response is not None and response.status < 500 and response.status not in (401, 408, 425, 429)
        return there and self.settle.now(entry.key).state is EntryState.WAITING

    def _starts_again(self, entry: Entry) -> bool:
        """It was overtaken by another's version and can be sent on top of that at once."""
        now = self.settle.now(entry.key)
        return now.state is EntryState.WAITING and now.next_try == 0.0

    def _expire(self, keys: frozenset[str] | None) -> None:
        """What may not wait and was not sent fails now; it never was under way."""
        for entry in list(self._entries().values()):
            asked = keys is None or entry.key in keys
            if asked and not entry.may_wait and entry.state is EntryState.WAITING:
                self.settle.refused(entry, 0, "offline")

    def _entries(self) -> dict[str, Entry]:
        self.settle.store.refresh()
        return self.settle.store.ledger.entries()
