"""What waits for what in the outbox, and what has nothing to do with each other. Pure functions over
entries."""

from collections.abc import Iterable, Mapping

from app.offline.exchanges import LONGEST_WAIT
from app.offline.ledger import Entry, EntryState

Entries = Mapping[str, Entry]
ENDED = (EntryState.REFUSED, EntryState.DISCARDED)


def waits_for(entry: Entry, entries: Entries) -> list[Entry]:
    """What must be accepted first: the keys it names, and the create of its own resource."""
    named = [entries[key] for key in entry.after if key in entries]
    own = [] if entry.is_create else [other for other in entries.values() if _creates(other, entry)]
    return [other for other in (*named, *own[-1:]) if other.state is not EntryState.ACCEPTED]


def blocked_by(entry: Entry, entries: Entries, seen: frozenset[str] = frozenset()) -> str:
    """The key of the refused or discarded entry that this one waits for, directly or not; "" when none."""
    for other in waits_for(entry, entries):
        if other.state in ENDED:
            return other.key
        if other.key not in seen and (found := blocked_by(other, entries, seen | {entry.key})):
            return found
    return ""


def is_due(entry: Entry, now: float) -> bool:
    """Whether its back-off is over. Neither a clock that went back to before the last try can stall it, nor a next
    try that lies further away than any back-off."""
    return entry.next_try <= now or now < entry.tried_at or entry.next_try - now > LONGEST_WAIT


def ready(entries: Entries, keys: frozenset[str] | None, tried: Iterable[str], now: float) -> Entry | None:
    """The first entry that may be sent now, among ``keys`` (None: all) and not in ``tried``.

    Entries of one resource go in order: a later one is held while an earlier one is open.
    """
    held: set[tuple[str, str]] = set()
    for entry in entries.values():
        if not entry.open or (entry.type, entry.id) in held:
            continue
        held.add((entry.type, entry.id))
        wanted = (keys is None or entry.key in keys) and entry.key not in tried
        if wanted and is_due(entry, now) and not waits_for(entry, entries):
            return entry
    return None


def lanes(entries: Entries) -> list[frozenset[str]]:
    """The keys of open entries, parted so that no two parts share a resource or wait for each other."""
    parts: list[tuple[set[str], set[object]]] = []
    for entry in entries.values():
        if entry.open:
            keys, bonds = {entry.key}, {entry.key, (entry.type, entry.id), *entry.after}
            for part in [part for part in parts if part[1] & bonds]:
                parts.remove(part)
                keys, bonds = part[0] | keys, part[1] | bonds
            parts.append((keys, bonds))
    return [frozenset(keys) for keys, _ in parts]


def _creates(other: Entry, entry: Entry) -> bool:
    same = (other.type, other.id) == (entry.type, entry.id)
    return same and other.is_create and other.seq < entry.seq
