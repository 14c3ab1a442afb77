"""Chats with the clinic: the place in the queue, whose turn it is, what was agreed, how to go on (rows D1 to D11)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.base import Model
from app.domain.messages import Message, MessageState, Thread
from app.domain.services import Channel, Open, Service, hours_state

BOT_TURNS = 3
TYPING_EVERY = timedelta(seconds=10)


class Stage(StrEnum):
    """Where a chat stands.

    joining -> queue -> talk -> ended
       |         +-> left
       +-> not_joined (no connection: nothing was sent later than asked)
    """

    JOINING = "joining"
    NOT_JOINED = "not_joined"
    QUEUE = "queue"
    TALK = "talk"
    ENDED = "ended"
    LEFT = "left"

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self in (Stage.JOINING, Stage.QUEUE, Stage.TALK)


class Solved(StrEnum):
    """Was it solved? The resident's own word (row D11)."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Place(Model):
    """The place in the queue as the clinic last reckoned it. Minutes from ``low`` to ``high``; ``passed``: when
    somebody in greater need was last taken first (row D6)."""

    number: int
    low: int
    high: int
    updated: datetime
    passed: datetime | None = None


class Answer(Model):
    """A question that was asked before the chat, in the resident's language, and what was answered."""

    question: str
    answer: str


class Question(Model):
    """A short question before the chat. Without ``options`` it is answered in own words."""

    id: str
    text: str
    options: tuple[str, ...] = ()


class Chat(Model):
    """One chat. ``thread`` has its messages in order.

    ``bot``: the assistant still helps while the resident waits; ``bot_messages``: ids of what it wrote.
    ``delivered``, ``read``: id of the newest message of the resident's that has reached the clinic, that a
    professional has read; ``seen``: id of the newest of theirs that the resident has read. ``typing_until``: a
    professional writes. ``agreed``: the summary, a line each; ``code``: to be told on the telephone, so that nobody
    has to begin anew; ``continue_until``: last day to go on with the same matter; ``continues``: id of the chat
    before; ``video``: id of an Appointment that the professional offers;
    ``video_answer``: whether the resident consented, None while they have not answered.
    """

    id: str
    thread: Thread
    service_id: str = ""
    person_id: str = ""
    stage: Stage = Stage.JOINING
    place: Place | None = None
    bot: bool = False
    bot_messages: frozenset[str] = frozenset()
    professional: str = ""
    role: str = ""
    taken_at: datetime | None = None
    typing_until: datetime | None = None
    delivered: str = ""
    read: str = ""
    seen: str = ""
    answers: tuple[Answer, ...] = ()
    agreed: tuple[str, ...] = ()
    solved: Solved | None = None
    code: str = ""
    ended_at: datetime | None = None
    continue_until: date | None = None
    continues: str = ""
    video: str = ""
    video_answer: bool | None = None

    @property
    def unseen(self) -> tuple[Message, ...]:
        """What the clinic has written and the resident has not read, oldest first."""
        after = _place_of(self.thread.messages, self.seen)
        return tuple(m for m in self.thread.messages[after + 1 :] if not m.mine)

    @property
    def in_queue(self) -> bool:
        """The resident waits for their turn."""
        return self.stage is Stage.QUEUE

    @property
    def turn_is_new(self) -> bool:
        """The turn has come, and the resident has not been there since."""
        return self.stage is Stage.TALK and bool(self.unseen)

    @property
    def last_activity(self) -> datetime | None:
        """When something last happened."""
        return max(filter(None, (self.thread.last_activity, self.ended_at, self.taken_at)), default=None)

    def state_of(self, message: Message) -> MessageState:
        """Where one of the resident's messages stands, by the clinic's marks."""
        if message.state.pending or not message.mine:
            return message.state
        place = _place_of(self.thread.messages, message.id)
        if place <= _place_of(self.thread.messages, self.read):
            return MessageState.OPENED
        delivered = place <= _place_of(self.thread.messages, self.delivered)
        return MessageState.DELIVERED if delivered else MessageState.SENT

    def is_typing(self, now: datetime) -> bool:
        """Whether a professional writes just now."""
        return self.stage is Stage.TALK and self.typing_until is not None and now < self.typing_until

    def can_continue(self, today: date) -> bool:
        """Whether the same matter can be gone on with."""
        return self.stage is Stage.ENDED and self.continue_until is not None and today <= self.continue_until


class ChatChannel(Model):
    """A service one can chat with, and whether it is open. ``opens``: next, if known."""

    service: Service
    open: bool
    until: datetime | None = None
    opens: datetime | None = None
    questions: tuple[Question, ...] = ()


def channels(
    services: Iterable[Service], now: datetime, questions: dict[str, tuple[Question, ...]] | None = None
) -> tuple[ChatChannel, ...]:
    """The services with a chat: open ones first by name, then the closed ones by when they open (row D1)."""
    asked = questions or {}
    found = [
        _channel(service, now, asked.get(service.id, ()))
        for service in services
        if Channel.CHAT in service.channels
    ]
    return tuple(sorted(found, key=lambda c: (not c.open, _opening(c), c.service.name.casefold())))


def newest_first(chats: Iterable[Chat]) -> tuple[Chat, ...]:
    """Open ones first, then by their last activity."""

    def place(chat: Chat) -> tuple[bool, float]:
        at = chat.last_activity
        return chat.stage.open, at.timestamp() if at else 0.0

    return tuple(sorted(chats, key=place, reverse=True))


def _channel(service: Service, now: datetime, questions: tuple[Question, ...]) -> ChatChannel:
    state = hours_state(service, now)
    if isinstance(state, Open):
        return ChatChannel(service=service, open=True, until=state.until, questions=questions)
    return ChatChannel(service=service, open=False, opens=state.opens, questions=questions)


def _opening(channel: ChatChannel) -> float:
    if channel.open:
        return 0.0
    return channel.opens.timestamp() if channel.opens else float("inf")


def _place_of(messages: tuple[Message, ...], id: str) -> int:
    """The place of the message called ``id``; -1 when there is none."""
    return next((n for n, message in enumerate(messages) if message.id == id), -1)
