"""The one clock of the stub. Testers set it and move it on; everything the platform does goes by it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

FINLAND = ZoneInfo("Europe/Helsinki")


class Clock:
    """Real time plus an offset that a tester chooses.

    ``wall`` gives seconds since 1970; tests hand in their own. The clock runs on from wherever it was set.
    """

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._offset = timedelta()
        self._pinned: datetime | None = None

    def now(self) -> datetime:
        """The platform's time, in UTC."""
        return self._pinned or self.real() + self._offset

    def local(self) -> datetime:
        """The platform's time on a Finnish wall."""
        return self.now().astimezone(FINLAND)

    def real(self) -> datetime:
        """The machine's own time, in UTC: for what other programs check against their own clocks."""
        return datetime.fromtimestamp(self._wall(), UTC)

    @property
    def offset(self) -> timedelta:
        """How far the platform's time is ahead of the machine's."""
        return self._offset

    def set(self, moment: datetime) -> None:
        """Make it ``moment`` (with a zone) now."""
        self._offset = moment - self.real()

    def advance(self, by: timedelta) -> None:
        """Move on by ``by``; a negative one goes back."""
        self._offset += by

    def reset(self) -> None:
        """Back to the machine's time."""
        self._offset = timedelta()

    @contextmanager
    def pinned(self, moment: datetime) -> Iterator[None]:
        """Stand still at ``moment`` inside the block: how the seed writes yesterday's messages yesterday."""
        before, self._pinned = self._pinned, moment
        try:
            yield
        finally:
            self._pinned = before
