"""What the server confirmed, sealed row by row. Nothing local is ever written here.

A row changes only forward in the server's time; a deleted one leaves a tombstone that a lagging index cannot
undo.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from app.errors import Locked
from app.offline import codec
from app.offline.database import Database
from app.offline.vault import Vault

Resource = dict[str, Any]
UPSERT = """INSERT INTO record(type,id,version,updated,gone,scope,body) VALUES(?,?,?,?,0,?,?)
ON CONFLICT(type,id) DO UPDATE SET version=excluded.version, updated=excluded.updated, gone=0,
body=excluded.body, scope=CASE excluded.scope WHEN '' THEN scope ELSE excluded.scope END"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one row without opening it."""

    version: str
    updated: int
    gone: bool
    scope: str


@dataclass
class Records:
    """Reads and writes the record table; a type is opened whole at the first question and then kept."""

    db: Database
    vault: Vault
    account: str
    _known: dict[str, dict[str, Known]] = field(default_factory=dict)
    _opened: dict[str, dict[str, Resource]] = field(default_factory=dict)
    damaged: int = 0

    def forget(self) -> None:
        """Read the tables again at the next question."""
        self._known, self._opened = {}, {}

    def known(self, type: str) -> dict[str, Known]:
        """Version, time and tombstone of every row of the type, by id."""
        if type not in self._known:
            rows = self.db.rows("SELECT id,version,updated,gone,scope FROM record WHERE type=?", (type,))
            self._known[type] = {row[0]: Known(row[1], row[2], bool(row[3]), row[4]) for row in rows}
        return self._known[type]

    def get(self, type: str, id: str) -> Resource | None:
        """One confirmed resource."""
        if type in self._opened:
            return self._opened[type].get(id)
        sql = "SELECT id,version,body FROM record WHERE type=? AND id=? AND gone=0"
        return self._open_rows(type, self.db.rows(sql, (type, id))).get(id)

    def all(self, type: str) -> dict[str, Resource]:
        """All confirmed resources of the type by id, oldest first by the server's time."""
        if type not in self._opened:
            sql = "SELECT id,version,body FROM record WHERE type=? AND gone=0 ORDER BY updated,id"
            self._opened[type] = self._open_rows(type, self.db.rows(sql, (type,)))
        return self._opened[type]

    def newest(self, type: str, limit: int) -> list[Resource]:
        """The newest confirmed resources without opening the others; newest first."""
        if type in self._opened:
            return list(islice(reversed(self._opened[type].values()), limit))
        newest = "ORDER BY updated DESC, id DESC LIMIT ?"
        sql = f"SELECT id,version,body FROM record WHERE type=? AND gone=0 {newest}"
        return list(self._open_rows(type, self.db.rows(sql, (type, limit))).values())

    def put(self, resources: Iterable[Resource], scope: str = "", read: bool = False) -> int:
        """Store what a listing (or a direct ``read``) brought, in the open transaction; the number that was
        news.

        Accepted: an unknown row, a newer server's time, or from a read another version with the same time.
        """
        news = [resource for resource in resources if self._is_news(resource, scope, read)]
        self.db.write_many(UPSERT, [self._row(resource, scope) for resource in news])
        for resource in news:
            self.db.touch(resource["resourceType"])
        self.db.after(lambda: self._remember(news, scope))
        return len(news)

    def bury(self, type: str, id: str) -> None:
        """Leave a tombstone: a read said that it is gone, in the open transaction."""
        self.db.write("UPDATE record SET gone=1, body=NULL WHERE type=? AND id=?", (type, id))
        self.db.touch(type)
        self.db.after(lambda: self._forget_row(type, id))

    def move(self, type: str, id: str, scope: str) -> None:
        """The row belongs to that scope now."""
        self.db.write("UPDATE record SET scope=? WHERE type=? AND id=?", (scope, type, id))
        self.db.after(lambda: self._known.pop(type, None))

    def _is_news(self, resource: Resource, scope: str, read: bool) -> bool:
        meta = resource["meta"]
        known = self.known(resource["resourceType"]).get(resource["id"])
        at = codec.micros(meta["lastUpdated"])
        if known is None or at > known.updated:
            return True
        return read and at == known.updated and (known.version != meta["versionId"] or known.gone)

    def _row(self, resource: Resource, scope: str) -> tuple[Any, ...]:
        kind, own, meta = resource["resourceType"], resource["id"], resource["meta"]
        sealed = self.vault.seal(codec.to_bytes(resource), self._place(kind, own, meta["versionId"]))
        return kind, own, meta["versionId"], codec.micros(meta["lastUpdated"]), scope, sealed

    def _remember(self, news: list[Resource], scope: str) -> None:
        for resource in news:
            kind, own, meta = resource["resourceType"], resource["id"], resource["meta"]
            if kind in self._known:
                old = self._known[kind].get(own)
                kept = scope or (old.scope if old else "")
                self._known[kind][own] = Known(
                    meta["versionId"], codec.micros(meta["lastUpdated"]), False, kept
                )
            if kind in self._opened:
                self._opened[kind].pop(own, None)
                self._opened[kind][own] = resource

    def _forget_row(self, type: str, id: str) -> None:
        known = self._known.get(type, {}).get(id)
        if known:
            self._known[type][id] = Known(known.version, known.updated, True, known.scope)
        self._opened.get(type, {}).pop(id, None)

    def _open_rows(self, type: str, rows: list[tuple[Any, ...]]) -> dict[str, Resource]:
        bodies = (body for row in rows if (body := self._body(type, *row)))
        opened = {resource["id"]: resource for resource in codec.from_many(bodies)}
        if len(opened) < len(rows):
            self._drop(type, {row[0] for row in rows} - opened.keys())
        return opened

    def _body(self, type: str, id: str, version: str, sealed: bytes) -> bytes:
        """The plain body; b"" for a row that no longer opens."""
        try:
            return self.vault.open(sealed, self._place(type, id, version))
        except Locked:
            self.damaged += 1
            return b""

    def _drop(self, type: str, ids: set[str]) -> None:
        """Forget damaged rows, so that the next sweep fetches them again."""
        with self.db.writing(durable=False):
            self.db.write_many("DELETE FROM record WHERE type=? AND id=?", [(type, own) for own in ids])
            self.db.after(lambda: self._known.pop(type, None))

    def _place(self, type: str, id: str, version: str) -> str:
        return f"{self.account}|{type}|{id}|{version}"
