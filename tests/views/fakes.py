"""What the in-process app is made of that is not the app: time that is moved by hand, the wire, the way to sign in."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.headless import NOON
from tests.stores.examples import Timers as ByHand

PORT = 8299
ROOT = f"http://127.0.0.1:{PORT}"
BACK = "http://127.0.0.1:51234/callback"
AT_ONCE = 0.5  # a sleep of at most so many seconds is over at once


class Clock:
    """The time of device and platform alike. Who sleeps is woken when it is moved far enough."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)
        for until, sleeper in self._sleepers:
            if until <= self.at and not sleeper.done():
                sleeper.set_result(None)

    async def sleep(self, seconds: float) -> None:
        if seconds <= AT_ONCE:
            await asyncio.sleep(0)
            return
        sleeper = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.at + timedelta(seconds=seconds), sleeper))
        await sleeper


class Timers(ByHand):
    """What is to be done in the next turn of the loop is done then; all else when the test says so."""

    def __call__(self, seconds: float, do: Callable[[], None]) -> Callable[[], None]:
        if seconds <= 0:
            return asyncio.get_running_loop().call_soon(do).cancel
        return super().__call__(seconds, do)


class Wire(httpx.AsyncBaseTransport):
    """Carries requests into the stub; ``busy``: how many are under way, ``seen``: all of them."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx.ASGITransport(app)
        self.busy = 0
        self.seen: list[httpx.Request] = []
        self._held: tuple[str, ...] = ()
        self._gate = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if self._held and request.url.path.startswith(self._held):
            await self._gate.wait()
        self.busy += 1
        try:
            return await self._inner.handle_async_request(request)
        finally:
            self.busy -= 1

    def written(self) -> Iterator[dict[str, Any]]:
        """Every resource that was sent to be written or asked about, also those in Bundles and Parameters."""
        for request in self.seen:
            wanted = request.method in ("POST", "PUT") and request.url.path.startswith("/fhir")
            if wanted and "json" in request.headers.get("content-type", ""):
                body = json.loads(request.content)
                if isinstance(body, dict) and "resourceType" in body:
                    yield body

    def hold(self, *paths: str) -> Callable[[], None]:
        """Let nothing through to ``paths`` (none: to any) until what is returned is called."""
        self._gate, self._held = asyncio.Event(), paths or ("/",)

        def free() -> None:
            self._held = ()
            self._gate.set()

        return free


class Walk:
    """A way to the sign-in page and back: follows the provider's own pages.

    ``resident``: who identifies; None turns back. ``as_route``: the answer arrives as a route of the app, kept in
    ``answer`` for the test to open.
    """

    def __init__(self, wire: Wire, resident: str | None = "aino", as_route: bool = False) -> None:
        self._wire, self.resident, self.as_route = wire, resident, as_route
        self.answer = ""

    async def begin(self) -> str:
        return BACK

    async def go(self, url: str) -> str | None:
        self.answer = await self._walk(url)
        return None if self.as_route else self.answer

    @property
    def home(self) -> str:
        return BACK.removesuffix("callback")

    async def part(self, url: str) -> None:
        async with httpx.AsyncClient(transport=self._wire, base_url=ROOT) as browser:
            self.answer = str((await browser.get(url)).headers.get("location", ""))

    @property
    def route(self) -> str:
        """The answer as the app's browser client gets it."""
        parts = urlsplit(self.answer)
        return f"{parts.path}?{parts.query}"

    async def _walk(self, url: str) -> str:
        async with httpx.AsyncClient(transport=self._wire, base_url=ROOT) as browser:
            visit = (await browser.get(url)).headers["location"]
            page = await browser.get(visit)
            assert page.status_code == 200
            step = f"{urlsplit(visit).path}/{'confirm' if self.resident else 'cancel'}"
            form = {"resident": self.resident or "", "bank": "2"}
            return str((await browser.post(step, data=form)).headers["location"])
