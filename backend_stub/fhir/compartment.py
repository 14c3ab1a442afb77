"""In whose Patient compartment a resource lies (R4 CompartmentDefinition/patient, with what it leaves open).

Narrower than the official one where that would show somebody else's life: a message belongs to its subject alone, a
Patient only to itself, a Group to nobody. Wider for two types it does not name: Binary follows its ``securityContext``,
Subscription the patients named in its criteria.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from backend_stub.fhir.definitions import compartment, parameters
from backend_stub.fhir.index import Rows, local

MembersOf = Callable[[str, str], frozenset[str]]
_NARROWED: dict[str, tuple[str, ...]] = {"Communication": ("subject",), "Patient": (), "Group": ()}


def members(body: dict[str, Any], rows: Rows, base_url: str, members_of: MembersOf) -> frozenset[str]:
    """Ids of the patients. ``members_of`` answers the same for another resource, by type and id."""
    type = body["resourceType"]
    if type == "Patient":
        return frozenset((body["id"],))
    if type == "Binary":
        return _of_context(body.get("securityContext"), base_url, members_of)
    if type == "Subscription":
        return of_criteria(str(body.get("criteria", "")), base_url)
    keys = {f"{type}.{code}" for code in ties(type)}
    found = (row for row in rows.get("ref", ()) if row[0] in keys and row[1] == "Patient")
    return frozenset(str(row[2]) for row in found)


def ties(type: str) -> tuple[str, ...]:
    """Codes of the search parameters that tie this type to a patient."""
    return _NARROWED.get(type, compartment().get(type, ()))


def of_criteria(criteria: str, base_url: str) -> frozenset[str]:
    """Patients that a search such as ``Communication?subject=Patient/a`` is about."""
    type, _, query = criteria.partition("?")
    about = (
        {*ties(type), "patient", "subject", "_id"}
        if type == "Patient"
        else {*ties(type), "patient", "subject"}
    )
    found: set[str] = set()
    for name, value in parse_qsl(query):
        code, _, modifier = name.partition(":")
        if code in about and (code in parameters(type) or code == "_id"):
            found |= {id for one in value.split(",") if (id := _patient(one, modifier, base_url))}
    return frozenset(found)


def _patient(value: str, modifier: str, base_url: str) -> str | None:
    named = local(value, base_url)
    if named:
        return named[1] if named[0] == "Patient" else None
    return value if "/" not in value and modifier in ("", "Patient") else None


def _of_context(context: Any, base_url: str, members_of: MembersOf) -> frozenset[str]:
    reference = context.get("reference") if isinstance(context, dict) else None
    target = local(reference, base_url) if isinstance(reference, str) else None
    if not target:
        return frozenset()
    return frozenset((target[1],)) if target[0] == "Patient" else members_of(*target)
