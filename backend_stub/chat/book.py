"""What the chat desk remembers between two steps; all of it can be read anew from the repository."""

from backend_stub.chat import shape
from backend_stub.chat.shape import Body
from backend_stub.clinic.threads import header_of


class Book:
    """Which chats there are, the newest message of each, and what has happened since the last step."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._chat_of: dict[str, str] = {}
        self._thread_of: dict[str, str] = {}
        self._status: dict[str, str] = {}
        self._came: dict[str, int] = {}
        self._last: dict[str, str] = {}
        self._last_of_resident: dict[str, str] = {}
        self._bot_turns: dict[str, int] = {}
        self._arrived: dict[str, str] = {}
        self._new: list[str] = []
        self._ended: list[str] = []
        self.stirred: set[str] = set()
        self.passed: dict[str, str] = {}

    def known(self) -> list[str]:
        """Ids of all chats."""
        return list(self._status)

    def note_task(self, task: Body) -> None:
        """A Task was written."""
        if not shape.is_chat_task(task):
            return
        id, status = task["id"], task["status"]
        before = self._status.get(id)
        self._status[id] = status
        self._came.setdefault(id, len(self._came))
        self._chat_of[shape.thread_of(task)] = id
        self._thread_of[id] = shape.thread_of(task)
        if before != status:
            self.stir(shape.service_of(task))
            if status == "requested":
                self._new.append(id)
            elif status == "completed":
                self._ended.append(id)

    def note_message(self, body: Body) -> None:
        """A Communication of a chat was written."""
        thread = header_of(body)
        if not thread:
            return
        self._last[thread] = body["id"]
        sender = str(body.get("sender", {}).get("reference", ""))
        if sender.startswith(("Patient/", "RelatedPerson/")):
            self._last_of_resident[thread] = body["id"]
            self._arrived[thread] = body["id"]
        elif sender == shape.DEVICE:
            self._bot_turns[thread] = self._bot_turns.get(thread, 0) + 1

    def forget(self, type: str, id: str) -> None:
        """It was deleted."""
        if type == "Task":
            self._status.pop(id, None)

    def came(self, id: str) -> int:
        """Its place in the order of arrival, by the platform and not by anybody's clock."""
        return self._came.get(id, len(self._came))

    def stir(self, service: str) -> None:
        """The queue of a service has changed."""
        if service:
            self.stirred.add(service)

    def last(self, id: str) -> str:
        """Id of the chat's newest message."""
        return self._last.get(self._thread(id), "")

    def last_of_resident(self, id: str) -> str:
        """Id of the newest message of the resident's."""
        return self._last_of_resident.get(self._thread(id), "")

    def bot_turns(self, id: str) -> int:
        """How often the assistant has written."""
        return self._bot_turns.get(self._thread(id), 0)

    def take_new(self) -> list[str]:
        """Chats that have begun since last asked."""
        new, self._new = self._new, []
        return new

    def take_ended(self) -> list[str]:
        """Chats that have ended since last asked."""
        ended, self._ended = self._ended, []
        return ended

    def take_arrived(self) -> dict[str, str]:
        """By chat, the newest message that has arrived since last asked; those without a chat yet stay."""
        ready = {thread: id for thread, id in self._arrived.items() if thread in self._chat_of}
        for thread in ready:
            del self._arrived[thread]
        return {self._chat_of[thread]: id for thread, id in ready.items()}

    def _thread(self, id: str) -> str:
        return self._thread_of.get(id, "")
