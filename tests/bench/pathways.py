"""Pathways: drawing a catalogue of 500, drawing a plan of 400 steps, and planning these anew.

``python -m tests.bench.pathways`` prints JSON lines {name, value, unit, baseline, ratio}. All is read from memory, as
after the first visit. Drawing is what Python does for a screen until the client has been told, in processor time, so
that other processes do not count; the baseline is as many plain cards drawn by Flet alone. Planning is compared with
sorting as many dates.
"""

import asyncio
import gc
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import flet as ft

from app.pathways.library import Library
from app.pathways.load import FOLDER
from app.pathways.model import Structure
from app.pathways.planner import Dates, plan
from app.pathways.replan import replan
from tests.headless import Screen
from tests.views.examples import County

CATALOGUE, STEPS, ROUNDS = 500, 400, 5


def catalogue(folder: Path) -> None:
    """500 copies of a pathway, each with its own id and title."""
    for number in range(CATALOGUE):
        target = folder / f"sleep-{number:03d}"
        shutil.copytree(FOLDER / "sleep", target)
        structure = json.loads((target / "pathway.json").read_text())
        (target / "pathway.json").write_text(json.dumps(structure | {"id": target.name}))
        words = json.loads((target / "fi.json").read_text())
        (target / "fi.json").write_text(json.dumps(words | {"title": f"Parempi uni {number}"}))


def long_one(folder: Path) -> None:
    """One pathway of 400 steps in ten stages, hanging on a date."""
    target = folder / "long"
    target.mkdir(parents=True)
    structure = json.loads((FOLDER / "sleep" / "pathway.json").read_text())
    words = json.loads((FOLDER / "sleep" / "fi.json").read_text())
    step, text = structure["stages"][0]["steps"][0], words["steps"]["why-sleep"]
    step = {key: value for key, value in step.items() if key not in ("pictures", "charts", "confirm")}
    text = {key: value for key, value in text.items() if key != "pictures"}
    each, stages = STEPS // 10, []
    for stage in range(10):
        steps = [
            step | {"id": f"s{stage}-{n}", "when": {"anchor": "day", "from": f"{stage * each + n - 60}d"}}
            for n in range(each)
        ]
        stages.append({"id": f"stage-{stage}", "steps": steps})
    picture = {key: value for key, value in structure.items() if key != "picture"}
    made = picture | {"id": "long", "languages": ["fi"], "anchors": [{"id": "day"}], "stages": stages}
    words |= {
        "anchors": {"day": {"label": "Päivä"}},
        "stages": {one["id"]: {"title": one["id"], "summary": "Vaihe"} for one in stages},
        "steps": {one["id"]: text for stage in stages for one in stage["steps"]},
    }
    (target / "pathway.json").write_text(json.dumps(made))
    (target / "fi.json").write_text(json.dumps(words))


async def drawn(visit: Screen, away: str, route: str) -> float:
    """Milliseconds of the processor from asking for a route until the client was told, the middle of some rounds."""
    spent = []
    for _ in range(ROUNDS):
        await visit.go(away)
        gc.collect()
        started = time.process_time()
        await visit.go(route)
        spent.append((time.process_time() - started) * 1000)
    return statistics.median(spent)


async def plain(count: int) -> float:
    """As many cards of two texts, drawn by Flet without any of ours."""

    @ft.component
    def Cards(shown: bool) -> ft.Control:
        cards = [
            ft.Container(ft.Column([ft.Text(f"Otsikko {n}"), ft.Text("Rivi")]))
            for n in range(count if shown else 0)
        ]
        return ft.Column(list(cards))

    @ft.component
    def Whole() -> ft.Control:
        shown, show = ft.use_state(False)
        switch.append(show)
        return Cards(shown)

    switch: list[Callable[[bool], None]] = []
    screen, spent = Screen(Whole), []
    for _ in range(ROUNDS):
        switch[-1](False)
        await screen.settle()
        started = time.process_time()
        switch[-1](True)
        await screen.settle()
        spent.append((time.process_time() - started) * 1000)
    await screen.close()
    return statistics.median(spent)


async def screens() -> None:
    """Both drawings."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        catalogue(folder / "many")
        long_one(folder / "one")
        for name, library, route, count in (
            ("pathways.catalogue_500", folder / "many", "/pathways", CATALOGUE),
            ("pathways.plan_400", folder / "one", "/pathways/long", STEPS),
        ):
            county = County(folder / name)
            visit = await county.open()
            visit.stores.pathways.library = Library((), library)
            visit.stores.pathways.refresh()
            if count == STEPS:
                await visit.go("/pathways/long")
                await visit.tap("pathway.start")
                journeys = visit.stores.pathways.journeys
                journey = journeys.on("long")
                assert journey is not None
                journeys.set_dates(journey, "day", (date(2026, 11, 23),))
            value = await drawn(visit, "/terms", route)
            report(name, value, await plain(count))
            await county.close()


def planning() -> None:
    """Planning 400 steps anew when their date moves, with half of them done."""
    with tempfile.TemporaryDirectory() as place:
        long_one(Path(place))
        structure = Structure.model_validate_json((Path(place) / "long" / "pathway.json").read_bytes())
    before = plan(structure, Dates({"day": (date(2026, 11, 23),)}))
    done = {turn.key for turn in before.turns[: STEPS // 2]}
    after = Dates({"day": (date(2026, 12, 7),)})
    days = [date(2026, 1, 1) + timedelta(days=(n * 7919) % STEPS) for n in range(STEPS)]
    value = _middle(lambda: replan(structure, before, after, done))
    report("pathways.replan_400", value, _middle(lambda: sorted(days)))


def _middle(do: Callable[[], object]) -> float:
    spent = []
    for _ in range(50):
        started = time.perf_counter()
        do()
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


def report(name: str, value: float, baseline: float) -> None:
    """One JSON line."""
    told = {"name": name, "value": round(value, 2), "unit": "ms", "baseline": round(baseline, 3)}
    print(json.dumps(told | {"ratio": round(value / baseline, 2)}))


if __name__ == "__main__":
    planning()
    asyncio.run(screens())
