"""The app as a whole: another county without a line of code, sessions apart from each other, nothing told to logs."""

import asyncio
import gc
import logging
from pathlib import Path

import flet as ft
import pytest

from app.config import load_region
from app.stores.session import SessionState
from tests.views.examples import County

SECRET = "Sylkytti koko yön"


pytestmark = pytest.mark.usefixtures("strict")


class TestAnotherCounty:
    """Row S5: names, languages, telephones, colours and limits are a file, not code."""

    async def test_everything_of_the_county_is_its_own(self, tmp_path: Path) -> None:
        """The fictitious county of Tunturila, in its first language."""
        county = County(tmp_path, "tunturila")
        region = county.region

        screen = await county.open()

        screen.check("welcome")
        assert screen.t.language == region.languages[0] == "sv"
        assert any(region.short_name("sv") in text for text in screen.texts)
        assert any(region.name("sv") in text for text in screen.texts)
        assert screen.page.title == region.app_name("sv")
        assert not any("Päijät" in text or "Päijänne" in text for text in screen.texts)
        assert screen.ui.look.colours.primary == region.colours["light"]["primary"]
        assert "Selkosuomi" not in screen.texts
        await county.close()

    async def test_its_telephones_and_limits(self, tmp_path: Path) -> None:
        """Whom to call, and what may be attached."""
        county = County(tmp_path, "tunturila")
        other, limits = load_region("paijat-hame"), county.region.attachments
        screen = await county.signed_in("aino")
        number = screen.ui.format.phone(county.region.phones.exchange.number)
        assert any(number in text for text in screen.texts)
        await screen.go("/settings")
        assert any(
            screen.ui.format.phone(county.region.phones.technical_support.number) in t for t in screen.texts
        )
        await screen.write_to(screen.stores.services.name("terveysasema"))

        assert any(screen.ui.format.size(limits.each_bytes) in text for text in screen.texts)
        assert (limits.count, limits.each_bytes) != (other.attachments.count, other.attachments.each_bytes)
        assert county.region.colours != other.colours
        await county.close()


class TestApart:
    """Many residents in one process, and several on one device."""

    async def test_two_sessions_never_see_each_other(self, county: County) -> None:
        """Threads, drafts, numbers and changes of one are not in the other."""
        aino, veikko = await county.signed_in("aino"), await county.signed_in("veikko")
        await aino.write_to(aino.stores.services.name("terveysasema"), "Sydän", SECRET)
        county.timers.fire()
        await aino.go("/messages")
        await veikko.go("/messages")

        assert "Sydän" in aino.texts
        assert "Ateriapalvelu kotiin" not in aino.texts
        assert "Ateriapalvelu kotiin" in veikko.texts
        assert not {"Sydän", "Pitkittynyt yskä"} & set(veikko.texts)
        (draft,) = aino.own.drafts.all()
        await veikko.go(f"/messages/draft/{draft.key}")
        assert veikko.says("messages.draft.deleted")
        assert SECRET not in veikko.text
        assert aino.own.store.path != veikko.own.store.path

    async def test_no_observable_is_shared(self, county: County) -> None:
        """Nothing that redraws one session can be reached from the other."""
        aino, veikko = await county.signed_in("aino"), await county.signed_in("veikko")

        assert _observables(aino.stores) & _observables(veikko.stores) == set()
        await aino.go("/settings")
        await aino.choose("settings.language", "sv")
        assert veikko.t.language == "fi"

    async def test_changes_at_the_clinic_reach_only_whom_they_concern(self, county: County) -> None:
        """An answer to Aino redraws nothing of Veikko's."""
        aino, veikko = await county.signed_in("aino"), await county.signed_in("veikko")
        drawn = len(veikko.client.messages)
        id = county.thread_id("Pitkittynyt yskä")
        await county.tester("POST", f"professional/threads/{id}/answer", {"text": SECRET})

        await aino.look_again()
        await aino.go(f"/messages/thread/{id}")

        assert SECRET in aino.text
        assert SECRET not in veikko.text
        assert len(veikko.client.messages) == drawn

    async def test_another_person_on_the_same_session_sees_nothing_of_the_first(self, county: County) -> None:
        """After a sign-out that keeps, and when the sign-in has just ended; and is told that it is so."""
        screen = await county.signed_in("aino")
        await screen.write_to(screen.stores.services.name("terveysasema"), "Sydän", SECRET)
        address = screen.route
        await county.tester("POST", "sign-out")
        await screen.look_again()
        assert screen.stores.session.state is SessionState.ENDED

        await screen.sign_in("veikko")

        screen.check("home")
        assert screen.says("home.greeting", name="Veikko")
        assert screen.says("signin.wrong_person.title")
        async for _ in screen.languages():
            screen.check("home")
            assert screen.has("device-banner")
        await screen.tap("banner.read")
        assert not screen.has("device-banner")
        for route in ("/", "/messages", "/outbox", address):
            await screen.go(route)
            screen.check()
            assert not {"Sydän", "Pitkittynyt yskä"} & set(screen.texts)
            assert SECRET not in screen.text
        assert not [r for r in county.wire.seen if SECRET.encode() in r.content]

    async def test_the_first_finds_everything_again(self, county: County) -> None:
        """What was being written when somebody else signed in is there when the first comes back."""
        screen = await county.signed_in("aino")
        await screen.write_to(screen.stores.services.name("terveysasema"), "Sydän", SECRET)
        await county.tester("POST", "sign-out")
        await screen.look_again()
        await screen.sign_in("veikko")
        await screen.go("/settings")
        await screen.tap("settings.sign-out")
        await screen.tap("signout.keep")

        await screen.sign_in("aino")
        await screen.go("/messages")

        assert "Sydän" in screen.texts
        await screen.tap("messages.draft")
        assert screen.control("messages.body").value == SECRET

    async def test_a_session_that_ends_leaves_no_task(self, county: County) -> None:
        """Syncing stops with the tab; what was written is on disk."""
        screen = await county.signed_in("aino")
        await screen.write_to(screen.stores.services.name("terveysasema"), "Sydän", SECRET)
        county.timers.fire()
        await screen.close()
        asked = len(county.wire.seen)

        county.clock.move(hours=2)
        for _ in range(50):
            await asyncio.sleep(0)

        assert len(county.wire.seen) == asked
        later = await county.signed_in("aino", "/messages")
        assert "Sydän" in later.texts


class TestAtRest:
    """What lies on the device, and what lies in logs."""

    async def test_nothing_can_be_read_on_disk(self, county: County) -> None:
        """Neither words nor names nor who it is."""
        screen = await county.signed_in("aino")
        await screen.write_to(screen.stores.services.name("terveysasema"), "Sydän", SECRET)
        await screen.tap("messages.send")
        await screen.write_to(screen.stores.services.name("terveysasema"), "Toinen", SECRET)
        county.timers.fire()

        files = [path for path in county.data.rglob("*") if path.is_file()]
        whole = b"".join(path.read_bytes() for path in files)
        for words in (SECRET, "Sydän", "Aino", "Virtanen", "Pitkittynyt"):
            assert words.encode() not in whole
        assert not any("aino" in path.name.lower() for path in files)

    async def test_logs_tell_nothing(self, county: County, caplog: pytest.LogCaptureFixture) -> None:
        """At DEBUG, over a whole journey with failures: no token, name, identity code or word of a message."""
        caplog.set_level(logging.DEBUG)
        screen = await county.signed_in("aino")
        tokens = screen.stores.session._tokens.tokens
        assert tokens is not None
        await screen.write_to(screen.stores.services.name("terveysasema"), "Sydän", SECRET)
        await county.fault("status", "/fhir/Communication/", method="PUT", status=422, text=SECRET, times=1)
        await screen.tap("messages.send")
        await screen.go("/outbox")
        await screen.tap("outbox.retry")
        await county.fault("malformed", "/fhir/Communication", times=2)
        await screen.move(minutes=20)
        await county.tester("POST", "sign-out")
        await screen.look_again()
        await screen.sign_in("aino")
        await screen.go("/settings")
        await screen.tap("settings.sign-out")
        await screen.tap("signout.erase")

        one = county.platform.seeder.roster.get("aino")
        assert one is not None
        secrets = (
            tokens.access,
            tokens.refresh,
            tokens.id_token,
            one.identity,
            one.family,
            one.patient,
            SECRET,
        )
        told = "\n".join(f"{r.name} {r.getMessage()} {r.exc_text or ''}" for r in caplog.records if _ours(r))
        assert told
        assert [words for words in (*secrets, "Sydän", "code=") if words and words in told] == []

    async def test_a_fault_of_ours_tells_the_log_no_words(
        self, county: County, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A handler that fails with the resident's words in its message: class and place only, and the app goes on."""
        screen = await county.signed_in("aino")
        await screen.write_to(screen.stores.services.name("terveysasema"), "Sydän", SECRET)

        def broken(*arguments: object, **more: object) -> None:
            raise ValueError(SECRET)

        with monkeypatch.context() as patch:
            patch.setattr(screen.own.messages._outbox, "put", broken)
            await screen.tap("messages.send")

        screen.check("messages.compose")
        assert screen.has("fault")
        assert SECRET not in caplog.text
        assert not screen.crashed
        await screen.tap("messages.send")
        screen.check("messages.conversation")


def _ours(record: logging.LogRecord) -> bool:
    """Everything but the stub platform, here only for the test, and Flet, which at DEBUG logs the whole screen."""
    return not record.name.startswith(("backend_stub", "flet"))


def _observables(root: object) -> set[int]:
    """Ids of all observables that can be reached from ``root``."""
    seen: set[int] = set()
    found: set[int] = set()
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, type | str | bytes | int | float):
            continue
        seen.add(id(thing))
        if isinstance(thing, ft.Observable):
            found.add(id(thing))
        if type(thing).__module__.startswith("app.") or isinstance(thing, dict | list | tuple | set):
            waiting += gc.get_referents(thing)
    return found
