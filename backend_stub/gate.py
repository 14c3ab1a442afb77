"""The ASGI layer around everything else in which faults happen.

A fault is matched by method, path, resident and chance; the first that matches acts (delays add up with the next).
``drop-*`` cuts the TCP connection under the platform's own server; inside a test without sockets it raises
ConnectionDropped, which httpx passes on to the caller.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend_stub.faults import Fault, Faults
from backend_stub.headers import with_cors
from backend_stub.replies import Reply, captive_portal, expired, reply_app, status_reply

CUT = "digiklinikka.cut"
UNTOUCHED = re.compile(r"/(tester|console|static)(/|$)|/$")
OFFLINE_PATHS = r"/(fhir|auth|ombudsman)(/|$)"
Sleep = Callable[[float], Awaitable[None]]
FaultPage = Callable[[Request, int], Response | None]


class ConnectionDropped(ConnectionError):
    """The connection was cut on purpose where there is no socket to cut."""


class FaultGate:
    """The layer. ``whose`` tells a token's Patient id, ``origins`` whose pages may see the faulty answers,
    ``page`` what a person sees instead of a bare status (None: nobody is looking)."""

    def __init__(
        self,
        app: ASGIApp,
        faults: Faults,
        whose: Callable[[Headers], str],
        origins: Sequence[str] = (),
        sleep: Sleep = asyncio.sleep,
        page: FaultPage = lambda _request, _status: None,
    ) -> None:
        self._app, self._faults, self._whose = app, faults, whose
        self._origins, self._sleep, self._page = origins, sleep, page
        self._late: set[asyncio.Task[None]] = set()

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
        if not self._faults.all():
            await self._app(scope, receive, send)
            return
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
            case "straggler":
                self._later(fault, dict(scope), await _body(receive))
                await _cut(scope, receive)
            case "fail-after":
                await self._record(scope, receive)
                await self._say(
                    status_reply(fault.status, fault.retry_after, fault.text), scope, receive, send
                )
            case "malformed" | "truncated" | "slow":
                await self._spoiled(fault, scope, receive, send)
            case "status" if page := self._page(Request(scope), fault.status):
                await page(scope, receive, send)
            case _:
                await self._say(_invented(fault), scope, receive, send)

    async def _say(self, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
        await with_cors(reply_app(reply), self._origins)(scope, receive, send)

    def _later(self, fault: Fault, scope: Scope, body: bytes) -> None:
        """Carry the request out when its client has long given it up."""

        async def carry_out() -> None:
            await self._sleep(fault.seconds)
            await self._record(scope, _replay(body))

        task = asyncio.ensure_future(carry_out())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

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
    if fault.kind == "outcome-200":
        return status_reply(200, None, fault.text)
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
