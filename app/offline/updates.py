"""Changing a resource on the server exactly once: the same bytes on the same base, resolved in its
versions."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from app.domain.exchange import Request, Response
from app.offline import codec, exchanges
from app.offline.creates import Seen
from app.offline.exchanges import Meaning
from app.offline.intents import Intents, Reject
from app.offline.ledger import Entry, EntryState
from app.offline.profile import Profile
from app.offline.records import Resource
from app.offline.settle import Settle
from app.offline.talk import Talk

Steps = Generator[Request, Response | None, Any]
VERSIONS, ALL_VERSIONS = 50, 3200


@dataclass(frozen=True)
class Versions:
    """The versions a server has, newest first; None stands for a deletion. ``whole``: back to our base."""

    found: tuple[Resource | None, ...]
    response: Response
    whole: bool = True


@dataclass
class Updating:
    """One named change at a time."""

    settle: Settle
    talk: Talk
    profile: Profile
    intents: Intents

    def send(self, entry: Entry) -> Steps:
        """PUT with ``If-Match``; anything but a clear answer is resolved by reading."""
        fresh = entry.state is EntryState.WAITING
        made = yield from (self._prepared(entry) if fresh else self._repeated(entry))
        if made is None:
            return
        base, body = made
        response = yield from self.talk.ask(exchanges.update(entry.type, entry.id, body, base, entry.key))
        match exchanges.meaning_of_update(response):
            case Meaning.DONE if stored := exchanges.found(response, entry.type, entry.id):
                self.settle.accepted(entry, stored, response)
            case Meaning.DONE if response and response.body is None and "etag" in response.headers:
                yield from self._landed(entry, response)
            case Meaning.DONE | Meaning.LOOK:
                if (yield from self._resolve(self.settle.now(entry.key))) is Seen.ABSENT:
                    self.settle.later(entry, response)
            case Meaning.NO if response:
                self.settle.refused_by(entry, response)
            case _:
                self.settle.later(entry, response, untouched=fresh and exchanges.never_ran(response))

    def _landed(self, entry: Entry, response: Response) -> Steps:
        """It was done, the answer only did not bring it back: what is there now is read."""
        versions: Versions | None = yield from self._current(entry)
        if versions is None:
            self.settle.later(entry, None)
            return
        version = response.headers["etag"].removeprefix("W/").strip('"')
        self.settle.accepted(entry, versions.found[0], response, first=version)

    def _prepared(self, entry: Entry) -> Steps:
        """The base and the bytes to send, kept before they are sent; None when there is nothing to send."""
        base = self.settle.store.records.get(entry.type, entry.id) or (yield from self._fetched(entry))
        if base is None or self.settle.now(entry.key).state is not EntryState.WAITING:
            return None
        new = self.intents.apply(entry.name, entry.args, base)
        if isinstance(new, Reject):
            self.settle.refused(entry, 0, new.code)
        elif new == base:
            self.settle.accepted(entry, base, None)
        else:
            version, body = base["meta"]["versionId"], codec.to_bytes(exchanges.stamped(new, entry.key))
            return (version, body) if self.settle.sending(entry, version, body) else None
        return None

    def _fetched(self, entry: Entry) -> Steps:
        """The resource that is to be changed, when it is not known here."""
        response = yield from self.talk.ask(exchanges.read(entry.type, entry.id, entry.key))
        body = exchanges.found(response, entry.type, entry.id)
        if body is not None:
            with self.settle.store.writing(durable=False):
                self.settle.store.records.put([body], read=True)
        elif self.settle.now(entry.key).state is EntryState.WAITING:
            if response is not None and exchanges.is_gone(response):
                self.settle.refused(entry, response.status, "gone")
            else:
                self.settle.later(entry, response)
        return body

    def _repeated(self, entry: Entry) -> Steps:
        """The same bytes on the same base, only when the server shows that they did not land."""
        if (yield from self._resolve(entry)) is not Seen.ABSENT or not self.settle.may_repeat(entry):
            return None
        body = self.settle.store.ledger.sent_body(entry.key)
        return (entry.base, body) if self.settle.sending(entry) else None

    def _resolve(self, entry: Entry) -> Steps:
        """What became of it: our stamp in any version means that it landed."""
        versions: Versions | None = yield from self._versions(entry)
        if versions is None:
            self.settle.later(entry, None)
            return Seen.UNKNOWN
        current = versions.found[0]
        mine = [version for version in versions.found if version and exchanges.has_stamp(version, entry.key)]
        if mine:
            self.settle.accepted(entry, current, versions.response, first=mine[-1]["meta"]["versionId"])
        elif current is None:
            self.settle.buried(entry)
        elif current["meta"]["versionId"] == entry.base:
            landable = not entry.may_wait and not self.settle.out_of_reach(entry, versions.response)
            return Seen.UNKNOWN if landable else Seen.ABSENT
        elif self.intents.rebases(entry.name) and (versions.whole or self._never_landed(entry, current)):
            self.settle.overtaken(entry, current)
        else:
            self.settle.refused(entry, 412, "conflict")
        return Seen.SETTLED

    def _never_landed(self, entry: Entry, current: Resource) -> bool:
        """Seen without a history: nobody's stamp can have been written over ours."""
        base = self.settle.store.records.get(entry.type, entry.id) or {"meta": {"versionId": ""}}
        known = base["meta"]["versionId"] == entry.base
        return exchanges.stamp_of(current) in ("", exchanges.stamp_of(base) if known else "")

    def _versions(self, entry: Entry) -> Steps:
        """The versions back to our base, or the current one alone where a server keeps no history (known limit: a
        change whose answer was lost is told as gone when staff deleted the resource since, or as a conflict when
        another device wrote over its stamp)."""
        count = VERSIONS if self.profile.history else 0
        while count:
            asked = exchanges.history(entry.type, entry.id, count, entry.key)
            response = yield from self.talk.ask(asked)
            if response is None or not (_is_history(response) or exchanges.has_no_history(response)):
                return None
            found = _listed(response, entry)
            whole = count >= ALL_VERSIONS or not exchanges.has_next(response)
            if found and (whole or any(v and v["meta"]["versionId"] == entry.base for v in found)):
                return Versions(tuple(found), response)
            count = count * 8 if found else 0
        return (yield from self._current(entry))

    def _current(self, entry: Entry) -> Steps:
        response = yield from self.talk.ask(exchanges.read(entry.type, entry.id, entry.key))
        body = exchanges.found(response, entry.type, entry.id)
        gone = response is not None and exchanges.is_gone(response)
        return Versions((body,), response, whole=False) if response is not None and (body or gone) else None


def _is_history(response: Response) -> bool:
    return exchanges.is_bundle(response, "history")


def _listed(response: Response, entry: Entry) -> list[Resource | None]:
    """The versions of a history Bundle; an entry without a resource is a deletion, anything odd is left
    out."""
    if not _is_history(response):
        return []
    listed = [item.get("resource") for item in exchanges.entries(response.body)]
    return [body for body in listed if body is None or codec.is_resource(body, entry.type, entry.id)]
