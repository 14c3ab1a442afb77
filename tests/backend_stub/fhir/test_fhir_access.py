"""Two residents: whatever Aino tries, nothing of Bertta's is shown, changed or given away by how it is refused."""

import re
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_stub.fhir.compartment import ties
from backend_stub.fhir.definitions import compartment, parameters
from backend_stub.fhir.paths import compile_path
from tests.backend_stub.fhir.fhir_samples import bundle, entry, ids, message, observation, patient, service

SECRET = "SALAISUUS"
PATCH = {"content-type": "application/json-patch+json"}
BERTTAS = (
    "Patient/bertta",
    "Communication/bm",
    "Observation/bo",
    "Binary/bb",
    "Binary/bb2",
    "Subscription/bs",
    "Task/bt",
)


@pytest.fixture
def two(world: Any) -> Any:
    """Aino and Bertta, each with a life of their own; Bertta's is full of secrets."""
    make = world.repository.create
    for id in ("aino", "bertta"):
        mark = SECRET if id == "bertta" else "Avoin"
        i = id[0]
        make(patient(id, mark))
        make(message(f"{i}m", id, payload=[{"contentString": mark}], identifier=[{"value": mark}]))
        make(observation(f"{i}o", id, 61.5 if id == "bertta" else 72.5, note=[{"text": mark}]))
        context = {"reference": f"Patient/{id}"}
        make(
            {"resourceType": "Binary", "id": f"{i}b", "contentType": "text/plain", "securityContext": context}
        )
        make(
            {
                "resourceType": "Binary",
                "id": f"{i}b2",
                "contentType": f"text/{mark}",
                "securityContext": {"reference": f"Communication/{i}m"},
            }
        )
        make(
            {
                "resourceType": "Subscription",
                "id": f"{i}s",
                "status": "active",
                "reason": mark,
                "criteria": f"Communication?subject=Patient/{id}",
                "channel": {"type": "websocket"},
            }
        )
        make(
            {
                "resourceType": "Task",
                "id": f"{i}t",
                "status": "requested",
                "intent": "order",
                "description": mark,
                "for": context,
                "focus": {"reference": f"Communication/{i}m"},
            }
        )
        make(message(f"{i}x", id, payload=[{"contentString": mark}]))
        world.repository.delete("Communication", f"{i}x")
    make(service("clinic"))
    make(
        {
            "resourceType": "Group",
            "id": "g",
            "type": "person",
            "actual": True,
            "name": SECRET,
            "member": [{"entity": {"reference": f"Patient/{id}"}} for id in ("aino", "bertta")],
        }
    )
    make(
        {
            "resourceType": "Communication",
            "id": "anonymous",
            "status": "completed",
            "note": [{"text": SECRET}],
        }
    )
    make({"resourceType": "Device", "id": "d", "note": [{"text": SECRET}]})
    return world


def state(world: Any) -> list[tuple[Any, ...]]:
    """All versions there are."""
    return list(
        world.repository.storage.db.execute("SELECT type, id, version, body FROM version ORDER BY seq")
    )


INSTANCE = [
    ("GET", "{}", None),
    ("HEAD", "{}", None),
    ("GET", "{}/_history", None),
    ("GET", "{}/_history/1", None),
    ("GET", "{}?_elements=id", None),
    ("DELETE", "{}", None),
    ("PATCH", "{}", [{"op": "add", "path": "/language", "value": "fi"}]),
    ("PATCH", "{}", [{"op": "test", "path": "/id", "value": "x"}]),
    ("POST", "{}/$everything", None),
    ("GET", "{}/$everything", None),
]


@pytest.mark.parametrize(
    "target", [*BERTTAS, "Communication/bx", "Group/g", "Communication/anonymous", "Device/d"]
)
@pytest.mark.parametrize(("method", "form", "body"), INSTANCE)
async def test_another_persons_id_is_as_if_it_never_was(
    two: Any, aino: httpx.AsyncClient, target: str, method: str, form: str, body: Any
) -> None:
    """Each route answers alike for Bertta's id and for one that never existed, and changes nothing."""
    before = state(two)
    headers = PATCH if method == "PATCH" else {}
    for extra in (
        {},
        {"if-match": 'W/"1"'},
        {"if-none-match": 'W/"1"'},
        {"if-modified-since": "Mon, 23 Nov 2026 09:00:00 GMT"},
    ):
        there = await aino.request(method, form.format(target), json=body, headers={**headers, **extra})
        never = target.partition("/")[0] + "/never"
        not_there = await aino.request(method, form.format(never), json=body, headers={**headers, **extra})

        assert (there.status_code, there.text) == (not_there.status_code, not_there.text)
        assert there.status_code in (403, 404)
    assert state(two) == before


@pytest.mark.parametrize("extra", [{}, {"if-none-match": "*"}, {"if-match": 'W/"1"'}, {"if-match": 'W/"9"'}])
@pytest.mark.parametrize("target", ["bm", "bx", "anonymous"])
async def test_put_to_another_persons_id(
    two: Any, aino: httpx.AsyncClient, target: str, extra: dict[str, str]
) -> None:
    """Refused by 404 whatever the conditions; a body of Bertta's by 403, for taken and free ids alike."""
    before = state(two)

    mine = await aino.put(f"Communication/{target}", json=message(target), headers=extra)
    hers = await aino.put(f"Communication/{target}", json=message(target, "bertta"), headers=extra)
    free = await aino.put("Communication/free", json=message("free", "bertta"), headers=extra)

    assert mine.status_code == 404
    assert (hers.status_code, hers.text) == (free.status_code, free.text)
    assert hers.status_code == 403
    assert state(two) == before


SEARCHES = [
    "Patient",
    "Patient?_id=bertta",
    f"Patient?name={SECRET}",
    "Patient?identifier=010190-9bertta",
    "Communication",
    "Communication?subject=Patient/bertta",
    "Communication?subject=bertta",
    "Communication?_id=bm,bx",
    f"Communication?identifier={SECRET}",
    f"Communication?subject.name={SECRET}",
    f"Communication?subject:Patient.name={SECRET}",
    "Communication?subject:not=Patient/aino",
    "Communication?subject:missing=true",
    "Observation?value-quantity=61.5",
    "Observation?patient=bertta",
    "Observation?subject.identifier=010190-9bertta",
    "Patient?_has:Observation:patient:value-quantity=61.5",
    "HealthcareService?_has:Communication:recipient:subject=bertta",
    f"HealthcareService?_has:Communication:recipient:subject.name={SECRET}",
    "HealthcareService?_revinclude=*",
    "HealthcareService?_revinclude=Communication:recipient",
    "HealthcareService?_revinclude:iterate=*",
    "Task?_include=*",
    "Task?_include:iterate=*&_revinclude:iterate=*",
    "Binary",
    "Binary?contentType=text/plain",
    "Subscription",
    "Subscription?criteria=Communication?subject=Patient/bertta",
    "Group",
    "Group?member=Patient/aino",
    "Device",
    "AuditEvent",
    "Patient?_revinclude=*&_include=*",
    "Patient?_summary=count",
    "Communication?_sort=identifier",
    "Patient?_total=accurate&_count=0",
    "Communication/_history",
    "_history",
    "Patient/_history?_since=2020-01-01",
    "Binary/_history",
    "Group/_history",
    "Patient/aino/Communication",
    "Patient/aino/Observation",
    "Patient/bertta/Communication",
    "Patient/bertta/Observation",
    "Patient/aino/Communication?subject=Patient/bertta",
    "Patient/aino/$everything",
    "Patient/bertta/$everything",
    "Patient/aino/Task?_include:iterate=*",
    "metadata",
]


@pytest.mark.parametrize("query", SEARCHES)
async def test_searches_show_own_only(two: Any, aino: httpx.AsyncClient, query: str) -> None:
    """Search, chains, includes, counts and histories by GET; the same by POST where there is a query."""
    answers = [await aino.get(query)]
    if "?" in query and "_history" not in query:
        path, _, form = query.partition("?")
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answers.append(await aino.post(f"{path}/_search", content=form, headers=headers))

    for answer in answers:
        assert answer.status_code in (200, 404) or "subject:not" in query
        told = answer.json()
        shown = str([told.get("entry"), told.get("issue")])
        assert SECRET not in shown
        assert not re.search(r"bertta|/b[mosbt]\b|/bb2|/bx", shown)
        assert told.get("total", 0) <= _own(two, query)


def _own(world: Any, query: str) -> int:
    """How many Aino could count at most: her own versions, and the public service."""
    mine = world.repository.storage.db.execute("SELECT count(*) FROM member WHERE patient='aino'").fetchone()[
        0
    ]
    return mine + 1 if query.partition("?")[0] in ("_history", "HealthcareService") else mine


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


async def test_a_page_belongs_to_who_searched(two: Any, aino: httpx.AsyncClient) -> None:
    """The next link of the system's or Bertta's search is of no use to Aino."""
    for caller in ("system", "bertta"):
        async with two.client(caller) as http:
            found = await http.get(
                "Communication?_count=1&status:missing=false" if caller == "system" else "Task?_count=0"
            )
            links = {one["relation"]: one["url"] for one in found.json()["link"]}
        if "next" in links:
            assert (await aino.get(links["next"])).status_code == 410
    assert "next" in links or caller == "bertta"


async def test_lost_access_ends_the_view(
    two: Any, system: httpx.AsyncClient, aino: httpx.AsyncClient
) -> None:
    """When a record moves to Bertta, Aino keeps the versions that were hers and sees nothing of the new one."""
    await system.put("Observation/ao", json=observation("ao", "bertta", 61, note=[{"text": SECRET}]))

    assert (await aino.get("Observation/ao")).status_code == 404
    assert (await aino.get("Observation/ao/_history/2")).status_code == 404
    assert SECRET not in (await aino.get("Observation/_history")).text
    assert ids(await aino.get("Observation")) == []


async def test_own_deletions_are_told(two: Any, aino: httpx.AsyncClient) -> None:
    """410 for the own deleted message, and the deletion is in the type's history."""
    history = (await aino.get("Communication/_history")).json()["entry"]

    assert (await aino.get("Communication/ax")).status_code == 410
    assert [one["fullUrl"] for one in history if one["request"]["method"] == "DELETE"] == [
        "http://stub.test/fhir/Communication/ax"
    ]


async def test_without_a_token(two: Any) -> None:
    """Only the public catalogue; all else is 401 with WWW-Authenticate; a bad token is 401 everywhere but /metadata."""
    async with two.client() as http:
        assert (await http.get("HealthcareService/clinic")).status_code == 200
        assert ids(await http.get("HealthcareService?_revinclude=*&_include=*")) == ["clinic"]
        assert SECRET not in (await http.get("HealthcareService?_revinclude=*")).text
        assert [one["fullUrl"][-6:] for one in (await http.get("_history")).json()["entry"]] == ["clinic"]
        for path in (
            "Patient",
            "Patient/aino",
            "Communication",
            "Binary/ab",
            "Communication/_history",
            "Patient/aino/$everything",
        ):
            answer = await http.get(path)
            assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Bearer")
        assert (await http.post("HealthcareService", json=service("n"))).status_code == 401
        assert (await http.post("Patient/$validate", json=patient("n"))).status_code == 401
    async with two.client("forged") as http:
        assert (await http.get("HealthcareService/clinic")).status_code == 401
        assert (await http.get("metadata")).status_code == 200


SCOPES = [
    ("reader", 200, 200, 403, 403),
    ("old-reader", 200, 200, 403, 403),
    ("sender", 200, 403, 201, 403),
    ("old-writer", 403, 403, 201, 403),
    ("scopeless", 403, 403, 403, 403),
    ("professional", 200, 200, 201, 201),
]


@pytest.mark.parametrize(("caller", "read", "other", "create", "elsewhere"), SCOPES)
async def test_scopes(two: Any, caller: str, read: int, other: int, create: int, elsewhere: int) -> None:
    """SMART scopes of both versions: reading and writing, by type."""
    async with two.client(caller) as http:
        made = await http.put("Communication/new", json=message("new"))
        answers = [await http.get("Communication/am"), await http.get("Observation"), made]
        answers.append(await http.put("Observation/new", json=observation("new")))
        brought = (await http.get("Communication?_include=*&_revinclude=*")).text

    assert [one.status_code for one in answers] == [read, other, create, elsewhere]
    assert caller != "sender" or "Task/at" not in brought


TIED = [(type, code) for type in sorted(compartment()) for code in ties(type)]


@pytest.mark.parametrize(("type", "code"), TIED)
async def test_every_compartment_type(two: Any, aino: httpx.AsyncClient, type: str, code: str) -> None:
    """For each official tie: who is tied reads it, the other neither reads nor finds it."""
    for id in ("aino", "bertta"):
        two.repository.create(tied(type, code, id), f"tied-{id}")

    assert (await raw(two, "GET", f"{type}/tied-aino")).status_code == 200
    assert (await raw(two, "GET", f"{type}/tied-bertta")).status_code in (200, 404)
    public = type in ("Schedule",)
    found = [one["resource"]["id"] for one in (await raw(two, "GET", f"{type}?_count=100")).json()["entry"]]
    assert "tied-aino" in found
    assert ("tied-bertta" in found) == public


async def raw(world: Any, method: str, path: str) -> httpx.Response:
    """As Aino, without checking the answer's shape (the samples are bare)."""
    client = world.client("aino")
    client.event_hooks = {}
    return await client.request(method, path)


def tied(type: str, code: str, id: str) -> dict[str, Any]:
    """The barest resource that this search parameter ties to a patient."""
    target = {"reference": f"Patient/{id}"}
    for part in parameters(type)[code].expression.split(" | "):
        names = re.sub(r"\.where\(.*?\)(?=\.|$)|\)|\(| as \w+", "", part).split(".")[1:]
        value: Any = target
        for name in reversed(names):
            value = {name: value}
        body = {"resourceType": type, **value}
        if any(compile_path(parameters(type)[code].expression)(body)):
            return body
    raise AssertionError(f"{type}.{code}")


PARTS = [
    "Patient",
    "bertta",
    "Communication",
    "bm",
    "bo",
    "Observation",
    "_history",
    "1",
    "_search",
    "$everything",
    "aino",
    "Binary",
    "bb",
    "Subscription",
    "bs",
    "Task",
    "bt",
    "Group",
    "g",
    "*",
    "_include",
]
QUERIES = [
    "subject=Patient/bertta",
    "_id=bm",
    "_include=*",
    "_revinclude=*",
    "_include:iterate=*",
    "_count=1",
    "_elements=id",
    f"name={SECRET}",
    "_has:Observation:patient:_id=bo",
    "subject._id=bertta",
    "_summary=text",
    "_sort=-_id",
    "status:missing=true",
    "patient=bertta,aino",
    "_revinclude:iterate=*",
    "_total=none",
    "_format=json",
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "PATCH", "HEAD"]),
    path=st.lists(st.sampled_from(PARTS), max_size=4),
    query=st.lists(st.sampled_from(QUERIES), max_size=3),
)
async def test_no_address_shows_a_secret(two: Any, method: str, path: list[str], query: list[str]) -> None:
    """Any address with any parameters, by any method."""
    before = two.repository.storage.db.execute(
        "SELECT count(*) FROM member WHERE patient='bertta'"
    ).fetchone()

    answer = await raw(two, method, f"{'/'.join(path)}?{'&'.join(query)}")

    assert SECRET not in str(answer.json().get("entry") if answer.content else "")
    assert answer.status_code != 500
    after = two.repository.storage.db.execute("SELECT count(*) FROM member WHERE patient='bertta'").fetchone()
    assert after == before
