"""Try questionnaires out: ``python -m app.forms.check FILE_OR_FOLDER [--seed N] [--out FOLDER]``.

Each is read, really drawn (without a client), answered with valid answers made up from the seed, checked, and made
into a QuestionnaireResponse. One line of JSON for each: file, status (ok, degraded, unreadable), items, shown, notes,
ms. Ends with 0 unless something crashed. Value sets and questionnaires that lie in the same folder are used.

A tool: unlike the rest of this room it knows the screens.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.forms.files import Found, load
from app.forms.filling import Filling, Known
from app.forms.given import Json, parts_at, words_at
from app.forms.model import MAX_BYTES, MAX_DEPTH, MAX_ITEMS, Form, Note, Unreadable
from app.forms.reading import read_form
from app.forms.synthetic import answer_all

TELLING = frozenset({"hidden", "query", "query-from-device", "terminology-server"})
"""Notes that tell of something and are no loss to a resident."""
WHY_NOT = {
    "not-json": "The file is not JSON",
    "xml": "The file is markup; FHIR is read as JSON only",
    "no-file": "The file cannot be opened",
    "not-a-questionnaire": "This is not a FHIR Questionnaire",
    "no-items": "The questionnaire has no items",
    "too-deep": f"Items are nested more than {MAX_DEPTH} deep",
    "too-many-items": f"There are more than {MAX_ITEMS} items",
    "too-large": f"The file is larger than {MAX_BYTES // 1_000_000} MB",
}
"""What is said of a form that is not shown."""
ME = "Patient/example"
MOMENT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@dataclass
class Result:
    """What is printed of one questionnaire."""

    file: str
    status: str = "ok"
    items: int = 0
    shown: int = 0
    notes: list[dict[str, str]] = field(default_factory=list)
    ms: int = 0


async def check_one(name: str, raw: Any, found: Found, seed: int, out: Path | None) -> Result:
    """Try one questionnaire out."""
    started, result = time.monotonic(), Result(name)
    try:
        if isinstance(raw, Unreadable):
            raise raw
        form = read_form(raw, found.others)
    except Unreadable as problem:
        said = f"{WHY_NOT[problem.code]}."
        result.status, result.notes = "unreadable", [{"code": problem.code, "detail": said}]
    else:
        filling = Filling(form, Known(sets=found.sets, now=lambda: MOMENT, zone=ZoneInfo("Europe/Helsinki")))
        await _try(form, filling, result, seed, out)
    result.ms = round((time.monotonic() - started) * 1000)
    return result


async def _try(form: Form, filling: Filling, result: Result, seed: int, out: Path | None) -> None:
    from app.views.forms_trial import draw_everything

    filling.calculate()
    answer_all(filling, seed)
    drawn = await draw_everything(filling)
    answer_all(filling, seed)
    seen = list(_seen(form, {id(node.item.raw) for node in drawn}))
    result.items, result.shown = len(seen), sum(shown for _, shown, _ in seen)
    notes = [
        *filling.notes,
        *(Note(f"answer-{i.code}", i.node.item.link_id, i.words) for i in filling.issues()),
    ]
    notes += [Note("hidden" if hidden else "not-shown", id) for id, shown, hidden in seen if not shown]
    result.notes = [_told(note) for note in dict.fromkeys(notes)]
    result.status = "degraded" if any(note.code not in TELLING for note in notes) else "ok"
    response = filling.response("00000000-0000-4000-8000-000000000000", ME, ME)
    if out is not None:
        _write(out, result.file, response)


def _write(out: Path, file: str, response: Json) -> None:
    out.mkdir(parents=True, exist_ok=True)
    name = file.replace("/", "__").replace("#", "__").replace(".json", "")
    (out / f"{name}.json").write_text(json.dumps(response, ensure_ascii=False, indent=1), "utf-8")


def _told(note: Note) -> dict[str, str]:
    return {name: value for name, value in vars(note).items() if value}


def _seen(form: Form, drawn: set[int]) -> Iterator[tuple[str, bool, bool]]:
    """Each item of the questionnaire itself: (linkId, shown, hidden). What stands beside another item, or is only the
    place of a part, is shown with it."""
    known = {id(item.raw): item.hidden for item in form.all}

    def walk(raw: Json, shown: bool, hidden: bool) -> Iterator[tuple[str, bool, bool]]:
        for one in parts_at(raw, "item"):
            here = id(one) in drawn if id(one) in known else shown
            out = hidden or known.get(id(one), False)
            yield words_at(one, "linkId"), here, out
            yield from walk(one, here, out)

    return walk(form.raw, True, False)


async def run(place: Path, seed: int, out: Path | None) -> int:
    """Try out everything in ``place``; 1 when something crashed."""
    crashed, found = 0, load(place)
    for name, raw in found.questionnaires:
        try:
            result = await check_one(name, raw, found, seed, out)
        except Exception as problem:  # noqa: BLE001 - a crash is what is looked for: told, and the rest goes on
            crashed = 1
            result = Result(name, "crashed", notes=[{"code": type(problem).__name__}])
            traceback.print_exc(limit=-6)
        sys.stdout.write(json.dumps(vars(result), ensure_ascii=False) + "\n")
    return crashed


def main() -> int:
    """The command."""
    asked = argparse.ArgumentParser(prog="python -m app.forms.check", description=__doc__)
    asked.add_argument("place", type=Path, metavar="FILE_OR_FOLDER")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path)
    given = asked.parse_args()
    if not given.place.exists():
        asked.error(f"there is no {given.place}")
    logging.disable(logging.INFO)
    warnings.simplefilter("ignore", FutureWarning)  # patterns of strangers
    return asyncio.run(run(given.place, given.seed, given.out))


if __name__ == "__main__":
    sys.exit(main())
