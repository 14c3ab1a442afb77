"""The R4 judge itself: right things pass, wrong things are named."""

import pytest
from fhir_schema import problems

GOOD = {
    "resourceType": "Communication",
    "id": "a",
    "status": "completed",
    "payload": [{"contentString": "Hei"}],
}


def test_a_valid_resource_has_no_problems() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    "change",
    [
        {"status": "sent-off"},
        {"status": None},
        {"subject": "Patient/x"},
        {"unknown": 1},
        {"sent": "2026-11-23 10:00"},
        {"payload": []},
        {"payload": [{"contentString": ""}]},
        {"payload": [{}]},
        {"payload": [{"contentString": "a", "contentReference": {"reference": "Patient/x"}}]},
        {"resourceType": "Bot"},
    ],
)
def test_a_broken_resource_is_named(change: dict) -> None:
    assert problems(GOOD | change)


def test_a_missing_mandatory_primitive_is_named() -> None:
    assert problems({"resourceType": "Binary", "id": "a"}) == ["Binary: no contentType"]
