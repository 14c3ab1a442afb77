"""How long after the tap a message is safe on the device: everything from the store's action to the commit on disk.

``python -m tests.bench.send`` prints JSON lines {name, value, unit, baseline, ratio}; the baseline is a bare SQLite
insert of the same bytes with the same durability.
"""

import asyncio
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.offline.intents import Intent
from app.offline.store import Store
from app.offline.vault import AesVault
from tests.stores.examples import Clock, Desk

ROUNDS = 200


async def taps(folder: Path) -> list[float]:
    """Milliseconds of each of many sends, with a text and no file."""
    clock = Clock()
    store = Store.open(folder / "send.db", AesVault(bytes(32)), "account", clock)
    desk, spent = Desk(store=store, watching=False), []
    for n in range(ROUNDS):
        composer = desk.messages.composer(desk.messages.start("nurse"))
        assert composer is not None
        composer.write("subject", f"Asia {n}")
        composer.write("text", "Selkä on ollut kipeä viikon. " * 20)
        started = time.perf_counter()
        with on_disk(desk) as ended:
            await desk.messages.send.run(composer)
        spent.append((ended[0] - started) * 1000)
        desk.sending.refresh()
        desk.sending.discard((desk.sending.items.value or ())[0])
    return spent


@contextmanager
def on_disk(desk: Desk) -> Iterator[list[float]]:
    """The moment at which the outbox had committed."""
    put, ended = desk.outbox.put, []

    def timed(*intents: Intent, draft: str | None = None) -> None:
        put(*intents, draft=draft)
        ended.append(time.perf_counter())

    desk.outbox.put = timed  # type: ignore[method-assign]
    yield ended
    desk.outbox.put = put  # type: ignore[method-assign]


def inserts(folder: Path) -> list[float]:
    """Milliseconds of as many bare inserts of two rows of the same size."""
    with sqlite3.connect(folder / "bare.db", isolation_level=None) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE t (body BLOB)")
        spent = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            db.execute("BEGIN")
            db.executemany("INSERT INTO t VALUES(?)", [(bytes(900),), (bytes(1500),)])
            db.execute("COMMIT")
            spent.append((time.perf_counter() - started) * 1000)
    return spent


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        ours, bare = asyncio.run(taps(Path(name))), inserts(Path(name))
    for label, pick in (("p50", 0.50), ("p99", 0.99)):
        value, baseline = _quantile(ours, pick), _quantile(bare, pick)
        line = {
            "name": f"tap to disk {label}",
            "value": round(value, 2),
            "unit": "ms",
            "baseline": round(baseline, 2),
            "ratio": round(value / baseline, 2),
        }
        sys.stdout.write(json.dumps(line) + "\n")


def _quantile(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


if __name__ == "__main__":
    main()
