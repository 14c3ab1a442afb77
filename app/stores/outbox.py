"""What is on its way to the platform, and what the resident may do about each (rows J2, F8, I5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.api.written import files_of, words_of
from app.errors import Conflict
from app.offline.drafts import Draft, DraftFile
from app.offline.intents import Intent
from app.offline.outbox import Entry, EntryState, Outbox
from app.stores.base import Known, Resource
from app.stores.composer import KIND


@dataclass(frozen=True)
class OutboxItem:
    """One thing the resident asked for. ``kind``: message, mark_received or other; ``parts`` are its requests."""

    key: str
    kind: str
    title: str
    state: EntryState
    put_at: datetime
    next_try: datetime | None
    attempts: int
    reason: str
    parts: tuple[Entry, ...]
    bad_files: tuple[str, ...]

    @property
    def between_tries(self) -> bool:
        """It was tried; whether it arrived is found out at the next try."""
        return self.state is EntryState.SENDING and self.next_try is not None

    @property
    def can_edit(self) -> bool:
        """It has not been accepted and was not sent in part: it may become a draft again."""
        return self.kind == "message" and self.state in (EntryState.WAITING, EntryState.REFUSED)


class OutboxStore:
    """The outbox as the resident sees it: one item for all the requests of one message."""

    def __init__(self, outbox: Outbox, nudge: Callable[[], None], new_key: Callable[[], str]) -> None:
        self._outbox, self._nudge, self._new_key = outbox, nudge, new_key
        self.items: Resource[tuple[OutboxItem, ...]] = Resource(self._read)

    def refresh(self) -> None:
        """Something on the device changed."""
        self.items.refresh()

    def waiting(self) -> int:
        """How many messages have not been accepted yet."""
        return sum(item.kind == "message" for item in self.items.value or ())

    def retry(self, item: OutboxItem) -> None:
        """Try now, not when the back-off says."""
        self._outbox.retry(item.key, group=True)
        self._nudge()

    def discard(self, item: OutboxItem) -> None:
        """The resident does not want it sent any more."""
        self._outbox.discard(item.key, group=True)

    def edit(self, item: OutboxItem) -> str | None:
        """Take a message back as a draft; the draft's key, or None when it may have left already."""
        message = next((e for e in item.parts if _is_message(e.type, e.args)), None)
        if message is None:
            return None
        sent = frozenset(entry.id for entry in item.parts if entry.state is EntryState.ACCEPTED)
        key = self._new_key()
        try:
            self._outbox.edit(message.key, lambda intents: _draft_of(key, intents, sent))
        except Conflict:
            return None
        return key

    def _read(self) -> Known[tuple[OutboxItem, ...]]:
        return Known(tuple(_items(self._outbox.entries())), None)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _is_message(type: str, resource: Mapping[str, Any]) -> bool:
    return type == "Communication" and "payload" in resource


def _draft_of(key: str, intents: tuple[Intent, ...], sent: frozenset[str]) -> Draft:
    """The message among ``intents`` as a draft again, with its files. A thread that was not sent is begun anew."""
    message = next(i for i in intents if _is_message(i.type, i.args))
    header = next(
        (i.id for i in intents if i.type == "Communication" and not _is_message(i.type, i.args)), None
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
    items = [_item(tuple(parts)) for parts in groups.values()]
    return [item for item in items if item is not None]


OPEN = (EntryState.REFUSED, EntryState.SENDING, EntryState.WAITING)


def _item(parts: tuple[Entry, ...]) -> OutboxItem | None:
    """One item of the entries put together; None when all of it is done."""
    left = [entry for entry in parts if entry.state in OPEN]
    if not left:
        return None
    worst = min(left, key=lambda entry: OPEN.index(entry.state))
    message = next((e for e in parts if _is_message(e.type, e.args)), None)
    tries = [_time(entry.next_try) for entry in left if entry.next_try]
    return OutboxItem(
        key=parts[-1].key,
        kind="message" if message else parts[0].name,
        title=message.args.get("topic", {}).get("text", "") if message else "",
        state=worst.state,
        put_at=_time(parts[0].put_at),
        next_try=min(tries, default=None),
        attempts=max(entry.attempts for entry in left),
        reason=worst.refusal.text if worst.refusal else "",
        parts=parts,
        bad_files=tuple(e.id for e in left if e.type == "Binary" and e.state is EntryState.REFUSED),
    )
