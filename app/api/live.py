"""The server's doorbell: a websocket that says that something changed, never what (R4 Subscription, HAPI's
dialect).

    bind <id> ─► bound <id> ─► ping <id> …

The same on every client: sockets of the ``websockets`` library, or the browser's own in Pyodide. The token
goes in the list of subprotocols, for a browser can send no header with a websocket.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from app.api.fhir import FhirClient, dicts
from app.api.wire import instant, moment
from app.domain.exchange import Request
from app.errors import AppError, BadData, Offline, Refused, SignedOut

PROTOCOL = "fhir.bearer"
WEBSOCKET = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket"
SILENCE = 30.0  # seconds without a sign of life after which the connection is given up
LIFE = timedelta(hours=24)
_MAX_FRAME = 4096
_TOKEN, _UNKNOWN = 4401, 4404  # close codes: the token has ended, there is no such subscription


class Socket(Protocol):
    """One open websocket. ``alive``: whether the library itself looks after signs of life."""

    alive: bool

    async def send(self, text: str) -> None:
        """Send a text frame."""
        ...

    async def receive(self) -> str:
        """The next text frame. Raises ``ClosedError`` when the other side has closed."""
        ...

    async def close(self) -> None:
        """Close it."""
        ...


class ClosedError(Exception):
    """The connection has ended, with this close code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


Open = Callable[[str, str], Awaitable[Socket]]


async def connect(
    url: str, token: str, subscription_id: str, *, open: Open | None = None, silence: float = SILENCE
) -> AsyncIterator[str]:
    """The subscription's id at once when bound (what happened before was missed), then at every ping.

    One connection; it never ends by itself but raises: SignedOut when the token is not (or no longer)
    accepted, Refused with status 404 when there is no such subscription, Offline for everything else, also
    for ``silence``.
    """
    socket = await (open or open_socket)(url, token)
    try:
        await socket.send(f"bind {subscription_id}")
        async for word in _words(socket, subscription_id, silence):
            if word == "ping":
                yield subscription_id
    except ClosedError as closed:
        raise _meaning(closed.code) from None
    finally:
        await socket.close()


async def ensure_subscription(
    client: FhirClient, criteria: str, remembered: str | None, new_id: str, now: datetime
) -> str:
    """The id of an active Subscription for ``criteria`` (``Communication?subject=Patient/x``); raises
    ``AppError``.

    ``remembered``: id of the one used last, which is used again if it still lives for an hour. ``new_id``: a
    fresh UUID: whoever knows the id can try to bind, so it must not be guessable.
    """
    if remembered and await _lives(client, remembered, criteria, now):
        return remembered
    body = subscription(new_id, criteria, now + LIFE)
    create = Request(
        "PUT", f"Subscription/{new_id}", (), json.dumps(body).encode(), (("If-None-Match", "*"),), new_id
    )
    await client.ask(create)
    return new_id


def subscription(id: str, criteria: str, end: datetime) -> dict[str, Any]:
    """A Subscription on a websocket as R4."""
    return {
        "resourceType": "Subscription",
        "id": id,
        "status": "requested",
        "reason": "Digiklinikka",
        "criteria": criteria,
        "end": instant(end),
        "channel": {"type": "websocket"},
    }


def trial(patient_id: str) -> dict[str, Any]:
    """Something harmless with an identifier of its own, to try creating on: it says nothing of anybody's health."""
    return {
        "resourceType": "Task",
        "status": "entered-in-error",
        "intent": "proposal",
        "for": {"reference": f"Patient/{patient_id}"},
    }


def websocket_url(capabilities: dict[str, Any], base_url: str) -> str | None:
    """Where the server's doorbell is, from its CapabilityStatement; None when it has none.

    An address without TLS is not used with a server that has it: the token goes there.
    """
    for rest in dicts(capabilities.get("rest")):
        for extension in dicts(rest.get("extension")):
            if extension.get("url") == WEBSOCKET:
                return _as_websocket(extension.get("valueUri") or "", base_url)
    return None


async def open_socket(url: str, token: str) -> Socket:
    """A websocket of this platform. Raises SignedOut or Offline."""
    if sys.platform == "emscripten":
        from app.api.live_browser import BrowserSocket

        return await BrowserSocket.open(url, [PROTOCOL, token])
    from app.api.live_native import NativeSocket

    return await NativeSocket.open(url, [PROTOCOL, token], SILENCE / 2)


async def _words(socket: Socket, id: str, silence: float) -> AsyncIterator[str]:
    """The words about our subscription, "bound" only the first time and as "ping".

    A browser gives no sign of life by itself, so after half of ``silence`` we bind again and hear whether it
    answers.
    """
    bound = asked = False
    while True:
        try:
            async with asyncio.timeout(None if socket.alive and bound else silence / 2):
                word, _, about = (await socket.receive())[:_MAX_FRAME].strip().partition(" ")
        except TimeoutError:
            if asked or not bound:
                raise Offline from None
            asked = True
            await socket.send(f"bind {id}")
            continue
        asked = False
        if about.rpartition("/")[2] == id and (word == "ping" or (word == "bound" and not bound)):
            bound = True
            yield "ping"


async def _lives(client: FhirClient, id: str, criteria: str, now: datetime) -> bool:
    try:
        kept = await client.read("Subscription", id)
    except (Refused, BadData):
        return False
    ends = moment(str(kept.get("end")))
    same = kept.get("status") in ("active", "requested") and kept.get("criteria") == criteria
    return same and ends is not None and ends > now + timedelta(hours=1)


def _meaning(code: int) -> AppError:
    if code == _TOKEN:
        return SignedOut()
    return Refused(404) if code == _UNKNOWN else Offline()


def _as_websocket(address: str, base_url: str) -> str | None:
    parts = urlsplit(address)
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    secure = urlsplit(base_url).scheme == "https"
    if scheme not in ("ws", "wss") or (secure and scheme != "wss") or not parts.netloc:
        return None
    return urlunsplit((scheme, parts.netloc, parts.path, parts.query, ""))
