"""Appointments, referrals and tickets: what they are, where each stands, what may be done with it and until when."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.base import Model
from app.domain.people import Professional

JOINS_BEFORE = timedelta(minutes=30)
STAYS_OPEN = timedelta(hours=1)
"""How long after its end a video visit can still be returned to, unless the clinic has ended it."""


class State(StrEnum):
    """Where an appointment stands (Finnish states, see fhir.md §7).

    HELD: kept for the resident for a moment, or offered; WAITING: a place on the waiting list for an earlier time.
    """

    PROPOSED = "proposed"
    HELD = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    CHECKED_IN = "checked-in"
    STARTED = "started"
    DONE = "fulfilled"
    MISSED = "noshow"
    CANCELLED = "cancelled"
    WAITING = "waitlist"


AHEAD = frozenset({State.BOOKED, State.ARRIVED, State.CHECKED_IN, State.STARTED})
"""Still to come or under way."""
OVER = frozenset({State.DONE, State.MISSED, State.CANCELLED})


class Mode(StrEnum):
    """How one meets."""

    IN_PERSON = "in-person"
    VIDEO = "video"
    PHONE = "phone"


class Place(Model):
    """Where one goes, as far as it is known. ``entrance``: how to find in; ``access``: how accessible it is."""

    id: str = ""
    name: str = ""
    address: str = ""
    entrance: str = ""
    access: str = ""
    phone: str = ""


class Rules(Model):
    """What a resident may change alone, until when, and what not cancelling costs (euros). No rules: no limits."""

    cancellable: bool = True
    reschedulable: bool = True
    not_after: datetime | None = None
    fee: float | None = None

    def allows(self, way: bool, now: datetime) -> bool:
        """Whether ``way`` (cancellable or reschedulable) is still open at ``now``."""
        return way and (self.not_after is None or now <= self.not_after)


class CheckIn(Model):
    """When one can say that one has arrived, and where to sit then."""

    opens: datetime
    closes: datetime
    seat: str = ""


class Appointment(Model):
    """One appointment; what the service does not tell is empty, None or 0. Times are aware.

    ``what``: its title; ``delay``: minutes the professional is late; ``expires``: end of a hold or an offer;
    ``replaces``: id of the appointment let go when this one is booked; ``waits_for``: of the one this place on the
    waiting list is about; ``version``: the server's.
    """

    id: str
    version: str = ""
    state: State
    mode: Mode = Mode.IN_PERSON
    what: str = ""
    service_id: str = ""
    who: Professional = Professional(id="")
    place: Place = Place()
    starts: datetime | None = None
    ends: datetime | None = None
    minutes: int = 0
    cost: str = ""
    preparation: tuple[str, ...] = ()
    reason: str = ""
    questions: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    rules: Rules = Rules()
    check_in: CheckIn | None = None
    delay: int = 0
    video_url: str = ""
    expires: datetime | None = None
    offer: bool = False
    replaces: str = ""
    waits_for: str = ""
    slots: tuple[str, ...] = ()
    why_cancelled: str = ""

    def is_ahead(self, now: datetime) -> bool:
        """To come or under way: on the list of what is coming."""
        if self.state not in AHEAD:
            return False
        end = self.ends or self.starts
        return end is None or now < end + (STAYS_OPEN if self.state is not State.BOOKED else timedelta(0))

    def can_cancel(self, now: datetime) -> bool:
        """Whether the resident may cancel it now."""
        return self.state in (State.BOOKED, State.CHECKED_IN) and self.rules.allows(
            self.rules.cancellable, now
        )

    def can_move(self, now: datetime) -> bool:
        """Whether the resident may move it now."""
        return self.state is State.BOOKED and self.rules.allows(self.rules.reschedulable, now)

    def can_check_in(self, now: datetime) -> bool:
        """Whether this is the time to say that one has arrived."""
        window = self.check_in
        return self.state is State.BOOKED and window is not None and window.opens <= now <= window.closes

    def overlaps(self, starts: datetime, ends: datetime) -> bool:
        """Whether it takes any of that time."""
        if self.state not in AHEAD or self.starts is None:
            return False
        end = self.ends or self.starts
        return self.starts < ends and starts < end

    @property
    def joins_from(self) -> datetime | None:
        """When the way to a video visit opens."""
        return self.starts - JOINS_BEFORE if self.starts and self.mode is Mode.VIDEO else None

    def can_join(self, now: datetime) -> bool:
        """Whether the video visit can be joined now, or returned to."""
        opens, ends = self.joins_from, self.ends or self.starts
        if self.state not in AHEAD or opens is None or ends is None:
            return False
        return opens <= now <= ends + STAYS_OPEN

    def is_offered(self, now: datetime) -> bool:
        """An earlier time that waits for a yes or a no."""
        return self.state is State.HELD and self.offer and self.expires is not None and now < self.expires


class Gap(Model):
    """A source of appointments that does not answer: what comes from it may be missing. ``phone``: whom to ask."""

    name: str
    phone: str = ""


class Step(Model):
    """One step of a referral: sent, received, assessed, queued or offered, and when."""

    name: str
    at: datetime | None = None


class RequestKind(StrEnum):
    """A referral is on its way to a service; with a ticket one may book there."""

    REFERRAL = "referral"
    TICKET = "ticket"


STEPS = ("sent", "received", "assessed", "queued", "offered")
"""The steps of a referral in their order."""


class CareRequest(Model):
    """A referral or an appointment ticket. ``guarantee``: the day by which care must begin; ``by``: who wrote it."""

    id: str
    kind: RequestKind
    title: str = ""
    service_id: str = ""
    by: str = ""
    written: datetime | None = None
    until: date | None = None
    steps: tuple[Step, ...] = ()
    guarantee: date | None = None

    @property
    def current(self) -> Step | None:
        """Where it is now."""
        return max(self.steps, key=lambda s: STEPS.index(s.name) if s.name in STEPS else -1, default=None)

    @property
    def next_step(self) -> str:
        """What comes after that; empty at the end."""
        now = self.current
        place = STEPS.index(now.name) + 1 if now and now.name in STEPS else 0
        return STEPS[place] if place < len(STEPS) else ""


def upcoming(appointments: Iterable[Appointment], now: datetime) -> tuple[Appointment, ...]:
    """What is ahead, the next first; what has no time yet last."""
    ahead = (one for one in appointments if one.is_ahead(now))
    return tuple(sorted(ahead, key=lambda one: (one.starts is None, one.starts or now, one.id)))


def past(appointments: Iterable[Appointment], now: datetime) -> tuple[Appointment, ...]:
    """What has been, was cancelled or missed, the latest first. Holds that ended unbooked are nothing to remember."""
    gone = (one for one in appointments if _is_over(one, now) and one.starts is not None)
    return tuple(sorted(gone, key=lambda one: (one.starts or now, one.id), reverse=True))


def offers(appointments: Iterable[Appointment], now: datetime) -> tuple[Appointment, ...]:
    """Earlier times that wait for a yes or a no, what ends first first."""
    return tuple(
        sorted((a for a in appointments if a.is_offered(now)), key=lambda a: (a.expires or now, a.id))
    )


def waiting(appointments: Iterable[Appointment]) -> tuple[Appointment, ...]:
    """Places on waiting lists."""
    return tuple(one for one in appointments if one.state is State.WAITING)


def _is_over(one: Appointment, now: datetime) -> bool:
    if one.state in OVER:
        return one.expires is None
    return one.state in AHEAD and not one.is_ahead(now)
