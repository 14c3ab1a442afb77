"""The ways to the sign-in page and back: a page in the browser, a window of its own (desktop), a phone's scheme."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from app.platform.loopback import Loopback

SCHEME_CALLBACK = "fi.digiklinikka.app://app/callback"
"""Android finds the app by scheme and host together; Flet hands the app what comes after the host as the route."""
OpenLink = Callable[[str], Awaitable[None]]


class Way(Protocol):
    """How a sign-in leaves the app and comes back."""

    async def begin(self) -> str:
        """Make ready; the redirect URI to register with the provider."""
        ...

    async def go(self, url: str) -> str | None:
        """Open the sign-in page. The address it came back with, or None if it will arrive as a route."""
        ...

    @property
    def home(self) -> str:
        """Where the provider's page of signing out may lead back to; empty where there is no such place."""
        ...

    async def part(self, url: str) -> None:
        """Open the provider's page of signing out."""
        ...


class PageWay:
    """Browser (served or static) and phones: the answer arrives as a route of the app."""

    def __init__(self, redirect_uri: str, open_link: OpenLink) -> None:
        self._redirect_uri, self._open = redirect_uri, open_link

    async def begin(self) -> str:
        """The fixed address of this app."""
        return self._redirect_uri

    async def go(self, url: str) -> None:
        """Leave for the sign-in page."""
        await self._open(url)

    @property
    def home(self) -> str:
        """The first screen of this app."""
        return self._redirect_uri.removesuffix("callback")

    async def part(self, url: str) -> None:
        """Leave for the provider's page."""
        await self._open(url)


class LoopbackWay:
    """Desktop: the system's browser, and an address on this machine for the answer (RFC 8252 §7.3)."""

    def __init__(self, open_link: OpenLink, language: str = "fi") -> None:
        self._open, self._language = open_link, language
        self._loopback: Loopback | None = None

    async def begin(self) -> str:
        """Listen on a free port of this machine."""
        self._loopback = await Loopback.listen(self._language)
        return self._loopback.redirect_uri

    async def go(self, url: str) -> str | None:
        """Open the browser and wait for the answer."""
        assert self._loopback is not None, "begin() comes first"
        await self._open(url)
        return await self._loopback.answer()

    @property
    def home(self) -> str:
        """A browser cannot lead back to a window of its own."""
        return ""

    async def part(self, url: str) -> None:
        """Open the browser."""
        await self._open(url)
