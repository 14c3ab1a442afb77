"""Message threads as the professional sees them, read from Communications (rows A6, A9)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from backend_stub.clinic.promise import promised
from backend_stub.clock import FINLAND
from backend_stub.seed.words import EXTENSION

OPENED = f"{EXTENSION}opened"
Body = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """One message of a thread."""

    body: Body

    @property
    def id(self) -> str:
        """Communication id."""
        return str(self.body["id"])

    @property
    def sender(self) -> str:
        """Reference of who wrote it."""
        return str(self.body.get("sender", {}).get("reference", ""))

    @property
    def is_ours(self) -> bool:
        """Whether a professional wrote it."""
        return self.sender.startswith(("Practitioner", "Organization", "HealthcareService"))

    @property
    def sent(self) -> str:
        """When it was sent, or stored where the writer did not say."""
        return str(self.body.get("sent") or self.body["meta"]["lastUpdated"])

    @property
    def received(self) -> str:
        """When it arrived at the other side, "" when it has not."""
        return str(self.body.get("received", ""))

    @property
    def opened(self) -> str:
        """When a professional opened it, "" when nobody has."""
        marks = [one for one in self.body.get("extension", ()) if one.get("url") == OPENED]
        return str(marks[0].get("valueDateTime", "")) if marks else ""

    @property
    def text(self) -> str:
        """Everything written in it."""
        return "\n\n".join(
            part["contentString"] for part in self.body.get("payload", ()) if "contentString" in part
        )

    @property
    def attachments(self) -> list[Body]:
        """The attachments' metadata."""
        return [
            part["contentAttachment"] for part in self.body.get("payload", ()) if "contentAttachment" in part
        ]


@dataclass(frozen=True)
class Thread:
    """A header Communication with its messages, oldest first. ``promise``: working days, if the service promises."""

    header: Body
    messages: tuple[Message, ...]
    promise: int | None = None

    @property
    def id(self) -> str:
        """Id of the header."""
        return str(self.header["id"])

    @property
    def subject(self) -> str:
        """What it is about, in the resident's words."""
        return str(self.header.get("topic", {}).get("text", ""))

    @property
    def patient(self) -> str:
        """``Patient/…`` whom it concerns."""
        return str(self.header.get("subject", {}).get("reference", ""))

    @property
    def service(self) -> str:
        """Id of the HealthcareService it was written to."""
        return service_of(self.header)

    @property
    def plan(self) -> str:
        """Id of the CarePlan of a pathway that it belongs to; empty: to none."""
        named = [str(one.get("reference", "")) for one in self.header.get("about", ())]
        return next((one.removeprefix("CarePlan/") for one in named if one.startswith("CarePlan/")), "")

    @property
    def is_closed(self) -> bool:
        """Whether the professional has ended it."""
        return self.header.get("status") == "completed"

    @cached_property
    def unanswered(self) -> tuple[Message, ...]:
        """The resident's messages after the last answer."""
        last = max((n for n, one in enumerate(self.messages) if one.is_ours), default=-1)
        return () if self.is_closed else self.messages[last + 1 :]

    @property
    def is_new(self) -> bool:
        """Whether something in it has not been opened."""
        return any(not one.opened for one in self.unanswered)

    @property
    def latest(self) -> str:
        """When something last happened."""
        return self.messages[-1].sent if self.messages else str(self.header["meta"]["lastUpdated"])

    @property
    def due(self) -> date | None:
        """The promised answer date, None when nothing waits or nothing is promised."""
        if not self.unanswered or self.promise is None:
            return None
        asked = datetime.fromisoformat(self.unanswered[0].sent).astimezone(FINLAND)
        return promised(asked, self.promise)


def is_letter(body: Body) -> bool:
    """Whether a Communication is a non-urgent message; chats have a desk of their own."""
    codings = [code for one in body.get("category", ()) for code in one.get("coding", ())]
    return not any(one.get("code") == "chat" for one in codings)


def is_header(body: Body) -> bool:
    """Whether a Communication begins a thread rather than being a message in one."""
    return "partOf" not in body and "payload" not in body


def header_of(body: Body) -> str:
    """Id of the thread that a message belongs to, "" for none."""
    parts = [part.get("reference", "") for part in body.get("partOf", ())]
    return next((part.split("/")[1] for part in parts if part.startswith("Communication/")), "")


def service_of(body: Body) -> str:
    """Id of the HealthcareService among the recipients, "" for none."""
    to = [one.get("reference", "") for one in body.get("recipient", ())]
    return next((one.split("/")[1] for one in to if one.startswith("HealthcareService/")), "")


def assemble(bodies: list[Body], promises: dict[str, int]) -> list[Thread]:
    """Threads of a heap of Communications, the newest first; messages without their header are left out."""
    heaps: dict[str, list[Message]] = {}
    for body in bodies:
        if not is_header(body):
            heaps.setdefault(header_of(body), []).append(Message(body))
    made = [
        Thread(body, _ordered(heaps.get(body["id"], [])), promises.get(service_of(body)))
        for body in bodies
        if is_header(body)
    ]
    return sorted(made, key=lambda thread: datetime.fromisoformat(thread.latest), reverse=True)


def _ordered(messages: list[Message]) -> tuple[Message, ...]:
    return tuple(sorted(messages, key=lambda one: datetime.fromisoformat(one.sent)))
