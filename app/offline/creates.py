"""Making a resource on the server exactly once, in the way the server's profile allows."""

from collections.abc import Generator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from app.domain.exchange import Request, Response
from app.offline import codec, exchanges
from app.offline.exchanges import Meaning
from app.offline.ledger import Entry, EntryState
from app.offline.profile import Creates, Profile, created_id
from app.offline.records import Resource
from app.offline.settle import Settle
from app.offline.talk import Talk

Steps = Generator[Request, Response | None, Any]


class Seen(Enum):
    """What reading the server told about an entry whose outcome was unknown."""

    SETTLED = auto()
    ABSENT = auto()
    UNKNOWN = auto()


@dataclass
class Creating:
    """One create at a time; ``profile`` decides how."""

    settle: Settle
    talk: Talk
    profile: Profile

    def send(self, entry: Entry) -> Steps:
        """Send or settle one create."""
        how = self.profile.creates_of(entry.type)
        if how is Creates.CONDITIONAL:
            yield from self._conditional(entry)
        elif how is Creates.ONLINE_ONLY:
            yield from self._once(entry)
        else:
            yield from self._put(entry)

    def _put(self, entry: Entry) -> Steps:
        """PUT with ``If-None-Match: *``; what is unknown is looked for before it is sent again."""
        fresh = entry.state is EntryState.WAITING
        if not fresh:
            seen = yield from self._look(entry)
            if seen is not Seen.ABSENT or not self.settle.may_repeat(entry):
                return
        if not self.settle.sending(entry):
            return
        response = yield from self.talk.ask(exchanges.put_create(dict(entry.args), entry.key))
        match exchanges.meaning_of_create(response):
            case Meaning.DONE if resource := _carried(entry, response):
                self.settle.accepted(entry, resource, response)
            case Meaning.DONE | Meaning.LOOK:
                if (yield from self._look(self.settle.now(entry.key))) is Seen.ABSENT:
                    self.settle.later(entry, response)
            case Meaning.NO if response:
                self.settle.refused_by(entry, response)
            case _:
                self.settle.later(entry, response, untouched=fresh and exchanges.never_ran(response))

    def _look(self, entry: Entry) -> Steps:
        """Is it there? The id is ours alone, so whatever is found is what was sent."""
        response = yield from self.talk.ask(exchanges.read(entry.type, entry.id, entry.key))
        if response is not None and exchanges.is_gone(response) and response.status == 404:
            return self._absent(entry, response)
        body = exchanges.found(response, entry.type, entry.id)
        deleted = response is not None and exchanges.is_gone(response) and response.status == 410
        if body is None and not deleted:
            self.settle.later(entry, response)
            return Seen.UNKNOWN
        self.settle.accepted(entry, body, response)
        return Seen.SETTLED

    def _absent(self, entry: Entry, response: Response) -> Seen:
        """Not there. Unless a repeat is harmless, one still under way must be ruled out first."""
        harmless = self.profile.creates_of(entry.type) is Creates.GUARDED and entry.may_wait
        return Seen.ABSENT if harmless or self.settle.out_of_reach(entry, response) else Seen.UNKNOWN

    def _conditional(self, entry: Entry) -> Steps:
        """POST with ``If-None-Exist``: repeating it is how its outcome is found out."""
        fresh = entry.state is EntryState.WAITING
        if not fresh and not entry.may_wait:
            yield from self._find(entry)
            return
        if not self.settle.sending(entry):
            return
        response = yield from self.talk.ask(exchanges.conditional_create(dict(entry.args), entry.key))
        match exchanges.meaning_of_conditional(response):
            case Meaning.DONE if body := exchanges.found(response, entry.type):
                self.settle.accepted(entry, body, response)
            case Meaning.DONE | Meaning.LOOK:
                yield from self._find(entry)
            case Meaning.NO if response:
                self.settle.refused_by(entry, response)
            case _:
                self.settle.later(entry, response, untouched=fresh and exchanges.never_ran(response))

    def _find(self, entry: Entry) -> Steps:
        """By our identifier; should there be several, the earliest is ours."""
        response = yield from self.talk.ask(exchanges.find_created(entry.type, entry.key))
        if response is None or not exchanges.is_bundle(response, "searchset"):
            self.settle.later(entry, response)
            return
        found = [item.get("resource") for item in exchanges.entries(response.body)]
        whole = [resource for resource in found if codec.is_resource(resource, entry.type)]
        if whole:
            first = min(whole, key=lambda r: (codec.micros(r["meta"]["lastUpdated"]), r["id"]))
            self.settle.accepted(entry, first, response)
        elif entry.may_wait:
            self.settle.later(entry, response)
        elif self.settle.out_of_reach(entry, response):
            self.settle.may_repeat(entry)

    def _once(self, entry: Entry) -> Steps:
        """No guard at all: sent once, and an unknown outcome is told to the resident instead of guessed."""
        if entry.state is EntryState.SENDING:
            self.settle.refused(entry, 0, "outcome-unknown")
            return
        if not self.settle.sending(entry):
            return
        response = yield from self.talk.ask(exchanges.plain_create(dict(entry.args), entry.key))
        if response is not None and response.status in (200, 201):
            yield from self._fetch_made(entry, response)
        elif exchanges.never_ran(response):
            self.settle.later(entry, response, untouched=True)
        elif response is not None and exchanges.meaning_of_conditional(response) is Meaning.NO:
            self.settle.refused_by(entry, response)
        else:
            self.settle.refused(entry, 0, "outcome-unknown")

    def _fetch_made(self, entry: Entry, response: Response) -> Steps:
        body = exchanges.found(response, entry.type)
        if body is None:
            made = yield from self.talk.ask(exchanges.read(entry.type, created_id(response), entry.key))
            body = exchanges.found(made, entry.type)
        self.settle.accepted(entry, body, response)


def _carried(entry: Entry, response: Response | None) -> Resource | None:
    """The stored resource: from the answer's body, for a Binary (not sent back) from its headers."""
    body = exchanges.found(response, entry.type, entry.id)
    if body is not None or response is None or entry.type != "Binary":
        return body
    version = response.headers.get("etag", "").removeprefix("W/").strip('"')
    at = codec.http_micros(response.headers.get("last-modified", ""))
    if not version or at < 0:
        return None
    return {**entry.args, "meta": {"versionId": version, "lastUpdated": codec.instant(at)}}
