"""x-fhir-query: searches that a form asks for, held to the resident's own record.

A form may be a stranger's: whatever it says about whose data it wants, the search is for the resident's own, of the
types that belong to a patient, and goes to the app's own server only. Without a connection what is on the device
answers, when everything the search asks for can be told there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from app.forms.given import Json, part_at, parts_at, words_at
from app.forms.model import Expression, Form
from app.forms.parts import QUERY

MOST, LONGEST = 200, 2_000
OWN = frozenset(
    {"AllergyIntolerance", "Appointment", "CarePlan", "CareTeam", "Condition", "Consent", "Coverage"}
    | {"DiagnosticReport", "DocumentReference", "Encounter", "FamilyMemberHistory", "Goal", "Immunization"}
    | {"MedicationRequest", "MedicationStatement", "Observation", "Procedure", "QuestionnaireResponse"}
    | {"RelatedPerson", "ServiceRequest", "Task"}
)
_WHOSE = frozenset({"patient", "subject", "beneficiary", "for", "_id"})
_PARAMETER = re.compile(r"^(_sort|_count|[a-z][a-z-]*(:(in|not|text|missing|exact|contains))?)$")
_GAP = re.compile(r"\{\{\s*%([A-Za-z]+)\.([A-Za-z.]+)\s*\}\}")
_TOKENS = MappingProxyType(
    {
        "code": ("code",),
        "category": ("category",),
        "status": ("status",),
        "clinical-status": ("clinicalStatus",),
        "verification-status": ("verificationStatus",),
        "intent": ("intent",),
    }
)
_TIMES = (
    "effectiveDateTime",
    "issued",
    "occurrenceDateTime",
    "authoredOn",
    "recordedDate",
    "date",
    "authored",
)


@dataclass(frozen=True)
class Query:
    """A search of the resident's own record. ``left_out``: parameters that were not taken over."""

    type: str
    parameters: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()


def queries_in(form: Form) -> tuple[str, ...]:
    """The searches of a form, as it has them."""
    found = [one.text for one in _expressions(form) if one.language == QUERY]
    return tuple(dict.fromkeys(found))


def _expressions(form: Form) -> Iterator[Expression]:
    yield from form.variables
    for item in form.all:
        yield from (*item.variables, *item.expressions.values())


def query_of(text: str, launch: Mapping[str, Any], patient_id: str) -> Query | None:
    """What ``text`` asks for, of the patient called ``patient_id``; None when it is not one's own to ask."""
    if len(text) > LONGEST or not patient_id:
        return None
    filled = _GAP.sub(lambda gap: _value(launch.get(gap[1]), gap[2].split(".")), text.strip())
    type, _, asked = filled.removeprefix("/").partition("?")
    type = type.removesuffix("/")
    if type in ("Patient", f"Patient/{patient_id}"):
        return Query("Patient", (("_id", patient_id),))
    if type not in OWN or "{{" in asked:
        return None
    given = [(name, value) for name, value in parse_qsl(asked) if name.partition(":")[0] not in _WHOSE]
    kept = [(name, value) for name, value in given if _PARAMETER.match(name) and name != "_count"]
    left_out = tuple(name for name, _ in given if not _PARAMETER.match(name))
    return Query(type, (("patient", patient_id), *kept, ("_count", str(_count(given)))), left_out)


def may_ask(text: str) -> bool:
    """Whether the search is one's own to ask, whoever one is."""
    return (
        query_of(text, {"patient": {"id": "me"}, "user": {"id": "me"}, "Patient": {"id": "me"}}, "me")
        is not None
    )


def _value(part: Any, path: list[str]) -> str:
    for name in path:
        part = part.get(name) if isinstance(part, dict) else None
    return part if isinstance(part, str) else ""


def _count(given: list[tuple[str, str]]) -> int:
    asked = next((value for name, value in given if name == "_count"), "")
    return min(int(asked), MOST) if asked.isdecimal() and int(asked[:6]) else MOST


def bundle(resources: Iterable[Json]) -> Json:
    """The answer to a search."""
    entries = [{"resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def resources_in(answer: Json) -> list[Json]:
    """The resources of an answer."""
    found = [part_at(one, "resource") for one in parts_at(answer, "entry")]
    return [one for one in found if words_at(one, "resourceType") not in ("", "OperationOutcome")]


def from_device(query: Query, kept: Iterable[Json]) -> Json | None:
    """The answer out of what is on the device; None when the search asks for what cannot be told here."""
    wanted = [
        (name, value) for name, value in query.parameters if name not in ("patient", "_id", "_count", "_sort")
    ]
    if any(name not in _TOKENS for name, _ in wanted) or query.left_out:
        return None
    found = [one for one in kept if all(_has(one, name, value) for name, value in wanted)]
    sort = dict(query.parameters).get("_sort", "")
    if sort:
        found.sort(key=_time, reverse=sort.startswith("-"))
    return bundle(found[: int(dict(query.parameters).get("_count", MOST))])


def _has(resource: Json, name: str, value: str) -> bool:
    codes = set(_codes(resource, _TOKENS[name][0]))
    return any(one.rpartition("|")[2] in codes for one in value.split(","))


def _codes(resource: Json, name: str) -> Iterator[str]:
    found = resource.get(name)
    for one in found if isinstance(found, list) else [found]:
        yield from (
            [one]
            if isinstance(one, str)
            else (words_at(coding, "code") for coding in parts_at(one, "coding"))
        )


def _time(resource: Json) -> str:
    return next((words_at(resource, name) for name in _TIMES if words_at(resource, name)), "")
