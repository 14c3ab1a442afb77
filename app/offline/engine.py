"""The whole of syncing as generators: they yield a ``Request`` and are sent its ``Response``, or None when
the outcome is unknown. No network, no tasks, no sleeping in here: the app, the tests and every fault drive
the same code.

Only committed SQLite state carries over from one request to the next, so a generator may be dropped anywhere.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any

from app.domain.exchange import Request, Response
from app.errors import AppError
from app.offline.creates import Creating
from app.offline.exchanges import Resource, Scope
from app.offline.intents import Intents
from app.offline.profile import Creates, Profile, probe
from app.offline.pull import Pull
from app.offline.push import Push
from app.offline.settle import Settle
from app.offline.store import Store
from app.offline.talk import Talk
from app.offline.updates import Updating

__all__ = ["Creates", "Engine", "Profile", "Scope"]
Steps = Generator[Request, Response | None, Any]
PROFILE = "profile"
KEPT = 30 * 86_400 * 1_000_000
"""Microseconds that accepted and discarded entries are kept."""


def profile_of(store: Store) -> Profile | None:
    """What was found out about the account's server; None: it was not asked yet."""
    stored = store.recall(PROFILE)
    return Profile.from_json(stored) if stored else None


class Engine:
    """Push, pull, sweep and probe for one store. ``profile`` None: the one found out earlier, else a careful
    default.

    ``clock``: seconds since 1970 by the device, used for back-off and ages only. ``random``: 0 to 1, for the
    jitter.
    """

    def __init__(
        self,
        store: Store,
        profile: Profile | None,
        intents: Intents | None,
        clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self.store, self.talk = store, Talk(clock, random)
        known = profile or profile_of(store) or Profile()
        settle = Settle(store, self.talk)
        self._creating = Creating(settle, self.talk, known)
        self._updating = Updating(settle, self.talk, known, intents or store.intents)
        self._push = Push(settle, self.talk, self._creating, self._updating)
        self._pull = Pull(store, self.talk)

    @property
    def profile(self) -> Profile:
        """What the server can do, as far as is known."""
        return self._creating.profile

    @property
    def doubts(self) -> frozenset[Scope]:
        """Scopes that suddenly look empty: the next sweep looks again; ``sweep(scope, sure=True)`` believes it now."""
        return frozenset(self._pull.doubts)

    @property
    def set_aside(self) -> int:
        """How many received entries did not parse and were left out."""
        return self._pull.odd

    def sync(self, scopes: Sequence[Scope], sweep: bool = False) -> Steps:
        """Everything once, in a row; returns the first AppError met, or None."""
        yield from self.push()
        problems: list[AppError] = []
        for scope in scopes:
            problem = yield from self.pull(scope)
            if problem is None and (sweep or scope in self._pull.wanted):
                problem = yield from self.sweep(scope)
            problems += [problem] if problem else []
        yield from self.push()
        self.tidy()
        return problems[0] if problems else None

    def push(self) -> Steps:
        """Send the outbox."""
        self.talk.begin()
        yield from self._push.everything()

    def lanes(self) -> list[Steps]:
        """The outbox in independent parts; each may run while the others wait for an answer."""
        self.talk.begin()
        return self._push.lanes()

    def pull(self, scope: Scope) -> Steps:
        """Fetch what changed; returns the AppError that stopped it, or None."""
        return (yield from self._pull.pull(scope))

    def sweep(self, scope: Scope, sure: bool = False) -> Steps:
        """Find deletions and whatever clocks hid; returns the AppError that stopped it, or None."""
        return (yield from self._pull.sweep(scope, sure))

    def needs_sweep(self, scope: Scope, every: float = 86_400.0) -> bool:
        """Whether the last sweep is more than ``every`` seconds ago (or in the future), or a pull asked for
        one."""
        rows = self.store.db.rows("SELECT swept_at FROM scope WHERE key=?", (scope.key,))
        at = rows[0][0] if rows else None
        return at is None or scope in self._pull.wanted or not 0 <= self.talk.clock() - at < every

    def probe(self, scratch: Resource | None = None) -> Steps:
        """Find out what the server can do and remember it; returns the Profile, or None when it did not
        answer."""
        found: Profile | None = yield from probe(scratch)
        if found is not None:
            self.store.remember(PROFILE, found.to_json())
            self._creating.profile = self._updating.profile = found
        return found

    @property
    def probed(self) -> bool:
        """Whether this server was ever probed for this account."""
        return self.store.recall(PROFILE) is not None

    def tidy(self) -> None:
        """Forget what was settled more than 30 days ago, by the server's clock."""
        if self.talk.server_now >= 0:
            self.store.ledger.prune(self.talk.server_now - KEPT)
