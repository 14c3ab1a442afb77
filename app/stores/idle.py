"""The end of a session that nobody uses (row K6): told in time, put off with one tap or by just going on.

    QUIET ── nobody did anything for a while ─► WARNED ── still nobody ─► ENDED ── somebody signs in ─► QUIET
      ▲                                           │
      └──────────────── anything is done ◄────────┘

Only where others may sit down at the same screen: in the served client, and in a browser that nobody has said to be
their own. What was written is kept, there as long as the page is open.
"""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from app.stores.base import observable

WARNING = timedelta(minutes=3)  # WCAG 2.2.1 asks for 20 seconds, row K6 for two minutes
Later = Callable[[float, Callable[[], None]], Callable[[], None]]


class IdleState(Enum):
    """See the diagram above."""

    QUIET = auto()
    WARNED = auto()
    ENDED = auto()


@observable
class Idle:
    """Watches one session. ``end`` signs out and keeps the data; ``signed_in``: whether there is anything to end;
    ``waited``: whether the resident waits for their turn, which ends no session.

    ``later`` calls something after seconds, ``spawn`` runs a coroutine; both as in ``platform.devices``.
    """

    def __init__(
        self,
        limit: timedelta,
        now: Callable[[], datetime],
        later: Later,
        spawn: Callable[[Coroutine[Any, Any, None]], Any],
        signed_in: Callable[[], bool],
        end: Callable[[], Awaitable[None]],
        waited: Callable[[], bool] = lambda: False,
    ) -> None:
        self._limit, self._now, self._later, self._spawn = limit, now, later, spawn
        self._signed_in, self._end, self._waited = signed_in, end, waited
        self._last = now()
        self.state = IdleState.QUIET
        self.ends_at: datetime | None = None
        self._look_again(limit - WARNING)

    def touch(self) -> None:
        """Somebody did something."""
        self._last = self._now()
        if self.state is IdleState.WARNED or (self.state is IdleState.ENDED and self._signed_in()):
            self.state, self.ends_at = IdleState.QUIET, None

    def look(self) -> None:
        """See what time it is; called by itself whenever something may be due."""
        if (self.state is IdleState.ENDED and self._signed_in()) or self._waited():
            self.touch()
        since = self._now() - self._last
        if self.state is IdleState.ENDED or not self._signed_in():
            self._look_again(self._limit - WARNING)
        elif since >= self._limit:
            self._over()
        elif since >= self._limit - WARNING:
            self.state, self.ends_at = IdleState.WARNED, self._last + self._limit
            self._look_again(self._limit - since)
        else:
            self._look_again(self._limit - WARNING - since)

    def _over(self) -> None:
        self.state, self.ends_at = IdleState.ENDED, None
        self._spawn(self._finish())
        self._look_again(self._limit - WARNING)

    async def _finish(self) -> None:
        await self._end()

    def _look_again(self, after: timedelta) -> None:
        self._later(max(1.0, after.total_seconds()), self.look)
