"""The seed: valid R4, repeatable, in three languages, and varied enough for every screen."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fhir_schema import problems

from backend_stub.clock import FINLAND, Clock
from backend_stub.fhir.repository import Repository
from backend_stub.seed.hours import DAYS, opening_hours
from backend_stub.seed.identity import birth_date, is_synthetic
from backend_stub.seed.plant import Seeder, versions
from backend_stub.seed.residents import Roster, content
from backend_stub.seed.words import EXTENSION, TRANSLATION

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ADDRESS = "http://127.0.0.1:8299/fhir"  # as the other tests' platforms: the same data need not be made twice
TEXTS = ("name", "comment", "description", "availabilityExceptions")
Body = dict[str, Any]


def planted(seed: int = 1, now: datetime = MONDAY) -> tuple[Repository, Seeder]:
    """A repository with a seed in it."""
    clock = Clock(now.timestamp)
    repository = Repository(None, clock.now, ADDRESS)
    seeder = Seeder(repository, clock)
    seeder.plant(seed)
    return repository, seeder


@pytest.fixture(scope="module")
def world() -> tuple[Repository, Seeder]:
    """Seed 1 on a Monday morning."""
    return planted()


@pytest.fixture(scope="module")
def services(world: tuple[Repository, Seeder]) -> list[Body]:
    """All services."""
    return world[0].all("HealthcareService")


def everything(repository: Repository) -> Iterator[Body]:
    """Every resource there is."""
    for type in repository.types():
        yield from repository.all(type)


def extension(body: Body, name: str) -> Any:
    """Value of one of our extensions, None when absent."""
    for one in body.get("extension", ()):
        if one["url"] == EXTENSION + name:
            return next(value for key, value in one.items() if key.startswith("value"))
    return None


def test_every_resource_is_valid_r4(world: tuple[Repository, Seeder]) -> None:
    wrong = {
        f"{body['resourceType']}/{body['id']}": found
        for body in everything(world[0])
        if (found := problems(body))
    }

    assert wrong == {}


def test_every_reference_leads_somewhere(world: tuple[Repository, Seeder]) -> None:
    repository = world[0]
    known = {f"{body['resourceType']}/{body['id']}" for body in everything(repository)}
    text = repository_text(repository)

    assert set(re.findall(r"'reference': '([^']+)'", text)) <= known
    assert set(re.findall(r"'url': '(Binary/[^']+)'", text)) <= known


def repository_text(repository: Repository) -> str:
    """Everything as one text, for searching."""
    return "\n".join(map(repr, everything(repository)))


def test_the_same_number_gives_the_same_platform() -> None:
    first, again, other = (versions(seed, Roster(seed, MONDAY.date()), MONDAY, "") for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_there_are_residents_of_different_lives(world: tuple[Repository, Seeder]) -> None:
    """Child, teen, pensioner, guardian, Swedish and English speakers, non-disclosure: the list of row M4."""
    roster = list(world[1].roster)
    ages = [one.age for one in roster]

    assert len(roster) >= 12
    assert min(ages) < 12
    assert any(12 <= age < 18 for age in ages)
    assert max(ages) > 75
    assert {one.language for one in roster} == {"fi", "sv", "en"}
    assert any(one.guardian_of for one in roster)
    assert sum(one.restricted for one in roster) == 1
    assert sum(one.can_sign_in for one in roster) >= 12


@pytest.mark.parametrize(
    "now", [MONDAY, datetime(2028, 2, 29, 12, tzinfo=UTC), datetime(2031, 1, 1, 0, 30, tzinfo=UTC)]
)
def test_identity_codes_are_synthetic_and_match_age_and_birth_date(now: datetime) -> None:
    roster = list(Roster(3, now.astimezone(FINLAND).date()))

    assert len({one.identity for one in roster}) == len(roster)
    for one in roster:
        assert is_synthetic(one.identity), one.key
        assert birth_date(one.identity) == one.born
        assert int(one.identity[9]) % 2 == (one.gender == "male")
        assert (now.date() - one.born).days // 365.2425 == one.age


def test_new_century_signs_are_in_use(world: tuple[Repository, Seeder]) -> None:
    assert {one.identity[6] for one in world[1].roster} >= {"-", "A", "B", "C"}


def test_phone_numbers_are_plainly_fictitious(world: tuple[Repository, Seeder]) -> None:
    numbers = re.findall(r"'system': 'phone', 'value': '([^']+)'", repository_text(world[0]))

    assert len(numbers) > 30
    assert all(re.fullmatch(r"(0100 000|03 000) 0?\d{3,4}", number) for number in numbers)


def test_the_one_with_non_disclosure_has_no_address(world: tuple[Repository, Seeder]) -> None:
    (restricted,) = (one for one in world[1].roster if one.restricted)
    body = world[0].read("Patient", restricted.patient)

    assert "address" not in body
    assert body["meta"]["security"][0]["code"] == "R"


def test_the_guardian_is_related_to_the_children(world: tuple[Repository, Seeder]) -> None:
    roster = world[1].roster
    related = {one["patient"]["reference"]: one for one in world[0].all("RelatedPerson")}
    aino, eetu = roster.get("aino"), roster.get("eetu")

    assert aino is not None
    assert eetu is not None
    assert related[eetu.reference]["identifier"][0]["value"] == aino.identity


def test_one_has_nothing_and_one_has_years(world: tuple[Repository, Seeder]) -> None:
    repository, seeder = world
    subjects = [body.get("subject", {}).get("reference") for body in everything(repository)]
    tuomas, raija = seeder.roster.get("tuomas"), seeder.roster.get("raija")
    assert tuomas is not None
    assert raija is not None
    times = [body["effectiveDateTime"] for body in repository.all("Observation")]

    assert subjects.count(tuomas.reference) == 0
    assert subjects.count(raija.reference) > 200
    assert date.fromisoformat(min(times)[:10]) < (MONDAY - timedelta(days=4 * 365)).date()


def translated(field: Body) -> dict[str, str]:
    """The translations of an element."""
    told: dict[str, str] = {}
    for one in field.get("extension", ()):
        if one["url"] == TRANSLATION:
            parts = {
                part["url"]: part.get("valueCode") or part.get("valueString") for part in one["extension"]
            }
            told[parts["lang"]] = parts["content"]
    return told


def translatable(value: Any) -> Iterator[tuple[str, Body]]:
    """Every text for people with its ``_`` sibling, anywhere in a resource."""
    if isinstance(value, list):
        for one in value:
            yield from translatable(one)
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and (key in TEXTS or (key == "text" and "coding" not in value)):
                yield inner, value.get(f"_{key}", {})
            yield from translatable(inner)


@pytest.mark.parametrize("type", ["HealthcareService", "Location", "Organization", "PractitionerRole"])
def test_every_public_text_is_in_three_languages(world: tuple[Repository, Seeder], type: str) -> None:
    named = (body for body in world[0].all(type) if not body["id"].startswith("kunta-"))  # known by one name
    found = [pair for body in named for pair in translatable(body)]

    assert found
    for finnish, sibling in found:
        told = translated(sibling)
        assert set(told) == {"sv", "en"}, finnish
        assert all(told.values())
        assert told["sv"] != finnish, finnish


def test_services_cover_the_sectors_and_explain_themselves(services: list[Body]) -> None:
    sectors = {one["category"][0]["coding"][0]["code"] for one in services}

    assert len(services) >= 15
    assert sectors == {"PESO", "IKU", "TESA", "PELA"}
    for one in services:
        assert one["telecom"][0]["value"]
        assert one["location"]
        assert one["availableTime"]
        assert extension(one, "nature") in ("simple", "complex")
        assert extension(one, "callback-promise") > 0
        assert extension(one, "search-words")
        assert all(rule["comment"] for rule in one.get("eligibility", ()))


def channels(service: Body) -> set[str]:
    """Channel codes of a service."""
    return {one["coding"][0]["code"] for one in service["characteristic"]}


def test_message_services_promise_a_day_and_others_do_not(services: list[Body]) -> None:
    for one in services:
        assert ("message" in channels(one)) == (extension(one, "reply-promise") is not None), one["id"]


def test_ombudsmen_are_listed_without_messages(services: list[Body]) -> None:
    found = {one["id"]: channels(one) for one in services if "asiavastaava" in one["id"]}

    assert set(found) == {"potilasasiavastaava", "sosiaaliasiavastaava"}
    assert all("message" not in codes and "phone" in codes for codes in found.values())


def test_each_kind_of_reason_occurs(services: list[Body]) -> None:
    codes = {rule["code"]["coding"][0]["code"] for one in services for rule in one.get("eligibility", ())}
    ages = [extension(rule, "eligible-age") for one in services for rule in one.get("eligibility", ())]

    assert {"referral-required", "age", "client-only"} <= codes
    assert any(age and "low" in age and "high" in age for age in ages)
    assert any("message-hours" not in str(one) and "message" in channels(one) for one in services)


def test_one_service_is_closed_until_a_date(services: list[Body]) -> None:
    (closed,) = (one for one in services if "notAvailable" in one)
    during = closed["notAvailable"][0]["during"]

    assert during["start"] <= MONDAY.date().isoformat() < during["end"]


def is_open(service: Body, local: datetime) -> bool:
    """Whether a wall time lies in the opening hours."""
    clock, day = local.strftime("%H:%M:%S"), DAYS[local.weekday()]
    return any(
        day in one["daysOfWeek"] and one["availableStartTime"] <= clock < one["availableEndTime"]
        for one in service["availableTime"]
    )


def test_at_any_hour_some_service_takes_no_messages_because_of_its_hours(services: list[Body]) -> None:
    limited = [one for one in services if extension(one, "message-hours")]

    for hour in range(7 * 24):
        local = datetime(2026, 11, 23) + timedelta(hours=hour, minutes=30)
        assert not all(is_open(one, local) for one in limited)


def test_opening_hours_are_read_or_refused() -> None:
    (half,) = opening_hours("mon,wed-thu 9.00-15.30")

    assert half["daysOfWeek"] == ["mon", "wed", "thu"]
    assert (half["availableStartTime"], half["availableEndTime"]) == ("09:00:00", "15:30:00")
    with pytest.raises(ValueError, match="opening hours"):
        opening_hours("weekdays 9-15")


def test_versions_were_written_when_they_happened(world: tuple[Repository, Seeder]) -> None:
    """The receipt time of an old message is old, and nothing happens in the future."""
    for body in world[0].all("Communication"):
        first = world[0].history("Communication", body["id"])[-1]
        receipt = datetime.fromisoformat(first["meta"]["lastUpdated"])
        sent = datetime.fromisoformat(first["sent"])

        assert timedelta() <= receipt - sent < timedelta(seconds=2)
        assert datetime.fromisoformat(body["meta"]["lastUpdated"]) < MONDAY


def test_threads_show_every_state(world: tuple[Repository, Seeder]) -> None:
    """Delivered only, opened, answered and read, answered and unread, closed."""
    bodies = [body for body in world[0].all("Communication") if "partOf" in body]
    theirs = [one for one in bodies if one["sender"]["reference"].startswith("Patient")]
    ours = [one for one in bodies if one["sender"]["reference"].startswith("Practitioner")]
    headers = [one for one in world[0].all("Communication") if "partOf" not in one]

    assert all("received" in one for one in theirs)
    assert {extension(one, "opened") is None for one in theirs} == {True, False}
    assert {"received" in one for one in ours} == {True, False}
    assert {one["status"] for one in headers} == {"in-progress", "completed"}


def test_a_planted_file_is_known_again(tmp_path: Any) -> None:
    """A database from last year keeps last year's residents."""
    path, clock = str(tmp_path / "stub.db"), Clock(MONDAY.timestamp)
    repository = Repository(path, clock.now)
    roster = Seeder(repository, clock).plant(5)
    repository.close()
    clock.advance(timedelta(days=400))
    again = Seeder(Repository(path, clock.now), clock)

    assert again.is_planted
    assert [one.identity for one in again.roster] == [one.identity for one in roster]


def test_content_has_no_filler() -> None:
    names = (
        "residents",
        "threads",
        "years",
        "places",
        "services-tesa",
        "services-peso",
        "services-iku",
        "services-pela",
    )

    assert not re.search(r"lorem|ipsum|xxx|asdf", str([content(name) for name in names]), re.IGNORECASE)
