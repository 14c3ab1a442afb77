"""What the county's side does with messages: delivers, opens, answers, closes; by hand or by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend_stub.clinic.held import Held
from backend_stub.clinic.phrases import Phrases
from backend_stub.clinic.replies import reply, signature, stepping
from backend_stub.clinic.threads import OPENED, Body, Message, Thread, assemble, header_of, is_letter
from backend_stub.clock import Clock
from backend_stub.fhir.errors import Conflict, Gone, NotFound
from backend_stub.fhir.repository import Change, Repository
from backend_stub.seed.words import EXTENSION

DEFAULT_PROFESSIONAL = "kaisa"
REPLY_PROMISE = f"{EXTENSION}reply-promise"


@dataclass(frozen=True)
class Autopilot:
    """Answers by itself what arrives after ``since``; delays in seconds of the platform's time."""

    on: bool = False
    open_after: float = 3.0
    answer_after: float = 8.0
    since: datetime | None = None


class Clinic:
    """The professional's side. ``delivery``: seconds after which a message counts as delivered."""

    def __init__(
        self,
        repository: Repository,
        clock: Clock,
        delivery: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._repository, self._clock, self._sleep = repository, clock, sleep
        self._delivery = timedelta(seconds=delivery)
        self.phrases = Phrases()
        self.held = Held(repository, clock)
        self.autopilot = Autopilot()
        self._coming: dict[str, datetime] = {}
        self._waiting: set[str] = set()
        self.pulse = 0
        for body in repository.all("Communication"):
            self._notice(body)
        repository.on_commit(self._on_commit)

    def threads(self, service: str = "") -> list[Thread]:
        """All threads, or those of one service; the newest first."""
        letters = [body for body in self._repository.all("Communication") if is_letter(body)]
        made = assemble(letters, self._promises())
        return [thread for thread in made if thread.messages and service in ("", thread.service)]

    def thread(self, id: str) -> Thread:
        """One thread. Raises NotFound or Gone."""
        header = self._repository.read("Communication", id)
        parts = self._repository.search("Communication", [("part-of", f"Communication/{id}")])
        made = assemble([header, *parts], self._promises())
        if not made:
            raise NotFound("not a thread")
        return made[0]

    def open(self, id: str, by: str = DEFAULT_PROFESSIONAL) -> Thread:
        """A professional looks at it: everything unopened of the resident's becomes opened now."""
        now = self._now()
        for message in self.thread(id).messages:
            if not message.is_ours and not message.opened:
                self._mark(message, now, by)
        return self.thread(id)

    def answer(self, id: str, text: str, by: str = DEFAULT_PROFESSIONAL) -> Body:
        """Send an answer to the resident. Raises Conflict when the thread is closed or ``text`` is empty."""
        thread = self.open(id, by)
        if thread.is_closed or not text.strip():
            raise Conflict("the conversation is closed" if thread.is_closed else "the answer is empty")
        return self._repository.create(self._answer(thread, text.strip(), by), by=by)

    def close(self, id: str, by: str = DEFAULT_PROFESSIONAL) -> Thread:
        """End the conversation: the resident can no longer add to it."""
        header = self._repository.read("Communication", id)
        self._repository.update("Communication", id, header | {"status": "completed"}, by=by)
        return self.thread(id)

    def professional(self, service: str) -> str:
        """Id of somebody who works in the service."""
        for role in self._repository.all("PractitionerRole"):
            served = [one["reference"] for one in role.get("healthcareService", ())]
            if f"HealthcareService/{service}" in served:
                return str(role["practitioner"]["reference"].split("/")[1])
        return DEFAULT_PROFESSIONAL

    def language(self, patient: str) -> str:
        """The resident's language: fi, sv or en."""
        body = self._repository.read(*patient.split("/", 1)) if "/" in patient else {}
        codes = [
            code["code"]
            for one in body.get("communication", ())
            for code in one["language"].get("coding", ())
        ]
        return next((code for code in codes if code in ("fi", "sv", "en")), "fi")

    def steer(self, *, on: bool, open_after: float = 3.0, answer_after: float = 8.0) -> Autopilot:
        """Switch the autopilot; it leaves older messages alone."""
        self.autopilot = Autopilot(on, open_after, answer_after, self._clock.now())
        return self.autopilot

    def reset(self) -> None:
        """Autopilot off, nothing on its way."""
        self.autopilot = Autopilot()
        self._coming.clear()
        self._waiting.clear()

    def step(self) -> None:
        """Do whatever is due by the platform's clock."""
        self.held.step()
        now = self._clock.now()
        for id, arrived in list(self._coming.items()):
            if arrived + self._delivery <= now:
                del self._coming[id]
                self._deliver(id)
        if self.autopilot.on:
            for id in tuple(self._waiting):
                self._fly_safely(id, now)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Step by itself inside the block."""
        return stepping(self.step, self._sleep)

    def _on_commit(self, change: Change) -> None:
        if change.type == "Communication":
            self.pulse += 1
            if change.body is None:
                self._coming.pop(change.id, None)
                self._waiting.discard(change.id)
            else:
                self._notice(change.body)

    def _notice(self, body: Body) -> None:
        message, thread = Message(body), header_of(body)
        if not thread or not is_letter(body):
            return
        if message.is_ours:
            self._waiting.discard(thread)
            return
        self._waiting.add(thread)
        if message.received:
            self._coming.pop(message.id, None)
        else:
            self._coming[message.id] = datetime.fromisoformat(body["meta"]["lastUpdated"])

    def _deliver(self, id: str) -> None:
        with suppress(NotFound, Gone):
            body = self._repository.read("Communication", id)
            if not body.get("received"):
                self._repository.update("Communication", id, body | {"received": self._now()}, by="mailroom")

    def _fly_safely(self, id: str, now: datetime) -> None:
        try:
            self._fly(id, now)
        except (NotFound, Gone):
            self._waiting.discard(id)

    def _fly(self, id: str, now: datetime) -> None:
        """Autopilot: open, then answer, each when it is due."""
        thread, pilot = self.thread(id), self.autopilot
        last = thread.unanswered[-1] if thread.unanswered else None
        if last is None or not last.received or thread.is_closed:
            return
        came = datetime.fromisoformat(last.received)
        if pilot.since and came < pilot.since.replace(microsecond=0):
            return
        by = self.professional(thread.service)
        if now >= came + timedelta(seconds=pilot.answer_after):
            self.answer(id, self.phrases.automatic(thread.service, self.language(thread.patient)), by)
        elif now >= came + timedelta(seconds=pilot.open_after) and thread.is_new:
            self.open(id, by)

    def _mark(self, message: Message, now: str, by: str) -> None:
        others = [one for one in message.body.get("extension", ()) if one.get("url") != OPENED]
        marks = {
            "received": message.received or now,
            "extension": [*others, {"url": OPENED, "valueDateTime": now}],
        }
        self._repository.update("Communication", message.id, message.body | marks, by=by)

    def _answer(self, thread: Thread, text: str, by: str) -> Body:
        asked = [one for one in thread.messages if not one.is_ours]
        sender = signature(self._repository, by)
        return reply(thread.header, text, sender, self._now(), asked[-1].id if asked else "")

    def _promises(self) -> dict[str, int]:
        promises: dict[str, int] = {}
        for service in self._repository.all("HealthcareService"):
            for one in service.get("extension", ()):
                if one.get("url") == REPLY_PROMISE:
                    promises[service["id"]] = int(one["valueInteger"])
        return promises

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")
