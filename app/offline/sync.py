"""The engine's driver: when to sync, one at a time, how to wait, and what to tell the screens about it.

Nothing in here decides what is sent; clock, sleep and random are handed in, so tests never wait.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.domain.exchange import Request, Response
from app.errors import AppError, Offline, ServiceDown, SignedOut
from app.offline.engine import Engine, Scope
from app.offline.store import Store

DEBOUNCE, SOON = 0.25, 0.02
LANES = 4
LONGEST_BACK_OFF = 300.0
SHORTEST_BACK_OFF = 1.0
FOREGROUND = 60.0

Send = Callable[[Request], Awaitable[Response | None]]
Steps = Generator[Request, Response | None, Any]


@dataclass(frozen=True)
class SyncStatus:
    """``state``: "offline" | "syncing" | "ok" | "signed-out" | "problem". ``last_ok``: device clock, of the
    last sync that went through. ``problem``: what a screen may explain. ``failing``: types that could not be
    fetched lately, each with why; the others are well."""

    state: str = "ok"
    last_ok: datetime | None = None
    problem: AppError | None = None
    failing: Mapping[str, AppError] = field(default_factory=dict, compare=False)


StatusListener = Callable[[SyncStatus], None]


class Sync:
    """Keeps one account in sync.

    ``scopes``: what to fetch, asked anew each time. ``owner``: the account id of whoever's token ``send``
    would use now, None when signed out; a token of somebody else never drives this outbox. ``sleep`` and
    ``random`` as in asyncio and random.
    """

    def __init__(
        self,
        engine: Engine,
        store: Store,
        send: Send,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[Any]],
        random: Callable[[], float],
        scopes: Callable[[], Iterable[Scope]] = tuple,
        owner: Callable[[], str | None] | None = None,
    ) -> None:
        self._engine, self._store, self._send = engine, store, send
        self._clock, self._sleep, self._random = clock, sleep, random
        self._scopes, self._owner = scopes, owner or (lambda: store.account)
        self._status, self._listeners = SyncStatus(), list[StatusListener]()
        self._bell, self._one_at_a_time = asyncio.Event(), asyncio.Lock()
        self._dirty: set[Scope] = set()
        self._sending: set[asyncio.Future[Response | None]] = set()
        self._failing: dict[Scope, AppError] = {}
        self._all, self._stopped, self._failures, self._pace = True, False, 0, FOREGROUND
        self._talked = self._silent = False
        self._ended: datetime | None = None

    @property
    def status(self) -> SyncStatus:
        """How it stands."""
        return self._status

    def watch_status(self, listener: StatusListener) -> Callable[[], None]:
        """Call ``listener`` with every new status; returns a function that ends it. It must not raise."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def nudge(self, scope: Scope | None = None) -> None:
        """Something may have changed: a doorbell, a put, the network, a sign-in. None: everything. Cheap to
        call."""
        if scope is None:
            self._all = True
        else:
            self._dirty.add(scope)
        self._bell.set()

    def pace(self, seconds: float) -> None:
        """How often to look without being nudged: 15 in an open chat, 60 in the foreground, ``inf`` never."""
        self._pace = seconds
        self._bell.set()

    def stop(self) -> None:
        """End ``run`` and every round, whoever asked for it: nothing more is sent, and what has no answer yet counts
        as unknown. ``ended`` waits for it."""
        self._stopped = True
        self._bell.set()
        for sending in self._sending:
            sending.cancel()

    async def ended(self) -> None:
        """After ``stop``: until no round touches the store any more."""
        async with self._one_at_a_time:
            pass

    async def run(self) -> None:
        """Sync until stopped: at once, after each nudge, and at the pace; after failures less and less
        often."""
        self._bell.set()
        while not self._stopped:
            rung = await self._rung(
                self._delay()
            )  # a nudge may come meanwhile: read what is wanted only after it
            self._all |= not rung
            if not self._stopped:
                await self._sleep(self._gathering())
                self._bell.clear()
                await self.sync_once()

    async def sync_once(self) -> SyncStatus:
        """One whole round, after the one that may be under way; the status it ended with."""
        async with self._one_at_a_time:
            if self._stopped:
                return replace(self._status, state="signed-out", problem=SignedOut())
            if self._owner() != self._store.account:
                return self._tell(replace(self._status, state="signed-out", problem=SignedOut()))
            self._tell(replace(self._status, state="syncing"))
            self._talked = self._silent = False
            problems = await self._round(self._wanted())
            self._all |= bool(problems)
            self._ended = self._clock()
            judged = self._judged(problems)
            return judged if self._stopped else self._tell(judged)

    async def trust_emptiness(self, scope: Scope) -> None:
        """The resident confirmed that a scope really is empty now."""
        async with self._one_at_a_time:
            await self._drive(self._engine.sweep(scope, sure=True))

    async def _round(self, scopes: tuple[Scope, ...]) -> list[AppError]:
        """Send, fetch, and send what was put or set free meanwhile; a sign-in that ended ends the round."""
        problems: list[AppError] = []
        for step in (self._engine.lanes, lambda: map(self._pull, scopes), self._engine.lanes):
            problems += await self._drive_all(step())
            if self._engine.talk.signed_out:
                return [SignedOut(), *problems]
        self._engine.tidy()
        return problems

    def _pull(self, scope: Scope) -> Steps:
        """Fetch a scope, and note whether it is well: one that is not allowed says nothing about the others."""
        try:
            problem = yield from self._fetched(scope)
        except AppError as raised:
            problem = raised
        self._failing.pop(scope, None)
        if problem is not None:
            self._failing[scope] = problem
        return problem

    def _fetched(self, scope: Scope) -> Steps:
        problem = yield from self._engine.pull(scope)
        if problem is None and self._engine.needs_sweep(scope):
            problem = yield from self._engine.sweep(scope)
        return problem

    async def _drive_all(self, work: Iterable[Steps]) -> list[AppError]:
        """At most four at a time, so that one that hangs delays nothing else; the problems they met."""
        waiting, results = deque(work), list[AppError | None]()

        async def lane() -> None:
            while waiting:
                results.append(await self._drive(waiting.popleft()))

        await asyncio.gather(*(lane() for _ in range(min(LANES, len(waiting)))))
        return [problem for problem in results if problem]

    async def _drive(self, steps: Steps) -> AppError | None:
        """Carry requests and answers between the engine and the network until the engine is done."""
        try:
            request = next(steps)
            while True:
                request = steps.send(await self._answer(request))
        except StopIteration as end:
            return end.value if isinstance(end.value, AppError) else None
        except AppError as problem:
            return problem

    async def _answer(self, request: Request) -> Response | None:
        if self._owner() != self._store.account:
            return Response(401)
        try:
            response = await self._sent(request)
        except SignedOut:
            response = Response(401)
        self._talked = self._talked or response is not None
        self._silent = self._silent or response is None
        return response

    async def _sent(self, request: Request) -> Response | None:
        if self._stopped:
            return None
        sending = asyncio.ensure_future(self._send(request))
        self._sending.add(sending)
        try:
            response = await sending
        except (asyncio.CancelledError, SignedOut):
            if self._stopped:
                return None
            raise
        finally:
            self._sending.discard(sending)
        return None if self._stopped else response

    def _wanted(self) -> tuple[Scope, ...]:
        every = tuple(self._scopes())
        chosen = every if self._all else tuple(scope for scope in every if scope in self._dirty)
        self._all, self._dirty = False, set()
        return chosen

    def _judged(self, problems: list[AppError]) -> SyncStatus:
        """What a round amounts to."""
        signed_out = any(isinstance(problem, SignedOut) for problem in problems)
        if self._silent and not signed_out:
            problems = [ServiceDown() if self._talked else Offline(), *problems]
        if not problems:
            self._failures = 0
            return SyncStatus("ok", self._clock(), failing=self._by_type())
        self._failures = 0 if self._talked else self._failures + 1
        first = next((problem for problem in problems if isinstance(problem, SignedOut)), problems[0])
        states = {SignedOut: "signed-out", Offline: "offline"}
        state = states.get(type(first), "problem")
        return replace(self._status, state=state, problem=first, failing=self._by_type())

    def _by_type(self) -> dict[str, AppError]:
        return {scope.type: problem for scope, problem in self._failing.items()}

    def _tell(self, status: SyncStatus) -> SyncStatus:
        if status != self._status:
            self._status = status
            for listener in tuple(self._listeners):
                listener(status)
        return status

    def _gathering(self) -> float:
        """Seconds in which nudges are gathered: next to none for a first one, so that it is on the screen at
        once."""
        if self._failures:
            return SHORTEST_BACK_OFF
        quiet = (self._clock() - self._ended).total_seconds() if self._ended else DEBOUNCE
        return DEBOUNCE if 0 <= quiet < DEBOUNCE else SOON

    def _delay(self) -> float:
        """Seconds to the next round that nobody asked for."""
        if self._status.state == "signed-out":
            return float("inf")
        asked = self._status.problem.retry_after if isinstance(self._status.problem, ServiceDown) else None
        if self._failures:
            jitter = self._random() * min(LONGEST_BACK_OFF, 2.0**self._failures)
            return max(asked or 0.0, jitter, SHORTEST_BACK_OFF)
        return max(asked or 0.0, min([self._pace, *self._next_tries()]))

    def _next_tries(self) -> list[float]:
        entries = self._store.ledger.entries().values()
        now = self._store.now()
        return [
            max(entry.next_try - now, SHORTEST_BACK_OFF) for entry in entries if entry.open and entry.next_try
        ]

    async def _rung(self, seconds: float) -> bool:
        """Wait for a nudge, at most that long; whether it came."""
        if self._bell.is_set():
            return True
        bell = asyncio.ensure_future(self._bell.wait())
        waits = {bell} if seconds == float("inf") else {bell, asyncio.ensure_future(self._sleep(seconds))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return self._bell.is_set()
