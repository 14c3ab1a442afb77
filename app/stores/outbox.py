"""What is on its way to the platform, and what the resident may do about each (rows J2, F8, I5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.api.written import files_of, words_of
from app.errors import Conflict
from app.offline.drafts import Draft, DraftFile
from app.offline.intents import Intent
from app.offline.outbox import Entry, EntryState, Outbox
from app.stores.base import Known, Resource
from app.stores.composer import KIND, Later
from app.stores.forms_back import is_answer
from app.stores.outbox_kinds import BACKGROUND, about_of, is_message, kind_of, message_of

LATE = 600.0
"""Seconds after which what should have been sent is told on every screen."""


_STILL = (EntryState.WAITING, EntryState.REFUSED)


def _answer(entry: Entry) -> bool:
    return is_answer(entry.type, entry.args)


@dataclass(frozen=True)
class OutboxItem:
    """One thing the resident asked for. ``kind``: see ``outbox_kinds``; ``parts`` are its requests.

    ``code``: why it was refused, FHIR's issue code or the engine's own; ``reason``: the server's words. ``behind``:
    the state of what it waits for among other items, if it does.
    """

    key: str
    kind: str
    title: str
    state: EntryState
    put_at: datetime
    next_try: datetime | None
    attempts: int
    code: str
    reason: str
    behind: EntryState | None
    parts: tuple[Entry, ...]
    bad_files: tuple[str, ...]

    @property
    def between_tries(self) -> bool:
        """It was tried; whether it arrived is found out at the next try."""
        return self.state is EntryState.SENDING and self.next_try is not None

    @property
    def can_edit(self) -> bool:
        """It has not been accepted and was not sent in part: it may become a draft again."""
        takes = self.kind == "message" or any(entry.state in _STILL for entry in self.parts if _answer(entry))
        return takes and self.state in _STILL

    @property
    def id(self) -> str:
        """The id of what it is about: a measurement, a form's answers, an appointment …"""
        return str(about_of(self.parts).id)

    @property
    def thread_id(self) -> str:
        """The talk that a message belongs to; empty for anything else."""
        message = message_of(self.parts)
        return words_of(message.args).thread_id if message else ""

    @property
    def contact(self) -> tuple[str, str]:
        """What was confirmed to be the resident's still: "phone" or "email", and the number or address."""
        args = about_of(self.parts).args
        return str(args.get("system", "")), str(args.get("value", ""))

    @property
    def answer_id(self) -> str:
        """The id of the answers to a form, when it is some."""
        return next((entry.id for entry in self.parts if _answer(entry)), "")


class OutboxStore:
    """The outbox as the resident sees it: one item for all the requests of one message."""

    def __init__(
        self,
        outbox: Outbox,
        nudge: Callable[[], None],
        new_key: Callable[[], str],
        now: Callable[[], datetime],
        later: Later,
    ) -> None:
        self._outbox, self._nudge, self._new_key, self._now, self._later = outbox, nudge, new_key, now, later
        self._forget_alarm: Callable[[], None] = lambda: None
        self.items: Resource[tuple[OutboxItem, ...]] = Resource(self._read)
        self.late: Resource[tuple[OutboxItem, ...]] = Resource(self._read_late)

    def refresh(self) -> None:
        """Something on the device changed, or time has passed."""
        self._drop_refused_in_background()
        self.items.refresh()
        self.late.refresh()
        self._set_alarm()

    def close(self) -> None:
        """Nobody is told of anything any more."""
        self._forget_alarm()

    def waiting(self) -> int:
        """How many things that the resident asked for have not been accepted yet."""
        return sum(item.kind not in BACKGROUND for item in self.items.value or ())

    def retry(self, item: OutboxItem) -> None:
        """Try now, not when the back-off says."""
        self._outbox.retry(item.key, group=True)
        self._nudge()

    def retry_all(self) -> None:
        """Try everything that waits now, and what was refused once more."""
        for item in self.items.value or ():
            self._outbox.retry(item.key, group=True)
        self._nudge()

    def discard(self, item: OutboxItem) -> None:
        """The resident does not want it sent any more."""
        self._outbox.discard(item.key, group=True)

    def edit(self, item: OutboxItem) -> str | None:
        """Take a message back as a draft; the draft's key, or None when it may have left already."""
        message = message_of(item.parts)
        if message is None:
            return None
        sent = frozenset(entry.id for entry in item.parts if entry.state is EntryState.ACCEPTED)
        key = self._new_key()
        try:
            self._outbox.edit(message.key, lambda intents: _draft_of(key, intents, sent))
        except Conflict:
            return None
        return key

    def _read_late(self) -> Known[tuple[OutboxItem, ...]]:
        """What was refused, and what should have left long ago; a clock that was set back proves nothing."""
        asked_for = (item for item in self.items.value or () if item.kind not in BACKGROUND)
        return Known(tuple(item for item in asked_for if self._is_late(item)), None)

    def _is_late(self, item: OutboxItem) -> bool:
        return item.state is EntryState.REFUSED or self._age(item) >= LATE

    def _age(self, item: OutboxItem) -> float:
        return (self._now() - item.put_at).total_seconds()

    def _set_alarm(self) -> None:
        """Look again when the next one becomes late."""
        self._forget_alarm()
        left = [LATE - self._age(item) for item in self.items.value or () if not self._is_late(item)]
        self._forget_alarm = self._later(max(min(left), 1.0), self.refresh) if left else lambda: None

    def _drop_refused_in_background(self) -> None:
        """What the resident did not ask for and the platform does not want needs nobody's decision."""
        for item in _items(self._outbox.entries()):
            if item.kind in BACKGROUND and item.state is EntryState.REFUSED:
                self._outbox.discard(item.key, group=True)

    def _read(self) -> Known[tuple[OutboxItem, ...]]:
        return Known(tuple(_items(self._outbox.entries())), None)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _draft_of(key: str, intents: tuple[Intent, ...], sent: frozenset[str]) -> Draft:
    """The message among ``intents`` as a draft again, with its files. A thread that was not sent is begun anew."""
    message = next(i for i in intents if is_message(i.type, i.args))
    header = next(
        (i.id for i in intents if i.type == "Communication" and not is_message(i.type, i.args)), None
    )
    words = words_of(message.args)
    body = words._asdict() | {"thread_id": words.thread_id if header is None or header in sent else ""}
    held = {i.id: i.args for i in intents if i.type == "Binary"}
    files = tuple(
        DraftFile(f.name, f.content_type, len(f.data), f.data) for f in files_of(message.args, held)
    )
    return Draft(key, KIND, message.person, body, files)


def _items(entries: tuple[Entry, ...]) -> list[OutboxItem]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    by_key = {entry.key: entry for entry in entries}
    items = [_item(tuple(parts), by_key) for parts in groups.values()]
    return [item for item in items if item is not None]


OPEN = (EntryState.REFUSED, EntryState.SENDING, EntryState.WAITING)


def _item(parts: tuple[Entry, ...], by_key: Mapping[str, Entry]) -> OutboxItem | None:
    """One item of the entries put together; None when all of it is done."""
    left = [entry for entry in parts if entry.state in OPEN]
    if not left:
        return None
    worst = min(left, key=lambda entry: OPEN.index(entry.state))
    message = message_of(parts)
    tries = [_time(entry.next_try) for entry in left if entry.next_try]
    return OutboxItem(
        key=parts[-1].key,
        kind=kind_of(parts),
        title=message.args.get("topic", {}).get("text", "") if message else "",
        state=worst.state,
        put_at=_time(parts[0].put_at),
        next_try=min(tries, default=None),
        attempts=max(entry.attempts for entry in left),
        code=worst.refusal.code if worst.refusal else "",
        reason=worst.refusal.text if worst.refusal else "",
        behind=_behind(left, by_key),
        parts=parts,
        bad_files=tuple(e.id for e in left if e.type == "Binary" and e.state is EntryState.REFUSED),
    )


def _behind(left: list[Entry], by_key: Mapping[str, Entry]) -> EntryState | None:
    """The state of what another item must settle first: a discarded one never will, a refused one is up to the
    resident."""
    own = {entry.key for entry in left}
    keys = {key for entry in left for key in (entry.blocked_by, *entry.after) if key and key not in own}
    states = {by_key[key].state for key in keys if key in by_key} - {EntryState.ACCEPTED}
    return next((state for state in (EntryState.DISCARDED, *OPEN) if state in states), None)
