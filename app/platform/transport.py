"""How the app reaches the network: sockets where there are some, the browser's ``fetch`` where there are
none."""

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator
from typing import Any, NoReturn

import httpx

from app.platform.quiet_logs import keep_quiet

HttpClient = httpx.AsyncClient
TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=10.0)
LIMITS = httpx.Limits(max_connections=20, max_keepalive_connections=5, keepalive_expiry=30.0)
IN_BROWSER = sys.platform == "emscripten"

_BY_BROWSER = frozenset(
    {"host", "connection", "accept-encoding", "content-length", "user-agent", "transfer-encoding"}
)  # the browser sets them itself, or they would only cost a preflight
_WITHOUT_BODY = frozenset({101, 204, 205, 304})


def http_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client for all of a session's requests: no proxies or certificates from the environment, nothing
    retried.

    httpx writes whole addresses into its log, and with them who asked about whom: it is told to keep silent.
    """
    keep_quiet()
    chosen = transport or (FetchTransport() if IN_BROWSER else None)
    return httpx.AsyncClient(transport=chosen, timeout=TIMEOUT, limits=LIMITS, trust_env=False)


class FetchTransport(httpx.AsyncBaseTransport):
    """Requests by the browser's ``fetch``, from Pyodide's worker.

    The browser follows redirects by itself: the last address is in ``extensions["final_url"]``. Every failure
    before the headers is a ConnectError (the browser does not tell why), a slow one a ConnectTimeout or
    ReadTimeout.
    """

    def __init__(self) -> None:
        self._js: Any = importlib.import_module("js")
        self._ffi: Any = importlib.import_module("pyodide.ffi")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One fetch. Headers are here when it returns; the body comes as it is read."""
        abort = self._js.AbortController.new()
        options = self._ffi.to_js(
            await self._options(request, abort), dict_converter=self._js.Object.fromEntries
        )
        try:
            async with asyncio.timeout(_until_headers(request)):
                response = await self._js.fetch(str(request.url), options)
        except TimeoutError:
            abort.abort()
            raise httpx.ConnectTimeout("no answer in time", request=request) from None
        except asyncio.CancelledError:
            abort.abort()
            raise
        except self._ffi.JsException:
            raise httpx.ConnectError("fetch failed", request=request) from None
        return self._response(response, request, abort)

    async def _options(self, request: httpx.Request, abort: Any) -> dict[str, Any]:
        headers = [[k, v] for k, v in request.headers.multi_items() if k.lower() not in _BY_BROWSER]
        body = await request.aread()
        options = {
            "method": request.method,
            "headers": headers,
            "signal": abort.signal,
            "credentials": "omit",
            "cache": "no-store",
            "referrerPolicy": "no-referrer",
        }
        with_body = bool(body) and request.method not in ("GET", "HEAD")
        return options | ({"body": self._ffi.to_js(body)} if with_body else {})

    def _response(self, got: Any, request: httpx.Request, abort: Any) -> httpx.Response:
        headers = [(name, value) for name, value in got.headers]
        if any(name.lower() == "content-encoding" for name, _ in headers):  # decoded by the browser already
            headers = [h for h in headers if h[0].lower() not in ("content-encoding", "content-length")]
        empty = got.status in _WITHOUT_BODY or got.body is None
        stream = httpx.ByteStream(b"") if empty else _Body(got, request, abort, self._ffi.JsException)
        extensions = {"reason_phrase": got.statusText.encode(), "final_url": got.url}
        return httpx.Response(got.status, headers=headers, stream=stream, extensions=extensions)


class _Body(httpx.AsyncByteStream):
    """The body in the pieces in which it arrives; leaving early stops the download."""

    def __init__(self, got: Any, request: httpx.Request, abort: Any, failure: type[Exception]) -> None:
        self._got, self._request, self._abort, self._failure = got, request, abort, failure
        self._ended = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        reader = self._got.body.getReader()
        while True:
            piece = await self._next(reader)
            if piece.done:
                self._ended = True
                return
            yield piece.value.to_bytes()

    async def _next(self, reader: Any) -> Any:
        try:
            async with asyncio.timeout(self._request.extensions.get("timeout", {}).get("read")):
                return await reader.read()
        except TimeoutError:
            self._stop(httpx.ReadTimeout("no more came in time", request=self._request))
        except self._failure:
            self._stop(httpx.ReadError("the connection broke", request=self._request))

    def _stop(self, problem: httpx.TransportError) -> NoReturn:
        self._ended = True
        self._abort.abort()
        raise problem from None

    async def aclose(self) -> None:
        """Nobody wants the rest."""
        if not self._ended:
            self._ended = True
            self._abort.abort()


def _until_headers(request: httpx.Request) -> float | None:
    """Connecting and waiting are one for the browser."""
    limits = request.extensions.get("timeout", {})
    connect, read = limits.get("connect"), limits.get("read")
    return None if connect is None or read is None else connect + read
