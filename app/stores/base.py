"""The two moving parts every store is made of: ``Resource`` (reading) and ``Action`` (doing)."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from enum import Enum, auto
from typing import Generic, NamedTuple, ParamSpec, TypeVar

import flet as ft

from app.errors import AppError

T = TypeVar("T")
P = ParamSpec("P")

observable = ft.observable  # the other stores take it from here, so that Flet has one door into this room


class Known(NamedTuple, Generic[T]):
    """What is remembered: the value and when it was last known to be true (None: not yet confirmed)."""

    value: T
    as_of: datetime | None


@ft.observable
class Resource(Generic[T]):
    """A value that lives elsewhere: last known good, how old it is, and what is happening.

    ``value`` is None until something is known; an empty tuple means "nothing there". A failed ``load`` sets
    ``problem`` and keeps the old value. ``read`` answers at once from what is stored, ``fetch`` asks the
    network. ``types``: what it is made of; trouble with other types is none of its.
    """

    def __init__(
        self,
        read: Callable[[], Known[T] | None],
        fetch: Callable[[], Awaitable[None]] | None = None,
        types: Collection[str] = (),
    ) -> None:
        self._read, self._fetch, self.types = read, fetch, frozenset(types)
        self.value: T | None = None
        self.as_of: datetime | None = None
        self.busy = False
        self.problem: AppError | None = None
        self._held = False
        self.refresh()

    def refresh(self) -> None:
        """Read again what is stored; listeners hear only of a change."""
        if not self._held:
            self.value, self.as_of = self._read() or (None, None)

    def hold(self, held: bool) -> None:
        """While held, nothing that it is made of has changed: ``refresh`` reads nothing."""
        self._held = held

    def confirm(self, ages: Collection[datetime | None]) -> None:
        """What it is made of has been confirmed anew, unchanged, at these times."""
        if self.as_of is not None and None not in ages:
            self.as_of = min(age for age in ages if age)

    async def load(self) -> None:
        """Ask the network; keep the old value on failure; never overlap."""
        if self.busy or self._fetch is None:
            return
        self.busy, self.problem = True, None
        try:
            await self._fetch()
        except AppError as problem:
            self.problem = problem
        finally:
            self.busy = False
            self.refresh()


class Status(Enum):
    """Where an ``Action`` stands. WAITING: safely stored, to be sent when there is a connection."""

    IDLE = auto()
    RUNNING = auto()
    WAITING = auto()
    DONE = auto()
    FAILED = auto()


@ft.observable
class Action(Generic[P]):
    """Something the resident asked for. Never runs twice at once; never raises ``AppError``."""

    def __init__(self, do: Callable[P, Awaitable[Status]]) -> None:
        self._do = do
        self.status = Status.IDLE
        self.problem: AppError | None = None

    async def run(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Do it, unless it is being done already."""
        if self.status is Status.RUNNING:
            return
        self.status, self.problem = Status.RUNNING, None
        try:
            self.status = await self._do(*args, **kwargs)
        except AppError as problem:
            self.status, self.problem = Status.FAILED, problem
        finally:
            if (
                self.status is Status.RUNNING
            ):  # a fault of ours, told elsewhere: the button must not stay busy
                self.status = Status.FAILED

    def reset(self) -> None:
        """Forget how the last run ended."""
        self.status, self.problem = Status.IDLE, None
