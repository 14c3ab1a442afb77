"""Appointments of the residents, past and to come, referrals and appointment tickets (rows C1, C3, C8, C13)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from backend_stub.booking import profile
from backend_stub.clock import FINLAND
from backend_stub.seed.residents import Resident, Roster, content, stable_id
from backend_stub.seed.schedules import schedule, slot, told_schedule
from backend_stub.seed.words import CODES, Resource, coded, extension, reference, spoken

ANSWER_BY = 18  # o'clock of the next day: until then an earlier time is kept for whom it is offered to
Told = dict[str, Any]
Event = tuple[datetime, Resource]


def appointments(seed: int, roster: Roster, now: datetime, visits: str) -> Iterator[Event]:
    """Slots and appointments with the times at which they came to be. ``visits``: where video visits are."""
    for told in content("appointments"):
        who = roster.get(told["resident"])
        if who is not None:
            yield from _Seeded(seed, told, who, now, visits).events()


def requests(seed: int, roster: Roster, now: datetime) -> Iterator[Event]:
    """Referrals on their way, and tickets with which one may book."""
    for told in content("requests"):
        who = roster.get(told["resident"])
        if who is not None:
            yield now - timedelta(days=told["days"]), _request(seed, told, who, now)


def taken(now: datetime) -> frozenset[tuple[str, str]]:
    """Schedule and start of every time that a seeded appointment or offer has."""
    found: set[tuple[str, str]] = set()
    for told in content("appointments"):
        for one in (told, *([told["offer"]] if "offer" in told else [])):
            found.add((told["schedule"], _at(one, now).isoformat(timespec="seconds")))
    return frozenset(found)


def _answer_by(made: datetime) -> str:
    day = made.astimezone(FINLAND) + timedelta(days=1)
    return day.replace(hour=ANSWER_BY, minute=0, second=0, microsecond=0).isoformat(timespec="seconds")


class _Seeded:
    def __init__(self, seed: int, told: Told, who: Resident, now: datetime, visits: str) -> None:
        self.seed, self.told, self.who, self.now, self.visits = seed, told, who, now, visits
        self.plan = told_schedule(told["schedule"])

    def events(self) -> Iterator[Event]:
        """The appointment, and what hangs on it: its slot, a place on the waiting list, an offer."""
        booked = self.now - timedelta(days=self.told["booked"])
        start = _at(self.told, self.now)
        own_slot = slot(self.plan, start, "free" if self.told["status"] == "cancelled" else "busy")
        body = self._appointment(self._id("appointment"), own_slot, self.told["status"])
        if start > self.now:
            yield booked, own_slot
        else:
            del body["slot"]
        yield booked, body
        if self.told.get("wait"):
            yield booked + timedelta(hours=1), self._waiting(body)
        if "offer" in self.told:
            yield from self._offer(body)

    def _appointment(self, id: str, own_slot: Resource, status: str) -> Resource:
        plan = schedule(self.plan, self.now.astimezone(FINLAND).date())
        made = profile.offered(own_slot, plan)
        me = {"actor": reference("Patient", self.who.patient), "status": "accepted", "required": "required"}
        made["participant"] = [me, *made["participant"]]
        made = profile.told(plan, made, f"{self.visits}/{id}") | {"id": id, "status": status}
        return self._own(made)

    def _own(self, made: Resource) -> Resource:
        told = self.told
        own = [extension("question", valueString=words) for words in told.get("questions", ())]
        own += [extension("needs", valueString=need) for need in told.get("needs", ())]
        why = {"reasonCode": [{"text": told["reason"]}]} if "reason" in told else {}
        return made | {"extension": [*made["extension"], *own]} | why

    def _waiting(self, body: Resource) -> Resource:
        return {
            "resourceType": "Appointment",
            "id": self._id("waiting"),
            "extension": [extension("wait-for", valueReference=reference("Appointment", body["id"]))],
            "status": "waitlist",
            "serviceType": body["serviceType"],
            "participant": body["participant"],
        }

    def _offer(self, body: Resource) -> Iterator[Event]:
        made = self.now - timedelta(hours=1)
        own_slot = slot(self.plan, _at(self.told["offer"], self.now), "busy-tentative")
        marks = [
            extension("expires", valueDateTime=_answer_by(made)),
            extension("offer", valueBoolean=True),
            extension("replaces", valueReference=reference("Appointment", body["id"])),
        ]
        yield made, own_slot
        yield made, profile.put(self._appointment(self._id("offer"), own_slot, "pending"), *marks)

    def _id(self, what: str) -> str:
        words = (self.told["resident"], self.told["schedule"], str(self.told["days"]))
        return stable_id(self.seed, what, *words)


def _at(told: Told, now: datetime) -> datetime:
    """``9.30`` on the day, moved to a weekday; ``+20``: so many minutes from now, on a full five minutes."""
    local = now.astimezone(FINLAND)
    if told["at"].startswith("+"):
        soon = local + timedelta(minutes=int(told["at"]))
        return soon.replace(minute=soon.minute // 5 * 5, second=0, microsecond=0)
    day = local + timedelta(days=told["days"])
    while day.weekday() > 4:
        day += timedelta(days=1 if told["days"] > 0 else -1)
    hour, minute = map(int, told["at"].split("."))
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _request(seed: int, told: Told, who: Resident, now: datetime) -> Resource:
    written = now - timedelta(days=told["days"])
    steps = [_step(name, now - timedelta(days=days)) for name, days in told.get("steps", ())]
    limit = (now + timedelta(days=told["guarantee"])).date().isoformat() if "guarantee" in told else ""
    marks = [*steps, *([extension("care-guarantee", valueDate=limit)] if limit else [])]
    until = {"occurrencePeriod": {"end": (now + timedelta(days=told.get("until", 365))).date().isoformat()}}
    by = next(one for one in content("professionals") if one["key"] == told["by"])
    return {
        "resourceType": "ServiceRequest",
        "id": stable_id(seed, "request", told["resident"], told["service"], told["kind"]),
        **({"extension": marks} if marks else {}),
        "status": "active",
        "intent": "order",
        "category": [coded("request-kind", told["kind"])],
        "code": {
            "coding": [{"system": f"{CODES}service", "code": told["service"]}],
            **spoken("text", told["title"]),
        },
        "subject": reference("Patient", who.patient),
        **(until if told["kind"] == "ticket" else {}),
        "authoredOn": written.isoformat(timespec="seconds"),
        "requester": reference("Practitioner", told["by"], f"{by['given']} {by['family']}"),
        "performer": [reference("HealthcareService", told["service"])],
    }


def _step(name: str, at: datetime) -> Resource:
    parts = [
        {"url": "name", "valueCode": name},
        {"url": "at", "valueDateTime": at.isoformat(timespec="seconds")},
    ]
    return extension("step", extension=parts)
