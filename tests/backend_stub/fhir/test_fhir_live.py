"""Subscriptions on a real websocket: bind, bound, ping, and who may listen."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from backend_stub.fhir.errors import NotFound
from tests.backend_stub.fhir.fhir_samples import message, observation

SOON = 3.0


class Announced(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@pytest.fixture
async def url(world: Any) -> AsyncIterator[str]:
    """The world on a real socket; gives the websocket's address."""
    config = uvicorn.Config(
        world.app, port=0, log_level="error", date_header=False, timeout_graceful_shutdown=1
    )
    server = Announced(config)
    task = asyncio.ensure_future(server.serve())
    await asyncio.wait_for(server.listens.wait(), SOON)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/fhir/websocket"
    server.should_exit = True
    await task


@pytest.fixture
def listening(world: Any) -> Any:
    """A subscription for each resident's messages."""
    for id in ("aino", "bertta"):
        subscribe(world, f"of-{id}", f"Communication?subject=Patient/{id}")
    return world


def subscribe(world: Any, id: str, criteria: str, **more: Any) -> None:
    """An active Subscription."""
    body = {"resourceType": "Subscription", "id": id, "status": "active", "reason": "x", "criteria": criteria}
    world.repository.create({**body, "channel": {"type": "websocket"}, **more})


def as_(caller: str) -> dict[str, Any]:
    """Connect with a token in the header."""
    return {"additional_headers": {"Authorization": f"Bearer {caller}"}}


def failing(repository: Any) -> None:
    """A transaction that writes and then fails."""
    with repository.transaction():
        repository.create(message("m1"))
        repository.read("Patient", "none")


async def say(socket: ClientConnection, text: str) -> str:
    """Send, and wait for the answer."""
    await socket.send(text)
    return await heard(socket)


async def heard(socket: ClientConnection) -> str:
    """The next frame."""
    return str(await asyncio.wait_for(socket.recv(), SOON))


async def closed(socket: ClientConnection) -> int:
    """The code it is closed with."""
    await asyncio.wait_for(socket.wait_closed(), SOON)
    return socket.close_code or 0


async def test_ping_for_matching_writes_only(listening: Any, url: str) -> None:
    """Creates, updates and transactions ring for the own criteria; other writes do not."""
    make = listening.repository.create
    async with connect(url, **as_("aino")) as socket:
        assert await say(socket, "bind of-aino") == "bound of-aino"
        make(message("b1", "bertta"))
        make(observation("o1"))
        make(message("m1"))
        assert await heard(socket) == "ping of-aino"
        listening.repository.update("Communication", "m1", message("m1", status="completed"))
        assert await heard(socket) == "ping of-aino"
        assert await say(socket, "bind of-aino") == "bound of-aino"


async def test_token_as_subprotocol(listening: Any, url: str) -> None:
    """A browser has no headers: the token comes second, and fhir.bearer is chosen."""
    async with connect(url, subprotocols=["fhir.bearer", "aino"]) as socket:  # type: ignore[list-item]
        assert socket.subprotocol == "fhir.bearer"
        assert await say(socket, "bind of-aino") == "bound of-aino"


@pytest.mark.parametrize("how", [{}, as_("forged"), {"subprotocols": ["fhir.bearer", "forged"]}])
async def test_without_a_good_token(listening: Any, url: str, how: dict[str, Any]) -> None:
    """4401."""
    async with connect(url, **how) as socket:
        assert await closed(socket) == 4401


@pytest.mark.parametrize(
    ("caller", "id"),
    [("aino", "of-bertta"), ("aino", "never"), ("scopeless", "of-aino"), ("sender", "of-aino")],
)
async def test_only_own_subscriptions(listening: Any, url: str, caller: str, id: str) -> None:
    """Another's and one that never was are refused alike, and so is one beyond the scopes: 4404."""
    async with connect(url, **as_(caller)) as socket:
        await socket.send(f"bind {id}")
        assert await closed(socket) == 4404


async def test_criteria_never_reach_beyond_the_listener(listening: Any, url: str) -> None:
    """A resident's criteria without a person ring for own resources only."""
    async with listening.client("aino") as http:
        body = {
            "resourceType": "Subscription",
            "id": "wide",
            "status": "requested",
            "reason": "x",
            "criteria": "Communication?status:missing=false",
            "channel": {"type": "websocket"},
        }
        await http.put("Subscription/wide", json={**body, "criteria": "Communication?status=in-progress"})
    async with connect(url, **as_("aino")) as socket:
        assert await say(socket, "bind wide") == "bound wide"
        listening.repository.create(message("b1", "bertta"))
        assert await say(socket, "bind of-aino") == "bound of-aino"
        listening.repository.create(message("m1"))
        assert {await heard(socket), await heard(socket)} == {"ping wide", "ping of-aino"}


async def test_revoked_token_ends_it(listening: Any, url: str) -> None:
    """Before the next ping goes out the token is looked at again."""
    async with connect(url, **as_("aino")) as socket:
        await say(socket, "bind of-aino")
        listening.revoked.add("aino")
        listening.repository.create(message("m1"))
        with pytest.raises(ConnectionClosed):
            await heard(socket)
        assert socket.close_code == 4401


async def test_a_storm_rings_once(listening: Any, url: str) -> None:
    """Writes never wait for a listener that does not read; what piled up is one ping."""
    async with connect(url, **as_("aino")) as socket:
        await say(socket, "bind of-aino")
        for number in range(500):
            listening.repository.create(message(f"m{number}"))
        assert await heard(socket) == "ping of-aino"
        assert await say(socket, "bind of-aino") == "bound of-aino"


async def test_rolled_back_writes_do_not_ring(listening: Any, url: str) -> None:
    """Only what is committed rings."""
    async with connect(url, **as_("aino")) as socket:
        await say(socket, "bind of-aino")
        with pytest.raises(NotFound):
            failing(listening.repository)
        assert await say(socket, "bind of-aino") == "bound of-aino"


async def test_ended_deleted_and_cleared_subscriptions(listening: Any, url: str) -> None:
    """They ring no more, and writing goes on."""
    subscribe(listening, "ended", "Communication", end="2026-11-22T00:00:00Z")
    async with connect(url, **as_("system")) as socket:
        for id in ("ended", "of-aino", "of-bertta"):
            await say(socket, f"bind {id}")
        listening.repository.create(message("m1"))
        assert await heard(socket) == "ping of-aino"
        listening.repository.delete("Subscription", "of-aino")
        listening.repository.create(message("m2"))
        listening.repository.clear()
        listening.repository.create(message("m3", "bertta"))
        subscribe(listening, "new", "Communication")
        assert await say(socket, "bind new") == "bound new"


async def test_strange_frames(listening: Any, url: str) -> None:
    """Heartbeats of other dialects are ignored; a bind without id closes with 4400."""
    async with connect(url, **as_("aino")) as socket:
        await socket.send('{"type":"ping"}')
        await socket.send(b"\x00\x01")
        assert await say(socket, "bind of-aino") == "bound of-aino"
        await socket.send("bind")
        assert await closed(socket) == 4400


@pytest.mark.parametrize("bell", ["silent", "garbage", "storm", "early"])
async def test_odd_bells(listening: Any, url: str, bell: str) -> None:
    """What a client must survive: nothing, nonsense, thousands, or a ping before it is bound."""
    listening.temper = replace(listening.temper, bell=bell)
    async with connect(
        url, max_queue=None, **as_("aino")
    ) as socket:  # the storm must not hold up the farewell
        await socket.send("bind of-aino")
        if bell == "silent":
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.recv(), 0.2)
            return
        frames = [await asyncio.wait_for(socket.recv(), SOON) for _ in range(2)]
        assert ("bound of-aino" in frames) == (bell in ("storm", "early"))
        assert (frames[0] == "ping of-aino") == (bell == "early")
