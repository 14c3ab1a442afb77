"""Find a service, also without signing in (rows H3, A4, L4)."""

from datetime import UTC, datetime

import pytest

from app.domain.calendar import holiday_name
from app.stores.settings import MemoryPreferences
from tests.views.examples import LANGUAGES, County, Visit

every_language = pytest.mark.parametrize("language", LANGUAGES)
WORDS = {"fi": "hammas", "sv": "tand", "en": "tooth", "fi_selko": "hammas"}
HOLIDAY = datetime(2026, 12, 6, 10, tzinfo=UTC)  # Independence Day, a Sunday
SATURDAY = datetime(2026, 11, 28, 10, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 18, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 4, tzinfo=UTC)


async def test_all_under_everyday_headings(county: County) -> None:
    """Nobody needs to sign in for it."""
    screen = await county.open("/services")

    async for _ in screen.languages():
        screen.check("services")
        assert screen.identifiers.count("services.service") == len(county.all("HealthcareService"))
        second = [words for level, words in screen.headings if level == 2]
        assert len(second) == len(set(second)) > 5


async def test_search(county: County) -> None:
    """Found, or said back with a number to call."""
    screen = await county.open("/services")

    async for language in screen.languages():
        await screen.type("services.search", WORDS[language])
        screen.check("services")
        assert screen.stores.services.name("suun-terveydenhuolto") in screen.texts
        assert screen.identifiers.count("services.service") < 10
    await screen.type("services.search", "xyzzy")
    screen.check("services")
    number = screen.ui.format.phone(county.region.phones.exchange.number)
    assert screen.says("services.no_results", words="xyzzy", number=number)
    called = county.region.phones.exchange.number.replace(" ", "")
    assert screen.control("none.call").action.url == f"tel:{called}"
    assert screen.has("services.none.pathways")
    await screen.type("services.search", "rintakipu")
    assert screen.has("services.red-flag")
    assert screen.says("services.none_in_haste", number=number)
    assert not screen.has("services.service")
    assert not screen.has("services.pathways")


async def test_loading_and_failed(county: County) -> None:
    """Two different states."""
    free = county.wire.hold("/fhir")
    screen = await county.open("/services")
    async for _ in screen.languages():
        screen.check("services")
        assert screen.has("services.list.loading")
    await county.fault("status", "/fhir/HealthcareService", status=500)
    free()
    await screen.settle()

    screen.check("services")
    assert screen.says("kit.error.down.what")
    assert not screen.has("services.list.loading")


async def test_page_of_a_service(county: County) -> None:
    """Every way to reach it; signed in, writing is one of them."""
    screen = await county.open("/services/terveysasema")

    async for _ in screen.languages():
        screen.check("service")
        service = screen.stores.services.service("terveysasema")
        assert service is not None
        assert {service.name, service.comment, service.address, service.provider} <= set(screen.texts)
        assert screen.says("services.promise", n=3)
        assert screen.has("call.terveysasema")
        assert not screen.has("service.write")
    await screen.go("/")
    await screen.sign_in("aino")
    await screen.go("/services/terveysasema")
    await screen.tap("service.write")
    screen.check("messages.compose")


@pytest.mark.parametrize(
    "service",
    ["rokotukset", "lastensuojelu", "talousneuvonta", "lastenneuvola", "leikkausyksikko", "kotihoito"],
)
async def test_pages_of_other_kinds(county: County, service: str) -> None:
    """Closed for a while, no messages, hours only, age, referral, clients only."""
    screen = await county.signed_in("aino", f"/services/{service}")

    async for _ in screen.languages():
        screen.check("service")
        known = screen.stores.services.service(service)
        assert known is not None
        assert known.name in screen.texts
        assert screen.has("service.write") == (service in ("rokotukset", "talousneuvonta"))


@every_language
@pytest.mark.parametrize(
    ("at", "key"),
    [
        (EVENING, "services.closed.over"),
        (SATURDAY, "services.closed.weekend"),
        (HOLIDAY, "services.closed.holiday"),
        (MORNING, "services.closed.not_yet"),
    ],
)
async def test_closed_says_why(make_county, language: str, at: datetime, key: str) -> None:  # type: ignore[no-untyped-def]
    """In the evening, at the weekend, on a holiday, before opening: until when, and why."""
    county = make_county(at=at)
    screen = await county.open("/services/aikuissosiaalityo", language)

    screen.check("service")
    assert screen.says(key, name=holiday_name(at.date(), screen.t.language))


async def test_what_is_not_known_says_so(county: County) -> None:
    """A service of which the county told only its name."""
    county.platform.repository.create({"resourceType": "HealthcareService", "id": "bare", "name": "Paljas"})
    screen = await county.open("/services/bare")

    async for _ in screen.languages():
        screen.check("service")
        unknown = screen.t("common.not_known")
        assert screen.texts.count(unknown) >= 4
        assert screen.says("services.closed.unknown") or screen.says("services.closed")


async def test_a_service_that_is_not_there(county: County) -> None:
    """An old address."""
    screen = await county.open("/services/none")

    async for _ in screen.languages():
        screen.check("service")
        assert screen.says("errors.not_found.what")
    await screen.tap("to-home")
    screen.check("welcome")


async def test_offline_the_catalogue_stays(county: County) -> None:
    """With its age; who is not signed in is told what works."""
    screen = await county.open("/services")
    await county.offline()

    await screen.move(hours=1)

    screen.check("services")
    assert screen.has("services.service")
    assert screen.says("offline.banner_signed_out")


async def test_a_complex_matter_begins_with_a_human_being_and_a_pathway_a_simple_one_with_oneself(
    county: County,
) -> None:
    """Rows T3, S33."""
    screen = await county.signed_in("aino", "/services/mielenterveys-ja-paihteet")
    assert screen.says("services.human_first")
    assert screen.identifiers.index("call.mielenterveys-ja-paihteet") < screen.identifiers.index(
        "service.write"
    )
    assert screen.has("service.pathways")
    async for _ in screen.languages():
        screen.check("service")
    await screen.go("/services/terveysasema")
    assert screen.says("services.nature.simple")
    assert screen.identifiers.index("service.write") < screen.identifiers.index("call.terveysasema")
    screen.check("service")


async def test_the_finder_offers_pathways_too_without_a_network(county: County) -> None:
    screen = await county.open("/services")
    await county.offline()
    await screen.type("services.search", "raskaus")
    assert screen.says("services.pathways")
    assert screen.has("services.pathways")
    assert screen.stores.services.name("aitiysneuvola") in screen.texts
    screen.check("services")


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("/services", "services"),
        ("/messages/new", "messages.recipient"),
        ("/appointments/find", "booking"),
        ("/pathways", "pathways"),
    ],
)
async def test_words_of_haste_in_a_search_bring_the_numbers_to_call(
    county: County, path: str, room: str
) -> None:
    """Also where nothing is found; what is found stays."""
    screen = await county.signed_in("aino", path)
    await screen.type(f"{room}.search", "kova rintakipu")

    async for _ in screen.languages():
        screen.check()
    assert screen.has(f"{room}.red-flag")
    assert {"call.112", "call.116117", "call.social"} <= set(screen.identifiers)
    await screen.type(f"{room}.search", "hammas")
    assert not screen.has(f"{room}.red-flag")


async def test_a_guest_chooses_a_municipality_and_its_services_come_first(county: County) -> None:
    """Kept on the device; what is for the people of other municipalities is last and says so."""
    kept = MemoryPreferences()
    guest = await county.open("/services", kept=kept)
    await guest.choose("services.municipality", "Heinola")
    async for _ in guest.languages():
        guest.check("services")
        assert guest.says("services.town_here", name="Heinola")
        shown = [one for one in guest.texts if one in all_names(guest)]
        assert shown[0] == guest.stores.services.name("fysioterapia")
        assert shown[-1] == guest.stores.services.name("kiertava-hoitaja")
    assert guest.identifiers.count("services.service") == len(county.all("HealthcareService"))
    guest.choices.choose("language", "fi")
    await guest.type("services.search", "haava")
    assert "Palvelu on Sysmän ja Hartolan asukkaille. Muualla: terveysaseman hoitaja." in guest.texts
    again = await county.open("/services", kept=kept)
    assert again.stores.services.municipality == "Heinola"
    await again.choose("services.municipality", "Sysmä")
    assert again.says("services.town_none")
    assert not again.says("services.town_elsewhere")
    await again.choose("services.municipality", "any")
    assert again.stores.services.municipality == ""


def all_names(visit: Visit) -> set[str]:
    """What the services are called."""
    return {one.name for one in visit.stores.services.all.value or ()}


async def test_who_is_signed_in_is_asked_for_no_municipality(county: County) -> None:
    aino = await county.signed_in("aino", "/services")
    assert aino.says("services.municipality_own", name="Lahti")
    assert not aino.has("services.municipality")
    noora = await county.signed_in("noora", "/services")
    assert noora.has("services.municipality")
