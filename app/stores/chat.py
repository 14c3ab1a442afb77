"""A resident's chats with the clinic: channels, the queue, the talk, and what was agreed (rows D1 to D11)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from app.api import chat as wire
from app.domain.attachments import Limits
from app.domain.chat import TYPING_EVERY, Chat, ChatChannel, Solved, Stage, channels
from app.domain.services import Service
from app.offline.drafts import Draft, Drafts
from app.offline.intents import CREATE, Intent
from app.offline.outbox import Entry, EntryState, Outbox
from app.offline.store import Store
from app.stores.base import Action, Known, Resource, Status
from app.stores.chat_start import START, ChatStart
from app.stores.composer import Composer, Later, Prepare
from app.stores.hiding import Hiding
from app.stores.sending import Sending, ledgers, receipts, staff_in

TALK = "chat"
QUIET, ATTENTIVE, POLLING = 60.0, 15.0, 2.0  # seconds between looks: no chat, a doorbell rings, no doorbell


class Chats:
    """Everything about the chats of one person. ``tell_typing`` tells the platform that the resident is writing in a
    chat; ``pace`` sets how often to look; ``ring`` plays the sound of the turn, ``notify`` shows the
    notification of it."""

    def __init__(
        self,
        *,
        person_id: str,
        store: Store,
        public: Store,
        outbox: Outbox,
        drafts: Drafts,
        limits: Limits,
        prepare: Prepare,
        nudge: Callable[[], None],
        pace: Callable[[float], None],
        tell_typing: Callable[[str], None],
        now: Callable[[], datetime],
        later: Later,
        new_key: Callable[[], str],
        language: Callable[[], str],
        fetch: Callable[[], Awaitable[None]],
        ring: Callable[[], None] = lambda: None,
        notify: Callable[[], None] = lambda: None,
    ) -> None:
        self._person_id, self._store, self._public, self._outbox = person_id, store, public, outbox
        self._ring, self._notify, self._queued = ring, notify, frozenset[str]()
        self._drafts, self._limits, self._prepare, self._nudge = drafts, limits, prepare, nudge
        self._pace, self._tell_typing, self._now, self._later = pace, tell_typing, now, later
        self._new_key, self._language = new_key, language
        self._person = f"Patient/{person_id}"
        self._sending, self._hiding = Sending(person_id, new_key), Hiding(store, HIDDEN)
        self._writing: dict[str, Composer] = {}
        self._starts: dict[str, ChatStart] = {}
        self._typed: dict[str, datetime] = {}
        self._open, self._paced, self._covered = "", QUIET, ""
        self.chats: Resource[tuple[Chat, ...]] = Resource(self._read, fetch, types=("Task", "Communication"))
        self.hidden: Resource[frozenset[str]] = Resource(self._read_hidden)
        self.waiting: Resource[Chat] = Resource(self._read_waiting)
        self.join = Action(self._join)
        self.send = Action(self._send)

    def refresh(self) -> None:
        """Something on the device changed."""
        self.chats.refresh()
        self.hidden.refresh()
        self.waiting.refresh()
        self._call_turn()
        self._set_pace()

    def save_all(self) -> None:
        """Put whatever is being written on disk now."""
        for composer in self._writing.values():
            if composer.has_content:
                composer.save()
        for start in self._starts.values():
            start.save()

    def fetched(self) -> tuple[Resource[tuple[Chat, ...]], ...]:
        """What comes from the network."""
        return (self.chats,)

    def chat(self, id: str) -> Chat | None:
        """The chat called ``id``, as far as it is known."""
        return next((chat for chat in self.chats.value or () if self.is_called(chat, id)), None)

    def is_called(self, chat: Chat, id: str) -> bool:
        """Whether ``id`` means this chat: also the one that this device gave it, where the server gave another."""
        return chat.id == self._store.current_id("Task", id)

    def channels(self, services: tuple[Service, ...]) -> tuple[ChatChannel, ...]:
        """The services one can chat with, open ones first."""
        asked = wire.to_questions(self._public.all("HealthcareService"), self._language())
        return channels(services, self._now(), asked)

    def open_with(self, service_id: str) -> Chat | None:
        """A chat with this service that goes on: shown before another is begun (row L3)."""
        open_ones = (chat for chat in self.chats.value or () if chat.stage.open)
        return next((chat for chat in open_ones if chat.service_id == service_id), None)

    def start(self, service_id: str, continues: str = "") -> ChatStart:
        """What is asked and written before the chat with a service; what was begun earlier is gone on with."""
        key = f"{START}:{self._person_id}:{continues or service_id}"
        if key not in self._starts:
            empty = Draft(key, START, self._person, {"service_id": service_id, "continues": continues})
            kept = self._drafts.get(key)
            self._starts[key] = ChatStart(kept or empty, self._drafts, self._now, self._later)
        return self._starts[key]

    def writing(self, chat: Chat) -> Composer:
        """What is being written in a chat, with its photos; kept like every draft."""
        key = f"{TALK}:{chat.id}"
        if key not in self._writing:
            body = {"service_id": chat.service_id, "thread_id": chat.thread.id}
            kept = self._drafts.get(key) or Draft(key, TALK, self._person, body)
            self._writing[key] = Composer(
                kept, self._drafts, self._limits, self._prepare, self._now, self._later
            )
        return self._writing[key]

    def throw_away(self, chat: Chat) -> None:
        """Nothing of what is being written in a chat stays."""
        self.writing(chat).delete()
        del self._writing[f"{TALK}:{chat.id}"]

    def typed(self, chat: Chat) -> None:
        """The resident is writing: told at most every ten seconds; that it cannot be told hinders nothing."""
        last = self._typed.get(chat.id)
        now = self._now()
        early = last is not None and now - last < TYPING_EVERY
        if chat.stage is not Stage.TALK or early or not self.tells_typing:
            return
        self._typed[chat.id] = now
        self._tell_typing(chat.id)

    @property
    def tells_typing(self) -> bool:
        """Whether the professional is told that the resident is writing."""
        return bool((self._store.recall(TYPING) or {"on": True}).get("on", True))

    def tell_of_typing(self, on: bool) -> None:
        """The resident's choice, kept on this device."""
        self._store.remember(TYPING, {"on": on})
        self.refresh()

    @property
    def sounds(self) -> bool:
        """Whether a sound tells that the turn has come; off unless the resident wants it."""
        return bool((self._store.recall(SOUND) or {}).get("on", False))

    def sound_on(self, on: bool) -> None:
        """The resident's choice, kept on this device."""
        self._store.remember(SOUND, {"on": on})
        self.refresh()

    @property
    def notifies(self) -> bool:
        """Whether a notification tells that the turn has come; off unless the resident wants it."""
        return bool((self._store.recall(NOTIFY) or {}).get("on", False))

    def notify_on(self, on: bool) -> None:
        """The resident's choice, kept on this device."""
        self._store.remember(NOTIFY, {"on": on})
        self.refresh()

    def _call_turn(self) -> None:
        """Once, when somebody who waited is taken."""
        stages = {chat.id: chat.stage for chat in self.chats.value or ()}
        if any(stages.get(id) is Stage.TALK for id in self._queued):
            for call, wanted in ((self._ring, self.sounds), (self._notify, self.notifies)):
                if wanted:
                    call()
        self._queued = frozenset(id for id, stage in stages.items() if stage is Stage.QUEUE)

    def watch(self, chat_id: str) -> None:
        """A chat is on the screen ("" none): looked at more often."""
        self._open = chat_id
        self._set_pace()
        self._nudge()

    def cover(self, chat_id: str) -> None:
        """A chat was left in haste ("" none): what was said in it is not shown until it is asked for."""
        self._covered = chat_id

    def covers(self, chat_id: str) -> bool:
        """Whether that chat was left in haste."""
        return bool(self._covered) and self._covered == self._store.current_id("Task", chat_id)

    def see(self, chat: Chat) -> None:
        """What the clinic wrote has been on the screen."""
        unseen = chat.unseen
        if unseen and chat.stage is not Stage.JOINING:
            self._mark(chat, "seen", {"valueId": unseen[-1].id}, f"{unseen[-1].id}-seen")

    def ask_human(self, chat: Chat) -> None:
        """No more of the assistant."""
        self._mark(chat, "bot", {"valueBoolean": False}, f"{chat.id}-human")

    def answer_video(self, chat: Chat, consents: bool) -> None:
        """Whether the resident goes on by video (row D8)."""
        self._mark(chat, "video-answer", {"valueBoolean": consents}, f"{chat.video}-answer-{consents}")

    def solve(self, chat: Chat, solved: Solved) -> None:
        """Was it solved?"""
        self._tell(chat, "solved", solved.value)

    def come_back(self, chat: Chat, reason: str) -> None:
        """The resident returns to the same matter, and why (row L2)."""
        self._tell(chat, "returned", reason)

    def leave(self, chat: Chat) -> None:
        """Out of the queue, or the talk is over."""
        self._put(Intent("chat_leave", "Task", chat.id, {}, self._person, f"{chat.id}-leave"))

    def retry(self, chat: Chat) -> None:
        """Try to join again: it never was sent."""
        self._outbox.retry(chat.id, group=True)
        self._nudge()

    def discard(self, chat: Chat) -> None:
        """Give up what could not be sent; what was written goes back into the start of a chat."""
        start = self.start(chat.service_id, chat.continues)
        if chat.thread.messages:
            start.write("text", chat.thread.messages[0].text)
        self._outbox.discard(chat.id, group=True)
        self.refresh()

    def hide(self, chat: Chat) -> None:
        """Not in the list of this device any more; the clinic keeps it (row A11)."""
        self._hiding.hide(chat.thread)
        self.hidden.refresh()

    def show(self, chat: Chat) -> None:
        """Back into the list."""
        self._hiding.show(chat.thread)
        self.hidden.refresh()

    async def _join(self, start: ChatStart) -> Status:
        """Ask for a chat: now or not at all, for nobody waits in a queue they do not know of."""
        start.settle()
        thread_id, task_id, now = self._new_key(), self._new_key(), self._now()
        common: dict[str, Any] = {"person_id": self._person_id, "service_id": start.service_id}
        head = wire.header(thread_id=thread_id, subject=start.subject, sent=now, **common)
        first = wire.message(
            message_id=self._new_key(), thread_id=thread_id, previous="", text=start.text, sent=now, **common
        )
        wish = wire.task(
            task_id=task_id,
            thread_id=thread_id,
            language=self._language().partition("_")[0],
            answers=start.answered(),
            continues=start.continues,
            asked=now,
            **common,
        )
        made = [self._sending.create(body, may_wait=False) for body in (head, first, wish)]
        self._outbox.put(*made, draft=start.key)
        await self._store.kept()
        self._starts.pop(start.key, None)
        start.joined = task_id
        self.refresh()
        self._nudge()
        return Status.WAITING

    async def _send(self, chat: Chat, composer: Composer) -> Status:
        """One message: durable at once, after everything before it, shown as waiting until the platform has it."""
        text = composer.text.strip()
        if not text and not composer.files:
            return Status.IDLE
        composer.settle()
        known = self.chat(chat.id) or chat
        binaries, named = self._sending.files(composer.files)
        body = wire.message(
            message_id=self._new_key(),
            thread_id=known.thread.id,
            previous=known.thread.last.id if known.thread.last else "",
            person_id=self._person_id,
            service_id=known.service_id,
            text=text,
            attachments=named,
            sent=self._now(),
        )
        before = tuple(intent.key for intent in binaries) + self._own_unsent(known)
        self._outbox.put(*binaries, self._sending.create(body, before), draft=composer.key)
        await self._store.kept()
        self._writing.pop(composer.key, None)
        self.refresh()
        self._nudge()
        return Status.WAITING

    def _own_unsent(self, chat: Chat) -> tuple[str, ...]:
        """Messages go one after the other, so that they arrive as they were written."""
        pending = [m.id for m in chat.thread.messages if m.mine and m.state.pending]
        return tuple(pending[-1:])

    def _mark(self, chat: Chat, name: str, value: dict[str, object], key: str) -> None:
        args = {"name": name, "value": value}
        self._put(Intent("chat_mark", "Task", chat.id, args, self._person, key))

    def _tell(self, chat: Chat, name: str, code: str) -> None:
        args = {"name": name, "code": code}
        self._put(Intent("chat_tell", "Task", chat.id, args, self._person, self._new_key()))

    def _put(self, intent: Intent) -> None:
        self._outbox.put(intent)
        self._nudge()

    def _set_pace(self) -> None:
        going_on = [chat for chat in self.chats.value or () if chat.stage.open]
        looks = any(self.is_called(chat, self._open) for chat in going_on)
        wanted = POLLING if looks else ATTENTIVE if going_on else QUIET
        if wanted != self._paced:  # a new pace makes the sync look at once
            self._paced = wanted
            self._pace(wanted)

    def _read(self) -> Known[tuple[Chat, ...]] | None:
        as_of = self._store.confirmed_at("Task")
        entries = self._outbox.entries()
        parsed = wire.to_chats(
            self._store.all("Task"),
            self._store.all("Communication"),
            ledger=ledgers(entries),
            receipts=receipts(entries),
            staff=staff_in(self._public, self._language()),
        )
        abandoned = _discarded(entries)
        chats = tuple(chat for chat in parsed.chats if chat.id not in abandoned)
        return None if as_of is None and not chats else Known(chats, as_of)

    def _read_hidden(self) -> Known[frozenset[str]]:
        """Threads of chats that have ended and are hidden; a chat that goes on never is."""
        over = (chat.thread for chat in self.chats.value or () if not chat.stage.open)
        return Known(self._hiding.among(over), None)

    def _read_waiting(self) -> Known[Chat] | None:
        """The chat that goes on, for the line on every screen."""
        going_on = [chat for chat in self.chats.value or () if chat.stage in (Stage.QUEUE, Stage.TALK)]
        return Known(going_on[0], None) if going_on else None


HIDDEN, TYPING, SOUND, NOTIFY = "chats-hidden", "chats-typing", "chats-sound", "chats-notify"


def _discarded(entries: tuple[Entry, ...]) -> frozenset[str]:
    return frozenset(e.id for e in entries if e.name == CREATE and e.state is EntryState.DISCARDED)
