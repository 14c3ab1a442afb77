"""What the county's side does with chats: the queue, the assistant, taking, answering, ending.

Everything it knows is in Tasks and Communications; what it keeps in memory only saves looking for it and is read anew
after a restart. Nothing is written while a commit is told: what follows from one waits for ``step``.
"""

import secrets
import uuid
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any

from backend_stub.booking.profile import mode, virtual_service
from backend_stub.chat import bot, shape
from backend_stub.chat.book import Book
from backend_stub.chat.shape import Body
from backend_stub.clinic.replies import reply, signature, stepping
from backend_stub.clock import Clock
from backend_stub.fhir.errors import Conflict, Gone, NotFound
from backend_stub.fhir.repository import Change, Repository

DEFAULT_PROFESSIONAL = "kaisa"
BOT_PAUSE = timedelta(seconds=1)
RECKON_EVERY = timedelta(seconds=2)
TYPING = timedelta(seconds=12)
VISIT = timedelta(minutes=30)
CONTINUE_DAYS = 14
SHORTEST, LONGEST = 4, 9  # minutes that a chat takes, at best and at worst


class ChatDesk:
    """The professional's side of all chats."""

    def __init__(self, repository: Repository, clock: Clock, visits: str = "") -> None:
        """``visits``: where video visits are."""
        self._repository, self._clock, self._visits = repository, clock, visits
        self.book = Book()
        self._bot_due: dict[str, datetime] = {}
        self._reckoned: dict[str, datetime] = {}
        self._typing: dict[str, datetime] = {}
        self.pulse = 0
        self.reset()
        repository.on_commit(self._on_commit)

    def reset(self) -> None:
        """Read everything anew."""
        self.book.clear()
        self._bot_due.clear()
        self._reckoned.clear()
        self._typing.clear()
        chats = [task for task in self._repository.all("Task") if shape.is_chat_task(task)]
        for task in sorted(chats, key=self._first_seen):
            self.book.note_task(task)
        messages = [b for b in self._repository.all("Communication") if shape.is_chat_message(b)]
        for body in sorted(messages, key=lambda b: str(b["meta"]["lastUpdated"])):
            self.book.note_message(body)

    def tasks(self, *states: str) -> list[Body]:
        """Chats in these states (all, when none is named): those that wait in their order, then the newest first."""
        found = [self._repository.read("Task", id) for id in self.book.known()]
        chosen = [task for task in found if not states or task["status"] in states]
        waiting = sorted((t for t in chosen if t["status"] == "requested"), key=self._turn)
        others = [t for t in chosen if t["status"] != "requested"]
        return [*waiting, *sorted(others, key=lambda t: str(t["meta"]["lastUpdated"]), reverse=True)]

    def task(self, id: str) -> Body:
        """One chat. Raises NotFound or Gone."""
        task = self._repository.read("Task", id)
        if not shape.is_chat_task(task):
            raise NotFound("not a chat")
        return task

    def messages(self, id: str) -> list[Body]:
        """The chat's messages in the order in which the platform took them."""
        thread = shape.thread_of(self.task(id))
        parts = self._repository.search("Communication", [("part-of", f"Communication/{thread}")])
        return sorted(parts, key=lambda b: (str(b["meta"]["lastUpdated"]), b["id"]))

    def take(self, id: str, by: str = DEFAULT_PROFESSIONAL) -> Body:
        """A professional begins with it. Whoever waited longer and is passed is told why. Raises Conflict."""
        task = self.task(id)
        if task["status"] != "requested":
            raise Conflict("somebody else has begun, or the resident has left")
        self._tell_passed(task)
        taken = shape.extended(
            task,
            chat_taken={"valueDateTime": self._now()},
            chat_bot={"valueBoolean": False},
            chat_service={"valueId": shape.service_of(task)},
            chat_queue=None,
        )
        taken |= {"status": "in-progress", "owner": signature(self._repository, by)}
        self._bot_due.pop(id, None)
        self.book.stir(shape.service_of(task))
        return self._save(taken, by)

    def next(self, service: str, by: str = DEFAULT_PROFESSIONAL) -> Body:
        """Take whoever's turn it is. Raises NotFound when nobody waits."""
        waiting = [t for t in self.tasks("requested") if service in ("", shape.service_of(t))]
        if not waiting:
            raise NotFound("nobody waits")
        return self.take(waiting[0]["id"], by)

    def urgent(self, id: str) -> Body:
        """The need is greater than others': comes first."""
        task = self.task(id)
        self.book.stir(shape.service_of(task))
        return self._save({**task, "priority": "urgent"}, "clinic")

    def type(self, id: str, by: str = DEFAULT_PROFESSIONAL) -> Body:
        """A professional is writing just now."""
        until = (self._clock.now() + TYPING).isoformat(timespec="seconds")
        return self._save(shape.extended(self.task(id), chat_typing={"valueDateTime": until}), by)

    def read(self, id: str, by: str = DEFAULT_PROFESSIONAL) -> Body:
        """A professional has read what there is of the resident's."""
        return self._mark_read(self.task(id), by)

    def _mark_read(self, task: Body, by: str, **more: Body | None) -> Body:
        """One version for all marks, and none where nothing changes."""
        mine = self.book.last_of_resident(task["id"])
        read = {"chat_read": {"valueId": mine}, "chat_delivered": {"valueId": mine}} if mine else {}
        marked = shape.extended(task, **read, **more)
        told = {one["url"]: one for one in task.get("extension", ())}
        same = told == {one["url"]: one for one in marked.get("extension", ())}
        return task if same else self._save(marked, by)

    def answer(self, id: str, text: str, by: str = DEFAULT_PROFESSIONAL) -> Body:
        """Write to the resident; takes the chat first when nobody has. Raises Conflict."""
        task = self.task(id)
        if task["status"] == "requested":
            task = self.take(id, by)
        if task["status"] != "in-progress" or not text.strip():
            raise Conflict("the chat has ended" if text.strip() else "the answer is empty")
        written = self._write(task, text.strip(), signature(self._repository, by), by)
        self._mark_read(self.task(id), by, chat_typing=None)
        return written

    def offer_video(self, id: str, by: str = DEFAULT_PROFESSIONAL) -> Body:
        """Propose to go on by video, now; the resident decides. Raises Conflict when the talk is over."""
        task = self.task(id)
        if task["status"] != "in-progress":
            raise Conflict("the chat has ended")
        visit, start = str(uuid.uuid4()), self._clock.now()
        people = [
            {"actor": actor, "status": "accepted", "required": "required"}
            for actor in (
                task["for"],
                task["owner"],
                {"reference": f"HealthcareService/{shape.service_of(task)}"},
            )
        ]
        appointment: Body = {
            "resourceType": "Appointment",
            "id": visit,
            "extension": [virtual_service(f"{self._visits}/{visit}")],
            "status": "booked",
            "appointmentType": mode("video"),
            "start": start.isoformat(timespec="seconds"),
            "end": (start + VISIT).isoformat(timespec="seconds"),
            "created": start.isoformat(timespec="seconds"),
            "participant": people,
        }
        self._repository.create(appointment, by=by)
        return self._save(shape.extended(task, chat_video={"valueId": visit}), by)

    def close(self, id: str, agreed: list[str], by: str = DEFAULT_PROFESSIONAL) -> Body:
        """End it with what was agreed, a line each. Raises Conflict when it has ended."""
        task = self.task(id)
        if task["status"] not in ("requested", "in-progress"):
            raise Conflict("the chat has ended")
        lines = [line.strip() for line in agreed if line.strip()]
        done = [shape.output("agreed", valueString=line) for line in lines]
        task = {**task, "status": "completed", "output": [*task.get("output", ()), *done]}
        self.book.stir(shape.service_of(task))
        return self._finish(task, by)

    def by_code(self, code: str) -> Body | None:
        """The chat that a resident tells the code of on the telephone."""
        wanted = "".join(filter(str.isdigit, code))
        for task in self.tasks("completed"):
            told = [str(one.get("valueString", "")).replace("-", "") for one in shape.outputs(task, "code")]
            if wanted and wanted in told:
                return task
        return None

    def hear_typing(self, id: str) -> None:
        """The resident is writing: remembered for a moment, never kept."""
        self._typing[id] = self._clock.now() + TYPING
        self.pulse += 1

    def resident_types(self, id: str) -> bool:
        """Whether the resident is writing just now."""
        return self._typing.get(id, self._clock.now()) > self._clock.now()

    def running(self) -> AbstractAsyncContextManager[None]:
        """Step by itself inside the block."""
        return stepping(self.step)

    def step(self) -> None:
        """Do whatever is due by the platform's clock."""
        now = self._clock.now()
        for id in self.book.take_new():
            self._guarded(self._greet, id)
        for id, message in self.book.take_arrived().items():
            self._guarded(self._deliver, id, message)
        for id in [id for id, due in self._bot_due.items() if due <= now]:
            del self._bot_due[id]
            self._guarded(self._bot_says, id)
        for id in self.book.take_ended():
            self._guarded(self._end, id)
        for service in [s for s in self.book.stirred if self._may_reckon(s, now)]:
            self.book.stirred.discard(service)
            self._reckoned[service] = now
            self._reckon(service)

    def _may_reckon(self, service: str, now: datetime) -> bool:
        last = self._reckoned.get(service)
        return last is None or not timedelta() <= now - last < RECKON_EVERY

    def _guarded(self, do: Any, *args: Any) -> None:
        try:
            do(*args)
        except (NotFound, Gone, Conflict):
            return

    def _greet(self, id: str) -> None:
        task = self.task(id)
        if task["status"] == "requested" and not shape.extension(task, "chat-bot"):
            self._save(shape.extended(task, chat_bot={"valueBoolean": True}), "platform")
            self._bot_due[id] = self._clock.now() + BOT_PAUSE

    def _deliver(self, id: str, message: str) -> None:
        task = self.task(id)
        if shape.extension(task, "chat-delivered").get("valueId") != message:
            task = self._save(shape.extended(task, chat_delivered={"valueId": message}), "platform")
        if self._bot_wanted(task) and self.book.bot_turns(id) > 0:
            self._bot_due.setdefault(id, self._clock.now() + BOT_PAUSE)

    def _bot_wanted(self, task: Body) -> bool:
        on = bool(shape.extension(task, "chat-bot").get("valueBoolean"))
        return on and task["status"] == "requested" and self.book.bot_turns(task["id"]) < len(bot.turns(task))

    def _bot_says(self, id: str) -> None:
        task = self.task(id)
        if not self._bot_wanted(task):
            return
        turns, turn = bot.turns(task), self.book.bot_turns(id)
        self._write(task, turns[turn], {"reference": shape.DEVICE, "display": bot.name(task)}, "bot")
        if turn + 1 == len(turns):
            self._save(shape.extended(self.task(id), chat_bot={"valueBoolean": False}), "platform")

    def _end(self, id: str) -> None:
        """The resident has left or ended it."""
        task = self.task(id)
        if task["status"] == "completed" and not shape.outputs(task, "code"):
            self._finish(task, "platform")

    def _finish(self, task: Body, by: str) -> Body:
        code = f"{secrets.randbelow(10_000):04d}-{secrets.randbelow(10_000):04d}"
        until = self._clock.local().date() + timedelta(days=CONTINUE_DAYS)
        ended = shape.extended(
            task, chat_ended={"valueDateTime": self._now()}, chat_typing=None, chat_queue=None
        )
        ended["output"] = [*ended.get("output", ()), shape.output("code", valueString=code)]
        ended["restriction"] = {"period": {"end": until.isoformat()}}
        return self._save(ended, by)

    def _tell_passed(self, task: Body) -> None:
        """Somebody who came later goes first: those who waited longer are told that the need decides."""
        service, came = shape.service_of(task), self.book.came(task["id"])
        for other in self.tasks("requested"):
            ahead = shape.service_of(other) == service and self.book.came(other["id"]) < came
            if ahead and other["id"] != task["id"]:
                self.book.passed[other["id"]] = self._now()

    def _reckon(self, service: str) -> None:
        """Everybody's place and range, where it has changed."""
        waiting = [t for t in self.tasks("requested") if shape.service_of(t) == service]
        for number, task in enumerate(waiting, 1):
            passed = self.book.passed.pop(task["id"], None) or shape.part(task, "passed", "valueDateTime")
            told = (shape.part(task, "place", "valueInteger"), shape.part(task, "passed", "valueDateTime"))
            if told != (number, passed):
                low, high = (number - 1) * SHORTEST + 1, number * LONGEST
                place = shape.queue(number, low, high, self._now(), passed or "")
                self._save(shape.extended(task, chat_queue=place), "platform")

    def _write(self, task: Body, text: str, sender: Body, by: str) -> Body:
        header = self._repository.read("Communication", shape.thread_of(task))
        body = reply(header, text, sender, self._now(), self.book.last(task["id"]))
        return self._repository.create(body, by=by)

    def _turn(self, task: Body) -> tuple[bool, int]:
        """Greater need first, then who came first."""
        return task.get("priority") != "urgent", self.book.came(task["id"])

    def _first_seen(self, task: Body) -> str:
        return str(self._repository.history("Task", task["id"])[-1]["meta"]["lastUpdated"])

    def _save(self, task: Body, by: str) -> Body:
        return self._repository.update("Task", task["id"], {**task, "lastModified": self._now()}, by=by)

    def _on_commit(self, change: Change) -> None:
        if change.type not in ("Task", "Communication"):
            return
        if change.body is None:
            self.book.forget(change.type, change.id)
        elif change.type == "Task" and shape.is_chat_task(change.body):
            self.pulse += 1
            self.book.note_task(change.body)
        elif change.type == "Communication" and shape.is_chat_message(change.body):
            self.pulse += 1
            self.book.note_message(change.body)

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")
