"""Where a store in memory is kept between visits, for clients without files of their own (the browser).

    commit ─► changed ─► the whole database as one image ─► Place.write ─► kept

A commit is safe only when a write that began after it has ended: whoever tells a resident that something is saved asks
``Store.when_kept`` first. Commits that come during a write share the next one. Several tabs: one has the place, the
others work in memory only, and the next takes it over when the first is closed, with everything it made meanwhile.
"""

import asyncio
from collections.abc import Callable, Coroutine
from enum import Enum, auto
from typing import Any, Protocol

from app.errors import AppError, DeviceFull, Locked

SOON = 0.4  # seconds; what the server sent is written in one go, what the resident made at once
Done = Callable[[AppError | None], None]


class Place(Protocol):
    """One sealed image on the device. Raises ``DeviceFull`` when it cannot be written, ``Locked`` when not read."""

    async def take(self) -> bool:
        """Have the place for this tab only; False: another tab has it."""
        ...

    async def wait(self) -> None:
        """Have it as soon as no other tab has it."""
        ...

    def release(self) -> None:
        """Let another tab have it."""
        ...

    async def read(self) -> bytes | None:
        """What was written last, or None."""
        ...

    async def write(self, image: bytes) -> None:
        """Replace it, whole or not at all; returns when it is on disk."""
        ...


class Keeping(Enum):
    """NOWHERE: in memory only, as wanted. ELSEWHERE: in memory only, for another tab has the place. HERE: kept."""

    NOWHERE = auto()
    ELSEWHERE = auto()
    HERE = auto()


Later = Callable[[float, Callable[[], None]], Callable[[], None]]
Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[Any]]


class Keeper:
    """Keeps one store at one place. ``adopt``: take what an image has into the store; ``image``: the store as one.

    ``lost``: what was kept can no longer be opened; ``ended``: the place was erased meanwhile, by another tab.
    """

    def __init__(self, place: Place, spawn: Spawn, later: Later, told: Callable[[], None]) -> None:
        self._place, self._spawn, self._later, self._told = place, spawn, later, told
        self.state = Keeping.NOWHERE
        self.problem: AppError | None = None
        self.lost = self.ended = False
        self.image: Callable[[], bytes] = bytes
        self.adopt: Callable[[bytes], None] = lambda image: None
        self._made = self._kept = 0
        self._writing: asyncio.Task[Any] | None = None
        self._waiting: asyncio.Task[Any] | None = None
        self._soon: Callable[[], None] | None = None
        self._asked: list[tuple[int, Done]] = []
        self._resting: list[asyncio.Future[None]] = []

    async def begin(self) -> bytes | None:
        """Take the place; what is kept there. What can no longer be opened is ``lost``."""
        if not await self._place.take():
            self._be(Keeping.ELSEWHERE)
            self._waiting = self._spawn(self._take_over())
            return None
        return await self._have()

    async def start(self) -> None:
        """Keep the store from now on, together with what is kept there already."""
        if self.state is Keeping.NOWHERE:
            kept = await self.begin()
            self._join(kept)

    async def stop(self) -> None:
        """Write what is not written yet, and let another tab have the place."""
        if self._waiting is not None:
            self._waiting.cancel()
        if self.state is Keeping.HERE:
            await self.kept()
            self._place.release()
        self._be(Keeping.NOWHERE)

    def changed(self, durable: bool) -> None:
        """The store has committed something; ``durable``: of the resident's own work."""
        self._made += 1
        if self.state is Keeping.HERE and self._writing is None:
            if durable:
                self._begin_writing()
            elif self._soon is None:
                self._soon = self._later(SOON, self._begin_writing)

    def when_kept(self, done: Done) -> None:
        """Call ``done`` once all that was committed so far is on disk, or with why it is not.

        A tab that keeps nothing never calls it: there, nothing is saved.
        """
        if self.state is not Keeping.HERE:
            return
        if self._kept >= self._made:
            done(None)
            return
        self._asked.append((self._made, done))
        if self._writing is None:
            self._begin_writing()

    async def kept(self) -> None:
        """Return once it is on disk, has failed to be (see ``problem``), or is not meant to be."""
        if self.state is not Keeping.HERE:
            return
        answer = asyncio.get_running_loop().create_future()
        self._resting.append(answer)
        self.when_kept(lambda _problem: self._rest(answer))
        await answer

    async def _have(self) -> bytes | None:
        try:
            kept = await self._place.read()
        except Locked:
            kept, self.lost = None, True
        except DeviceFull as problem:  # a browser that lets nothing be kept
            self._place.release()
            self.problem = problem
            return None
        self._be(Keeping.HERE)
        return kept

    async def _take_over(self) -> None:
        await self._place.wait()
        self._join(await self._have())

    def _join(self, kept: bytes | None) -> None:
        if self.state is Keeping.HERE:
            if kept is not None:
                self.adopt(kept)
            self.changed(durable=True)

    def _begin_writing(self) -> None:
        if self._soon is not None:
            self._soon()
            self._soon = None
        if self._writing is None and self.state is Keeping.HERE:
            self._writing = self._spawn(self._write())

    async def _write(self) -> None:
        """Until nothing is left to write, or a write fails; the next commit tries again."""
        try:
            while self._kept < self._made and self.state is Keeping.HERE:
                image = self.image()
                made = self._made
                await self._place.write(image)
                self._kept = made
                self._answer(made, None)
        except DeviceFull as problem:
            self._answer(self._made, problem)
        except Locked as problem:
            self._end(problem)
        finally:
            self._writing = None

    def _end(self, problem: AppError) -> None:
        """From now on this tab keeps nothing either; nobody is told that anything was saved."""
        self.ended, self.problem, self._asked = True, problem, []
        self._place.release()
        self._be(Keeping.NOWHERE)
        for answer in tuple(self._resting):
            self._rest(answer)

    def _rest(self, answer: "asyncio.Future[None]") -> None:
        if answer in self._resting:
            self._resting.remove(answer)
        if not answer.done():
            answer.set_result(None)

    def _answer(self, upto: int, problem: AppError | None) -> None:
        answered = [done for made, done in self._asked if made <= upto]
        self._asked = [(made, done) for made, done in self._asked if made > upto]
        if type(self.problem) is not type(problem):
            self.problem = problem
            self._told()
        for done in answered:
            done(problem)

    def _be(self, state: Keeping) -> None:
        if self.state is not state:
            self.state = state
            self._told()
