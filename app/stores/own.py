"""What belongs to the person signed in: their stored data, what is on its way, and the sync between."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.people import Resident
from app.offline.drafts import Drafts
from app.offline.engine import profile_of
from app.offline.store import Store
from app.offline.sync import Sync
from app.stores.appointments import Appointments
from app.stores.attachments import Attachments
from app.stores.base import Resource
from app.stores.booking import Booking
from app.stores.chat import Chats
from app.stores.copying import Copying
from app.stores.forms import Forms
from app.stores.journeys import Journeys
from app.stores.kept_helper import Kept
from app.stores.me import Me
from app.stores.measurements import Measurements
from app.stores.messages import Messages
from app.stores.news import News
from app.stores.outbox import OutboxStore
from app.stores.papers import Papers
from app.stores.record import Record
from app.stores.reminding import KIND as REMINDERS
from app.stores.silence import Silence


class Room(Protocol):
    """What every room's store can do for the person's whole."""

    def refresh(self) -> None:
        """Something on the device changed: read it again."""

    def save_all(self) -> None:
        """Put whatever is being written on disk now."""

    def fetched(self) -> tuple[Resource[Any], ...]:
        """What comes from the network: told when a round of syncing failed."""


@dataclass(frozen=True, eq=False)
class Own:
    """The stores of one person. Nothing of it outlives ``close``, except what is on the device."""

    sub: str
    person_id: str
    resident: Resource[Resident]
    messages: Messages
    chat: Chats
    forms: Forms
    appointments: Appointments
    booking: Booking
    pathways: Journeys
    me: Me
    record: Record
    measurements: Measurements
    helper: Kept
    copying: Copying
    papers: Papers
    outbox: OutboxStore
    drafts: Drafts
    attachments: Attachments
    silence: Silence
    store: Store
    sync: Sync
    stop: Callable[[], Awaitable[None]]
    forget: Callable[[], Awaitable[None]]
    news: News = News.NONE

    @property
    def rooms(self) -> tuple[Room, ...]:
        """Every room's store."""
        return (
            self.messages,
            self.chat,
            self.forms,
            self.appointments,
            self.booking,
            self.pathways,
            self.me,
            self.record,
            self.measurements,
            self.helper,
        )

    def refresh(self, changed: Collection[str] | None = None) -> None:
        """Something on the device changed: every room reads it again; what is made of other types than ``changed`` is
        spared the work (None: anything may have changed)."""
        still = [one for one in self.fetched() if changed is not None and one.types.isdisjoint(changed)]
        still = [one for one in still if one.types]
        for resource in still:
            resource.hold(True)
        try:
            for room in self.rooms:
                room.refresh()
        finally:
            for resource in still:
                resource.hold(False)
        self.outbox.refresh()

    def confirm(self, types: Collection[str]) -> None:
        """These types were fetched again and are as they were: only their age is new."""
        for resource in (self.resident, *self.fetched()):
            if not resource.types.isdisjoint(types):
                resource.confirm([self.store.confirmed_at(type) for type in resource.types])

    def save_all(self) -> None:
        """Put everything that is being written on disk: the session is about to end or to be left alone."""
        for room in self.rooms:
            room.save_all()

    def fetched(self) -> tuple[Resource[Any], ...]:
        """What comes from the network, of every room."""
        return tuple(resource for room in self.rooms for resource in room.fetched())

    def unsent(self) -> tuple[int, int]:
        """How many drafts, and how many messages that have not been accepted, are on this device only."""
        written = [draft for draft in self.drafts.all() if draft.kind != REMINDERS]
        return len(written), self.outbox.waiting()

    def sent_once(self, *types: str) -> bool:
        """Whether the server offers no way to find out if a lost create of these types arrived: it is sent only once,
        and a screen must say so."""
        profile = profile_of(self.store)
        return profile is not None and not all(profile.may_wait(type) for type in types)

    async def send_now(self) -> None:
        """Send what waits, without waiting for its next try; returns when that has been tried."""
        self.save_all()
        self.outbox.retry_all()
        await self.sync.sync_once()
        self.outbox.refresh()

    async def close(self) -> None:
        """Stop syncing and close the store; everything stays, encrypted, for the next sign-in."""
        self.save_all()
        await self.stop()
        self.outbox.close()
        self.store.close()

    async def erase(self) -> None:
        """Stop, and remove all of this person's data and its key from the device. Raises ``AppError``."""
        await self.stop()
        self.outbox.close()
        self.store.close()
        await self.forget()
