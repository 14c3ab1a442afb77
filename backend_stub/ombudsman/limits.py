"""How often a code may be guessed. Addresses are remembered salted, in memory, for minutes."""

import hashlib
import secrets
from collections import deque
from datetime import datetime, timedelta

from backend_stub.clock import Clock

WINDOW = timedelta(minutes=10)
EACH, TOGETHER = 5, 100


class Limits:
    """Wrong codes of late, from each address and together."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._salt = secrets.token_bytes(16)
        self._wrong: dict[str, deque[datetime]] = {}
        self._all: deque[datetime] = deque()

    def wait(self, address: str) -> int:
        """Seconds to wait before the next try; 0: none."""
        own = self._late(self._wrong.get(self._name(address), deque()))
        together = self._late(self._all)
        waits = [own[0] if len(own) >= EACH else None, together[0] if len(together) >= TOGETHER else None]
        left = [first + WINDOW - self._clock.now() for first in waits if first]
        return max((int(one.total_seconds()) + 1 for one in left), default=0)

    def wrong(self, address: str) -> None:
        """A code that leads nowhere was tried."""
        now = self._clock.now()
        self._wrong.setdefault(self._name(address), deque()).append(now)
        self._all.append(now)

    def reset(self) -> None:
        """Forget all tries."""
        self._wrong.clear()
        self._all.clear()

    def _late(self, tries: deque[datetime]) -> deque[datetime]:
        while tries and tries[0] < self._clock.now() - WINDOW:
            tries.popleft()
        return tries

    def _name(self, address: str) -> str:
        return hashlib.sha256(self._salt + address.encode()).hexdigest()
