"""/console: the professional's pages (row M5). Server-rendered, keyboard first, no script needed."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backend_stub.clinic.clinic import Clinic
from backend_stub.clinic.desk import WHO, Desk, Handler, Seat, guarded
from backend_stub.clinic.files import SHOWN_IMAGES, file_of
from backend_stub.clinic.forms import FormPages
from backend_stub.clinic.names import name_of
from backend_stub.clinic.results import ResultPages
from backend_stub.clinic.threads import Thread
from backend_stub.clock import Clock
from backend_stub.fhir.errors import Conflict, FhirError
from backend_stub.fhir.repository import Repository
from backend_stub.web.pages import Pages


class Console:
    """Handlers of /console."""

    def __init__(self, clinic: Clinic, repository: Repository, clock: Clock, pages: Pages) -> None:
        self._clinic, self._repository, self._clock = clinic, repository, clock
        self._desk = Desk(repository, pages)

    def routes(self) -> list[BaseRoute]:
        """Every page and form."""
        thread = "/console/thread/{id}"
        return [
            Route("/console", self._guarded(self.home)),
            Route("/console/who", self._guarded(self.who)),
            Route("/console/who", self._guarded(self.sit), methods=["POST"]),
            Route("/console/pulse", self.pulse),
            Route("/console/autopilot", self._guarded(self.pilot), methods=["POST"]),
            Route("/console/inbox/{service}", self._guarded(self.inbox)),
            Route(thread, self._guarded(self.thread)),
            Route(f"{thread}/open", self._guarded(self.open), methods=["POST"]),
            Route(f"{thread}/answer", self._guarded(self.answer), methods=["POST"]),
            Route(f"{thread}/close", self._guarded(self.close), methods=["POST"]),
            Route(f"{thread}/attachment/{{binary}}", self._guarded(self.attachment)),
            *FormPages(self._desk, self._repository, self._clock).routes(self._guarded),
            *ResultPages(self._desk, self._repository, self._clinic.held).routes(self._guarded),
        ]

    async def who(self, request: Request, seat: Seat) -> Response:
        """Choose the professional."""
        roles = self._repository.all("PractitionerRole")
        people = [
            (one["id"], name_of(one), _role(one["id"], roles)) for one in self._repository.all("Practitioner")
        ]
        return self._desk.page("who.html", seat, request, people=people)

    async def sit(self, request: Request, seat: Seat) -> Response:
        """POST: remember the choice."""
        form = await self._desk.form(request)
        answer = RedirectResponse("/console", 303)
        return self._desk.remember(answer, {WHO: form.get("who", "")})

    async def home(self, request: Request, seat: Seat) -> Response:
        """The inboxes with their counts; own services first."""
        if not seat.who:
            return RedirectResponse("/console/who", 303)
        today, threads, own = self._clock.local().date(), self._clinic.threads(), self._services_of(seat.who)
        boxes = [self._box(service, threads, today) for service in self._repository.all("HealthcareService")]
        return self._desk.page(
            "home.html",
            seat,
            request,
            mine=[box for box in boxes if box["id"] in own],
            others=[box for box in boxes if box["id"] not in own],
            pilot=self._clinic.autopilot,
            wrong=request.query_params.get("wrong") == "pilot",
        )

    async def inbox(self, request: Request, seat: Seat) -> Response:
        """The threads of one service, newest first."""
        service = self._repository.read("HealthcareService", request.path_params["service"])
        threads = [(one, self._name(one.patient)) for one in self._clinic.threads(service["id"])]
        today = self._clock.local().date()
        return self._desk.page("inbox.html", seat, request, service=service, threads=threads, today=today)

    async def thread(self, request: Request, seat: Seat) -> Response:
        """One conversation; what nobody has opened stays folded until it is opened."""
        return self._thread(request, seat, request.query_params.get("done", ""))

    async def open(self, request: Request, seat: Seat) -> Response:
        """POST: Avattu."""
        await self._desk.form(request)
        thread = self._clinic.open(request.path_params["id"], self._by(seat, request))
        return RedirectResponse(f"/console/thread/{thread.id}#messages", 303)

    async def answer(self, request: Request, seat: Seat) -> Response:
        """POST: send, or add a canned phrase to what is written."""
        form, id = await self._desk.form(request), request.path_params["id"]
        text = form.get("text", "")
        if form.get("phrase", "").isdecimal():
            return self._thread(request, seat, draft=self._with_phrase(id, text, int(form["phrase"])))
        try:
            self._clinic.answer(id, text, self._by(seat, request))
        except Conflict:
            return self._thread(request, seat, draft=text, status=409, problem=seat.say("answer.empty"))
        return RedirectResponse(f"/console/thread/{id}?done=answer.sent", 303)

    async def close(self, request: Request, seat: Seat) -> Response:
        """POST: end the conversation."""
        await self._desk.form(request)
        thread = self._clinic.close(request.path_params["id"], self._by(seat, request))
        return RedirectResponse(f"/console/thread/{thread.id}", 303)

    async def attachment(self, request: Request, seat: Seat) -> Response:
        """A file of one of the thread's messages."""
        messages = self._clinic.thread(request.path_params["id"]).messages
        shown = file_of(self._repository, messages, request.path_params["binary"])
        return shown or self._desk.wrong(seat, request, "wrong.gone", 404)

    async def pilot(self, request: Request, seat: Seat) -> Response:
        """POST: the autopilot's switch."""
        form = await self._desk.form(request)
        try:
            delays = [float(form.get(name, "").replace(",", ".")) for name in ("open_after", "answer_after")]
        except ValueError:
            return RedirectResponse("/console?wrong=pilot#autopilot", 303)
        self._clinic.steer(
            on=form.get("on") == "1", open_after=max(0, delays[0]), answer_after=max(0, delays[1])
        )
        return RedirectResponse("/console#autopilot", 303)

    async def pulse(self, _request: Request) -> Response:
        """A number that changes when something changes in messages: what the page's script asks."""
        return JSONResponse({"pulse": self._clinic.pulse}, headers={"Cache-Control": "no-store"})

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        return guarded(self._desk, handler)

    def _thread(
        self,
        request: Request,
        seat: Seat,
        done: str = "",
        draft: str = "",
        status: int = 200,
        problem: str = "",
    ) -> Response:
        thread = self._clinic.thread(request.path_params["id"])
        patient = self._read(thread.patient)
        language = self._clinic.language(thread.patient)
        return self._desk.page(
            "thread.html",
            seat,
            request,
            status,
            thread=thread,
            service=self._read(f"HealthcareService/{thread.service}"),
            patient=patient,
            name=name_of(patient),
            plan=self._read(f"CarePlan/{thread.plan}") if thread.plan else {},
            names={one.sender: self._name(one.sender) for one in thread.messages},
            restricted=bool((patient.get("meta") or {}).get("security")),
            language_of=language,
            phrases=self._clinic.phrases.canned("messages", language),
            images=SHOWN_IMAGES,
            today=self._clock.local().date(),
            draft=draft,
            done=done if done == "answer.sent" else "",
            problem=problem,
        )

    def _with_phrase(self, id: str, text: str, number: int) -> str:
        language = self._clinic.language(self._clinic.thread(id).patient)
        canned = self._clinic.phrases.canned("messages", language)
        phrase = canned[number] if number < len(canned) else ""
        return "\n".join(part for part in (text.strip(), phrase) if part)

    def _by(self, seat: Seat, request: Request) -> str:
        return seat.who or self._clinic.professional(self._clinic.thread(request.path_params["id"]).service)

    def _box(self, service: dict[str, Any], threads: list[Thread], today: date) -> dict[str, Any]:
        own = [one for one in threads if one.service == service["id"]]
        late = [one for one in own if one.due and one.due < today]
        return {
            "id": service["id"],
            "name": service.get("name", service["id"]),
            "all": len(own),
            "new": sum(one.is_new for one in own),
            "waiting": sum(bool(one.unanswered) for one in own),
            "late": len(late),
        }

    def _services_of(self, who: str) -> set[str]:
        roles = self._repository.all("PractitionerRole")
        own = [
            role for role in roles if role.get("practitioner", {}).get("reference") == f"Practitioner/{who}"
        ]
        return {one["reference"].split("/")[1] for role in own for one in role.get("healthcareService", ())}

    def _name(self, reference: str) -> str:
        return name_of(self._read(reference)) or reference

    def _read(self, reference: str) -> dict[str, Any]:
        type, _, id = reference.partition("/")
        with contextlib.suppress(FhirError):
            return self._repository.read(type, id)
        return {}


def _role(id: str, roles: list[dict[str, Any]]) -> str:
    own = (role for role in roles if role.get("practitioner", {}).get("reference") == f"Practitioner/{id}")
    return next((str(role["code"][0].get("text", "")) for role in own if role.get("code")), "")
