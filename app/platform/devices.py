"""What this device, or this browser tab, offers to one session."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import flet as ft

from app.platform import secrets as keys
from app.platform.browser_places import BrowserPlaces, browser_places
from app.platform.browser_secrets import BrowserSecrets
from app.platform.client_storage import ClientStorage
from app.platform.languages import languages_for
from app.platform.pins import COST
from app.platform.preferences import FilePreferences, MemoryPreferences, Preferences
from app.platform.recognition import Recognition, recognition_of
from app.platform.transport import HttpClient, http_client
from app.platform.ways import SCHEME_CALLBACK, LoopbackWay, PageWay, Way
from app.platform.window import open_link

Later = Callable[[float, Callable[[], None]], Callable[[], None]]


@dataclass(frozen=True)
class Devices:
    """The parts that differ between clients, and the clocks and keys that tests replace.

    ``pending``: where a sign-in that has left is remembered in the browser it left from; None: in memory. ``keeps``:
    whether a sign-in outlives the app (desktop, phones, a browser of one's own). ``places``: where stores are kept that
    have no files of their own (static browser client). ``private`` makes a client whose connections are shared with
    nothing else: what is said there cannot be linked to a sign-in by its connection. ``pin_cost``: how slow a PIN is to
    try (of scrypt, a power of two).
    """

    http: HttpClient
    secrets: keys.Secrets
    way: Way
    pending: ClientStorage | None
    data: Path
    now: Callable[[], datetime]
    new_key: Callable[[], str]
    later: Later
    live: bool = True
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    keeps: bool = False
    places: BrowserPlaces | None = None
    recognition: Recognition | None = None
    private: Callable[[], HttpClient] = http_client
    pin_cost: int = COST


async def places_for(page: ft.Page) -> BrowserPlaces | None:
    """Where the browser keeps what it may, when Python runs in it."""
    return await browser_places() if page.web and page.pyodide else None


def preferences_for(page: ft.Page, data: Path, places: BrowserPlaces | None) -> Preferences:
    """Where choices are kept on this client. ``data``: folder for encrypted stores."""
    if places is not None:
        return places.preferences
    return MemoryPreferences() if page.web else FilePreferences(data / "choices.json")


def devices_for(
    page: ft.Page,
    data: Path,
    public_url: str,
    language: Callable[[], str],
    places: BrowserPlaces | None = None,
) -> Devices:
    """What the client of this page offers. ``data``: folder for encrypted stores; ``public_url``: see Settings."""
    return Devices(
        http=http_client(),
        secrets=keys.choose(page, data) if places is None else BrowserSecrets(places),
        way=_way(page, public_url, language),
        pending=ClientStorage(ft.SharedPreferences()) if page.web else None,
        data=data,
        now=lambda: datetime.now(UTC),
        new_key=lambda: str(uuid4()),
        later=call_later,
        keeps=not page.web or places is not None,
        places=places,
        recognition=recognition_of(page),
    )


@dataclass(frozen=True)
class Client:
    """What a page asks of where it runs; another one stands for a client that is not there."""

    languages: Callable[[ft.Page], tuple[str, ...]] = languages_for
    places: Callable[[ft.Page], Awaitable[BrowserPlaces | None]] = places_for
    devices: Callable[..., Devices] = devices_for


def call_later(seconds: float, do: Callable[[], None]) -> Callable[[], None]:
    """Do something after a while, on this session's loop; what is returned takes it back."""
    return asyncio.get_running_loop().call_later(seconds, do).cancel


def _way(page: ft.Page, public_url: str, language: Callable[[], str]) -> Way:
    async def leave(url: str) -> None:
        await open_link(url, same_tab=True)

    if page.web:
        return PageWay(f"{public_url or _origin(page)}/callback", leave)
    if page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS):
        return PageWay(SCHEME_CALLBACK, open_link)
    return LoopbackWay(open_link, language())


def _origin(page: ft.Page) -> str:
    """Where the browser found the app: the provider must send the resident back to the same origin."""
    parts = urlsplit(page.url or "")
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    return f"{scheme}://{parts.netloc}"
