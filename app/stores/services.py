"""The services one can turn to: found by everyday words, each with whether and why not (rows A4, A5, H3)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from app.api.services import to_services
from app.domain.finding import search
from app.domain.opening import Closed, Open
from app.domain.services import (
    HELSINKI,
    Availability,
    Group,
    Service,
    Towns,
    availability,
    by_town,
    grouped,
    hours_state,
    in_order,
)
from app.offline.store import Store
from app.stores.base import Known, Resource
from app.stores.connection import Connection

MADE_OF = ("HealthcareService", "Location", "Organization")


class Services:
    """The public catalogue, in the language of the session. ``person`` gives age and municipality once known."""

    timezone = HELSINKI

    def __init__(
        self,
        store: Store,
        connection: Connection,
        fetch: Callable[[], Awaitable[None]],
        now: Callable[[], datetime],
        language: Callable[[], str],
        age: Callable[[], int | None],
        municipality: Callable[[], str],
        client_of: Callable[[], frozenset[str]],
        flags: Callable[[], tuple[str, ...]],
    ) -> None:
        self._store, self._connection, self._now = store, connection, now
        self._language, self._age, self._municipality = language, age, municipality
        self._client_of, self._flags = client_of, flags
        self._made_of: tuple[str, tuple[Any, ...]] = ("", ())
        self._known: tuple[Service, ...] = ()
        self.all: Resource[tuple[Service, ...]] = Resource(self._read, fetch)

    @property
    def online(self) -> bool:
        """Whether the platform can be reached."""
        return self._connection.online

    def refresh(self) -> None:
        """The stored catalogue or the language changed."""
        self.all.refresh()

    def service(self, id: str) -> Service | None:
        """The service called ``id``, if it is known."""
        return next((service for service in self.all.value or () if service.id == id), None)

    def name(self, id: str) -> str:
        """Its name; empty when it is not known."""
        service = self.service(id)
        return service.name if service else ""

    def availability(self, service: Service) -> Availability:
        """Whether the resident can write to it now, and if not, why."""
        return availability(
            service,
            self._now(),
            self._age(),
            municipality=self._municipality(),
            client_of=self._client_of(),
        )

    def hours(self, service: Service) -> Open | Closed:
        """Whether it answers the telephone and the door now."""
        return hours_state(service, self._now())

    def find(self, words: str) -> tuple[Service, ...]:
        """Services for some everyday words, best first; all of them, open ones first, for none."""
        known = self.all.value or ()
        return self.among(known, words) if words.strip() else self._ordered(known)

    def among(self, known: tuple[Service, ...], words: str) -> tuple[Service, ...]:
        """Those of some services that fit, best first; of equal ones those in the resident's municipality, and last
        those that are for people of others."""
        here, around, elsewhere = by_town(known, self.municipality)
        found = search((*here, *around, *elsewhere), words, self._flags())
        return (*(one for one in found if one not in elsewhere), *(one for one in found if one in elsewhere))

    def recipients(self, words: str) -> tuple[Service, ...]:
        """The same, of those that take messages."""
        return tuple(service for service in self.find(words) if service.takes_messages)

    @property
    def municipality(self) -> str:
        """Where the resident lives, from their own data or as chosen on this device; empty when it is not known."""
        return self._municipality()

    def groups(self) -> tuple[Group, ...]:
        """All services under everyday headings."""
        return grouped(self.all.value or ())

    def towns(self) -> Towns:
        """All services by where the resident lives."""
        return by_town(self.all.value or (), self.municipality)

    def _ordered(self, known: tuple[Service, ...]) -> tuple[Service, ...]:
        return in_order((service, self.availability(service)) for service in known)

    def _read(self) -> Known[tuple[Service, ...]] | None:
        as_of = self._store.confirmed_at("HealthcareService")
        return None if as_of is None else Known(self._parsed(), as_of)

    def _parsed(self) -> tuple[Service, ...]:
        """The catalogue, read anew only when it, its places or the language are others than the last time."""
        language = self._language()
        services, places, providers = made_of = tuple(map(self._store.all, MADE_OF))
        if self._made_of != (language, made_of):
            self._made_of = language, made_of
            self._known = to_services(services, places, providers, language=language).services
        return self._known
