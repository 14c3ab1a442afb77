"""A resident's messages: conversations, drafts, sending, reading (rows A1 to A9)."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from app.api import messages as wire
from app.domain.attachments import Attachment, Limits
from app.domain.messages import Thread, newest_first, unread_total
from app.offline.drafts import Draft, Drafts
from app.offline.intents import Intent
from app.offline.outbox import EntryState, Outbox
from app.offline.store import Store
from app.stores.base import Action, Known, Resource, Status
from app.stores.composer import KIND, Composer, Later, Prepare
from app.stores.hiding import Hiding
from app.stores.searching import Search
from app.stores.sending import Sending, ledgers, receipts, staff_in

Threads = tuple[Thread, ...]
HIDDEN = "threads-hidden"


class Messages:
    """Everything about the messages of one person. Reads come from the device; writes go through the outbox."""

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
        now: Callable[[], datetime],
        later: Later,
        new_key: Callable[[], str],
        language: Callable[[], str],
        fetch: Callable[[], Awaitable[None]],
    ) -> None:
        self._person_id, self._store, self._public, self._outbox = person_id, store, public, outbox
        self._drafts, self._limits, self._prepare, self._nudge = drafts, limits, prepare, nudge
        self._now, self._later, self._new_key, self._language = now, later, new_key, language
        self._person = f"Patient/{person_id}"
        self._sending, self._hiding = Sending(person_id, new_key), Hiding(store, HIDDEN)
        self._composers: dict[str, Composer] = {}
        self._threads_of: dict[str, str] = {}
        self.threads: Resource[Threads] = Resource(
            self._read_threads,
            fetch,
            ("Communication",),
        )
        self.hidden: Resource[frozenset[str]] = Resource(self._read_hidden)
        self.drafts: Resource[tuple[Draft, ...]] = Resource(self._read_drafts)
        self.unread: Resource[int] = Resource(self._read_unread)
        self.send = Action(self._send)
        self.search = Search()
        self.limits = limits

    def refresh(self) -> None:
        """Something on the device changed."""
        for resource in (self.threads, self.hidden, self.drafts, self.unread):
            resource.refresh()

    def fetched(self) -> tuple[Resource[Threads], ...]:
        """What comes from the network."""
        return (self.threads,)

    def thread(self, id: str) -> Thread | None:
        """The conversation called ``id``, here or by the server, as far as it is known."""
        own = self._store.current_id("Communication", id)
        return next((thread for thread in self.threads.value or () if thread.id == own), None)

    def hide(self, thread: Thread) -> None:
        """Out of the list of this device until something new is said; the clinic keeps it (row A11)."""
        self._hiding.hide(thread)
        self.hidden.refresh()

    def show(self, thread: Thread) -> None:
        """Back into the list."""
        self._hiding.show(thread)
        self.hidden.refresh()

    def start(
        self, service_id: str, thread_id: str = "", subject: str = "", text: str = "", plan_id: str = ""
    ) -> str:
        """Begin a message to a service, or one more in a thread; the key of its draft. ``plan_id``: the plan of a
        pathway that a new thread belongs to."""
        key = self._new_key()
        body = {"service_id": service_id, "thread_id": thread_id, "subject": subject, "text": text}
        body |= {"plan_id": plan_id} if plan_id else {}
        self._composers[key] = self._compose(Draft(key, KIND, self._person, body))
        return key

    def reply_to(self, thread: Thread, text: str = "") -> str:
        """Go on with a thread; a draft begun before in the same thread is gone on with. The key of the draft."""
        for composer in self._composers.values():
            if composer.thread_id == thread.id and composer.has_content:
                return composer.key
        begun = (draft for draft in self._drafts.all(KIND) if draft.body.get("thread_id") == thread.id)
        draft = next(begun, None)
        return draft.key if draft else self.start(thread.service_id, thread.id, thread.subject, text)

    def composer(self, key: str) -> Composer | None:
        """The message being written under ``key``; None when there is no such draft (any more)."""
        if key not in self._composers:
            draft = self._drafts.get(key)
            if draft is None or draft.person != self._person:
                return None
            self._composers[key] = self._compose(draft)
        return self._composers[key]

    def thread_of(self, draft: str) -> str:
        """The thread into which a draft of this session has gone, "" none: who goes back finds what became of it."""
        return self._threads_of.get(draft, "")

    def leave(self, composer: Composer) -> None:
        """The composing screen is left; what became of its sending is not the next one's."""
        if self.send.status is not Status.RUNNING:
            self.send.reset()
        if self._composers.get(composer.key) is composer:
            composer.leave()
            if not composer.has_content:
                del self._composers[composer.key]
            self.drafts.refresh()

    def delete(self, composer: Composer) -> None:
        """Throw a draft away."""
        self._composers.pop(composer.key, None)
        composer.delete()
        self.drafts.refresh()

    def save_all(self) -> None:
        """Put every message being written on disk: the session is about to end or to be left alone."""
        for composer in self._composers.values():
            if composer.has_content:
                composer.save()

    def mark_read(self, thread: Thread) -> None:
        """The resident has seen the clinic's messages of this thread (set once, sent when there is a connection)."""
        unread = [message for message in thread.messages if message.unread]
        for message in unread:
            arguments = wire.mark_received(self._now())
            self._outbox.put(
                Intent(
                    "mark_received",
                    "Communication",
                    message.id,
                    arguments,
                    self._person,
                    f"{message.id}-received",
                )
            )
        if unread:
            self._nudge()

    async def _send(self, composer: Composer) -> Status:
        """Put the message into the outbox, durably, and let its draft go; nothing is lost in between."""
        composer.settle()
        thread_id = composer.thread_id or self._new_key()
        self._outbox.put(*self._intents(composer, thread_id), draft=composer.key)
        await self._store.kept()
        composer.thread_id = thread_id
        self._composers.pop(composer.key, None)
        self._threads_of[composer.key] = thread_id
        self.refresh()
        self._nudge()
        return Status.WAITING

    def _intents(self, composer: Composer, thread_id: str) -> tuple[Intent, ...]:
        """Files first, then the thread when it is new, then the message that depends on them."""
        files, attachments = self._sending.files(composer.files)
        header = [] if composer.thread_id else [self._sending.create(self._header(thread_id, composer))]
        before = (*(intent.key for intent in (*files, *header)), *self._unsent_header(composer.thread_id))
        message = self._message(thread_id, composer, attachments)
        return (*files, *header, self._sending.create(message, before))

    def _unsent_header(self, thread_id: str) -> tuple[str, ...]:
        """A thread begun without a connection: its later messages wait for its header too."""
        entry = self._outbox.entry(thread_id) if thread_id else None
        return (thread_id,) if entry is not None and entry.state is not EntryState.ACCEPTED else ()

    def _header(self, thread_id: str, composer: Composer) -> dict[str, object]:
        return wire.header(
            thread_id=thread_id,
            person_id=self._person_id,
            service_id=composer.service_id,
            subject=composer.subject,
            sent=self._now(),
            plan_id=composer.plan_id if self._may_refer(composer.plan_id) else "",
        )

    def _may_refer(self, plan_id: str) -> bool:
        """What a refused plan would drag along is sent without it."""
        entry = self._outbox.entry(plan_id) if plan_id else None
        return entry is None or entry.state is not EntryState.REFUSED

    def _message(
        self, thread_id: str, composer: Composer, attachments: tuple[Attachment, ...]
    ) -> dict[str, object]:
        thread = self.thread(thread_id)
        return wire.message(
            message_id=composer.key,
            thread_id=thread_id,
            previous=thread.last_confirmed_id if thread else "",
            person_id=self._person_id,
            service_id=composer.service_id,
            subject=composer.subject,
            text=composer.text,
            attachments=attachments,
            sent=self._now(),
        )

    def _compose(self, draft: Draft) -> Composer:
        return Composer(draft, self._drafts, self._limits, self._prepare, self._now, self._later)

    def _read_threads(self) -> Known[Threads] | None:
        as_of = self._store.confirmed_at("Communication")
        entries = self._outbox.entries()
        parsed = wire.to_threads(
            self._store.all("Communication"),
            ledger=ledgers(entries),
            receipts=receipts(entries),
            staff=staff_in(self._public, self._language()),
        )
        threads = newest_first(thread for thread in parsed.threads if thread.messages)
        return None if as_of is None and not threads else Known(threads, as_of)

    def _read_hidden(self) -> Known[frozenset[str]]:
        return Known(self._hiding.among(self.threads.value or ()), None)

    def _read_drafts(self) -> Known[tuple[Draft, ...]]:
        own = (draft for draft in self._drafts.all(KIND) if draft.person == self._person)
        return Known(tuple(own), None)

    def _read_unread(self) -> Known[int]:
        return Known(unread_total(self.threads.value or ()), None)
