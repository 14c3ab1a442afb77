"""One account's memory on this device: confirmed records, the resident's work, and the view that screens
read.

``Store.open(path, vault, account, clock)``; ``path`` None keeps everything in memory (a shared computer, the
served browser). Reading never touches the network. Resources handed out are shared: read them, never change
them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.errors import AppError, BadData, Locked
from app.offline import codec, salvage, schema
from app.offline.database import Database, Listener, TooNew
from app.offline.intents import BUILT_IN, Intents
from app.offline.ledger import Entry, EntryState, Ledger, by_resource
from app.offline.places import Keeper
from app.offline.records import Records
from app.offline.salvage import Salvage
from app.offline.vault import Vault
from app.offline.view import concerns, fold, fold_all

Resource = dict[str, Any]
Clock = Callable[[], datetime]
CANARY = "canary"
WITNESSES = f"""SELECT body, 'note|'||key||'|' FROM note WHERE key<>'{CANARY}'
UNION ALL SELECT body, 'draft|'||key||'|' FROM draft
UNION ALL SELECT * FROM (SELECT body, type||'|'||id||'|'||version FROM record WHERE gone=0 LIMIT 20)"""
"""What else tells whether a key is the right one, and what it is bound to behind the account."""
AGE = "age of "
"""Before a type in what listeners hear: nothing of it changed, it was only confirmed anew."""


def device_clock() -> datetime:
    """The device's own time, in UTC."""
    return datetime.now(UTC)


class Store:
    """See the module's text. ``salvaged`` tells what was saved when the file turned out to be damaged at open,
    ``lost`` what the file had that was set aside because its key is gone (for whoever opens it to fill in)."""

    def __init__(self, db: Database, vault: Vault, account: str, clock: Clock, intents: Intents) -> None:
        self.db, self.vault, self.account, self.clock, self.intents = db, vault, account, clock, intents
        self.records = Records(db, vault, account)
        self.ledger = Ledger(db, vault, account)
        self.salvaged: Salvage | None = None
        self.lost: Salvage | None = None
        self.path: Path | None = None
        self.keeper: Keeper | None = None
        self._views: dict[str, Mapping[str, Resource]] = {}
        self._tuples: dict[str, tuple[Resource, ...]] = {}
        self._pulled: dict[str, tuple[str, float]] = {}
        self._foreign = db.foreign_writes()
        db.watch(self._forget_views)
        self._check_key()

    @classmethod
    def open(
        cls,
        path: Path | None,
        vault: Vault,
        account: str,
        clock: Clock = device_clock,
        intents: Intents = BUILT_IN,
        migrations: tuple[str, ...] = schema.MIGRATIONS,
        image: bytes | None = None,
    ) -> "Store":
        """Open or make the account's store. ``image``: what a store in memory begins with.

        Raises ``Locked`` when the key (or the account) is not the one it was made with, and ``DeviceFull``. A
        damaged file is set aside, and what exists nowhere else is saved from it: see ``salvaged``.
        """
        db, damaged = _opened(path, migrations, image)
        saved = salvage.save_from(damaged, db) if damaged else None
        try:
            store = cls(db, vault, account, clock, intents)
        except Locked:
            db.close()
            raise
        store.salvaged, store.path = saved, path
        return store

    def get(self, type: str, id: str) -> Resource | None:
        """The resource as the resident should see it: confirmed, with open intents applied. None: unknown or
        gone."""
        with self.db.lock:
            self.refresh()
            own = self.current_id(type, id)
            if type in self._views:
                return self._views[type].get(own)
            return fold(self.records.get(type, own), self._pending(type).get(own, ()), self.intents)

    def all(self, type: str, person: str | None = None) -> tuple[Resource, ...]:
        """All resources of a type: confirmed ones in the server's order, then the ones being created, in put
        order.

        ``person`` ("Patient/x"): only those about, to or from that person.
        """
        with self.db.lock:
            self.refresh()
            if type not in self._tuples:
                self._views[type] = fold_all(self.records.all(type), self._pending(type), self.intents)
                self._tuples[type] = tuple(self._views[type].values())
            found = self._tuples[type]
        return found if person is None else tuple(item for item in found if concerns(item, person))

    def newest(self, type: str, limit: int = 50) -> tuple[Resource, ...]:
        """The last ``limit`` of ``all``, newest first, without opening the rest: for a first screen."""
        with self.db.lock:
            self.refresh()
            pending = self._pending(type)
            confirmed = self.records.newest(type, limit)
            made = [own for own in pending if self.records.known(type).get(own) is None] if pending else []
            seen = [fold(None, pending[own], self.intents) for own in reversed(made)]
            seen += [fold(item, pending.get(item["id"], ()), self.intents) for item in confirmed]
        return tuple(item for item in seen if item is not None)[:limit]

    def types(self) -> tuple[str, ...]:
        """Every type of which there is something, confirmed or being created."""
        self.refresh()
        stored = {row[0] for row in self.db.rows("SELECT DISTINCT type FROM record WHERE gone=0")}
        made = {entry.type for entry in self.ledger.entries().values() if entry.open}
        return tuple(sorted(stored | made))

    def is_open(self, type: str) -> bool:
        """Whether ``all`` of the type is at hand; else it opens every row, which takes its time with thousands."""
        self.refresh()
        return type in self._tuples

    def record(self, type: str, id: str) -> Resource | None:
        """What the server last confirmed, without the resident's open intents."""
        self.refresh()
        return self.records.get(type, self.current_id(type, id))

    def confirmed_at(self, type: str) -> datetime | None:
        """When that type was last pulled whole, by the device's clock: only good for showing an age."""
        stored = dict(self.db.rows("SELECT key,pulled_at FROM scope WHERE type=? AND pulled_at > 0", (type,)))
        times = stored | {key: at for key, (of, at) in self._pulled.items() if of == type}
        return datetime.fromtimestamp(min(times.values()), UTC) if times else None

    def pulled(self, scope: str, type: str, at: float) -> None:
        """Note that the scope was pulled whole; written down at the next change or close, not for itself.

        Listeners hear the type the first time, and then only that its age changed (``AGE`` and the type).
        """
        before = self.confirmed_at(type)
        self._pulled[scope] = (type, at)
        self.db.announce(type if before is None else AGE + type)

    def watch(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after each commit with the types that changed; "outbox" and "drafts" count as
        types. See ``AGE`` for what changes without a commit.

        Returns a function that ends it. The listener must not raise.
        """
        return self.db.watch(listener)

    def current_id(self, type: str, id: str) -> str:
        """The id on the server of a resource that was made here; mostly the same."""
        return self.ledger.aliases().get((type, id), id)

    def remember(self, key: str, value: dict[str, Any]) -> None:
        """Keep a small sealed note."""
        with self.writing(durable=True):
            sealed = self.vault.seal(codec.to_bytes(value), self._note(key))
            self.db.write("INSERT OR REPLACE INTO note VALUES(?,?)", (key, sealed))

    def recall(self, key: str) -> dict[str, Any] | None:
        """The note kept under ``key``; None also for one that is damaged."""
        try:
            return self._recalled(key)
        except Locked:
            return None

    @contextmanager
    def writing(self, *changed: str, durable: bool) -> Iterator[Database]:
        """One transaction; see ``Database.writing``. A failure forgets what was remembered of it."""
        self.refresh()
        with self.db.writing(*changed, durable=durable) as db:
            yield db

    def now(self) -> float:
        """Seconds since 1970 by the device's clock."""
        return self.clock().timestamp()

    def keep_at(self, keeper: Keeper) -> None:
        """Let ``keeper`` keep this store, which is in memory, between visits."""
        self.keeper, keeper.image, keeper.adopt = keeper, self._image, self.adopt
        self.db.committed = keeper.changed

    def when_kept(self, done: Callable[[AppError | None], None]) -> None:
        """Call ``done`` once all that was committed is on disk, or with why it cannot be; see ``Keeper``.

        A file of one's own is written by the commit itself: then ``done`` is called at once.
        """
        if self.keeper is None:
            done(None)
        else:
            self.keeper.when_kept(done)

    async def kept(self) -> None:
        """Return once all that was committed is as safe as it gets on this device."""
        if self.keeper is not None:
            await self.keeper.kept()

    def adopt(self, image: bytes) -> None:
        """Take over the resident's work from another image of the same account; what is here stays as it is."""
        self.salvaged = salvage.adopt(Database(None, image), self.db)
        self._forget_all()
        self.db.announce("outbox", "drafts", *{entry.type for entry in self.ledger.entries().values()})

    def seal_with(self, vault: Vault) -> None:
        """Everything in the file has been sealed with ``vault``: so is what comes; see ``rotation``."""
        self.vault = self.records.vault = self.ledger.vault = vault

    def close(self) -> None:
        """Write down the ages, if there is room for them, and close the file; nothing else waits to be written."""
        try:
            self.flush_ages()
        except AppError:
            self._pulled = {}
        self.db.close()

    def erase(self) -> None:
        """Close and remove the file and everything beside it; the caller destroys the key."""
        self.db.close()
        if self.path:
            salvage.remove(self.path)

    def flush_ages(self) -> None:
        """Write down when each scope was last pulled."""
        if self._pulled:
            rows = [(key, of, at) for key, (of, at) in self._pulled.items()]
            sql = """INSERT INTO scope(key,type,pulled_at) VALUES(?,?,?)
                ON CONFLICT(key) DO UPDATE SET pulled_at=excluded.pulled_at"""
            with self.db.writing(durable=False):
                self.db.write_many(sql, rows)
            self._pulled = {}

    def _image(self) -> bytes:
        self.flush_ages()
        return self.db.image()

    def _pending(self, type: str) -> dict[str, list[Entry]]:
        entries = (entry for entry in self.ledger.entries().values() if entry.type == type)
        unsettled = (entry for entry in entries if entry.open or entry.state is EntryState.REFUSED)
        return {own: found for (_, own), found in by_resource(unsettled).items()}

    def _forget_views(self, changed: frozenset[str]) -> None:
        for name in changed:
            self._views.pop(name, None)
            self._tuples.pop(name, None)

    def refresh(self) -> None:
        """Another window of the app may have written to the same file."""
        if self.path and (now := self.db.foreign_writes()) != self._foreign:
            self._foreign = now
            self._forget_all()

    def _forget_all(self) -> None:
        self.records.forget()
        self.ledger.forget()
        self._views, self._tuples = {}, {}

    def _recalled(self, key: str) -> dict[str, Any] | None:
        rows = self.db.rows("SELECT body FROM note WHERE key=?", (key,))
        return codec.from_bytes(self.vault.open(rows[0][0], self._note(key))) if rows else None

    def _check_key(self) -> None:
        """A canary that does not open while something else does is damaged: the key is right."""
        try:
            known = self._recalled(CANARY)
        except Locked:
            if not self._opens_anything():
                raise
            known = None
        if known is None:
            if not self.ledger.entries() and self.ledger.unreadable:
                raise Locked
            self.remember(CANARY, {"account": self.account})

    def _opens_anything(self) -> bool:
        return bool(self.ledger.entries()) or any(self._opens(*row) for row in self.db.rows(WITNESSES))

    def _opens(self, sealed: bytes, place: str) -> bool:
        try:
            self.vault.open(sealed, f"{self.account}|{place}")
        except Locked:
            return False
        return True

    def _note(self, key: str) -> str:
        return f"{self.account}|note|{key}|"


def _opened(
    path: Path | None, migrations: tuple[str, ...], image: bytes | None
) -> tuple[Database, Path | None]:
    """The prepared database, and the damaged file that had to be set aside."""
    db = Database(path, image)
    try:
        db.prepare(migrations)
        return db, None
    except BadData as problem:
        db.close()
        if path is None or isinstance(problem, TooNew):
            raise
    damaged = salvage.set_aside(path)
    fresh = Database(path)
    fresh.prepare(migrations)
    return fresh, damaged
