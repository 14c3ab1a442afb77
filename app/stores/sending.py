"""What messages, chats and forms share: how what is written becomes intents, and what the outbox says of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from app.api import messages as wire
from app.api.people import to_staff
from app.api.wire import moment
from app.domain.attachments import Attachment
from app.domain.people import Professional
from app.offline.drafts import DraftFile
from app.offline.intents import CREATE, Intent
from app.offline.outbox import Entry, EntryState
from app.offline.store import Store

LEDGER: Mapping[EntryState, str] = MappingProxyType(
    {EntryState.WAITING: "waiting", EntryState.SENDING: "sending", EntryState.REFUSED: "refused"}
)


class Sending:
    """Makes the intents of one person; ids are made on the device and are the keys."""

    def __init__(self, person_id: str, new_key: Callable[[], str]) -> None:
        self._person_id, self._new_key = person_id, new_key

    def create(
        self, resource: Mapping[str, object], after: tuple[str, ...] = (), may_wait: bool = True
    ) -> Intent:
        """``after``: keys of what must be there first; ``may_wait`` False: now or not at all."""
        type, id = str(resource["resourceType"]), str(resource["id"])
        person = f"Patient/{self._person_id}"
        return Intent(CREATE, type, id, dict(resource), person, key=id, after=after, may_wait=may_wait)

    def files(self, files: Sequence[DraftFile]) -> tuple[tuple[Intent, ...], tuple[Attachment, ...]]:
        """What creates the files, and how the message that follows names them."""
        keyed = [(self._new_key(), file) for file in files]
        named = tuple(wire.attachment_of(key, f.name, f.content_type, f.data) for key, f in keyed)
        return tuple(self._binary(key, file) for key, file in keyed), named

    def _binary(self, key: str, file: DraftFile) -> Intent:
        body = wire.binary(
            binary_id=key, content_type=file.content_type, data=file.data, person_id=self._person_id
        )
        return self.create(body)


def staff_in(public: Store, language: str) -> Mapping[str, Professional]:
    """The professionals that the device knows, by Practitioner id."""
    return to_staff(
        public.all("Practitioner"), public.all("PractitionerRole"), public.all("Organization"), language
    )


def ledgers(entries: tuple[Entry, ...]) -> dict[str, str]:
    """The words for a resident, by id, of what is being created. A message whose thread or file was refused is
    refused with it, and it is being sent as soon as they are."""
    by_key = {entry.key: entry for entry in entries}
    making = [entry for entry in entries if entry.name == CREATE and entry.state in LEDGER]
    return {entry.id: standing(_stands_for(entry, by_key)) for entry in making}


def _stands_for(entry: Entry, by_key: Mapping[str, Entry]) -> Entry:
    """The one that decides where it stands: what was refused and it waits for, else what is sent before it."""
    if entry.blocked_by in by_key:
        return by_key[entry.blocked_by]
    before = (by_key[key] for key in entry.after if key in by_key)
    return next((other for other in before if other.state is EntryState.SENDING), entry)


def standing(entry: Entry) -> str:
    """The word for where it stands. What was tried and waits for its next try is waiting, not being sent."""
    between_tries = entry.state is EntryState.SENDING and entry.next_try > 0
    return LEDGER.get(EntryState.WAITING if between_tries else entry.state, LEDGER[EntryState.WAITING])


def receipts(entries: tuple[Entry, ...]) -> dict[str, datetime]:
    """When the server took each create, by id."""
    taken = ((e.id, moment(e.receipt.at)) for e in entries if e.name == CREATE and e.receipt)
    return {id: at for id, at in taken if at is not None}
