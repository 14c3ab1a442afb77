"""/console/chats: the professional's pages for chats. Server-rendered, keyboard first, no script needed."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backend_stub.chat import shape
from backend_stub.chat.desk import DEFAULT_PROFESSIONAL, ChatDesk
from backend_stub.chat.shape import Body
from backend_stub.clinic.clinic import Clinic
from backend_stub.clinic.desk import Desk, Seat, guarded
from backend_stub.clinic.files import SHOWN_IMAGES, file_of
from backend_stub.clinic.names import name_of
from backend_stub.clinic.threads import Message
from backend_stub.fhir.errors import Conflict, FhirError
from backend_stub.fhir.repository import Repository
from backend_stub.web.pages import Pages

ALL = "/console/chats"


class ChatConsole:
    """Handlers of /console/chats and /console/chat/{id}."""

    def __init__(self, chat: ChatDesk, clinic: Clinic, repository: Repository, pages: Pages) -> None:
        self._chat, self._clinic, self._repository = chat, clinic, repository
        self._desk = Desk(repository, pages, "backend_stub.chat")

    def routes(self) -> list[BaseRoute]:
        """Every page and form."""
        one = "/console/chat/{id}"
        doing = {
            "take": self.take,
            "answer": self.answer,
            "urgent": self.urgent,
            "video": self.video,
            "close": self.close,
        }
        return [
            Route(ALL, guarded(self._desk, self.all)),
            Route(f"{ALL}/next", guarded(self._desk, self.next), methods=["POST"]),
            Route(one, guarded(self._desk, self.one)),
            Route(f"{one}/attachment/{{binary}}", guarded(self._desk, self.attachment)),
            *(
                Route(f"{one}/{name}", guarded(self._desk, do), methods=["POST"])
                for name, do in doing.items()
            ),
        ]

    async def all(self, request: Request, seat: Seat) -> Response:
        """The queue, the talks under way, those that ended; a code that a resident tells on the telephone."""
        code = request.query_params.get("code", "")
        found = self._chat.by_code(code) if code else None
        if found is not None:
            return RedirectResponse(f"/console/chat/{found['id']}", 303)
        return self._desk.page(
            "chats.html",
            seat,
            request,
            waiting=[self._line(task) for task in self._chat.tasks("requested")],
            talks=[self._line(task) for task in self._chat.tasks("in-progress")],
            ended=[self._line(task) for task in self._chat.tasks("completed")[:20]],
            code=code,
        )

    async def next(self, request: Request, seat: Seat) -> Response:
        """POST: take whoever's turn it is."""
        await self._desk.form(request)
        try:
            task = self._chat.next("", self._by(seat))
        except FhirError:
            return RedirectResponse(ALL, 303)
        return RedirectResponse(f"/console/chat/{task['id']}", 303)

    async def one(self, request: Request, seat: Seat) -> Response:
        """One chat; what is shown counts as read once it has been taken."""
        task = self._chat.task(request.path_params["id"])
        if task["status"] == "in-progress":
            task = self._chat.read(task["id"], self._by(seat))
        return self._page(request, seat, task)

    async def attachment(self, request: Request, seat: Seat) -> Response:
        """A photo of the talk, for the professional whose talk it is or was."""
        task = self._chat.task(request.path_params["id"])
        if not self._is_theirs(task, seat):
            return self._desk.wrong(seat, request, "chat.files.whose", 403)
        messages = [Message(body) for body in self._chat.messages(task["id"])]
        shown = file_of(self._repository, messages, request.path_params["binary"])
        return shown or self._desk.wrong(seat, request, "wrong.gone", 404)

    async def take(self, request: Request, seat: Seat) -> Response:
        """POST: begin with it."""
        await self._desk.form(request)
        return self._back(self._chat.take(request.path_params["id"], self._by(seat)))

    async def urgent(self, request: Request, seat: Seat) -> Response:
        """POST: comes first."""
        await self._desk.form(request)
        self._chat.urgent(request.path_params["id"])
        return RedirectResponse(ALL, 303)

    async def answer(self, request: Request, seat: Seat) -> Response:
        """POST: send, say that an answer is being written, or add a canned phrase to what is written."""
        form, id = await self._desk.form(request), request.path_params["id"]
        text, task = form.get("text", ""), self._chat.task(id)
        if form.get("phrase", "").isdecimal():
            self._chat.type(id, self._by(seat))
            phrase = self._phrases(task)[int(form["phrase"]) % len(self._phrases(task))]
            return self._page(request, seat, task, "\n".join(part for part in (text.strip(), phrase) if part))
        if form.get("typing"):
            return self._page(request, seat, self._chat.type(id, self._by(seat)), text)
        try:
            self._chat.answer(id, text, self._by(seat))
        except Conflict:
            return self._page(request, seat, task, text, 409, seat.say("answer.empty"))
        return self._back(task)

    async def video(self, request: Request, seat: Seat) -> Response:
        """POST: propose to go on by video."""
        await self._desk.form(request)
        return self._back(self._chat.offer_video(request.path_params["id"], self._by(seat)))

    async def close(self, request: Request, seat: Seat) -> Response:
        """POST: end it with what was agreed."""
        form = await self._desk.form(request)
        lines = form.get("agreed", "").splitlines()
        return self._back(self._chat.close(request.path_params["id"], lines, self._by(seat)))

    def _page(
        self, request: Request, seat: Seat, task: Body, draft: str = "", status: int = 200, problem: str = ""
    ) -> Response:
        header = self._repository.read("Communication", shape.thread_of(task))
        patient = self._repository.read(*task["for"]["reference"].split("/", 1))
        return self._desk.page(
            "chat.html",
            seat,
            request,
            status,
            task=task,
            line=self._line(task),
            name=name_of(patient),
            patient=patient,
            language_of=task.get("language", "fi"),
            subject=header.get("topic", {}).get("text", ""),
            before=self._before(task),
            messages=[self._shown(body) for body in self._chat.messages(task["id"])],
            asked=[(one["type"]["text"], one["valueString"]) for one in task.get("input", ())],
            agreed=[one["valueString"] for one in shape.outputs(task, "agreed")],
            solved=[one["valueCode"] for one in shape.outputs(task, "solved")],
            code=[one["valueString"] for one in shape.outputs(task, "code")],
            own=self._is_theirs(task, seat),
            images=SHOWN_IMAGES,
            typing=task["status"] == "in-progress" and self._chat.resident_types(task["id"]),
            video=shape.extension(task, "chat-video").get("valueId", ""),
            video_answer=shape.extension(task, "chat-video-answer").get("valueBoolean"),
            phrases=self._phrases(task),
            draft=draft,
            problem=problem,
        )

    def _before(self, task: Body) -> list[tuple[str, list[Any]]]:
        """What was said before in the same matter: nobody has to begin anew."""
        earlier = [reference.rpartition("/")[2] for reference in shape.continued(task)]
        known = [id for id in earlier if id in self._chat.book.known()]
        return [(id, [self._shown(body) for body in self._chat.messages(id)]) for id in known]

    def _line(self, task: Body) -> dict[str, Any]:
        patient = self._repository.read(*task["for"]["reference"].split("/", 1))
        service = self._repository.read("HealthcareService", shape.service_of(task))
        return {
            "id": task["id"],
            "name": name_of(patient),
            "service": service.get("name", ""),
            "service_id": service["id"],
            "came": task.get("authoredOn", ""),
            "urgent": task.get("priority") == "urgent",
            "status": task["status"],
            "continues": bool(task.get("basedOn")),
        }

    def _shown(self, body: Body) -> dict[str, Any]:
        message = Message(body)
        return {
            "text": message.text,
            "ours": message.is_ours,
            "bot": message.sender == shape.DEVICE,
            "who": body.get("sender", {}).get("display", ""),
            "at": body["meta"]["lastUpdated"],
            "files": message.attachments,
        }

    def _phrases(self, task: Body) -> list[str]:
        return self._clinic.phrases.canned("chat", task.get("language", "fi"))

    def _is_theirs(self, task: Body, seat: Seat) -> bool:
        """Theirs, or the one before it in the same matter."""
        by = f"Practitioner/{self._by(seat)}"
        later = [one for one in self._chat.tasks() if f"Task/{task['id']}" in shape.continued(one)]
        return any(one.get("owner", {}).get("reference") == by for one in (task, *later))

    @staticmethod
    def _back(task: Body) -> Response:
        return RedirectResponse(f"/console/chat/{task['id']}#messages", 303)

    @staticmethod
    def _by(seat: Seat) -> str:
        return seat.who or DEFAULT_PROFESSIONAL
