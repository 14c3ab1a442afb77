"""An Appointment and a Slot as this platform writes them: R4, Finnish states, a few extensions of its own.

Extensions: ``expires`` (dateTime; a hold or an offer ends), ``replaces`` (Reference; what is let go when this one is
booked), ``mutability`` (``cancellable``, ``reschedulable``, ``notAfter``, ``fee``), ``cost``, ``preparation`` (one for
each thing to do), ``check-in`` (``opens``, ``closes``, ``seat``), ``delay`` (minutes), ``visit-state`` (``started``),
``needs`` and ``question`` (the resident's own), ``wait-for`` (Reference; on a place on the waiting list).
The video link is the cross-version extension of R5's ``Appointment.virtualService``.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from backend_stub.seed.words import CODES, EXTENSION, Resource, extension, reference

VIRTUAL_SERVICE = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.virtualService"
LIVING = ("pending", "booked", "arrived", "checked-in")
"""States in which an appointment has its time for itself."""
MODES = ("in-person", "video", "phone")


def get(body: Resource, name: str) -> Resource:
    """The extension ``name``; empty when there is none."""
    url = name if ":" in name else EXTENSION + name
    found: Resource = next((one for one in body.get("extension", ()) if one.get("url") == url), {})
    return found


def part(outer: Resource, name: str) -> Any:
    """The value of a part of a nested extension."""
    found: Resource = next((one for one in outer.get("extension", ()) if one.get("url") == name), {})
    return next((value for key, value in found.items() if key.startswith("value")), None)


def put(body: Resource, *added: Resource) -> Resource:
    """``body`` with these extensions in the place of those of the same name."""
    urls = {one["url"] for one in added}
    kept = [one for one in body.get("extension", ()) if one.get("url") not in urls]
    return body | {"extension": [*kept, *added]}


def without(body: Resource, *names: str) -> Resource:
    """``body`` without the extensions of these names."""
    urls = {EXTENSION + name for name in names}
    kept = [one for one in body.get("extension", ()) if one.get("url") not in urls]
    rest = {key: value for key, value in body.items() if key != "extension"}
    return rest | ({"extension": kept} if kept else {})


def actors(body: Resource, type: str) -> Iterator[str]:
    """Ids of the participants (or actors of a Schedule) of a type."""
    given = [one.get("actor", one) for one in body.get("participant") or body.get("actor") or ()]
    for one in given:
        found, _, id = str(one.get("reference", "")).rpartition("/")
        if found.rpartition("/")[2] == type:
            yield id


def first(found: Iterable[str]) -> str:
    """The first of them, or nothing."""
    return next(iter(found), "")


def patient_of(body: Resource) -> str:
    """Whose appointment it is."""
    return first(actors(body, "Patient"))


def slots_of(body: Resource) -> list[str]:
    """Ids of the slots that it takes."""
    return [str(one.get("reference", "")).rpartition("/")[2] for one in body.get("slot", ())]


def starts(body: Resource) -> datetime:
    """When it begins."""
    return datetime.fromisoformat(body["start"])


def mode_of(body: Resource) -> str:
    """How one meets: in-person, video or phone."""
    types = body.get("appointmentType", {}).get("coding", ())
    return next((one["code"] for one in types if one.get("code") in MODES), "in-person")


def mode(code: str) -> Resource:
    """``appointmentType`` of a way to meet."""
    return {"coding": [{"system": f"{CODES}encounter-mode", "code": code}]}


def offered(slot: Resource, schedule: Resource) -> Resource:
    """The appointment that a slot would become: proposed, without a person."""
    start, end = starts(slot), datetime.fromisoformat(slot["end"])
    others = [{"actor": one, "status": "accepted"} for one in schedule["actor"]]
    return {
        "resourceType": "Appointment",
        "status": "proposed",
        **{name: schedule[name] for name in ("serviceType",) if name in schedule},
        "appointmentType": slot.get("appointmentType", mode("in-person")),
        "start": slot["start"],
        "end": slot["end"],
        "minutesDuration": int((end - start).total_seconds() // 60),
        "slot": [reference("Slot", slot["id"])],
        "participant": others,
    }


def told(schedule: Resource, appointment: Resource, video: str) -> Resource:
    """What the clinic tells of an appointment of this schedule: rules, cost, how to prepare, where to go, the link."""
    start = starts(appointment)
    rules = get(schedule, "booking-rules")
    told = [*_rules(rules, start), *_same(schedule, "cost", "preparation")]
    if mode_of(appointment) == "in-person":
        told.append(_check_in(rules, start))
    if mode_of(appointment) == "video":
        told.append(virtual_service(video))
    words = {name: schedule[name] for name in ("comment", "_comment") if name in schedule}
    titles = {name.replace("comment", "description"): value for name, value in words.items()}
    return put(appointment, *told) | titles


def virtual_service(url: str) -> Resource:
    """A video link."""
    channel = {"system": "http://hl7.org/fhir/virtual-service-type", "code": "video", "display": "video"}
    parts = [{"url": "channelType", "valueCoding": channel}, {"url": "address", "valueUrl": url}]
    return {"url": VIRTUAL_SERVICE, "extension": parts}


def _rules(rules: Resource, start: datetime) -> Iterator[Resource]:
    hours, fee = part(rules, "cancelHours"), part(rules, "fee")
    yes = [{"url": name, "valueBoolean": True} for name in ("cancellable", "reschedulable")]
    limit = start - timedelta(hours=hours or 0)
    limits = [{"url": "notAfter", "valueDateTime": limit.isoformat()}]
    money = [{"url": "fee", "valueMoney": {"value": fee, "currency": "EUR"}}] if fee else []
    yield extension("mutability", extension=[*yes, *limits, *money])


def _check_in(rules: Resource, start: datetime) -> Resource:
    seat = next((one for one in rules.get("extension", ()) if one["url"] == "seat"), None)
    window = (("opens", start - timedelta(minutes=60)), ("closes", start + timedelta(minutes=15)))
    parts = [{"url": name, "valueDateTime": at.isoformat()} for name, at in window]
    return extension("check-in", extension=[*parts, *([seat] if seat else [])])


def _same(schedule: Resource, *names: str) -> Iterator[Resource]:
    urls = {EXTENSION + name for name in names}
    return (one for one in schedule.get("extension", ()) if one.get("url") in urls)
