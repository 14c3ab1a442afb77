"""HealthcareService, with its Location and Organization, on the wire: services as the app knows them
(features A4, A5)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from app.api.datatypes import Address, Element, Extension, Period
from app.api.wire import (
    AvailableTime,
    HealthcareService,
    Location,
    NotAvailable,
    Organization,
    Rejected,
    code,
    day,
    extension,
    id_of,
    moment,
    parse,
    words,
)
from app.domain.calendar import HELSINKI
from app.domain.services import (
    Channel,
    Closure,
    Eligibility,
    Nature,
    OpeningHours,
    Requirement,
    Sector,
    Service,
)

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LANGUAGES = ("fi", "sv", "en")
Code = TypeVar("Code", bound=StrEnum)


class Parsed(NamedTuple):
    """Services, and the resources that could not be read (without their content)."""

    services: tuple[Service, ...]
    rejected: tuple[Rejected, ...]


class _Around(NamedTuple):
    """What the services refer to, and for whom they are read."""

    places: Mapping[str, Location]
    providers: Mapping[str, Organization]
    language: str
    timezone: str


def to_services(
    resources: Iterable[Any],
    locations: Iterable[Any] = (),
    organizations: Iterable[Any] = (),
    *,
    language: str = "fi",
    timezone: str = HELSINKI,
) -> Parsed:
    """The active services with their texts in ``language`` (Finnish where there is no translation).

    ``timezone``: where the services are; opening hours and days of closures are by its clocks. A place or
    provider that is not given is left empty. Search words of all languages are kept, those of ``language``
    first.
    """
    found, rejected = parse(HealthcareService, resources)
    places, bad_places = parse(Location, locations)
    providers, bad_providers = parse(Organization, organizations)
    around = _Around({p.id or "": p for p in places}, {o.id or "": o for o in providers}, language, timezone)
    services = tuple(_service(s, around) for s in found if s.id and s.active)
    return Parsed(services, (*rejected, *bad_places, *bad_providers))


def _service(wire: HealthcareService, around: _Around) -> Service:
    language = around.language
    place = next((around.places[i] for r in wire.location if (i := id_of(r)) in around.places), None)
    provider = around.providers.get(id_of(wire.providedBy))
    group = wire.type[0] if wire.type else None
    return Service(
        id=wire.id or "",
        name=words(wire, "name", language),
        comment=words(wire, "comment", language),
        sector=next(_known(Sector, code(wire.category, "sector")), None),
        group=words(group, "text", language) if group else "",
        nature=next(_known(Nature, [_extension(wire, "nature").valueCode or ""]), Nature.SIMPLE),
        provider=words(provider, "name", language) if provider else "",
        channels=tuple(_known(Channel, code(wire.characteristic, "channel"))),
        phone=_phone(wire, place),
        address=_address(place.address if place else None),
        town=place.address.city if place and place.address else "",
        entrance=words(place, "description", language) if place else "",
        hours=tuple(hours for when in wire.availableTime for hours in _hours(when)),
        closures=tuple(_closure(c, around) for c in wire.notAvailable),
        eligibility=tuple(_eligibility(wire, around)),
        promise_days=_extension(wire, "reply-promise").valueInteger,
        callback_hours=_extension(wire, "callback-promise").valueInteger,
        search_words=_search_words(wire, language),
        message_hours=_extension(wire, "message-hours").valueBoolean or False,
        timezone=around.timezone,
    )


def _extension(element: Element, name: str) -> Extension:
    return extension(element, name) or Extension()


def _known(codes: type[Code], given: Iterable[str]) -> Iterator[Code]:
    """The codes this app knows; a newer platform may have others."""
    return (codes(value) for value in given if value in frozenset(codes))


def _phone(service: HealthcareService, place: Location | None) -> str:
    telecom = (*service.telecom, *(place.telecom if place else ()))
    return next((t.value for t in telecom if t.system == "phone" and t.value), "")


def _address(address: Address | None) -> str:
    """One line: street, post code and town."""
    if address is None:
        return ""
    town = f"{address.postalCode} {address.city}".strip()
    return ", ".join(part for part in (*address.line, town) if part) or address.text


def _hours(when: AvailableTime) -> Iterator[OpeningHours]:
    """One line of opening hours; none when its times cannot be read. No days named: every day."""
    days = tuple(DAYS.index(day) for day in when.daysOfWeek if day in DAYS) or tuple(range(7))
    if when.allDay:
        yield OpeningHours(days=days)
    opens, closes = _time(when.availableStartTime), _time(when.availableEndTime)
    if opens is not None and closes is not None and not when.allDay:
        yield OpeningHours(days=days, opens=opens, closes=closes)


def _time(value: str) -> time | None:
    try:
        return time.fromisoformat(value)
    except ValueError:
        return None


def _closure(wire: NotAvailable, around: _Around) -> Closure:
    during = wire.during or Period()
    return Closure(
        starts=_edge(during.start, around.timezone, timedelta(0)),
        ends=_edge(during.end, around.timezone, timedelta(days=1)),
        reason=words(wire, "description", around.language),
    )


def _edge(value: str, timezone: str, whole_day: timedelta) -> datetime | None:
    """A time, or a day by local clocks: R4 includes the last day of a period wholly."""
    date = day(value)
    if date is None:
        return moment(value)
    return datetime.combine(date + whole_day, time(0), ZoneInfo(timezone))


def _eligibility(service: HealthcareService, around: _Around) -> Iterator[Eligibility]:
    """What it asks of people; where it is available to some areas only, that they live there."""
    areas, language = tuple(_areas(service, around)), around.language
    codes = [one for rule in service.eligibility if rule.code for one in code([rule.code], "eligibility")]
    if areas and Requirement.MUNICIPALITY not in codes:
        yield Eligibility(requirement=Requirement.MUNICIPALITY, places=areas)
    for rule in service.eligibility:
        ages = _extension(rule, "eligible-age").valueRange
        low, high = (ages.low, ages.high) if ages else (None, None)
        for requirement in _known(Requirement, code([rule.code] if rule.code else (), "eligibility")):
            yield Eligibility(
                requirement=requirement,
                comment=words(rule, "comment", language),
                places=areas if requirement is Requirement.MUNICIPALITY else (),
                low=int(low.value) if low and low.value is not None else None,
                high=int(high.value) if high and high.value is not None else None,
                ask_at=id_of(_extension(rule, "ask-at").valueReference, "HealthcareService"),
            )


def _areas(service: HealthcareService, around: _Around) -> Iterator[str]:
    """The municipalities of ``coverageArea``, by the name that addresses have."""
    found = (around.places.get(id_of(one, "Location")) for one in service.coverageArea)
    for place in found:
        if (
            name := (place.address.city or place.name)
            if place and place.address
            else place.name
            if place
            else ""
        ):
            yield name


def _search_words(service: HealthcareService, language: str) -> tuple[str, ...]:
    found = extension(service, "search-words")
    if found is None:
        return ()
    texts = (words(found, "valueString", spoken) for spoken in (language, *LANGUAGES))
    return tuple(dict.fromkeys(word for text in texts for part in text.split(",") if (word := part.strip())))
