"""The seed's health data: rich for one, nothing for another, every hard case somewhere (rows E1 to E10, C13)."""

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from backend_stub.fhir.repository import Repository
from backend_stub.seed.plant import Seeder
from tests.backend_stub.test_stub_seed import planted

KINDS = (
    "Observation",
    "DiagnosticReport",
    "MedicationRequest",
    "Immunization",
    "Condition",
    "AllergyIntolerance",
    "Encounter",
    "DocumentReference",
    "ServiceRequest",
    "AuditEvent",
)
Body = dict[str, Any]


@pytest.fixture(scope="module")
def world() -> tuple[Repository, Seeder]:
    """Seed 1 on a Monday morning."""
    return planted()


def of(world: tuple[Repository, Seeder], who: str, type: str) -> list[Body]:
    """What is about a resident."""
    resident = world[1].roster.get(who)
    assert resident is not None
    return [body for body in world[0].all(type) if resident.reference in str(body)]


def test_one_has_everything_and_one_nothing(world: tuple[Repository, Seeder]) -> None:
    """Every kind of data for Raija, none for Tuomas, some for a child and for a Swedish speaker."""
    assert all(of(world, "raija", kind) for kind in KINDS)
    assert not any(of(world, "tuomas", kind) for kind in KINDS)
    assert len(of(world, "eetu", "Immunization")) >= 5
    assert any(body.get("language") == "sv" for body in of(world, "kerstin", "DocumentReference"))


def test_hard_results_are_there(world: tuple[Repository, Seeder]) -> None:
    """Comparators, codes, texts, a change of unit, and results that are not (any more) what they were."""
    results = world[0].all("Observation")
    assert {"final", "registered", "preliminary", "corrected", "cancelled"} <= {r["status"] for r in results}
    assert any(r.get("valueQuantity", {}).get("comparator") == "<" for r in results)
    assert any("valueCodeableConcept" in r for r in results)
    assert any("valueString" in r for r in results)
    codes = {
        r["valueQuantity"]["code"] for r in of(world, "raija", "Observation") if "6128" in str(r["code"])
    }
    assert codes == {"%", "mmol/mol"}


def test_what_is_held_back_is_not_on_the_wire(world: tuple[Repository, Seeder]) -> None:
    """A result that a professional handles first has a day, and no value anywhere."""
    held = [r for r in world[0].all("Observation") if r["status"] == "registered"]
    assert held
    assert all("valueDate" in r["extension"][0] for r in held)
    assert not [name for r in held for name in r if name.startswith("value")]


def test_files_are_what_they_say(world: tuple[Repository, Seeder]) -> None:
    """PDFs and pictures that open, of the size that is told before."""
    files = {f"Binary/{body['id']}": base64.b64decode(body["data"]) for body in world[0].all("Binary")}
    for paper in world[0].all("DocumentReference"):
        attachment = paper["content"][0]["attachment"]
        if "url" not in attachment:
            continue
        data = files[attachment["url"]]
        assert len(data) == attachment["size"]
        if attachment["contentType"] == "image/png":
            assert Image.open(BytesIO(data)).size[0] > 100
        else:
            assert data.startswith(b"%PDF-")
            assert data.rstrip().endswith(b"%%EOF")


def test_requests_to_renew_stand_everywhere(world: tuple[Repository, Seeder]) -> None:
    """Sent, in handling, renewed and denied with the reason."""
    asked = [one for one in world[0].all("MedicationRequest") if one["intent"] == "proposal"]
    assert {one["status"] for one in asked} == {"active", "on-hold", "completed", "stopped"}
    assert all(one["statusReason"]["text"] for one in asked if one["status"] == "stopped")
