"""Websockets where there are sockets: desktop, phones and the server of the served app."""

from typing import Self

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_connection
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

from app.api.live import ClosedError
from app.errors import Offline, SignedOut

_ABNORMAL = 1006


class NativeSocket:
    """One connection; the library pings and gives up when no answer comes."""

    alive = True

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str, protocols: list[str], heartbeat: float) -> Self:
        """Connect. ``heartbeat``: seconds between pings, and again until their answer is late."""
        try:
            connection = await open_connection(
                url,
                subprotocols=[Subprotocol(protocol) for protocol in protocols],
                open_timeout=10.0,
                close_timeout=1.0,
                ping_interval=heartbeat,
                ping_timeout=heartbeat,
                max_size=64 * 1024,
                compression=None,
                proxy=None,
                user_agent_header=None,
            )
        except InvalidStatus as refused:
            raise SignedOut if refused.response.status_code in (401, 403) else Offline from None
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI):
            raise Offline from None
        return cls(connection)

    async def send(self, text: str) -> None:
        """See ``live.Socket``."""
        try:
            await self._connection.send(text)
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def receive(self) -> str:
        """See ``live.Socket``."""
        try:
            frame = await self._connection.recv()
        except ConnectionClosed as closed:
            raise _closed(closed) from None
        return frame if isinstance(frame, str) else frame.decode(errors="replace")

    async def close(self) -> None:
        """See ``live.Socket``."""
        await self._connection.close()


def _closed(closed: ConnectionClosed) -> ClosedError:
    return ClosedError(closed.rcvd.code if closed.rcvd else _ABNORMAL)
