"""Words of professionals in plain words, by language; on the device, so that no connection is needed (row E6)."""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "glossary.json"


@cache
def explanations(language: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """How words are written in Finnish and Swedish notes (see ``domain.glossary``); what each means in a language."""
    told = json.loads(FILE.read_text("utf-8"))
    return tuple((tuple(one["forms"]), one.get(language) or one["fi"]) for one in told)
