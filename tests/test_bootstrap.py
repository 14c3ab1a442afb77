"""How the parts are put together, and what happens when a person's store does not open (rows J4, M3)."""

import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from sqlite3 import ProgrammingError
from typing import Any

import pytest

from app.assets import LATE
from app.domain.medicines import Medicine, MedicineState
from app.errors import BadData, DeviceFull, Locked
from app.offline import rotation
from app.offline.accounts import AccountFiles
from app.offline.store import Store
from app.offline.vault import AesVault
from app.platform.secrets import MemorySecrets
from app.platform.served_secrets import ServedSecrets
from app.stores.news import News
from app.stores.session import SessionState
from backend_stub.fhir.temper import TEMPERS
from tests.offline.test_damage import spoil
from tests.views.examples import County, Visit

SUBJECT = "Sydän"


pytestmark = pytest.mark.usefixtures("strict")


class LateAssets:
    """Stands for what fetches late assets in a browser; counts how often they were asked for."""

    asked = 0

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """There is none here."""
        self.asked += name == LATE


async def with_a_draft(county: County) -> None:
    """Aino has begun a message on this device and signed out."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"), SUBJECT)
    await sign_out(screen)


async def sign_out(screen: Visit) -> None:
    await screen.go("/settings")
    await screen.tap("settings.sign-out")
    await screen.tap("signout.keep")


def lose_the_key(county: County) -> None:
    for salt in (county.data / "salts").iterdir():
        salt.unlink()


async def test_the_first_screen_reads_no_pathway(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a browser they are fetched, and reading all of them takes its time: not before somebody goes there."""
    late = LateAssets()
    monkeypatch.setattr(sys, "meta_path", [late, *sys.meta_path])
    screen = await county.open()
    assert screen.has("welcome.sign-in")
    assert late.asked == 0
    await screen.go("/pathways")
    assert late.asked


async def test_a_damaged_draft_is_told_once_and_locks_nobody_out(county: County) -> None:
    """SQLite does not notice a bit that is another; the draft stays in the file, and all else goes on."""
    await with_a_draft(county)
    (path,) = county.data.glob("*.db")
    spoil(path, "draft")

    screen = await county.signed_in("aino")

    assert screen.stores.session.news is News.SALVAGED
    screen.check("home")
    await sign_out(screen)
    again = await county.signed_in("aino")
    assert again.stores.session.news is News.NONE


async def test_a_lost_key_says_how_much_was_lost_with_it(county: County) -> None:
    """Drafts and what was not sent are counted without the key."""
    screen = await county.signed_in("aino")
    await county.offline()
    await screen.write_to(screen.stores.services.name("terveysasema"), SUBJECT)
    await screen.tap("messages.send")
    await screen.write_to(screen.stores.services.name("fysioterapia"), "Polvi")
    await sign_out(screen)
    lose_the_key(county)
    await county.offline(False)

    screen = await county.signed_in("aino")

    async for _ in screen.languages():
        assert screen.says("device.locked.title")
        assert screen.says("device.lost_drafts", n=1)
        assert screen.says("device.lost_waiting")


async def test_a_lost_key_begins_anew_and_says_so(county: County) -> None:
    """The old file is set aside, never deleted; what is at the platform comes again; it is told in words, once."""
    await with_a_draft(county)
    (before,) = county.data.glob("*.db")
    size = before.stat().st_size
    lose_the_key(county)

    screen = await county.signed_in("aino")

    async for _ in screen.languages():
        screen.check("home")
        assert screen.says("device.locked.title")
        assert screen.says("device.locked.body")
        assert "Pitkittynyt yskä" in screen.texts
    (aside,) = county.data.glob("*.db.damaged1")
    assert aside.stat().st_size == size
    await screen.go("/messages")
    assert SUBJECT not in screen.texts
    assert screen.has("device-banner")
    await screen.tap("banner.read")
    assert not screen.has("device-banner")
    await sign_out(screen)
    await screen.sign_in("aino")
    assert screen.own.news is News.NONE


async def test_a_damaged_file_is_told_too(county: County) -> None:
    """What could be read of it is there."""
    await with_a_draft(county)
    (path,) = county.data.glob("*.db")
    data = bytearray(path.read_bytes())
    data[:100] = bytes(100)
    path.write_bytes(data)
    for beside in county.data.glob("*.db-*"):
        beside.unlink()

    screen = await county.signed_in("aino")

    async for _ in screen.languages():
        screen.check("home")
        assert screen.says("device.salvaged.title")
    assert list(county.data.glob("*.db.damaged1"))


@pytest.mark.parametrize(("problem", "key"), [(DeviceFull, "full"), (Locked, "locked")])
async def test_a_store_that_cannot_be_opened_signs_nobody_in(
    county: County, monkeypatch: pytest.MonkeyPatch, problem: type[Exception], key: str
) -> None:
    """A full device, a keychain that does not open: said in words; no token stays; another try works."""
    screen = await county.open()

    async def broken(account: str) -> bytes:
        raise problem

    with monkeypatch.context() as patch:
        patch.setattr(county.secrets, "data_key", broken)
        await screen.sign_in("aino")

    async for _ in screen.languages():
        screen.check("welcome")
        assert screen.says(f"kit.error.{key}.what")
    session = screen.stores.session
    assert session.state is SessionState.SIGNED_OUT
    assert session._tokens.tokens is None
    assert list(county.data.glob("*.db*")) == []
    await screen.sign_in("aino")
    screen.check("home")


async def test_a_full_device_at_opening_is_told(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file itself cannot be made."""
    screen = await county.open()

    def full(*arguments: object) -> None:
        raise DeviceFull

    with monkeypatch.context() as patch:
        patch.setattr(AccountFiles, "open", full)
        await screen.sign_in("aino")

    screen.check("welcome")
    assert screen.says("kit.error.full.what")
    assert screen.stores.session.own is None


async def test_the_server_is_tried_out_once(county: County) -> None:
    """At the first sign-in, on something without health data; what was found out is remembered."""
    screen = await county.signed_in("aino")
    tried = [r for r in county.wire.seen if "/Subscription" in r.url.path]
    assert tried
    assert county.all("Subscription") == []
    await sign_out(screen)

    await screen.sign_in("aino")

    assert [r for r in county.wire.seen if "/Subscription" in r.url.path] == tried


async def test_a_client_without_the_doorbell_makes_no_subscription(county: County) -> None:
    """``live`` switched off: changes are looked for now and then, and found."""
    screen = await county.signed_in("aino")
    id = county.thread_id("Pitkittynyt yskä")
    await county.tester("POST", f"professional/threads/{id}/answer", {"text": "Tule näytille."})

    await screen.move(seconds=61)

    assert screen.says("messages.unread")
    assert county.all("Subscription") == []


async def test_requests_carry_no_token_where_none_is_needed(county: County) -> None:
    """The public catalogue is fetched without one, everything of a person with one; none goes elsewhere."""
    await county.signed_in("aino")

    fhir = [r for r in county.wire.seen if r.url.path.startswith("/fhir/")]
    public = {r.url.path.split("/")[2] for r in fhir if "authorization" not in r.headers}
    assert public >= {"HealthcareService", "Location", "Organization", "Practitioner", "PractitionerRole"}
    assert not public & {"Communication", "Patient", "Binary"}
    assert {r.url.host for r in county.wire.seen} == {"127.0.0.1"}


async def test_tokens_are_renewed_in_time(county: County) -> None:
    """An hour of work needs no second sign-in."""
    screen = await county.signed_in("aino")
    first = screen.stores.session._tokens.tokens

    for _ in range(6):
        await screen.move(minutes=10)

    assert screen.stores.session.state is SessionState.SIGNED_IN
    assert screen.stores.session._tokens.tokens is not first
    assert screen.own.sync.status.state == "ok"


@pytest.mark.parametrize(
    ("temper", "creates"),
    [("best", "guarded"), ("hapi", "unguarded"), ("medplum", "conditional"), ("renaming", "conditional")],
)
async def test_the_first_sign_in_finds_out_how_creates_are_safe(
    county: County, temper: str, creates: str
) -> None:
    """Whatever server it is; nothing of the trial stays there, and a message goes out once."""
    county.platform.temper = TEMPERS[temper]
    screen = await county.signed_in("aino")

    assert (screen.own.store.recall("profile") or {})["creates"] == creates
    tasks = county.platform.repository.all("Task")
    assert not [task for task in tasks if task["status"] == "entered-in-error"]
    await screen.write_to(screen.stores.services.name("terveysasema"), SUBJECT)
    await screen.tap("messages.send")
    for _ in range(3):
        await screen.move(seconds=70)
    sent = [t for t in county.platform.clinic.threads() if t.subject == SUBJECT]
    assert [len(thread.messages) for thread in sent] == [1]
    assert screen.own.outbox.waiting() == 0


def screen_account(county: County) -> str:
    (path,) = county.data.glob("*.db")
    return path.stem


async def test_an_old_key_is_replaced_at_the_next_sign_in(county: County) -> None:
    """Nobody notices, and everything is there."""
    await with_a_draft(county)
    account, secrets = screen_account(county), ServedSecrets(county.data)
    before = await secrets.data_key(account)
    await county.tester("POST", "clock/advance", {"days": 100})
    county.clock.move(days=100)

    screen = await county.signed_in("aino")

    assert screen.stores.session.news is News.NONE
    assert [draft.body["subject"] for draft in screen.own.drafts.all()] == [SUBJECT]
    assert await secrets.data_key(account) != before
    assert await secrets.coming_key(account) is None


async def test_killed_between_the_change_and_its_note(county: County) -> None:
    """The file has the new key already, the secrets still say the old one: it opens, and that is mended."""
    await with_a_draft(county)
    account, secrets = screen_account(county), ServedSecrets(county.data)
    files, old = AccountFiles(county.data), await secrets.data_key(account)
    coming = await secrets.coming_key(account, make=True)
    assert coming is not None
    store = files.open(account, old)
    assert rotation.rotate(store, AesVault(coming))
    store.close()

    screen = await county.signed_in("aino")

    assert screen.stores.session.news is News.NONE
    assert [draft.body["subject"] for draft in screen.own.drafts.all()] == [SUBJECT]
    assert (await secrets.data_key(account), await secrets.coming_key(account)) == (coming, None)


async def test_a_key_is_not_given_up_for_one_that_opens_nothing_either(county: County) -> None:
    await with_a_draft(county)
    account, secrets = screen_account(county), ServedSecrets(county.data)
    key = await secrets.data_key(account)
    await secrets.coming_key(account, make=True)
    store = AccountFiles(county.data).open(account, key)
    assert rotation.rotate(store, AesVault(bytes(32)))
    store.close()

    screen = await county.signed_in("aino")

    assert screen.stores.session.news is News.LOCKED
    assert await secrets.data_key(account) == key


async def test_a_sign_in_that_fails_half_way_leaves_nothing_running(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two would send from one outbox after the next sign-in."""
    opened: list[Store] = []
    plain = AccountFiles.open

    def seen(*args: Any) -> Store:
        opened.append(plain(*args))
        return opened[-1]

    def damaged(_: object) -> None:
        raise BadData

    monkeypatch.setattr(AccountFiles, "open", seen)
    with monkeypatch.context() as broken:
        broken.setattr("app.bootstrap.own.booking.rooms", damaged)
        screen = await county.signed_in("aino")
    assert screen.stores.session.own is None
    with pytest.raises(ProgrammingError, match="closed"):
        opened[0].recall("anything")
    await screen.sign_in("aino")
    assert screen.own.resident.value is not None


def at_a_computer(county: County) -> MemorySecrets:
    """Whose sign-in is kept between two starts of the app."""
    county.secrets = kept = MemorySecrets()
    plain = county.devices
    county.devices = lambda way: replace(plain(way), keeps=True)  # type: ignore[method-assign]
    return kept


@pytest.mark.parametrize("choice", ["signout.keep", "signout.erase"])
async def test_whoever_signs_out_is_signed_out_even_on_a_full_device(
    county: County, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    kept = at_a_computer(county)
    screen = await county.signed_in("aino")
    assert await kept.get("tokens")

    def full(*_: object) -> None:
        raise DeviceFull

    monkeypatch.setattr("app.offline.store.Store.flush_ages", full)
    await screen.go("/settings")
    await screen.tap("settings.sign-out")
    await screen.tap(choice)

    assert screen.stores.session.own is None
    assert await kept.get("tokens") is None
    screen.check("welcome")


async def test_what_is_to_be_erased_cannot_be_read_even_when_the_file_stays(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows a file that another window has open cannot be removed: without its key it is nothing."""
    kept = at_a_computer(county)
    screen = await county.signed_in("aino")
    account = screen.own.store.account
    key = await kept.data_key(account)

    def busy(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr("app.offline.salvage.Path.unlink", busy)
    await screen.go("/settings")
    await screen.tap("settings.sign-out")
    await screen.tap("signout.erase")
    monkeypatch.undo()

    assert list(county.data.glob("*.db"))
    assert await kept.data_key(account) != key
    assert await kept.get("tokens") is None
    screen.check("welcome")


async def test_data_that_could_not_be_erased_is_not_called_erased(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = at_a_computer(county)
    screen = await county.signed_in("aino")

    async def locked(*_: object) -> None:
        raise Locked

    monkeypatch.setattr(kept, "forget_key", locked)
    await screen.go("/settings")
    await screen.tap("settings.sign-out")
    await screen.tap("signout.erase")

    assert screen.says("signout.not_erased")
    assert await kept.get("tokens") is None
    async for _ in screen.languages():
        screen.check("welcome")


async def test_the_day_is_that_of_the_county_wherever_the_device_is(county: County) -> None:
    """At half past midnight in Finland, which is still yesterday for a server's clock, yesterday's day has passed."""
    county.platform.repository.create(
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "Yölääke"},
            "subject": {"reference": f"Patient/{county.patient('aino')}"},
            "dispenseRequest": {"validityPeriod": {"end": "2026-11-23"}},
        }
    )
    screen = await county.signed_in("aino")
    medicine = next(one for one in county.all("MedicationRequest") if "Yölääke" in str(one))
    county.clock.at = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert (screen.ui.now().date(), screen.ui.now()) == (date(2026, 11, 24), county.clock.at)
    entry = screen.own.record.entry("MedicationRequest", medicine["id"])
    assert entry is not None
    assert isinstance(entry.about, Medicine)
    assert entry.about.state is MedicineState.EXPIRED
