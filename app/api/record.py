"""A person's records on the wire, one entry for each resource, whatever its kind (rows E1 to E7, C13).

Lenient to the end: an odd resource becomes an entry with as much as can be read, never nothing. See ``nodes``.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from app.api.files import attachments_of, files_of, inline_bytes
from app.api.medicines import to_medicine
from app.api.nodes import (
    Node,
    codes,
    extension_of,
    node,
    nodes,
    reference_id,
    spoken,
    string,
    term,
    text_term,
    when,
)
from app.api.results import LOCAL, to_panel, to_result
from app.api.wire import CODES, day, day_here, moment
from app.domain.people import Professional
from app.domain.record import (
    About,
    Allergy,
    Diagnosis,
    Entry,
    Kind,
    Note,
    Paper,
    Referral,
    Step,
    Term,
    Vaccination,
    Visit,
)
from app.domain.results import FileOf

TYPES: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.RESULT: ("DiagnosticReport", "Observation"),
        Kind.MEDICINE: ("MedicationRequest", "MedicationStatement"),
        Kind.VACCINATION: ("Immunization",),
        Kind.DIAGNOSIS: ("Condition",),
        Kind.ALLERGY: ("AllergyIntolerance",),
        Kind.VISIT: ("Encounter",),
        Kind.DOCUMENT: ("DocumentReference",),
        Kind.DECISION: ("DocumentReference",),
        Kind.REFERRAL: ("ServiceRequest",),
        Kind.OTHER: ("Procedure",),
    }
)
"""Of which types of resource each kind is made."""
_KINDS: Mapping[str, Kind] = MappingProxyType(
    {type: kind for kind, types in TYPES.items() for type in types if kind is not Kind.DECISION}
)
_NAMES = ("code", "vaccineCode", "medicationCodeableConcept", "type")
_TIMES = (
    "effectiveDateTime",
    "effectiveInstant",
    "occurrenceDateTime",
    "performedDateTime",
    "recordedDate",
    "authoredOn",
    "onsetDateTime",
    "date",
    "dateTime",
    "recorded",
    "issued",
    "dateAsserted",
    "assertedDate",
    "created",
    "start",
)
_PERIODS = (
    "effectivePeriod",
    "period",
    "performedPeriod",
    "occurrencePeriod",
    "onsetPeriod",
    "executionPeriod",
)
_DONE_BY = ("performer", "requester", "recorder", "author", "participant", "asserter", "informationSource")
_UNITS = ("serviceProvider", "custodian", "managingOrganization")
Staff = Mapping[str, Professional]
NOBODY: Staff = MappingProxyType({})


def to_entry(resource: Any, language: str, staff: Staff = NOBODY) -> Entry:
    """The entry that any resource makes. ``staff``: professionals by Practitioner id."""
    body: Node = resource if isinstance(resource, dict) else {}
    type = string(body, "resourceType")
    kind = _kind(body, type)
    at, day_only, partial = _time(body)
    unit, who = _maker(body, language, staff)
    return Entry(
        type=type,
        id=string(body, "id"),
        kind=kind,
        title=_title(body, kind, language),
        at=at,
        day_only=day_only,
        partial=partial,
        unit=unit,
        who=who,
        wrong=_wrong(body),
        undone=_undone(body, type),
        about=_about(body, type, kind, language),
    )


def types_of(kind: Kind | None) -> tuple[str, ...]:
    """Of which types of resource a list of a kind (None: of everything) is made."""
    return tuple(dict.fromkeys(type for one in (Kind if kind is None else (kind,)) for type in TYPES[one]))


def is_note(resource: Node) -> bool:
    """Whether a DocumentReference is the text that was written at a visit: it is shown with the visit. One in a file
    of its own stands among the documents."""
    first = next(iter(attachments_of(resource)), {})
    here = bool(string(first, "data")) and string(first, "contentType").startswith("text/plain")
    return here and bool(visit_of(resource)) and "note" in _categories(resource)


def visit_of(resource: Node) -> str:
    """The id of the visit that a note was written at."""
    return next((reference_id(one, "Encounter") for one in nodes(node(resource, "context"), "encounter")), "")


def to_note(resource: Node) -> Note:
    """The text of a note as it was written."""
    attachment = next(iter(attachments_of(resource)), {})
    by = next((string(one, "display") for one in nodes(resource, "author")), "")
    spoken_in = string(attachment, "language") or string(resource, "language")
    return Note(text=inline_bytes(attachment).decode("utf-8", "replace"), language=spoken_in, by=by)


def is_renewal(resource: Node) -> bool:
    """Whether a MedicationRequest asks for another to be renewed."""
    return string(resource, "intent") == "proposal"


def _kind(body: Node, type: str) -> Kind:
    if type == "DocumentReference" and "decision" in _categories(body):
        return Kind.DECISION
    return _KINDS.get(type, Kind.OTHER)


def _categories(body: Node) -> frozenset[str]:
    return frozenset(
        code for one in nodes(body, "category") for code in codes(one, f"{CODES}document-category")
    )


def _wrong(body: Node) -> bool:
    return "entered-in-error" in (string(body, "status"), *codes(node(body, "verificationStatus")))


def _undone(body: Node, type: str) -> str:
    """The status of a procedure that was not done, or not yet."""
    status = string(body, "status")
    return (
        status if type == "Procedure" and status in ("not-done", "preparation", "on-hold", "stopped") else ""
    )


def _title(body: Node, kind: Kind, language: str) -> Term:
    """What it is called: its code, the medicine it names, what stands in it, or at last its category."""
    declared = string(body, "language")
    names = ("type",) if kind in (Kind.DOCUMENT, Kind.DECISION) else _NAMES
    steps = (
        lambda: _coded(body, names, language, declared),
        lambda: _contained(body, language, declared),
        lambda: _written(body, language, declared),
        lambda: _coded(body, ("category",), language, declared),
    )
    return next((found for step in steps if (found := step()).text), Term())


def _coded(body: Node, names: Iterable[str], language: str, declared: str) -> Term:
    concepts = (one for name in names for one in (node(body, name), *nodes(body, name)) if one)
    return next((found for one in concepts if (found := term(one, language, declared, LOCAL)).text), Term())


def _contained(body: Node, language: str, declared: str) -> Term:
    """A name that stands in a contained resource, such as the Medication of a prescription."""
    found = (term(node(one, "code"), language, declared) for one in nodes(body, "contained"))
    return next((one for one in found if one.text), Term())


def _written(body: Node, language: str, declared: str) -> Term:
    if words := string(body, "medicationReference", "display"):
        return text_term({"display": words}, "display", language, declared)
    found = (text_term(body, name, language, declared) for name in ("description", "title", "name"))
    return next((one for one in found if one.text), Term())


def _time(body: Node) -> tuple[datetime | None, bool, str]:
    for name in _TIMES:
        if string(body, name):
            return when(body.get(name))
    for name in _PERIODS:
        start = string(body, name, "start") or string(body, name, "end")
        if start:
            return when(start)
    return None, False, ""


def _maker(body: Node, language: str, staff: Staff) -> tuple[str, str]:
    """The unit and the professional, by their names."""
    unit, who = "", ""
    for reference in _makers(body):
        named = spoken(reference, "display", language)
        if reference_id(reference, "Practitioner") or reference_id(reference, "PractitionerRole"):
            person = staff.get(reference_id(reference))
            who = who or (person.name if person else "") or named
        elif not reference_id(reference, "Patient") and not reference_id(reference, "RelatedPerson"):
            unit = unit or named
    if not unit and who and string(body, "resourceType") == "MedicationRequest":
        return "", who
    return unit, who


def _makers(body: Node) -> Iterable[Node]:
    for name in (*_UNITS, *_DONE_BY):
        for one in nodes(body, name):
            yield from (
                node(one, way) or one for way in ("individual", "actor") if node(one, way) or way == "actor"
            )


def _about(body: Node, type: str, kind: Kind, language: str) -> About:
    if type == "Observation":
        return to_result(body, language)
    if type == "DiagnosticReport":
        return to_panel(body, language)
    if kind is Kind.MEDICINE:
        return to_medicine(body, language)
    make = _MAKE.get(kind)
    return make(body, language) if make else None


def _vaccination(body: Node, language: str) -> Vaccination:
    protocols = nodes(body, "protocolApplied")
    declared = string(body, "language")
    against = [term(one, language, declared) for p in protocols for one in nodes(p, "targetDisease")]
    dose = next((string(p, "doseNumberPositiveInt") or string(p, "doseNumberString") for p in protocols), "")
    reason = term(node(body, "statusReason"), language, declared)
    return Vaccination(
        against=tuple(one for one in against if one.text),
        given=string(body, "status") != "not-done",
        why_not=reason.text,
        lot=string(body, "lotNumber"),
        dose=dose,
        site=term(node(body, "site"), language, declared),
    )


def _diagnosis(body: Node, language: str) -> Diagnosis:
    status, sure = codes(node(body, "clinicalStatus")), codes(node(body, "verificationStatus"))
    over = any(name.startswith("abatement") for name in body)
    ended = day_here(string(body, "abatementDateTime") or string(body, "abatementPeriod", "end"))
    return Diagnosis(
        active=not {"resolved", "inactive", "remission"} & set(status) and not over,
        sure=not {"unconfirmed", "provisional", "differential"} & set(sure),
        refuted="refuted" in sure,
        ended=ended,
        severity=term(node(body, "severity"), language, string(body, "language")),
        note=_notes(body, language),
    )


def _allergy(body: Node, language: str) -> Allergy:
    reactions = nodes(body, "reaction")
    harm = [
        term(one, language, string(body, "language")) for r in reactions for one in nodes(r, "manifestation")
    ]
    category, refuted = body.get("category"), "refuted" in codes(node(body, "verificationStatus"))
    severe = any(string(one, "severity") == "severe" for one in reactions)
    return Allergy(
        group=str(category[0]) if isinstance(category, list) and category else "",
        severe=severe or string(body, "criticality") == "high",
        active=not refuted and not {"resolved", "inactive"} & set(codes(node(body, "clinicalStatus"))),
        refuted=refuted,
        sure="unconfirmed" not in codes(node(body, "verificationStatus")),
        reactions=tuple(one for one in harm if one.text),
        note=_notes(body, language),
    )


def _visit(body: Node, language: str) -> Visit:
    reasons = [term(one, language, string(body, "language")) for one in nodes(body, "reasonCode")]
    status = string(body, "status")
    return Visit(
        reasons=tuple(one for one in reasons if one.text),
        done=status in ("finished", "in-progress", "onleave", "unknown", ""),
        cancelled=status == "cancelled",
    )


def _paper(body: Node, language: str) -> Paper:
    files = files_of(body)
    first = files[0] if files else FileOf(language=string(body, "language"))
    return Paper(
        **dict(first),
        about=spoken(body, "description", language),
        appeal_by=day(string(extension_of(body, "appeal-deadline"), "valueDate")),
        superseded=string(body, "status") == "superseded",
        more=files[1:],
    )


def _referral(body: Node, language: str) -> Referral:
    steps = [one for one in nodes(body, "extension") if string(one, "url").endswith("/progress")]
    to = next(iter(nodes(body, "performer")), {})
    status = string(body, "status")
    reasons = [term(one, language, string(body, "language")) for one in nodes(body, "reasonCode")]
    return Referral(
        to=spoken(to, "display", language),
        reasons=tuple(one for one in reasons if one.text),
        steps=tuple(map(_step, steps)),
        due=day(string(extension_of(body, "care-guarantee"), "valueDate")),
        over=status in ("completed", "revoked", "entered-in-error"),
        cancelled=status == "revoked",
    )


def _step(progress: Node) -> Step:
    parts = {string(one, "url"): one for one in nodes(progress, "extension")}
    return Step(
        code=string(parts.get("code", {}), "valueCode"),
        at=moment(string(parts.get("at", {}), "valueDateTime")),
    )


def _notes(body: Node, language: str) -> str:
    return "\n".join(filter(None, (spoken(one, "text", language) for one in nodes(body, "note"))))


_MAKE: Mapping[Kind, Callable[[Node, str], About]] = MappingProxyType(
    {
        Kind.VACCINATION: _vaccination,
        Kind.DIAGNOSIS: _diagnosis,
        Kind.ALLERGY: _allergy,
        Kind.VISIT: _visit,
        Kind.DOCUMENT: _paper,
        Kind.DECISION: _paper,
        Kind.REFERRAL: _referral,
    }
)
