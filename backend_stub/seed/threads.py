"""Older messages, so that no screen is empty: answered, opened and not answered, promise passed (rows A2, A6, A9)."""

import base64
import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from backend_stub.clock import FINLAND
from backend_stub.seed.picture import picture
from backend_stub.seed.residents import Resident, Roster, content, stable_id
from backend_stub.seed.words import CODES, Resource, extension, reference

CATEGORY = {"coding": [{"system": f"{CODES}communication-category", "code": "non-urgent-message"}]}
DELIVERED = timedelta(seconds=20)
AFTER = timedelta(minutes=35)  # nobody answers sooner
QUARTER = 91.25
Event = tuple[datetime, Resource]
Told = dict[str, Any]


@dataclass(frozen=True)
class Thread:
    """One told thread with everything that its resources need."""

    seed: int
    told: Told
    who: Resident
    now: datetime

    @property
    def id(self) -> str:
        """Id of the header Communication."""
        return stable_id(self.seed, "thread", self.who.key, self.told["subject"], str(self._first["days"]))

    @property
    def start(self) -> datetime:
        """When the resident wrote first."""
        return self.moment(self._first)

    @property
    def end(self) -> datetime:
        """When a closed thread was closed."""
        return self.moment(self.told["messages"][-1]) + timedelta(days=2)

    @property
    def _first(self) -> Told:
        first: Told = self.told["messages"][0]
        return first

    def moment(self, message: Told) -> datetime:
        """When a message was sent: in the daytime, and after the one before it."""
        sent = self._daytime(message)
        place = self.told["messages"].index(message)
        if place == 0:
            return sent
        return max(sent, self.moment(self.told["messages"][place - 1]) + AFTER)

    def _daytime(self, message: Told) -> datetime:
        """So many days ago, at an hour when people write: professionals at work, residents while they are awake."""
        days = message["days"]
        sent: datetime = (self.now - timedelta(days=days)).replace(microsecond=0)
        if days < 1:
            return sent
        first, hours = (8, 8) if message["from"] == "professional" else (7, 14)
        local = sent.astimezone(FINLAND)
        return local.replace(hour=first + int(days * 7919) % hours, minute=int(days * 131) % 60).astimezone(
            UTC
        )


def threads(seed: int, roster: Roster, now: datetime) -> Iterator[Event]:
    """Every version of every thread's resources with its time; not sorted."""
    for told in [*content("threads"), *_years(seed)]:
        who = roster.get(told["resident"])
        if who:
            yield from _thread(Thread(seed, told, who, now))


def _years(seed: int) -> Iterator[Told]:
    """One thread per quarter for the resident with years of data."""
    told = content("years")
    chance = random.Random(seed)
    for quarter in range(told["quarters"]):
        topic = told["topics"][quarter % len(told["topics"])]
        days = 12 + quarter * QUARTER + chance.random() * 5
        low = chance.randrange(62, 75) / 10
        numbers = {"low": f"{low:.1f}".replace(".", ","), "high": f"{low + 1.4:.1f}".replace(".", ",")}
        question = topic["question"].format(**numbers, days=chance.randrange(5, 12))
        asked = {"from": "resident", "days": days, "opened": 20, "text": question}
        answered = {"from": "professional", "days": days - 1.1, "read": 6, "text": topic["answer"]}
        base = {key: told[key] for key in ("resident", "service", "by")}
        yield base | {"subject": topic["subject"], "closed": quarter > 0, "messages": [asked, answered]}


def _thread(thread: Thread) -> Iterator[Event]:
    header = _common(thread, thread.id, "in-progress") | {
        "sender": _resident(thread),
        "recipient": [_service(thread)],
        "sent": _at(thread.start),
    }
    yield thread.start, header
    if thread.told.get("closed"):
        yield thread.end, header | {"status": "completed"}
    yield from _messages(thread)


def _messages(thread: Thread) -> Iterator[Event]:
    before = ""
    for number, told in enumerate(thread.told["messages"]):
        id = stable_id(thread.seed, "message", thread.id, str(number))
        sent = thread.moment(told) + timedelta(milliseconds=500)
        photo = _photo(thread, told)
        yield from ((sent, binary) for binary in photo)
        body = _message(thread, id, before, told, photo) | {"sent": _at(thread.moment(told))}
        yield from _states(body, told, sent)
        before = id


def _message(thread: Thread, id: str, before: str, told: Told, photo: Iterable[Resource]) -> Resource:
    ours = told["from"] == "professional"
    answers = {"inResponseTo": [reference("Communication", before)]} if before else {}
    attached = [{"contentAttachment": _attachment(told["photo"], binary)} for binary in photo]
    return (
        _common(thread, id, "completed")
        | {"partOf": [reference("Communication", thread.id)]}
        | answers
        | {
            "sender": _professional(thread) if ours else _resident(thread),
            "recipient": [_resident(thread) if ours else _service(thread)],
            "payload": [{"contentString": told["text"]}, *attached],
        }
    )


def _states(body: Resource, told: Told, sent: datetime) -> Iterator[Event]:
    """The versions a message goes through: sent, delivered, opened; or read by the resident."""
    yield sent, body
    if told["from"] == "professional":
        if "read" in told:
            read = sent + timedelta(hours=told["read"])
            yield read, body | {"received": _at(read)}
        return
    delivered = sent + DELIVERED
    body = body | {"received": _at(delivered)}
    yield delivered, body
    if "opened" in told:
        opened = sent + timedelta(hours=told["opened"])
        yield opened, body | {"extension": [extension("opened", valueDateTime=_at(opened))]}


def _common(thread: Thread, id: str, status: str) -> Resource:
    return {
        "resourceType": "Communication",
        "id": id,
        "status": status,
        "category": [CATEGORY],
        "topic": {"text": thread.told["subject"]},
        "subject": _resident(thread),
    }


def _photo(thread: Thread, told: Told) -> list[Resource]:
    if "photo" not in told:
        return []
    return [
        {
            "resourceType": "Binary",
            "id": stable_id(thread.seed, "binary", thread.id, told["photo"]),
            "contentType": "image/png",
            "securityContext": _resident(thread),
            "data": base64.b64encode(picture()).decode(),
        }
    ]


def _attachment(title: str, binary: Resource) -> Resource:
    data = base64.b64decode(binary["data"])
    return {
        "contentType": binary["contentType"],
        "url": f"Binary/{binary['id']}",
        "size": len(data),
        "hash": base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode(),
        "title": title,
    }


def _resident(thread: Thread) -> Resource:
    return reference("Patient", thread.who.patient)


def _professional(thread: Thread) -> Resource:
    told = next(one for one in content("professionals") if one["key"] == thread.told["by"])
    return reference("Practitioner", told["key"], f"{told['given']} {told['family']}")


def _service(thread: Thread) -> Resource:
    return reference("HealthcareService", thread.told["service"])


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
