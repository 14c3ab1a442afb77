"""Nothing of the resident can be read from what lies on the device or in the logs (I10)."""

import logging
import sqlite3
from pathlib import Path

import pytest

from app.offline.drafts import Draft, DraftFile
from app.offline.intents import create
from tests.offline.examples import ME, Device, change, message
from tests.offline.server import Fault, Server

SECRETS = (
    "SECRET-BODY",
    "SECRET-FILE",
    "SECRET-DRAFT",
    "SECRET-NAME",
    "SECRET-CHANGE",
    "SECRET-SERVER",
    "Patient/me",
)


def busy_day(phone: Device) -> None:
    """Every kind of row in every state, large and small, on disk while the app still runs."""
    body = {name: value for name, value in message("SECRET-SERVER " * 200).items() if name != "resourceType"}
    for number in range(50):
        phone.server.write("Communication", f"m{number}", body)
    phone.sync(sweep=True)
    phone.drafts.save(
        Draft(
            "SECRET-NAME",
            "message",
            ME,
            {"t": "SECRET-DRAFT"},
            (DraftFile("SECRET-NAME", "x", 9, b"SECRET-FILE" * 99),),
        )
    )
    phone.say("SECRET-BODY")
    phone.put(change("set_topic", "m1", text="SECRET-CHANGE"))
    phone.push(Fault.NONE, Fault.LOST_RESPONSE)
    phone.outbox.put(
        create(message("SECRET-BODY", language="refuse"), ME), change("set_topic", "m2", text="SECRET-CHANGE")
    )
    phone.push()
    phone.store.remember("note", {"text": "SECRET-BODY"})
    phone.store.flush_ages()


def test_no_secret_is_in_any_file_or_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Database, write-ahead log, shared memory, temporary files, log records."""
    caplog.set_level(logging.DEBUG)
    phone = Device(Server(), path=tmp_path / "a.db")
    busy_day(phone)
    files = [path for path in tmp_path.iterdir() if path.is_file()]

    assert {path.name for path in files} >= {"a.db", "a.db-wal"}
    for path in files:
        data = path.read_bytes()
        assert not [secret for secret in SECRETS if secret.encode() in data], path.name
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_nothing_shows_in_the_text_of_an_entry_or_draft() -> None:
    """What ends up in a traceback or a log by accident says nothing."""
    phone = Device(Server())
    draft = phone.drafts.save(
        Draft("d", "message", ME, {"t": "SECRET-DRAFT"}, (DraftFile("a", "x", 9, b"SECRET-FILE"),))
    )
    phone.say("SECRET-BODY")
    shown = repr(draft) + repr(phone.outbox.entries()) + repr(phone.store)

    assert not [secret for secret in ("SECRET-DRAFT", "SECRET-FILE", "SECRET-BODY", ME) if secret in shown]


def test_the_plain_columns_hold_only_types_ids_times_and_states(tmp_path: Path) -> None:
    """A second look at the tables themselves."""
    phone = Device(Server(), path=tmp_path / "a.db")
    busy_day(phone)
    with sqlite3.connect(tmp_path / "a.db") as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        texts = [
            str(value)
            for table in tables
            for row in db.execute(f"SELECT * FROM {table}")
            for value in row
            if isinstance(value, str)
        ]

    assert texts
    assert max(map(len, texts)) <= 64
    assert not [text for text in texts if "SECRET" in text or "Patient" in text]


def test_after_erasing_no_file_is_left(tmp_path: Path) -> None:
    """The key is destroyed by its keeper; here nothing remains that it could open."""
    phone = Device(Server(), path=tmp_path / "a.db")
    busy_day(phone)
    phone.store.erase()

    assert list(tmp_path.iterdir()) == []
