"""One resource at a time: read, write, conditions, history."""

from typing import Any

import httpx
import pytest

from tests.backend_stub.fhir.fhir_samples import message, nested, observation, patient

PATCH = {"content-type": "application/json-patch+json"}


async def test_create_gives_id_version_and_location(system: httpx.AsyncClient) -> None:
    """POST ignores the body's id, gives a UUID, version 1, ETag, Last-Modified and Location."""
    answer = await system.post("Patient", json=patient("mine"))

    body = answer.json()
    assert answer.status_code == 201
    assert body["id"] != "mine"
    assert body["meta"] == {"versionId": "1", "lastUpdated": "2026-11-23T08:00:00.000Z"}
    assert answer.headers["etag"] == 'W/"1"'
    assert answer.headers["last-modified"] == "Mon, 23 Nov 2026 08:00:00 GMT"
    assert answer.headers["location"] == f"http://stub.test/fhir/Patient/{body['id']}/_history/1"


async def test_put_creates_then_updates(system: httpx.AsyncClient) -> None:
    """A client's own id is taken; the second PUT is version 2."""
    first = await system.put("Patient/p1", json=patient("p1"))
    second = await system.put("Patient/p1", json=patient("p1", "Korhonen"))

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["etag"] == 'W/"2"'
    assert (await system.get("Patient/p1")).json()["name"] == [{"family": "Korhonen"}]


async def test_if_none_match_star_creates_once(system: httpx.AsyncClient) -> None:
    """The create of an offline client: 201 the first time, 412 ever after, also once it is deleted."""
    only = {"if-none-match": "*"}

    answers = [await system.put("Patient/p1", json=patient("p1"), headers=only) for _ in range(2)]
    await system.delete("Patient/p1")
    answers.append(await system.put("Patient/p1", json=patient("p1"), headers=only))

    assert [one.status_code for one in answers] == [201, 412, 412]
    assert (await system.get("Patient/p1")).status_code == 410


async def test_if_match_refuses_a_stale_version(system: httpx.AsyncClient) -> None:
    """If-Match with the current version passes, with another 412; for what never was 404."""
    await system.put("Patient/p1", json=patient("p1"))

    current = await system.put("Patient/p1", json=patient("p1"), headers={"if-match": 'W/"1"'})
    stale = await system.put("Patient/p1", json=patient("p1"), headers={"if-match": 'W/"1"'})
    strange = await system.put("Patient/p1", json=patient("p1"), headers={"if-match": 'W/"abc"'})
    never = await system.put("Patient/p2", json=patient("p2"), headers={"if-match": 'W/"1"'})

    assert [one.status_code for one in (current, stale, strange, never)] == [200, 412, 412, 404]


async def test_conditions_take_lists(system: httpx.AsyncClient) -> None:
    """One of several entity tags is enough (RFC 9110 §13.1); If-None-Match with the current one refuses a write."""
    await system.put("Patient/p1", json=patient("p1"))

    async def put(**headers: str) -> int:
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        return (await system.put("Patient/p1", json=patient("p1"), headers=asked)).status_code

    assert await put(if_match='W/"7", W/"1"') == 200
    assert await put(if_match='"7", "1"') == 412
    assert await put(if_none_match='"2"') == 412
    assert await put(if_none_match='"1"') == 200


async def test_delete_leaves_gone_and_its_history(system: httpx.AsyncClient) -> None:
    """204, then 410; deleting again is 204; a PUT brings it back as the next version."""
    await system.put("Patient/p1", json=patient("p1"))

    deleted = [(await system.delete("Patient/p1")).status_code for _ in range(2)]
    gone = (await system.get("Patient/p1")).status_code
    history = (await system.get("Patient/p1/_history")).json()["entry"]
    back = await system.put("Patient/p1", json=patient("p1"))

    assert (deleted, gone, back.status_code) == ([204, 204], 410, 201)
    assert [one["request"]["method"] for one in history] == ["DELETE", "PUT"]
    assert back.headers["etag"] == 'W/"3"'
    assert (await system.delete("Patient/never")).status_code == 404


async def test_conditional_patch_and_guarded_delete(system: httpx.AsyncClient) -> None:
    """PATCH finds its resource by criteria; DELETE with a stale If-Match is 412."""
    await system.put("Patient/p1", json=patient("p1"))
    add = [{"op": "add", "path": "/active", "value": True}]

    patched = await system.patch("Patient?identifier=010190-9p1", json=add, headers=PATCH)
    stale = await system.delete("Patient/p1", headers={"if-match": 'W/"1"'})
    current = await system.delete("Patient/p1", headers={"if-match": 'W/"2"'})

    assert (patched.status_code, patched.json()["active"]) == (200, True)
    assert (stale.status_code, current.status_code) == (412, 204)


async def test_vread_and_history(system: httpx.AsyncClient, world: Any) -> None:
    """Every version stays readable; _since and _count narrow the history; its pages join up."""
    for number in range(4):
        world.advance(minutes=1)
        await system.put("Patient/p1", json=patient("p1", f"Nimi{number}"))

    second = (await system.get("Patient/p1/_history/2")).json()
    since = (await system.get("Patient/p1/_history", params={"_since": "2026-11-23T08:03:00Z"})).json()
    page = (await system.get("Patient/p1/_history", params={"_count": "3"})).json()
    rest = (await system.get(page["link"][1]["url"])).json()

    assert second["name"][0]["family"] == "Nimi1"
    assert since["total"] == 2
    assert [one["resource"]["meta"]["versionId"] for one in page["entry"] + rest["entry"]] == [
        "4",
        "3",
        "2",
        "1",
    ]
    assert (await system.get("Patient/p1/_history/9")).status_code == 404


async def test_type_and_system_history(system: httpx.AsyncClient) -> None:
    """The type's history holds its deletions; the server's holds all types."""
    await system.put("Patient/p1", json=patient("p1"))
    await system.put("Observation/o1", json=observation("o1", "p1"))
    await system.delete("Patient/p1")

    of_type = (await system.get("Patient/_history")).json()
    of_all = (await system.get("_history")).json()

    assert [one["request"]["method"] for one in of_type["entry"]] == ["DELETE", "PUT"]
    assert "resource" not in of_type["entry"][0]
    assert of_all["total"] == 3


async def test_last_updated_never_repeats(system: httpx.AsyncClient) -> None:
    """With a clock that stands still, each version is still later than all before it."""
    stamps = [
        (await system.post("Patient", json=patient("x"))).json()["meta"]["lastUpdated"] for _ in range(5)
    ]

    assert stamps == sorted(set(stamps))


async def test_conditional_read(system: httpx.AsyncClient) -> None:
    """If-None-Match and If-Modified-Since answer 304 without a body."""
    made = await system.put("Patient/p1", json=patient("p1"))

    by_tag = await system.get("Patient/p1", headers={"if-none-match": made.headers["etag"]})
    by_date = await system.get("Patient/p1", headers={"if-modified-since": made.headers["last-modified"]})
    changed = await system.get("Patient/p1", headers={"if-none-match": 'W/"7"'})
    nonsense = await system.get("Patient/p1", headers={"if-modified-since": "yesterday"})

    assert [one.status_code for one in (by_tag, by_date, changed, nonsense)] == [304, 304, 200, 200]
    assert by_tag.content == b""


async def test_conditional_create(system: httpx.AsyncClient) -> None:
    """If-None-Exist: 201 when nothing matches, 200 with the one match, 412 with several, 412 without a criterion."""

    async def create(criteria: str) -> httpx.Response:
        return await system.post("Patient", json=patient("x"), headers={"if-none-exist": criteria})

    first, again = await create("identifier=010190-9x"), await create("Patient?identifier=010190-9x")
    await system.post("Patient", json=patient("x"))

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert (await create("identifier=010190-9x")).status_code == 412
    assert (await create("_count=1")).status_code == 412
    assert (await create("nonsense=1")).status_code in (400, 412)


async def test_conditional_update_and_delete(system: httpx.AsyncClient) -> None:
    """PUT and DELETE by criteria: none, one or several matches."""
    body = patient("x")
    del body["id"]
    where = {"identifier": "010190-9x"}

    made = await system.put("Patient", params=where, json=body)
    changed = await system.put("Patient", params=where, json={**body, "active": True})
    await system.post("Patient", json=body)
    several = await system.delete("Patient", params=where)
    await system.delete(f"Patient/{made.json()['id']}")
    one = await system.delete("Patient", params=where)
    none = await system.delete("Patient", params=where)

    assert (await system.patch("Patient", params=where, json=[], headers=PATCH)).status_code == 404
    assert (made.status_code, changed.status_code, changed.json()["id"]) == (201, 200, made.json()["id"])
    assert (several.status_code, one.status_code, none.status_code) == (412, 204, 204)
    assert (await system.delete("Patient")).status_code == 412


async def test_patch(system: httpx.AsyncClient) -> None:
    """JSON Patch changes one element; If-Match guards it; a failed test or a bad result changes nothing."""
    await system.put("Patient/p1", json=patient("p1"))
    add = [{"op": "add", "path": "/active", "value": True}]

    done = await system.patch("Patient/p1", json=add, headers=PATCH)
    stale = await system.patch("Patient/p1", json=add, headers={**PATCH, "if-match": 'W/"1"'})
    failed = await system.patch(
        "Patient/p1", json=[{"op": "test", "path": "/id", "value": "z"}], headers=PATCH
    )
    invalid = await system.patch(
        "Patient/p1", json=[{"op": "add", "path": "/nope", "value": 1}], headers=PATCH
    )
    moved = await system.patch(
        "Patient/p1", json=[{"op": "replace", "path": "/id", "value": "z"}], headers=PATCH
    )

    assert (done.status_code, done.json()["active"]) == (200, True)
    assert [one.status_code for one in (stale, failed, invalid, moved)] == [412, 422, 400, 400]
    assert (await system.get("Patient/p1")).headers["etag"] == 'W/"2"'


@pytest.mark.parametrize(
    "operations",
    [
        {},
        [],
        [1],
        [{}],
        [{"op": "fly", "path": "/a"}],
        [{"op": "add", "path": "/a"}],
        [{"op": "add", "path": 1, "value": 1}],
        [{"op": "move", "path": "/a", "from": 2}],
        [{"op": "add", "path": "no-slash", "value": 1}],
        [{"op": "remove", "path": "/name/99"}],
        [{"op": "add", "path": "/name/x", "value": 1}],
        [{"op": "add", "path": "/id/x/y", "value": 1}],
        [{"op": "replace", "path": "", "value": []}],
        [{"op": "remove", "path": ""}],
        [{"op": "copy", "from": "", "path": "/text"}] * 60,
        [{"op": "add", "path": "/extension", "value": nested(300)}],
        [
            {"op": "add", "path": "/extension", "value": nested(250)},
            {"op": "copy", "from": "/extension", "path": "/name"},
        ],
    ],
)
async def test_malformed_patches_are_refused(system: httpx.AsyncClient, operations: Any) -> None:
    """Whatever a patch holds, it is a 4xx and the resource stays."""
    await system.put("Patient/p1", json=patient("p1"))

    answer = await system.patch("Patient/p1", json=operations, headers=PATCH)

    assert 400 <= answer.status_code < 500
    assert (await system.get("Patient/p1")).headers["etag"] == 'W/"1"'


async def test_prefer_return(system: httpx.AsyncClient) -> None:
    """minimal: no body; OperationOutcome: one with information; representation: the resource."""

    async def put(wanted: str) -> httpx.Response:
        return await system.put("Patient/p1", json=patient("p1"), headers={"prefer": f"return={wanted}"})

    minimal, told, whole = await put('"minimal"'), await put("OperationOutcome"), await put("representation")

    assert minimal.content == b""
    assert minimal.headers["etag"] == 'W/"1"'
    assert told.json()["issue"][0]["severity"] == "information"
    assert whole.json()["resourceType"] == "Patient"


async def test_decimals_keep_their_digits(system: httpx.AsyncClient) -> None:
    """5.10 is not 5.1 (R4 §2.24.0.1)."""
    text = '{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"valueQuantity":{"value":5.10}}'
    json_type = {"content-type": "application/fhir+json"}

    made = await system.put("Observation/o", content=text, headers=json_type)
    patched = await system.patch(
        "Observation/o", json=[{"op": "add", "path": "/language", "value": "fi"}], headers=PATCH
    )

    assert '"value":5.10}' in made.text
    assert '"value":5.10}' in patched.text


async def test_subsets_on_read(system: httpx.AsyncClient) -> None:
    """_elements and _summary leave the rest out and say so by the tag SUBSETTED."""
    await system.put("Communication/m", json=message("m", payload=[{"contentString": "Hei"}]))

    part = (await system.get("Communication/m", params={"_elements": "sent"})).json()
    summary = (await system.get("Communication/m", params={"_summary": "true"})).json()

    assert set(part) == {"resourceType", "id", "meta", "status", "sent"}
    assert part["meta"]["tag"][0]["code"] == "SUBSETTED"
    assert "payload" not in summary
    assert "subject" in summary


async def test_binary_as_itself(system: httpx.AsyncClient) -> None:
    """A Binary is JSON for FHIR clients and its own content for others."""
    binary = {"resourceType": "Binary", "id": "b", "contentType": "image/png", "data": "aGVp"}
    await system.put("Binary/b", json=binary)

    raw = await system.get("Binary/b", headers={"accept": "image/png"})

    assert (raw.content, raw.headers["content-type"]) == (b"hei", "image/png")
    assert (await system.get("Binary/b")).json()["data"] == "aGVp"


async def test_date_header_follows_the_clock(system: httpx.AsyncClient, world: Any) -> None:
    """Clients compare the server's Date with lastUpdated, so both come from one clock."""
    world.advance(days=400)

    assert (await system.get("metadata")).headers["date"].endswith("2027 08:00:00 GMT")
