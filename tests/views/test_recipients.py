"""To whom: the list that explains itself (rows A1, A4, A5)."""

from datetime import UTC, datetime

import flet as ft
import pytest

from tests.tree import words_of
from tests.views.examples import LANGUAGES, County, Visit

every_language = pytest.mark.parametrize("language", LANGUAGES)


def card(screen: Visit, service: str) -> list[str]:
    """What the card of a service says."""
    name = screen.stores.services.name(service)
    ids = ("messages.recipient", "messages.recipient.closed")
    for node in [c for c in screen.find() if getattr(c, "identifier", None) in ids]:
        words = [said for part in screen.walk(node) if isinstance(part, ft.Text) for said in words_of(part)]
        if name in words:
            return words
    raise AssertionError(f"no card of {service}; texts: {screen.texts}")


async def test_everything_at_a_glance(county: County) -> None:
    """Every service that takes messages: what it is for, whether it does now, when it answers."""
    screen = await county.signed_in("tuomas", "/messages/new")

    async for _ in screen.languages():
        screen.check("messages.recipients")
        nurse = screen.stores.services.service("terveysasema")
        assert nurse is not None
        assert {nurse.comment, screen.t("services.takes_messages"), screen.t("services.promise", n=3)} <= set(
            card(screen, "terveysasema")
        )
        assert screen.stores.services.name("lastensuojelu") not in screen.texts


async def test_why_a_service_is_not_for_one(county: County) -> None:
    """A referral, an age, clients only: each with its reason in words; the page of the service opens."""
    screen = await county.signed_in("aino", "/messages/new")

    async for _ in screen.languages():
        screen.check("messages.recipients")
        for service, key in (
            ("leikkausyksikko", "services.needs_referral"),
            ("lastenneuvola", "services.not_for_you"),
            ("diabeteshoitaja", "services.not_for_you"),
        ):
            words = card(screen, service)
            assert screen.t(key) in words
            assert screen.t("messages.recipient.cannot_choose") in words
            known = screen.stores.services.service(service)
            assert known is not None
            assert {rule.comment for rule in known.eligibility} & set(words)
    await screen.press(screen.stores.services.name("leikkausyksikko"))
    screen.check("service")
    assert not screen.has("service.write")


async def test_messages_in_opening_hours_only(county: County) -> None:
    """On a Monday financial guidance is closed until Tuesday; it can still be chosen, the draft waits."""
    screen = await county.signed_in("aino", "/messages/new")

    async for _ in screen.languages():
        screen.check("messages.recipients")
        opens = datetime(2026, 11, 24, 7, tzinfo=UTC)
        words = card(screen, "talousneuvonta")
        assert (
            screen.t("services.closed_until", opens=screen.ui.format.moment(opens, county.clock())) in words
        )
        assert screen.t("services.closed.day_off") in words
    await screen.press(screen.stores.services.name("talousneuvonta"))
    screen.check("messages.compose")
    assert screen.says("messages.closing.title")


async def test_closing_soon(county: County) -> None:
    """Twenty minutes before closing."""
    screen = await county.signed_in("aino")
    await screen.move(hours=2, minutes=40)
    await screen.go("/messages/new")

    async for _ in screen.languages():
        screen.check("messages.recipients")
        time = screen.ui.format.time(datetime(2026, 11, 23, 13, tzinfo=UTC))
        assert screen.t("services.closing_soon", time=time) in card(screen, "aikuissosiaalityo")


async def test_a_client_may_write(county: County) -> None:
    """Raija's diabetes is treated there."""
    screen = await county.signed_in("raija", route="/messages/new")

    assert screen.t("messages.recipient.cannot_choose") not in card(screen, "diabeteshoitaja")
    assert screen.says("messages.recipient.recent")


async def test_age_is_known_as_soon_as_the_person_is(county: County) -> None:
    """The list corrects itself when the age arrives."""
    screen = await county.open("/messages/new")
    free = county.wire.hold("/fhir/Patient")
    await screen.sign_in("aino")
    free()
    await screen.settle()

    assert screen.t("services.not_for_you") in card(screen, "nuorten-vastaanotto")


@pytest.mark.parametrize("words", ["xyzzy", "<b>"])
async def test_search_finds_nothing(county: County, words: str) -> None:
    """What was searched for is said back, and a number to call."""
    screen = await county.signed_in("aino", "/messages/new")

    await screen.type("messages.recipient.search", words)

    async for _ in screen.languages():
        screen.check("messages.recipients")
        number = screen.ui.format.phone(county.region.phones.exchange.number)
        assert screen.says("messages.recipient.no_results", words=words, number=number)


@pytest.mark.parametrize(
    ("language", "words"), [("fi", "hammas"), ("sv", "tand"), ("en", "tooth"), ("fi_selko", "hammas")]
)
async def test_search_in_everyday_words(county: County, language: str, words: str) -> None:
    """Words people use, in their language; the best comes first."""
    screen = await county.signed_in("aino", "/messages/new", language)

    await screen.type("messages.recipient.search", words)

    screen.check("messages.recipients")
    names = [text for text in screen.texts if text == screen.stores.services.name("suun-terveydenhuolto")]
    assert names


async def test_nothing_known_yet(county: County) -> None:
    """No catalogue, no connection: said in words, with a way to try again."""
    await county.fault("status", "/fhir/HealthcareService", status=503)
    screen = await county.signed_in("aino", "/messages/new")

    async for _ in screen.languages():
        screen.check("messages.recipients")
        assert screen.says("kit.error.down.what")
    await county.tester("DELETE", "faults")
    await screen.tap("messages.recipients.list.problem.retry")
    screen.check("messages.recipients")
    assert screen.has("messages.recipient")
