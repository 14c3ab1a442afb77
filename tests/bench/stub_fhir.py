"""How fast the stub's FHIR server reads and creates, against a plain Starlette + SQLite server in the same run.

Both run in process, through ``httpx.ASGITransport`` (no sockets), on one core, with a file on disk in WAL mode.
``python -m tests.bench.stub_fhir [resources]`` prints JSON lines {name, value, unit, baseline, ratio}.
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from backend_stub.fhir.access import SYSTEM, Access
from backend_stub.fhir.app import FhirConfig, fhir_routes
from backend_stub.fhir.repository import Repository

PATIENTS = 200
ROUND = 400
ROUNDS = 5


def message(number: int) -> dict[str, object]:
    """A message of one of the patients, such as the app sends."""
    patient = f"Patient/p{number % PATIENTS}"
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": [{"coding": [{"system": "urn:bench", "code": "non-urgent-message"}]}],
        "topic": {"text": f"Asia {number}"},
        "subject": {"reference": patient},
        "sender": {"reference": patient},
        "recipient": [{"reference": f"HealthcareService/s{number % 15}"}],
        "sent": "2026-11-23T08:00:00+02:00",
        "payload": [{"contentString": f"Hei, tämä on viesti numero {number}. " * 5}],
    }


def baseline_app(path: Path) -> Starlette:
    """The least that could be called a server: one table, JSON in, JSON out."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("CREATE TABLE r(id TEXT PRIMARY KEY, body TEXT)")

    async def read(request: Request) -> JSONResponse:
        row = db.execute("SELECT body FROM r WHERE id=?", (request.path_params["id"],)).fetchone()
        return JSONResponse(json.loads(row[0]))

    async def create(request: Request) -> JSONResponse:
        body = {**await request.json(), "id": str(uuid.uuid4())}
        db.execute("INSERT INTO r VALUES (?,?)", (body["id"], json.dumps(body)))
        return JSONResponse(body, 201)

    routes = [Route("/fhir/Communication/{id}", read), Route("/fhir/Communication", create, methods=["POST"])]
    return Starlette(routes=routes)


def stub_app(path: Path) -> tuple[Starlette, Repository]:
    """The stub's FHIR server with a system token."""
    repository = Repository(str(path), lambda: datetime.now(UTC))
    config = FhirConfig("http://bench/fhir", "http://bench/auth")
    return Starlette(routes=fhir_routes(repository, _system, config, prefix="/fhir")), repository


def _system(headers: object) -> Access:
    return SYSTEM


async def rate(action: Callable[[int], Awaitable[object]]) -> float:
    """Actions in a second, the best of some rounds."""
    best = 0.0
    for turn in range(ROUNDS):
        started = time.perf_counter()
        for number in range(ROUND):
            await action(turn * ROUND + number)
        best = max(best, ROUND / (time.perf_counter() - started))
    return best


async def measure(app: Starlette, count: int, *, searches: bool) -> dict[str, float]:
    """Fill with ``count`` messages, then time creates, reads and a resident-like search."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bench/fhir/") as http:
        ids = [(await http.post("Communication", json=message(one))).json()["id"] for one in range(count)]

        async def create(number: int) -> None:
            assert (await http.post("Communication", json=message(number))).status_code == 201

        async def read(number: int) -> None:
            assert (await http.get(f"Communication/{ids[number * 7919 % count]}")).status_code == 200

        async def search(number: int) -> None:
            url = f"Communication?subject=Patient/p{number % PATIENTS}&_sort=-_lastUpdated&_count=20"
            assert (await http.get(url)).status_code == 200

        figures = {"reads": await rate(read), "creates": await rate(create)}
        return figures | ({"searches": await rate(search)} if searches else {})


async def main(count: int) -> None:
    """Measure both and print."""
    with tempfile.TemporaryDirectory() as folder:
        plain = await measure(baseline_app(Path(folder) / "plain.db"), count, searches=False)
        app, repository = stub_app(Path(folder) / "stub.db")
        stub = await measure(app, count, searches=True)
        repository.close()
    for name, value in stub.items():
        base = plain.get(name, plain["reads"])
        figure = {
            "name": f"stub_fhir_{name}",
            "value": round(value, 1),
            "unit": "1/s",
            "baseline": round(base, 1),
        }
        print(json.dumps(figure | {"ratio": round(value / base, 3)}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
