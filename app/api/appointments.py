"""Appointment and ServiceRequest on the wire: what the resident has, and what they change in it (rows C1, C3, C7-C10).

Extensions of ours: see ``backend_stub.booking.profile``. Everything but the status may be missing.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from app.api.datatypes import CodeableConcept, Extension, Period
from app.api.people import to_staff
from app.api.wire import (
    EXTENSION,
    Endpoint,
    Location,
    Practitioner,
    Rejected,
    code,
    day,
    extension,
    id_of,
    moment,
    parse,
    short_language,
    words,
)
from app.api.wire import Appointment as WireAppointment
from app.api.wire import ServiceRequest as WireRequest
from app.domain.appointments import (
    Appointment,
    CareRequest,
    CheckIn,
    Gap,
    Mode,
    Place,
    RequestKind,
    Rules,
    State,
    Step,
)
from app.domain.base import LONG_AGO
from app.domain.people import Professional

VIRTUAL_SERVICE = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.virtualService"
OWN = ("question", "needs")
"""Names of the extensions that the resident may change."""


class Around(NamedTuple):
    """What appointments refer to, in one language. ``languages``: spoken, by Practitioner id."""

    staff: Mapping[str, Professional] = MappingProxyType({})
    places: Mapping[str, Place] = MappingProxyType({})
    links: Mapping[str, str] = MappingProxyType({})
    languages: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    language: str = "fi"


class Parsed(NamedTuple):
    """Appointments, and the resources that could not be read (without their content)."""

    appointments: tuple[Appointment, ...]
    rejected: tuple[Rejected, ...]


def around(
    locations: Iterable[Any],
    practitioners: Iterable[Any],
    roles: Iterable[Any],
    organizations: Iterable[Any],
    language: str = "fi",
) -> Around:
    """People and places by id, in ``language``."""
    people = tuple(practitioners)
    found, _ = parse(Location, locations)
    return Around(
        to_staff(people, roles, organizations, language),
        {one.id or "": _place(one, language) for one in found},
        {one.id or "": t.value for one in found for t in one.telecom if t.system == "url" and t.value},
        {one.id or "": _spoken(one) for one in parse(Practitioner, people)[0]},
        language,
    )


def to_appointments(resources: Iterable[Any], known: Around = Around()) -> Parsed:
    """The appointments in some resources, in no particular order; what was entered in error is left out."""
    found, rejected = parse(WireAppointment, resources)
    ours = (one for one in found if one.status in frozenset(State) and one.id)
    return Parsed(tuple(to_appointment(one, known) for one in ours), rejected)


def to_appointment(wire: WireAppointment, known: Around) -> Appointment:
    """One appointment. Its state must be one that ``State`` knows."""
    actors = [one.actor for one in wire.participant]
    place_id = next((id for a in actors if (id := id_of(a, "Location"))), "")
    start, end = moment(wire.start), moment(wire.end)
    return Appointment(
        id=wire.id or "",
        version=wire.meta.versionId,
        state=_state(wire),
        mode=mode_of(wire.appointmentType),
        what=words(wire, "description", known.language) or _text(wire.serviceType, known.language),
        service_id=next((id for a in actors if (id := id_of(a, "HealthcareService"))), ""),
        who=who_of(actors, known),
        place=known.places.get(place_id, Place(id=place_id)),
        starts=start,
        ends=end,
        minutes=wire.minutesDuration or (int((end - start).total_seconds() // 60) if start and end else 0),
        cost=_words(wire, "cost", known.language),
        preparation=_preparation(wire, known.language),
        reason=_text(wire.reasonCode, known.language),
        questions=tuple(e.valueString or "" for e in _all(wire, "question")),
        needs=tuple(e.valueString or "" for e in _all(wire, "needs")),
        rules=_rules(extension(wire, "mutability")),
        check_in=_check_in(extension(wire, "check-in"), known.language),
        delay=_one(wire, "delay").valueInteger or 0,
        video_url=_video(wire) or known.links.get(place_id, ""),
        expires=moment(_one(wire, "expires").valueDateTime),
        offer=_one(wire, "offer").valueBoolean or False,
        replaces=id_of(_one(wire, "replaces").valueReference, "Appointment"),
        waits_for=id_of(_one(wire, "wait-for").valueReference, "Appointment"),
        slots=tuple(id for r in wire.slot if (id := id_of(r, "Slot"))),
        why_cancelled=_text((wire.cancelationReason,) if wire.cancelationReason else (), known.language),
    )


def to_requests(resources: Iterable[Any], language: str = "fi") -> tuple[CareRequest, ...]:
    """The living referrals and tickets in some ServiceRequests, the newest first; of other kinds none."""
    found = (one for one in parse(WireRequest, resources)[0] if one.id and one.status == "active")
    made = (_request(one, kind, language) for one in found for kind in _kinds(one))
    return tuple(sorted(made, key=lambda one: one.written or LONG_AGO, reverse=True))


def to_gaps(resources: Iterable[Any], language: str = "fi") -> tuple[Gap, ...]:
    """The sources of appointments among some Endpoints that do not answer now (row C14)."""
    down = (one for one in parse(Endpoint, resources)[0] if one.status in ("error", "suspended", "off"))
    return tuple(
        Gap(
            name=words(one, "name", language),
            phone=next((c.value for c in one.contact if c.system == "phone"), ""),
        )
        for one in down
        if any(kind.text == "Appointment" for kind in one.payloadType)
    )


def with_status(body: Mapping[str, Any], status: State, reason: str = "") -> dict[str, Any]:
    """The resource with another status, and why."""
    why = {"cancelationReason": {"text": reason}} if reason else {}
    return {**body, "status": status.value, **why}


def with_own(body: Mapping[str, Any], name: str, values: Iterable[str]) -> dict[str, Any]:
    """The resource with the resident's own ``question`` or ``needs`` in the place of what was there."""
    url = EXTENSION + name
    kept = [one for one in body.get("extension", ()) if one.get("url") != url]
    added = [{"url": url, "valueString": value} for value in values]
    rest = {key: value for key, value in body.items() if key != "extension"}
    return rest | ({"extension": [*kept, *added]} if kept or added else {})


def place_in_queue(id: str, person_id: str, waits_for: Appointment) -> dict[str, Any]:
    """A place on the waiting list for an earlier time than that of an appointment (row C8)."""
    actors = [f"Patient/{person_id}", f"HealthcareService/{waits_for.service_id}"]
    reference = {"reference": f"Appointment/{waits_for.id}"}
    return {
        "resourceType": "Appointment",
        "id": id,
        "extension": [{"url": EXTENSION + "wait-for", "valueReference": reference}],
        "status": State.WAITING.value,
        "participant": [{"actor": {"reference": actor}, "status": "accepted"} for actor in actors],
    }


def who_of(actors: Iterable[Any], known: Around) -> Professional:
    """The professional among some references: as the directory knows them, else as the reference names them."""
    for actor in actors:
        if id := id_of(actor, "Practitioner"):
            return known.staff.get(id) or Professional(id=id, name=actor.display)
    return Professional(id="")


def mode_of(concept: CodeableConcept | None) -> Mode:
    """How one meets; in person where nothing else is said."""
    codes = code((concept,) if concept else (), "encounter-mode")
    return next((Mode(c) for c in codes if c in frozenset(Mode)), Mode.IN_PERSON)


def _place(wire: Location, language: str) -> Place:
    address = wire.address
    town = f"{address.postalCode} {address.city}".strip() if address else ""
    line = ", ".join(part for part in (*(address.line if address else ()), town) if part)
    return Place(
        id=wire.id or "",
        name=words(wire, "name", language),
        address=line,
        entrance=words(wire, "description", language),
        access=_words(wire, "accessibility", language),
        phone=next((t.value for t in wire.telecom if t.system == "phone" and t.value), ""),
    )


def _spoken(person: Practitioner) -> tuple[str, ...]:
    codes = (short_language(coding.code) for concept in person.communication for coding in concept.coding)
    return tuple(dict.fromkeys(codes))


def _state(wire: WireAppointment) -> State:
    started = _one(wire, "visit-state").valueCode == "started"
    return (
        State.STARTED
        if started and wire.status in ("booked", "arrived", "checked-in")
        else State(wire.status)
    )


def _rules(outer: Extension | None) -> Rules:
    parts = _parts(outer)
    if not parts:
        return Rules()
    fee = parts.get("fee", Extension()).valueMoney
    return Rules(
        cancellable=parts.get("cancellable", Extension()).valueBoolean or False,
        reschedulable=parts.get("reschedulable", Extension()).valueBoolean or False,
        not_after=moment(parts.get("notAfter", Extension()).valueDateTime),
        fee=fee.value if fee else None,
    )


def _check_in(outer: Extension | None, language: str) -> CheckIn | None:
    parts = _parts(outer)
    opens, closes = (moment(parts.get(end, Extension()).valueDateTime) for end in ("opens", "closes"))
    if opens is None or closes is None:
        return None
    return CheckIn(
        opens=opens, closes=closes, seat=words(parts.get("seat", Extension()), "valueString", language)
    )


def _video(wire: WireAppointment) -> str:
    """The address of R5's virtualService, in whichever of its types it comes."""
    part = _parts(extension(wire, VIRTUAL_SERVICE)).get("address")
    if part is None:
        return ""
    contact = (part.model_extra or {}).get("valueContactPoint")
    named = contact.get("value", "") if isinstance(contact, dict) else ""
    return part.valueUrl or part.valueUri or part.valueString or str(named)


def _preparation(wire: WireAppointment, language: str) -> tuple[str, ...]:
    told = tuple(words(e, "valueString", language) for e in _all(wire, "preparation"))
    return told or ((wire.patientInstruction,) if wire.patientInstruction else ())


def _request(wire: WireRequest, kind: RequestKind, language: str) -> CareRequest:
    until = (wire.occurrencePeriod or Period()).end
    return CareRequest(
        id=wire.id or "",
        kind=kind,
        title=_text((wire.code,) if wire.code else (), language),
        service_id=next((id for r in wire.performer if (id := id_of(r, "HealthcareService"))), ""),
        by=wire.requester.display if wire.requester else "",
        written=moment(wire.authoredOn),
        until=day(until[:10]),
        steps=tuple(_steps(wire)),
        guarantee=day(_one(wire, "care-guarantee").valueDate),
    )


def _kinds(wire: WireRequest) -> tuple[RequestKind, ...]:
    codes = code(wire.category, "request-kind")
    return tuple(RequestKind(one) for one in codes if one in frozenset(RequestKind))[:1]


def _steps(wire: WireRequest) -> Iterator[Step]:
    for outer in _all(wire, "step"):
        parts = _parts(outer)
        name = parts.get("name", Extension()).valueCode
        if name:
            yield Step(name=name, at=moment(parts.get("at", Extension()).valueDateTime))


def _all(element: Any, name: str) -> tuple[Extension, ...]:
    return tuple(one for one in element.extension if one.url == EXTENSION + name)


def _one(element: Any, name: str) -> Extension:
    return extension(element, name) or Extension()


def _words(element: Any, name: str, language: str) -> str:
    found = extension(element, name)
    return words(found, "valueString", language) if found else ""


def _parts(outer: Extension | None) -> dict[str, Extension]:
    return {one.url: one for one in outer.extension} if outer else {}


def _text(concepts: Iterable[CodeableConcept], language: str) -> str:
    for concept in concepts:
        told = words(concept, "text", language) or next((c.display for c in concept.coding if c.display), "")
        if told:
            return told
    return ""
