"""What stands between browsers and the served app: whom to believe, how much to take, whether all is well."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

HEALTH = "/healthz"
MEGABYTE = 1_000_000
TOO_BIG = 1009  # of a websocket: a message that is bigger than agreed


@dataclass(frozen=True)
class Limits:
    """Bytes. ``body``: of a request, of which the app takes none; ``message``: of one from a page, files included;
    ``headers``: of all header fields and the address together."""

    body: int = 65_536
    message: int = 64 * MEGABYTE
    headers: int = 32_768


def hardened(app: ASGIApp, proxies: Sequence[str], limits: Limits, ready: Callable[[], bool]) -> ASGIApp:
    """``app`` behind limits and a health address.

    ``proxies``: addresses and networks whose X-Forwarded-For and -Proto are believed; nobody else's are. ``ready``:
    whether new visitors are welcome (told at /healthz).
    """
    inner = Health(SizeLimits(app, limits), ready)
    return ProxyHeadersMiddleware(inner, list(proxies)) if proxies else inner  # type: ignore[return-value,arg-type]


class Health:
    """Answers ``/healthz`` by itself: 200 ``ok``, or 503 ``stopping``. It tells nothing about anybody."""

    def __init__(self, app: ASGIApp, ready: Callable[[], bool]) -> None:
        self._app, self._ready = app, ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != HEALTH:
            return await self._app(scope, receive, send)
        if scope["method"] not in ("GET", "HEAD"):
            return await answer(send, 405, "")
        return await answer(send, 200, "ok") if self._ready() else await answer(send, 503, "stopping")


class SizeLimits:
    """Refuses what is bigger than anything the app's own page sends, before it is read into memory."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if self._headers(scope) > self._limits.headers:
            return await _refuse(scope, receive, send, 431, "too long")
        if scope["type"] == "websocket":
            return await self._app(scope, _smaller(receive, send, self._limits.message), send)
        if _told_length(scope) > self._limits.body:
            return await _refuse(scope, receive, send, 413, "too big")
        return await self._app(scope, _counted(receive, self._limits.body), send)

    def _headers(self, scope: Scope) -> int:
        fields = sum(len(name) + len(value) for name, value in scope["headers"])
        return fields + len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")


def _told_length(scope: Scope) -> int:
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(told) if told.isdigit() else 0


def _counted(receive: Receive, limit: int) -> Receive:
    """A body that comes in pieces ends where it becomes too big: the request counts as broken off."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= limit else {"type": "http.disconnect"}

    return counted


def _smaller(receive: Receive, send: Send, limit: int) -> Receive:
    async def smaller() -> Message:
        message = await receive()
        size = len(message.get("bytes") or b"") + len(message.get("text") or "")
        if message["type"] != "websocket.receive" or size <= limit:
            return message
        await send({"type": "websocket.close", "code": TOO_BIG})
        return {"type": "websocket.disconnect", "code": TOO_BIG}

    return smaller


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": TOO_BIG})
    else:
        await answer(send, status, words)


async def answer(send: Send, status: int, words: str) -> None:
    """A short plain answer that nobody keeps."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})
