"""First sync of 10,000 mixed resources over HTTP, against a bare download and a bare insert of the same bytes.

``python -m tests.bench.first_sync``: one JSON line each. The server hands out prepared pages and costs next to nothing;
it is in a process of its own. Both sides fetch the same bytes, one page after the other for each type.
"""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

import httpx

from app.api.fhir import FhirClient
from app.offline.engine import Creates, Engine, Profile, Scope
from app.offline.sync import Sync
from tests.bench.offline import folder, observation, told
from tests.offline.examples import ME, open_store

RECORDS = int(os.environ.get("RECORDS", "10000"))
TYPES = ("Observation", "Communication", "MedicationRequest", "Condition", "Appointment")
SCOPES = tuple(Scope(type, (("subject", ME),)) for type in TYPES)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = 250
TIMES = 3


class Prepared:
    """An ASGI server of prepared entries: keyset pages for the engine, offset pages for the baseline."""

    def __init__(self) -> None:
        self.entries = {
            type: [_entry(type, number) for number in range(RECORDS // len(TYPES))] for type in TYPES
        }
        self.times = [_time(number) for number in range(RECORDS // len(TYPES))]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        params = dict(parse_qsl(scope["query_string"].decode()))
        body = self.page(scope["path"].rsplit("/", 1)[-1], params)
        date = format_datetime(FIRST + timedelta(days=30), usegmt=True).encode()
        headers = [(b"content-type", b"application/fhir+json"), (b"date", date)]
        headers += [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def page(self, type: str, params: dict[str, str]) -> bytes:
        entries, count = self.entries[type], int(params.get("_count", PAGE))
        since = params.get("_lastUpdated", "ge").removeprefix("ge")
        start = bisect_left(self.times, since) if since else int(params.get("_offset", 0))
        part, more = entries[start : start + count], start + count < len(entries)
        link = f',"link":[{{"relation":"next","url":"{type}?_offset={start + count}"}}]' if more else ""
        head = f'{{"resourceType":"Bundle","type":"searchset"{link},"entry":['
        return head.encode() + b",".join(part) + b"]}"


async def _lifespan(receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def _time(number: int) -> str:
    moment = FIRST + timedelta(seconds=7 * number)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _entry(type: str, number: int) -> bytes:
    meta = {"versionId": "1", "lastUpdated": _time(number)}
    body = {**observation(number), "resourceType": type, "meta": meta}
    return b'{"resource":' + json.dumps(body, ensure_ascii=False).encode() + b"}"


def bare(base: str, path: Path) -> float:
    """Seconds of downloading every page and inserting its bodies as they are."""
    started = perf_counter()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("CREATE TABLE record(type TEXT, id TEXT, body TEXT, PRIMARY KEY(type, id))")
    with httpx.Client() as client:
        for type in TYPES:
            url: str | None = f"{base}/{type}?_count={PAGE}"
            while url:
                bundle = client.get(url).json()
                rows = [
                    (e["resource"]["resourceType"], e["resource"]["id"], json.dumps(e["resource"]))
                    for e in bundle["entry"]
                ]
                db.execute("BEGIN")
                db.executemany("INSERT INTO record VALUES(?,?,?)", rows)
                db.execute("COMMIT")
                url = f"{base}/{bundle['link'][0]['url']}&_count={PAGE}" if "link" in bundle else None
    db.close()
    return perf_counter() - started


async def ours(base: str, path: Path) -> float:
    """Seconds of the first round of syncing on a new device; the daily sweep that follows is told apart."""
    started = perf_counter()
    store = open_store(path)
    engine = Engine(store, Profile(Creates.GUARDED), None, lambda: 0.0, lambda: 0.0)
    engine.needs_sweep = lambda scope, every=0.0: False  # type: ignore[method-assign]
    async with httpx.AsyncClient() as http:
        sync = Sync(
            engine,
            store,
            FhirClient(base, http).send,
            store.clock,
            asyncio.sleep,
            lambda: 0.0,
            lambda: SCOPES,
        )
        status = await sync.sync_once()
    took = perf_counter() - started
    assert status.state == "ok", status
    assert sum(len(store.records.known(type)) for type in TYPES) == RECORDS
    store.close()
    return took


def serve(port: int) -> None:
    """The other process."""
    import uvicorn

    uvicorn.run(Prepared(), port=port, log_level="error", date_header=False)


def main() -> None:
    """The best of three of both, in turns, as the machine is shared."""
    if len(sys.argv) > 1:
        serve(int(sys.argv[1]))
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        subprocess.Popen([sys.executable, "-m", "tests.bench.first_sync", str(port)]) as server,
        folder() as place,
    ):
        base = f"http://127.0.0.1:{port}/fhir"
        _wait(f"{base}/Condition?_count=1")
        runs = [
            (bare(base, place / f"b{n}.db"), asyncio.run(ours(base, place / f"o{n}.db")))
            for n in range(TIMES)
        ]
        base_took, took = min(run[0] for run in runs), min(run[1] for run in runs)
        told("first sync of 10,000 mixed resources", took, "s", base_took)
        told("first sync", RECORDS / took, "resources/s", RECORDS / base_took)
        server.terminate()


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            httpx.get(url)
        except httpx.TransportError:
            continue
        return


if __name__ == "__main__":
    main()
