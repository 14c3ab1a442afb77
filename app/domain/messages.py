"""Threads and messages between a resident and a service: what they are, their order, where each stands."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from app.domain.attachments import Attachment
from app.domain.base import Model


class MessageState(StrEnum):
    """Where a message stands (feature A9).

    draft -> waiting -> sending -> sent(receipt) -> delivered -> opened -> answered
                ^          |
                +--retry---+--> refused(reason), kept and editable

    SENT needs the server's receipt, DELIVERED the clinic's ``received``, OPENED its mark of having been read.
    A message *from* the clinic is DELIVERED until the resident has read it, then OPENED.
    """

    DRAFT = "draft"
    WAITING = "waiting"
    SENDING = "sending"
    REFUSED = "refused"
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    ANSWERED = "answered"

    @property
    def pending(self) -> bool:
        """Not yet with the service: only this device knows of it."""
        return self in PENDING


PENDING = frozenset({MessageState.DRAFT, MessageState.WAITING, MessageState.SENDING, MessageState.REFUSED})
"""The states in which only this device knows of a message."""


class Message(Model):
    """One message. ``sent`` is the writer's clock, ``accepted_at`` the server's; times are aware.

    ``mine``: written from the resident's side (also by someone acting for them). ``answers``: id of the
    message that this one follows. ``received``: when its recipient got it, ``opened``: when the clinic opened
    it.
    """

    id: str
    thread_id: str
    mine: bool
    sender_name: str = ""
    sender_role: str = ""
    unit: str = ""
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    sent: datetime | None = None
    accepted_at: datetime | None = None
    received: datetime | None = None
    opened: datetime | None = None
    answers: str = ""
    state: MessageState = MessageState.SENT

    @property
    def unread(self) -> bool:
        """From the clinic and not yet read by the resident."""
        return not self.mine and self.received is None

    @property
    def at(self) -> datetime | None:
        """The time to show: when the server took it, else when it was written."""
        return self.accepted_at or self.sent


class Thread(Model):
    """A conversation with one service about one person. ``messages`` are in order (see ``in_order``); ``plan_id``:
    the plan (CarePlan) of a pathway that it belongs to, if any."""

    id: str
    subject: str = ""
    service_id: str = ""
    person_id: str = ""
    plan_id: str = ""
    started: datetime | None = None
    closed: bool = False
    messages: tuple[Message, ...] = ()

    @property
    def unread(self) -> int:
        """How many messages from the clinic the resident has not read."""
        return sum(message.unread for message in self.messages)

    @property
    def pending(self) -> int:
        """How many own messages the service does not have yet."""
        return sum(message.state.pending for message in self.messages)

    @property
    def last_activity(self) -> datetime | None:
        """When something last happened here."""
        times = [message.at for message in self.messages if message.at]
        return max(times, default=self.started)

    @property
    def last(self) -> Message | None:
        """The newest message."""
        return self.messages[-1] if self.messages else None

    @property
    def last_confirmed_id(self) -> str:
        """Id of the newest message the service has: what the next one follows. Empty when there is none."""
        return next((m.id for m in reversed(self.messages) if not m.state.pending), "")

    @property
    def answered(self) -> bool:
        """The clinic has answered, and nothing of the resident's has been left without an answer since."""
        return self.unanswered_since is None and any(not m.mine for m in self.messages)

    @property
    def unanswered_since(self) -> datetime | None:
        """When the service took the oldest message it has not answered; the promise runs from here."""
        waiting = [m.at for m in self.messages if m.mine and _with_service(m)]
        return waiting[0] if waiting else None

    def with_states(self) -> Self:
        """The same thread, each confirmed message of the resident marked ANSWERED where an answer exists."""
        answered = _answered_ids(self.messages)
        new = tuple(_mark(m) if m.id in answered and m.mine else m for m in self.messages)
        return self.model_copy(update={"messages": new})


def state_of(
    *,
    mine: bool,
    ledger: str = "",
    received: datetime | None = None,
    opened: datetime | None = None,
    answered: bool = False,
) -> MessageState:
    """The state that follows from the facts.

    ``ledger``: where the outbox has it ("draft", "waiting", "sending", "refused"); anything else, also empty,
    means that the server has accepted it.
    """
    if ledger in PENDING:
        return MessageState(ledger)
    if not mine:
        return MessageState.OPENED if received else MessageState.DELIVERED
    if answered:
        return MessageState.ANSWERED
    if opened:
        return MessageState.OPENED
    return MessageState.DELIVERED if received else MessageState.SENT


def in_order(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Oldest first by the server's time, never before what it follows; pending ones last, as given."""
    given = list(messages)
    known = {m.id: m for m in given if not m.state.pending}
    places = _places(known)
    confirmed = sorted(known.values(), key=lambda m: (*places[m.id], m.id))
    return (*confirmed, *(m for m in given if m.state.pending))


def newest_first(threads: Iterable[Thread]) -> tuple[Thread, ...]:
    """Threads as the inbox shows them: those with something pending first, then by their last activity."""
    return tuple(
        sorted(threads, key=lambda t: (t.pending > 0, t.last_activity or _LONG_AGO, t.id), reverse=True)
    )


def unread_total(threads: Iterable[Thread]) -> int:
    """Unread messages in all threads."""
    return sum(thread.unread for thread in threads)


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _with_service(message: Message) -> bool:
    return not message.state.pending and message.state is not MessageState.ANSWERED


def _mark(message: Message) -> Message:
    if message.state.pending:
        return message
    return message.model_copy(update={"state": MessageState.ANSWERED})


def _answered_ids(messages: tuple[Message, ...]) -> frozenset[str]:
    """Own messages that a later message of the clinic, or one that names them, answers."""
    named = {m.answers for m in messages if not m.mine}
    last = max((i for i, m in enumerate(messages) if not m.mine), default=-1)
    return frozenset(named | {m.id for m in messages[: last + 1]})


def _places(known: dict[str, Message]) -> dict[str, tuple[datetime, int]]:
    """For each message the latest time along the chain of what it follows, and its depth there."""
    places: dict[str, tuple[datetime, int]] = {}
    for message in known.values():
        chain: list[Message] = []
        step: Message | None = message
        while step is not None and step.id not in places:
            places[step.id] = (_LONG_AGO, -1)  # on the way: a circle ends here
            chain.append(step)
            step = known.get(step.answers)
        for link in reversed(chain):
            time, depth = places.get(link.answers, (_LONG_AGO, -1))
            places[link.id] = (max(time, link.at or _LONG_AGO), depth + 1)
    return places
