"""Home measurements on the wire: Observations with LOINC codes and UCUM units that the resident made (row E11)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.api.nodes import Node, codes, node, nodes, number, reference_id, string, when
from app.api.results import LOINC
from app.api.wire import instant, moment
from app.domain.measurements import BY_CODE, SPECS, Earlier, MeasureKind, Reading, Spec
from app.domain.results import Amount
from app.domain.units import converted, same_unit

UCUM = "http://unitsofmeasure.org"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"


def to_reading(resource: Node) -> Reading | None:
    """The measurement that an Observation is; None for what is not one of the resident's own."""
    if not any(reference_id(who, "Patient") for who in nodes(resource, "performer")):
        return None
    kind = next((BY_CODE[code] for code in codes(node(resource, "code"), LOINC) if code in BY_CODE), None)
    at = when(string(resource, "effectiveDateTime") or string(resource, "effectiveInstant"))[0]
    if kind is None or at is None:
        return None
    values = _values(resource, SPECS[kind])
    deleted = string(resource, "status") in ("entered-in-error", "cancelled")
    if len(values) != len(SPECS[kind].fields):
        return None
    return Reading(
        id=string(resource, "id"),
        kind=kind,
        values=values,
        at=at,
        deleted=deleted,
        earlier=tuple(
            Earlier(at=moment(string(one, "time")), text=string(one, "text"))
            for one in nodes(resource, "note")
        ),
    )


def measurement(
    *,
    id: str,
    kind: MeasureKind,
    values: Sequence[Decimal],
    at: datetime,
    person_id: str,
    plan_id: str = "",
) -> dict[str, Any]:
    """A measurement as R4; ``at`` is aware. ``plan_id``: the CarePlan in which it was asked for, if any."""
    spec = SPECS[kind]
    asked = {"basedOn": [{"reference": f"CarePlan/{plan_id}"}]} if plan_id else {}
    return {
        "resourceType": "Observation",
        "id": id,
        **asked,
        "status": "final",
        "category": [{"coding": [{"system": _CATEGORY, "code": spec.category}]}],
        "code": _coded(spec.code, spec.display),
        "subject": {"reference": f"Patient/{person_id}"},
        "performer": [{"reference": f"Patient/{person_id}"}],
        **contents(kind, values, at),
    }


def contents(kind: MeasureKind, values: Sequence[Decimal], at: datetime) -> dict[str, Any]:
    """What a measurement says and when it was made: the elements that a change replaces."""
    spec = SPECS[kind]
    when_made = {"effectiveDateTime": instant(at)}
    if len(spec.fields) == 1:
        return {**when_made, "valueQuantity": _quantity(values[0], spec)}
    parts = [
        {"code": _coded(field.code, field.display), "valueQuantity": _quantity(value, spec)}
        for field, value in zip(spec.fields, values, strict=True)
    ]
    return {**when_made, "component": parts}


def earlier(text: str, at: datetime, person_id: str) -> dict[str, Any]:
    """The Annotation that keeps what a measurement said before a change."""
    return {"authorReference": {"reference": f"Patient/{person_id}"}, "time": instant(at), "text": text}


def _coded(code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": LOINC, "code": code, "display": display}]}


def _quantity(value: Decimal, spec: Spec) -> dict[str, Any]:
    whole = value == value.to_integral_value()
    return {
        "value": int(value) if whole else float(value),
        "unit": spec.unit,
        "system": UCUM,
        "code": spec.ucum,
    }


def _values(resource: Node, spec: Spec) -> tuple[Decimal, ...]:
    if len(spec.fields) == 1:
        value = _in_unit(node(resource, "valueQuantity"), spec, spec.code)
        return () if value is None else (value,)
    found = {code: one for one in nodes(resource, "component") for code in codes(node(one, "code"), LOINC)}
    parts = [
        _in_unit(node(found.get(field.code, {}), "valueQuantity"), spec, field.code) for field in spec.fields
    ]
    return tuple(value for value in parts if value is not None)


def _in_unit(quantity: Node, spec: Spec, analyte: str) -> Decimal | None:
    """The value in the unit of its kind; None where it cannot be had in it."""
    value = number(quantity, "value")
    if value is None:
        return None
    given = Amount(value=value, unit=string(quantity, "unit"), code=string(quantity, "code"))
    wanted = Amount(value=value, unit=spec.unit, code=spec.ucum)
    if same_unit(given, wanted) or not (given.code or given.unit):
        return value
    return converted(given, wanted, analyte)
