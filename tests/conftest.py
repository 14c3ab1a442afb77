"""Tests pass or fail by what happens, not by how long it takes on a busy machine."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.views.examples import County

settings.register_profile(
    "patient", derandomize="CI" in os.environ, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")

# A test builds a platform and screens of some hundred thousand objects and lets them go: looking through all of them
# after every 700 new ones, as Python does by itself, was a fifth of the time.
gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def begins() -> datetime:
    """When the story of ``county`` begins: Monday 23 November 2026 at noon in Finland, if a module says no other."""
    return datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
async def county(tmp_path: Path, begins: datetime) -> "AsyncIterator[County]":
    """The whole app and the stub platform in this process, for Päijät-Häme."""
    from tests.views.examples import County  # the app is loaded where it is needed only

    made = County(tmp_path, at=begins)
    yield made
    await made.close()


@pytest.fixture
def strict() -> Iterator[None]:
    """Flet's defects neutralised; one session's observable in another is a failure."""
    from app.platform.flet_fixes import install

    installed = install(strict=True)
    yield
    installed.remove()
