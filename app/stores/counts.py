"""Counting with the resident's leave: off until they say so, numbers only, added up on the device (L1, L2, M6)."""

import json
from collections.abc import Awaitable, Callable, Coroutine
from datetime import date, datetime
from typing import Any

from app.api.counts import report
from app.domain.counts import NAMES
from app.errors import AppError
from app.platform.preferences import Preferences
from app.stores.base import observable

ON, KEPT, SENT_ON, ASKED = "counts_on", "counts", "counts_sent", "counts_asked"
Send = Callable[[dict[str, Any]], Awaitable[None]]


@observable
class Counts:
    """Counters of this device. ``send`` hands in a MeasureReport; at most once a day, and when one says so."""

    def __init__(
        self,
        preferences: Preferences,
        send: Send,
        spawn: Callable[[Coroutine[Any, Any, None]], Any],
        now: Callable[[], datetime],
        new_key: Callable[[], str],
    ) -> None:
        self._preferences, self._send, self._spawn = preferences, send, spawn
        self._now, self._new_key = now, new_key
        self.on = preferences.get(ON) == "yes"
        self.asks = 0
        self.counts: dict[str, int] = _read(preferences.get(KEPT))

    def allow(self, on: bool) -> None:
        """The resident allows it, or no longer; what was counted and not sent is then forgotten."""
        self.on = on
        self._preferences.set(ON, "yes" if on else "no")
        self._keep({} if not on else {"installs": 1})
        if on:
            self._spawn(self.hand_in())

    def add(self, name: str) -> None:
        """One more of ``name``; nothing while it is not allowed. Raises ValueError for what is not in the list."""
        if name not in NAMES:
            raise ValueError(name)
        if self.on:
            self._keep({**self.counts, name: self.counts.get(name, 0) + 1})
            self._spawn(self.hand_in())

    def once(self, case: str) -> bool:
        """Whether feedback may be asked for a case: once for each, and remembered by a number that tells nothing."""
        return _mark(case) not in self._asked()

    def asked(self, case: str) -> None:
        """Feedback was asked for the case, or closed."""
        marks = [*self._asked(), _mark(case)][-200:]
        self._preferences.set(ASKED, json.dumps(marks))
        self.asks += 1

    async def hand_in(self) -> None:
        """Send what has been counted, unless it was done today; what could not be sent is kept."""
        today = self._now().date()
        if not self.on or not self.counts or self._preferences.get(SENT_ON) == today.isoformat():
            return
        counts = dict(self.counts)
        try:
            await self._send(report(self._new_key(), counts, date(today.year, today.month, 1)))
        except AppError:
            return
        self._preferences.set(SENT_ON, today.isoformat())
        left = {name: self.counts.get(name, 0) - n for name, n in counts.items()}
        self._keep({name: n for name, n in left.items() if n > 0})

    def _asked(self) -> list[int]:
        try:
            marks = json.loads(self._preferences.get(ASKED) or "[]")
        except ValueError:
            return []
        return marks if isinstance(marks, list) else []

    def _keep(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self._preferences.set(KEPT, json.dumps(counts))


def _read(kept: str | None) -> dict[str, int]:
    try:
        counts = json.loads(kept or "{}")
    except ValueError:
        return {}
    known = counts.items() if isinstance(counts, dict) else ()
    return {name: n for name, n in known if name in NAMES and isinstance(n, int) and n > 0}


def _mark(case: str) -> int:
    """A small number: many cases share it, so it leads back to none."""
    return sum(ord(c) * (n + 1) for n, c in enumerate(case)) % 9973
