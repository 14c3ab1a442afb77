"""Controls of the professional's side, so that a test can drive it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from backend_stub.clinic.clinic import Autopilot
from backend_stub.clinic.threads import Thread
from backend_stub.tester import read
from backend_stub.tester.table import Control

if TYPE_CHECKING:
    from backend_stub.app import Platform

Body = dict[str, Any]
_THREAD = {
    "id": "0b6c…",
    "service": "terveysasema",
    "patient": "Patient/eab5…",
    "subject": "Pitkittynyt yskä",
    "closed": False,
    "new": True,
    "unanswered": 1,
    "due": "2026-11-25",
    "messages": [
        {
            "id": "5f1a…",
            "from": "resident",
            "sent": "2026-11-22T10:24:00+00:00",
            "received": "…",
            "opened": "",
            "text": "…",
        }
    ],
}
_PILOT = {"on": True, "open_after": 3.0, "answer_after": 8.0}
PATH = "/tester/professional/threads"
GROUP, LATEST = "Professional", " {id} may be the word latest."


class Professional:
    """Inbox, opening, answering, closing; autopilot."""

    def __init__(self, platform: "Platform") -> None:
        self._platform, self._clinic = platform, platform.clinic

    def controls(self) -> list[Control]:
        """Their rows of the table."""
        return [*self._reading(), *self._doing(), *self._flying()]

    def _reading(self) -> list[Control]:
        all_of_them = "All threads, newest first; ?service=… and ?resident=… narrow it."
        return [
            Control("GET", PATH, all_of_them, self.threads, None, {"threads": [_THREAD]}, GROUP),
            Control("GET", f"{PATH}/{{id}}", f"One thread.{LATEST}", self.thread, None, _THREAD, GROUP),
        ]

    def _doing(self) -> list[Control]:
        one, words = f"{PATH}/{{id}}", {"text": "Kiitos viestistäsi.", "by": "kaisa"}
        opening = f"Open it: its messages become Avattu.{LATEST}"
        answering = f"Answer it (opens it first). Without text: the autopilot's. by: Practitioner id.{LATEST}"
        closing = f"Close the conversation.{LATEST}"
        return [
            Control("POST", f"{one}/open", opening, self.open, {}, _THREAD, GROUP),
            Control("POST", f"{one}/answer", answering, self.answer, words, _THREAD, GROUP),
            Control("POST", f"{one}/close", closing, self.close, {}, _THREAD, GROUP),
        ]

    def _flying(self) -> list[Control]:
        due = "Do at once what is due: delivery, autopilot."
        switch = "Switch it. Delays in seconds of the platform's time, from delivery. Older messages are left alone."
        return [
            Control("POST", "/tester/professional/step", due, self.step, None, _PILOT, GROUP),
            Control(
                "GET",
                "/tester/autopilot",
                "Do answers come by themselves?",
                self.autopilot,
                None,
                _PILOT,
                GROUP,
            ),
            Control("PUT", "/tester/autopilot", switch, self.steer, _PILOT, _PILOT, GROUP),
        ]

    async def threads(self, request: Request, _body: Body) -> Body:
        """GET …/threads"""
        made = self._clinic.threads(request.query_params.get("service", ""))
        wanted = request.query_params.get("resident", "")
        one = self._platform.seeder.roster.get(wanted) if wanted else None
        if wanted and one is None:
            raise read.Wrong(f"no resident {wanted!r}", 404)
        return {
            "threads": [_shown(thread) for thread in made if one is None or thread.patient == one.reference]
        }

    async def thread(self, request: Request, _body: Body) -> Body:
        """GET …/threads/{id}"""
        return _shown(self._clinic.thread(self._id(request)))

    async def open(self, request: Request, body: Body) -> Body:
        """POST …/open"""
        id = self._id(request)
        return _shown(self._clinic.open(id, self._by(id, body)))

    async def answer(self, request: Request, body: Body) -> Body:
        """POST …/answer"""
        read.only(body, {"text", "by"})
        id = self._id(request)
        thread = self._clinic.thread(id)
        automatic = self._clinic.phrases.automatic(thread.service, self._clinic.language(thread.patient))
        self._clinic.answer(id, str(body.get("text") or automatic), self._by(id, body))
        return _shown(self._clinic.thread(id))

    async def close(self, request: Request, body: Body) -> Body:
        """POST …/close"""
        id = self._id(request)
        return _shown(self._clinic.close(id, self._by(id, body)))

    async def step(self, request: Request, body: Body) -> Body:
        """POST /tester/professional/step"""
        self._clinic.step()
        return await self.autopilot(request, body)

    async def autopilot(self, _request: Request, _body: Body) -> Body:
        """GET /tester/autopilot"""
        return _pilot(self._clinic.autopilot)

    async def steer(self, _request: Request, body: Body) -> Body:
        """PUT /tester/autopilot"""
        read.only(body, {"on", "open_after", "answer_after"})
        if not isinstance(body.get("on"), bool):
            raise read.Wrong("on must be true or false")
        delays = {
            "open_after": read.number(body, "open_after", 3),
            "answer_after": read.number(body, "answer_after", 8),
        }
        if min(delays.values()) < 0:
            raise read.Wrong("a delay cannot be negative")
        return _pilot(self._clinic.steer(on=body["on"], **delays))

    def _id(self, request: Request) -> str:
        id = str(request.path_params["id"])
        if id != "latest":
            return id
        threads = self._clinic.threads()
        if not threads:
            raise read.Wrong("there is no thread", 404)
        return threads[0].id

    def _by(self, id: str, body: Body) -> str:
        return str(body.get("by") or self._clinic.professional(self._clinic.thread(id).service))


def _pilot(autopilot: Autopilot) -> Body:
    return {name: value for name, value in asdict(autopilot).items() if name != "since"}


def _shown(thread: Thread) -> Body:
    return {
        "id": thread.id,
        "service": thread.service,
        "patient": thread.patient,
        "subject": thread.subject,
        "closed": thread.is_closed,
        "new": thread.is_new,
        "unanswered": len(thread.unanswered),
        "due": thread.due.isoformat() if thread.due else None,
        "messages": [
            {
                "id": one.id,
                "from": "professional" if one.is_ours else "resident",
                "sent": one.sent,
                "received": one.received,
                "opened": one.opened,
                "text": one.text,
            }
            for one in thread.messages
        ],
    }
