"""Many simultaneous chats: from the clinic's write to the message at the resident's end, for all of them at once.

``python -m tests.bench.chat``: one JSON line each. The stub runs in a process of its own on one core, this one on the
others. Every resident has connections of their own, as devices have, listens to the doorbell and fetches what it rings
for; the clinic writes to all of them, and half of them answer. The baseline is the same with one chat. ``CHATS``,
``SECONDS``: how many and how long.
"""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

from app.api import chat as wire
from app.api.live import PROTOCOL, subscription
from tests.bench import offline
from tests.bench.chat_server import CORE
from tests.bench.line import Line

CHATS = int(os.environ.get("CHATS", "500"))
SECONDS = int(os.environ.get("SECONDS", "30"))
EVERY = 15.0  # seconds between two messages of the clinic in one chat: a lively talk
POLL = 2.0
JSON = {"Content-Type": "application/json"}
GOAL = 1000.0  # milliseconds, of the 95th percentile of all chats at once


class Resident:
    """One end of a chat: a doorbell, what has been fetched, and when."""

    def __init__(self, chat: dict[str, str], url: str) -> None:
        self.chat, self.url, self.line = chat, url, Line(url)
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
        got = await self.line.ask("GET", f"/fhir/Communication?{urlencode(params | since)}", self.head)
        for entry in got.get("entry", ()):
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
        await self.line.ask("PUT", f"/fhir/{path}", head, body)


def measure(count: int, seconds: float, polled: bool = False) -> tuple[list[float], int, float]:
    """Milliseconds of each message to its resident, how many were lost, and the share of its core that the platform
    was busy while they talked."""
    command = [sys.executable, "-m", "tests.bench.chat_server", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            return asyncio.run(_measure(json.loads(server.stdout.readline()), seconds, polled, server.pid))
        finally:
            server.terminate()


def _spent(pid: int) -> float:
    """Seconds of processor time of another process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _measure(
    told_first: dict[str, Any], seconds: float, polled: bool, pid: int
) -> tuple[list[float], int, float]:
    url = told_first["url"]
    residents = [Resident(chat, url) for chat in told_first["chats"]]
    sockets = [] if polled else [await resident.bind() for resident in residents]
    for resident in residents:
        await resident.fetch()
    listening = [
        asyncio.ensure_future(r.poll() if polled else r.listen(sockets[n])) for n, r in enumerate(residents)
    ]
    written: dict[str, tuple[Resident, float]] = {}
    talks = (_talk(n / len(residents), r, seconds, written) for n, r in enumerate(residents))
    began, before = perf_counter(), _spent(pid)
    await asyncio.gather(*talks)
    busy = (_spent(pid) - before) / (perf_counter() - began)
    await asyncio.sleep(3 + POLL * polled)
    for task in listening:
        task.cancel()
    for socket in sockets:
        with suppress(OSError):
            await socket.close()
    lost = [id for id, (resident, _) in written.items() if id not in resident.seen]
    spent = [(r.seen[id] - started) * 1000 for id, (r, started) in written.items() if id in r.seen]
    return spent, len(lost), busy


async def _talk(
    place: float, resident: Resident, seconds: float, written: dict[str, tuple[Resident, float]]
) -> None:
    """The clinic in one chat, from its ``place`` (0 to 1) in the round on; every other resident answers."""
    clinic, answers = Line(resident.url), round(place * CHATS) % 2
    await asyncio.sleep(EVERY * place)
    end = perf_counter() + seconds
    while perf_counter() < end:
        started = perf_counter()
        path = f"/tester/chats/{resident.chat['task']}/answer"
        answer = await clinic.ask("POST", path, JSON, {"text": "Miten voit nyt?"})
        written[answer["messages"][-1]["id"]] = (resident, started)
        if answers:
            await resident.say("Kiitos, paremmin.")
        pause = min(EVERY, seconds) - (perf_counter() - started) if seconds > EVERY else 1.0
        await asyncio.sleep(max(0.0, pause))


def percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def told(name: str, value: float, unit: str, baseline: float, goal: float | None = None) -> None:
    """One figure of this room."""
    offline.told(name, value, unit, baseline, room="chat", goal=goal)


def main() -> None:
    """Print the figures."""
    os.sched_setaffinity(0, os.sched_getaffinity(0) - {CORE} or {CORE})
    alone, _, idle = measure(1, 12)
    many, lost, busy = measure(CHATS, SECONDS)
    polled, _, _ = measure(5, 12, polled=True)
    for percent, goal in ((50, None), (95, GOAL)):
        base = percentile(alone, percent)
        told(f"one p{percent}", base, "ms", percentile(alone, 50))
        told(f"{CHATS} at once p{percent}", percentile(many, percent), "ms", base, goal)
        told(f"by polling alone p{percent}", percentile(polled, percent), "ms", base)
    told(f"{CHATS} at once, messages", len(many), "messages", len(many) + lost)
    told(f"{CHATS} at once, share of one core", busy * 100, "%", idle * 100)
    told(f"{CHATS} at once, lost", lost, "messages", 1, 0.0)


if __name__ == "__main__":
    main()
