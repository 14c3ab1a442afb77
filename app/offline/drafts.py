"""Unsent text and files, kept while the resident is still writing; saved whole, in one durable
transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.errors import AppError, Locked
from app.offline import codec
from app.offline.intents import new_id
from app.offline.store import Store


@dataclass(frozen=True)
class DraftFile:
    """A picked file. ``size`` in bytes. One that is damaged on the device has lost its ``data``, not its name."""

    name: str
    content_type: str
    size: int
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Draft:
    """What is being written. ``kind``: which composer. ``person``: "Patient/x", whom it concerns. ``body``:
    JSON.

    ``saved_at`` is set by ``Drafts.save`` from the device's clock.
    """

    key: str
    kind: str
    person: str = field(repr=False)
    body: dict[str, Any] = field(repr=False)
    files: tuple[DraftFile, ...] = ()
    saved_at: datetime | None = None


class Drafts:
    """The drafts of one account. Listeners of the store hear of changes as "drafts"."""

    def __init__(self, store: Store) -> None:
        self._store, self._db = store, store.db

    def save(self, draft: Draft) -> Draft:
        """Keep the draft in place of the one with the same key; returns after it is on disk.

        Files that are there already are not written again. Raises ``DeviceFull``; the older one is then still
        kept.
        """
        kept = Draft(draft.key, draft.kind, draft.person, draft.body, draft.files, self._store.clock())
        with self._store.writing("drafts", durable=True):
            files = [self._keep_file(draft.key, file) for file in draft.files]
            self._drop_files(draft.key, keeping={file["blob"] for file in files})
            sealed = self._store.vault.seal(
                codec.to_bytes(_to_json(kept, files)), self._place(_row(draft.key))
            )
            self._db.write("INSERT OR REPLACE INTO draft VALUES(?,?)", (_row(draft.key), sealed))
        return kept

    def when_kept(self, done: Callable[[AppError | None], None]) -> None:
        """See ``Store.when_kept``."""
        self._store.when_kept(done)

    def get(self, key: str) -> Draft | None:
        """The draft with that key; None also for one that is damaged."""
        rows = self._db.rows("SELECT key,body FROM draft WHERE key=?", (_row(key),))
        return self._draft(*rows[0]) if rows else None

    def unreadable(self) -> int:
        """How many drafts and files of drafts are damaged. They stay as they are; the others are whole."""
        drafts = [self._draft(*row) for row in self._db.rows("SELECT key,body FROM draft")]
        lost = [file for draft in drafts if draft for file in draft.files if file.size and not file.data]
        return drafts.count(None) + len(lost)

    def all(self, kind: str | None = None) -> tuple[Draft, ...]:
        """All drafts, or those of one composer, the one saved last first."""
        drafts = [self._draft(*row) for row in self._db.rows("SELECT key,body FROM draft")]
        found = [draft for draft in drafts if draft is not None and kind in (None, draft.kind)]
        return tuple(sorted(found, key=lambda draft: (draft.saved_at, draft.key), reverse=True))

    def delete(self, key: str) -> None:
        """Forget the draft; joins an open transaction."""
        with self._store.writing("drafts", durable=True):
            self._drop_files(key, keeping=set())
            self._db.write("DELETE FROM draft WHERE key=?", (_row(key),))

    def _keep_file(self, key: str, file: DraftFile) -> dict[str, Any]:
        """Where the file is kept; its name and everything about it go into the sealed body."""
        digest = sha256(file.data).hexdigest()
        blob = self._kept(key).get(digest) or new_id()
        sql = "INSERT OR IGNORE INTO draft_file VALUES(?,?,?)"
        if not self._db.rows("SELECT 1 FROM draft_file WHERE id=?", (blob,)):
            self._db.write(sql, (blob, _row(key), self._store.vault.seal(file.data, self._place(blob))))
        about = {"name": file.name, "content_type": file.content_type, "size": file.size}
        return {**about, "digest": digest, "blob": blob}

    def _kept(self, key: str) -> dict[str, str]:
        rows = self._db.rows("SELECT key,body FROM draft WHERE key=?", (_row(key),))
        stored = self._opened(*rows[0]) if rows else None
        files = stored["files"] if stored else []
        return {file["digest"]: file["blob"] for file in files}

    def _drop_files(self, key: str, keeping: set[str]) -> None:
        stored = self._db.rows("SELECT id FROM draft_file WHERE draft=?", (_row(key),))
        self._db.write_many(
            "DELETE FROM draft_file WHERE id=?", [row for row in stored if row[0] not in keeping]
        )

    def _opened(self, row: str, sealed: bytes) -> dict[str, Any] | None:
        plain = self._plain(row, sealed)
        return codec.from_bytes(plain) if plain else None

    def _plain(self, row: str, sealed: bytes) -> bytes:
        """Empty when it is damaged: one bad draft must not take the others with it."""
        try:
            return self._store.vault.open(sealed, self._place(row))
        except Locked:
            return b""

    def _draft(self, row: str, sealed: bytes) -> Draft | None:
        stored = self._opened(row, sealed)
        if stored is None:
            return None
        files = tuple(self._file(file) for file in stored["files"])
        saved_at = datetime.fromisoformat(stored["saved_at"])
        return Draft(stored["key"], stored["kind"], stored["person"], stored["body"], files, saved_at)

    def _file(self, about: dict[str, Any]) -> DraftFile:
        rows = self._db.rows("SELECT body FROM draft_file WHERE id=?", (about["blob"],))
        data = self._plain(about["blob"], rows[0][0]) if rows else b""
        return DraftFile(about["name"], about["content_type"], about["size"], data)

    def _place(self, row: str) -> str:
        return f"{self._store.account}|draft|{row}|"


def _row(key: str) -> str:
    """Draft keys may say what is being written; the file only sees a digest."""
    return sha256(key.encode()).hexdigest()


def _to_json(draft: Draft, files: list[dict[str, Any]]) -> dict[str, Any]:
    assert draft.saved_at is not None
    named = {"key": draft.key, "kind": draft.kind, "person": draft.person, "body": draft.body}
    return {**named, "files": files, "saved_at": draft.saved_at.isoformat()}
