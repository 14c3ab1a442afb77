"""Reads a pathway's folder. A mistake is told with the file and the place in it."""

import codecs
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.mistakes import lines_of
from app.pathways.model import Structure
from app.pathways.texts import Texts

__all__ = ["FOLDER", "PathwayError", "read_structure", "read_texts", "twice"]

FOLDER = Path(__file__).parent.parent.parent / "assets" / "pathways"
M = TypeVar("M", bound=BaseModel)


class PathwayError(Exception):
    """A file of a pathway is not what the format says; one line for each mistake."""


def read_structure(folder: Path) -> Structure:
    """``pathway.json``. PathwayError: missing, not JSON, or not as the format says."""
    return _read(folder / "pathway.json", Structure)


def read_texts(folder: Path, language: str) -> Texts:
    """``<language>.json``. PathwayError as above."""
    return _read(folder / f"{language}.json", Texts)


def _read(path: Path, model: type[M]) -> M:
    try:
        written = path.read_bytes().removeprefix(
            codecs.BOM_UTF8
        )  # editors of some systems begin a file with it
    except OSError:
        raise PathwayError(f"{path}: there is no such file") from None
    try:
        return model.model_validate_json(written)
    except ValidationError as error:
        raise PathwayError("\n".join(f"{path}: {line}" for line in _mistakes(written, error))) from None


def _mistakes(written: bytes, error: ValidationError) -> Iterator[str]:
    try:
        given = json.loads(written.decode())
    except UnicodeDecodeError:
        yield "must be saved as UTF-8"
    except ValueError as wrong:
        yield f"not valid JSON: {wrong}"
    else:
        yield from (f"{place}: {words}" if place else words for place, words in lines_of(error, given))


def twice(path: Path) -> tuple[str, ...]:
    """Names that stand in one object of a file more than once: JSON keeps the last one without a word."""
    found: list[str] = []

    def noted(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = Counter(name for name, _ in pairs)
        found.extend(name for name, count in names.items() if count > 1)
        return dict(pairs)

    json.loads(path.read_text("utf-8-sig"), object_pairs_hook=noted)
    return tuple(found)


def schema(model: type[BaseModel], title: str) -> str:
    """The JSON Schema of a file, as it is kept in assets/pathways."""
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
        "title": title,
    }
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
