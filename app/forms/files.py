"""Questionnaires in files, as form authors have them: one by one, in Bundles, Parameters, lists, lines (NDJSON)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.forms.given import Json, part_at, parts_at, words_at
from app.forms.model import MAX_BYTES, Unreadable

ENDS = frozenset({".json", ".ndjson", ".jsonl", ".xml"})
DEEPEST = 8


@dataclass
class Found:
    """Everything in the folder: questionnaires with where they came from, and what they may need."""

    questionnaires: list[tuple[str, Any]] = field(default_factory=list)
    sets: dict[str, Json] = field(default_factory=dict)
    others: dict[str, Json] = field(default_factory=dict)


def load(place: Path) -> Found:
    """Every Questionnaire in a file or folder; what cannot be read is kept as an ``Unreadable``."""
    found, whole = Found(), place.is_dir()
    for path in _files(place) if whole else [place]:
        name = str(path.relative_to(place)) if whole else path.name
        raw = _parsed(path)
        if isinstance(raw, Unreadable):
            found.questionnaires.append((name, raw))
            continue
        kept = [(where, one) for where, one in _resources(name, raw) if _keep(found, one)]
        found.questionnaires += kept or ([] if whole else [(name, raw)])
    return found


def _files(place: Path) -> list[Path]:
    """Those that may hold questionnaires; of XML only what says that it is one."""
    named = sorted(path for path in place.rglob("*") if path.suffix.lower() in ENDS and path.is_file())
    return [path for path in named if path.suffix.lower() != ".xml" or b"<Questionnaire" in _start(path)]


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(2_000)
    except OSError:
        return b""


def _parsed(path: Path) -> Any:
    """What is in the file; an ``Unreadable`` says why not."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return Unreadable("too-large")
        data = path.read_bytes()
    except OSError:
        return Unreadable("no-file")
    try:
        return _whole(json.loads(data.removeprefix(b"\xef\xbb\xbf")))
    except RecursionError:
        return Unreadable("too-deep")
    except ValueError:
        return _lines(data) or Unreadable("xml" if data.lstrip()[:1] == b"<" else "not-json")


def _lines(data: bytes) -> list[Any]:
    """The resources of NDJSON; none when it is none."""
    lines = [line for line in data.splitlines() if line.strip()]
    try:
        return [_whole(json.loads(line)) for line in lines] if len(lines) > 1 else []
    except (RecursionError, ValueError):
        return []


def _whole(raw: Any) -> Any:
    """Half of a surrogate pair is no text: it becomes "?", as it does in the app's store."""
    try:
        text = json.dumps(raw, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        return json.loads(text.encode("utf-8", "replace"))
    return raw


def _resources(name: str, raw: Any, depth: int = 0) -> Iterator[tuple[str, Json]]:
    """The resources in ``raw``, each with its own name (``file#place``)."""
    if depth > DEEPEST or not isinstance(raw, dict | list):
        return
    type, inside = words_at(raw, "resourceType"), list[Any]()
    if type == "Bundle":
        inside = [part_at(one, "resource") for one in parts_at(raw, "entry")]
    elif type == "Parameters" or (depth and not type and ("part" in raw or "resource" in raw)):
        inside = [part_at(raw, "resource"), *parts_at(raw, "parameter"), *parts_at(raw, "part")]
    elif isinstance(raw, list):
        inside = raw
    else:
        yield name, raw
    for place, one in enumerate(inside):
        if one:
            yield from _resources(f"{name}#{place}", one, depth + 1)


def _keep(found: Found, raw: Json) -> bool:
    """Whether it is a questionnaire; value sets and questionnaires are remembered by their canonical."""
    url, type = words_at(raw, "url"), words_at(raw, "resourceType")
    if type == "ValueSet" and url:
        found.sets[url] = raw
    if type == "Questionnaire" and url:
        found.others[url] = raw
    return type == "Questionnaire"
