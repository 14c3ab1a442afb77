"""One SQLite connection: transactions that are durable when they must be, and failures as ``AppError``.

The cache is written with ``synchronous=NORMAL``; work of the resident (``durable=True``) with ``FULL``, so a
commit that returned survives a power cut. What a transaction changed is told to the listeners after its
commit, never before.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from app.errors import AppError, BadData, Conflict, DeviceFull
from app.offline import schema

Listener = Callable[[frozenset[str]], None]
PROBLEMS: dict[int, type[AppError]] = {
    sqlite3.SQLITE_FULL: DeviceFull,
    sqlite3.SQLITE_IOERR: DeviceFull,
    sqlite3.SQLITE_READONLY: DeviceFull,
    sqlite3.SQLITE_CANTOPEN: DeviceFull,
    sqlite3.SQLITE_CORRUPT: BadData,
    sqlite3.SQLITE_NOTADB: BadData,
    sqlite3.SQLITE_BUSY: Conflict,
    sqlite3.SQLITE_LOCKED: Conflict,
}


@contextmanager
def told() -> Iterator[None]:
    """SQLite's failures as the ones a screen can explain."""
    try:
        yield
    except sqlite3.Error as error:
        known = PROBLEMS.get((getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF)
        if known is None:
            raise
        raise known from None


class TooNew(BadData):
    """The file was written by a newer app; this one must not touch it."""


class Database:
    """A connection with its lock, its open transaction and those who want to hear of changes."""

    def __init__(self, path: Path | None, image: bytes | None = None) -> None:
        with told():
            self._db = sqlite3.connect(
                str(path or ":memory:"), timeout=5, isolation_level=None, check_same_thread=False
            )
            if image is not None:
                self._db.deserialize(image)
        self.lock = RLock()
        self._listeners: list[Listener] = []
        self._after: list[Callable[[], object]] = []
        self._changed: set[str] = set()
        self._level = ""
        self.committed: Callable[[bool], None] = lambda durable: None

    def prepare(self, migrations: tuple[str, ...] = schema.MIGRATIONS) -> None:
        """Set up the file, check that it is whole and bring its tables to the newest version.

        Raises ``BadData`` when it is damaged, ``TooNew`` when it was written by a newer app.
        """
        with told():
            for pragma in ("journal_mode=WAL", "temp_store=MEMORY", "fullfsync=1", "cache_size=-4000"):
                self._db.execute(f"PRAGMA {pragma}")
            if self._db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise BadData
            self._migrate(migrations)

    def _migrate(self, migrations: tuple[str, ...]) -> None:
        have = self._db.execute("PRAGMA user_version").fetchone()[0]
        if have > len(migrations):
            raise TooNew
        for version in range(have, len(migrations)):
            step = f"{migrations[version]}; PRAGMA user_version={version + 1};"
            self._level = ""
            self._db.execute("PRAGMA synchronous=FULL")
            try:
                self._db.executescript(f"BEGIN IMMEDIATE; {step} COMMIT;")
            except sqlite3.Error:
                self._undo()
                raise

    @contextmanager
    def writing(self, *changed: str, durable: bool) -> Iterator["Database"]:
        """One transaction; an inner one joins the outer. Listeners hear of ``changed`` after the commit."""
        with self.lock:
            if self._db.in_transaction:
                self._changed.update(changed)
                yield self
                return
            with told():
                self._begin(durable, changed)
                try:
                    yield self
                    self._db.execute("COMMIT")
                except BaseException:
                    self._undo()
                    raise
            after, told_of = self._after, frozenset(self._changed)
            self._after, self._changed = [], set()
            for act in after:
                act()
            self.committed(durable)
        self._tell(told_of)

    def _begin(self, durable: bool, changed: Iterable[str]) -> None:
        level = "FULL" if durable else "NORMAL"
        if level != self._level:
            self._db.execute(f"PRAGMA synchronous={level}")
            self._level = level
        self._after, self._changed = [], set(changed)
        self._db.execute("BEGIN IMMEDIATE")

    def _undo(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._after, self._changed = [], set()

    def after(self, act: Callable[[], object]) -> None:
        """Do ``act`` once the open transaction has been committed; never if it fails."""
        self._after.append(act)

    def touch(self, *changed: str) -> None:
        """Name more types that the open transaction changes."""
        self._changed.update(changed)

    def announce(self, *changed: str) -> None:
        """Tell the listeners of something that is not written in the file."""
        self._tell(frozenset(changed))

    def _tell(self, changed: frozenset[str]) -> None:
        if changed:
            for listener in tuple(self._listeners):
                listener(changed)

    def watch(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with the changed types after each commit; returns how to stop. It must not
        raise."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def write(self, sql: str, values: Iterable[Any] = ()) -> int:
        """Run one statement of the open transaction; the number of rows it changed."""
        return self._db.execute(sql, tuple(values)).rowcount

    def write_many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement for each row, in the open transaction."""
        self._db.executemany(sql, rows)

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """The answer of a query."""
        with self.lock, told():
            return self._db.execute(sql, tuple(values)).fetchall()

    def image(self) -> bytes:
        """The whole database as it was last committed, to be opened again with ``Database(None, image)``."""
        with self.lock, told():
            return bytes(self._db.serialize())

    def foreign_writes(self) -> int:
        """A number that changes when another connection (a second window of the app) wrote to the file."""
        with self.lock, told():
            return self._db.execute("PRAGMA data_version").fetchone()[0]

    def leave_others_out(self) -> None:
        """Have the file for this connection alone; raises ``Conflict`` when another one has it open."""
        with self.lock, told():
            self._db.execute("PRAGMA busy_timeout=0")
            try:
                self._db.execute("PRAGMA journal_mode=DELETE")
            finally:
                self._db.execute("PRAGMA busy_timeout=5000")

    def let_others_in(self) -> None:
        """Undo ``leave_others_out``."""
        with self.lock, told():
            self._db.execute("PRAGMA journal_mode=WAL")

    def close(self) -> None:
        """Close the file; what was committed stays."""
        with self.lock:
            self._db.close()
