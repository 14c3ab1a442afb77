"""Bad input is a 4xx OperationOutcome with a reason (the client fixture checks both), never a 500."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.backend_stub.fhir.fhir_samples import message, patient

JSON = {"content-type": "application/fhir+json"}

BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b"null", 400),
    (b'"text"', 400),
    (b"\xff\xfe", 400),
    (b'{"resourceType":"Patient","active":NaN}', 400),
    (b'{"resourceType":"Patient","id":"x","id":"x"}', 400),
    (b'{"resourceType":"Patient","id":"x"', 400),
    (b'{"resourceType":' + b"[" * 20000, 400),
    (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400),
    (b'{"resourceType":"Patient","multipleBirthInteger":' + b"9" * 5000 + b"}", 400),
    (b'{"resourceType":"Patient","language":"\\ud800"}', 400),
    (b'{"resourceType":"Patient","language":"a\\u0000b"}', 400),
    (b" " * 200_001, 413),
]

RESOURCES: list[dict[str, Any]] = [
    {},
    {"resourceType": "Nonsense"},
    {"resourceType": 7},
    {"resourceType": "Observation", "id": "x"},
    {"resourceType": "Patient"},
    {"resourceType": "Patient", "id": "y"},
    {"resourceType": "Patient", "id": "x", "nonsense": 1},
    {"resourceType": "Patient", "id": "x", "name": {"family": "a"}},
    {"resourceType": "Patient", "id": "x", "name": []},
    {"resourceType": "Patient", "id": "x", "name": [{}]},
    {"resourceType": "Patient", "id": "x", "name": [None]},
    {"resourceType": "Patient", "id": "x", "name": [{"family": ""}]},
    {"resourceType": "Patient", "id": "x", "active": "true"},
    {"resourceType": "Patient", "id": "x", "active": None},
    {"resourceType": "Patient", "id": "x", "gender": "x"},
    {"resourceType": "Patient", "id": "x", "birthDate": "2026-02-30"},
    {"resourceType": "Patient", "id": "x", "birthDate": "2026-02-01\n"},
    {"resourceType": "Patient", "id": "x", "deceasedBoolean": True, "deceasedDateTime": "2026"},
    {"resourceType": "Patient", "id": "x", "deceasedDateTime": "2026-01-01T10:00:00"},
    {"resourceType": "Patient", "id": "x", "multipleBirthInteger": 1.5},
    {"resourceType": "Patient", "id": "x", "photo": [{"data": "a"}]},
    {"resourceType": "Patient", "id": "x", "generalPractitioner": [{"reference": "not a reference"}]},
    {"resourceType": "Patient", "id": "x", "link": [{"type": "seealso"}]},
    {"resourceType": "Patient", "id": "x", "_name": {"id": "a"}},
    {"resourceType": "Patient", "id": "x", "_active": "a"},
    {"resourceType": "Patient", "id": "x", "_active": {"valueString": "a"}},
    {"resourceType": "Patient", "id": "x", "contained": [{"resourceType": "Nonsense"}]},
    {"resourceType": "Patient", "id": "x", "text": {"status": "generated", "div": "plain"}},
    {"resourceType": "Patient", "id": "x", "extension": [{"url": "http://a", "valueBoolean": 1}]},
]


@pytest.mark.parametrize(("body", "status"), BODIES)
async def test_bad_json(system: httpx.AsyncClient, body: bytes, status: int) -> None:
    """What is no JSON, or too much of it."""
    assert (await system.put("Patient/x", content=body, headers=JSON)).status_code == status


@pytest.mark.parametrize("body", RESOURCES)
async def test_bad_resources(system: httpx.AsyncClient, body: dict[str, Any]) -> None:
    """What is JSON but no R4, or not what the address says."""
    assert (await system.put("Patient/x", json=body)).status_code == 400


async def test_every_fault_is_named_with_its_place(system: httpx.AsyncClient) -> None:
    """Several faults are told at once, by path, without the values."""
    answer = await system.put("Patient/x", json={**patient("x"), "gender": "secret", "birthDate": "secret"})

    issues = answer.json()["issue"]
    assert [one["expression"] for one in issues] == [["Patient.gender"], ["Patient.birthDate"]]
    assert "secret" not in answer.text


async def test_shadow_elements_are_kept(world: Any) -> None:
    """A required primitive may be absent with a reason, and null keeps a list's places (which HL7's schema forgot)."""
    system = world.client("system")
    system.event_hooks = {}
    absent = {
        "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
        ]
    }
    body = {key: value for key, value in message("m").items() if key != "status"} | {"_status": absent}
    person = patient("p", name=[{"given": [None, "Aino"], "_given": [{"id": "a"}, None]}])

    assert (await system.put("Communication/m", json=body)).json()["_status"] == absent
    assert (await system.put("Patient/p", json=person)).json()["name"] == person["name"]


ADDRESSES = [
    ("GET", "", 405),
    ("GET", "Nonsense", 404),
    ("GET", "Nonsense/1", 404),
    ("GET", "patient/1", 404),
    ("GET", "Patient/a/b/c/d", 404),
    ("GET", "Patient/a/_history/1/x", 404),
    ("GET", "Patient/" + "a" * 65, 400),
    ("GET", "Patient/a%20b", 400),
    ("GET", "Patient/a%00", 400),
    ("GET", "Patient/%F0%9F%98%80", 400),
    ("PUT", "Patient/a_b", 400),
    ("POST", "Patient/a", 405),
    ("PUT", "metadata", 405),
    ("DELETE", "_history", 405),
    ("POST", "Patient/_history", 405),
    ("GET", "Patient/_search", 405),
    ("OPTIONS", "Patient", 405),
    ("TRACE", "Patient/a", 405),
    ("BREW", "Patient", 405),
    ("GET", "Patient/$nonsense", 404),
    ("POST", "Patient/a/$nonsense", 404),
    ("GET", "Patient/$validate", 405),
    ("GET", "$nonsense", 404),
    ("GET", "Observation/a/Patient", 404),
    ("GET", "Patient/a/_history/99999999999999999999", 404),
    ("GET", "Patient/_history?_since=x", 400),
    ("GET", "Patient/_history?_count=x", 400),
    ("GET", "Patient?" + "&".join(["name=a"] * 101), 400),
    ("GET", "Patient?" + "&".join(["a=1"] * 1001), 400),
    ("GET", "Patient?subject.subject.subject.subject.subject=1", 200),
]


@pytest.mark.parametrize(("method", "address", "status"), ADDRESSES)
async def test_addresses(system: httpx.AsyncClient, method: str, address: str, status: int) -> None:
    """What is not there, or not with this method; 405 names what would do."""
    answer = await system.request(method, address)

    assert answer.status_code == status
    assert status != 405 or answer.headers["allow"]


async def test_media_types(system: httpx.AsyncClient) -> None:
    """XML is 406 when asked for and 415 when sent; forms only on _search; JSON Patch only on PATCH."""
    xml = {"content-type": "application/fhir+xml"}

    assert (await system.get("metadata", headers={"accept": "application/fhir+xml"})).status_code == 406
    assert (await system.get("metadata?_format=xml")).status_code == 406
    assert (await system.get("metadata?_format=json")).status_code == 200
    assert (await system.get("metadata", headers={"accept": "text/html, */*"})).status_code == 200
    assert (await system.post("Patient", content=b"<Patient/>", headers=xml)).status_code == 415
    assert (await system.post("Patient", data={"a": "b"})).status_code == 415
    assert (await system.post("Patient/_search", json={})).status_code == 415
    assert (await system.patch("Patient/a", json=[])).status_code == 415
    assert (
        await system.post("Patient", json=patient("x"), headers={"content-encoding": "gzip"})
    ).status_code == 415
    latin = {"content-type": "application/fhir+json; charset=iso-8859-1"}
    assert (await system.post("Patient", content=b"{}", headers=latin)).status_code == 415
    assert (await system.get("metadata", headers={"accept": ""})).status_code == 200


async def test_pretty(system: httpx.AsyncClient) -> None:
    """_pretty=true is for eyes."""
    assert "\n  " in (await system.get("metadata?_pretty=true")).text


async def test_an_unforeseen_fault_tells_nothing(world: Any) -> None:
    """500 is an OperationOutcome with the fault's class and neither traceback nor content."""
    world.repository.close()
    client = world.client("system")
    client.event_hooks = {}

    answer = await client.get("Patient/secret")

    assert answer.status_code == 500
    assert answer.json()["issue"][0]["diagnostics"] == "unforeseen fault: ProgrammingError"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "reference", "coding", "extension", "url", "value"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
ELEMENTS = [
    "id",
    "meta",
    "text",
    "status",
    "subject",
    "sent",
    "payload",
    "contained",
    "extension",
    "_sent",
    "recipient",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from(ELEMENTS), values))
async def test_any_body_is_answered(world: Any, body: dict[str, Any]) -> None:
    """Whatever JSON comes, the answer is 201 or 400."""
    async with world.client("system") as http:
        content = json.dumps({"resourceType": "Communication", "status": "completed"} | body).encode(
            "utf-8", "replace"
        )
        answer = await http.post("Communication", content=content, headers=JSON)

    assert answer.status_code in (201, 400)


NAMES = [
    "name",
    "birthdate",
    "_sort",
    "_count",
    "_include",
    "_revinclude",
    "_elements",
    "_lastUpdated",
    "identifier",
    "general-practitioner",
    "general-practitioner.name",
    "_has:Observation:patient:date",
    "_id",
    "_summary",
    "_total",
    "_page",
    "_offset",
    "_tag",
    "_profile:below",
    "_has",
    "_has:x",
    "link:missing",
    "_format",
    "address:contains",
]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(params=st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=20)), max_size=4))
async def test_any_search_is_answered(world: Any, params: list[tuple[str, str]]) -> None:
    """Whatever is asked, the answer is a Bundle or a refusal."""
    async with world.client("system") as http:
        clean = [(name, value.encode("utf-8", "replace").decode()) for name, value in params]
        answer = await http.get("Patient", params=clean)

    assert answer.status_code in (200, 400, 406, 410)
