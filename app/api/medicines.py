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
from app.api.wire import day_here, instant, moment
from app.domain.medicines import LAPSES_AFTER, Medicine, MedicineState, Renewal, renewal_state
from app.domain.record import Term

_STATES = {
    **dict.fromkeys(("stopped", "cancelled", "completed", "entered-in-error"), MedicineState.ENDED),
    **dict.fromkeys(("draft", "intended"), MedicineState.PLANNED),
    "on-hold": MedicineState.PAUSED,
    "not-taken": MedicineState.NOT_TAKEN,
}
_TURNS_ROUND = ("asNeededBoolean", "asNeededCodeableConcept", "maxDosePerPeriod", "maxDosePerAdministration")
"""Without it the rest of a dose would say something else."""


def to_medicine(body: Node, language: str) -> Medicine:
    """What a prescription or a statement says; whether its time is over, the store knows."""
    declared = string(body, "language")
    prescription = string(body, "resourceType") == "MedicationRequest"
    purpose = _first(nodes(body, "reasonCode"), language, declared)
    instructions = nodes(body, "dosageInstruction") or nodes(body, "dosage")
    dose = _dose(instructions, language, declared)
    dispense = node(body, "dispenseRequest")
    return Medicine(
        purpose=purpose.text,
        purpose_language=purpose.language,
        dose=dose.text,
        dose_language=dose.language,
        untold=bool(instructions) and not dose.text,
        prescriber=string(body, "requester", "display"),
        left=_written(node(extension_of(body, "dispense-left"), "valueQuantity"), language),
        quantity=_written(node(dispense, "quantity"), language),
        start=day_here(string(dispense, "validityPeriod", "start")),
        valid_to=day_here(string(dispense, "validityPeriod", "end")),
        state=_state(body, MedicineState.CURRENT if prescription else MedicineState.STATED),
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


def _state(body: Node, in_use: MedicineState) -> MedicineState:
    """``doNotPerform`` turns a prescription into its opposite."""
    state = _STATES.get(string(body, "status"), in_use)
    forbidden = body.get("doNotPerform") is True and state is not MedicineState.ENDED
    return MedicineState.NOT_TAKEN if forbidden else state


def _first(concepts: tuple[Node, ...], language: str, declared: str) -> Term:
    return next((found for one in concepts if (found := term(one, language, declared)).text), Term())


def _dose(instructions: tuple[Node, ...], language: str, declared: str) -> Term:
    """The dose in words, whole: nothing where a part of it could not be said."""
    told = [_told(one, language, declared) for one in instructions]
    if not all(one.text for one in told):
        return Term()
    together = " " if any(string(one, "text") for one in instructions) else ", "
    return Term(text=together.join(one.text for one in told), language=told[0].language if told else "")


def _told(instruction: Node, language: str, declared: str) -> Term:
    """As it was written, with what was written for the patient beside it; else as it came in data."""
    words = [text_term(instruction, name, language, declared) for name in ("text", "patientInstruction")]
    said = list(dict.fromkeys(one.text for one in words if one.text))
    if not said:
        return Term(text=_structured(instruction, language))
    return Term(text=" ".join(said), language=next(one.language for one in words if one.text))


def _structured(instruction: Node, language: str) -> str:
    """A dose that came as data only: amount, and how often as a code. Empty when there is more to it."""
    amounts = [_written(node(one, "doseQuantity"), language) for one in nodes(instruction, "doseAndRate")]
    timing = term(node(instruction, "timing", "code"), language).text
    untold = node(instruction, "timing") and not timing
    if untold or not all(amounts) or any(instruction.get(name) for name in _TURNS_ROUND):
        return ""
    return " ".join(part for part in (*amounts, timing) if part)


def _reason(body: Node, language: str) -> str:
    concept = node(body, "statusReason") or next(iter(nodes(body, "statusReason")), {})
    return term(concept, language, string(body, "language")).text


def _written(quantity: Node, language: str) -> str:
    value = number(quantity, "value")
    unit = spoken(quantity, "unit", language) or string(quantity, "code")
    return f"{value.normalize():f} {unit}".strip() if value is not None else ""
