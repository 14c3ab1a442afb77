"""Elements that turn round what a resource says (R4's modifiers): what is not so must never be shown as if it were."""

from typing import Any

import pytest

from app.api.record import to_entry
from app.domain.medicines import Medicine, MedicineState
from app.domain.record import Allergy, Diagnosis, Entry
from app.domain.results import Flag, Result

Body = dict[str, Any]


def made(type: str, **body: Any) -> Entry:
    return to_entry({"resourceType": type, **body}, "fi")


def status(code: str) -> Body:
    return {"coding": [{"code": code}]}


def medicine(type: str = "MedicationRequest", **body: Any) -> Medicine:
    about = made(type, **body).about
    assert isinstance(about, Medicine)
    return about


@pytest.mark.parametrize(
    ("type", "body", "state"),
    [
        ("MedicationRequest", {"status": "active"}, MedicineState.CURRENT),
        ("MedicationRequest", {"status": "active", "doNotPerform": True}, MedicineState.NOT_TAKEN),
        ("MedicationRequest", {"status": "on-hold"}, MedicineState.PAUSED),
        ("MedicationRequest", {"status": "draft"}, MedicineState.PLANNED),
        ("MedicationRequest", {"status": "stopped", "doNotPerform": True}, MedicineState.ENDED),
        ("MedicationStatement", {"status": "active"}, MedicineState.STATED),
        ("MedicationStatement", {"status": "not-taken"}, MedicineState.NOT_TAKEN),
        ("MedicationStatement", {"status": "on-hold"}, MedicineState.PAUSED),
        ("MedicationStatement", {"status": "intended"}, MedicineState.PLANNED),
    ],
)
def test_only_a_medicine_in_use_is_said_to_be_in_use(type: str, body: Body, state: MedicineState) -> None:
    found = medicine(type, **body)
    assert found.state is state
    assert found.renewable is (state is MedicineState.CURRENT)


def dose(*instructions: Body) -> str:
    return medicine(status="active", dosageInstruction=list(instructions)).dose


TABLET = {"doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tabletti"}}]}
TWICE = {"timing": {"code": {"text": "kaksi kertaa päivässä"}}}


def test_a_dose_is_told_whole_or_not_at_all() -> None:
    """One tablet that is to be taken twice a day must not read "1 tabletti"."""
    assert dose({**TABLET, **TWICE}) == "1 tabletti kaksi kertaa päivässä"
    assert dose({**TABLET, "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}}) == ""
    assert dose({**TABLET, **TWICE, "asNeededBoolean": True}) == ""
    assert dose({**TABLET, **TWICE, "maxDosePerPeriod": {"numerator": {"value": 3}}}) == ""
    assert dose({"doseAndRate": [{"doseRange": {"low": {"value": 1}, "high": {"value": 2}}}], **TWICE}) == ""
    assert dose({**TABLET, **TWICE}, {**TABLET, "timing": {"repeat": {"when": ["HS"]}}}) == ""


def test_no_instruction_is_left_out() -> None:
    """What is written for the patient stands beside the dose, not in its place."""
    morning, evening = {"text": "1 tabletti aamulla."}, {"text": "2 tablettia illalla."}
    assert dose({**morning, "patientInstruction": "Ruoan kanssa."}, evening) == (
        "1 tabletti aamulla. Ruoan kanssa. 2 tablettia illalla."
    )
    assert dose({**morning, "patientInstruction": "1 tabletti aamulla."}) == "1 tabletti aamulla."


def test_a_refuted_allergy_is_none() -> None:
    about = made("AllergyIntolerance", criticality="high", verificationStatus=status("refuted")).about
    assert isinstance(about, Allergy)
    assert (about.refuted, about.active) == (True, False)
    suspected = made("AllergyIntolerance", verificationStatus=status("unconfirmed")).about
    assert isinstance(suspected, Allergy)
    assert (suspected.refuted, suspected.active, suspected.sure) == (False, True, False)


@pytest.mark.parametrize(
    ("code", "not_done"), [("completed", ""), ("not-done", "not-done"), ("preparation", "preparation")]
)
def test_a_procedure_that_was_not_done_says_so(code: str, not_done: str) -> None:
    assert made("Procedure", status=code, code={"text": "Tähystys"}).undone == not_done


def test_an_ended_diagnosis_ended_on_that_day_in_finland() -> None:
    about = made("Condition", abatementDateTime="2024-05-31T21:30:00Z").about
    assert isinstance(about, Diagnosis)
    assert str(about.ended) == "2024-06-01"


def test_a_prescription_is_valid_until_that_day_in_finland() -> None:
    period = {"start": "2026-01-31T22:00:00Z", "end": "2026-12-31T23:59:59+02:00"}
    found = medicine(status="active", dispenseRequest={"validityPeriod": period})
    assert (str(found.start), str(found.valid_to)) == ("2026-02-01", "2026-12-31")


def limits(**more: Any) -> Body:
    return {"low": {"value": 120, "unit": "g/l"}, "high": {"value": 150, "unit": "g/l"}, **more}


def result(*ranges: Body) -> Result:
    body = {"status": "final", "valueQuantity": {"value": 160, "unit": "g/l"}, "referenceRange": list(ranges)}
    about = made("Observation", **body).about
    assert isinstance(about, Result)
    return about


def test_limits_of_other_people_flag_nothing() -> None:
    """A laboratory that sends the limits of women, men and children leaves it to the reader whose they are."""
    women, men = limits(appliesTo=[{"text": "naiset"}]), limits(appliesTo=[{"text": "miehet"}])
    assert result(limits()).flag is Flag.HIGH
    assert result(women).flag is Flag.HIGH
    assert (result(women, men).flag, result(women, men).limits.high) == (Flag.NONE, None)
    assert result(men, limits(age={"high": {"value": 18}})).flag is Flag.NONE
    assert result(women, limits()).flag is Flag.NONE
