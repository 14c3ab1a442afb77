"""Figures of the offline room, one JSON line each, against a baseline of the same run.

``python -m tests.bench.offline``

``RECORDS`` sets the size of the large store (10,000). Nothing here asserts: the goals stand in ``GOALS`` and each line
says whether they were met.
"""

import asyncio
import gc
import json
import os
import sqlite3
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from uuid import UUID

from app.domain.exchange import Request, Response
from app.offline.accounts import AccountFiles
from app.offline.engine import Creates, Engine, Profile, Scope
from app.offline.intents import create
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.offline.sync import Sync
from app.offline.vault import AesVault
from tests.offline.examples import KEY, ME, Device, message, open_store
from tests.offline.server import Server

RECORDS = int(os.environ.get("RECORDS", "10000"))
LARGE = int(os.environ.get("LARGE", "100000"))
SCOPE = Scope("Observation", (("subject", ME),))
Body = dict[str, object]
GOALS = {
    "enqueue p50": 3.0,
    "enqueue p99": 15.0,
    "cold open, first 50 rows": 30.0,
    "cold open, all rows": 250.0,
    "apply": 5000.0,
    "query p95": 5.0,
    "disk per resource": 1.2,
    "memory": 60.0,
    "erase": 100.0,
    "100 queued intents at 60 ms": 8.0,
    "idle refresh of 15 types": 25.0,
    "pull with nothing new": 50.0,
    "put": 20.0,
    "first sync": 5000.0,
    "doorbell to screen p95": 300.0,
}


def told(
    name: str,
    value: float,
    unit: str,
    baseline: float | None = None,
    *,
    room: str = "offline",
    goal: float | None = None,
) -> None:
    """One figure. ``baseline``: what the bare thing takes, in the same unit and run."""
    goal = GOALS.get(name) if goal is None else goal
    met = None if goal is None else (value >= goal if unit.endswith("/s") else value <= goal)
    ratio = None if not baseline else round(value / baseline, 2)
    line = {"name": f"{room}: {name}", "value": round(value, 3), "unit": unit, "goal": goal, "met": met}
    base = None if baseline is None else round(baseline, 3)
    sys.stdout.write(json.dumps({**line, "baseline": base, "ratio": ratio}) + "\n")
    sys.stdout.flush()


def observation(number: int) -> Body:
    """A blood pressure of about 1.2 KB, as servers send them."""
    loinc, unit = (
        "http://loinc.org",
        {"unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"},
    )
    kind = "http://terminology.hl7.org/CodeSystem/observation-category"

    def part(code: str, name: str, value: int) -> Body:
        coding = [{"system": loinc, "code": code, "display": name}]
        return {"code": {"coding": coding}, "valueQuantity": {"value": value, **unit}}

    second = f"2026-0{number % 9 + 1}-{number % 28 + 1:02}T{number % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
    return {
        "resourceType": "Observation",
        "id": str(UUID(int=number * 7919 + (number << 64))),
        "meta": {"versionId": "1", "lastUpdated": f"{second}.{number % 1000:03}Z"},
        "status": "final",
        "category": [{"coding": [{"system": kind, "code": "vital-signs", "display": "Vital Signs"}]}],
        "code": {
            "coding": [{"system": loinc, "code": "85354-9", "display": "Blood pressure panel"}],
            "text": "RR",
        },
        "subject": {"reference": "Patient/" + "a" * 36},
        "performer": [{"reference": "Practitioner/" + "b" * 36, "display": "Example Person"}],
        "effectiveDateTime": second + "+03:00",
        "note": [{"text": f"mitattu kotona {number}, lepo 5 min, oikea käsi"}],
        "component": [
            part("8480-6", "Systolic", 90 + number % 90),
            part("8462-4", "Diastolic", 50 + number % 60),
        ],
    }


def seconds(act: Callable[[], object]) -> float:
    """How long ``act`` takes."""
    gc.collect()
    started = perf_counter()
    act()
    return perf_counter() - started


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on a real disk."""
    with tempfile.TemporaryDirectory(prefix="offline-bench-", dir=os.environ.get("BENCH_DIR")) as name:
        yield Path(name)


def bundles(bodies: list[bytes], size: int = 250) -> list[bytes]:
    """Pages as they come from the network."""
    pages = [bodies[at : at + size] for at in range(0, len(bodies), size)]
    head = b'{"resourceType":"Bundle","type":"searchset","entry":['
    return [head + b",".join(b'{"resource":' + body + b"}" for body in page) + b"]}" for page in pages]


def apply(store: Store, pages: list[bytes]) -> None:
    """The engine's own way: parse a page, seal and store it, one transaction each."""
    for page in pages:
        found = [entry["resource"] for entry in json.loads(page)["entry"]]
        with store.writing(durable=False):
            store.records.put(found, SCOPE.key)


def bare_insert(path: Path, pages: list[bytes]) -> None:
    """The baseline: parse, and insert the same bytes into a plain table."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("CREATE TABLE record(type TEXT, id TEXT, body BLOB, PRIMARY KEY(type, id))")
    for page in pages:
        found = [entry["resource"] for entry in json.loads(page)["entry"]]
        db.execute("BEGIN")
        rows = [(body["resourceType"], body["id"], json.dumps(body)) for body in found]
        db.executemany("INSERT INTO record VALUES(?,?,?)", rows)
        db.execute("COMMIT")
    db.close()


def bare_read(path: Path) -> list[Body]:
    """The baseline of a cold open: read and parse everything, unencrypted."""
    db = sqlite3.connect(path)
    return [json.loads(row[0]) for row in db.execute("SELECT body FROM record")]


def large_store(place: Path) -> None:
    """Apply, disk, cold open, query and memory of a store of ``RECORDS``."""
    bodies = [json.dumps(observation(number), ensure_ascii=False).encode() for number in range(RECORDS)]
    pages, path = bundles(bodies), place / "large.db"
    size = sum(map(len, bodies)) / RECORDS
    base = seconds(lambda: bare_insert(place / "bare.db", pages))
    store = open_store(path)
    took = seconds(lambda: apply(store, pages))
    told("apply", RECORDS / took, "resources/s", RECORDS / base)
    store.close()
    told("disk per resource", path.stat().st_size / RECORDS / size * 1.2, "KB per 1.2 KB", 1.2)
    cold_open(path, place / "bare.db")
    queries(path)
    memory(path, bodies)


def cold_open(path: Path, bare: Path) -> None:
    """From nothing in memory to the first screen, and to everything; the best of three, as the machine is shared."""

    def first() -> None:
        store = open_store(path)
        assert len(store.newest("Observation", 50)) == 50
        store.db.close()

    def everything() -> None:
        store = open_store(path)
        assert len(store.all("Observation")) == RECORDS
        store.db.close()

    base = min(seconds(lambda: bare_read(bare)) for _ in range(3))
    told("cold open, first 50 rows", min(seconds(first) for _ in range(5)) * 1000, "ms")
    told("cold open, all rows", min(seconds(everything) for _ in range(5)) * 1000, "ms", base * 1000)


def queries(path: Path) -> None:
    """What screens ask once the type is open: everything of a kind in a month, one by id, the latest."""
    store = open_store(path)
    rows = store.all("Observation")
    times: list[float] = []
    for number in range(200):
        started = perf_counter()
        month = f"2026-0{number % 9 + 1}"
        found = [body for body in store.all("Observation") if body["effectiveDateTime"].startswith(month)]
        store.get("Observation", rows[number]["id"])
        store.newest("Observation", 50)
        times.append((perf_counter() - started) * 1000)
        assert found
    told("query p95", quantiles(times, n=100)[94], "ms")
    store.close()


def memory(path: Path, bodies: list[bytes]) -> None:
    """What an open store of everything holds, against the parsed resources alone."""
    gc.collect()
    tracemalloc.start()
    plain = [json.loads(body) for body in bodies]
    base = tracemalloc.get_traced_memory()[0] / 2**20
    del plain
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    store = open_store(path)
    store.all("Observation")
    told("memory", (tracemalloc.get_traced_memory()[0] - before) / 2**20, "MiB", base)
    tracemalloc.stop()
    store.close()


def enqueue(place: Path) -> None:
    """A durable put of one message, against a bare durable insert."""
    store = open_store(place / "outbox.db")
    outbox, bare = Outbox(store), sqlite3.connect(place / "bare-outbox.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute("CREATE TABLE outbox(key TEXT PRIMARY KEY, body BLOB)")
    ours: list[float] = []
    base: list[float] = []
    for number in range(500):
        intent = create(message("Hei " * 60), ME)
        ours.append(seconds_of(lambda: outbox.put(intent)))  # noqa: B023 - called at once
        row = (intent.key, json.dumps(dict(intent.args)))
        base.append(seconds_of(lambda: bare.execute("INSERT INTO outbox VALUES(?,?)", row)))  # noqa: B023
        if number % 50 == 49:
            outbox.discard(intent.key)
    cuts, bare_cuts = quantiles(ours, n=100), quantiles(base, n=100)
    told("enqueue p50", cuts[49] * 1000, "ms", bare_cuts[49] * 1000)
    told("enqueue p99", cuts[98] * 1000, "ms", bare_cuts[98] * 1000)
    store.close()


def seconds_of(act: Callable[[], object]) -> float:
    """Without collecting garbage first."""
    started = perf_counter()
    act()
    return perf_counter() - started


def group_of_ten(place: Path) -> None:
    """A message with a large picture, put in one go."""
    store = open_store(place / "group.db")
    picture = {"resourceType": "Binary", "contentType": "image/jpeg", "data": os.urandom(400_000).hex()}
    files = [create(picture, ME) for _ in range(3)]
    links = [{"contentAttachment": {"url": f"Binary/{file.id}"}} for file in files]
    group = (*files, create(message(payload=links), ME))
    told("put of a message with 2.4 MB of files", seconds(lambda: Outbox(store).put(*group)) * 1000, "ms")
    store.close()


async def hundred_intents(place: Path) -> None:
    """A hundred messages over a line with a round trip of 60 ms."""
    phone = Device(Server(), path=place / "hundred.db")
    engine = Engine(phone.store, Profile(Creates.GUARDED), None, phone.clock, lambda: 0.0)
    for number in range(100):
        phone.say(str(number))

    async def send(request: Request) -> Response | None:
        await asyncio.sleep(0.06)
        return phone.server.handle(request)

    sync = Sync(engine, phone.store, send, phone.store.clock, asyncio.sleep, lambda: 0.0)
    started = perf_counter()
    await sync.sync_once()
    told("100 queued intents at 60 ms", perf_counter() - started, "s", 6.0)


def idle(place: Path) -> None:
    """Nothing changed: bytes, requests and writes of looking at fifteen types."""
    phone = Device(Server(), path=place / "idle.db")
    scopes = [Scope(f"Type{number}", (("subject", ME),)) for number in range(15)]
    for scope in scopes:
        for number in range(20):
            phone.server.write(scope.type, f"x{number}", {"subject": {"reference": ME}})
    for _ in range(4):
        phone.server.now += 600_000_000
        for scope in scopes:
            phone.run(phone.engine.pull(scope))
    before, phone.server.now = phone.store.db._db.total_changes, phone.server.now + 600_000_000
    asked = [request for scope in scopes for request in phone.run(phone.engine.pull(scope))]
    received = sum(len(json.dumps(phone.server.handle(request).body)) + 300 for request in asked)
    told("idle refresh of 15 types", received / 1000, "KB")
    told("idle refresh, writes", phone.store.db._db.total_changes - before, "rows")


def flat(place: Path) -> None:
    """One change in stores of different sizes: the cost of a pull does not grow with the store."""
    small = 0.0
    for size in (1000, RECORDS, LARGE):
        store = open_store(place / f"flat{size}.db")
        pages = bundles([json.dumps(observation(number)).encode() for number in range(size)])
        apply(store, pages)
        engine = Engine(store, Profile(), None, lambda: 0.0, lambda: 0.0)
        store.records.known("Observation")
        change = {**observation(1), "meta": {"versionId": "2", "lastUpdated": "2026-12-01T00:00:00Z"}}
        body = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": change}]}

        def pull(body: Body = body, engine: Engine = engine) -> None:
            steps = engine.pull(SCOPE)
            next(steps)
            try:
                steps.send(Response(200, {"date": "Tue, 01 Dec 2026 00:00:00 GMT"}, body))
            except StopIteration:
                return

        took = seconds(pull) * 1000
        told(f"one change in a store of {size}", took, "ms", small or None)
        small = small or took
        store.close()


def erase(place: Path) -> None:
    """Removing an account with everything."""
    files = AccountFiles(place / "accounts")
    store = files.open("a" * 64, KEY)
    apply(store, bundles([json.dumps(observation(number)).encode() for number in range(RECORDS)]))
    store.close()
    told("erase", seconds(lambda: files.erase("a" * 64)) * 1000, "ms")


def machine() -> None:
    """How fast this machine is at the moment: other programs may be running."""
    took = min(seconds(lambda: sum(number * number for number in range(1_000_000))) for _ in range(5))
    told("a million multiplications in Python (about 40 ms on a quiet core)", took * 1000, "ms")


def sealing() -> None:
    """The vault alone."""
    vault, body = AesVault(KEY), json.dumps(observation(1)).encode()
    sealed = vault.seal(body, "place")
    told("seal 1.2 KB", seconds(lambda: [vault.seal(body, "place") for _ in range(5000)]) / 5000 * 1e6, "µs")
    told(
        "open 1.2 KB", seconds(lambda: [vault.open(sealed, "place") for _ in range(5000)]) / 5000 * 1e6, "µs"
    )


def main() -> None:
    """All figures."""
    with folder() as place:
        machine()
        sealing()
        enqueue(place)
        group_of_ten(place)
        large_store(place)
        flat(place)
        idle(place)
        erase(place)
        asyncio.run(hundred_intents(place))


if __name__ == "__main__":
    main()
