"""Doorbells: the server says that something changed, never what. Every ring becomes a normal pull.

``Bell`` is the logic of one websocket connection of the R4 Subscription channel (``bind``, ``bound``,
``ping``) without the socket; whoever has the socket feeds it frames.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.offline.exchanges import Scope

LONGEST_FRAME = 512


class Doorbell(Protocol):
    """Anything that yields a scope each time it may have changed; it reconnects by itself and ends when
    closed."""

    def __aiter__(self) -> AsyncIterator[Scope | None]:
        """Scopes as they ring; None means all of them."""


@dataclass
class Bell:
    """One connection. ``subscriptions``: the id of each active Subscription and the scope it watches.

    ``silence``: seconds without any frame after which the connection counts as dead; None when the server
    sends no heartbeats of its own.
    """

    subscriptions: Mapping[str, Scope]
    silence: float | None = None
    bound: set[str] = field(default_factory=set)
    _last: float = 0.0

    def opened(self, now: float) -> tuple[str, ...]:
        """The connection is open: the frames to send."""
        self._last = now
        self.bound.clear()
        return tuple(f"bind {id}" for id in self.subscriptions)

    def received(self, frame: str | bytes, now: float) -> tuple[Scope, ...]:
        """A frame came: the scopes to pull. Everything before ``bound`` was missed, so ``bound`` rings as
        well."""
        self._last = now
        word, id = _parted(frame)
        if word not in ("bound", "ping") or id not in self.subscriptions:
            return ()
        self.bound.add(id)
        return (self.subscriptions[id],)

    def dead(self, now: float) -> bool:
        """Whether the connection has been silent for too long and should be opened anew."""
        return self.silence is not None and not 0 <= now - self._last <= self.silence


def reconnect_after(failures: int, random: Callable[[], float]) -> float:
    """Seconds before the next attempt: full jitter, at most a minute, never at once for everybody."""
    return 0.5 + random() * min(60.0, 2.0 ** min(failures, 6))


async def ring(doorbell: Doorbell, nudge: Callable[[Scope | None], None]) -> None:
    """Pass every ring on to ``Sync.nudge`` until the doorbell ends."""
    async for scope in doorbell:
        nudge(scope)


def _parted(frame: str | bytes) -> tuple[str, str]:
    if isinstance(frame, bytes):
        frame = frame[:LONGEST_FRAME].decode(errors="replace")
    word, _, rest = frame[:LONGEST_FRAME].strip().partition(" ")
    return word, rest.split("/")[-1].strip()
