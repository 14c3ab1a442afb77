"""A new key for everything on the device, whatever waits and whenever the app is killed."""

import sqlite3
from pathlib import Path

import pytest

from app.errors import DeviceFull, Locked
from app.offline import rotation
from app.offline.drafts import Draft, DraftFile, Drafts
from app.offline.intents import create
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.offline.vault import AesVault
from tests.offline.examples import KEY, ME, MESSAGES, Device, change, message, open_store
from tests.offline.server import Fault, Server

NEW = bytes(range(1, 33))


def lived_in(path: Path) -> Device:
    """Records, an accepted, an unknown, a refused and a waiting entry, and a draft with a file."""
    phone = Device(Server(), path)
    phone.say("accepted")
    phone.sync()
    phone.say("refused", language="refuse")
    phone.push()
    first = next(entry for entry in phone.outbox.entries() if entry.receipt)
    phone.put(change("set_topic", first.id, text="unknown"))
    phone.push(Fault.LOST_RESPONSE)
    phone.say("waiting")
    phone.drafts.save(Draft("d", "message", ME, {"text": "draft"}, (DraftFile("a", "b", 3, b"abc"),)))
    return phone


def contents(store: Store) -> tuple[object, ...]:
    """Everything that can be read."""
    entries = Outbox(store).entries()
    sent = [store.ledger.sent_body(entry.key) for entry in entries if entry.has_sent]
    return store.all("Communication"), entries, sent, Drafts(store).all(), store.recall("profile")


def test_everything_is_there_under_the_new_key_and_nothing_under_the_old(tmp_path: Path) -> None:
    """Also while the store is in use."""
    phone = lived_in(tmp_path / "a.db")
    before = contents(phone.store)
    assert rotation.rotate(phone.store, AesVault(NEW))
    assert contents(phone.store) == before
    phone.store.close()

    with pytest.raises(Locked):
        open_store(tmp_path / "a.db")
    assert contents(open_store(tmp_path / "a.db", key=NEW)) == before


def test_no_sealed_value_is_left_as_it_was(tmp_path: Path) -> None:
    """Every sealed column of the file; a new column must be added to the table in ``rotation``."""
    phone = lived_in(tmp_path / "a.db")
    before = blobs(tmp_path / "a.db")
    rotation.rotate(phone.store, AesVault(NEW))
    phone.store.close()
    after = blobs(tmp_path / "a.db")

    assert len(before) > 8
    assert not set(before) & set(after)


def blobs(path: Path) -> list[bytes]:
    """All BLOB values of the file."""
    found: list[bytes] = []
    db = sqlite3.connect(path)
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall():
        for row in db.execute(f"SELECT * FROM {table}"):
            found += [value for value in row if isinstance(value, bytes)]
    db.close()
    return found


def test_what_waited_is_sent_once_after_the_change(tmp_path: Path) -> None:
    """The unknown one is looked for by its stamp, the waiting one is sent."""
    phone = lived_in(tmp_path / "a.db")
    rotation.rotate(phone.store, AesVault(NEW))
    phone.sync(scope=MESSAGES)

    assert sorted(phone.server.keys().values()) == [1, 1, 1]
    assert {entry.state.value for entry in phone.outbox.entries()} == {"accepted", "refused"}


def test_a_second_window_prevents_it(tmp_path: Path) -> None:
    """It would go on sealing with the old key; both go on as before."""
    phone = lived_in(tmp_path / "a.db")
    other = open_store(tmp_path / "a.db")

    assert not rotation.rotate(phone.store, AesVault(NEW))
    Outbox(other).put(create(message("from the other window"), ME))
    assert phone.store.all("Communication")[-1]["payload"][0]["contentString"] == "from the other window"
    other.close()
    assert rotation.rotate(phone.store, AesVault(NEW))


@pytest.mark.parametrize("allowed", [0, 3, 9])
def test_a_full_device_leaves_the_old_key_in_place(tmp_path: Path, allowed: int) -> None:
    """In the middle of it: nothing has changed."""
    phone = lived_in(tmp_path / "a.db")
    before = contents(phone.store)
    left = [allowed]

    class Full(AesVault):
        def seal(self, data: bytes, bound_to: str) -> bytes:
            left[0] -= 1
            if left[0] < 0:
                raise DeviceFull
            return super().seal(data, bound_to)

    with pytest.raises(DeviceFull):
        rotation.rotate(phone.store, Full(NEW))
    assert contents(phone.store) == before
    phone.store.close()
    assert contents(open_store(tmp_path / "a.db", key=KEY)) == before


def test_a_damaged_row_does_not_stop_it(tmp_path: Path) -> None:
    """It is dealt with as ever: the record is fetched again, the others are there."""
    phone = lived_in(tmp_path / "a.db")
    with phone.store.writing(durable=True) as db:
        db.write("UPDATE record SET body=x'0102' WHERE n=1")
    phone.store.close()
    phone.start()
    assert rotation.rotate(phone.store, AesVault(NEW))
    phone.store.close()

    assert len(Outbox(open_store(tmp_path / "a.db", key=NEW)).entries()) == 4


def test_a_key_is_replaced_after_ninety_days() -> None:
    """Counted from when its age was first asked for; a clock that was set back begins to count anew."""
    phone = Device(Server())

    def due(days: float) -> bool:
        phone.ahead = days * 86_400.0
        return rotation.is_due(phone.store)

    assert [due(0), due(89), due(91)] == [False, False, True]
    assert [due(-1000), due(-911), due(-909)] == [False, False, True]
