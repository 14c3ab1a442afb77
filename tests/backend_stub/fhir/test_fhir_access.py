"""Two residents: whatever Aino reads or searches, nothing of Bertta's is shown or given away by how it is refused."""

import re
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_stub.fhir.compartment import ties
from backend_stub.fhir.definitions import compartment, parameters
from backend_stub.fhir.paths import compile_path
from tests.backend_stub.fhir.fhir_samples import ids, message, observation, patient, service
from tests.backend_stub.fhir.fhir_world import World
from tests.backend_stub.fhir.two_lives import BERTTAS, PATCH, SECRET, fill, raw, state

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


async def _without_bertta(query: str) -> Any:
    """What Aino is answered where Bertta has never lived."""
    world = World()
    fill(world, ("aino",))
    return (await raw(world, "GET", query)).json()


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
        assert told.get("total") == (await _without_bertta(query)).get("total")


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


async def test_chains_do_not_look_through(
    two: Any, aino: httpx.AsyncClient, system: httpx.AsyncClient
) -> None:
    """An own record may point at Bertta; what Bertta is called cannot be asked by it, nor is she brought along."""
    two.repository.create(observation("shared", focus=[{"reference": "Patient/bertta"}]))
    by_name = f"Observation?focus:Patient.name={SECRET}"

    brought = await aino.get("Observation?_id=shared&_include=Observation:focus")

    assert ids(await system.get(by_name)) == ["shared"]
    assert ids(await aino.get(by_name)) == []
    assert (ids(brought), ids(brought, "include")) == (["shared"], [])


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
