"""The first screen of the static client, drawn when the site is built: a browser shows it while Python is being loaded.

What Python will send Flutter for it later is made here by the same code, once for each look that it can have (language,
light or dark, width of the window), and laid beside the page's scripts:

    first/index.json     the looks: [{region, language, dark, from, to, screen}], widths in logical pixels
    first/<screen>.bin   the messages that draw it, a MessagePack map of lists of them: ``page`` gives Flutter its page,
                         ``drawn`` draws the screen, ``named`` tells its title and language

``first.js`` plays them, and lets go when Python has drawn the very same (docs/adr/0011).
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from hashlib import sha256
from itertools import groupby, product
from operator import attrgetter
from pathlib import Path
from typing import Any

import httpx
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    RegisterClientResponseBody,
    configure_encode_object_for_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from app.config import PLAIN_FINNISH, REGIONS, Region, load_region, read_settings
from app.main import session
from app.platform.browser import Browser
from app.platform.browser_places import BrowserPlaces
from app.platform.browser_tabs import BrowserTabs
from app.platform.browser_vault import BrowserVault
from app.platform.devices import Client, Devices, devices_for
from app.platform.flet_fixes import install, number_controls_from
from app.platform.preferences import BrowserPreferences
from app.platform.transport import http_client

FIRST_OF_FLET = 3  # the number that Flet gives to the first control of a process
PAGE = 1  # the number of its page
# common ones; where the layout changes between two of them is found
WIDTHS = (320, 360, 390, 430, 540, 600, 768, 900, 1024, 1280, 1600, 1920, 2560)
HEIGHT = 800
NAMED = ("theme_mode", "locale_configuration", "title")
EFFECTS = 20  # turns of the loop, within which what follows a drawing is done
# of the page: Flutter knows these best
_ITS_OWN = ("width", "height", "media", "platform", "platform_brightness", "route")
_PACK = configure_encode_object_for_msgpack(BaseControl)


@dataclass(frozen=True)
class Look:
    """What the first screen depends on."""

    region: str
    language: str
    dark: bool


class Canvas(Connection):
    """A client that keeps what it is sent: what is ``drawn``, up to the first message that draws on the page, and then
    by which name, in which language and brightness it is shown (``named``)."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.pubsubhub = PubSubHub(loop=self.loop)
        self.page_url = "http://127.0.0.1/"
        self.drawn: list[bytes] = []
        self.named: dict[str, bytes] = {}
        self.has_screen = False

    def send_message(self, message: Message) -> None:
        """Keep what changes the tree of controls; questions to the client are not of the screen."""
        if message.action is not MessageAction.PATCH_CONTROL:
            return
        if not self.has_screen:
            self.drawn.append(packed(message))
            self.has_screen = message.body.id == PAGE
        elif message.body.id == PAGE:
            self.named |= {
                change[2]: packed(message) for change in message.body.patch[1:] if change[2] in NAMED
            }

    def dispose(self) -> None:
        """Nothing is held."""


class NoFiles:
    """The files of a browser where nothing was ever kept. See ``browser_files.Files``."""

    async def read(self, name: str) -> bytes | None:
        """There is none."""
        return None

    async def write(self, name: str, data: bytes) -> None:
        """Nobody is there to keep anything."""

    async def delete(self, name: str) -> None:
        """There is none."""

    async def names(self) -> tuple[str, ...]:
        """None."""
        return ()


def packed(message: Message) -> bytes:
    """As Flet's connection in a browser sends it."""
    return b"\0" + bytes(msgpack.packb([message.action, message.body], default=_PACK))


async def draw(look: Look, width: int) -> bytes:
    """The first screen of somebody who comes for the first time, in a window ``width`` wide: a list of messages."""
    number_controls_from(FIRST_OF_FLET)
    canvas = Canvas()
    drawing = Session(canvas)
    _context_page.set(drawing.page)
    drawing.apply_page_patch(_window(look, width))
    answer = RegisterClientResponseBody("first", drawing.get_page_patch(), "")
    page = _without_its_own(packed(Message(MessageAction.REGISTER_CLIENT, answer)))
    settings = read_settings((), {"APP_REGION": look.region})
    with closing(drawing):
        await session(settings, _profile(look.region), None, _nowhere(look.language))(drawing.page)
        for _ in range(EFFECTS):
            await asyncio.sleep(0)
    assert canvas.has_screen, "render_views sends what it draws"
    assert len(canvas.named) == len(NAMED), "the frame names what it shows"
    return bytes(msgpack.packb({"page": [page], "drawn": canvas.drawn, "named": list(canvas.named.values())}))


def _window(look: Look, width: int) -> dict[str, Any]:
    """What Flutter tells of itself when it asks for its page."""
    return {
        "route": "/",
        "web": True,
        "wasm": True,
        "pyodide": True,
        "platform_brightness": "dark" if look.dark else "light",
        "platform": "linux",
        "width": float(width),
        "height": float(HEIGHT),
    }


def _without_its_own(answer: bytes) -> bytes:
    action, body = msgpack.unpackb(answer[1:], strict_map_key=False)
    for name in _ITS_OWN:
        body["page_patch"].pop(name, None)
    body["page_patch"]["_services"]["_internals"]["uid"] = "first"  # else a new one at every drawing
    return b"\0" + bytes(msgpack.packb([action, body]))


async def _no_places(page: object) -> BrowserPlaces:
    files, browser = NoFiles(), Browser(None, None)
    return BrowserPlaces(files, BrowserVault(browser), BrowserTabs(browser), BrowserPreferences(files, None))


def _no_devices(*given: Any) -> Devices:
    """Those of a browser, without a network."""
    return replace(devices_for(*given), http=http_client(httpx.MockTransport(_nobody)), live=False)


@cache
def _profile(name: str) -> Region:
    return load_region(name)


def _nowhere(language: str) -> Client:
    return Client(lambda page: (language,), _no_places, _no_devices)


def _nobody(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("drawn without a network", request=request)


def looks() -> Iterator[Look]:
    """Of every region that there is a profile of."""
    for file in sorted(REGIONS.glob("*.json")):
        languages = [code for code in _profile(file.stem).languages if code != PLAIN_FINNISH]
        for language, dark in product(languages, (False, True)):
            yield Look(file.stem, language, dark)


async def spans(drawing: Callable[[int], Awaitable[bytes]]) -> list[tuple[int, int]]:
    """The ranges of widths, first and last, within which the screen is the same. Some widths may be in none."""
    known: dict[int, bytes] = {}

    async def drawn(width: int) -> bytes:
        known[width] = known.get(width) or await drawing(width)
        return known[width]

    found = [(WIDTHS[0], WIDTHS[0])]
    for width in WIDTHS[1:]:
        first, last = found[-1]
        if await drawn(last) == await drawn(width):
            found[-1] = (first, width)
        else:
            found[-1] = (first, await _edge(drawn, last, width))
            found.append((await _edge(drawn, width, last), width))
    return found


async def _edge(drawn: Callable[[int], Awaitable[bytes]], same: int, other: int) -> int:
    """How far from ``same`` towards ``other`` the screen stays as it is."""
    while abs(other - same) > 1:
        middle = (same + other) // 2
        if await drawn(middle) == await drawn(same):
            same = middle
        else:
            other = middle
    return same


def make(folder: Path, chosen: Iterable[Look] | None = None) -> None:
    """Draw all looks, or the ``chosen``, into ``folder``."""
    folder.mkdir(parents=True)
    installed = install()
    try:
        listed = asyncio.run(_make(folder, looks() if chosen is None else chosen))
    finally:
        installed.remove()
    (folder / "index.json").write_text(json.dumps(listed))


async def _make(folder: Path, chosen: Iterable[Look]) -> list[dict[str, Any]]:
    listed = []
    for _, alike in groupby(chosen, key=attrgetter("region", "language")):
        same_words = list(alike)
        for first, last in await spans(partial(draw, same_words[0])):
            for look in same_words:
                screen = await draw(look, first)
                listed.append({**asdict(look), "from": first, "to": last, "screen": _kept(folder, screen)})
    return listed


def _kept(folder: Path, screen: bytes) -> str:
    """Written under its digest; its name."""
    name = f"{sha256(screen).hexdigest()[:12]}.bin"
    (folder / name).write_bytes(screen)
    return name
