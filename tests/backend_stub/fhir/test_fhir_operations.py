"""Operations that other rooms hand in by FhirConfig.operations."""

import json
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from backend_stub.fhir.access import SYSTEM
from backend_stub.fhir.app import FhirConfig, Operation, Reply, Request, fhir_routes
from backend_stub.fhir.errors import Conflict
from tests.backend_stub.fhir.fhir_samples import bundle, entry, patient


def echo(request: Request) -> Reply:
    """Tells where it was called."""
    issue = {
        "severity": "information",
        "code": "informational",
        "diagnostics": f"{request.type}/{request.id}",
    }
    return Reply(200, json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}))


def half_done(request: Request) -> Reply:
    """Writes, and then finds that it cannot go on."""
    request.repository.create(patient("half"))
    raise Conflict("the slot is taken")


@pytest.fixture
def http(world: Any) -> httpx.AsyncClient:
    """The server with operations on all three levels."""
    operations = (
        Operation("find", "type", ("Appointment",), echo, get=True),
        Operation("hold", "instance", ("Slot", "Appointment"), echo),
        Operation("tick", "system", (), echo),
        Operation("book", "type", ("Appointment",), half_done),
    )
    config = FhirConfig("http://stub.test/fhir", "http://stub.test/auth", operations=operations)
    app = Starlette(routes=fhir_routes(world.repository, lambda headers: SYSTEM, config, prefix="/fhir"))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stub.test/fhir/")


@pytest.mark.parametrize(
    ("method", "address", "answer"),
    [
        ("GET", "Appointment/$find?start=2026", "Appointment/"),
        ("POST", "Appointment/$find", "Appointment/"),
        ("POST", "Slot/s1/$hold", "Slot/s1"),
        ("POST", "$tick", "/"),
        ("GET", "Slot/s1/$hold", 405),
        ("POST", "Slot/$find", 404),
        ("POST", "Slot/s1/$find", 404),
        ("POST", "$find", 404),
    ],
)
async def test_levels(http: httpx.AsyncClient, method: str, address: str, answer: str | int) -> None:
    """Each is found on its own level and types only, by GET only when it is harmless."""
    got = await http.request(method, address)

    assert (got.json()["issue"][0]["diagnostics"] if isinstance(answer, str) else got.status_code) == answer


async def test_a_failing_operation_keeps_nothing(http: httpx.AsyncClient, world: Any) -> None:
    """It runs in one transaction, alone and in a batch."""
    alone = await http.post("Appointment/$book")
    inside = await http.post(
        "", json=bundle("batch", entry("POST", "Appointment/$book", {"resourceType": "Parameters"}))
    )

    assert alone.status_code == 409
    assert inside.json()["entry"][0]["response"]["status"] == "409"
    assert world.repository.counts() == {}


async def test_metadata_names_them(http: httpx.AsyncClient) -> None:
    """With their types, so that a client knows before it asks."""
    rest = (await http.get("metadata")).json()["rest"][0]
    by_type = {one["type"]: [op["name"] for op in one.get("operation", ())] for one in rest["resource"]}

    assert "find" in by_type["Appointment"]
    assert "hold" in by_type["Slot"]
    assert [one["name"] for one in rest["operation"]] == ["tick"]
