"""Patient, Consent and AuditEvent on the wire: particulars, permissions, who has looked (rows E8 to E10)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from app.api.nodes import Node, codes, extension_of, node, nodes, reference_id, spoken, string, term, when
from app.api.wire import CODES, EXTENSION, day, instant
from app.domain.me import Consent, Contact, Details, Look, Near, Need, Needs, Permission

CONFIRMED = f"{EXTENSION}confirmed"
NEED = f"{EXTENSION}communication-need"
OTHER_NEED = f"{EXTENSION}communication-need-other"
INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
IDENTITY = "urn:oid:1.2.246.21"
_HL7 = "http://terminology.hl7.org/CodeSystem/"
_POSITIVE = ("result-release",)
"""Permissions that are written as a prohibition: deny showing before a comment."""


def to_details(patient: Any, language: str) -> Details:
    """What a Patient tells of its person."""
    body: Node = patient if isinstance(patient, dict) else {}
    name = next(iter(nodes(body, "name")), {})
    given = " ".join(str(one) for one in name.get("given", ()) if one)
    return Details(
        name=string(name, "text") or f"{given} {string(name, 'family')}".strip(),
        identity=_identity(body),
        birth_date=day(string(body, "birthDate")),
        address=_address(body),
        restricted="R" in [string(one, "code") for one in nodes(node(body, "meta"), "security")],
        contacts=tuple(map(_contact, _telecom(body))),
        near=tuple(_near(one, language) for one in nodes(body, "contact")),
        needs=_needs(nodes(body, "communication")),
    )


def communication(needs: Needs, patient: Any = None) -> list[dict[str, Any]]:
    """Language and needs as Patient.communication; other languages of ``patient`` stay."""
    marks: list[dict[str, Any]] = [{"url": NEED, "valueCode": need.value} for need in needs.needs]
    marks += [{"url": INTERPRETER, "valueBoolean": True}] if needs.interpreter else []
    marks += [{"url": OTHER_NEED, "valueString": needs.other.strip()}] if needs.other.strip() else []
    spoken_ones = _by_preference(nodes(patient, "communication") if isinstance(patient, dict) else ())
    others = [dict(one) for one in spoken_ones[1:] if needs.language not in codes(node(one, "language"))]
    coding = {"system": "urn:ietf:bcp:47", "code": needs.language or "fi"}
    return [
        {**({"extension": marks} if marks else {}), "language": {"coding": [coding]}, "preferred": True},
        *others,
    ]


def to_consents(resources: Iterable[Node]) -> tuple[Consent, ...]:
    """What was answered about the permissions that the app knows, in no order."""
    return tuple(made for one in resources if (made := _consent(one)) is not None)


def consent(*, id: str, permission: Permission, given: bool, person_id: str, at: datetime) -> dict[str, Any]:
    """An answer as R4."""
    permits = given is not (permission.value in _POSITIVE)
    return {
        "resourceType": "Consent",
        "id": id,
        "status": "active",
        "scope": {"coding": [{"system": f"{_HL7}consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": f"{CODES}consent", "code": permission.value}]}],
        "patient": {"reference": f"Patient/{person_id}"},
        "dateTime": instant(at),
        "performer": [{"reference": f"Patient/{person_id}"}],
        "policyRule": {"coding": [{"system": f"{_HL7}v3-ActCode", "code": "OPTIN"}]},
        "provision": {"type": "permit" if permits else "deny"},
    }


def to_look(event: Node, language: str) -> Look:
    """What an AuditEvent tells."""
    agent = next((one for one in nodes(event, "agent") if one.get("requestor") is True), None)
    agent = agent or next(iter(nodes(event, "agent")), {})
    what = [spoken(one, "name", language) for one in nodes(event, "entity")]
    purpose = next(iter(codes(next(iter(nodes(event, "purposeOfEvent")), {}))), "")
    return Look(
        id=string(event, "id"),
        at=when(event.get("recorded"))[0],
        who=string(agent, "who", "display") or string(agent, "name"),
        role=next((t.text for one in nodes(agent, "role") if (t := term(one, language)).text), ""),
        unit=spoken(node(event, "source"), "site", language)
        or spoken(node(event, "source", "observer"), "display", language),
        what=", ".join(one for one in what if one),
        purpose=purpose,
    )


def confirm(contact: Contact, on: date) -> dict[str, str]:
    """Arguments of the intent ``confirm_contact``."""
    return {"system": contact.system, "value": contact.value, "url": CONFIRMED, "day": on.isoformat()}


def parameters(**values: str) -> dict[str, Any]:
    """A Parameters resource of strings, for an operation."""
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": name, "valueString": value} for name, value in values.items()],
    }


def _identity(body: Node) -> str:
    found = (string(one, "value") for one in nodes(body, "identifier") if string(one, "system") == IDENTITY)
    return next(found, "")


def _address(body: Node) -> tuple[str, ...]:
    address = next((one for one in nodes(body, "address") if string(one, "use") != "old"), {})
    lines = address.get("line")
    street = [str(one) for one in lines if one] if isinstance(lines, list) else []
    place = f"{string(address, 'postalCode')} {string(address, 'city')}".strip()
    return tuple(part for part in (*street, place) if part) or tuple(filter(None, (string(address, "text"),)))


def _telecom(body: Node) -> list[Node]:
    known = [one for one in nodes(body, "telecom") if string(one, "value") and string(one, "use") != "old"]
    return [one for one in known if string(one, "system") in ("phone", "email")]


def _contact(telecom: Node) -> Contact:
    return Contact(
        system=string(telecom, "system"),
        value=string(telecom, "value"),
        confirmed=day(string(extension_of(telecom, CONFIRMED), "valueDate")),
    )


def _near(contact: Node, language: str) -> Near:
    relation = next((term(one, language).text for one in nodes(contact, "relationship")), "")
    phone = next(
        (string(one, "value") for one in nodes(contact, "telecom") if string(one, "system") == "phone"), ""
    )
    name = node(contact, "name")
    return Near(name=string(name, "text") or string(name, "family"), relation=relation, phone=phone)


def _needs(spoken_ones: Iterable[Node]) -> Needs:
    listed = _by_preference(spoken_ones)
    if not listed:
        return Needs()
    first, known = listed[0], {need.value for need in Need}
    marks = [string(one, "valueCode") for one in nodes(first, "extension") if string(one, "url") == NEED]
    return Needs(
        language=next(iter(codes(node(first, "language"))), ""),
        interpreter=extension_of(first, INTERPRETER).get("valueBoolean") is True,
        needs=tuple(Need(mark) for mark in marks if mark in known),
        other=string(extension_of(first, OTHER_NEED), "valueString"),
    )


def _by_preference(spoken_ones: Iterable[Node]) -> list[Node]:
    return sorted(spoken_ones, key=lambda one: one.get("preferred") is not True)


def _consent(body: Node) -> Consent | None:
    categories = [code for one in nodes(body, "category") for code in codes(one, f"{CODES}consent")]
    known = {permission.value for permission in Permission}
    named = next((code for code in categories if code in known), "")
    if not named or string(body, "status") == "entered-in-error":
        return None
    permits = string(body, "provision", "type") != "deny"
    return Consent(
        permission=Permission(named),
        given=string(body, "status") == "active" and permits is not (named in _POSITIVE),
        since=when(body.get("dateTime"))[0],
        id=string(body, "id"),
    )


def about(resource: Node, person_id: str) -> bool:
    """Whether a Consent or AuditEvent concerns the person."""
    return reference_id(node(resource, "patient"), "Patient") in ("", person_id)
