"""The same client against a server that none of us wrote: Medplum's FHIR router, which chooses ids itself (profile B).

What it cannot do is listed in ``LACKS`` by name, and each is shown by a test: should it learn one, that test fails.
"""

import shutil
import subprocess
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api.fhir import FhirClient
from app.domain.exchange import Request, Response
from app.offline.engine import Creates, Engine, Scope
from app.offline.intents import Intent, create
from app.offline.outbox import EntryState, Outbox
from app.offline.store import Store
from app.offline.vault import AesVault, new_key

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "build/interop/node_modules"
ME, PERSON = "Patient/me", {"reference": "Patient/me"}
MESSAGES = Scope("Communication", (("subject", ME),))
LACKS = {
    "CapabilityStatement": "GET /metadata is an empty search; the test's wrapper answers it",
    "If-None-Match on PUT": "a create under an id of the client's overwrites what is there",
    "next links": "a page never names the next one; Bundle.total tells that there is more",
    "_elements": "whole resources come back",
    "tombstones": "what was deleted is 404, not 410, and has no history",
    "validation": "an invalid resource is stored",
    "Subscription channel": "there is no websocket: the client polls",
}


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    """The address of the running server."""
    node = shutil.which("node")
    if node is None or not MODULES.exists():
        pytest.skip("needs Node and `bash .ci/interop`")
    command = [node, str(Path(__file__).with_name("peer.mjs")), str(MODULES.parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http"), "it did not start"
        yield address
        process.terminate()


class Phone:
    """A device over real HTTP; ``lose`` writes are answered by nobody although they were carried out."""

    def __init__(self, peer: str, http: httpx.AsyncClient) -> None:
        self.client, self.lose = FhirClient(peer, http), 0
        self.store = Store.open(None, AesVault(new_key()), "account")
        self.outbox = Outbox(self.store)
        self.engine = Engine(self.store, None, None, lambda: datetime.now(UTC).timestamp(), lambda: 0.0)
        self.asked: list[Request] = []

    async def send(self, request: Request) -> Response | None:
        """Carry one request, and now and then lose its answer."""
        self.asked.append(request)
        response = await self.client.send(request)
        if request.method != "GET" and self.lose:
            self.lose -= 1
            return None
        return response

    async def drive(self, steps: Generator[Request, Response | None, Any]) -> Any:
        """Let the engine work."""
        try:
            request = next(steps)
            while True:
                request = steps.send(await self.send(request))
        except StopIteration as end:
            return end.value

    async def begin(self) -> None:
        """The first sign-in: find out what the server can do."""
        scratch = {"resourceType": "Basic", "code": {"text": "probe"}, "subject": PERSON}
        await self.drive(self.engine.probe(scratch))

    async def sync(self, sweep: bool = False) -> None:
        """A round that must go through."""
        assert await self.drive(self.engine.sync([MESSAGES], sweep)) is None

    def states(self) -> set[EntryState]:
        """Of everything in the outbox."""
        return {entry.state for entry in self.outbox.entries()}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """What a device and the staff talk through."""
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
async def phone(peer: str, http: httpx.AsyncClient) -> Phone:
    """A device after its first sign-in; the server has nothing of this person."""
    for body in await _stored(peer, http):
        await http.delete(f"{peer}/Communication/{body['id']}")
    found = Phone(peer, http)
    await found.begin()
    return found


def message(text: str, **more: Any) -> dict[str, Any]:
    """A message as the app makes it."""
    payload = [{"contentString": text}]
    return {
        "resourceType": "Communication",
        "status": "completed",
        "subject": PERSON,
        "payload": payload,
        **more,
    }


async def _stored(peer: str, http: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
    found = await http.get(f"{peer}/Communication", params={"subject": ME, "_count": "1000", **params})
    return [entry["resource"] for entry in found.json().get("entry", [])]


async def _staff(peer: str, http: httpx.AsyncClient, text: str) -> dict[str, Any]:
    made = await http.post(f"{peer}/Communication", json=message(text))
    body: dict[str, Any] = made.json()
    return body


async def test_the_probe_finds_the_way_that_is_safe_here(
    phone: Phone, peer: str, http: httpx.AsyncClient
) -> None:
    """Conditional creates that find their own write at once, and versions; nothing of the trial is left."""
    left = (await http.get(f"{peer}/Basic")).json()

    assert (phone.engine.profile.creates, phone.engine.profile.history) == (Creates.CONDITIONAL, True)
    assert left.get("entry", []) == []


async def test_a_thread_whose_answers_are_lost_is_made_once(
    phone: Phone, peer: str, http: httpx.AsyncClient
) -> None:
    """Head and message get ids of the server's choice; what refers to them follows."""
    head = create(message("Kipu", status="in-progress"), ME)
    part = create(message("Kädessä", partOf=[{"reference": f"Communication/{head.id}"}]), ME)
    phone.lose = 2
    phone.outbox.put(head, part)
    for _ in range(3):
        await phone.sync()

    stored = {body["payload"][0]["contentString"]: body for body in await _stored(peer, http)}
    assert phone.states() == {EntryState.ACCEPTED}
    assert stored.keys() == {"Kipu", "Kädessä"}
    assert len(await _stored(peer, http)) == 2
    assert stored["Kädessä"]["partOf"] == [{"reference": f"Communication/{stored['Kipu']['id']}"}]
    assert {body["id"] for body in phone.store.all("Communication")} == {
        body["id"] for body in stored.values()
    }


async def test_an_answer_is_read_once_although_its_receipt_is_lost(
    phone: Phone, peer: str, http: httpx.AsyncClient
) -> None:
    """``received`` makes one version, found in the history by its stamp."""
    answer = await _staff(peer, http, "Vastaus")
    await phone.sync()
    phone.outbox.put(
        Intent("mark_received", "Communication", answer["id"], {"at": "2026-11-27T10:00:00Z"}, ME)
    )
    phone.lose = 1
    for _ in range(2):
        await phone.sync()

    versions = (await http.get(f"{peer}/Communication/{answer['id']}/_history")).json()["entry"]
    assert phone.states() == {EntryState.ACCEPTED}
    assert len(versions) == 2
    assert (phone.store.record("Communication", answer["id"]) or {})["received"] == "2026-11-27T10:00:00Z"


async def test_staff_were_faster_so_the_change_is_made_on_theirs(
    phone: Phone, peer: str, http: httpx.AsyncClient
) -> None:
    """412, read, the same intent on the newer version; neither change is lost."""
    answer = await _staff(peer, http, "Vastaus")
    await phone.sync()
    await http.put(f"{peer}/Communication/{answer['id']}", json={**answer, "priority": "urgent"})
    phone.outbox.put(
        Intent("mark_received", "Communication", answer["id"], {"at": "2026-11-27T10:00:00Z"}, ME)
    )
    await phone.sync()

    now = (await http.get(f"{peer}/Communication/{answer['id']}")).json()
    assert phone.states() == {EntryState.ACCEPTED}
    assert (now["priority"], now["received"]) == ("urgent", "2026-11-27T10:00:00Z")


async def test_all_of_many_arrive_and_deletions_are_found(
    phone: Phone, peer: str, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages without links, and a sweep over a listing without links."""
    monkeypatch.setattr("app.offline.pull.PAGE", 7)
    monkeypatch.setattr("app.offline.pull.LISTING", 7)
    made = [await _staff(peer, http, str(number)) for number in range(30)]
    await phone.sync()
    assert {body["id"] for body in phone.store.all("Communication")} == {body["id"] for body in made}

    await http.delete(f"{peer}/Communication/{made[3]['id']}")
    await phone.sync(sweep=True)
    assert {body["id"] for body in phone.store.all("Communication")} == {
        body["id"] for number, body in enumerate(made) if number != 3
    }


async def test_an_idle_round_writes_nothing(phone: Phone, peer: str, http: httpx.AsyncClient) -> None:
    """One search, no change on the device."""
    await _staff(peer, http, "Vastaus")
    for _ in range(2):
        await phone.sync()
    before, phone.asked = phone.store.db._db.total_changes, []
    await phone.sync()

    assert [request.method for request in phone.asked] == ["GET"]
    assert phone.store.db._db.total_changes == before


@pytest.mark.parametrize("lack", sorted(LACKS))
async def test_what_it_cannot_do(lack: str, peer: str, http: httpx.AsyncClient, phone: Phone) -> None:
    """Each lack is still one."""
    assert await {
        "CapabilityStatement": _no_metadata,
        "If-None-Match on PUT": _no_guard,
        "next links": _no_links,
        "_elements": _no_elements,
        "tombstones": _no_tombstones,
        "validation": _no_validation,
        "Subscription channel": _no_channel,
    }[lack](peer, http)


async def _no_metadata(peer: str, http: httpx.AsyncClient) -> bool:
    """The wrapper's own path aside, an unknown operation is an empty searchset."""
    told = (await http.get(f"{peer}/capabilities")).json()
    return told["resourceType"] == "Bundle" and "entry" not in told


async def _no_guard(peer: str, http: httpx.AsyncClient) -> bool:
    url, guard = f"{peer}/Communication/6f0b8f3e-0000-4000-8000-000000000001", {"If-None-Match": "*"}
    body = message("x", id="6f0b8f3e-0000-4000-8000-000000000001")
    return [(await http.put(url, json=body, headers=guard)).status_code for _ in range(2)] == [200, 200]


async def _no_links(peer: str, http: httpx.AsyncClient) -> bool:
    for _ in range(2):
        await _staff(peer, http, "x")
    page = (await http.get(f"{peer}/Communication", params={"subject": ME, "_count": "1"})).json()
    return page["total"] == 2 and "link" not in page


async def _no_elements(peer: str, http: httpx.AsyncClient) -> bool:
    await _staff(peer, http, "x")
    return "payload" in (await _stored(peer, http, _elements="id,meta"))[0]


async def _no_tombstones(peer: str, http: httpx.AsyncClient) -> bool:
    url = f"{peer}/Communication/{(await _staff(peer, http, 'x'))['id']}"
    await http.delete(url)
    return [(await http.get(url + more)).status_code for more in ("", "/_history")] == [404, 404]


async def _no_validation(peer: str, http: httpx.AsyncClient) -> bool:
    made = await http.post(f"{peer}/Communication", json=message("x", status="nonsense"))
    return made.status_code == 201


async def _no_channel(peer: str, http: httpx.AsyncClient) -> bool:
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    answer = await http.get(
        f"{peer}/websocket", headers=headers | {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    )
    return answer.status_code != 101
