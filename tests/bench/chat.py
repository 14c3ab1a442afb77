"""Many simultaneous chats: from the clinic's write to the message at the resident's end, for all of them at once.

``python -m tests.bench.chat``: one JSON line each. The stub runs in a process of its own on one core. Every resident
listens to the doorbell and fetches what it rings for; the clinic writes to all of them, and half of them answer. The
baseline is the same with one chat. ``CHATS``, ``SECONDS``: how many and how long.
"""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect

from app.api import chat as wire
from app.api.live import PROTOCOL, subscription
from tests.bench.offline import told

CHATS = int(os.environ.get("CHATS", "500"))
SECONDS = int(os.environ.get("SECONDS", "30"))
EVERY = 15.0  # seconds between two messages of the clinic in one chat: a lively talk
POLL = 2.0


class Resident:
    """One end of a chat: a doorbell, what has been fetched, and when."""

    def __init__(self, chat: dict[str, str], http: httpx.AsyncClient, url: str) -> None:
        self.chat, self.http, self.url = chat, http, url
        self.seen: dict[str, float] = {}
        self.head = {"Authorization": f"Bearer {chat['token']}"}
        self.last = ""

    async def bind(self) -> ClientConnection:
        """Subscribe and listen."""
        id, criteria = str(uuid4()), f"Communication?subject=Patient/{self.chat['patient']}"
        body = subscription(id, criteria, datetime(2099, 1, 1, tzinfo=UTC))
        await self._put(f"Subscription/{id}", body)
        socket = await connect(
            f"{self.url.replace('http', 'ws')}/fhir/websocket",
            subprotocols=[PROTOCOL, self.chat["token"]],  # type: ignore[list-item]
        )
        await socket.send(f"bind {id}")
        await socket.recv()
        return socket

    async def listen(self, socket: ClientConnection) -> None:
        """Fetch at every ring."""
        async for _ in socket:
            await self.fetch()

    async def poll(self) -> None:
        """Without a doorbell."""
        while True:
            await asyncio.sleep(POLL)
            await self.fetch()

    async def fetch(self) -> None:
        """What is new, by the server's time, as the app's pull does."""
        params = {"subject": f"Patient/{self.chat['patient']}", "_sort": "_lastUpdated"}
        since = {"_lastUpdated": f"ge{self.last}"} if self.last else {}
        got = await self.http.get(f"{self.url}/fhir/Communication", params=params | since, headers=self.head)
        for entry in got.json().get("entry", ()):
            self.last = entry["resource"]["meta"]["lastUpdated"]
            self.seen.setdefault(entry["resource"]["id"], perf_counter())

    async def say(self, text: str) -> None:
        """Write, exactly once."""
        id = str(uuid4())
        body = wire.message(
            message_id=id, thread_id=self.chat["thread"], previous="", person_id=self.chat["patient"],
            service_id="terveysasema", text=text, sent=datetime.now(UTC),
        )  # fmt: skip
        await self._put(f"Communication/{id}", body)

    async def _put(self, path: str, body: dict[str, Any]) -> None:
        head = {**self.head, "If-None-Match": "*", "Content-Type": "application/fhir+json"}
        (await self.http.put(f"{self.url}/fhir/{path}", json=body, headers=head)).raise_for_status()


def measure(count: int, seconds: float, polled: bool = False) -> tuple[list[float], int]:
    """Milliseconds of each message to its resident, and how many were lost."""
    command = [sys.executable, "-m", "tests.bench.chat_server", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            return asyncio.run(_measure(json.loads(server.stdout.readline()), seconds, polled))
        finally:
            server.terminate()


async def _measure(told_first: dict[str, Any], seconds: float, polled: bool) -> tuple[list[float], int]:
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=100), timeout=60) as http:
        return await _talks(told_first, http, seconds, polled)


async def _talks(
    told_first: dict[str, Any], http: httpx.AsyncClient, seconds: float, polled: bool
) -> tuple[list[float], int]:
    url = told_first["url"]
    residents = [Resident(chat, http, url) for chat in told_first["chats"]]
    sockets = [] if polled else [await resident.bind() for resident in residents]
    for resident in residents:
        await resident.fetch()
    listening = [
        asyncio.ensure_future(r.poll() if polled else r.listen(sockets[n])) for n, r in enumerate(residents)
    ]
    written: dict[str, tuple[Resident, float]] = {}

    async def clinic(number: int, resident: Resident) -> None:
        await asyncio.sleep(EVERY * number / len(residents))
        end = perf_counter() + seconds
        while perf_counter() < end:
            started = perf_counter()
            path = f"{url}/tester/chats/{resident.chat['task']}/answer"
            answer = (await http.post(path, json={"text": "Miten voit nyt?"})).json()
            written[answer["messages"][-1]["id"]] = (resident, started)
            if number % 2:
                await resident.say("Kiitos, paremmin.")
            await asyncio.sleep(
                max(0.0, min(EVERY, seconds) - (perf_counter() - started)) if seconds > EVERY else 1.0
            )

    await asyncio.gather(*(clinic(number, resident) for number, resident in enumerate(residents)))
    await asyncio.sleep(3 + POLL * polled)
    for task in listening:
        task.cancel()
    for socket in sockets:
        with suppress(OSError):
            await socket.close()
    lost = [id for id, (resident, _) in written.items() if id not in resident.seen]
    spent = [(r.seen[id] - started) * 1000 for id, (r, started) in written.items() if id in r.seen]
    return spent, len(lost)


def percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def main() -> None:
    """Print the figures."""
    alone, _ = measure(1, 12)
    many, lost = measure(CHATS, SECONDS)
    polled, _ = measure(5, 12, polled=True)
    for percent in (50, 95):
        told(f"chat one p{percent}", percentile(alone, percent), "ms", percentile(alone, 50))
        told(f"chat {CHATS} at once p{percent}", percentile(many, percent), "ms", percentile(alone, percent))
        told(
            f"chat by polling alone p{percent}", percentile(polled, percent), "ms", percentile(alone, percent)
        )
    told(f"chat {CHATS} at once, messages", len(many), "messages", len(many) + lost)
    told(f"chat {CHATS} at once, lost", lost, "messages", 1)


if __name__ == "__main__":
    main()
