"""Writes the seed into the repository, each version at the time it happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from backend_stub.clock import FINLAND, Clock
from backend_stub.fhir.errors import Gone, NotFound
from backend_stub.fhir.repository import Repository
from backend_stub.seed.appointments import appointments, requests, taken
from backend_stub.seed.directory import directory
from backend_stub.seed.forms import questionnaires, sent_forms, value_sets
from backend_stub.seed.laboratory import laboratory
from backend_stub.seed.measurements import measurements
from backend_stub.seed.medicines import medicines
from backend_stub.seed.papers import papers
from backend_stub.seed.pathways import definitions, plans
from backend_stub.seed.records import records
from backend_stub.seed.residents import Roster, guardians, patient
from backend_stub.seed.schedules import schedules, slots, sources
from backend_stub.seed.threads import threads

LONG_AGO = timedelta(days=6 * 365)
MARK = "seed"


@dataclass(frozen=True)
class Version:
    """One version of one resource, and when it came to be."""

    at: datetime
    body: dict[str, Any]


class Seeder:
    """Keeps the roster of whatever is planted now."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository, self._clock = repository, clock
        self.roster = self._remembered() or Roster(1, clock.local().date())

    @property
    def is_planted(self) -> bool:
        """Whether the database came with a seed in it."""
        return self._remembered() is not None

    def plant(self, seed: int) -> Roster:
        """Remove everything and write the seed anew, relative to the platform's clock."""
        now = self._clock.now()
        visits = self._repository.base_url.removesuffix("/fhir") + "/visit"
        self._repository.load(_planted(seed, now, visits))
        self.roster = Roster(seed, now.astimezone(FINLAND).date())
        return self.roster

    def _remembered(self) -> Roster | None:
        try:
            mark = self._repository.read("Basic", MARK)
        except (NotFound, Gone):
            return None
        return Roster(int(mark["identifier"][0]["value"]), date.fromisoformat(mark["created"]))


@lru_cache(maxsize=4)
def _planted(seed: int, now: datetime, visits: str) -> bytes:
    """A database with the seed in it: the same again costs next to nothing."""
    clock = Clock(now.timestamp)
    scratch = Repository(None, clock.now)
    with scratch.transaction():
        for version in versions(seed, Roster(seed, clock.local().date()), now, visits):
            with clock.pinned(version.at):
                scratch.update(version.body["resourceType"], version.body["id"], version.body, by="seed")
    image = scratch.image()
    scratch.close()
    return image


def versions(seed: int, roster: Roster, now: datetime, visits: str) -> list[Version]:
    """All that has happened until ``now``, in its order. ``visits``: root of the addresses of video visits."""
    diary = [*sources(), *schedules(now), *slots(seed, now, taken(now))]
    standing = [
        *directory(now),
        *questionnaires(),
        *value_sets(),
        *definitions(),
        *diary,
        *map(patient, roster),
        *guardians(roster, seed),
        _mark(seed, now),
    ]
    versions = [Version(now - LONG_AGO, body) for body in standing]
    versions += [Version(at, body) for at, body in _happened(seed, roster, now)]
    versions += [Version(at, body) for at, body in appointments(seed, roster, now, visits)]
    return sorted(versions, key=lambda version: version.at)


def _happened(seed: int, roster: Roster, now: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
    yield from threads(seed, roster, now)
    yield from measurements(seed, roster, now)
    yield from laboratory(seed, roster, now)
    yield from medicines(seed, roster, now)
    yield from records(seed, roster, now)
    yield from papers(seed, roster, now)
    yield from requests(seed, roster, now)
    yield from sent_forms(seed, roster, now)
    yield from plans(seed, roster, now)


def _mark(seed: int, now: datetime) -> dict[str, Any]:
    return {
        "resourceType": "Basic",
        "id": MARK,
        "identifier": [{"system": "https://digiklinikka.example/fhir/seed", "value": str(seed)}],
        "code": {"text": "seed"},
        "created": now.date().isoformat(),
    }
