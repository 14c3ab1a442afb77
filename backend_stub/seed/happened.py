"""What all of a resident's records share: who it is about, who made it where, and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from backend_stub.clock import FINLAND
from backend_stub.seed.residents import Resident, Roster, content, stable_id
from backend_stub.seed.words import Resource, reference, spoken

SECTORS = ("tesa", "peso", "iku", "pela")
Event = tuple[datetime, Resource]
Told = dict[str, Any]


@dataclass(frozen=True)
class Life:
    """One resident within one seed: makes ids, references and times for what is told of them."""

    seed: int
    who: Resident
    now: datetime

    def id(self, *words: str) -> str:
        """A stable id for one thing of this resident."""
        return stable_id(self.seed, "record", self.who.key, *words)

    @property
    def subject(self) -> Resource:
        """The resident as a reference."""
        return {"reference": self.who.reference}

    def at(self, days: float) -> datetime:
        """So many days ago, in working hours."""
        then = (self.now - timedelta(days=days)).astimezone(FINLAND)
        hour = 8 + int(days * 7919) % 8 if days >= 1 else then.hour
        return min(then.replace(hour=hour, minute=int(days * 131) % 60, second=0, microsecond=0), self.now)

    def day(self, days: float) -> date:
        """The calendar day so many days ago (negative: in the future)."""
        return (self.now - timedelta(days=days)).astimezone(FINLAND).date()


def lives(seed: int, roster: Roster, now: datetime, told: Sequence[Told]) -> Iterator[tuple[Life, Told]]:
    """Each told thing with the life it belongs to."""
    for one in told:
        who = roster.get(one["resident"])
        if who:
            yield Life(seed, who, now), one


def doctor(key: str) -> Resource:
    """A professional of the county as a reference."""
    one = next(one for one in content("professionals") if one["key"] == key)
    return reference("Practitioner", key, f"{one['given']} {one['family']}")


@cache
def unit_name(service: str) -> tuple[str, str, str]:
    """What a service is called in three languages."""
    found = next(one for sector in SECTORS for one in content(f"services-{sector}") if one["key"] == service)
    finnish, swedish, english = found["name"]
    return finnish, swedish, english


def unit(service: str) -> Resource:
    """The organisation behind a service as a reference, shown under the service's name."""
    sector = next(
        sector for sector in SECTORS if any(o["key"] == service for o in content(f"services-{sector}"))
    )
    return {**reference("Organization", sector), **spoken("display", unit_name(service))}


def stamp(at: datetime) -> str:
    """A time as R4 writes it."""
    return at.isoformat(timespec="seconds")
