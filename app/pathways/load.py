"""Reads a pathway's folder. A mistake is told with the file and the place in it."""

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.pathways.model import Structure
from app.pathways.texts import Texts

__all__ = ["FOLDER", "PathwayError", "read_structure", "read_texts"]

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
        return model.model_validate_json(path.read_bytes())
    except OSError:
        raise PathwayError(f"{path}: cannot be read") from None
    except ValidationError as error:
        raise PathwayError("\n".join(_line(path, dict(one)) for one in error.errors())) from None


def _line(path: Path, one: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in one["loc"])
    return f"{path}: {place + ': ' if place else ''}{one['msg']}"


def schema(model: type[BaseModel], title: str) -> str:
    """The JSON Schema of a file, as it is kept in assets/pathways."""
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
        "title": title,
    }
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
