"""The list of conversations in all its states (rows A6, A9, A12, E12)."""

import pytest

from tests.views.examples import LANGUAGES, County

every_language = pytest.mark.parametrize("language", LANGUAGES)
COMMUNICATIONS = "/fhir/Communication"


async def test_list(county: County) -> None:
    """Each with its service and where it stands; fetched when; and what is not here."""
    screen = await county.signed_in("aino", "/messages")

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.identifiers.count("messages.thread") == 2
        assert {"Pitkittynyt yskä", "Paikasta lohkesi pala"} <= set(screen.texts)
        assert screen.stores.services.name("terveysasema") in screen.texts
        assert screen.says("ledger.delivered")
        assert screen.says("common.updated", age=screen.ui.format.age(county.clock(), county.clock()))
        for link in county.region.elsewhere:
            assert screen.has(f"elsewhere.{link.id}")


async def test_nothing(county: County) -> None:
    """Nothing there is said in words."""
    screen = await county.signed_in("tuomas", "/messages")

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.says("messages.empty")
        assert not screen.has("messages.thread")


async def test_search_without_a_connection(county: County) -> None:
    """Words of a message find its conversation, with the place where they are; nothing is asked of the network."""
    screen = await county.signed_in("aino", "/messages")
    asked = len(county.wire.seen)
    first = screen.stores.session.own.messages.threads.value[0]
    word = max(first.messages[0].text.split(), key=len).strip(".,?!")

    async for _ in screen.languages():
        await screen.type("messages.search", word)
        screen.check("messages")
        assert screen.says("messages.found", n=1)
        assert screen.identifiers.count("messages.thread") == 1
        await screen.type("messages.search", "xyzzy")
        screen.check("messages")
        assert screen.says("messages.found_none", words="xyzzy")
        assert not screen.has("messages.thread")
    await screen.type("messages.search", "")
    assert screen.identifiers.count("messages.thread") == 2
    assert len(county.wire.seen) == asked


async def test_loading(county: County) -> None:
    """While it is fetched for the first time nothing is called empty."""
    screen = await county.open("/messages")
    free = county.wire.hold("/fhir/Communication")

    await screen.sign_in("aino")

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.has("messages.threads.loading")
        assert not screen.says("messages.empty")
    free()
    await screen.settle()
    assert screen.has("messages.thread")


async def test_failed_before_anything_was_known(county: County) -> None:
    """What happened, what to try, where else to turn; and trying again works."""
    screen = await county.open("/messages")
    await county.fault("status", COMMUNICATIONS, status=503)

    await screen.sign_in("aino")

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.says("kit.error.down.what")
        assert not screen.says("messages.empty")
    await county.tester("DELETE", "faults")
    await screen.tap("messages.threads.problem.retry")
    screen.check("messages")
    assert screen.has("messages.thread")
    assert not screen.has("messages.threads.problem")


async def test_failed_later_shows_the_last_with_its_age(county: County) -> None:
    """Old is better than nothing, and says how old it is."""
    screen = await county.signed_in("aino", "/messages")
    at = county.clock()
    await county.fault("status", COMMUNICATIONS, status=403)

    await screen.move(hours=3)

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.has("messages.thread")
        assert screen.says("kit.shows-last")
        assert screen.says("common.updated", age=screen.ui.format.age(at, county.clock()))


async def test_a_platform_in_trouble_is_not_called_a_missing_connection(county: County) -> None:
    """It is the service that fails, not the resident's network."""
    screen = await county.signed_in("aino", "/messages")
    await county.fault("malformed", COMMUNICATIONS)

    await screen.move(hours=3)

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.has("messages.thread")
        assert screen.says("errors.service_down.title")
        assert not screen.says("offline.banner")


async def test_offline_the_banner_says_so_and_the_age_is_there(county: County) -> None:
    """One word about the connection, not one for each list; older than a day is said plainly."""
    screen = await county.signed_in("aino", "/messages")
    await county.offline()

    await screen.move(days=2)

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.has("offline-banner")
        assert screen.has("messages.thread")
        assert not screen.has("messages.threads.problem")
        assert screen.says("common.stale")


async def test_not_allowed(county: County) -> None:
    """No right to see is not the same as nothing there."""
    screen = await county.open("/messages")
    await county.fault("status", COMMUNICATIONS, status=403)

    await screen.sign_in("aino")

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.says("kit.not-allowed.title")
        assert not screen.says("messages.empty")


async def test_drafts_stand_first(county: County) -> None:
    """What is not finished, with its service and when it was saved; one tap goes on with it."""
    screen = await county.signed_in("aino")
    service = screen.stores.services.name("terveysasema")
    await screen.write_to(service, "Selkä")

    await screen.go("/messages")

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.texts.index("Selkä") < screen.texts.index("Pitkittynyt yskä")
    await screen.tap("messages.draft")
    screen.check("messages.compose")
    assert screen.control("messages.body").value == "Selkä on kipeä."


async def test_a_thread_and_the_way_back(county: County) -> None:
    """Into a conversation, back, on to a new message."""
    screen = await county.signed_in("aino", route="/messages")

    await screen.press("Pitkittynyt yskä")
    screen.check("messages.conversation")
    await screen.tap("back")
    screen.check("messages")
    await screen.tap("messages.new")
    screen.check("messages.recipients")


async def test_names_of_professionals_come_with_the_catalogue(county: County) -> None:
    """Who answered is named, also when the messages came before the catalogue."""
    screen = await county.open()
    await county.fault("status", "/fhir/Practitioner", status=503)
    await screen.sign_in("veikko")
    await county.tester("DELETE", "faults")
    await screen.move(minutes=20)

    await screen.go(f"/messages/thread/{county.thread_id('Ateriapalvelu kotiin')}")

    assert "Heli Kivelä" in screen.texts
