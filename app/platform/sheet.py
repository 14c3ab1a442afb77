"""Drawing without a client: a real Flet session whose messages are encoded and thrown away.

What a tool needs to try a screen out. All of Flet's private names that it needs are in this file (flet 1.0.5).
"""

import asyncio
from collections.abc import Callable
from typing import Any

import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

_PACK = configure_encode_object_for_msgpack(BaseControl)
_QUIET = 6  # turns of the loop without work after which all is drawn


class _Nobody(Connection):
    """Takes every message, checks that it can be sent, and never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.pubsubhub = PubSubHub(loop=self.loop)
        self.page_url, self.page_name = "https://app.example", ""
        self.crashed = False

    def send_message(self, message: Any) -> None:
        msgpack.packb([message.action, message.body], default=_PACK)
        self.crashed = self.crashed or message.action is MessageAction.SESSION_CRASHED

    def dispose(self) -> None:
        """Nothing is open."""


class Sheet:
    """One page to draw on."""

    def __init__(self, width: float = 400, height: float = 800) -> None:
        self._client = _Nobody()
        self._session = Session(self._client)
        self._page = self._session.page
        _context_page.set(self._page)
        self._session.apply_page_patch({"width": width, "height": height, "route": "/", "web": True})

    async def draw(self, component: Callable[..., Any], *args: Any) -> None:
        """Draw ``component`` and wait until it is at rest. Raises what stopped the drawing."""
        context.reset_auto_update()
        self._page.render(component, *args)
        msgpack.packb(self._session.get_page_patch(), default=_PACK)
        await self.settle()

    async def settle(self, turns: int = 400) -> None:
        """Let everything that is queued happen."""
        session: Any = self._session
        quiet = 0
        for _ in range(turns):
            await asyncio.sleep(0)
            busy = session._Session__pending_updates or session._Session__pending_effects
            quiet = 0 if busy or session._Session__updates_ready.is_set() else quiet + 1
            if quiet >= _QUIET:
                break
        drawing = session._Session__updates_task
        if drawing and drawing.done() and not drawing.cancelled() and drawing.exception():
            raise drawing.exception()
        if self._client.crashed:
            raise RuntimeError("the session has ended")

    async def close(self) -> None:
        """End the session."""
        self._session.close()
        await asyncio.sleep(0)
