"""The doorbell: over real sockets, over a browser's (played by a fake), and how it begins and ends."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fhir_schema import problems
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request as WsRequest
from websockets.http11 import Response as WsResponse

from app.api import live
from app.api.fhir import FhirClient
from app.errors import AppError, Offline, Refused, SignedOut

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CRITERIA = "Communication?subject=Patient/aino"
Talk = Callable[[ServerConnection], Awaitable[None]]


async def bind(socket: ServerConnection) -> None:
    """What a server says to a bind."""
    word, _, id = str(await socket.recv()).partition(" ")
    assert word == "bind"
    await socket.send(f"bound {id}")


class Bell:
    """A websocket server on this machine that talks as it is told."""

    def __init__(self, talk: Talk, status: int = 0) -> None:
        self.talk, self.status = talk, status
        self.offered: list[list[str]] = []

    async def __aenter__(self) -> str:
        self.server = await serve(
            self.talk,
            "127.0.0.1",
            0,
            select_subprotocol=lambda _, offered: self.offered.append(list(offered)) or offered[0],  # type: ignore[func-returns-value]
            process_request=self._refuse,
        )
        return f"ws://127.0.0.1:{next(iter(self.server.sockets)).getsockname()[1]}/websocket"

    def _refuse(self, connection: ServerConnection, _: WsRequest) -> WsResponse | None:
        return connection.respond(self.status, "") if self.status else None

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        await self.server.wait_closed()


async def heard(iterator: AsyncIterator[str], problem: type[AppError]) -> list[str]:
    """Everything until the connection ends with ``problem``."""
    found: list[str] = []

    async def listen() -> None:
        async for id in iterator:
            found.append(id)

    with pytest.raises(problem):
        await listen()
    return found


async def test_it_rings_when_bound_and_at_every_ping_of_ours() -> None:
    async def talk(socket: ServerConnection) -> None:
        await bind(socket)
        for frame in (
            "ping s1",
            "ping other",
            "bound s1",
            "hello",
            b"ping s1",
            "",
            "ping Subscription/s1",
            "ping",
        ):
            await socket.send(frame)

    bell = Bell(talk)
    async with bell as url:
        assert await heard(live.connect(url, "tok.en-1", "s1"), Offline) == ["s1"] * 4
    assert bell.offered == [["fhir.bearer", "tok.en-1"]]


@pytest.mark.parametrize(
    ("code", "problem"), [(4401, SignedOut), (4404, Refused), (1000, Offline), (1011, Offline)]
)
async def test_the_way_it_is_closed_tells_why(code: int, problem: type[AppError]) -> None:
    async def talk(socket: ServerConnection) -> None:
        await socket.close(code)

    async with Bell(talk) as url:
        assert await heard(live.connect(url, "t", "s1"), problem) == []


@pytest.mark.parametrize(
    ("status", "problem"), [(401, SignedOut), (403, SignedOut), (404, Offline), (200, Offline)]
)
async def test_a_refused_handshake_tells_why(status: int, problem: type[AppError]) -> None:
    async with Bell(bind, status) as url:
        assert await heard(live.connect(url, "t", "s1"), problem) == []


@pytest.mark.parametrize(
    "url", ["ws://127.0.0.1:9/", "http://127.0.0.1/", "ws://no host/", "ws://nohost.invalid/"]
)
async def test_nobody_there_is_offline(url: str) -> None:
    assert await heard(live.connect(url, "t", "s1"), Offline) == []


async def test_a_server_that_never_binds_is_given_up() -> None:
    async def talk(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with Bell(talk) as url:
        assert await heard(live.connect(url, "t", "s1", silence=0.02), Offline) == []


async def test_leaving_closes_the_connection() -> None:
    closed = asyncio.Event()

    async def talk(socket: ServerConnection) -> None:
        await bind(socket)
        await socket.wait_closed()
        closed.set()

    async with Bell(talk) as url:
        iterator = live.connect(url, "t", "s1")
        assert await anext(iterator) == "s1"
        await iterator.aclose()  # type: ignore[attr-defined]
        async with asyncio.timeout(5):
            await closed.wait()


class Quiet:
    """A browser's socket: no signs of life of its own. ``answers``: how often it answers a bind."""

    alive = False

    def __init__(self, answers: int) -> None:
        self.answers, self.binds, self.closed = answers, 0, False
        self.frames: asyncio.Queue[str] = asyncio.Queue()

    async def send(self, text: str) -> None:
        self.binds += 1
        if self.binds <= self.answers:
            self.frames.put_nowait(text.replace("bind", "bound"))

    async def receive(self) -> str:
        return await self.frames.get()

    async def close(self) -> None:
        self.closed = True


async def test_silence_is_questioned_once_and_then_the_connection_is_given_up() -> None:
    socket = Quiet(answers=3)

    async def open(url: str, token: str) -> Quiet:
        return socket

    assert await heard(live.connect("", "", "s1", open=open, silence=0.02), Offline) == ["s1"]
    assert (socket.binds, socket.closed) == (4, True)


class Js:
    """A browser's WebSocket, driven by hand."""

    def __init__(self) -> None:
        self.listeners: dict[str, Any] = {}
        self.sent: list[str] = []
        self.made: tuple[str, list[str]] = ("", [])
        self.closed = 0

    def new(self, url: str, protocols: list[str]) -> "Js":
        self.made = (url, protocols)
        asyncio.get_running_loop().call_soon(lambda: self.fire("open"))
        return self

    def addEventListener(self, name: str, listener: Any) -> None:
        self.listeners[name] = listener

    def removeEventListener(self, name: str, listener: Any) -> None:
        assert self.listeners.pop(name) is listener

    def fire(self, name: str, **event: Any) -> None:
        self.listeners[name](SimpleNamespace(**event))

    def send(self, text: str) -> None:
        self.sent.append(text)
        self.fire("message", data=text.replace("bind", "bound"))
        self.fire("message", data="ping s1")
        self.fire("close", code=4401)

    def close(self) -> None:
        self.closed += 1


class Proxy:
    """pyodide.ffi.create_proxy."""

    count = 0

    def __init__(self, do: Any) -> None:
        self.do = do
        Proxy.count += 1

    def __call__(self, event: Any) -> None:
        self.do(event)

    def destroy(self) -> None:
        Proxy.count -= 1


async def test_the_browsers_own_socket_rings_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Js()
    ffi = SimpleNamespace(create_proxy=Proxy, to_js=list, JsException=ValueError)
    monkeypatch.setitem(sys.modules, "js", SimpleNamespace(WebSocket=page))
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ffi)
    monkeypatch.setattr(live.sys, "platform", "emscripten")
    assert await heard(live.connect("wss://x/", "t", "s1"), SignedOut) == ["s1", "s1"]
    assert (page.made, page.sent) == (("wss://x/", ["fhir.bearer", "t"]), ["bind s1"])
    assert (page.listeners, page.closed, Proxy.count) == ({}, 1, 0)


def server(kept: dict[str, Any] | None) -> tuple[FhirClient, list[dict[str, Any]]]:
    """A FHIR server with one Subscription, or none; and what is created there."""
    created: list[dict[str, Any]] = []

    def handle(request: httpx.Request) -> httpx.Response:
        headers = {"content-type": "application/fhir+json"}
        if request.method == "GET":
            missing = {"resourceType": "OperationOutcome"}
            return httpx.Response(200 if kept else 404, headers=headers, json=kept or missing)
        assert request.headers["if-none-match"] == "*"
        created.append(json.loads(request.content))
        return httpx.Response(201, headers=headers, json=created[-1])

    http = httpx.AsyncClient(transport=httpx.MockTransport(handle))
    return FhirClient("https://fhir.example/r4", http), created


def kept(**more: Any) -> dict[str, Any]:
    return live.subscription("old", CRITERIA, NOW + timedelta(hours=2)) | {"status": "active"} | more


def test_a_subscription_is_r4() -> None:
    assert problems(kept()) == []


async def test_a_subscription_that_lives_is_used_again() -> None:
    client, created = server(kept())
    assert await live.ensure_subscription(client, CRITERIA, "old", "new", NOW) == "old"
    assert created == []


@pytest.mark.parametrize(
    "found",
    [
        None,
        kept(status="off"),
        kept(criteria="Communication?subject=Patient/ville"),
        kept(end="2026-11-23T12:30:00Z"),
        kept(end=None),
        kept(id="other"),
    ],
)
async def test_any_other_is_replaced_by_a_new_one(found: dict[str, Any] | None) -> None:
    client, created = server(found)
    assert await live.ensure_subscription(client, CRITERIA, "old", "new", NOW) == "new"
    assert [(c["id"], c["criteria"], c["end"]) for c in created] == [
        ("new", CRITERIA, "2026-11-24T12:00:00.000Z")
    ]


@pytest.mark.parametrize(
    ("address", "base", "url"),
    [
        ("wss://x/ws", "https://x", "wss://x/ws"),
        ("https://x/ws", "https://x", "wss://x/ws"),
        (
            "ws://127.0.0.1:8040/fhir/websocket",
            "http://127.0.0.1:8040/fhir",
            "ws://127.0.0.1:8040/fhir/websocket",
        ),
        ("ws://x/ws", "https://x", None),
        ("/ws", "https://x", None),
        ("", "https://x", None),
    ],
)
def test_the_doorbells_address_is_in_the_capabilities(address: str, base: str, url: str | None) -> None:
    found = {"rest": [{"extension": [{"url": "x"}, {"url": live.WEBSOCKET, "valueUri": address}]}]}
    assert live.websocket_url(found, base) == url
    assert live.websocket_url({"rest": None}, base) is None
