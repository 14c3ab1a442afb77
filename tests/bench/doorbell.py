"""From the clinic's commit to the message in the list of the app: websocket, search, store, the screen's own data.

``python -m tests.bench.doorbell``: one JSON line each. Everything runs over real sockets on this machine; the baseline
is a bare search for the same message, again and again until it is there.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from statistics import quantiles
from time import perf_counter
from typing import Any

import httpx

from app.api.fhir import FhirClient
from app.domain.exchange import Request
from app.offline.engine import Creates, Engine, Profile, Scope
from app.offline.store import Store
from app.offline.sync import Sync
from app.offline.vault import AesVault, new_key
from app.stores.doorbell import Doorbell
from backend_stub.config import Config
from backend_stub.server import Running, running
from tests.bench.offline import told
from tests.stores.examples import Desk

RINGS = int(os.environ.get("RINGS", "40"))
Clinic = Callable[[dict[str, Any]], Awaitable[None]]
SERVICE = "HealthcareService/terveysasema"
CATEGORY = "https://digiklinikka.example/fhir/CodeSystem/communication-category"


class Tokens:
    """Somebody signed in."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token


def answer(patient: str, number: int) -> dict[str, Any]:
    """A message of the clinic."""
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": [{"coding": [{"system": CATEGORY, "code": "non-urgent-message"}]}],
        "subject": {"reference": f"Patient/{patient}"},
        "sender": {"reference": SERVICE},
        "recipient": [{"reference": f"Patient/{patient}"}],
        "topic": {"text": f"Vastaus {number}"},
        "sent": datetime.now(UTC).isoformat(),
        "payload": [{"contentString": f"Hei {number}"}],
    }


async def rings(stub: Running) -> tuple[list[float], list[float]]:
    """Milliseconds of each ring, and of finding the same by asking all the time."""
    async with httpx.AsyncClient() as http:
        token = (await http.post(f"{stub.url}/tester/token", json={"resident": "aino"})).json()
        client = FhirClient(f"{stub.url}/fhir", http, Tokens(token["access_token"]).token)
        store = Store.open(None, AesVault(new_key()), "account", stub.platform.clock.now)
        desk = Desk(person=token["patient"], store=store)
        scope = Scope("Communication", (("subject", f"Patient/{token['patient']}"),))
        engine = Engine(store, Profile(Creates.GUARDED), None, lambda: 0.0, lambda: 0.0)
        sync = Sync(
            engine, store, client.send, stub.platform.clock.now, asyncio.sleep, lambda: 0.0, lambda: (scope,)
        )
        bell = Doorbell(
            client, Tokens(token["access_token"]), store, sync, scope, stub.platform.clock.now,
            asyncio.sleep, lambda: 0.0, lambda: "00000000-0000-4000-8000-00000000be11",
        )  # fmt: skip
        head = {"Authorization": f"Bearer {stub.platform.provider.system_tokens().access}"}

        async def clinic(body: dict[str, Any]) -> None:
            (await http.post(f"{stub.url}/fhir/Communication", json=body, headers=head)).raise_for_status()

        tasks = [asyncio.ensure_future(sync.run()), asyncio.ensure_future(bell.listen())]
        await asyncio.sleep(2.0)
        spent, asked = [], []
        for number in range(RINGS):
            spent.append(await _ring(clinic, desk, token["patient"], number))
            await asyncio.sleep(0.4)  # a resident's clinic does not write faster
            asked.append(await _ask(clinic, client, token["patient"], RINGS + number))
            await asyncio.sleep(0.4)
        sync.stop()
        for task in tasks:
            task.cancel()
        return spent, asked


async def _ring(clinic: Clinic, desk: Desk, patient: str, number: int) -> float:
    """Until the list that the screen draws has it."""
    there = asyncio.Event()

    def look(_changed: frozenset[str]) -> None:
        if any(thread.subject == f"Vastaus {number}" for thread in desk.messages.threads.value or ()):
            there.set()

    forget = desk.store.watch(look)
    started = perf_counter()
    await clinic(answer(patient, number))
    await asyncio.wait_for(there.wait(), 30)
    forget()
    return (perf_counter() - started) * 1000


async def _ask(clinic: Clinic, client: FhirClient, patient: str, number: int) -> float:
    started = perf_counter()
    await clinic(answer(patient, number))
    params = (("subject", f"Patient/{patient}"), ("_sort", "-_lastUpdated"), ("_count", "1"))
    while True:
        page = (await client.ask(Request("GET", "Communication", params))).body
        found = [entry["resource"] for entry in page.get("entry", ())]
        if found and found[0].get("topic", {}).get("text") == f"Vastaus {number}":
            return (perf_counter() - started) * 1000


def main() -> None:
    """Print the figures."""
    with running(Config(seed=1, port=0, delivery_seconds=10_000_000)) as stub:
        spent, asked = asyncio.run(rings(stub))
    for label, at in (("p50", 49), ("p95", 94)):
        told(f"doorbell to screen {label}", quantiles(spent, n=100, method="inclusive")[at], "ms",
             quantiles(asked, n=100, method="inclusive")[at])  # fmt: skip


if __name__ == "__main__":
    main()
