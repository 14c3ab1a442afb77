"""Builders for the offline tests: a store, an engine over the nasty server, resources with sensible defaults."""

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.exchange import Request, Response
from app.offline.drafts import Drafts
from app.offline.engine import Creates, Engine, Profile, Scope
from app.offline.intents import BUILT_IN, Intent, Intents, Reject, create
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.offline.vault import AesVault
from tests.offline.server import Fault, Server

ME, YOU = "Patient/me", "Patient/you"
MESSAGES = Scope("Communication", (("subject", ME),))
KEY = bytes(range(32))
Body = dict[str, Any]


def set_topic(resource: Body, args: Any) -> Body | Reject:
    """A field that several may want to change."""
    return {**resource, "topic": {"text": args.get("text", "")}}


def add_note(resource: Body, args: Any) -> Body | Reject:
    """Adding to a list: the element carries the key, so that it is added once."""
    notes = resource.get("note", [])
    known = any(note.get("id") == args["note"] for note in notes)
    return resource if known else {**resource, "note": [*notes, {"id": args["note"], "text": args["text"]}]}


def end(resource: Body, args: Any) -> Body | Reject:
    """Only possible while it is not completed by staff."""
    return Reject("too-late") if resource.get("status") == "completed" else {**resource, "status": "stopped"}


RULES: Intents = (
    BUILT_IN.with_rule("set_topic", set_topic)
    .with_rule("add_note", add_note)
    .with_rule("end", end)
    .with_rule("ask_first", set_topic, rebase=False)
)


def message(text: str = "Hei", person: str = ME, **more: Any) -> Body:
    """A message as a screen makes it."""
    body = {"resourceType": "Communication", "status": "in-progress", "subject": {"reference": person}}
    return {**body, "payload": [{"contentString": text}], **more}


def picture(data: str = "YWJj") -> Body:
    """An attachment."""
    return {"resourceType": "Binary", "contentType": "image/png", "data": data}


def change(name: str, id: str, person: str = ME, **args: Any) -> Intent:
    """A named change of a message."""
    return Intent(name, "Communication", id, args, person)


def open_store(
    path: Path | None = None, key: bytes = KEY, account: str = "account", clock: Any = None
) -> Store:
    """A store with the rules of these tests."""
    now = clock or (lambda: datetime(2026, 3, 1, 8, tzinfo=UTC))
    return Store.open(path, AesVault(key), account, now, intents=RULES)


@dataclass
class Device:
    """A phone: store, outbox and engine, and the wire between them and the server."""

    server: Server
    path: Path | None = None
    account: str = "account"
    profile: Profile = field(default_factory=lambda: Profile(Creates.GUARDED))
    ahead: float = 0.0
    jitter: float = 0.0
    key: bytes = KEY

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start the app: everything in memory is new."""
        clock = lambda: datetime.fromtimestamp(self.clock(), UTC)  # noqa: E731
        self.store = open_store(self.path, self.key, self.account, clock)
        self.outbox, self.drafts = Outbox(self.store), Drafts(self.store)
        self.engine = Engine(self.store, self.profile, RULES, self.clock, lambda: self.jitter)

    def clock(self) -> float:
        """The device's own idea of the time."""
        return self.server.now / 1e6 + self.ahead

    def put(self, *intents: Intent) -> Intent:
        """Put intents; the last one is returned."""
        self.outbox.put(*intents)
        return intents[-1]

    def say(self, text: str = "Hei", **more: Any) -> Intent:
        """Write a message."""
        return self.put(create(message(text, **more), ME))

    def state(self, intent: Intent) -> str:
        """Where the entry stands."""
        entry = self.outbox.entry(intent.key)
        return entry.state.value if entry else "unknown"

    def push(self, *faults: Fault) -> list[Request]:
        """Send the outbox; the first exchanges meet these faults."""
        return self.run(self.engine.push(), *faults)

    def sync(self, *faults: Fault, sweep: bool = False, scope: Scope = MESSAGES) -> list[Request]:
        """A whole round."""
        return self.run(self.engine.sync([scope], sweep), *faults)

    def run(self, steps: Generator[Request, Response | None, Any], *faults: Fault) -> list[Request]:
        """Drive the engine; returns what was asked. ``self.result`` is what the generator returned."""
        asked: list[Request] = []
        left = list(faults)
        try:
            request = next(steps)
            while True:
                asked.append(request)
                self.server.now += 3000
                request = steps.send(self.server.meet(request, left.pop(0) if left else Fault.NONE))
        except StopIteration as finished:
            self.result = finished.value
        return asked

    def seen(self) -> list[Body]:
        """What the screen shows."""
        return list(self.store.all("Communication"))
