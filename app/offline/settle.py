"""How an entry of the outbox changes state: each function is one durable transaction."""

from dataclasses import dataclass, replace
from typing import Any

from app.domain.exchange import Response
from app.offline import codec, exchanges
from app.offline.ledger import Entry, EntryState, Receipt, Refusal
from app.offline.records import Resource
from app.offline.store import Store
from app.offline.talk import Talk

HORIZON = 65 * 1_000_000
"""Microseconds after which a request that was given up on takes no effect any more; HTTP dates are whole
seconds, gateways give up after at most 60."""


@dataclass
class Settle:
    """Writes what push found out. Nothing here talks to the server."""

    store: Store
    talk: Talk

    def now(self, key: str) -> Entry:
        """The entry as it is at this moment."""
        return self.store.ledger.entries()[key]

    def sending(self, entry: Entry, base: str = "", sent: bytes | None = None) -> bool:
        """Before the socket is touched: from here on it may be on the server. False: it was settled
        elsewhere."""
        columns: dict[str, Any] = {"state": EntryState.SENDING, "looked": -1}
        if sent is not None:
            columns |= {"base": base, "sent": sent}
        with self.store.writing(durable=True):
            still_open = self.now(entry.key).open
            if still_open:
                self.store.ledger.update(entry.key, **columns)
        return still_open

    def accepted(
        self, entry: Entry, resource: Resource | None, response: Response | None, first: str = ""
    ) -> None:
        """The server has it. ``resource``: its current version there (None: deleted since), ``first``:
        ours."""
        at = self.talk.time_of(response)
        receipt = _receipt(entry, resource, first, at)
        with self.store.writing(durable=True):
            if resource is not None:
                self.store.records.put([resource], read=True)
                self._rekey(entry, resource["id"])
            entry = self.now(entry.key)
            bare = replace(entry.intent, args={}, id=receipt.id)
            self.store.ledger.replace_intent(bare)
            done = {
                "state": EntryState.ACCEPTED,
                "outcome": receipt,
                "sent": None,
                "done_at": self.talk.told_time(response),
            }
            self.store.ledger.update(entry.key, **done)

    def refused(self, entry: Entry, status: int, code: str, text: str = "") -> None:
        """Kept whole, with the reason; the resident decides."""
        refusal = Refusal(status, code, text)
        with self.store.writing(durable=True):
            self.store.ledger.update(
                entry.key, state=EntryState.REFUSED, outcome=refusal, sent=None, next_try=0.0
            )

    def refused_by(self, entry: Entry, response: Response) -> None:
        """The server's own words are kept with it."""
        self.refused(entry, response.status, *exchanges.said_no(response))

    def later(self, entry: Entry, response: Response | None, untouched: bool = False) -> None:
        """Try again after a while. ``untouched``: it surely is not on the server, so it may still be
        cancelled."""
        entry = self.now(entry.key)
        wait, now = self.talk.delay(entry.attempts, response), self.talk.clock()
        columns: dict[str, Any] = {"attempts": entry.attempts + 1, "next_try": now + wait, "tried_at": now}
        if untouched:
            columns |= {"state": EntryState.WAITING, "base": "", "sent": None}
        with self.store.writing(durable=False):
            self.store.ledger.update(entry.key, **columns)

    def out_of_reach(self, entry: Entry, response: Response) -> bool:
        """Whether a request that was given up on can no longer land; if not, it waits and is looked for
        again.

        Measured from the first look after it was sent, by the server's clock.
        """
        at = self.talk.time_of(response)
        if 0 <= entry.looked < at - HORIZON:
            return True
        with self.store.writing(durable=False):
            if entry.looked < 0:
                self.store.ledger.update(entry.key, looked=at)
            self.later(entry, response)
        return False

    def may_repeat(self, entry: Entry) -> bool:
        """What may not wait is not sent again: it surely did not land, and that is told."""
        if not entry.may_wait:
            self.refused(entry, 0, "not-sent")
        return entry.may_wait

    def overtaken(self, entry: Entry, current: Resource) -> None:
        """Somebody else's version came first and ours can no longer land: start again from theirs."""
        with self.store.writing(durable=True):
            self.store.records.put([current], read=True)
            self.store.ledger.update(entry.key, state=EntryState.WAITING, base="", sent=None, next_try=0.0)

    def buried(self, entry: Entry) -> None:
        """The resource is gone and our change with it."""
        with self.store.writing(durable=True):
            self.store.records.bury(entry.type, entry.id)
            self.refused(entry, 410, "gone")

    def _rekey(self, entry: Entry, id: str) -> None:
        """The server chose another id: everything that still waits and names the old one is rewritten."""
        if id == entry.id:
            return
        ledger = self.store.ledger
        ledger.add_alias(entry.type, entry.id, id)
        old, new = f"{entry.type}/{entry.id}", f"{entry.type}/{id}"
        for other in ledger.entries().values():
            if other.open or other.state is EntryState.REFUSED:
                own = id if (other.type, other.id) == (entry.type, entry.id) else other.id
                args = codec.repointed(dict(other.args), old, new)
                if (own, args) != (other.id, other.args):
                    ledger.replace_intent(replace(other.intent, id=own, args=args))


def _receipt(entry: Entry, resource: Resource | None, first: str, at: int) -> Receipt:
    if resource is None:
        return Receipt(entry.id, first, codec.instant(at))
    meta = resource["meta"]
    return Receipt(resource["id"], first or meta["versionId"], meta["lastUpdated"])
