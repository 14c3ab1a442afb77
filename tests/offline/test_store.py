"""The store: opens whole or says why not, shows what was put, forgets nothing that exists nowhere else."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from app.errors import BadData, DeviceFull, Locked
from app.offline import schema
from app.offline.drafts import Draft, Drafts
from app.offline.intents import create
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.offline.vault import AesVault, new_key
from tests.offline.examples import KEY, ME, YOU, Device, change, message, open_store, picture
from tests.offline.server import Abilities, Server

TYPE = "Communication"


def confirmed(
    store: Store, id: str = "m1", version: str = "1", at: str = "2026-01-01T00:00:00Z", **more: object
) -> None:
    """What a pull brings."""
    body = {**message(), "id": id, "meta": {"versionId": version, "lastUpdated": at}, **more}
    with store.writing(durable=False):
        store.records.put([body])


def test_what_was_stored_is_there_after_reopening(tmp_path: Path) -> None:
    """Records, outbox, drafts and notes."""
    store = open_store(tmp_path / "a.db")
    confirmed(store)
    Outbox(store).put(create(message("new"), ME))
    Drafts(store).save(Draft("d", "message", ME, {"text": "half"}))
    store.remember("note", {"a": 1})
    store.close()

    again = open_store(tmp_path / "a.db")
    assert len(again.all(TYPE)) == 2
    assert len(Outbox(again).entries()) == len(Drafts(again).all()) == 1
    assert again.recall("note") == {"a": 1}


def test_a_put_is_on_the_screen_at_once_and_is_plain_r4() -> None:
    """No private keys; the outbox knows its state."""
    store = open_store()
    outbox = Outbox(store)
    said = create(message("new"), ME)
    outbox.put(said)

    shown = store.get(TYPE, said.id)
    assert shown == {**message("new"), "id": said.id}
    entry = outbox.state_of(TYPE, said.id)
    assert entry is not None
    assert entry.state.value == "waiting"


def test_open_changes_are_applied_to_what_the_server_confirmed() -> None:
    """The view folds; the record stays what it was."""
    store = open_store()
    confirmed(store)
    Outbox(store).put(change("set_topic", "m1", text="Kipu"))

    assert (store.get(TYPE, "m1") or {})["topic"] == {"text": "Kipu"}
    assert "topic" not in (store.record(TYPE, "m1") or {})
    assert (store.all(TYPE)[0])["topic"] == {"text": "Kipu"}


def test_the_newest_are_shown_without_opening_the_rest() -> None:
    """A first screen: being created first, then the newest confirmed."""
    store = open_store()
    for number in range(9):
        confirmed(store, f"m{number}", at=f"2026-01-0{number + 1}T00:00:00Z")
    said = create(message(), ME)
    Outbox(store).put(said)

    assert [body["id"] for body in store.newest(TYPE, 3)] == [said.id, "m8", "m7"]
    assert store.records._opened == {}
    assert [body["id"] for body in reversed(store.all(TYPE))][:3] == [said.id, "m8", "m7"]


def test_persons_are_told_apart() -> None:
    """A guardian's screen for a child shows the child's."""
    store = open_store()
    confirmed(store, "mine")
    confirmed(store, "theirs", subject={"reference": YOU}, recipient=[{"reference": YOU}])

    assert [body["id"] for body in store.all(TYPE, person=YOU)] == ["theirs"]
    assert [body["id"] for body in store.all(TYPE, person=ME)] == ["mine"]


def test_an_older_version_never_replaces_a_newer_one() -> None:
    """Whatever order answers come in."""
    store = open_store()
    confirmed(store, version="2", at="2026-01-02T00:00:00Z")
    confirmed(store, version="1", at="2026-01-01T00:00:00Z")
    confirmed(store, version="other", at="2026-01-02T02:00:00+02:00")

    assert (store.record(TYPE, "m1") or {})["meta"]["versionId"] == "2"


def test_listeners_hear_after_the_commit_and_only_of_what_changed() -> None:
    """And no more once they stopped."""
    store = open_store()
    heard: list[tuple[frozenset[str], int]] = []
    stop = store.watch(lambda types: heard.append((types, len(store.all(TYPE)))))
    confirmed(store)
    confirmed(store)
    Drafts(store).save(Draft("d", "message", ME, {}))
    stop()
    confirmed(store, "m2")

    assert heard == [(frozenset({TYPE}), 1), (frozenset({"drafts"}), 1)]


def test_a_failed_transaction_changes_nothing_and_tells_nobody() -> None:
    """All or nothing, in memory as well."""
    store = open_store()
    heard: list[frozenset[str]] = []
    store.watch(heard.append)

    def fail() -> None:
        with store.writing(durable=True):
            Outbox(store).put(create(message(), ME))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert (store.all(TYPE), Outbox(store).entries(), heard) == ((), (), [])


@pytest.mark.parametrize("wrong", ["key", "account"])
def test_a_wrong_key_or_account_is_locked_and_harms_nothing(tmp_path: Path, wrong: str) -> None:
    """A clear state, never a crash; the right key still opens."""
    store = open_store(tmp_path / "a.db")
    Outbox(store).put(create(message(), ME))
    store.close()
    with pytest.raises(Locked):
        open_store(tmp_path / "a.db", **({"key": new_key()} if wrong == "key" else {"account": "other"}))  # type: ignore[arg-type]

    assert len(Outbox(open_store(tmp_path / "a.db")).entries()) == 1


def test_work_of_the_resident_is_written_through_and_the_cache_is_not(tmp_path: Path) -> None:
    """A commit that returned must survive a power cut (``synchronous=FULL``); what can be fetched again need not."""
    store = open_store(tmp_path / "a.db")
    levels: list[tuple[str, int]] = []

    def look(_changed: frozenset[str]) -> None:
        levels.append((min(_changed), store.db.rows("PRAGMA synchronous")[0][0]))

    store.watch(look)
    Outbox(store).put(create(message(), ME))
    confirmed(store, "m1")
    Drafts(store).save(Draft("d", "message", ME, {"text": "x"}))

    assert levels == [("Communication", 2), ("Communication", 1), ("drafts", 2)]
    assert store.db.rows("PRAGMA journal_mode") == [("wal",)]


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_torn_write_ahead_log_loses_only_what_was_not_yet_promised(tmp_path: Path, kept: float) -> None:
    """A power cut in the middle of a commit: everything of the commits before it is there, nothing half."""
    store = open_store(tmp_path / "a.db")
    Outbox(store).put(first := create(message("promised"), ME))
    log = tmp_path / "a.db-wal"
    promised = log.stat().st_size
    Outbox(store).put(create(message("x" * 3000), ME), create(message("y" * 3000), ME))
    torn = tmp_path / "torn.db"
    torn.write_bytes((tmp_path / "a.db").read_bytes())
    whole = log.read_bytes()
    (tmp_path / "torn.db-wal").write_bytes(whole[: promised + int((len(whole) - promised) * kept)])

    assert [entry.key for entry in Outbox(open_store(torn)).entries()] == [first.key]


def test_a_full_device_is_told_before_anything_is_lost(tmp_path: Path) -> None:
    """The put fails whole; the draft is still there; smaller work goes on after space was made."""
    store = open_store(tmp_path / "a.db")
    outbox, drafts = Outbox(store), Drafts(store)
    drafts.save(Draft("d", "message", ME, {"text": "long"}))
    pages = store.db.rows("PRAGMA page_count")[0][0]
    store.db.rows(f"PRAGMA max_page_count={pages + 2}")
    large = create(picture("".join(new_key().hex() for _ in range(2000))), ME)
    with pytest.raises(DeviceFull):
        outbox.put(large, draft="d")
    assert (outbox.entries(), len(drafts.all())) == ((), 1)
    assert store.all("Binary") == ()

    store.db.rows("PRAGMA max_page_count=100000")
    outbox.put(large, draft="d")
    assert (len(outbox.entries()), drafts.all()) == (1, ())


def damage(path: Path, start: float, length: int = 6000) -> None:
    """Overwrite a part of the file, as failing flash does."""
    with path.open("r+b") as file:
        file.seek(int(path.stat().st_size * start))
        file.write(b"\xa5" * length)


@pytest.mark.parametrize("start", [0.3, 0.5, 0.7, 0.9])
def test_a_damaged_file_is_set_aside_and_work_is_saved_from_it(tmp_path: Path, start: float) -> None:
    """Records are fetched anew; the outbox and drafts are what matters."""
    path = tmp_path / "a.db"
    store = open_store(path)
    said = [create(message(str(number)), ME) for number in range(3)]
    Outbox(store).put(*said)
    Drafts(store).save(Draft("d", "message", ME, {"text": "half"}))
    for number in range(400):
        confirmed(store, f"m{number}")
    store.close()
    damage(path, start)

    again = open_store(path)
    assert again.salvaged is not None
    assert (again.salvaged.outbox, again.salvaged.drafts) == (3, 1)
    assert [entry.key for entry in Outbox(again).entries()] == [intent.key for intent in said]
    assert list(tmp_path.glob("a.db.damaged1"))
    assert len(again.all(TYPE)) == 3


def test_a_file_that_is_no_database_at_all_does_not_stop_the_app(tmp_path: Path) -> None:
    """Set aside, begun anew, and told."""
    (tmp_path / "a.db").write_bytes(b"not a database" * 500)
    store = open_store(tmp_path / "a.db")

    assert store.salvaged is not None
    assert (store.salvaged.outbox, (tmp_path / "a.db.damaged1").exists()) == (0, True)


def test_a_damaged_row_is_dropped_and_fetched_again(tmp_path: Path) -> None:
    """One bad record does not take the others with it."""
    phone = Device(Server(Abilities()), path=tmp_path / "a.db")
    for id in ("m1", "m2"):
        phone.server.write(TYPE, id, {k: v for k, v in message().items() if k != "resourceType"})
    phone.sync()
    with closing(sqlite3.connect(tmp_path / "a.db")) as db, db:
        db.execute("UPDATE record SET body=x'01020304' WHERE id='m1'")
    phone.start()
    assert [body["id"] for body in phone.seen()] == ["m2"]

    phone.sync(sweep=True)
    assert sorted(body["id"] for body in phone.seen()) == ["m1", "m2"]


def test_a_damaged_outbox_row_is_counted_and_the_others_go_on(tmp_path: Path) -> None:
    """It stays in the file."""
    store = open_store(tmp_path / "a.db")
    Outbox(store).put(create(message(), ME), create(message(), ME))
    store.close()
    with closing(sqlite3.connect(tmp_path / "a.db")) as db, db:
        db.execute("UPDATE outbox SET intent=x'01020304' WHERE seq=1")
    again = open_store(tmp_path / "a.db")

    assert len(Outbox(again).entries()) == 1
    assert again.ledger.unreadable == 1


NEXT = "ALTER TABLE outbox ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'"


BACK = {1: "ALTER TABLE outbox DROP COLUMN tried_at"}
"""How to get from the file of a version's successor back to that version."""


def back_to(path: Path, version: int) -> None:
    """Make a file of an older app."""
    with closing(sqlite3.connect(path)) as db, db:
        for newer in range(len(schema.MIGRATIONS) - 1, version - 1, -1):
            db.execute(BACK[newer])
        db.execute(f"PRAGMA user_version={version}")


def test_work_is_saved_from_a_damaged_file_of_an_older_app(tmp_path: Path) -> None:
    """Columns that it did not have yet get their defaults."""
    path = tmp_path / "a.db"
    store = open_store(path)
    Outbox(store).put(create(message(), ME))
    for number in range(400):
        confirmed(store, f"m{number}")
    store.close()
    back_to(path, 1)
    damage(path, 0.6)

    again = open_store(path)
    assert again.salvaged is not None
    assert len(Outbox(again).entries()) == again.salvaged.outbox == 1


@pytest.mark.parametrize("version", range(1, len(schema.MIGRATIONS) + 1))
def test_every_released_schema_is_brought_up_with_work_pending(tmp_path: Path, version: int) -> None:
    """Nothing of the resident's is lost by an update of the app."""
    vault, path = AesVault(KEY), tmp_path / "a.db"
    old = open_store(path)
    Outbox(old).put(create(message(), ME))
    Drafts(old).save(Draft("d", "message", ME, {}))
    old.close()
    back_to(path, version)

    new = Store.open(path, vault, "account", migrations=(*schema.MIGRATIONS, NEXT))
    assert (len(Outbox(new).entries()), len(Drafts(new).all())) == (1, 1)
    assert new.db.rows("SELECT colour FROM outbox") == [("blue",)]


def test_a_migration_that_fails_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    """Half a step is none."""
    store = open_store(tmp_path / "a.db")
    Outbox(store).put(create(message(), ME))
    store.close()
    broken = (*schema.MIGRATIONS, "CREATE TABLE half(x); SELECT * FROM nowhere")
    with pytest.raises(sqlite3.OperationalError):
        Store.open(tmp_path / "a.db", AesVault(KEY), "account", migrations=broken)

    again = open_store(tmp_path / "a.db")
    assert len(Outbox(again).entries()) == 1
    assert again.db.rows("SELECT name FROM sqlite_master WHERE name='half'") == []


def test_a_file_of_a_newer_app_is_not_touched(tmp_path: Path) -> None:
    """After a downgrade: told, and nothing is set aside or changed."""
    newer = Store.open(tmp_path / "a.db", AesVault(KEY), "account", migrations=(*schema.MIGRATIONS, NEXT))
    Outbox(newer).put(create(message(), ME))
    newer.close()
    with pytest.raises(BadData):
        open_store(tmp_path / "a.db")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.db"]


def test_two_windows_on_one_file_see_each_other(tmp_path: Path) -> None:
    """What one puts, the other shows and may send."""
    one, two = open_store(tmp_path / "a.db"), open_store(tmp_path / "a.db")
    assert two.all(TYPE) == ()
    Outbox(one).put(create(message(), ME))

    assert len(two.all(TYPE)) == len(Outbox(two).entries()) == 1


def test_threads_may_share_a_store() -> None:
    """Handlers of the served app run where they like."""
    store = open_store()
    outbox = Outbox(store)
    threads = [
        Thread(target=lambda: [outbox.put(create(message(), ME)) for _ in range(20)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outbox.entries()) == len(store.all(TYPE)) == 80


def test_erasing_leaves_nothing_behind(tmp_path: Path) -> None:
    """Main file, write-ahead log and all."""
    store = open_store(tmp_path / "a.db")
    Outbox(store).put(create(message(), ME))
    store.erase()

    assert list(tmp_path.iterdir()) == []
