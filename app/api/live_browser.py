"""The browser's own WebSocket, from Pyodide."""

import asyncio
import importlib
from typing import Any, Self

from app.api.live import ClosedError
from app.errors import Offline

_OPEN_SECONDS = 10.0
_MOST = 1000  # frames waiting to be read: a doorbell needs no more


class BrowserSocket:
    """One connection. The browser answers the server's pings by itself but tells nobody: ``alive`` is
    False."""

    alive = False

    def __init__(self, socket: Any, ffi: Any) -> None:
        self._socket = socket
        self._frames: asyncio.Queue[str | int] = asyncio.Queue(_MOST)
        self._opened = asyncio.Event()
        self._proxies = {
            name: ffi.create_proxy(do)
            for name, do in (
                ("open", self._on_open),
                ("message", self._on_message),
                ("close", self._on_close),
            )
        }
        for name, proxy in self._proxies.items():
            socket.addEventListener(name, proxy)

    @classmethod
    async def open(cls, url: str, protocols: list[str]) -> Self:
        """Connect. Raises Offline: the browser does not tell why a handshake failed."""
        js, ffi = importlib.import_module("js"), importlib.import_module("pyodide.ffi")
        try:
            socket = cls(js.WebSocket.new(url, ffi.to_js(protocols)), ffi)
        except ffi.JsException:
            raise Offline from None
        try:
            async with asyncio.timeout(_OPEN_SECONDS):
                await socket._opened.wait()
        except TimeoutError:
            await socket.close()
            raise Offline from None
        return socket

    async def send(self, text: str) -> None:
        """See ``live.Socket``."""
        self._socket.send(text)

    async def receive(self) -> str:
        """See ``live.Socket``."""
        frame = await self._frames.get()
        if isinstance(frame, int):
            raise ClosedError(frame)
        return frame

    async def close(self) -> None:
        """See ``live.Socket``."""
        for name, proxy in self._proxies.items():
            self._socket.removeEventListener(name, proxy)
            proxy.destroy()
        self._proxies = {}
        self._socket.close()

    def _on_open(self, _: Any) -> None:
        self._opened.set()

    def _on_message(self, event: Any) -> None:
        if not self._frames.full():
            self._frames.put_nowait(str(event.data))

    def _on_close(self, event: Any) -> None:
        if self._frames.full():
            self._frames.get_nowait()
        self._frames.put_nowait(int(event.code))
        self._opened.set()
