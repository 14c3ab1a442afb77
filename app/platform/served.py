"""The app served to browsers: Flet's session socket and the client's files behind strict headers.

``asgi(main, assets)`` is a whole ASGI app for uvicorn. What it adds to Flet's own: content security policy with hashes,
no foreign origin on the socket, no third-party request, compression, cache headers, no framework pages (/docs …).
"""

from __future__ import annotations

import asyncio
import inspect
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flet_web.fastapi.flet_app import FletApp, app_manager
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.platform.languages import ask_for
from app.platform.served_files import StaticSite

GONE = 1006  # of a websocket: the other side is not there any more
SESSION_SECONDS = 900  # how long a session waits for its browser to come back


def asgi(
    main: Callable[[Any], Any],
    assets: Path,
    *,
    title: str = "Digiklinikka",
    description: str = "",
    session_seconds: int = SESSION_SECONDS,
    origins: Sequence[str] = (),
    connect: Sequence[str] = (),
    routes: Sequence[BaseRoute] = (),
    on_start: Callable[[], Awaitable[None]] | None = None,
) -> ASGIApp:
    """The app that serves ``main`` (one call per session, with the page).

    ``origins``: further origins (``https://host``) whose pages may open a session; the app's own may always.
    ``connect``: further sources for the policy's connect-src. ``routes`` come before the files. ``on_start`` is awaited
    at start.
    """
    work = tempfile.TemporaryDirectory(prefix="digiklinikka-")
    site = StaticSite(assets, Path(work.name), title, description)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await app_manager.start()
        warming = asyncio.create_task(site.warm())
        if on_start:
            await on_start()
        yield
        warming.cancel()
        await app_manager.shutdown()
        work.cleanup()

    socket = WebSocketRoute("/ws", _socket(main, session_seconds))
    inner = Starlette(routes=[*routes, socket, Mount("/", site)], lifespan=lifespan)
    return SecureHeaders(OriginCheck(Partings(inner), origins), policy(site.inline_scripts, connect))


def _socket(main: Callable[[Any], Any], session_seconds: int) -> Callable[[WebSocket], Awaitable[None]]:
    async def connected(socket: WebSocket) -> None:
        loop = asyncio.get_running_loop()

        async def begun(page: Any) -> None:
            ask_for(page, socket.headers.get("accept-language", ""))
            done = main(page)
            if inspect.isawaitable(done):
                await done

        app = _Client(loop, app_manager.executor, begun, None, session_timeout_seconds=session_seconds)
        try:
            await app.handle(socket)
        except WebSocketDisconnect:
            # Flet leaves a session whose last message could not be sent as if it were connected; the browser that
            # comes back would get a new, empty one.
            await _let_go(app, session_seconds)

    return connected


class _Client(FletApp):
    """One browser. One that goes before it has said who it is would be waited for for ever by Flet."""

    async def _FletApp__receive_loop(self) -> None:
        await super()._FletApp__receive_loop()
        if self._FletApp__session is None:
            await self._FletApp__send_queue.put(None)
            raise WebSocketDisconnect(GONE)


async def _let_go(app: FletApp, session_seconds: int) -> None:
    session = getattr(app, "_FletApp__session", None)
    if session is not None and session.connection is app:
        key = app._FletApp__get_unique_session_id(session.id)
        await app_manager.disconnect_session(key, session_seconds)


def policy(scripts: Sequence[str], connect: Sequence[str] = ()) -> str:
    """The Content-Security-Policy: only this host. ``scripts`` are the hashes of the index page's inline scripts.

    Flutter needs wasm-unsafe-eval and sets inline styles; nothing else is loosened.
    """
    parts = (
        "default-src 'self'",
        " ".join(("script-src 'self' 'wasm-unsafe-eval'", *scripts)),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        " ".join(("connect-src 'self' data: blob:", *connect)),
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return "; ".join(parts)


class SecureHeaders:
    """Puts the security headers on every answer; takes away any permission for other origins."""

    def __init__(self, app: ASGIApp, csp: str) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in _headers(csp)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [h for h in message["headers"] if not h[0].lower().startswith(b"access-control-")]
                message = {**message, "headers": [*kept, *self._headers]}
            await send(message)

        await self._app(scope, receive, guarded)


def _headers(csp: str) -> Sequence[tuple[str, str]]:
    closed = (
        "camera",
        "microphone",
        "geolocation",
        "payment",
        "usb",
        "serial",
        "midi",
        "display-capture",
    )
    return (
        ("content-security-policy", csp),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("permissions-policy", ", ".join(f"{name}=()" for name in closed)),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
    )


class Partings:
    """A browser may close at any moment: the app hears of it where it listens, never from what it sends.

    A send that fails ends Starlette's socket before Flet has heard that the browser went: it reports a failure of its
    own, and leaves the session as if it were connected.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            return await self._app(scope, receive, send)
        gone = False

        async def told() -> Message:
            nonlocal gone
            message = {"type": "websocket.disconnect", "code": GONE} if gone else await receive()
            gone = gone or message["type"] == "websocket.disconnect"
            return message

        async def sent(message: Message) -> None:
            nonlocal gone
            try:
                if not gone:
                    await send(message)
            except OSError:
                gone = True

        return await self._app(scope, told, sent)


class OriginCheck:
    """Refuses a socket that a page of another origin opens: Flet's own server would let it in with the visitor."""

    def __init__(self, app: ASGIApp, origins: Sequence[str] = ()) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not self._allowed(scope):
            await receive()
            await send({"type": "websocket.close", "code": 4403})
            return
        await self._app(scope, receive, send)

    def _allowed(self, scope: Scope) -> bool:
        headers = {k: v.decode("latin-1") for k, v in scope["headers"]}
        origin = headers.get(b"origin", "")
        return not origin or origin in self._origins or urlsplit(origin).netloc == headers.get(b"host")
