"""A clinic that plays its part of a chat: takes it after a moment, answers a few times, and ends it with what was
agreed. It says that it is practice; nothing it writes depends on what the learner wrote.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app.api.wire import CODES, EXTENSION, instant

__all__ = ["PracticeClinic", "is_chat"]

Resource = dict[str, Any]
WAITS, WRITES, LAST = timedelta(seconds=6), timedelta(seconds=4), timedelta(seconds=8)
"""How long until the turn comes, an answer, and the end after the last answer."""
ANSWERS = ("practice.chat.more", "practice.chat.advice")
GOES_ON = timedelta(days=14)
OWNER = {"reference": "Practitioner/kaisa", "display": "Kaisa Aalto"}


def is_chat(body: Resource) -> bool:
    """A chat's Task, or a Communication of one."""
    concepts = [body.get("code") or {}, *(body.get("category") or ())]
    return any(one.get("code") == "chat" for concept in concepts for one in concept.get("coding") or ())


class PracticeClinic:
    """``keep`` stores a resource and returns it as kept, ``kept`` finds one, ``say`` has the learner's language."""

    def __init__(
        self,
        keep: Callable[[Resource], Resource],
        kept: Callable[[str, str], Resource | None],
        now: Callable[[], datetime],
        say: Callable[[str], str],
    ) -> None:
        self._keep, self._kept, self._now, self._say = keep, kept, now, say
        self._due: dict[str, tuple[datetime, str]] = {}
        self._answered: dict[str, int] = {}
        self._chat_of: dict[str, str] = {}
        self._last: dict[str, str] = {}

    def heard(self, body: Resource) -> None:
        """The learner has written something that belongs to a chat."""
        if body["resourceType"] == "Task":
            self._task(body)
        elif body.get("payload"):
            self._message(body)

    def step(self) -> None:
        """Do what is due by now; it is looked at whenever the app asks for news."""
        for chat, (at, what) in list(self._due.items()):
            task = self._kept("Task", chat)
            if at <= self._now() and task is not None:
                del self._due[chat]
                {"take": self._take, "answer": self._answer, "end": self._end}[what](task)

    def _task(self, task: Resource) -> None:
        known = task["id"] in self._answered
        self._chat_of[task["focus"]["reference"]] = task["id"]
        if not known and task["status"] == "requested":
            self._answered[task["id"]] = 0
            self._wait(task["id"], WAITS, "take")
            self._save(task, queue=_queue(instant(self._now())))
        elif task["status"] == "completed" and not _has(task, "code"):
            self._end(task)
        elif task["status"] == "cancelled":
            self._due.pop(task["id"], None)

    def _message(self, body: Resource) -> None:
        thread = next((one["reference"] for one in body.get("partOf") or ()), "")
        self._last[thread] = body["id"]
        task = self._kept("Task", self._chat_of.get(thread, ""))
        if task is None or task["status"] != "in-progress":
            return
        typing = instant(self._now() + WRITES)
        read = {"valueId": body["id"]}
        self._save(task, delivered=read, read=read, typing={"valueDateTime": typing})
        self._wait(task["id"], WRITES, "answer")

    def _take(self, task: Resource) -> None:
        service = str(task["owner"]["reference"]).rpartition("/")[2]
        taken = {"valueDateTime": instant(self._now())}
        body = {**task, "status": "in-progress", "owner": OWNER}
        mine = self._last.get(task["focus"]["reference"], "")
        read = {"valueId": mine} if mine else None
        self._save(body, taken=taken, service={"valueId": service}, queue=None, delivered=read, read=read)
        self._write(task, "practice.chat.hello")

    def _answer(self, task: Resource) -> None:
        place = self._answered[task["id"]]
        self._answered[task["id"]] = place + 1
        self._write(task, ANSWERS[min(place, len(ANSWERS) - 1)])
        self._save(task, typing=None)
        if place + 1 >= len(ANSWERS):
            self._wait(task["id"], LAST, "end")

    def _end(self, task: Resource) -> None:
        until = (self._now() + GOES_ON).date().isoformat()
        told = [_output("agreed", self._say("practice.chat.agreed")), _output("code", "0000-0000")]
        more = {"output": [*task.get("output", ()), *told], "restriction": {"period": {"end": until}}}
        ended = {"valueDateTime": instant(self._now())}
        self._save({**task, **more, "status": "completed"}, ended=ended, typing=None, queue=None)

    def _write(self, task: Resource, key: str) -> None:
        thread = task["focus"]["reference"]
        header = self._kept("Communication", thread.rpartition("/")[2]) or {}
        before = self._last.get(thread, "")
        body: Resource = {
            "resourceType": "Communication",
            "id": f"practice-{task['id'][:40]}-{key.rpartition('.')[2]}-{self._answered[task['id']]}",
            "status": "completed",
            **{name: header[name] for name in ("category", "subject", "topic") if name in header},
            "partOf": [{"reference": thread}],
            **({"inResponseTo": [{"reference": f"Communication/{before}"}]} if before else {}),
            "sender": OWNER,
            "recipient": [task["for"]],
            "sent": instant(self._now()),
            "payload": [{"contentString": self._say(key)}],
        }
        self._last[thread] = self._keep(body)["id"]

    def _wait(self, chat: str, time: timedelta, what: str) -> None:
        self._due[chat] = (self._now() + time, what)

    def _save(self, task: Resource, **told: Resource | None) -> None:
        urls: dict[str, Resource | None] = {f"{EXTENSION}chat-{name}": value for name, value in told.items()}
        others = [one for one in task.get("extension", ()) if one.get("url") not in urls]
        new = [{"url": url, **value} for url, value in urls.items() if value]
        bare = {name: part for name, part in task.items() if name != "extension"}
        extensions = {"extension": [*others, *new]} if others or new else {}
        self._keep({**bare, **extensions, "lastModified": instant(self._now())})


def _queue(updated: str) -> Resource:
    inside: list[Resource] = [
        {"url": "place", "valueInteger": 1},
        {"url": "low", "valueInteger": 1},
        {"url": "high", "valueInteger": 1},
        {"url": "updated", "valueDateTime": updated},
    ]
    return {"extension": inside}


def _output(name: str, words: str) -> Resource:
    return {"type": {"coding": [{"system": f"{CODES}chat-output", "code": name}]}, "valueString": words}


def _has(task: Resource, name: str) -> bool:
    codes = [one for part in task.get("output", ()) for one in part.get("type", {}).get("coding", ())]
    return any(one.get("code") == name for one in codes)
