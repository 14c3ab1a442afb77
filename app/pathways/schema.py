"""``python -m app.pathways.schema`` writes the JSON Schemas of the format beside the pathways."""

from pathlib import Path

from pydantic import BaseModel

from app.pathways.load import FOLDER, schema
from app.pathways.model import Structure
from app.pathways.texts import Texts

FILES: dict[str, tuple[type[BaseModel], str]] = {
    "pathway.schema.json": (Structure, "A digital pathway: its structure"),
    "texts.schema.json": (Texts, "A digital pathway: its words in one language"),
}


def write(folder: Path = FOLDER) -> None:
    """Writes both files into ``folder``."""
    for name, (model, title) in FILES.items():
        (folder / name).write_text(schema(model, title), encoding="utf-8")


if __name__ == "__main__":
    write()
