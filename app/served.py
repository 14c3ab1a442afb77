"""The app for browsers as one ASGI app: ``python -m app --web``, or ``uvicorn app.served:create --factory``.

A process holds its visitors' sessions in memory: one process for each port, and a proxy that always leads a visitor to
the same one (docs/deploy.md). Stopping it (SIGTERM) loses nothing: every draft is saved, pages load themselves anew as
soon as somebody answers, and after signing in again the drafts are there.
"""

import logging
import os
import socket
import sys
from collections import deque
from pathlib import Path
from weakref import WeakSet

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Region, Settings, load_region, read_settings
from app.main import session
from app.platform.flet_fixes import install
from app.platform.served import asgi
from app.platform.serving import Limits, hardened
from app.stores.stores import Stores
from app.views import ahead

ASSETS = Path(__file__).parent.parent / "assets"
STOPPING_SECONDS = 3


class Visitors:
    """The stores of all sessions of this process, as long as somebody uses them; and whether it takes new ones."""

    def __init__(self) -> None:
        self._stores: WeakSet[Stores] = WeakSet()
        self.welcome = True

    def add(self, stores: Stores) -> None:
        """A session has begun."""
        self._stores.add(stores)

    def save_all(self) -> None:
        """Put everything that is being written on disk now."""
        for stores in tuple(self._stores):
            if stores.session.own is not None:
                stores.session.own.save_all()


def create(settings: Settings | None = None, region: Region | None = None) -> ASGIApp:
    """The app. Without ``settings`` they are read from the environment (docs/deploy.md). Raises ConfigError."""
    settings = settings or read_settings(("--web",), os.environ)
    region = region or load_region(settings.region)
    install()
    deque(ahead(), maxlen=0)  # at once: nobody shall wait for another's first visit to a screen
    logging.basicConfig(level=logging.WARNING)
    visitors = Visitors()
    app = asgi(
        session(settings, region, visitors.add),
        ASSETS,
        title=region.app_name("fi"),
    )
    app = Stopping(app, visitors)
    return hardened(app, settings.proxy, Limits(), lambda: visitors.welcome)


class Stopping:
    """At the end of the process, before anything else of it ends: save what is being written."""

    def __init__(self, app: ASGIApp, visitors: Visitors) -> None:
        self._app, self._visitors = app, visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def watched() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self._visitors.welcome = False
                self._visitors.save_all()
            return message

        await self._app(scope, watched, send)


def serve(settings: Settings, region: Region) -> int:
    """Serve until stopped. 2: the port is taken."""
    import uvicorn

    if _taken(settings.host, settings.port):
        sys.stderr.write(
            f"Port {settings.port} is taken by another program. Choose another: APP_PORT or --port.\n"
        )
        return 2
    uvicorn.run(
        create(settings, region),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        proxy_headers=False,  # Settings.proxy tells whom to believe; uvicorn would believe this machine always
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=Limits().message,
        timeout_graceful_shutdown=STOPPING_SECONDS,
    )
    return 0


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
