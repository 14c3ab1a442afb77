"""Keeps and finds resources. Console, seed and tester controls use it straight; HTTP goes through ``dispatch``.

Bodies are plain FHIR JSON dicts; what comes back carries ``meta.versionId`` ("1", "2", …) and ``meta.lastUpdated``
(UTC, milliseconds, strictly increasing over the whole server). Not thread-safe: call it on the event loop.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from backend_stub.fhir import codec, compartment, index
from backend_stub.fhir.access import SYSTEM, Access
from backend_stub.fhir.errors import Gone, NotFound, PreconditionFailed
from backend_stub.fhir.search import Finder
from backend_stub.fhir.storage import Storage, Stored

Body = dict[str, Any]
Params = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Change:
    """One committed version. ``text``: its JSON, empty for a deletion; ``at`` an instant; ``by`` the author's label."""

    type: str
    id: str
    version: str
    text: str
    at: str
    by: str

    @cached_property
    def body(self) -> Body | None:
        """The resource; None for a deletion. Parsed when it is asked for: most listeners look at the type alone."""
        if not self.text:
            return None
        loaded: Body = json.loads(self.text)
        return loaded


class Repository:
    """All resources with their versions. ``path`` None: in memory. ``clock`` gives an aware datetime."""

    def __init__(self, path: str | None, clock: Callable[[], datetime], base_url: str = "") -> None:
        self.storage = Storage(path)
        self.clock = clock
        self.base_url = base_url.rstrip("/")
        self._last = self.storage.latest_at()
        self._listeners: tuple[Callable[[Change], None], ...] = ()
        self._changes: list[Change] = []

    def create(self, body: Body, id: str | None = None, by: str = "", *, owner: str | None = None) -> Body:
        """Store a new resource under ``id``, the body's own id, or a fresh UUID.

        Raises PreconditionFailed if it exists. ``owner``: id of the patient whose Subscription this is,
        beyond those its criteria name.
        """
        id = id or body.get("id") or self.new_id()
        newest = self.storage.newest(body["resourceType"], id)
        if newest and not newest.deleted:
            raise PreconditionFailed(f"{newest.type}/{id} exists already", code="duplicate")
        return self._store(body, id, newest, by, owner)

    def update(
        self,
        type: str,
        id: str,
        body: Body,
        *,
        if_match: str | None = None,
        by: str = "",
        owner: str | None = None,
    ) -> Body:
        """Store the next version (creates when missing). ``if_match``: version id or ETag; else PreconditionFailed."""
        newest = self.storage.newest(type, id)
        if if_match is not None and (not newest or newest.deleted or version_of(if_match) != newest.version):
            raise PreconditionFailed(f"{type}/{id} is not at version {if_match}")
        return self._store({**body, "resourceType": type}, id, newest, by, owner)

    def read(self, type: str, id: str) -> Body:
        """The newest version. Raises NotFound or Gone."""
        loaded: Body = json.loads(self.stored(type, id).text)
        return loaded

    def stored(self, type: str, id: str) -> Stored:
        """The newest version as kept. Raises NotFound or Gone."""
        newest = self.storage.newest(type, id)
        if not newest:
            raise NotFound(f"no {type} with this id")
        if newest.deleted:
            raise Gone(f"this {type} has been deleted")
        return newest

    def delete(self, type: str, id: str, by: str = "") -> None:
        """Delete; deleting twice changes nothing. Raises NotFound if it never existed."""
        newest = self.storage.newest(type, id)
        if not newest:
            raise NotFound(f"no {type} with this id")
        if not newest.deleted:
            last = replace(newest, version=newest.version + 1, at=self._tick(), deleted=True, by=by, text="")
            self._commit(last, self.storage.members(newest.seq), {}, fresh=False)

    def search(self, type: str, params: Params = (), access: Access = SYSTEM) -> list[Body]:
        """All matches, in order; no includes, no paging. Raises BadRequest for values that cannot be understood."""
        found = Finder(self.storage, self.base_url, access).find(type, params)
        return [json.loads(kept.text) for kept in found]

    def all(self, type: str) -> list[Body]:
        """Every living resource of one type, oldest row first."""
        where = "WHERE seq IN (SELECT seq FROM current WHERE type=? AND deleted=0) ORDER BY seq"
        return [json.loads(kept.text) for kept in self.storage.many(where, (type,))]

    def history(self, type: str, id: str) -> list[Body]:
        """All versions of one resource, newest first; deletions are left out."""
        kept = self.storage.many("WHERE type=? AND id=? AND deleted=0 ORDER BY version DESC", (type, id))
        return [json.loads(one.text) for one in kept]

    def counts(self) -> dict[str, int]:
        """Living resources by type."""
        sql = "SELECT type, count(*) FROM current WHERE deleted=0 GROUP BY type ORDER BY type"
        return dict(self.storage.db.execute(sql))

    def types(self) -> tuple[str, ...]:
        """The types of which something is stored."""
        return tuple(self.counts())

    def on_commit(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Be told of every committed version, in order. Returns what unsubscribes."""
        self._listeners += (listener,)
        return lambda: self._forget(listener)

    def new_id(self) -> str:
        """A fresh random id."""
        return str(uuid.uuid4())

    def clear(self) -> None:
        """Remove all resources and their history; time starts anew from the clock. Listeners stay."""
        self.storage.clear()
        self._last = 0

    def image(self) -> bytes:
        """Everything as one SQLite database, for ``load``."""
        return self.storage.db.serialize()

    def load(self, image: bytes) -> None:
        """Replace everything by an image; listeners hear of the newest version of each resource, oldest first."""
        self.storage.load(image)
        self._last = self.storage.latest_at()
        for kept in self.storage.many("WHERE seq IN (SELECT seq FROM current WHERE deleted=0) ORDER BY seq"):
            self._changes.append(_change(kept))
        self._tell()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Writes inside are committed together or not at all; listeners hear of them after the commit."""
        before = len(self._changes)
        try:
            with self.storage.transaction():
                yield
        except BaseException:
            del self._changes[before:]
            raise
        if not self.storage.depth:
            self._tell()

    def now(self) -> int:
        """Milliseconds by the clock, never before the newest version."""
        return max(codec.to_millis(self.clock()), self._last)

    def close(self) -> None:
        """Close the file."""
        self.storage.db.close()

    def members_of(self, type: str, id: str) -> frozenset[str]:
        """Patients in whose compartments the newest version lies."""
        newest = self.storage.newest(type, id)
        return self.storage.members(newest.seq) if newest else frozenset()

    def _store(self, body: Body, id: str, newest: Stored | None, by: str, owner: str | None) -> Body:
        type = body["resourceType"]
        version = newest.version + 1 if newest else 1
        at = self._tick()
        meta = {**(body.get("meta") or {}), "versionId": str(version), "lastUpdated": codec.instant(at)}
        whole = {"resourceType": type, "id": id, "meta": meta}
        whole |= {name: value for name, value in body.items() if name not in whole}
        rows = index.rows(whole, self.base_url)
        members = compartment.members(whole, rows, self.base_url, self.members_of)
        if owner and type == "Subscription":
            members |= {owner}
        kept = Stored(0, type, id, version, at, False, by, codec.dumps(whole))
        self._commit(kept, members, rows, fresh=newest is None)
        return whole

    def _commit(self, kept: Stored, members: frozenset[str], rows: index.Rows, *, fresh: bool) -> None:
        with self.transaction():
            n = self.storage.append(kept, members)
            self.storage.reindex(n, rows, fresh=fresh)
            self._changes.append(_change(kept))

    def _tick(self) -> int:
        self._last = max(codec.to_millis(self.clock()), self._last + 1)
        return self._last

    def _tell(self) -> None:
        changes, self._changes = self._changes, []
        for change in changes:
            for listener in self._listeners:
                listener(change)

    def _forget(self, listener: Callable[[Change], None]) -> None:
        self._listeners = tuple(one for one in self._listeners if one is not listener)


def _change(kept: Stored) -> Change:
    return Change(kept.type, kept.id, str(kept.version), kept.text, codec.instant(kept.at), kept.by)


def version_of(tag: str) -> int:
    """The number in ``W/"3"``, ``"3"`` or ``3``; -1 when it is none of ours."""
    bare = tag.strip().removeprefix("W/").strip('"')
    return int(bare) if bare.isdecimal() and len(bare) < 19 else -1


def names_version(tags: str, version: int) -> bool:
    """Whether ``If-Match`` or ``If-None-Match`` means this version: ``*``, or a list with it (RFC 9110 §13.1)."""
    return tags.strip() == "*" or any(version_of(tag) == version for tag in tags.split(","))
