"""FHIR R4 as it comes over the wire: lean models, lenient in.

Every element is optional and unknown ones are kept, so that real servers' resources can be read. What the
app sends is built as plain dicts in the file of each noun and is strict R4: tests hold it against HL7's
schema. Elements are listed only where the app reads them.
"""

# ruff: noqa: N815 - elements bear the names that FHIR gives them

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, ValidationError

from app.api.datatypes import (
    Address,
    Attachment,
    CodeableConcept,
    ContactPoint,
    Element,
    Extension,
    HumanName,
    Meta,
    Period,
    Reference,
)

EXTENSION = "https://digiklinikka.example/fhir/StructureDefinition/"
ZONE = "Europe/Helsinki"
CODES = "https://digiklinikka.example/fhir/CodeSystem/"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


class Resource(Element):
    resourceType: str = ""
    meta: Meta = Field(default_factory=Meta)


class Payload(Element):
    contentString: str = ""
    contentAttachment: Attachment | None = None


class Communication(Resource):
    status: str = ""
    category: tuple[CodeableConcept, ...] = ()
    topic: CodeableConcept | None = None
    subject: Reference | None = None
    sender: Reference | None = None
    recipient: tuple[Reference, ...] = ()
    partOf: tuple[Reference, ...] = ()
    inResponseTo: tuple[Reference, ...] = ()
    about: tuple[Reference, ...] = ()
    sent: str = ""
    received: str = ""
    payload: tuple[Payload, ...] = ()


class PatientLanguage(Element):
    language: CodeableConcept | None = None
    preferred: bool = False


class Patient(Resource):
    name: tuple[HumanName, ...] = ()
    birthDate: str = ""
    telecom: tuple[ContactPoint, ...] = ()
    address: tuple[Address, ...] = ()
    communication: tuple[PatientLanguage, ...] = ()


class Practitioner(Resource):
    name: tuple[HumanName, ...] = ()
    communication: tuple[CodeableConcept, ...] = ()


class PractitionerRole(Resource):
    practitioner: Reference | None = None
    organization: Reference | None = None
    code: tuple[CodeableConcept, ...] = ()
    healthcareService: tuple[Reference, ...] = ()


class Organization(Resource):
    name: str = ""
    telecom: tuple[ContactPoint, ...] = ()


class Location(Resource):
    name: str = ""
    description: str = ""
    telecom: tuple[ContactPoint, ...] = ()
    address: Address | None = None


class AvailableTime(Element):
    daysOfWeek: tuple[str, ...] = ()
    allDay: bool = False
    availableStartTime: str = ""
    availableEndTime: str = ""


class NotAvailable(Element):
    description: str = ""
    during: Period | None = None


class Eligibility(Element):
    code: CodeableConcept | None = None
    comment: str = ""


class HealthcareService(Resource):
    active: bool = True
    name: str = ""
    comment: str = ""
    extraDetails: str = ""
    providedBy: Reference | None = None
    category: tuple[CodeableConcept, ...] = ()
    type: tuple[CodeableConcept, ...] = ()
    characteristic: tuple[CodeableConcept, ...] = ()
    location: tuple[Reference, ...] = ()
    coverageArea: tuple[Reference, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    eligibility: tuple[Eligibility, ...] = ()
    availableTime: tuple[AvailableTime, ...] = ()
    notAvailable: tuple[NotAvailable, ...] = ()
    availabilityExceptions: str = ""


class Participant(Element):
    actor: Reference | None = None
    status: str = ""


class Appointment(Resource):
    status: str = ""
    cancelationReason: CodeableConcept | None = None
    serviceType: tuple[CodeableConcept, ...] = ()
    appointmentType: CodeableConcept | None = None
    reasonCode: tuple[CodeableConcept, ...] = ()
    description: str = ""
    start: str = ""
    end: str = ""
    minutesDuration: int = 0
    slot: tuple[Reference, ...] = ()
    comment: str = ""
    patientInstruction: str = ""
    participant: tuple[Participant, ...] = ()


class Slot(Resource):
    status: str = ""
    appointmentType: CodeableConcept | None = None
    schedule: Reference | None = None
    start: str = ""
    end: str = ""


class Schedule(Resource):
    actor: tuple[Reference, ...] = ()


class Endpoint(Resource):
    status: str = ""
    name: str = ""
    contact: tuple[ContactPoint, ...] = ()
    payloadType: tuple[CodeableConcept, ...] = ()


class ServiceRequest(Resource):
    status: str = ""
    category: tuple[CodeableConcept, ...] = ()
    code: CodeableConcept | None = None
    authoredOn: str = ""
    occurrencePeriod: Period | None = None
    requester: Reference | None = None
    performer: tuple[Reference, ...] = ()


class Rejected(BaseModel):
    """A resource that could not be read, without its content: what and why."""

    type: str
    id: str
    reason: str


R = TypeVar("R", bound=Resource)


def parse(model: type[R], resources: Iterable[Any]) -> tuple[tuple[R, ...], tuple[Rejected, ...]]:
    """Those that could be read, and those set aside: one bad entry never sinks the rest."""
    good: list[R] = []
    bad: list[Rejected] = []
    for resource in resources:
        try:
            good.append(model.model_validate(resource))
        except ValidationError as problem:
            bad.append(_rejected(model, resource, problem))
    return tuple(good), tuple(bad)


def _rejected(model: type[R], resource: Any, problem: ValidationError) -> Rejected:
    given = resource.get("id") if isinstance(resource, dict) else None
    places = (".".join(map(str, error["loc"])) + ": " + error["type"] for error in problem.errors()[:3])
    return Rejected(type=model.__name__, id=given if isinstance(given, str) else "", reason="; ".join(places))


def extension(element: Element | None, name: str) -> Extension | None:
    """The extension of ``element`` with this url (a bare name means one of our own), or None."""
    url = name if ":" in name else EXTENSION + name
    return next((e for e in element.extension if e.url == url), None) if element else None


PLAIN_FINNISH = "fi-x-selko"


def translated(text: str, beside: Any, language: str, fallback: str = "fi") -> str:
    """``text`` in ``language``, from the translations ``beside`` it (its ``_element``); else in ``fallback``.

    Languages are compared by their first part: "sv-FI" is "sv", and plain Finnish "fi_selko" is "fi" where there is
    no translation of its own ("fi-x-selko").
    """
    found = dict(_translations(beside))
    short = short_language(language)
    plain = found.get(PLAIN_FINNISH) if language == "fi_selko" else ""
    return plain or found.get(short) or (text if short == fallback else "") or found.get(fallback) or text


def words(element: Element, name: str, language: str) -> str:
    """The string element ``name`` of ``element`` in ``language``."""
    extra = element.model_extra or {}
    return translated(getattr(element, name) or "", extra.get(f"_{name}"), language)


def short_language(tag: str) -> str:
    """The language of a tag: "sv-FI" and "sv_FI" are "sv"."""
    return tag.replace("_", "-").split("-")[0].lower()


def _translations(beside: Any) -> Iterable[tuple[str, str]]:
    extensions = beside.get("extension") if isinstance(beside, dict) else None
    for outer in extensions if isinstance(extensions, list) else ():
        if isinstance(outer, dict) and outer.get("url") == TRANSLATION:
            parts = {e.get("url"): e for e in outer.get("extension") or () if isinstance(e, dict)}
            language = parts.get("lang", {}).get("valueCode")
            content = parts.get("content", {})
            text = content.get("valueString") or content.get("valueMarkdown")
            if isinstance(language, str) and isinstance(text, str) and text:
                yield language if language == PLAIN_FINNISH else short_language(language), text


def code(concepts: Iterable[CodeableConcept], system: str) -> tuple[str, ...]:
    """The codes of ``system`` (a bare name means one of our own) in some concepts."""
    url = system if ":" in system else CODES + system
    return tuple(c.code for concept in concepts for c in concept.coding if c.system == url and c.code)


def id_of(reference: Reference | None, kind: str = "") -> str:
    """The id in a reference (``Type/id``, absolute, or with a version); empty when it is not of ``kind``."""
    parts = (reference.reference if reference else "").split("/_history/")[0].split("/")
    if len(parts) < 2 or (kind and parts[-2] != kind):
        return ""
    return parts[-1]


def moment(value: str | None) -> datetime | None:
    """An R4 instant or dateTime as an aware time (UTC when it names no zone); None when there is none."""
    try:
        time = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    if not 1900 <= time.year <= 2200:  # a slip of a keyboard; the edges of the calendar cannot be converted
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def day(value: str | None) -> date | None:
    """A whole R4 date; None for a partial one ("1980-05") or none."""
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


def day_here(value: str | None) -> date | None:
    """The day of a date, or of a moment by the clocks of Finland, wherever it was written."""
    at = moment(value) if value and "T" in value else None
    return at.astimezone(ZoneInfo(ZONE)).date() if at else day(value)


def instant(time: datetime) -> str:
    """An aware time as an R4 instant in UTC, to the millisecond."""
    if time.tzinfo is None:
        raise ValueError("a time without a zone must not leave the device")
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
