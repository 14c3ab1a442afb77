"""Assets that are read when somebody asks for them: pathways, people to practise with, typefaces of documents."""

from contextlib import suppress
from importlib import import_module
from pathlib import Path

ASSETS = Path(__file__).parent.parent / "assets"
LATE = "late_assets"
"""The module that stands for them in the static browser client: importing it fetches them (``web/start.py``)."""


def asset(name: str) -> Path:
    """The folder ``assets/<name>``. In the browser it is there from the first call on, if it can be fetched."""
    with suppress(ImportError):
        import_module(LATE)
    return ASSETS / name
