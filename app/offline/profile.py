"""What the server can do, found out once per account: it decides how (and whether) creates are safe to
repeat."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.domain.exchange import Request, Response
from app.offline import exchanges
from app.offline.exchanges import NO_IDENTIFIER, Resource
from app.offline.intents import new_id

Exchange = Generator[Request, Response | None, Any]


class Creates(Enum):
    """How a resource made on the device reaches the server exactly once.

    GUARDED: PUT to our own id, and ``If-None-Match: *`` was seen to be honoured. UNGUARDED: PUT to our own
    id, but a late request may still land, so a repeat waits until none can be under way. CONDITIONAL: POST
    with ``If-None-Exist``, seen to find its own write at once (known limit: what staff delete before the
    answer reached us is made again). ONLINE_ONLY: nothing is safe to repeat; an unknown outcome is told to
    the resident.
    """

    GUARDED = "guarded"
    UNGUARDED = "unguarded"
    CONDITIONAL = "conditional"
    ONLINE_ONLY = "online-only"


@dataclass(frozen=True)
class Profile:
    """The server's abilities. The default is what any server with client ids can do."""

    creates: Creates = Creates.UNGUARDED
    history: bool = True

    def creates_of(self, type: str) -> Creates:
        """How that type is created; conditional creates need a type with an identifier."""
        if self.creates is Creates.CONDITIONAL and type in NO_IDENTIFIER:
            return Creates.ONLINE_ONLY
        return self.creates

    def may_wait(self, type: str) -> bool:
        """Whether a create may be kept for later; if not, the screen says so."""
        return self.creates_of(type) is not Creates.ONLINE_ONLY

    def to_json(self) -> dict[str, Any]:
        """For the store's notes."""
        return {"creates": self.creates.value, "history": self.history}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Profile":
        """From the store's notes."""
        return cls(Creates(stored["creates"]), stored["history"])


def probe(scratch: Resource | None) -> Exchange:
    """Ask /metadata, then try on a scratch resource (removed afterwards) what it promises; returns a Profile
    or None.

    None: the server did not answer, ask again later. Without ``scratch`` nothing is written and only what
    needs no proof is believed.
    """
    response = yield Request("GET", "metadata", headers=exchanges.READ)
    if response is None or response.status != 200 or not isinstance(response.body, dict):
        return None
    told = _rest_of(response.body, scratch["resourceType"] if scratch else "Communication")
    history = "history-instance" in {item.get("code") for item in told.get("interaction", [])}
    creates = yield from _creates(told, scratch)
    return creates and Profile(creates, history)


def _creates(told: Mapping[str, Any], scratch: Resource | None) -> Exchange:
    if told.get("updateCreate"):
        found = (yield from _guarded(scratch)) if scratch else Creates.UNGUARDED
        if found is not Creates.ONLINE_ONLY:
            return found
    if told.get("conditionalCreate") and scratch and scratch["resourceType"] not in NO_IDENTIFIER:
        return (yield from _conditional(scratch))
    return Creates.ONLINE_ONLY


def _guarded(scratch: Resource) -> Exchange:
    """Put the same new id twice: the second must be turned away. A server that gives it another id is of no use."""
    made = {**scratch, "id": new_id()}
    first = yield exchanges.put_create(made, "probe-" + new_id())
    renamed = _is(first, 200, 201) and _made_id(first) not in ("", made["id"])
    second = (
        (yield exchanges.put_create(made, "probe-" + new_id())) if _is(first, 201) and not renamed else None
    )
    yield _remove(made["resourceType"], _made_id(first) if renamed else made["id"])
    if renamed:
        return Creates.ONLINE_ONLY
    if first is None or first.status in (401, 408, 429) or first.status >= 500:
        return None
    if not _is(first, 200, 201):
        return Creates.UNGUARDED if first.status == 403 else Creates.ONLINE_ONLY
    return Creates.GUARDED if _is(second, 304, 412) else Creates.UNGUARDED


def _conditional(scratch: Resource) -> Exchange:
    """Post the same identifier twice: the second must find the first at once."""
    key = "probe-" + new_id()
    first = yield exchanges.conditional_create(scratch, key)
    second = yield exchanges.conditional_create(scratch, key)
    if first is None or second is None:
        return None
    made, found = _made_id(first), _made_id(second)
    for own in {made, found} - {""}:
        yield _remove(scratch["resourceType"], own)
    safe = _is(first, 201) and _is(second, 200) and made == found != ""
    return Creates.CONDITIONAL if safe else Creates.ONLINE_ONLY


def _is(response: Response | None, *statuses: int) -> bool:
    return response is not None and response.status in statuses


def _made_id(response: Response | None) -> str:
    if response is None:
        return ""
    body = response.body if isinstance(response.body, dict) else {}
    return str(body.get("id") or created_id(response))


def created_id(response: Response) -> str:
    """The id in the Location header, "" when there is none."""
    parts = response.headers.get("location", "").split("/_history")[0].rstrip("/").split("/")
    return parts[-1] if len(parts) > 1 else ""


def _remove(type: str, id: str) -> Request:
    return Request("DELETE", f"{type}/{id}", headers=exchanges.READ)


def _rest_of(capability: Mapping[str, Any], type: str) -> Mapping[str, Any]:
    for rest in capability.get("rest") or ():
        for told in rest.get("resource") or ():
            if told.get("type") == type:
                return told
    return {}
