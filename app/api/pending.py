"""A sign-in that has left for the provider and not come back yet. It survives a reload of the page and is
used once."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from app.api.tokens import Values

LIFETIME = timedelta(minutes=10)
_KEPT = 5  # several tabs may be signing in at once


@dataclass(frozen=True)
class PendingStart:
    """What must be remembered between leaving and coming back. ``return_to`` is a route of the app."""

    state: str
    verifier: str = field(repr=False)
    nonce: str = field(repr=False)
    redirect_uri: str
    return_to: str
    created: datetime

    @property
    def challenge(self) -> str:
        """The S256 challenge of the verifier (RFC 7636 §4.2)."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def alive(self, now: datetime) -> bool:
        """Whether the answer may still come."""
        return timedelta(minutes=-1) <= now - self.created <= LIFETIME


class PendingStore(Protocol):
    """Where starts wait.

    For a browser it must be storage of that very browser (``StoredPending`` over it), never of the server:
    else an answer could be brought to an end in another browser than the one that asked, which is how
    sign-ins are forged.
    """

    async def put(self, start: PendingStart) -> None:
        """Remember a start."""
        ...

    async def take(self, state: str) -> PendingStart | None:
        """Give back and forget the start with this state."""
        ...


class MemoryPending:
    """In the memory of the app: enough where the app keeps running meanwhile (desktop, phones)."""

    def __init__(self) -> None:
        self._starts: dict[str, PendingStart] = {}

    async def put(self, start: PendingStart) -> None:
        """Remember a start; the oldest are forgotten when there are many."""
        self._starts = dict(list(self._starts.items())[-_KEPT + 1 :]) | {start.state: start}

    async def take(self, state: str) -> PendingStart | None:
        """Give back and forget the start with this state."""
        return self._starts.pop(state, None)


class StoredPending:
    """In storage with names (the browser's, or the device's), as one JSON text."""

    def __init__(self, values: Values, name: str = "sign-in") -> None:
        self._values, self._name = values, name

    async def put(self, start: PendingStart) -> None:
        """Remember a start; the oldest are forgotten when there are many."""
        await self._write([*(await self._read())[-_KEPT + 1 :], start])

    async def take(self, state: str) -> PendingStart | None:
        """Give back and forget the start with this state."""
        starts = await self._read()
        found = next((start for start in starts if start.state == state), None)
        if found is not None:
            await self._write(start for start in starts if start is not found)
        return found

    async def _read(self) -> list[PendingStart]:
        try:
            stored = json.loads(await self._values.get(self._name) or "[]")
            return [_start(values) for values in stored]
        except (ValueError, TypeError, KeyError):
            return []

    async def _write(self, starts: Iterable[PendingStart]) -> None:
        stored = [asdict(start) | {"created": start.created.isoformat()} for start in starts]
        if stored:
            await self._values.set(self._name, json.dumps(stored))
        else:
            await self._values.delete(self._name)


def _start(values: dict[str, Any]) -> PendingStart:
    return PendingStart(**values | {"created": datetime.fromisoformat(values["created"])})
