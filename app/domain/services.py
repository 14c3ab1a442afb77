"""Services a resident can turn to: what they are, whether they can be contacted now, if not, why (A4, A5).

Finding one by everyday words is in ``finding``, opening hours are in ``opening``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.domain.base import Model
from app.domain.calendar import HELSINKI
from app.domain.finding import red_flags, search
from app.domain.opening import ALWAYS, Closed, ClosedReason, Closure, Open, OpeningHours, opening, shut_by

__all__ = [
    "ALWAYS",
    "Availability",
    "Channel",
    "Closed",
    "ClosedReason",
    "Closure",
    "Eligibility",
    "Group",
    "Nature",
    "NeedsReferral",
    "NotForPerson",
    "Open",
    "OpeningHours",
    "Requirement",
    "Sector",
    "Service",
    "Towns",
    "WhyNot",
    "availability",
    "by_town",
    "grouped",
    "hours_state",
    "in_order",
    "is_for",
    "red_flags",
    "search",
]


class Sector(StrEnum):
    """Family and social services, older people, health care, rescue."""

    PESO = "PESO"
    IKU = "IKU"
    TESA = "TESA"
    PELA = "PELA"


class Nature(StrEnum):
    """Simple matters go well digitally; complex ones begin with a human being."""

    SIMPLE = "simple"
    COMPLEX = "complex"


class Channel(StrEnum):
    """A way to get in touch."""

    MESSAGE = "message"
    PHONE = "phone"
    VISIT = "visit"
    CHAT = "chat"
    VIDEO = "video"
    APPOINTMENT = "appointment"


class Requirement(StrEnum):
    """What a service may ask of its users."""

    REFERRAL = "referral-required"
    AGE = "age"
    CLIENT = "client-only"
    MUNICIPALITY = "municipality"


class Eligibility(Model):
    """One requirement, in words in ``comment``. Ages in years, inclusive; ``places``: municipalities.

    ``ask_at``: id of the service that gives what is required.
    """

    requirement: Requirement
    comment: str = ""
    low: int | None = None
    high: int | None = None
    places: tuple[str, ...] = ()
    ask_at: str = ""


class Service(Model):
    """A service with its texts in one language. Only ``id`` is always known.

    ``group``: everyday heading; ``provider``: who runs it; ``town``: the municipality it is in; ``promise_days``:
    working days to an answer; ``callback_hours``: hours to a call back (None: not promised); ``message_hours``:
    messages are taken in opening hours only, otherwise always.
    """

    id: str
    name: str = ""
    comment: str = ""
    sector: Sector | None = None
    group: str = ""
    nature: Nature = Nature.SIMPLE
    provider: str = ""
    channels: tuple[Channel, ...] = ()
    phone: str = ""
    address: str = ""
    town: str = ""
    entrance: str = ""
    hours: tuple[OpeningHours, ...] = ()
    closures: tuple[Closure, ...] = ()
    eligibility: tuple[Eligibility, ...] = ()
    promise_days: int | None = None
    callback_hours: int | None = None
    search_words: tuple[str, ...] = ()
    message_hours: bool = False
    timezone: str = HELSINKI

    @property
    def takes_messages(self) -> bool:
        """Whether a message can be written to it at all."""
        return Channel.MESSAGE in self.channels


class WhyNot(StrEnum):
    """Why a service is not for this person."""

    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    CLIENT_ONLY = "client_only"
    MUNICIPALITY = "municipality"


class NeedsReferral(Model):
    """A professional has to refer the resident first."""

    comment: str = ""


class NotForPerson(Model):
    """Meant for others. ``comment``: the service's own words; ``age``: the limit that the age rule sets."""

    why: WhyNot
    comment: str = ""
    age: int | None = None


Availability = Open | Closed | NeedsReferral | NotForPerson


class Group(Model):
    """Services under one everyday heading."""

    name: str
    services: tuple[Service, ...]


class Towns(NamedTuple):
    """Services for somebody who lives in a municipality: those that are there, others they may use, and those that are
    for the people of other municipalities."""

    here: tuple[Service, ...]
    around: tuple[Service, ...]
    elsewhere: tuple[Service, ...]


def availability(
    service: Service,
    now: datetime,
    resident_age: int | None = None,
    *,
    municipality: str = "",
    client_of: Collection[str] = (),
) -> Availability:
    """Whether this person can write to ``service`` at ``now`` (with a time zone), and if not, why.

    What is not known of the person (age None, no municipality) excludes nobody. ``client_of``: ids of the
    services whose client the person is known to be; these ask for no referral any more.
    """
    for rule in service.eligibility:
        refusal = _refusal(rule, resident_age, municipality, service.id in client_of)
        if refusal is not None:
            return refusal
    if service.takes_messages and not service.message_hours:
        return shut_by(service.closures, now) or Open()
    return hours_state(service, now)


def hours_state(service: Service, now: datetime) -> Open | Closed:
    """Whether its doors and telephones are open at ``now``: what a finder of services shows to anybody."""
    return opening(service.hours, service.closures, now, service.timezone)


def in_order(
    states: Iterable[tuple[Service, Availability]], recent: Sequence[str] = ()
) -> tuple[Service, ...]:
    """Services as a list shows them: recently used first, then the open ones, then the rest, each by name.

    ``recent``: service ids, latest first.
    """

    def place(pair: tuple[Service, Availability]) -> tuple[int, int, str]:
        service, state = pair
        used = recent.index(service.id) if service.id in recent else len(recent)
        return used, _RANK[type(state)], service.name.casefold()

    return tuple(service for service, _ in sorted(states, key=place))


def by_town(services: Iterable[Service], municipality: str) -> Towns:
    """Services parted by where somebody lives, each part in the given order."""
    known = tuple(services)
    elsewhere = tuple(service for service in known if not is_for(service, municipality))
    ours = tuple(service for service in known if service not in elsewhere)
    here = tuple(service for service in ours if service.town == municipality)
    return Towns(here, tuple(service for service in ours if service not in here), elsewhere)


def is_for(service: Service, municipality: str) -> bool:
    """Whether people of a municipality may use it; yes while it is not known."""
    rules = (rule for rule in service.eligibility if rule.requirement is Requirement.MUNICIPALITY)
    return all(_refusal(rule, None, municipality, False) is None for rule in rules)


def grouped(services: Iterable[Service]) -> tuple[Group, ...]:
    """Services by everyday group; groups in the order they are first met, services in the given order."""
    found: dict[str, list[Service]] = {}
    for service in services:
        found.setdefault(service.group, []).append(service)
    return tuple(Group(name=name, services=tuple(members)) for name, members in found.items())


_RANK: Mapping[type, int] = {Open: 0, Closed: 1, NeedsReferral: 2, NotForPerson: 3}


def _refusal(
    rule: Eligibility, age: int | None, municipality: str, is_client: bool
) -> NeedsReferral | NotForPerson | None:
    """What one rule has against this person."""
    match rule.requirement:
        case Requirement.REFERRAL:
            return None if is_client else NeedsReferral(comment=rule.comment)
        case Requirement.CLIENT:
            return None if is_client else NotForPerson(why=WhyNot.CLIENT_ONLY, comment=rule.comment)
        case Requirement.MUNICIPALITY:
            elsewhere = municipality and rule.places and municipality not in rule.places
            return NotForPerson(why=WhyNot.MUNICIPALITY, comment=rule.comment) if elsewhere else None
        case Requirement.AGE:
            return _age_refusal(rule, age)


def _age_refusal(rule: Eligibility, age: int | None) -> NotForPerson | None:
    if age is not None and rule.low is not None and age < rule.low:
        return NotForPerson(why=WhyNot.TOO_YOUNG, comment=rule.comment, age=rule.low)
    if age is not None and rule.high is not None and age > rule.high:
        return NotForPerson(why=WhyNot.TOO_OLD, comment=rule.comment, age=rule.high)
    return None
