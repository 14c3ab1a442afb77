"""The clinic's schedules and their slots for the next two weeks of work (rows C2, C3)."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from backend_stub.booking import profile
from backend_stub.clock import FINLAND
from backend_stub.seed.hours import DAYS, opening_hours
from backend_stub.seed.residents import content
from backend_stub.seed.words import CODES, Resource, extension, phone, reference, spoken

WEEKDAYS_AHEAD = 12
CLOSED_FROM = 10
"""So many weekdays ahead residents can book; the times after them are not released yet."""
Told = dict[str, Any]


def schedules(now: datetime) -> Iterator[Resource]:
    """One Schedule for each way in which a professional meets residents."""
    today = now.astimezone(FINLAND).date()
    for told in content("schedules"):
        yield schedule(told, today)


def schedule(told: Told, today: date) -> Resource:
    """``comment``: what the appointment is called. Extensions: ``booking-rules``, ``cost``, ``preparation``."""
    seat = [{"url": "seat", **spoken("valueString", told["seat"])}] if "seat" in told else []
    fee = [{"url": "fee", "valueDecimal": told["fee"]}] if "fee" in told else []
    rules = [{"url": "cancelHours", "valueInteger": told["cancel"]}, *fee, *seat]
    horizon = {"start": today.isoformat(), "end": (today + timedelta(days=120)).isoformat()}
    return {
        "resourceType": "Schedule",
        "id": told["key"],
        "extension": [
            extension("booking-rules", extension=rules),
            extension("cost", **spoken("valueString", told["cost"])),
            *(extension("preparation", **spoken("valueString", words)) for words in told["prepare"]),
        ],
        "active": True,
        "serviceType": [{"coding": [{"system": f"{CODES}service", "code": told["service"]}]}],
        "actor": [
            reference("Practitioner", told["by"], _name(told["by"])),
            reference("Location", told["place"]),
            reference("HealthcareService", told["service"]),
        ],
        "planningHorizon": horizon,
        **spoken("comment", told["title"]),
    }


def sources() -> Iterator[Resource]:
    """The systems from which appointments come; one that does not answer is a gap in the list (row C14)."""
    for told in content("sources"):
        yield {
            "resourceType": "Endpoint",
            "id": told["key"],
            "extension": [extension("services", valueString=",".join(told["services"]))],
            "status": "active",
            "connectionType": {
                "system": "http://terminology.hl7.org/CodeSystem/endpoint-connection-type",
                "code": "hl7-fhir-rest",
            },
            **spoken("name", told["name"]),
            "contact": phone(told["phone"]),
            "payloadType": [{"text": "Appointment"}],
            "address": f"https://{told['key']}.digiklinikka.example/fhir",
        }


def slots(seed: int, now: datetime, taken: frozenset[tuple[str, str]]) -> Iterator[Resource]:
    """Every slot that is not one of the ``taken`` (schedule, start in UTC): free, busy, or not released yet."""
    today = now.astimezone(FINLAND).date()
    for told in content("schedules"):
        chance = random.Random(f"{seed}/{told['key']}")
        for place, day in enumerate(_weekdays(today)):
            for start in _starts(told, day):
                status = _status(chance, told, place)
                if (told["key"], _instant(start)) not in taken and start > now:
                    yield slot(told, start, status)


def slot(told: Told, start: datetime, status: str) -> Resource:
    """One slot; its id tells schedule and time."""
    end = start + timedelta(minutes=told["minutes"])
    return {
        "resourceType": "Slot",
        "id": f"{told['key']}-{start.astimezone(FINLAND):%Y%m%d-%H%M}",
        "serviceType": [{"coding": [{"system": f"{CODES}service", "code": told["service"]}]}],
        "appointmentType": profile.mode(told["mode"]),
        "schedule": reference("Schedule", told["key"]),
        "status": status,
        "start": _instant(start),
        "end": _instant(end),
    }


def told_schedule(key: str) -> Told:
    """What is told of the schedule with this key."""
    found: Told = next(one for one in content("schedules") if one["key"] == key)
    return found


def _status(chance: random.Random, told: Told, place: int) -> str:
    full = max(5, told["full"] + 30 - 6 * place)
    if place >= CLOSED_FROM:
        return "busy-unavailable"
    return "busy" if chance.randrange(100) < full else "free"


def _weekdays(today: date) -> list[date]:
    """Days of work from today on."""
    days = (today + timedelta(days=n) for n in range(WEEKDAYS_AHEAD * 2))
    return [day for day in days if day.weekday() < 5][:WEEKDAYS_AHEAD]


def _starts(told: Told, day: date) -> Iterator[datetime]:
    for hours in opening_hours(told["hours"]):
        if DAYS[day.weekday()] not in hours["daysOfWeek"]:
            continue
        opens, closes = (time.fromisoformat(hours[f"available{end}Time"]) for end in ("Start", "End"))
        at, end = (datetime.combine(day, one, FINLAND) for one in (opens, closes))
        while at + timedelta(minutes=told["minutes"]) <= end:
            yield at
            at += timedelta(minutes=told["minutes"])


def _instant(moment: datetime) -> str:
    return moment.astimezone(FINLAND).isoformat(timespec="seconds")


def _name(key: str) -> str:
    told = next(one for one in content("professionals") if one["key"] == key)
    return f"{told['given']} {told['family']}"
