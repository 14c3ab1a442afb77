"""Several accounts on one device, kept apart; leaving is never silent."""

from pathlib import Path

import pytest

from app.errors import Locked
from app.offline.accounts import Account, AccountFiles, Pending
from app.offline.drafts import Draft, Drafts
from app.offline.intents import create
from app.offline.outbox import Outbox
from app.offline.vault import new_key
from tests.offline.examples import ME, message, picture

ANNA = Account("https://id.example", "anna", "https://fhir.example/fhir")
BEN = Account("https://id.example", "ben", "https://fhir.example/fhir/")


def test_an_account_is_issuer_subject_and_server() -> None:
    """Stable, unlike any other, and nothing can be read from it."""
    assert ANNA.id == Account("https://id.example", "anna", "https://fhir.example/fhir/").id
    assert len({ANNA.id, BEN.id, Account("https://id.example", "anna", "https://other.example").id}) == 3
    assert "anna" not in ANNA.id


def test_each_account_has_its_own_file_and_key(tmp_path: Path) -> None:
    """The key of one does not open the other."""
    files, keys = AccountFiles(tmp_path / "data"), {ANNA: new_key(), BEN: new_key()}
    for account, key in keys.items():
        store = files.open(account, key)
        Outbox(store).put(create(message(account.sub), ME))
        store.close()

    assert files.list() == tuple(sorted((ANNA.id, BEN.id)))
    assert files.open(ANNA, keys[ANNA]).all("Communication")[0]["payload"][0]["contentString"] == "anna"
    with pytest.raises(Locked):
        files.open(ANNA, keys[BEN])


def test_what_would_be_lost_is_counted_without_the_key(tmp_path: Path) -> None:
    """Also while the store is open, and for an account that was never here."""
    files = AccountFiles(tmp_path)
    store = files.open(ANNA, new_key())
    Outbox(store).put(create(message(), ME), create(message(), ME))
    Drafts(store).save(Draft("d", "message", ME, {}))

    assert files.pending_count(ANNA) == Pending(waiting=2, refused=0, drafts=1)
    assert files.pending_count(ANNA).total == 3
    assert files.pending_count(BEN).total == 0


def test_erasing_spares_the_others(tmp_path: Path) -> None:
    """The file, and everything beside it, of one account only. ``make bench`` tells how long it takes."""
    files = AccountFiles(tmp_path)
    files.open(BEN, new_key()).close()
    store = files.open(ANNA, new_key())
    for _ in range(20):
        Outbox(store).put(create(picture(new_key().hex() * 3000), ME))
    store.close()
    files.erase(ANNA)

    assert files.list() == (BEN.id,)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(ANNA.id)]


def test_a_lost_key_lets_the_account_start_anew_and_keeps_the_locked_file(tmp_path: Path) -> None:
    """The unsent work can still be counted and told."""
    files = AccountFiles(tmp_path)
    store = files.open(ANNA, new_key())
    Outbox(store).put(create(message(), ME))
    store.close()
    lost = files.pending_count(ANNA)
    files.set_aside(ANNA)

    assert lost.waiting == 1
    assert files.open(ANNA, new_key()).all("Communication") == ()
    files.erase(ANNA)
    assert list(tmp_path.iterdir()) == []
