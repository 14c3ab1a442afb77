"""Builders for the tests of the stores: a real in-memory store, a clock that is moved by hand, keys in order."""

import itertools
from collections.abc import Callable
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from functools import partial

from app.domain.attachments import AttachmentProblem, Limits, Prepared
from app.offline.drafts import Drafts
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.offline.vault import AesVault
from app.stores.messages import Messages
from app.stores.outbox import OutboxStore

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
AINO = "aino"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class Timers:
    """What was asked to be done later, done when the test says so."""

    def __init__(self) -> None:
        self.waiting: dict[int, Callable[[], None]] = {}
        self._numbers = itertools.count()

    def __call__(self, seconds: float, do: Callable[[], None]) -> Callable[[], None]:
        number = next(self._numbers)
        self.waiting[number] = partial(copy_context().run, do)  # as the loop does it
        return lambda: self.waiting.pop(number, None) and None

    def fire(self) -> None:
        for number in list(self.waiting):
            self.waiting.pop(number)()


async def as_it_is(name: str, data: bytes) -> Prepared | AttachmentProblem:
    """A file that needs no making ready; one called ``broken…`` cannot be read."""
    if name.startswith("broken"):
        return AttachmentProblem.UNREADABLE
    return Prepared(name, "application/pdf" if name.endswith("pdf") else "image/jpeg", data)


class Desk:
    """Everything about one person's messages, put together for a test."""

    def __init__(
        self,
        person: str = AINO,
        limits: Limits | None = None,
        store: Store | None = None,
        watching: bool = True,
    ) -> None:
        self.clock, self.timers, self.nudges = Clock(), Timers(), 0
        self.store = store or Store.open(None, AesVault(bytes(32)), "account", self.clock)
        self.public = Store.open(None, AesVault(bytes(32)), "public", self.clock)
        self.outbox, self.drafts = Outbox(self.store), Drafts(self.store)
        keys = itertools.count(1)
        self.new_key = lambda: f"00000000-0000-4000-8000-{next(keys):012d}"
        self.messages = Messages(
            person_id=person,
            store=self.store,
            public=self.public,
            outbox=self.outbox,
            drafts=self.drafts,
            limits=limits or Limits(),
            prepare=as_it_is,
            nudge=self._nudge,
            now=self.clock,
            later=self.timers,
            new_key=self.new_key,
            language=lambda: "fi",
            fetch=self._fetch,
        )
        self.sending = OutboxStore(self.outbox, self._nudge, self.new_key, self.clock, self.timers)
        if watching:
            self.store.watch(lambda _: self._refresh())

    def _nudge(self) -> None:
        self.nudges += 1

    async def _fetch(self) -> None:
        self.nudges += 1

    def _refresh(self) -> None:
        self.messages.refresh()
        self.sending.refresh()

    async def written(self, **words: str) -> str:
        """A message written and sent; the id of its thread."""
        composer = self.messages.composer(self.messages.start("nurse"))
        assert composer is not None
        for name, value in ({"subject": "Selkäkipu", "text": "Selkä on kipeä."} | words).items():
            composer.write(name, value)
        await self.messages.send.run(composer)
        return composer.thread_id
