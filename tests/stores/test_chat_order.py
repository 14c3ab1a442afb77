"""Two devices of one resident and a professional in one chat, whatever the network does (row D9).

Real store, outbox, engine and chats on each device; the platform is the nasty server of the offline tests. In every
history: nothing is lost, nothing comes twice, whoever writes is read in the order of writing, both devices end with
the same talk, and what has been seen in one order is never seen in another.
"""

import itertools
import os
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from app.api import chat as wire
from app.domain.attachments import Limits
from app.domain.chat import Chat, Stage
from app.offline.drafts import Drafts
from app.offline.engine import Creates, Engine, Profile, Scope
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.offline.vault import AesVault
from app.stores.chat import Chats
from tests.offline.server import Abilities, Fault, Server
from tests.stores.examples import Timers, as_it_is

RUNS = int(os.environ.get("CHAT_RUNS", "400"))
PARTS = 8
PERSON, THREAD, TASK = "aino", "thread", "task"
SCOPES = (
    Scope("Communication", (("subject", f"Patient/{PERSON}"),)),
    Scope("Task", (("patient", f"Patient/{PERSON}"),)),
)
FAULTS = [fault for fault in Fault if fault not in (Fault.SIGNED_OUT, Fault.NONE)]
SECOND = 1_000_000


@dataclass
class Phone:
    """One device: everything real, and the wire to the server in the test's hands."""

    server: Server
    name: str
    ahead: float
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        keys = itertools.count(1)
        self.vault = AesVault(bytes(32))
        self.store = Store.open(None, self.vault, "account", self.now)
        self.outbox = Outbox(self.store)
        self.engine = Engine(self.store, Profile(Creates.GUARDED), None, self.clock, lambda: 0.5)
        self.chats = Chats(
            person_id=PERSON,
            store=self.store,
            public=self.store,
            outbox=self.outbox,
            drafts=Drafts(self.store),
            limits=Limits(),
            prepare=as_it_is,
            nudge=lambda: None,
            pace=lambda _: None,
            tell_typing=lambda _: None,
            now=self.now,
            later=Timers(),
            new_key=lambda: f"{self.name}-{next(keys):04d}",
            language=lambda: "fi",
            fetch=lambda: None,
        )

    def clock(self) -> float:
        return self.server.now / SECOND + self.ahead

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)

    def chat(self) -> Chat | None:
        self.chats.refresh()
        return self.chats.chat(TASK)

    def say(self, text: str) -> bool:
        """Write; False while the chat is not known here yet."""
        chat = self.chat()
        if chat is None:
            return False
        composer = self.chats.writing(chat)
        composer.write("text", text)
        steps = self.chats._send(chat, composer)
        with pytest.raises(StopIteration):
            steps.send(None)
        return True

    def sync(self, faults: list[Fault], stop_after: int = 10_000) -> None:
        """One round; the first exchanges meet ``faults``; killed after ``stop_after`` exchanges."""
        steps = self.engine.sync(SCOPES)
        told = iter(faults)
        try:
            request = next(steps)
            for _ in range(stop_after):
                response = self.server.meet(request, next(told, Fault.NONE))
                self.server.now += SECOND // 10
                request = steps.send(response)
        except StopIteration:
            return
        steps.close()

    def look(self) -> None:
        """What is on the screen: nothing twice, and confirmed messages never change places."""
        chat = self.chat()
        messages = chat.thread.messages if chat else ()
        ids = [message.id for message in messages]
        assert len(ids) == len(set(ids)), "twice on the screen"
        confirmed = [message.id for message in messages if not message.state.pending]
        known = set(confirmed)
        assert [id for id in self.seen if id in known] == [id for id in confirmed if id in set(self.seen)]
        assert set(self.seen) <= known, "gone from the screen"
        self.seen = confirmed


class History:
    """One chat with everything that happens in it, from one number."""

    def __init__(self, number: int) -> None:
        self.chance = random.Random(number)
        self.server = Server(Abilities(late=self.chance.random() < 0.5))
        self.phones = [Phone(self.server, name, self.chance.uniform(-7200, 7200)) for name in ("a", "b")]
        self.written: dict[str, list[str]] = {"a": [], "b": [], "clinic": []}
        self._begin()

    def _begin(self) -> None:
        now = datetime.fromtimestamp(self.server.now / SECOND, UTC)
        common: dict[str, Any] = {"person_id": PERSON, "service_id": "nurse"}
        head = wire.header(thread_id=THREAD, subject="Yskä", sent=now, **common)
        task = wire.task(task_id=TASK, thread_id=THREAD, language="fi", asked=now, **common)
        self.server.write("Communication", THREAD, head)
        self.server.write("Task", TASK, {**task, "status": "in-progress"})

    def clinic(self) -> None:
        """A professional writes, after the newest message that the platform has."""
        n = len(self.written["clinic"])
        body = {
            "resourceType": "Communication",
            "id": f"clinic-{n}",
            "status": "completed",
            "category": [{"coding": [{"system": f"{wire.CODES}communication-category", "code": "chat"}]}],
            "subject": {"reference": f"Patient/{PERSON}"},
            "partOf": [{"reference": f"Communication/{THREAD}"}],
            "sender": {"reference": "Practitioner/kaisa"},
            "payload": [{"contentString": f"clinic {n}"}],
        }
        self.server.write("Communication", f"clinic-{n}", body)
        self.written["clinic"].append(f"clinic {n}")

    def step(self) -> None:
        """Something happens."""
        phone = self.chance.choice(self.phones)
        what = self.chance.random()
        if what < 0.35:
            text = f"{phone.name} {len(self.written[phone.name])}"
            if phone.say(text):
                self.written[phone.name].append(text)
        elif what < 0.5:
            self.clinic()
        elif what < 0.9:
            faults = [self.chance.choice([*FAULTS, Fault.NONE, Fault.NONE]) for _ in range(3)]
            phone.sync(faults, self.chance.choice([1, 2, 3, 5, 10_000]))
        else:
            self.server.now += self.chance.randrange(90) * SECOND
        phone.look()

    def heal(self) -> None:
        """The network is well again: until there is nothing left to do."""
        for _ in range(8):
            self.server.now += 400 * SECOND
            for phone in self.phones:
                phone.sync([])
                phone.look()

    def check(self) -> None:
        """The same talk everywhere: all of it, once, in the order of writing."""
        shown = [self._texts(phone) for phone in self.phones]
        assert shown[0] == shown[1], "the devices do not agree"
        everything = [text for texts in self.written.values() for text in texts]
        assert sorted(shown[0]) == sorted(everything), "lost or twice"
        for name, texts in self.written.items():
            assert [text for text in shown[0] if text.startswith(f"{name} ")] == texts, "out of order"

    def _texts(self, phone: Phone) -> list[str]:
        chat = phone.chat()
        assert chat is not None
        assert chat.stage is Stage.TALK
        return [message.text for message in chat.thread.messages]


@pytest.mark.parametrize("part", range(PARTS))
def test_no_message_is_lost_doubled_or_moved(part: int) -> None:
    """``CHAT_RUNS`` histories in all; a failing one is named by its number."""
    for number in range(part, RUNS, PARTS):
        history = History(number)
        try:
            for _ in range(history.chance.randrange(6, 16)):
                history.step()
            history.heal()
            history.check()
        except AssertionError as problem:
            raise AssertionError(f"history {number}: {problem}") from problem
