"""MedicationRequest and MedicationStatement on the wire: prescriptions, and requests to renew them (row E4)."""

from datetime import datetime
from typing import Any

from app.api.nodes import (
    Node,
    extension_of,
    node,
    nodes,
    number,
    reference_id,
    spoken,
    string,
    term,
    text_term,
)
from app.api.wire import day, instant, moment
from app.domain.medicines import LAPSES_AFTER, Medicine, MedicineState, Renewal, renewal_state
from app.domain.record import Term

_ENDED = frozenset({"stopped", "cancelled", "completed", "entered-in-error"})


def to_medicine(body: Node, language: str) -> Medicine:
    """What a prescription or a statement says; whether its time is over, the store knows."""
    declared = string(body, "language")
    prescription = string(body, "resourceType") == "MedicationRequest"
    purpose = _first(nodes(body, "reasonCode"), language, declared)
    dose = _dose(nodes(body, "dosageInstruction") or nodes(body, "dosage"), language, declared)
    dispense = node(body, "dispenseRequest")
    ended = string(body, "status") in _ENDED
    return Medicine(
        purpose=purpose.text,
        purpose_language=purpose.language,
        dose=dose.text,
        dose_language=dose.language,
        prescriber=string(body, "requester", "display"),
        left=_written(node(extension_of(body, "dispense-left"), "valueQuantity"), language),
        quantity=_written(node(dispense, "quantity"), language),
        start=day(string(dispense, "validityPeriod", "start")[:10]),
        valid_to=day(string(dispense, "validityPeriod", "end")[:10]),
        state=MedicineState.ENDED
        if ended
        else MedicineState.CURRENT
        if prescription
        else MedicineState.STATED,
        why_ended=_reason(body, language),
        prescription=prescription,
        barrier=string(extension_of(body, "renewal-barrier"), "valueCode"),
    )


def to_renewal(body: Node, language: str, now: datetime, ledger: str = "") -> Renewal:
    """Where a request to renew stands. ``ledger``: the outbox's word for it, empty when the service has it."""
    asked = moment(string(body, "authoredOn"))
    return Renewal(
        id=string(body, "id"),
        of=reference_id(node(body, "priorPrescription"), "MedicationRequest"),
        state=renewal_state(string(body, "status"), asked, now, ledger),
        asked=asked,
        lapses=asked + LAPSES_AFTER if asked else None,
        why=_reason(body, language),
    )


def renewal(
    *, id: str, prescription: Node, person_id: str, asked: datetime, note: str = ""
) -> dict[str, Any]:
    """A request to renew as R4: a proposal that names the prescription. ``asked`` is aware."""
    medicine = {name: prescription[name] for name in _MEDICINE if name in prescription}
    return {
        "resourceType": "MedicationRequest",
        "id": id,
        "status": "active",
        "intent": "proposal",
        **(medicine or {"medicationCodeableConcept": {"text": "–"}}),
        "subject": {"reference": f"Patient/{person_id}"},
        "authoredOn": instant(asked),
        "requester": {"reference": f"Patient/{person_id}"},
        **({"note": [{"text": note}]} if note else {}),
        "priorPrescription": {"reference": f"MedicationRequest/{prescription.get('id', '')}"},
    }


_MEDICINE = ("medicationCodeableConcept",)


def _first(concepts: tuple[Node, ...], language: str, declared: str) -> Term:
    return next((found for one in concepts if (found := term(one, language, declared)).text), Term())


def _dose(instructions: tuple[Node, ...], language: str, declared: str) -> Term:
    """The dose in words: the patient's own instruction first."""
    for name in ("patientInstruction", "text"):
        found = [text_term(one, name, language, declared) for one in instructions if string(one, name)]
        if found:
            return Term(text=" ".join(one.text for one in found), language=found[0].language)
    return Term(text=", ".join(filter(None, (_structured(one, language) for one in instructions))))


def _structured(instruction: Node, language: str) -> str:
    """A dose that came as data only: amount, and how often as a code."""
    amounts = [_written(node(one, "doseQuantity"), language) for one in nodes(instruction, "doseAndRate")]
    timing = term(node(instruction, "timing", "code"), language).text
    return " ".join(part for part in (*amounts, timing) if part)


def _reason(body: Node, language: str) -> str:
    concept = node(body, "statusReason") or next(iter(nodes(body, "statusReason")), {})
    return term(concept, language, string(body, "language")).text


def _written(quantity: Node, language: str) -> str:
    value = number(quantity, "value")
    unit = spoken(quantity, "unit", language) or string(quantity, "code")
    return f"{value.normalize():f} {unit}".strip() if value is not None else ""
