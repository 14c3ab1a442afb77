"""The FHIR client: the one place where all that happens on a network becomes an answer or an ``AppError``.

No request is ever repeated here, except once after a 401 with a renewed token (the server did nothing with
the first). A captive portal, a truncated answer or one that is no FHIR never passes for an answer: see
``app.api.answers``. Nothing is logged but method, resource type, status and milliseconds.
"""

import asyncio
import base64
import binascii
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from app.api.answers import FHIR_JSON, check, parsed
from app.api.net import fetch
from app.domain.exchange import Request, Response
from app.errors import AppError, BadData, SignedOut

MAX_BYTES = 24 * 1024 * 1024  # a Binary of the largest attachment, with room
MAX_SECONDS = 90.0  # for one exchange, however slowly it trickles
MAX_PAGES = 50

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_log = logging.getLogger("digiklinikka.fhir")

Token = Callable[[], Awaitable[str | None]]


async def no_token() -> str | None:
    """For public resources: nobody is signed in."""
    return None


async def no_renewal() -> bool:
    """There is no other token to try."""
    return False


class FhirClient:
    """Talks to one FHIR server as one resident (or nobody).

    ``token`` gives the access token of the moment or None; ``on_unauthorised`` is asked once after a 401 and
    says whether a new token is there to try again. ``http`` is not closed here.
    """

    def __init__(
        self,
        base_url: str,
        http: httpx.AsyncClient,
        token: Token = no_token,
        on_unauthorised: Callable[[], Awaitable[bool]] = no_renewal,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        max_bytes: int = MAX_BYTES,
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._http, self._token, self._on_unauthorised = http, token, on_unauthorised
        self._clock, self._max_bytes, self._max_seconds = clock, max_bytes, max_seconds
        self._under_way: set[asyncio.Future[Response]] = set()
        self._closed = False

    async def close(self) -> None:
        """Whose requests these are is gone: those under way and all that come raise SignedOut (``send``: 401).

        Returns when whoever waited for one has been told. What became of a write is unknown.
        """
        self._closed = True
        under_way = tuple(self._under_way)
        for exchange in under_way:
            exchange.cancel()
        if under_way:
            await asyncio.wait(under_way)

    async def send(self, request: Request) -> Response | None:
        """The server's answer, whatever its status; None: the outcome is not known. Raises no ``AppError``.

        A sign-in that has ended is an answer of 401. The header ``retry-after`` is always in seconds.
        """
        try:
            return await self._exchange(request)
        except SignedOut:
            return Response(401)
        except AppError:
            return None

    async def ask(self, request: Request) -> Response:
        """The answer of a request that succeeded; every failure is raised as its ``AppError``."""
        response = await self._exchange(request)
        check(response)
        return response

    async def read(self, type: str, id: str) -> dict[str, Any]:
        """One resource. Raises Refused with status 404 or 410 when there is none."""
        body = (await self.ask(Request("GET", f"{type}/{id}"))).body
        if not isinstance(body, dict) or (body.get("resourceType"), body.get("id")) != (type, id):
            raise BadData
        return body

    async def search(self, type: str, params: tuple[tuple[str, str], ...] = ()) -> list[dict[str, Any]]:
        """All resources that match, also included ones, over all pages; odd entries are left out."""
        found: list[dict[str, Any]] = []
        request = Request("GET", type, params)
        for _ in range(MAX_PAGES):
            bundle = (await self.ask(request)).body
            if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
                raise BadData
            found += resources_in(bundle)
            link = next_link(bundle)
            if link is None:
                return found
            request = Request("GET", urljoin(f"{self.base_url}/", link))
        raise BadData

    async def capabilities(self) -> dict[str, Any]:
        """The CapabilityStatement of the server."""
        body = (await self.ask(Request("GET", "metadata"))).body
        if not isinstance(body, dict) or body.get("resourceType") != "CapabilityStatement":
            raise BadData
        return body

    async def content(self, binary_id: str) -> tuple[str, bytes]:
        """The file in a Binary: its type and bytes."""
        binary = await self.read("Binary", binary_id)
        try:
            return str(binary.get("contentType", "")), base64.b64decode(
                binary.get("data") or "", validate=True
            )
        except (binascii.Error, ValueError, TypeError):
            raise BadData from None

    async def _exchange(self, request: Request) -> Response:
        if self._closed:
            raise SignedOut
        exchange = asyncio.ensure_future(self._authorised(request))
        self._under_way.add(exchange)
        try:
            return await exchange
        except asyncio.CancelledError:
            if self._closed:
                raise SignedOut from None
            raise
        finally:
            self._under_way.discard(exchange)

    async def _authorised(self, request: Request) -> Response:
        token = await self._token()
        response = await self._once(request, token)
        if response.status == 401 and await self._renewed(token):
            return await self._once(request, await self._token())
        return response

    async def _renewed(self, used: str | None) -> bool:
        """Whether there is another token to try: renewed meanwhile by someone else, or now."""
        return (used is not None and await self._token() not in (used, None)) or await self._on_unauthorised()

    async def _once(self, request: Request, token: str | None) -> Response:
        started, status = time.monotonic(), 0
        try:
            got = await self._fetch(request, token)
            status = got.status_code
            return parsed(request, got, self.base_url, self._clock())
        finally:
            what = request.path.removeprefix(self.base_url).lstrip("/").split("/")[0].split("?")[0]
            spent = (time.monotonic() - started) * 1000
            _log.info("%s %s %s %.0f ms", request.method, what, status or "-", spent)

    async def _fetch(self, request: Request, token: str | None) -> httpx.Response:
        """Exactly one request and its whole, bounded body."""
        http_request = partial(
            self._http.build_request,
            request.method,
            self._url(request.path),
            params=request.params or None,
            content=request.body,
            headers=self._headers(request, token),
        )
        return await fetch(self._http, http_request, self._max_bytes, self._max_seconds)

    def _url(self, path: str) -> str:
        """The address of a path. An absolute one (a next link) must be the same server's: a token goes
        there."""
        if "://" not in path:
            if ".." in path or path.startswith("/"):
                raise BadData
            return f"{self.base_url}/{path}"
        ours, theirs = urlsplit(self.base_url), urlsplit(path)
        same = (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)
        if not same or not f"{theirs.path}/".startswith(f"{ours.path}/"):
            raise BadData
        return path

    def _headers(self, request: Request, token: str | None) -> dict[str, str]:
        headers = {"Accept": FHIR_JSON}
        if request.body is not None:
            headers["Content-Type"] = FHIR_JSON
        if request.method in _WRITES:
            headers["Prefer"] = "return=representation"
        if request.key:
            headers["X-Request-Id"] = request.key
        if token:
            headers["Authorization"] = f"Bearer {token}"
        names = {name.lower() for name, _ in request.headers}
        own = {name: value for name, value in headers.items() if name.lower() not in names}
        return own | dict(request.headers)


def resources_in(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    """The resources of a Bundle's entries, without outcomes and without entries that hold none."""
    resources = [entry.get("resource") for entry in dicts(bundle.get("entry"))]
    return [r for r in dicts(resources) if r.get("resourceType") not in (None, "OperationOutcome")]


def next_link(bundle: dict[str, Any]) -> str | None:
    """The address of the next page of a search, if there is one."""
    urls = [link.get("url") for link in dicts(bundle.get("link")) if link.get("relation") == "next"]
    return next((url for url in urls if isinstance(url, str) and url), None)


def dicts(values: Any) -> list[dict[str, Any]]:
    """The objects of a JSON list; none when it is no list."""
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []
