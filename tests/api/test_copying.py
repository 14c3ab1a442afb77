"""What is only being written is in the open file too, as valid R4."""

from typing import Any

import pytest

from app.api.copying import bundle, unsent
from tests import fhir_schema
from tests.stores.examples import START

ME = "Patient/3f7c2a10-0000-4000-8000-000000000001"
KEY = "00000000-0000-4000-8000-000000000009"
PHOTO = ("kuva.png", "image/png", b"\x89PNG")
ANSWERS = {"resourceType": "QuestionnaireResponse", "id": "x", "status": "completed", "questionnaire": "q"}


@pytest.mark.parametrize(
    ("kind", "body", "types"),
    [
        (
            "message",
            {"subject": "Selkä", "text": "Kipeä", "service_id": "s", "thread_id": "t"},
            ["Communication"],
        ),
        ("message", {"subject": "", "text": "", "service_id": "", "thread_id": ""}, ["Communication"]),
        ("form", {"form": "f", "response": ANSWERS}, ["QuestionnaireResponse", "Binary"]),
        ("ombudsman-helper", {"text": "Minua kohdeltiin huonosti"}, ["Basic"]),
    ],
)
def test_every_kind_of_draft_is_valid(kind: str, body: dict[str, Any], types: list[str]) -> None:
    """With its files and its words; nothing says that it was sent."""
    found = unsent(key=KEY, kind=kind, person=ME, body=body, files=[PHOTO])
    assert [one["resourceType"] for one in found] == types
    assert fhir_schema.problems(bundle(found, "https://example.org/fhir", START)) == []
    assert {one.get("status") for one in found} <= {"preparation", "in-progress", None}
    assert ("iVBORw" in str(found)) is (kind in ("message", "form"))
    assert all(word in str(found) for word in (body.get("text", ""), body.get("subject", "")))
