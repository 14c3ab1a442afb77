"""Faults on purpose, as an ASGI layer around everything else.

A fault is matched by method, path, resident and chance; the first that matches acts (delays add up with the next).
``drop-*`` cuts the TCP connection under the platform's own server; inside a test without sockets it raises
ConnectionDropped, which httpx passes on to the caller.
"""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend_stub.headers import with_cors
from backend_stub.replies import Reply, captive_portal, expired, reply_app, status_reply

CUT = "digiklinikka.cut"
UNTOUCHED = re.compile(r"/(tester|console|static)(/|$)|/$")
OFFLINE_PATHS = r"/(fhir|auth)(/|$)"

Kind = Literal[
    "delay",
    "status",
    "drop-before",
    "drop-after",
    "malformed",
    "truncated",
    "captive-portal",
    "expired-token",
    "duplicate",
    "slow",
]
KINDS: tuple[str, ...] = get_args(Kind)
Sleep = Callable[[float], Awaitable[None]]


class ConnectionDropped(ConnectionError):
    """The connection was cut on purpose where there is no socket to cut."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong. ``times``: how often still (None: for ever). ``seconds``: of a delay or slow body."""

    kind: Kind
    id: str = ""
    method: str = ""
    path: str = ".*"
    resident: str = ""
    times: int | None = None
    probability: float = 1.0
    seed: int = 1
    seconds: float = 1.0
    status: int = 503
    retry_after: float | None = None
    text: str = ""
    hits: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Whether method and path are meant; an empty method means any but CORS preflights."""
        wanted = self.method.upper() == method if self.method else method != "OPTIONS"
        return wanted and re.search(self.path, path) is not None


class Faults:
    """The faults that are set, in the order of setting; and whether the platform is offline."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._chances: dict[str, random.Random] = {}
        self._number = 0
        self._hearers: set[Callable[[], None]] = set()
        self.offline = False

    def add(self, fault: Fault) -> Fault:
        """Set a fault; returns it with its id (``f1``, ``f2``, …). Raises re.error for a bad path."""
        re.compile(fault.path)
        self._number += 1
        kept = replace(fault, id=f"f{self._number}")
        self._faults[kept.id] = kept
        self._chances[kept.id] = random.Random(fault.seed)
        return kept

    def all(self) -> tuple[Fault, ...]:
        """Every fault, used-up ones included (``times`` 0) until they are removed."""
        return tuple(self._faults.values())

    def remove(self, id: str) -> bool:
        """Undo one; False when there is none."""
        return self._faults.pop(id, None) is not None

    def undo(self) -> Fault | None:
        """Undo the one set last."""
        return self._faults.popitem()[1] if self._faults else None

    def clear(self) -> None:
        """Undo everything and go online."""
        self._faults.clear()
        self.go(offline=False)

    def go(self, *, offline: bool) -> None:
        """Cut every connection of FHIR, sign-in and websocket, open ones too, and refuse new ones; or stop that."""
        self.offline = offline
        if offline:
            for hear in tuple(self._hearers):
                hear()

    def on_offline(self, hear: Callable[[], None]) -> Callable[[], None]:
        """Be told when the platform goes offline. Returns what ends it."""
        self._hearers.add(hear)
        return lambda: self._hearers.discard(hear)

    def struck(self, method: str, path: str, resident: str) -> list[Fault]:
        """The faults that act on a request: any delays, then at most one of the others. Uses them up."""
        acting: list[Fault] = []
        for fault in self.all():
            if fault.matches(method, path) and fault.resident in ("", resident) and self._use(fault):
                acting.append(fault)
                if fault.kind != "delay":
                    break
        return acting

    def _use(self, fault: Fault) -> bool:
        if fault.times == 0 or self._chances[fault.id].random() >= fault.probability:
            return False
        left = fault.times - 1 if fault.times else None
        self._faults[fault.id] = replace(fault, times=left, hits=fault.hits + 1)
        return True


class FaultGate:
    """The layer. ``whose`` tells a token's Patient id, ``origins`` whose pages may see the faulty answers."""

    def __init__(
        self,
        app: ASGIApp,
        faults: Faults,
        whose: Callable[[Headers], str],
        origins: Sequence[str] = (),
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._app, self._faults, self._whose = app, faults, whose
        self._origins, self._sleep = origins, sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or let something go wrong."""
        path = scope.get("path", "")
        if scope["type"] == "lifespan" or UNTOUCHED.match(path):
            await self._app(scope, receive, send)
        elif self._faults.offline and re.match(OFFLINE_PATHS, path):
            await _cut(scope, receive)
        elif scope["type"] == "websocket":
            await self._watched(scope, receive, send)
        else:
            await self._faulty(scope, receive, send)

    async def _watched(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A websocket that is cut when the platform goes offline."""
        cut = scope.get("extensions", {}).get(CUT, bool)
        task = asyncio.ensure_future(self._app(scope, receive, send))

        def hear() -> None:
            cut(False)
            task.cancel()

        forget = self._faults.on_offline(hear)
        try:
            await task
        except asyncio.CancelledError:
            if not self._faults.offline:
                raise
        finally:
            forget()

    async def _faulty(self, scope: Scope, receive: Receive, send: Send) -> None:
        whose = self._whose(Headers(scope=scope))
        act: Fault | None = None
        for fault in self._faults.struck(scope["method"], scope["path"], whose):
            if fault.kind == "delay":
                await self._sleep(fault.seconds)
            else:
                act = fault
        await (self._act(act, scope, receive, send) if act else self._app(scope, receive, send))

    async def _act(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.kind:
            case "drop-before":
                await _cut(scope, receive)
            case "drop-after":
                await self._record(scope, receive)
                await _cut(scope, receive)
            case "duplicate":
                await self._twice(scope, receive, send)
            case "malformed" | "truncated" | "slow":
                await self._spoiled(fault, scope, receive, send)
            case _:
                answer = with_cors(reply_app(_invented(fault)), self._origins)
                await answer(scope, receive, send)

    async def _record(self, scope: Scope, receive: Receive) -> Reply:
        reply = Reply()
        await self._app(scope, receive, reply.hear)
        return reply

    async def _twice(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As a proxy does that repeats a request: done twice, the client sees the second answer."""
        body = await _body(receive)
        await self._record(dict(scope), _replay(body))
        await self._app(scope, _replay(body), send)

    async def _spoiled(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        reply = await self._record(scope, receive)
        half = len(reply.body) // 2
        if fault.kind == "malformed":
            await replace(reply, body=reply.body[:half] + b"\x00}{").sized().tell(send)
        elif fault.kind == "truncated":
            await reply.sized().tell(send, upto=half)
            await _cut(scope, receive, flush=True)
        else:
            await self._drip(reply, fault.seconds, send)

    async def _drip(self, reply: Reply, seconds: float, send: Send) -> None:
        """The body in twenty pieces over ``seconds``."""
        size = max(1, -(-len(reply.body) // 20))
        await send(reply.sized().start())
        for at in range(0, len(reply.body), size):
            await self._sleep(seconds / 20)
            await send({"type": "http.response.body", "body": reply.body[at : at + size], "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _invented(fault: Fault) -> Reply:
    if fault.kind == "captive-portal":
        return captive_portal()
    if fault.kind == "expired-token":
        return expired()
    return status_reply(fault.status, fault.retry_after, fault.text)


async def _cut(scope: Scope, receive: Receive, *, flush: bool = False) -> None:
    """Cut the connection and wait until the server has noticed, so that it sends nothing of its own.

    ``flush``: let what has been said so far still reach the client.
    """
    cut = scope.get("extensions", {}).get(CUT)
    if cut is None:
        raise ConnectionDropped("cut on purpose")
    cut(flush)
    gone = {"http.disconnect", "websocket.disconnect"}
    while (await receive())["type"] not in gone:
        pass


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


def _replay(body: bytes) -> Receive:
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    return receive
