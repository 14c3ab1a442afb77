"""Controls of the clinic's side of chats, so that a test can drive it."""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from backend_stub.chat import shape
from backend_stub.clinic.threads import Message
from backend_stub.tester import read
from backend_stub.tester.table import Control

if TYPE_CHECKING:
    from backend_stub.app import Platform

Body = dict[str, Any]
_CHAT = {
    "id": "7c1e…",
    "service": "terveysasema",
    "patient": "Patient/eab5…",
    "status": "in-progress",
    "urgent": False,
    "typing": False,
    "agreed": [],
    "code": "",
    "solved": "",
    "messages": [{"id": "5f1a…", "from": "resident", "at": "…", "text": "…"}],
}
PATH, GROUP = "/tester/chats", "Chats"
LATEST = " {id} may be the word latest."


class Chats:
    """Queue, taking, writing, ending."""

    def __init__(self, platform: "Platform") -> None:
        self._chat = platform.chat

    def controls(self) -> list[Control]:
        """Their rows of the table."""
        one, words = f"{PATH}/{{id}}", {"text": "Hei, miten voin auttaa?", "by": "kaisa"}
        by, ending = {"by": "kaisa"}, {"agreed": ["Lepää ja juo."], "by": "kaisa"}
        typing = f"A professional is writing.{LATEST}"
        return [
            Control("GET", PATH, "All chats; who waits first.", self.all, None, {"chats": [_CHAT]}, GROUP),
            Control("GET", one, f"One chat.{LATEST}", self.one, None, _CHAT, GROUP),
            Control("POST", f"{one}/take", f"Begin the talk.{LATEST}", self.take, by, _CHAT, GROUP),
            Control(
                "POST", f"{one}/answer", f"Write to the resident.{LATEST}", self.answer, words, _CHAT, GROUP
            ),
            Control(
                "POST", f"{one}/read", f"Read what the resident wrote.{LATEST}", self.read, by, _CHAT, GROUP
            ),
            Control("POST", f"{one}/type", typing, self.type, by, _CHAT, GROUP),
            Control("POST", f"{one}/video", f"Propose a video call.{LATEST}", self.video, by, _CHAT, GROUP),
            Control("POST", f"{one}/urgent", f"Move to the front.{LATEST}", self.urgent, {}, _CHAT, GROUP),
            Control(
                "POST",
                f"{one}/close",
                f"End it with what was agreed.{LATEST}",
                self.close,
                ending,
                _CHAT,
                GROUP,
            ),
            Control(
                "POST",
                f"{PATH}/step",
                "Do at once what is due: assistant, queue.",
                self.step,
                None,
                {},
                GROUP,
            ),
        ]

    async def all(self, _request: Request, _body: Body) -> Body:
        """GET /tester/chats"""
        return {"chats": [self._shown(task) for task in self._chat.tasks()]}

    async def one(self, request: Request, _body: Body) -> Body:
        """GET …/{id}"""
        return self._shown(self._chat.task(self._id(request)))

    async def take(self, request: Request, body: Body) -> Body:
        """POST …/take"""
        return self._shown(self._chat.take(self._id(request), **self._by(body)))

    async def answer(self, request: Request, body: Body) -> Body:
        """POST …/answer"""
        read.only(body, {"text", "by"})
        id = self._id(request)
        self._chat.answer(id, str(body.get("text", "")), **self._by(body))
        return self._shown(self._chat.task(id))

    async def read(self, request: Request, body: Body) -> Body:
        """POST …/read"""
        return self._shown(self._chat.read(self._id(request), **self._by(body)))

    async def type(self, request: Request, body: Body) -> Body:
        """POST …/type"""
        return self._shown(self._chat.type(self._id(request), **self._by(body)))

    async def video(self, request: Request, body: Body) -> Body:
        """POST …/video"""
        return self._shown(self._chat.offer_video(self._id(request), **self._by(body)))

    async def urgent(self, request: Request, _body: Body) -> Body:
        """POST …/urgent"""
        return self._shown(self._chat.urgent(self._id(request)))

    async def close(self, request: Request, body: Body) -> Body:
        """POST …/close"""
        read.only(body, {"agreed", "by"})
        agreed = body.get("agreed", [])
        if not isinstance(agreed, list):
            raise read.Wrong("agreed must be a list of lines")
        return self._shown(
            self._chat.close(self._id(request), [str(line) for line in agreed], **self._by(body))
        )

    async def step(self, _request: Request, _body: Body) -> Body:
        """POST /tester/chats/step"""
        self._chat.step()
        return {}

    def _id(self, request: Request) -> str:
        id = str(request.path_params["id"])
        if id != "latest":
            return id
        tasks = sorted(self._chat.tasks(), key=lambda task: str(task.get("authoredOn", "")))
        if not tasks:
            raise read.Wrong("there is no chat", 404)
        return str(tasks[-1]["id"])

    @staticmethod
    def _by(body: Body) -> dict[str, str]:
        return {"by": str(body["by"])} if body.get("by") else {}

    def _shown(self, task: Body) -> Body:
        return {
            "id": task["id"],
            "service": shape.service_of(task),
            "patient": task["for"]["reference"],
            "status": task["status"],
            "urgent": task.get("priority") == "urgent",
            "typing": self._chat.resident_types(task["id"]),
            "agreed": [one["valueString"] for one in shape.outputs(task, "agreed")],
            "code": next((one["valueString"] for one in shape.outputs(task, "code")), ""),
            "solved": next((one["valueCode"] for one in shape.outputs(task, "solved")), ""),
            "messages": [_message(body) for body in self._chat.messages(task["id"])],
        }


def _message(body: Body) -> Body:
    message = Message(body)
    bot = message.sender == shape.DEVICE
    sender = "bot" if bot else "professional" if message.is_ours else "resident"
    return {"id": message.id, "from": sender, "at": body["meta"]["lastUpdated"], "text": message.text}
