"""Home: tasks first, then what is open and promised (rows A2, F8)."""

from datetime import date

import pytest

from tests.views.examples import LANGUAGES, County

THURSDAY = date(2026, 11, 26)  # three working days after the Monday that follows a Sunday
every_language = pytest.mark.parametrize("language", LANGUAGES)


async def test_nothing_open(county: County) -> None:
    """Who has nothing is told what will be here."""
    home = await county.signed_in("tuomas")

    async for _ in home.languages():
        home.check("home")
        assert home.says("home.no_open_matters")
        assert not home.has("messages.thread")
        assert not home.has("home.drafts")
        assert not home.has("home.info")
        assert not home.has("home.error")


async def test_open_matters_with_their_promises(county: County) -> None:
    """What was asked, from whom, and by when the answer comes; what is closed is not here."""
    home = await county.signed_in("aino")

    async for _ in home.languages():
        home.check("home")
        assert "Pitkittynyt yskä" in home.texts
        assert "Paikasta lohkesi pala" not in home.texts
        assert home.says("messages.promise.before", day=home.ui.format.day(THURSDAY))
        assert home.says("ledger.delivered")


async def test_an_answer_that_is_late_is_said_to_be_late(county: County) -> None:
    """A day that has passed is no promise any more."""
    home = await county.signed_in("daniel")

    async for _ in home.languages():
        home.check("home")
        assert home.says("messages.promise.overdue_title")
        assert not any("18.11." in text or "18 Nov" in text for text in home.texts)


async def test_a_new_answer_is_seen_at_once(county: County) -> None:
    """In the list, and as a number in the navigation."""
    home = await county.signed_in("veikko")

    async for _ in home.languages():
        home.check("home")
        assert home.says("messages.unread")
        assert "1" in home.within("nav.messages")


async def test_what_waits_and_drafts(county: County) -> None:
    """Without a connection: one message waits, one is not finished; both are a tap away."""
    home = await county.signed_in("aino")
    await county.offline()
    await home.write_to(home.stores.services.name("terveysasema"))
    await home.tap("messages.send")
    await home.write_to(home.stores.services.name("fysioterapia"))

    await home.go("/")

    async for _ in home.languages():
        home.check("home")
        assert home.says("home.unsent", n=1)
        assert home.says("home.drafts", n=1)
        assert home.says("offline.banner_waiting", n=1)
    await home.tap("home.outbox.info")
    home.check("outbox")
    await home.go("/")
    await home.tap("home.drafts")
    home.check("messages")


async def test_what_was_refused(county: County) -> None:
    """It is said first, as what it is."""
    home = await county.signed_in("aino")
    await county.fault("status", "/fhir/Communication/", method="PUT", status=422)
    await home.write_to(home.stores.services.name("terveysasema"))
    await home.tap("messages.send")

    await home.go("/")

    async for _ in home.languages():
        home.check("home")
        assert home.says("home.not_sent", n=1)
    await home.tap("home.outbox.error")
    home.check("outbox")


async def test_before_anything_was_fetched(county: County) -> None:
    """A network that fails right after the sign-in: Home is there, says how it stands, and greets without a name."""
    home = await county.open()
    await county.fault("status", "/fhir/Communication", status=503)
    await county.fault("status", "/fhir/Patient", status=503)

    await home.sign_in("aino")

    async for _ in home.languages():
        home.check("home")
        assert home.says("home.greeting_nameless")
        assert home.says("common.updated_never")
        assert not home.says("home.no_open_matters")


async def test_tasks_lead_on(county: County) -> None:
    """Writing and finding a service are one tap away."""
    home = await county.signed_in()

    await home.tap("home.new-message")
    home.check("messages.recipients")
    await home.go("/")
    await home.tap("home.services")
    home.check("services")
