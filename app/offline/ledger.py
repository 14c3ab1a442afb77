"""The rows of the outbox: every intent the resident was told is safe, and where each stands.

    draft -> WAITING -> SENDING -> ACCEPTED          the server's receipt is here
                 ^         |  \\--> REFUSED          kept whole: edit, retry, discard
                 |         |         |
                 +---------+         +--> DISCARDED  by the resident only
                 proven not to be on the server

SENDING means that a request was (or may have been) sent and its outcome is not known. It leaves that state
only by an answer or by reading the server.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from app.errors import Locked
from app.offline import codec
from app.offline.database import Database
from app.offline.intents import CREATE, Intent
from app.offline.vault import Vault


class EntryState(Enum):
    """Where an entry stands; see the diagram above."""

    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Receipt:
    """The server has it: the resource's id there, the version and the server's own time (FHIR instant)."""

    id: str
    version: str
    at: str


@dataclass(frozen=True)
class Refusal:
    """The server (or a rule) said no. ``status`` is HTTP's, 0 when nothing was sent; ``code`` FHIR's issue
    code or ours."""

    status: int
    code: str
    text: str = field(default="", repr=False)


@dataclass(frozen=True)
class Entry:
    """One intent in the outbox. ``next_try`` and ``put_at``: seconds since 1970 by the device's clock.

    ``blocked_by``: the key of a refused or discarded entry that this one waits for. ``args`` is empty once
    accepted: the record has it.
    """

    seq: int
    intent: Intent
    state: EntryState
    put_at: float
    attempts: int = 0
    next_try: float = 0.0
    receipt: Receipt | None = None
    refusal: Refusal | None = None
    base: str = ""
    looked: int = -1
    has_sent: bool = False
    blocked_by: str = ""
    done_at: int = -1
    tried_at: float = 0.0

    key = property(lambda self: self.intent.key)
    name = property(lambda self: self.intent.name)
    type = property(lambda self: self.intent.type)
    id = property(lambda self: self.intent.id)
    args = property(lambda self: self.intent.args)
    person = property(lambda self: self.intent.person)
    after = property(lambda self: self.intent.after)
    group = property(lambda self: self.intent.group)
    may_wait = property(lambda self: self.intent.may_wait)

    @property
    def is_create(self) -> bool:
        """Whether it makes a new resource."""
        return self.intent.name == CREATE

    @property
    def open(self) -> bool:
        """Not settled yet: waiting or sending."""
        return self.state in (EntryState.WAITING, EntryState.SENDING)


COLUMNS = "seq,key,type,id,state,intent,base,sent IS NOT NULL,looked,attempts,next_try,put_at,done_at,outcome,tried_at"


@dataclass
class Ledger:
    """Reads and writes the outbox table; what it remembers is what was committed."""

    db: Database
    vault: Vault
    account: str
    unreadable: int = 0
    _entries: dict[str, Entry] | None = field(default=None)
    _aliases: dict[tuple[str, str], str] | None = field(default=None)

    def entries(self) -> dict[str, Entry]:
        """All entries by key, in the order they were put."""
        if self._entries is None:
            rows = self.db.rows(f"SELECT {COLUMNS} FROM outbox ORDER BY seq")
            opened = [entry for row in rows if (entry := self._entry_or_none(row))]
            self.unreadable = len(rows) - len(opened)
            self._entries = {entry.key: entry for entry in opened}
        return self._entries

    def aliases(self) -> dict[tuple[str, str], str]:
        """(type, id given on the device) -> id given by the server, where they differ."""
        if self._aliases is None:
            self._aliases = {row[:2]: row[2] for row in self.db.rows("SELECT type,local,id FROM alias")}
        return self._aliases

    def add_alias(self, type: str, local: str, id: str) -> None:
        """The server gave a resource another id, in the open transaction."""
        self.db.write("INSERT OR REPLACE INTO alias VALUES(?,?,?)", (type, local, id))
        self.db.after(lambda: self.aliases().update({(type, local): id}))

    def forget(self) -> None:
        """Read the table again at the next question."""
        self._entries, self._aliases = None, None

    def add(self, intent: Intent, put_at: float) -> None:
        """Insert an intent, in the open transaction; a key that is already there is left as it is."""
        columns = "INSERT INTO outbox(key,type,id,state,intent,put_at)"
        sql = f"{columns} VALUES(?,?,?,'waiting',?,?) ON CONFLICT(key) DO NOTHING"
        self.db.write(sql, (intent.key, intent.type, intent.id, self._sealed_intent(intent), put_at))
        self._changed(intent.key, intent.type)

    def update(self, key: str, **columns: Any) -> None:
        """Set columns of one entry, in the open transaction. ``state`` as EntryState; ``outcome``, ``sent``
        unsealed."""
        entry = self.entries()[key]
        stored = {name: self._stored(key, name, value) for name, value in columns.items()}
        marks = ",".join(f"{name}=?" for name in stored)
        self.db.write(f"UPDATE outbox SET {marks} WHERE key=?", (*stored.values(), key))
        self._changed(key, entry.type)

    def replace_intent(self, intent: Intent) -> None:
        """Store another form of the same intent (same key), in the open transaction."""
        sealed = self._sealed_intent(intent)
        self.db.write("UPDATE outbox SET id=?, intent=? WHERE key=?", (intent.id, sealed, intent.key))
        self._changed(intent.key, intent.type)

    def sent_body(self, key: str) -> bytes:
        """The exact bytes of the update that was sent."""
        sealed = self.db.rows("SELECT sent FROM outbox WHERE key=?", (key,))[0][0]
        return self.vault.open(sealed, self._place(key, "sent"))

    def prune(self, before: int) -> None:
        """Remove what was accepted or discarded before that server time (microseconds since 1970)."""
        old = [
            key
            for key, entry in self.entries().items()
            if 0 <= entry.done_at < before and not self._needed(entry)
        ]
        if old:
            with self.db.writing("outbox", durable=False):
                self.db.write_many("DELETE FROM outbox WHERE key=?", [(key,) for key in old])
                self.db.after(self.forget)

    def _needed(self, entry: Entry) -> bool:
        done = (EntryState.ACCEPTED, EntryState.DISCARDED)
        others = (other for other in self.entries().values() if other.state not in done)
        return entry.state not in done or any(entry.key in other.after for other in others)

    def _changed(self, key: str, type: str) -> None:
        self.db.touch(type, "outbox")
        self.db.after(lambda: self._reread(key))

    def _reread(self, key: str) -> None:
        if self._entries is not None:
            row = self.db.rows(f"SELECT {COLUMNS} FROM outbox WHERE key=?", (key,))[0]
            self._entries = {**self._entries, key: self._entry(row)}

    def _place(self, key: str, part: str) -> str:
        return f"{self.account}|outbox|{key}|{part}"

    def _sealed_intent(self, intent: Intent) -> bytes:
        return self.vault.seal(codec.to_bytes(_intent_to_json(intent)), self._place(intent.key, "intent"))

    def _stored(self, key: str, name: str, value: Any) -> Any:
        if isinstance(value, EntryState):
            return value.value
        if name == "outcome" and value is not None:
            return self.vault.seal(codec.to_bytes(_outcome_to_json(value)), self._place(key, name))
        if name == "sent" and value is not None:
            return self.vault.seal(value, self._place(key, name))
        return value

    def _entry_or_none(self, row: tuple[Any, ...]) -> Entry | None:
        """A row that no longer opens stays in the file and is counted; it must not take the others with
        it."""
        try:
            return self._entry(row)
        except Locked:
            return None

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        seq, key, _type, _id, state, sealed, base, has_sent, looked, *rest, outcome, tried_at = row
        attempts, next_try, put_at, done_at = rest
        intent = _intent_from_json(codec.from_bytes(self.vault.open(sealed, self._place(key, "intent"))), key)
        entry = Entry(seq, intent, EntryState(state), put_at, attempts, next_try, base=base, looked=looked)
        entry = replace(entry, has_sent=bool(has_sent), done_at=done_at, tried_at=tried_at)
        if outcome is None:
            return entry
        said = codec.from_bytes(self.vault.open(outcome, self._place(key, "outcome")))
        return _with_outcome(entry, said)


def _intent_to_json(intent: Intent) -> dict[str, Any]:
    return {
        "name": intent.name,
        "type": intent.type,
        "id": intent.id,
        "args": dict(intent.args),
        "person": intent.person,
        "after": list(intent.after),
        "may_wait": intent.may_wait,
        "group": intent.group,
    }


def _intent_from_json(stored: Mapping[str, Any], key: str) -> Intent:
    return Intent(**{**stored, "after": tuple(stored["after"])}, key=key)


def _outcome_to_json(outcome: Receipt | Refusal) -> dict[str, Any]:
    return {"said": "yes" if isinstance(outcome, Receipt) else "no", **vars(outcome)}


def _with_outcome(entry: Entry, said: dict[str, Any]) -> Entry:
    yes = said.pop("said") == "yes"
    return replace(entry, receipt=Receipt(**said)) if yes else replace(entry, refusal=Refusal(**said))


def by_resource(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    """Entries of the same resource together, in order."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        found.setdefault((entry.type, entry.id), []).append(entry)
    return found
