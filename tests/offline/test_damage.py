"""One damaged value on the device, which SQLite does not notice: the others are there, and nobody is locked out."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import Locked
from app.offline.drafts import Draft, DraftFile, Drafts
from app.offline.store import CANARY
from app.offline.vault import new_key
from tests.offline.examples import ME, open_store
from tests.offline.test_store import confirmed

PHOTO = DraftFile("a.jpg", "image/jpeg", 4, b"abcd")


def kept(folder: Path) -> Path:
    """The file of somebody with two drafts, a file, notes and a record."""
    path = folder / "a.db"
    store = open_store(path)
    Drafts(store).save(Draft("one", "message", ME, {"text": "half"}, (PHOTO,)))
    Drafts(store).save(Draft("two", "message", ME, {"text": "other"}))
    store.remember("note", {"a": 1})
    confirmed(store)
    store.close()
    return path


def spoil(path: Path, table: str, where: str = "1") -> None:
    """One bit is another."""
    with closing(sqlite3.connect(path)) as db, db:
        row, body = db.execute(f"SELECT rowid, body FROM {table} WHERE {where} LIMIT 1").fetchone()
        wrong = body[:-1] + bytes([body[-1] ^ 1])
        db.execute(f"UPDATE {table} SET body=? WHERE rowid=?", (wrong, row))


def test_a_damaged_draft_leaves_the_others_and_can_be_written_over(tmp_path: Path) -> None:
    path = kept(tmp_path)
    spoil(path, "draft")
    drafts = Drafts(open_store(path))
    assert [draft.body["text"] for draft in drafts.all()] == ["other"]
    assert (drafts.get("one"), drafts.unreadable()) == (None, 1)
    drafts.save(Draft("one", "message", ME, {"text": "again"}))
    assert {draft.body["text"] for draft in drafts.all()} == {"again", "other"}
    assert drafts.unreadable() == 0


def test_a_damaged_file_of_a_draft_leaves_its_text(tmp_path: Path) -> None:
    path = kept(tmp_path)
    spoil(path, "draft_file")
    drafts = Drafts(open_store(path))
    found = drafts.get("one")
    assert found is not None
    assert found.body == {"text": "half"}
    assert [(file.name, file.size, file.data) for file in found.files] == [("a.jpg", 4, b"")]
    assert drafts.unreadable() == 1


def test_a_damaged_note_is_one_that_was_never_made(tmp_path: Path) -> None:
    path = kept(tmp_path)
    spoil(path, "note", "key='note'")
    assert open_store(path).recall("note") is None


def test_a_damaged_canary_does_not_speak_against_the_key(tmp_path: Path) -> None:
    path = kept(tmp_path)
    spoil(path, "note", f"key='{CANARY}'")
    with pytest.raises(Locked):
        open_store(path, key=new_key())
    assert len(Drafts(open_store(path)).all()) == 2
    with pytest.raises(Locked):
        open_store(path, key=new_key())
