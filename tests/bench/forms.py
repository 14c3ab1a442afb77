"""How fast a form of 800 items is: opening, its first page, and from a key to what is drawn again.

``python -m tests.bench.forms`` prints JSON lines {name, value, unit, baseline, ratio}; the baseline is the same with a
form of 8 items. Milliseconds of Python, the 95th percentile for keys.
"""

import asyncio
import json
import time
from typing import Any

import flet as ft

from app.forms.filling import Filling, Known
from app.forms.reading import read_form
from app.platform.flet_fixes import install
from app.stores.filler import Filler
from app.views.forms_trial import Trial, filler_of
from tests.forms.making import NOW, fhirpath, form, item
from tests.headless import Screen

KEYS = 200


def questionnaire(groups: int) -> dict[str, Any]:
    """Groups of nine questions, some under a condition, and a sum over all of them."""

    def group(n: int) -> dict[str, Any]:
        asked = [{"question": f"g{n}q1", "operator": "exists", "answerBoolean": True}]
        return item(
            f"g{n}",
            "group",
            *(
                item(
                    f"g{n}q{k}", "integer" if k % 2 else "string", **({"enableWhen": asked} if k > 6 else {})
                )
                for k in range(9)
            ),
        )

    total = fhirpath(
        "calculatedExpression", "%resource.item.item.where(linkId.endsWith('q3')).answer.value.sum()"
    )
    return form(*map(group, range(groups)), item("sum", "integer", readOnly=True, ext=[total]))


def opened(raw: dict[str, Any]) -> tuple[float, Filler]:
    """Milliseconds from the resource to a filler."""
    started = time.perf_counter()
    filler = filler_of(Filling(read_form(raw), Known(now=lambda: NOW)))
    return (time.perf_counter() - started) * 1000, filler


async def first_page(raw: dict[str, Any], one_by_one: bool) -> tuple[float, Screen]:
    """Milliseconds from a filler to its first step drawn."""
    _, filler = opened(raw)
    started = time.perf_counter()
    filler.one_by_one = one_by_one
    screen = Screen(Trial, filler, filler.steps()[0])
    await screen.settle()
    spent = (time.perf_counter() - started) * 1000
    return spent, screen


async def drawing(raw: dict[str, Any], one_by_one: bool) -> float:
    """The same, and the screen is put away."""
    spent, screen = await first_page(raw, one_by_one)
    await screen.close()
    return spent


async def keys(raw: dict[str, Any]) -> float:
    """Milliseconds from a key to what is drawn again: the 95th percentile."""
    _, screen = await first_page(raw, False)
    field = screen.find(ft.TextField)[0]
    spent = []
    for n in range(KEYS):
        words = "sana" * (n % 5) + "x"
        started = time.perf_counter()
        await screen.fire(field, "change", words, value=words)
        spent.append((time.perf_counter() - started) * 1000)
        field = screen.find(ft.TextField)[0]
    await screen.close()
    return sorted(spent)[int(KEYS * 0.95)]


async def main() -> None:
    """Every figure."""
    install()
    large, small = questionnaire(80), questionnaire(1)
    figures = {
        "forms.open-800": (opened(large)[0], opened(small)[0]),
        "forms.first-question-800": (await drawing(large, True), await drawing(small, True)),
        "forms.first-page-800": (await drawing(large, False), await drawing(small, False)),
        "forms.key-800-p95": (await keys(large), await keys(small)),
    }
    for name, (value, baseline) in figures.items():
        told = {"name": name, "value": round(value, 1), "unit": "ms", "baseline": round(baseline, 1)}
        print(json.dumps({**told, "ratio": round(value / baseline, 2)}))


if __name__ == "__main__":
    asyncio.run(main())
