"""A browser that closes at a bad moment: no failure in the log, nothing left waiting, and its session can come back."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import flet as ft
import msgpack
import pytest
from flet.messaging.protocol import MessageAction
from flet_web.fastapi.flet_app import app_manager

from app.platform.served import asgi

SCOPE: dict[str, Any] = {
    "type": "websocket",
    "path": "/ws",
    "raw_path": b"/ws",
    "root_path": "",
    "query_string": b"",
    "headers": [(b"host", b"localhost")],
    "scheme": "ws",
    "server": ("localhost", 80),
    "client": ("10.1.2.3", 1),
    "subprotocols": [],
}
CLOSED = {"type": "websocket.disconnect", "code": 1006}
HELLO = {"session_id": None, "page_name": "", "page": {"route": "/", "web": True, "platform": "linux"}}


class Browser:
    """The other side of a websocket, by hand. ``breaks``: sending to it fails, as when its network has gone."""

    def __init__(self, app: Any, **headers: str) -> None:
        given = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {**SCOPE, "headers": [*SCOPE["headers"], *given]}
        self.says: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.breaks, self.closed, self.tried = False, False, asyncio.Event()
        self.says.put_nowait({"type": "websocket.connect"})
        self.served = asyncio.create_task(app(scope, self._say, self._take))

    async def _say(self) -> dict[str, Any]:
        message = await self.says.get()
        self.closed = message is CLOSED
        return message

    async def _take(self, message: dict[str, Any]) -> None:
        if self.breaks:
            self.tried.set()
            raise OSError("the other side has gone")
        if self.closed:
            raise RuntimeError("Unexpected ASGI message, as uvicorn has it")
        self.heard.put_nowait(message)

    async def register(self) -> str:
        """Say who it is, as a client does first; the id of its session."""
        assert (await self.heard.get())["type"] == "websocket.accept"
        hello = b"\x00" + msgpack.packb([MessageAction.REGISTER_CLIENT.value, HELLO])
        self.says.put_nowait({"type": "websocket.receive", "bytes": hello})
        answer = msgpack.unpackb((await self.heard.get())["bytes"][1:], strict_map_key=False)
        return str(answer[1]["session_id"])


Sessions = list[ft.Page]


@pytest.fixture
def pages() -> Sessions:
    """The page of every session that began."""
    return []


@pytest.fixture
async def app(pages: Sessions, tmp_path: Path) -> AsyncIterator[Any]:
    (tmp_path / "index.html").write_text("<html></html>")
    yield asgi(pages.append, tmp_path, session_seconds=900)
    for page in pages:
        page.session.close()
    app_manager._FletAppManager__sessions.clear()  # type: ignore[attr-defined]


async def test_a_browser_that_goes_while_something_is_sent(
    app: Any, pages: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    """Sending fails before the end of the connection is heard of."""
    caplog.set_level(logging.WARNING)
    browser = Browser(app)
    await browser.register()
    browser.breaks = True

    pages[0].add(ft.Text("Hei"))
    await browser.tried.wait()
    browser.says.put_nowait({"type": "websocket.receive", "bytes": b"\x02"})  # was on its way
    browser.says.put_nowait(CLOSED)
    await browser.served

    assert [record.getMessage() for record in caplog.records] == []
    assert pages[0].session.connection is None
    assert pages[0].session.expires_at is not None, "it waits for its browser to come back"


async def test_a_browser_that_goes_with_answers_waiting_for_it(
    app: Any, pages: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    """It is heard of first; what was to be sent goes nowhere."""
    caplog.set_level(logging.WARNING)
    browser = Browser(app)
    await browser.register()
    browser.says.put_nowait(CLOSED)

    pages[0].add(ft.Text("Hei"))
    await browser.served

    assert [record.getMessage() for record in caplog.records] == []
    assert pages[0].session.connection is None


async def test_who_goes_before_saying_who_it_is_is_not_waited_for(app: Any, pages: Sessions) -> None:
    """A scan of the network, or a page that was closed at once."""
    browser = Browser(app)
    assert (await browser.heard.get())["type"] == "websocket.accept"

    browser.says.put_nowait(CLOSED)
    async with asyncio.timeout(5):
        await browser.served

    assert pages == []
