"""The stub platform in memory: real ASGI, no socket, a clock that only moves when told."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from backend_stub.app import Platform, build
from backend_stub.clock import Clock
from backend_stub.config import Config
from backend_stub.server import Running, running
from tests.backend_stub.signing_in import agree, answer, redeem

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def seed() -> int | None:
    """Which seed the platform starts with; a module that needs no data overrides it with None."""
    return 1


@pytest.fixture
def app(seed: int | None) -> Starlette:
    """The whole platform on Monday 23 November 2026 at ten in Finland."""
    return build(Config(seed=seed, port=8299), Clock(MONDAY.timestamp))


@pytest.fixture
def platform(app: Starlette) -> Platform:
    """Its parts."""
    found: Platform = app.state.platform
    return found


@pytest.fixture
async def http(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A browser-like client of it: keeps cookies, follows nothing."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8299") as client:
        yield client


@pytest.fixture(scope="module")
def serving() -> Iterator[Running]:
    """One server for the tests of a module: its data are made once, and only copied for each."""
    with running(Config(seed=1, port=0), Clock(MONDAY.timestamp)) as found:
        yield found


@pytest.fixture
def served(serving: Running) -> Running:
    """The platform on a real port, as freshly started."""
    serving.platform.reset(1)
    return serving


@pytest.fixture
async def code(http: httpx.AsyncClient) -> str:
    """A fresh code of Aino's."""
    return answer(await agree(http))["code"]


@pytest.fixture
async def tokens(http: httpx.AsyncClient, code: str) -> dict[str, Any]:
    """Aino's tokens."""
    got: dict[str, Any] = (await redeem(http, code)).json()
    return got
