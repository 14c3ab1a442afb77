"""batch and transaction."""

import base64
import json
from typing import Any

import httpx
import pytest

from tests.backend_stub.fhir.fhir_samples import bundle, entry, ids, message, nested, observation, patient

URN = "urn:uuid:0b6f2e3c-6f1e-4f4e-9a53-0d1c9a1a0001"
URN2 = "urn:uuid:0b6f2e3c-6f1e-4f4e-9a53-0d1c9a1a0002"


def statuses(answer: httpx.Response) -> list[str]:
    """Status of each entry, three digits."""
    return [one["response"]["status"] for one in answer.json()["entry"]]


async def test_transaction_settles_references_everywhere(system: httpx.AsyncClient) -> None:
    """urn:uuid becomes Type/id in references, attachments and narrative, also backwards; identifiers stay."""
    made = message(
        "x", subject={"reference": URN}, identifier=[{"system": "urn:ietf:rfc:3986", "value": URN}]
    )
    made["payload"] = [{"contentAttachment": {"url": URN2}}]
    made["text"] = {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{URN2}">x</a></div>',
    }
    binary = {"resourceType": "Binary", "contentType": "text/plain", "data": "aGVp"}
    asked = bundle(
        "transaction",
        entry("POST", "Communication", made),
        entry("POST", "Patient", patient("x"), URN),
        entry("POST", "Binary", binary, URN2),
    )

    answer = await system.post("", json=asked, headers={"prefer": "return=representation"})

    stored, person, blob = (one["resource"] for one in answer.json()["entry"])
    assert statuses(answer) == ["201", "201", "201"]
    assert stored["subject"]["reference"] == f"Patient/{person['id']}"
    assert stored["payload"][0]["contentAttachment"]["url"] == f"Binary/{blob['id']}"
    assert f'href="Binary/{blob["id"]}"' in stored["text"]["div"]
    assert stored["identifier"][0]["value"] == URN


async def test_transaction_is_all_or_nothing(system: httpx.AsyncClient) -> None:
    """One bad entry undoes the others, deletions too, and says which it was."""
    await system.put("Patient/p1", json=patient("p1"))
    asked = bundle(
        "transaction",
        entry("DELETE", "Patient/p1"),
        entry("PUT", "Patient/p2", patient("p2")),
        entry("PUT", "Observation/o", {**observation("o"), "status": "nonsense"}),
    )

    answer = await system.post("", json=asked)

    assert answer.status_code == 400
    assert "entry 2" in answer.json()["issue"][0]["diagnostics"]
    assert (await system.get("Patient/p1")).status_code == 200
    assert (await system.get("Patient/p2")).status_code == 404


async def test_transaction_order(system: httpx.AsyncClient) -> None:
    """DELETE, POST, PUT, GET, wherever they stand; answers keep the places."""
    await system.put("Patient/p1", json=patient("p1"))
    asked = bundle(
        "transaction",
        entry("GET", "Patient?_sort=_id"),
        entry("PUT", "Patient/p3", patient("p3")),
        entry("DELETE", "Patient/p1"),
    )

    answer = (await system.post("", json=asked)).json()["entry"]

    assert [one["resource"]["id"] for one in answer[0]["resource"]["entry"]] == ["p3"]
    assert [one["response"]["status"] for one in answer] == ["200", "201", "204"]


async def test_conditions_inside(system: httpx.AsyncClient) -> None:
    """ifNoneExist, ifMatch, ifNoneMatch and conditional references work inside a transaction."""
    await system.put("Patient/p1", json=patient("p1"))
    where = "identifier=010190-9p1"
    linked = {**observation("o"), "subject": {"reference": f"Patient?{where}"}}
    good = bundle(
        "transaction",
        entry("POST", "Patient", patient("x"), URN, ifNoneExist=where),
        entry("POST", "Observation", {**observation("y"), "subject": {"reference": URN}}),
        entry("PUT", "Observation/o", linked, ifNoneMatch="*"),
        entry("PUT", "Patient/p1", patient("p1", "Uusi"), ifMatch='W/"1"'),
    )
    stale = bundle("transaction", entry("PUT", "Patient/p1", patient("p1"), ifMatch='W/"1"'))

    answer = await system.post("", json=good)

    assert statuses(answer) == ["200", "201", "201", "200"]
    assert len(ids(await system.get("Observation?subject=Patient/p1"))) == 2
    assert (await system.post("", json=stale)).status_code == 412


async def test_same_condition_twice_creates_once(system: httpx.AsyncClient) -> None:
    """Two entries with one ifNoneExist end as one resource, and both names lead to it."""
    where = "identifier=010190-9x"
    asked = bundle(
        "transaction",
        entry("POST", "Patient", patient("x"), URN, ifNoneExist=where),
        entry("POST", "Patient", patient("x"), URN2, ifNoneExist=where),
        entry("POST", "Observation", {**observation("y"), "subject": {"reference": URN2}}),
    )

    await system.post("", json=asked)

    found = ids(await system.get("Patient"))
    assert len(found) == 1
    assert len(ids(await system.get(f"Observation?subject={found[0]}"))) == 1


async def test_batch_entries_stand_alone(system: httpx.AsyncClient) -> None:
    """Good ones are kept, bad ones carry their own outcome."""
    asked = bundle(
        "batch",
        entry("PUT", "Patient/p1", patient("p1")),
        entry("PUT", "Patient/p2", {"resourceType": "Patient", "id": "p2", "nonsense": 1}),
        entry("GET", "Patient/p1"),
        entry("GET", "Patient/none"),
        entry("GET", "metadata"),
        entry("POST", "Patient"),
        entry("POST", "Nonsense", patient("x")),
        entry("POST", "Patient/_search?_id=p1"),
    )

    answer = await system.post("", json=asked)

    assert statuses(answer) == ["201", "400", "200", "404", "200", "400", "404", "200"]
    assert answer.json()["entry"][3]["response"]["outcome"]["resourceType"] == "OperationOutcome"


async def test_patch_in_a_bundle(system: httpx.AsyncClient) -> None:
    """A patch travels in a Binary (R4 http §3.1.0.8.1)."""
    await system.put("Patient/p1", json=patient("p1"))
    data = base64.b64encode(json.dumps([{"op": "add", "path": "/active", "value": True}]).encode()).decode()
    binary = {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": data}

    answer = await system.post("", json=bundle("transaction", entry("PATCH", "Patient/p1", binary)))

    assert statuses(answer) == ["200"]
    assert (await system.get("Patient/p1")).json()["active"] is True


@pytest.mark.parametrize(
    "asked",
    [
        bundle("searchset"),
        {"resourceType": "Bundle"},
        patient("x"),
        {"resourceType": "Bundle", "type": "transaction", "entry": [1]},
        {"resourceType": "Bundle", "type": "transaction", "entry": {}},
        {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": patient("x")}]},
        bundle("transaction", entry("FLY", "Patient")),
        bundle("transaction", entry("POST", "Patient")),
        bundle("transaction", entry("POST", "Patient", observation("x"))),
        bundle("transaction", entry("PUT", "Patient/a", patient("a")), entry("DELETE", "Patient/a")),
        bundle(
            "transaction",
            entry("POST", "Patient", patient("a"), URN),
            entry("POST", "Patient", patient("b"), URN),
        ),
        bundle(
            "transaction", entry("POST", "Observation", {**observation("x"), "subject": {"reference": URN2}})
        ),
        bundle(
            "transaction",
            entry("POST", "Observation", {**observation("x"), "subject": {"reference": "Patient?name=zz"}}),
        ),
        bundle("transaction", entry("POST", "", bundle("batch"))),
        bundle("batch", *[entry("GET", "Patient/x")] * 31),
        bundle("transaction", entry("GET", "Patient/none")),
    ],
)
async def test_bundles_that_are_refused(system: httpx.AsyncClient, asked: Any) -> None:
    """As a whole, with a reason, and nothing is kept."""
    answer = await system.post("", json=asked)

    assert 400 <= answer.status_code < 500
    assert (await system.get("_history")).json()["total"] == 0


async def test_empty_bundle(system: httpx.AsyncClient) -> None:
    """Nothing asked, nothing answered."""
    answer = await system.post("", json={"resourceType": "Bundle", "type": "batch"})

    assert (answer.status_code, answer.json()["type"]) == (200, "batch-response")


async def test_a_resource_found_by_a_condition_is_changed_once(system: httpx.AsyncClient) -> None:
    """Entries that overlap only once their conditions are looked up fail the transaction, and nothing is kept."""
    await system.put("Patient/p1", json=patient("p1"))
    found, named = entry("DELETE", "Patient?identifier=010190-9p1"), entry("PUT", "Patient/p1", patient("p1"))

    twice = await system.post("", json=bundle("transaction", found, named))
    elsewhere = await system.post(
        "", json=bundle("transaction", found, entry("PUT", "Patient/p2", patient("p2")))
    )

    assert (twice.status_code, elsewhere.status_code) == (400, 200)
    assert (await system.get("Patient/p1")).status_code == 410


async def test_type_and_id_beside_an_absolute_full_url(system: httpx.AsyncClient) -> None:
    """``Patient/7`` next to ``https://other.example/fhir/…`` means the entry of that name there, not one of ours."""
    base = "https://other.example/fhir/"
    asked = bundle(
        "transaction",
        entry("POST", "Patient", patient("x"), f"{base}Patient/7"),
        entry(
            "POST",
            "Observation",
            observation("x", subject={"reference": "Patient/7"}),
            f"{base}Observation/8",
        ),
    )

    answer = await system.post("", json=asked, headers={"prefer": "return=representation"})

    person, measured = (one["resource"] for one in answer.json()["entry"])
    assert measured["subject"]["reference"] == f"Patient/{person['id']}"


@pytest.mark.parametrize("depth", [100, 300])
async def test_deep_nesting_in_an_entry_is_refused(system: httpx.AsyncClient, depth: int) -> None:
    """However deep: the client's fault."""
    deep = {**patient("x"), "extension": nested(depth)}

    answer = await system.post("", json=bundle("transaction", entry("POST", "Patient", deep)))

    assert answer.status_code == 400
