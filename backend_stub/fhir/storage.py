"""The one SQLite connection: versions are appended, ``current`` points at the newest, index rows hang on it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

INDEX_TABLES = ("token", "string", "date", "ref", "number", "uri")
_TABLES = """
CREATE TABLE IF NOT EXISTS version(seq INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT, id TEXT, version INT, at INT,
  deleted INT, by TEXT, body TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS version_key ON version(type, id, version);
CREATE INDEX IF NOT EXISTS version_type ON version(type, seq);
CREATE TABLE IF NOT EXISTS current(n INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT, id TEXT, seq INT, version INT,
  at INT, deleted INT);
CREATE UNIQUE INDEX IF NOT EXISTS current_key ON current(type, id);
CREATE INDEX IF NOT EXISTS current_at ON current(type, at);
CREATE TABLE IF NOT EXISTS member(seq INT, patient TEXT, PRIMARY KEY(seq, patient)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS member_patient ON member(patient, seq);
CREATE TABLE IF NOT EXISTS token(n INT, param TEXT, system TEXT, code TEXT);
CREATE INDEX IF NOT EXISTS token_value ON token(param, code, system, n);
CREATE TABLE IF NOT EXISTS string(n INT, param TEXT, folded TEXT, exact TEXT);
CREATE INDEX IF NOT EXISTS string_value ON string(param, folded, n);
CREATE TABLE IF NOT EXISTS date(n INT, param TEXT, low INT, high INT);
CREATE INDEX IF NOT EXISTS date_value ON date(param, low, high, n);
CREATE TABLE IF NOT EXISTS ref(n INT, param TEXT, type TEXT, id TEXT, url TEXT);
CREATE INDEX IF NOT EXISTS ref_value ON ref(param, id, type, n);
CREATE INDEX IF NOT EXISTS ref_url ON ref(param, url, n) WHERE url IS NOT NULL;
CREATE TABLE IF NOT EXISTS number(n INT, param TEXT, low REAL, high REAL, system TEXT, code TEXT, unit TEXT);
CREATE INDEX IF NOT EXISTS number_value ON number(param, low, high, n);
CREATE TABLE IF NOT EXISTS uri(n INT, param TEXT, value TEXT);
CREATE INDEX IF NOT EXISTS uri_value ON uri(param, value, n);
"""
_OF_ROW = "".join(f"CREATE INDEX IF NOT EXISTS {table}_n ON {table}(n, param);" for table in INDEX_TABLES)
_VERSION = "SELECT seq, type, id, version, at, deleted, by, body FROM version"


@dataclass(frozen=True, slots=True)
class Stored:
    """One version as kept. ``at``: milliseconds; ``text``: JSON with meta, empty for a deletion."""

    seq: int
    type: str
    id: str
    version: int
    at: int
    deleted: bool
    by: str
    text: str


class Storage:
    """Rows in and out, and transactions that nest. ``path`` None keeps everything in memory."""

    def __init__(self, path: str | None) -> None:
        self.db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.executescript(_TABLES + _OF_ROW)
        self.depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; an inner one can fail alone."""
        name = f"level{self.depth}"
        self.db.execute(f"SAVEPOINT {name}" if self.depth else "BEGIN IMMEDIATE")
        self.depth += 1
        try:
            yield
        except BaseException:
            self.depth -= 1
            self.db.execute(f"ROLLBACK TO {name}" if self.depth else "ROLLBACK")
            raise
        self.depth -= 1
        self.db.execute(f"RELEASE {name}" if self.depth else "COMMIT")

    def newest(self, type: str, id: str) -> Stored | None:
        """The newest version, a deletion included."""
        return self.one("WHERE seq=(SELECT seq FROM current WHERE type=? AND id=?)", (type, id))

    def one(self, where: str, values: tuple[object, ...]) -> Stored | None:
        """The first version that fits, or None."""
        row = self.db.execute(f"{_VERSION} {where}", values).fetchone()
        return Stored(*row) if row else None

    def many(self, where: str, values: tuple[object, ...] = ()) -> list[Stored]:
        """All versions that fit."""
        return [Stored(*row) for row in self.db.execute(f"{_VERSION} {where}", values)]

    def latest_at(self) -> int:
        """Milliseconds of the newest version of all; 0 when empty."""
        return int(self.db.execute("SELECT coalesce(max(at), 0) FROM version").fetchone()[0])

    def append(self, kept: Stored, members: frozenset[str]) -> int:
        """Add a version (its ``seq`` is given here) and make it current. Returns the row number of the resource."""
        seq = self.db.execute(
            "INSERT INTO version(type, id, version, at, deleted, by, body) VALUES (?,?,?,?,?,?,?)",
            (kept.type, kept.id, kept.version, kept.at, kept.deleted, kept.by, kept.text),
        ).lastrowid
        self.db.executemany("INSERT INTO member VALUES (?,?)", [(seq, patient) for patient in members])
        pointer = (kept.type, kept.id, seq, kept.version, kept.at, kept.deleted)
        found = self.db.execute(
            "INSERT INTO current(type, id, seq, version, at, deleted) VALUES (?,?,?,?,?,?) ON CONFLICT(type, id)"
            " DO UPDATE SET seq=excluded.seq, version=excluded.version, at=excluded.at, deleted=excluded.deleted"
            " RETURNING n",
            pointer,
        ).fetchone()
        return int(found[0])

    def point(self, n: int, kept: Stored | None) -> None:
        """Make a version that is there the current one of a resource; None: there is no such resource."""
        if kept is None:
            self.db.execute("DELETE FROM current WHERE n=?", (n,))
            return
        pointer = (kept.seq, kept.version, kept.at, kept.deleted, n)
        self.db.execute("UPDATE current SET seq=?, version=?, at=?, deleted=? WHERE n=?", pointer)

    def reindex(self, n: int, rows: dict[str, list[tuple[object, ...]]], *, fresh: bool) -> None:
        """Replace the index rows of one resource; each row is without its leading ``n``."""
        for table in INDEX_TABLES:
            if not fresh:
                self.db.execute(f"DELETE FROM {table} WHERE n=?", (n,))
            new = rows.get(table)
            if new:
                marks = ",".join("?" * (len(new[0]) + 1))
                self.db.executemany(f"INSERT INTO {table} VALUES ({marks})", [(n, *row) for row in new])

    def members(self, seq: int) -> frozenset[str]:
        """Patients in whose compartments this version lies."""
        return frozenset(row[0] for row in self.db.execute("SELECT patient FROM member WHERE seq=?", (seq,)))

    def load(self, image: bytes) -> None:
        """Replace everything by a serialised database."""
        with closing(sqlite3.connect(":memory:")) as other:
            other.deserialize(image)
            other.backup(self.db)

    def clear(self) -> None:
        """Remove everything."""
        with self.transaction():
            for table in ("version", "current", "member", *INDEX_TABLES):
                self.db.execute(f"DELETE FROM {table}")
