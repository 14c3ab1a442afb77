"""Runs the platform on a real port, with connections that faults can cut."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets.auto import AutoWebSocketsProtocol

from backend_stub.app import Platform, build
from backend_stub.clock import Clock
from backend_stub.config import Config
from backend_stub.gate import CUT

READY_WITHIN = 30.0


class PortTaken(Exception):
    """Another program listens there."""


@dataclass(frozen=True)
class Running:
    """A platform that answers on ``url``."""

    url: str
    platform: Platform


def listen(config: Config) -> socket.socket:
    """A bound socket; port 0 chooses a free one. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((config.host, config.port))
    except OSError as error:
        listener.close()
        raise PortTaken(str(error)) from error
    return listener


def serve(config: Config, ready: Callable[[Config], None], *, quiet: bool = False) -> None:
    """Serve until interrupted. ``ready`` is called once requests are answered. Raises PortTaken."""
    listener = listen(config)
    config = _with_port(config, listener)
    server = _Server(_settings(build(config), quiet=quiet), lambda: ready(config))
    server.run(sockets=[listener])


@contextmanager
def running(config: Config, clock: Clock | None = None) -> Iterator[Running]:
    """A platform in a thread of its own, for tests: stopped when the block ends."""
    listener = listen(config)
    config = _with_port(config, listener)
    app, started = build(config, clock), threading.Event()
    server = _Server(_settings(app, quiet=True), started.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        if not started.wait(READY_WITHIN):
            raise TimeoutError("the platform did not start")
        yield Running(config.base_url, app.state.platform)
    finally:
        server.should_exit = True
        thread.join(READY_WITHIN)


class _Server(uvicorn.Server):
    def __init__(self, settings: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(settings)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()


def _with_port(config: Config, listener: socket.socket) -> Config:
    return replace(config, port=listener.getsockname()[1])


def _settings(app: Starlette, *, quiet: bool) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_cuttable(AutoHTTPProtocol),
        ws=_cuttable(AutoWebSocketsProtocol),
        date_header=False,  # the platform's clock dates the answers, not the machine's
        server_header=False,
        access_log=not quiet,
        log_level=logging.WARNING if quiet else logging.INFO,
        timeout_graceful_shutdown=2,
        lifespan="on",
    )


def _cuttable(protocol: Any) -> Any:
    """The protocol class, but each request's scope knows how to cut its connection: ASGI itself has no word for it."""

    class Cuttable(protocol):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.app: ASGIApp = _naming(self.app, self)

    return Cuttable


def _naming(app: ASGIApp, connection: Any) -> ASGIApp:
    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[CUT] = lambda flush: _cut(connection.transport, flush)
        await app(scope, receive, send)

    return named


def _cut(transport: asyncio.Transport | None, flush: bool) -> None:
    if transport is not None:
        (transport.close if flush else transport.abort)()
