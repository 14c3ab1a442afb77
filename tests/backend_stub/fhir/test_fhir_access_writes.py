"""Two residents: whatever Aino writes, it stays in her own life and in her own name."""

import json
from typing import Any

import httpx
import pytest

from backend_stub.seed.words import CODES
from tests.backend_stub.fhir.fhir_samples import bundle, entry, message, observation, patient, service
from tests.backend_stub.fhir.two_lives import BERTTAS, PATCH, SECRET, state

WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "Communication", message("n", "bertta")),
    ("POST", "Communication", message("n", sender={"reference": "Patient/bertta"})),
    ("POST", "Communication", message("n", sender={"reference": "Practitioner/z"})),
    ("POST", "Communication", {k: v for k, v in message("n").items() if k != "sender"}),
    ("POST", "Communication", {k: v for k, v in message("n").items() if k != "subject"}),
    ("POST", "Communication", message("n", recipient=[{"reference": "Patient/bertta"}])),
    ("POST", "Communication", message("n", about=[{"reference": "http://stub.test/fhir/Patient/bertta"}])),
    (
        "POST",
        "Communication",
        message("n", about=[{"reference": "http://127.0.0.1:8040/fhir/Patient/bertta"}]),
    ),
    (
        "POST",
        "Communication",
        message("n", note=[{"text": "x", "authorReference": {"reference": "Patient/bertta"}}]),
    ),
    ("POST", "Communication", message("n", received="2026-11-23")),
    ("POST", "Communication", message("n", subject={"identifier": {"value": "010190-9bertta"}})),
    ("POST", "Observation", observation("n", "bertta")),
    ("POST", "Observation", observation("n", performer=[{"reference": "Patient/bertta"}])),
    ("POST", "Observation", observation("n", performer=[{"reference": "Practitioner/z"}])),
    ("PUT", "Patient/new", patient("new")),
    ("PUT", "Patient/aino", patient("aino", "Toinen")),
    ("POST", "Patient", patient("n")),
    ("PUT", "HealthcareService/clinic", service("clinic", "Oma")),
    ("POST", "HealthcareService", service("n")),
    (
        "POST",
        "Binary",
        {"resourceType": "Binary", "contentType": "a/b", "securityContext": {"reference": "Patient/bertta"}},
    ),
    (
        "POST",
        "Binary",
        {
            "resourceType": "Binary",
            "contentType": "a/b",
            "securityContext": {"reference": "Communication/bm"},
        },
    ),
    ("POST", "Binary", {"resourceType": "Binary", "contentType": "a/b"}),
    (
        "PUT",
        "Binary/ab",
        {
            "resourceType": "Binary",
            "id": "ab",
            "contentType": "x/y",
            "securityContext": {"reference": "Patient/aino"},
        },
    ),
    (
        "POST",
        "Group",
        {
            "resourceType": "Group",
            "type": "person",
            "actual": True,
            "member": [{"entity": {"reference": "Patient/aino"}}],
        },
    ),
    (
        "POST",
        "AuditEvent",
        {
            "resourceType": "AuditEvent",
            "type": {"code": "a"},
            "recorded": "2026-11-23T08:00:00Z",
            "agent": [{"requestor": True, "who": {"reference": "Patient/aino"}}],
            "source": {"observer": {"display": "x"}},
        },
    ),
    ("POST", "Device", {"resourceType": "Device"}),
    (
        "POST",
        "Subscription",
        {
            "resourceType": "Subscription",
            "status": "requested",
            "reason": "x",
            "channel": {"type": "websocket"},
            "criteria": "Communication?subject=Patient/bertta",
        },
    ),
    (
        "POST",
        "Subscription",
        {
            "resourceType": "Subscription",
            "status": "requested",
            "reason": "x",
            "channel": {"type": "websocket"},
            "criteria": "Communication?subject=Patient/aino,Patient/bertta",
        },
    ),
    (
        "POST",
        "Task",
        {
            "resourceType": "Task",
            "status": "requested",
            "intent": "order",
            "for": {"reference": "Patient/aino"},
            "focus": {"reference": "Patient/bertta"},
        },
    ),
    (
        "POST",
        "Task",
        {
            "resourceType": "Task",
            "status": "requested",
            "intent": "order",
            "for": {"reference": "Patient/aino"},
            "requester": {"reference": "Practitioner/z"},
        },
    ),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
@pytest.mark.parametrize("way", ["alone", "batch", "transaction", "condition"])
async def test_writes_outside_the_own_life(
    two: Any, aino: httpx.AsyncClient, way: str, method: str, path: str, body: dict[str, Any]
) -> None:
    """Refused alone, in a batch, in a transaction and with a condition."""
    before = state(two)

    if way in ("batch", "transaction"):
        answer = await aino.post("", json=bundle(way, entry(method, path, body)))
        status = (
            answer.json()["entry"][0]["response"]["status"] if way == "batch" else str(answer.status_code)
        )
    else:
        extra = {"if-none-exist": "_id=zz"} if way == "condition" else {}
        status = str((await aino.request(method, path, json=body, headers=extra)).status_code)

    assert status == "403"
    assert state(two) == before


@pytest.mark.parametrize("name", ["partOf", "inResponseTo", "payload"])
async def test_links_to_another_thread_are_as_dangling_ones(
    two: Any, aino: httpx.AsyncClient, name: str
) -> None:
    """A message cannot hang on Bertta's thread or Binary, and the refusal does not tell whether it exists."""

    def linked(id: str) -> dict[str, Any]:
        if name == "payload":
            return message("n", payload=[{"contentAttachment": {"url": f"Binary/{id}"}}])
        return message("n", **{name: [{"reference": f"Communication/{id}"}]})

    hers = await aino.post("Communication", json=linked("bb" if name == "payload" else "bm"))
    none = await aino.post("Communication", json=linked("never"))
    own = await aino.post("Communication", json=linked("ab" if name == "payload" else "am"))

    assert (hers.status_code, hers.text) == (none.status_code, none.text)
    assert (hers.status_code, own.status_code) == (422, 201)


@pytest.mark.parametrize(
    "more",
    [
        {"hasMember": [{"reference": "Observation/bo"}]},
        {"derivedFrom": [{"reference": "http://stub.test/fhir/Observation/bo"}]},
        {"extension": [{"url": "a:b", "valueReference": {"reference": "Communication/bm"}}]},
        {"extension": [{"url": "a:b", "valueAttachment": {"url": "Binary/bb"}}]},
    ],
)
async def test_nothing_points_into_another_life(
    two: Any, aino: httpx.AsyncClient, more: dict[str, Any]
) -> None:
    """Who follows a link of Aino's never lands among Bertta's things; her own may be linked."""
    body = {**observation("n"), **more}
    own = json.loads(json.dumps(body).replace("/bo", "/ao").replace("/bm", "/am").replace("/bb", "/ab"))

    assert (await aino.post("Observation", json=body)).status_code == 422
    assert (await aino.post("Observation", json=own)).status_code == 201


async def test_a_chat_is_asked_for_in_the_own_thread(two: Any, aino: httpx.AsyncClient) -> None:
    """Else the clinic would read Bertta's messages in Aino's chat, and answer into Bertta's thread."""

    async def ask(thread: str, **more: Any) -> int:
        coded = {"coding": [{"system": f"{CODES}task", "code": "chat"}]}
        links = {
            "focus": {"reference": f"Communication/{thread}"},
            "for": {"reference": "Patient/aino"},
            **more,
        }
        owner = {
            "owner": {"reference": "HealthcareService/clinic"},
            "requester": {"reference": "Patient/aino"},
        }
        task = {
            "resourceType": "Task",
            "status": "requested",
            "intent": "order",
            "code": coded,
            **links,
            **owner,
        }
        return (await aino.post("Task", json=task)).status_code

    assert await ask("bm") == 422
    assert await ask("never") == 422
    assert await ask("am", basedOn=[{"reference": "Task/bt"}]) == 422
    assert await ask("am") == 201


@pytest.mark.parametrize("path", ["/subject/reference", "/sender/reference", "/recipient/0/reference"])
async def test_a_patch_cannot_move_a_resource(two: Any, aino: httpx.AsyncClient, path: str) -> None:
    """Neither into another compartment nor into another's name."""
    before = state(two)
    operations = [{"op": "replace", "path": path, "value": "Patient/bertta"}]

    assert (await aino.patch("Communication/am", json=operations, headers=PATCH)).status_code == 403
    assert state(two) == before


async def test_conditions_do_not_probe(two: Any, aino: httpx.AsyncClient) -> None:
    """If-None-Exist, conditional update, delete, patch and references see own things only."""
    made = await aino.post(
        "Communication", json=message("n"), headers={"if-none-exist": f"identifier={SECRET}"}
    )
    changed = await aino.put(f"Communication?identifier={SECRET}", json=message("m2"))
    deleted = await aino.delete(f"Communication?identifier={SECRET}")
    patched = await aino.patch(f"Communication?identifier={SECRET}", json=[], headers=PATCH)
    reference = message("n", about=[{"reference": f"Communication?identifier={SECRET}"}])
    referred = await aino.post("", json=bundle("transaction", entry("POST", "Communication", reference)))

    assert [one.status_code for one in (made, changed, deleted, patched, referred)] == [
        201,
        201,
        204,
        404,
        400,
    ]
    assert two.repository.read("Communication", "bm")["meta"]["versionId"] == "1"


async def test_bundles_hold_to_the_rules(two: Any, aino: httpx.AsyncClient) -> None:
    """Reading inside a batch is as reading outside, and a forbidden entry undoes a transaction."""
    reads = [
        entry("GET", one)
        for one in (*BERTTAS, "Patient?name=sala", "Communication/_history", "Patient/bertta/_history")
    ]
    before = state(two)

    read = await aino.post("", json=bundle("batch", *reads))
    undone = await aino.post(
        "",
        json=bundle(
            "transaction",
            entry("PUT", "Communication/ok", message("ok")),
            entry("DELETE", "Communication/bm"),
        ),
    )

    assert SECRET not in read.text
    assert [one["response"]["status"] for one in read.json()["entry"]] == ["404"] * 7 + ["200", "200", "404"]
    assert undone.status_code == 404
    assert state(two) == before
