"""Unkind servers: each way of the tempers, by what a client notices."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend_stub.fhir.temper import BEST, TEMPERS
from tests.backend_stub.fhir.fhir_samples import bundle, entry, ids, message, patient

JSON_PATCH = {"content-type": "application/json-patch+json"}


def temper(world: Any, **ways: Any) -> None:
    """Change the server's ways while it runs."""
    world.temper = replace(BEST, name="test", **ways)


async def test_no_client_ids(world: Any, system: httpx.AsyncClient) -> None:
    """PUT to an unknown id is 404; to a known one it updates."""
    world.repository.create(patient("known"))
    temper(world, client_ids=False)

    assert (await system.put("Patient/p1", json=patient("p1"))).status_code == 404
    assert (await system.put("Patient/known", json=patient("known"))).status_code == 200


@pytest.mark.parametrize(
    ("way", "status", "version"), [("412", 412, "1"), ("304", 304, "1"), ("ignored", 200, "2")]
)
async def test_if_none_match(
    world: Any, system: httpx.AsyncClient, way: str, status: int, version: str
) -> None:
    """Honoured by 412, by 304, or not at all."""
    world.repository.create(patient("p1"))
    temper(world, if_none_match=way)

    assert (
        await system.put("Patient/p1", json=patient("p1"), headers={"if-none-match": "*"})
    ).status_code == status
    assert world.repository.read("Patient", "p1")["meta"]["versionId"] == version


async def test_if_none_exist_ignored(world: Any, system: httpx.AsyncClient) -> None:
    """Every POST makes another one."""
    temper(world, if_none_exist=False)
    headers = {"if-none-exist": "identifier=010190-9x"}

    answers = [await system.post("Patient", json=patient("x"), headers=headers) for _ in range(2)]

    assert [one.status_code for one in answers] == [201, 201]


async def test_if_none_exist_races(world: Any, system: httpx.AsyncClient) -> None:
    """Two at once are both made; one that comes later finds the first."""
    temper(world, exist_race=timedelta(seconds=5))
    headers = {"if-none-exist": "identifier=010190-9x"}

    answers = [await system.post("Patient", json=patient("x"), headers=headers)]
    answers.append(await system.post("Patient", json=patient("x"), headers=headers))
    await system.delete(f"Patient/{answers[1].json()['id']}")
    world.advance(seconds=5)
    answers.append(await system.post("Patient", json=patient("x"), headers=headers))

    assert [one.status_code for one in answers] == [201, 201, 200]


async def test_conflicts(world: Any, system: httpx.AsyncClient) -> None:
    """A stale If-Match is 409 on some servers and not looked at on others."""
    world.repository.create(patient("p1"))
    stale = {"if-match": 'W/"9"'}

    temper(world, conflict=409)
    assert (await system.put("Patient/p1", json=patient("p1"), headers=stale)).status_code == 409
    temper(world, if_match=False)
    assert (await system.put("Patient/p1", json=patient("p1"), headers=stale)).status_code == 200


async def test_what_is_not_offered(world: Any, system: httpx.AsyncClient) -> None:
    """History, patch, conditions, POSTed searches and searches in a batch can be missing, and /metadata says so."""
    world.repository.create(patient("p1"))
    temper(
        world,
        instance_history=False,
        type_history=False,
        patch=False,
        conditional=False,
        batch_search=False,
        post_search=False,
    )

    answers = [
        await system.get("Patient/p1/_history"),
        await system.get("Patient/_history"),
        await system.patch("Patient/p1", json=[{"op": "remove", "path": "/name"}], headers=JSON_PATCH),
        await system.delete("Patient?identifier=1"),
        await system.post("Patient/_search"),
    ]
    batch = (await system.post("", json=bundle("batch", entry("GET", "Patient")))).json()
    told = (await system.get("metadata")).json()

    assert [one.status_code for one in answers] == [405] * 5
    assert batch["entry"][0]["response"]["status"] == "405"
    assert "patchFormat" not in told
    codes = {one["code"] for one in told["rest"][0]["resource"][0]["interaction"]}
    assert codes.isdisjoint({"patch", "vread", "history-instance", "history-type"})


async def test_transactions_that_are_not_atomic(world: Any, system: httpx.AsyncClient) -> None:
    """The good entry stays although the bad one fails."""
    temper(world, transaction_atomic=False)
    asked = bundle("transaction", entry("PUT", "Patient/p1", patient("p1")), entry("GET", "Patient/none"))

    answer = await system.post("", json=asked)

    assert [one["response"]["status"] for one in answer.json()["entry"]] == ["201", "404"]
    assert (await system.get("Patient/p1")).status_code == 200


async def test_search_lag(world: Any, system: httpx.AsyncClient) -> None:
    """New, changed and deleted things are found as they were; reading sees them as they are."""
    await system.put("Patient/changed", json=patient("changed", "Ennen"))
    await system.put("Patient/deleted", json=patient("deleted", "Ennen"))
    world.advance(minutes=1)
    temper(world, search_lag=timedelta(seconds=30))
    await system.put("Patient/changed", json=patient("changed", "Jälkeen"))
    await system.delete("Patient/deleted")
    await system.put("Patient/new", json=patient("new"))

    assert sorted(ids(await system.get("Patient"))) == ["changed", "deleted"]
    assert ids(await system.get("Patient?name=jalkeen")) == []
    assert (await system.get("Patient/new")).status_code == 200
    world.advance(minutes=1)
    assert sorted(ids(await system.get("Patient"))) == ["changed", "new"]


async def test_lag_keeps_compartments(world: Any, aino: httpx.AsyncClient) -> None:
    """The past is as private as the present."""
    world.repository.create(message("b1", "bertta"))
    world.repository.create(message("a1"))
    world.advance(minutes=1)
    temper(world, search_lag=timedelta(seconds=1))

    assert ids(await aino.get("Communication")) == ["a1"]


async def test_sort_elements_and_counts(world: Any, system: httpx.AsyncClient) -> None:
    """_sort and _elements can be ignored, pages can be small."""
    for id in ("c", "a", "b"):
        world.repository.create(patient(id))
    temper(world, sort_ignored=True, elements_ignored=True, max_count=2)

    answer = await system.get("Patient?_sort=_id&_elements=id&_count=10")

    assert ids(answer) == ["c", "a"]
    assert "name" in answer.json()["entry"][0]["resource"]


async def test_offset_paging_shifts(world: Any, system: httpx.AsyncClient) -> None:
    """A write between two pages makes the second repeat what the first had: what clients must survive."""
    for number in range(4):
        world.repository.create(patient(f"p{number}"))
    temper(world, paging="offset")

    first = await system.get("Patient?_sort=-_lastUpdated&_count=2")
    world.repository.create(patient("p4"))
    second = await system.get(first.json()["link"][1]["url"])

    assert (ids(first), ids(second)) == (["p3", "p2"], ["p2", "p1"])


@pytest.mark.parametrize(("way", "host"), [("none", None), ("elsewhere", "inner.example")])
async def test_odd_links(world: Any, system: httpx.AsyncClient, way: str, host: str | None) -> None:
    """No next link although there is more, or one that names another host."""
    for number in range(4):
        world.repository.create(patient(f"p{number}"))
    temper(world, paging=way)

    page = (await system.get("Patient?_count=2")).json()
    further = [link["url"] for link in page["link"] if link["relation"] == "next"]

    assert page["total"] == 4
    assert [httpx.URL(url).host for url in further] == ([host] if host else [])


async def test_links_that_have_expired(world: Any, system: httpx.AsyncClient) -> None:
    """410 at once."""
    for number in range(4):
        world.repository.create(patient(f"p{number}"))
    temper(world, paging="expired")

    first = await system.get("Patient?_count=2")

    assert (await system.get(first.json()["link"][1]["url"])).status_code == 410


async def test_late_versions(world: Any, system: httpx.AsyncClient) -> None:
    """Every third is seen by searches only later, with the time it was written at; reading sees it at once."""
    for number in range(6):
        world.repository.create(patient(f"p{number}"))
    temper(world, late=timedelta(minutes=2))

    assert len(ids(await system.get("Patient"))) == 4
    assert (await system.get("Patient/p2")).status_code == 200
    world.advance(minutes=3)
    assert len(ids(await system.get("Patient"))) == 6


async def test_search_cache(world: Any, system: httpx.AsyncClient) -> None:
    """The same words get the same page for a minute, unless a fresh one is asked for."""
    world.repository.create(patient("p1"))
    temper(world, search_cache=timedelta(seconds=60))
    fresh = {"cache-control": "no-cache"}

    assert ids(await system.get("Patient")) == ["p1"]
    world.repository.create(patient("p2"))
    assert ids(await system.get("Patient")) == ["p1"]
    assert ids(await system.get("Patient", headers=fresh)) == ["p1", "p2"]
    world.advance(minutes=2)
    assert ids(await system.get("Patient")) == ["p1", "p2"]


async def test_the_search_cache_is_each_callers_own(
    world: Any, system: httpx.AsyncClient, aino: httpx.AsyncClient
) -> None:
    """A page is never given to somebody else."""
    world.repository.create(message("b1", "bertta"))
    temper(world, search_cache=timedelta(seconds=60))

    assert ids(await system.get("Communication")) == ["b1"]
    assert ids(await aino.get("Communication")) == []


async def test_coarse_times(world: Any, system: httpx.AsyncClient) -> None:
    """Whole seconds, in every answer; what is found by them is still found."""
    for number in range(3):
        world.repository.create(patient(f"p{number}"))
    temper(world, coarse_times=True)

    found = (await system.get("Patient")).json()["entry"]
    times = [one["resource"]["meta"]["lastUpdated"] for one in found]

    assert all("." not in time for time in times)
    assert len(ids(await system.get(f"Patient?_lastUpdated=ge{times[0]}"))) == 3


async def test_normalising(world: Any, system: httpx.AsyncClient) -> None:
    """The client's own mark is gone, a narrative is there."""
    temper(world, normalises=True)
    mark = {"url": "https://x.example/StructureDefinition/client-mutation", "valueId": "k"}

    await system.put("Patient/p1", json={**patient("p1"), "extension": [mark]})
    stored = (await system.get("Patient/p1")).json()

    assert "extension" not in stored
    assert stored["text"]["status"] == "generated"


async def test_renaming_and_claims(world: Any, system: httpx.AsyncClient) -> None:
    """PUT to an unknown id gets another one; what is promised is not done."""
    temper(world, renames=True, claims=True, if_none_exist=False, client_ids=True)

    made = await system.put("Patient/p1", json=patient("p1"))
    told = (await system.get("metadata")).json()["rest"][0]["resource"][0]

    assert made.status_code == 201
    assert made.json()["id"] != "p1"
    assert told["conditionalCreate"] is True


async def test_no_websocket(world: Any, system: httpx.AsyncClient) -> None:
    """Not announced, and Subscriptions are refused."""
    temper(world, websocket=False)
    body = {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "x",
        "criteria": "Slot?status=free",
        "channel": {"type": "websocket"},
    }

    assert "extension" not in (await system.get("metadata")).json()["rest"][0]
    assert (await system.post("Subscription", json=body)).status_code == 422


@pytest.mark.parametrize("name", sorted(TEMPERS))
async def test_every_temper_still_reads_and_writes(world: Any, system: httpx.AsyncClient, name: str) -> None:
    """A create by POST, an update and a read work on every server."""
    world.temper = TEMPERS[name]

    made = (await system.post("Patient", json=patient("x"))).json()
    changed = await system.put(
        f"Patient/{made['id']}", json={**made, "active": True}, headers={"if-match": 'W/"1"'}
    )

    assert (changed.status_code, changed.headers["etag"]) == (200, 'W/"2"')
    assert (await system.get(f"Patient/{made['id']}")).json()["active"] is True
