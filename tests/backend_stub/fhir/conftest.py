"""The FHIR server's tests start from an empty server or from two residents' lives."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.backend_stub.fhir.fhir_world import World
from tests.backend_stub.fhir.two_lives import fill


@pytest.fixture
def world() -> World:
    """An empty server."""
    return World()


@pytest.fixture
def two(world: World) -> World:
    """The server with two residents' lives in it."""
    fill(world)
    return world


@pytest.fixture
async def system(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP as the system."""
    async with world.client("system") as http:
        yield http


@pytest.fixture
async def aino(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP as a resident."""
    async with world.client("aino") as http:
        yield http
