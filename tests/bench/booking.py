"""Finding among 50,000 slots, drawing a list from what is known, and 200 residents racing for 50 slots.

``python -m tests.bench.booking [slots]`` prints JSON lines {name, value, unit, baseline, ratio}. Baselines of
the same run: reading the same rows by one SQL query; a screen with as many plain texts; the same number of plain reads.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter as Count
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flet as ft
import httpx

from app.components import Screen as ScreenPart
from app.components import component
from app.components.layout import text
from app.platform.flet_fixes import install
from backend_stub.app import build
from backend_stub.booking import profile
from backend_stub.clock import Clock
from backend_stub.config import Config
from tests.backend_stub.booking import Counter
from tests.views.examples import County

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RESIDENTS, PRIZES = 200, 50


def tell(name: str, value: float, unit: str, baseline: float) -> None:
    """One figure."""
    ratio = round(value / baseline, 2) if baseline else None
    figures = {"value": round(value, 2), "unit": unit, "baseline": round(baseline, 2), "ratio": ratio}
    print(json.dumps({"name": name, **figures}))


def slots(count: int, schedules: int) -> list[dict[str, Any]]:
    """Free slots spread over schedules, half an hour each."""
    made = []
    for number in range(count):
        place, step = number % schedules, number // schedules
        start = NOW + timedelta(hours=1, minutes=30 * step)
        made.append(
            {
                "resourceType": "Slot",
                "id": f"bench-{number}",
                "appointmentType": profile.mode("in-person"),
                "schedule": {"reference": f"Schedule/bench-{place}"},
                "status": "free",
                "start": start.isoformat(),
                "end": (start + timedelta(minutes=30)).isoformat(),
            }
        )
    return made


async def many(count: int) -> None:
    """A search by service over all of them."""
    platform = build(Config(seed=1, port=8299), Clock(NOW.timestamp)).state.platform
    told = platform.repository.read("Schedule", "kaisa-vastaanotto")
    schedules = 50
    with platform.repository.transaction():
        for number in range(schedules):
            actors = [*told["actor"][:2], {"reference": f"HealthcareService/bench-{number % 10}"}]
            platform.repository.create(told | {"id": f"bench-{number}", "actor": actors})
        for body in slots(count, schedules):
            platform.repository.create(body)
    wanted = [f"bench-{number}" for number in range(schedules) if number % 10 == 0]
    until = NOW + timedelta(days=28)
    found, spent = await timed(lambda: platform.diary.find(wanted, NOW, until))
    sql = "SELECT v.body FROM current c JOIN version v ON v.seq=c.seq WHERE c.type='Slot' AND c.deleted=0 LIMIT ?"
    database = platform.repository.storage.db
    _, plain = await timed(lambda: [json.loads(row[0]) for row in database.execute(sql, (len(found),))])
    tell(f"booking.find_among_{count}", spent, "ms", plain)


async def timed(do: Callable[[], Any], rounds: int = 5) -> tuple[Any, float]:
    """What it gives, and the median of its milliseconds."""
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        given = do()
        if isinstance(given, Awaitable):
            given = await given
        spent.append((time.perf_counter() - began) * 1000)
    return given, sorted(spent)[rounds // 2]


@component
def Plain(count: int) -> ft.Control:
    """As many texts as the list has."""
    return ScreenPart("bench", "Ajat", [text(f"Rivi {n}") for n in range(count)])


async def drawn(data: Path) -> None:
    """The list of appointments, and the free times of a service, from what is on the device."""
    installed = install(strict=False)
    county = County(data)
    visit = await county.signed_in("aino", "/appointments/find/terveysasema")
    lines = len(visit.texts)

    async def draw(route: str) -> float:
        spent = []
        for _ in range(7):
            await visit.go("/settings")
            began = time.perf_counter()
            visit.page.navigate(route)
            await visit.settle()
            spent.append((time.perf_counter() - began) * 1000)
        return sorted(spent)[3]

    from tests.headless import Screen

    began = time.perf_counter()
    plain = Screen(None, route="/", answers=None, width=400)
    plain.show(Plain, lines)
    baseline = (time.perf_counter() - began) * 1000
    tell("booking.list_drawn", await draw("/appointments"), "ms", baseline)
    await plain.close()
    await county.close()
    installed.remove()


async def race() -> None:
    """200 residents press at once on 50 times: 50 are booked, 150 are told clearly that they are gone."""
    app = build(Config(seed=1, port=8299), Clock(NOW.timestamp))
    platform = app.state.platform
    person = platform.repository.read("Patient", platform.seeder.roster.get("tuomas").patient)
    ids = [f"racer-{number}" for number in range(RESIDENTS)]
    for id in ids:
        platform.repository.create(person | {"id": id})
    prizes = slots(PRIZES, 1)
    for body in prizes:
        platform.repository.create(body | {"schedule": {"reference": "Schedule/kaisa-vastaanotto"}})
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8299"
    ) as http:
        racers = [Counter(platform, http, "tuomas", patient=id) for id in ids]
        began = time.perf_counter()
        answers = await asyncio.gather(
            *(one.ask("book", one.wish(f"bench-{number % PRIZES}")) for number, one in enumerate(racers))
        )
        spent = (time.perf_counter() - began) * 1000
        began = time.perf_counter()
        reads = (
            one.http.get(f"/fhir/Slot/bench-{n % PRIZES}", headers=one.headers)
            for n, one in enumerate(racers)
        )
        await asyncio.gather(*reads)
        plain = (time.perf_counter() - began) * 1000
    outcomes = Count(one.status_code for one in answers)
    booked = (one for one in platform.repository.all("Appointment") if one["status"] == "booked")
    taken = Count(slot for one in booked for slot in profile.slots_of(one) if slot.startswith("bench-"))
    assert outcomes == {200: PRIZES, 409: RESIDENTS - PRIZES}, outcomes
    assert len(taken) == PRIZES
    assert set(taken.values()) == {1}
    tell(f"booking.race_{RESIDENTS}_for_{PRIZES}", spent, "ms", plain)


def main() -> None:
    """All three."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    asyncio.run(many(count))
    asyncio.run(race())
    with tempfile.TemporaryDirectory() as data:
        asyncio.run(drawn(Path(data)))


if __name__ == "__main__":
    main()
