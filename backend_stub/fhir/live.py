"""Subscriptions over a websocket: ``bind <id>`` gives ``bound <id>``, then ``ping <id>`` for each matching write.

A ping is a doorbell: many writes may ring once. Writers never wait for listeners: each connection holds no more than
the set of subscriptions that are due. The token comes by ``Authorization: Bearer`` or as subprotocols ``fhir.bearer,
<token>``; it is looked at again at each bind and before each ping.
Close codes: 4401 token, 4404 no such subscription, 4400 malformed.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers
from starlette.websockets import WebSocket, WebSocketDisconnect

from backend_stub.fhir import dates
from backend_stub.fhir.access import Access
from backend_stub.fhir.codec import to_millis
from backend_stub.fhir.context import FhirConfig
from backend_stub.fhir.errors import FhirError, Unauthorised
from backend_stub.fhir.guard import Guard
from backend_stub.fhir.repository import Change, Repository
from backend_stub.fhir.search import Finder
from backend_stub.fhir.subscriptions import criteria_params, parse_criteria

PROTOCOL = "fhir.bearer"
MAX_BOUND = 50
LOOK_AGAIN = 15.0
EXPIRED, UNKNOWN, MALFORMED = 4401, 4404, 4400
Authenticate = Callable[[Headers], Access]


ALL = ""
"""Those whose view no compartment limits."""


def _whose(access: Access) -> str:
    """Whose compartment a listener looks at."""
    return ALL if access.sees_all else access.patient or "-"


@dataclass(frozen=True)
class Bound:
    """A subscription that somebody listens to: its search, and as whom."""

    id: str
    type: str
    params: tuple[tuple[str, str], ...]
    access: Access


@dataclass(eq=False)
class Listener:
    """One connection: what it is bound to, and what has yet to be rung."""

    bound: dict[str, Bound] = field(default_factory=dict)
    due: dict[str, None] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self, id: str) -> None:
        """Note that a ping is due."""
        self.due[id] = None
        self.wake.set()


class Hub:
    """All listeners of one repository."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.listeners: set[Listener] = set()
        self._of: dict[str, set[Listener]] = {}
        self._bound_to: dict[str, set[Listener]] = {}
        repository.on_commit(self._changed)

    def bind(self, listener: Listener, access: Access, id: str) -> None:
        """Listen to a subscription the caller may read. Raises FhirError."""
        guard = Guard(self.repository, access)
        guard.require("Subscription", "r")
        body = json.loads(guard.read("Subscription", id).text)
        if body.get("status") != "active" or len(listener.bound) >= MAX_BOUND:
            raise FhirError("not active")
        type, _, text = body["criteria"].partition("?")
        parse_criteria(body["criteria"], self.repository.base_url)
        listener.bound[id] = Bound(id, type, tuple(criteria_params(text)), access)
        self._of.setdefault(_whose(access), set()).add(listener)
        self._bound_to.setdefault(id, set()).add(listener)

    def forget(self, listener: Listener) -> None:
        """Its connection has ended."""
        self.listeners.discard(listener)
        for table in (self._of, self._bound_to):
            for key in [key for key, those in table.items() if listener in those]:
                table[key].discard(listener)
                if not table[key]:
                    del table[key]

    def _changed(self, change: Change) -> None:
        if change.type == "Subscription":
            for listener in tuple(self._bound_to.get(change.id, ())):
                if listener in self.listeners and change.id in listener.bound:
                    self._resubscribe(listener, change)
        if not self._of:
            return
        members = self.repository.members_of(change.type, change.id)
        concerned = [listener for whose in (ALL, *members) for listener in self._of.get(whose, ())]
        for listener in concerned:
            for one in list(listener.bound.values()):
                meant = one.type == change.type and _whose(one.access) in (ALL, *members)
                if meant and one.id not in listener.due and self._rings(listener, one, change):
                    listener.ring(one.id)

    def _resubscribe(self, listener: Listener, change: Change) -> None:
        access = listener.bound.pop(change.id).access
        with suppress(FhirError):
            self.bind(listener, access, change.id)

    def _rings(self, listener: Listener, one: Bound, change: Change) -> bool:
        kept = self.repository.storage.newest("Subscription", one.id)
        if not kept or kept.deleted:
            del listener.bound[one.id]  # everything was cleared
            return False
        if change.body is None or not one.access.may(change.type, "r") or self._ended(json.loads(kept.text)):
            return False
        params = (*one.params, ("_id", change.id))
        return bool(
            Finder(self.repository.storage, self.repository.base_url, one.access).find(one.type, params)
        )

    def _ended(self, subscription: dict[str, Any]) -> bool:
        end = subscription.get("end")
        return isinstance(end, str) and dates.parse(end)[1] < to_millis(self.repository.clock())


def endpoint(
    hub: Hub, authenticate: Authenticate, config: FhirConfig
) -> Callable[[WebSocket], Awaitable[None]]:
    """The websocket's handler."""

    async def live(socket: WebSocket) -> None:
        token = _protocol_token(socket)
        await socket.accept(subprotocol=PROTOCOL if token else None)
        headers = Headers({"authorization": f"Bearer {token}"}) if token else socket.headers
        temper = config.temper()
        if not temper.websocket:
            await socket.close(UNKNOWN)
            return
        await _Session(hub, socket, lambda: _signed_in(authenticate, headers), temper.bell).run()

    return live


def _signed_in(authenticate: Authenticate, headers: Headers) -> Access:
    access = authenticate(headers)
    if access.kind == "anonymous":
        raise Unauthorised("this needs a token")
    return access


def _protocol_token(socket: WebSocket) -> str:
    offered: list[str] = list(socket.scope.get("subprotocols", ()))
    return offered[1] if len(offered) == 2 and offered[0] == PROTOCOL else ""


class _Session:
    """One connection from accept to close."""

    def __init__(self, hub: Hub, socket: WebSocket, whoami: Callable[[], Access], bell: str = "good") -> None:
        self.hub, self.socket, self.whoami, self.bell = hub, socket, whoami, bell
        self.listener = Listener()

    async def run(self) -> None:
        """Until either side closes."""
        self.hub.listeners.add(self.listener)
        tasks = [asyncio.ensure_future(part) for part in (self._hear(), self._ring())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            code = next(iter(done)).result()
            if code:
                await self.socket.close(code)
        except (WebSocketDisconnect, RuntimeError, OSError):
            return  # gone already
        finally:
            self.hub.forget(self.listener)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear(self) -> int:
        while True:
            message: dict[str, Any] = dict(await self.socket.receive())
            if message["type"] == "websocket.disconnect":
                return 0
            code = await self._understand(message.get("text") or "")
            if code:
                return code

    async def _understand(self, text: str) -> int:
        word, _, id = text.strip().partition(" ")
        if word != "bind":
            return 0  # other dialects send heartbeats; nothing to do
        if not id:
            return MALFORMED
        try:
            self.hub.bind(self.listener, self.whoami(), id)
        except Unauthorised:
            return EXPIRED
        except FhirError:
            return UNKNOWN
        for frame in _odd(self.bell, id, f"bound {id}"):
            await self.socket.send_text(frame)
        return 0

    async def _ring(self) -> int:
        while self._check():
            try:
                await asyncio.wait_for(self.listener.wake.wait(), LOOK_AGAIN)
            except TimeoutError:
                continue
            self.listener.wake.clear()
            due, self.listener.due = self.listener.due, {}
            if not self._check():
                break
            for id in due:
                for frame in _odd(self.bell, id, f"ping {id}"):
                    await self.socket.send_text(frame)
        return EXPIRED

    def _check(self) -> bool:
        try:
            self.whoami()
        except Unauthorised:
            return False
        return True


STORM = 2000
_GARBAGE = ("", "\x00", "{", "ping", "bound other", '{"resourceType":"Bundle"}', "ping " + "x" * 5000)


def _odd(bell: str, id: str, frame: str) -> tuple[str, ...]:
    """The frames that stand for ``frame`` at a server with such a bell (``Temper.bell``)."""
    match bell:
        case "silent":
            return ()
        case "garbage":
            return (*_GARBAGE, frame, frame, *_GARBAGE)
        case "storm":
            return (frame,) * STORM
        case "early":
            return (f"ping {id}", frame)
        case _:
            return (frame,)
