"""Lists of a person's own data with 10,000 entries: the first rows from the device, all of them, and a search.

``python -m tests.bench.own_data``; one JSON line each; the baseline is parsing the same JSON with the standard library.
"""

import asyncio
import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from app.domain.record import Kind, found
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.offline.vault import AesVault
from app.stores.record import Record

ROWS = int(os.environ.get("ROWS", "10000"))
GOALS = {"first rows": 150.0}
KEY = bytes(32)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def observation(number: int) -> dict[str, Any]:
    """A laboratory result as servers send them."""
    at = NOW - timedelta(hours=5 * number)
    quantity = {
        "value": 5 + number % 30 / 10,
        "unit": "mmol/l",
        "code": "mmol/L",
        "system": "http://unitsofmeasure.org",
    }
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "meta": {"versionId": "1", "lastUpdated": at.isoformat()},
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "14771-0", "display": "Glucose"}],
            "text": "Paastosokeri",
        },
        "subject": {"reference": "Patient/me"},
        "effectiveDateTime": at.isoformat(),
        "performer": [{"reference": "Organization/lab", "display": "Laboratorio"}],
        "valueQuantity": quantity,
        "referenceRange": [{"low": {"value": 4, "code": "mmol/L"}, "high": {"value": 6, "code": "mmol/L"}}],
    }


def opened(path: Path) -> Record:
    """The room as it is when somebody opens the app again."""
    store = Store.open(path, AesVault(KEY), "account")
    public = Store.open(None, AesVault(KEY), "public")
    return Record(
        person_id="me",
        store=store,
        public=public,
        outbox=Outbox(store),
        nudge=lambda: None,
        now=lambda: NOW,
        new_key=lambda: "key",
        language=lambda: "fi",
        fetch=lambda _: None,
        tell=lambda _: None,
        waits_for_comment=lambda: False,
    )


def timed(do: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds, and what came of it."""
    gc.collect()
    began = perf_counter()
    made = do()
    return (perf_counter() - began) * 1000, made


def told(name: str, value: float, baseline: float) -> None:
    """One figure."""
    goal = GOALS.get(name)
    line = {"name": f"own data: {name} of {ROWS}", "value": round(value, 1), "unit": "ms", "goal": goal}
    line |= {"met": None if goal is None else value <= goal, "baseline": round(baseline, 1)}
    sys.stdout.write(json.dumps({**line, "ratio": round(value / baseline, 2)}) + "\n")


def main() -> None:
    """Fill a store, and open it as on the next day."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        store = Store.open(path, AesVault(KEY), "account")
        bodies = [observation(number) for number in range(ROWS)]
        with store.writing("Observation", durable=True):
            store.records.put(bodies)
        store.close()
        texts = [json.dumps(body) for body in bodies]
        baseline, _ = timed(lambda: [json.loads(text) for text in texts])

        record = opened(path)
        first, listed = timed(lambda: record.listing(Kind.RESULT).value)
        told("first rows", first, baseline)
        assert listed is not None
        rest, _ = timed(lambda: asyncio.run(record.complete(Kind.RESULT)))
        told("all rows", rest, baseline)
        entries = record.listing(Kind.RESULT).value.entries  # type: ignore[union-attr]
        assert len(entries) == ROWS
        told("again", timed(record.refresh)[0], baseline)
        told("search", timed(lambda: found(entries, "paastosokeri laboratorio"))[0], baseline)
        told("trend", timed(lambda: record.over_time(entries[0]))[0], baseline)


if __name__ == "__main__":
    main()
