"""The engine over real HTTP against the stub in every temper: the same story ends the same everywhere (I14)."""

from collections.abc import AsyncIterator, Generator, Iterator
from datetime import timedelta
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
from backend_stub.config import Config
from backend_stub.faults import Fault
from backend_stub.fhir.temper import TEMPERS
from backend_stub.server import Running, running

CATEGORY = "https://digiklinikka.example/fhir/CodeSystem/communication-category"
EXPECTED = {
    "best": Creates.GUARDED,
    "conflict409": Creates.GUARDED,
    "google": Creates.GUARDED,
    "hapi": Creates.UNGUARDED,
    "azure": Creates.UNGUARDED,
    "healthlake": Creates.UNGUARDED,
    "old": Creates.GUARDED,
    "medplum": Creates.CONDITIONAL,
    "router": Creates.CONDITIONAL,
    "late": Creates.GUARDED,
    "normalising": Creates.GUARDED,
    "renaming": Creates.CONDITIONAL,
    "lying": Creates.UNGUARDED,
}


@pytest.fixture(scope="module")
def stub() -> Iterator[Running]:
    """One platform on a real port for all tests of this file; its clinic touches nothing meanwhile."""
    with running(Config(seed=1, port=0, delivery_seconds=10_000_000)) as found:
        yield found


class Resident:
    """A test resident's device talking to the stub."""

    def __init__(self, stub: Running, http: httpx.AsyncClient, token: dict[str, Any]) -> None:
        self.stub, self.patient = stub, token["patient"]

        async def bearer() -> str:
            return str(token["access_token"])

        self.client = FhirClient(f"{stub.url}/fhir", http, bearer)
        clock = stub.platform.clock.now
        self.store = Store.open(None, AesVault(new_key()), "account", clock)
        self.outbox = Outbox(self.store)
        self.engine = Engine(self.store, None, None, lambda: clock().timestamp(), lambda: 0.0)
        self.scope = Scope("Communication", (("subject", f"Patient/{self.patient}"),))

    async def drive(self, steps: Generator[Request, Response | None, Any]) -> Any:
        """Carry requests over real sockets."""
        try:
            request = next(steps)
            while True:
                request = steps.send(await self.client.send(request))
        except StopIteration as end:
            return end.value

    async def sync(self, rounds: int = 1, sweep: bool = False) -> None:
        """Rounds with two minutes between them."""
        for _ in range(rounds):
            await self.drive(self.engine.sync([self.scope], sweep))
            self.stub.platform.clock.advance(timedelta(minutes=2))

    def thread(self) -> tuple[Intent, ...]:
        """A file, a head and a message."""
        me, you = {"reference": f"Patient/{self.patient}"}, [{"reference": "HealthcareService/x"}]
        kind = [{"coding": [{"system": CATEGORY, "code": "non-urgent-message"}]}]
        both = {
            "resourceType": "Communication",
            "category": kind,
            "subject": me,
            "sender": me,
            "recipient": you,
        }
        sent = {**both, "sent": self.stub.platform.clock.now().isoformat()}
        person = me["reference"]
        head = create({**sent, "status": "in-progress", "topic": {"text": "Käsi"}}, person)
        part = {"partOf": [{"reference": f"Communication/{head.id}"}], "payload": [{"contentString": "Kipu"}]}
        return head, create({**sent, "status": "completed", **part}, person)

    def scratch(self) -> dict[str, Any]:
        """Something harmless to try things out on."""
        person = {"reference": f"Patient/{self.patient}"}
        return {"resourceType": "Basic", "code": {"text": "probe"}, "subject": person, "author": person}


@pytest.fixture
async def aino(stub: Running) -> AsyncIterator[Resident]:
    """A resident with an empty device; the platform is kind again afterwards."""
    async with httpx.AsyncClient() as http:
        token = (await http.post(f"{stub.url}/tester/token", json={"resident": "aino"})).json()
        yield Resident(stub, http, token)
    stub.platform.faults.clear()
    stub.platform.temper = TEMPERS["best"]


@pytest.mark.parametrize("temper", sorted(TEMPERS.keys() - {"racing"}))
async def test_the_same_story_ends_the_same_on_every_server(temper: str, aino: Resident) -> None:
    """Probe, write with the answer lost, be answered, read: once each, and the device knows what the server knows."""
    platform = aino.stub.platform
    platform.temper = TEMPERS[temper]
    profile = await aino.drive(aino.engine.probe(aino.scratch()))
    assert profile.creates is EXPECTED.get(temper, profile.creates)
    before = stored(aino)
    head, part = aino.thread()
    aino.outbox.put(head, part)
    platform.faults.add(Fault("drop-after", method="PUT", path="/fhir/Communication", times=1))
    platform.faults.add(Fault("drop-after", method="POST", path="/fhir/Communication", times=1))
    await aino.sync(rounds=4, sweep=True)

    assert [entry.state for entry in aino.outbox.entries()] == [EntryState.ACCEPTED] * 2
    after = stored(aino)
    assert len(after) == len(before) + 2
    assert {body["id"]: body["meta"]["versionId"] for body in aino.store.all("Communication")} == after


async def test_where_conditional_creates_race_nothing_is_sent_twice(aino: Resident) -> None:
    """The probe finds it out: creates are online only, and an answer that is lost is told instead of guessed."""
    platform = aino.stub.platform
    platform.temper = TEMPERS["racing"]
    profile = await aino.drive(aino.engine.probe(aino.scratch()))
    before = stored(aino)
    head, _part = aino.thread()
    aino.outbox.put(head)
    platform.faults.add(Fault("drop-after", method="POST", path="/fhir/Communication", times=1))
    await aino.sync(rounds=4, sweep=True)

    assert profile.creates is Creates.ONLINE_ONLY
    assert [(entry.state, entry.refusal and entry.refusal.code) for entry in aino.outbox.entries()] == [
        (EntryState.REFUSED, "outcome-unknown")
    ]
    assert len(stored(aino)) == len(before) + 1


async def test_the_clinics_answer_arrives_and_reading_it_is_told_once(aino: Resident) -> None:
    """An update of somebody else's message: ``received``, set once, although the answer to it is lost."""
    await aino.sync()
    body = aino.thread()[1].args
    answer = {**body, "sender": {"reference": "Practitioner/p"}, "recipient": [body["subject"]]}
    unread = aino.stub.platform.repository.create({n: v for n, v in answer.items() if n != "id"})
    await aino.sync()
    at = aino.stub.platform.clock.now().isoformat(timespec="seconds")
    aino.outbox.put(
        Intent("mark_received", "Communication", unread["id"], {"at": at}, f"Patient/{aino.patient}")
    )
    aino.stub.platform.faults.add(Fault("drop-after", method="PUT", path="/fhir/Communication", times=1))
    assert (aino.store.get("Communication", unread["id"]) or {})["received"] == at
    await aino.sync(rounds=2)

    record = aino.store.record("Communication", unread["id"]) or {}
    assert aino.outbox.entries()[0].state is EntryState.ACCEPTED
    assert record["received"][:19] == at[:19]
    assert int(record["meta"]["versionId"]) == int(unread["meta"]["versionId"]) + 1


@pytest.mark.parametrize(
    "kind",
    [
        "drop-before",
        "drop-after",
        "malformed",
        "truncated",
        "captive-portal",
        "duplicate",
        "status",
        "straggler",
        "fail-after",
        "outcome-200",
    ],
)
async def test_no_fault_of_the_platform_makes_two_messages(kind: Any, aino: Resident) -> None:
    """Each of the tester's faults on the first three exchanges."""
    await aino.drive(aino.engine.probe(aino.scratch()))
    aino.stub.platform.faults.add(Fault(kind, path="/fhir/Communication", times=3))
    before = stored(aino)
    aino.outbox.put(*aino.thread())
    await aino.sync(rounds=6)

    assert [entry.state for entry in aino.outbox.entries()] == [EntryState.ACCEPTED] * 2
    assert len(stored(aino)) == len(before) + 2


async def test_a_platform_restored_from_a_backup_is_believed(aino: Resident) -> None:
    """What was written since is gone there: the sweep finds out, and what is written next goes out."""
    await aino.drive(aino.engine.probe(aino.scratch()))
    image = aino.stub.platform.repository.image()
    aino.outbox.put(*aino.thread())
    await aino.sync()
    aino.stub.platform.repository.load(image)
    aino.outbox.put(*aino.thread())
    await aino.sync(rounds=3, sweep=True)

    assert [entry.state for entry in aino.outbox.entries()] == [EntryState.ACCEPTED] * 4
    after = stored(aino)
    assert {body["id"]: body["meta"]["versionId"] for body in aino.store.all("Communication")} == after
    assert {entry.id for entry in aino.outbox.entries()[2:]} <= set(after)


def stored(resident: Resident) -> dict[str, str]:
    """Id and version of every message the platform itself has for the resident."""
    mine = {"reference": f"Patient/{resident.patient}"}
    found = resident.stub.platform.repository.all("Communication")
    return {body["id"]: body["meta"]["versionId"] for body in found if body.get("subject") == mine}
