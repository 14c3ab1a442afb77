"""Flet's defects are neutralised and strict in these tests, and nothing may fail unnoticed."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from app.platform.flet_fixes import install
from tests.views.examples import County

WATCHED = ("app.flet", "app.components", "asyncio")


class Failures(logging.Handler):
    """Keeps every error told to the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())


@pytest.fixture(autouse=True)
def failures() -> Iterator[list[str]]:
    """What a component, a handler, an effect or a task failed with; a test that expects one clears it."""
    installed, handler = install(strict=True), Failures()
    for name in WATCHED:
        logging.getLogger(name).addHandler(handler)
    yield handler.seen
    for name in WATCHED:
        logging.getLogger(name).removeHandler(handler)
    installed.remove()
    assert handler.seen == []


@pytest.fixture
async def make_county(tmp_path: Path) -> AsyncIterator[Callable[..., County]]:
    """Other counties, or other times: ``make_county(region, at=…)``."""
    made: list[County] = []

    def make(*args: object, **more: object) -> County:
        made.append(County(tmp_path, *args, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        await each.close()
