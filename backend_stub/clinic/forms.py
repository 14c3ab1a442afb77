"""/console/forms: a professional sends a form to a resident, sees the answers and their score, and asks again (F1)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backend_stub.clinic.answers import lines, score
from backend_stub.clinic.desk import Desk, Seat
from backend_stub.clinic.names import name_of
from backend_stub.clock import Clock
from backend_stub.fhir.errors import FhirError, NotFound
from backend_stub.fhir.repository import Repository
from backend_stub.seed.forms import output, task_of
from backend_stub.seed.words import reference

Guard = Callable[[Any], Any]
Json = dict[str, Any]
DAYS = 14


class FormPages:
    """The pages about forms."""

    def __init__(self, desk: Desk, repository: Repository, clock: Clock) -> None:
        self._desk, self._repository, self._clock = desk, repository, clock

    def routes(self, guarded: Guard) -> list[BaseRoute]:
        """Every address; ``guarded`` turns a handler into an endpoint."""
        return [
            Route("/console/forms", guarded(self.all)),
            Route("/console/forms/send", guarded(self.send), methods=["POST"]),
            Route("/console/forms/answer/{id}", guarded(self.answer)),
            Route("/console/forms/answer/{id}/again", guarded(self.again), methods=["POST"]),
        ]

    async def all(self, request: Request, seat: Seat) -> Response:
        """Send a form; what was sent; what was answered, the newest first."""
        done = request.query_params.get("done", "")
        return self._desk.page(
            "forms.html",
            seat,
            request,
            residents=sorted((self._name(one), one["id"]) for one in self._repository.all("Patient")),
            forms=sorted((one["title"], one["id"]) for one in self._repository.all("Questionnaire")),
            sent=self._sent(),
            answers=self._answers(),
            days=DAYS,
            done=done if done in ("sent", "wrong") else "",
        )

    async def send(self, request: Request, seat: Seat) -> Response:
        """POST: a Task for the resident."""
        form = await self._desk.form(request)
        days, purpose = form.get("days", ""), form.get("purpose", "").strip()
        try:
            questionnaire = self._repository.read("Questionnaire", form.get("form", ""))
            self._repository.read("Patient", form.get("resident", ""))
        except FhirError:
            return RedirectResponse("/console/forms?done=wrong", 303)
        if not days.isdecimal() or not 0 < int(days) <= 365:
            return RedirectResponse("/console/forms?done=wrong", 303)
        self._ask(questionnaire, form["resident"], seat, purpose, int(days))
        return RedirectResponse("/console/forms?done=sent", 303)

    async def answer(self, request: Request, seat: Seat) -> Response:
        """One answer, with its score."""
        response = self._response(request.path_params["id"])
        questionnaire = self._form(response.get("questionnaire", ""))
        patient = self._patient(response)
        return self._desk.page(
            "form_answer.html",
            seat,
            request,
            response=response,
            title=questionnaire.get("title", response.get("questionnaire", "")),
            name=self._name(patient) if patient else "",
            lines=list(lines(response)),
            score=score(questionnaire, response),
            can_ask=bool(questionnaire and patient),
        )

    async def again(self, request: Request, seat: Seat) -> Response:
        """POST: the same form to the same resident once more."""
        await self._desk.form(request)
        response = self._response(request.path_params["id"])
        questionnaire, patient = self._form(response.get("questionnaire", "")), self._patient(response)
        if not questionnaire or not patient:
            raise NotFound("nothing to ask again")
        self._ask(questionnaire, patient["id"], seat, "", DAYS)
        return RedirectResponse("/console/forms?done=sent", 303)

    def _ask(self, questionnaire: Json, patient: str, seat: Seat, purpose: str, days: int) -> None:
        now = self._clock.now()
        who = reference("Practitioner", seat.who, seat.name) if seat.who else {"display": "Digiklinikka"}
        words = [purpose] * 3 if purpose else [questionnaire["title"]] * 3
        task = task_of(
            id=str(uuid4()),
            form=questionnaire,
            patient=patient,
            requester=who,
            purpose=words,
            asked=now,
            due=now + timedelta(days=days),
        )
        self._repository.create(task, id=task["id"], by=seat.who or "console")

    def _response(self, id: str) -> Json:
        """An answer that has been sent: what is unfinished is nobody's business."""
        response = self._repository.read("QuestionnaireResponse", id)
        if response.get("status") == "in-progress":
            raise NotFound("not sent yet")
        return response

    def _form(self, canonical: str) -> Json:
        url = canonical.partition("|")[0]
        return next((one for one in self._repository.all("Questionnaire") if one.get("url") == url), {})

    def _patient(self, response: Json) -> Json | None:
        named = response.get("subject", {}).get("reference", "")
        try:
            return self._repository.read("Patient", named.removeprefix("Patient/")) if named else None
        except FhirError:
            return None

    def _name(self, patient: Json) -> str:
        return name_of(patient)

    def _sent(self) -> list[Json]:
        asks = output("")["type"]["coding"][0]["system"]
        tasks = [one for one in self._repository.all("Task") if asks in str(one.get("code"))]
        tasks.sort(key=lambda one: str(one.get("authoredOn", "")), reverse=True)
        return [self._row(one) for one in tasks]

    def _row(self, task: Json) -> Json:
        patient = self._patient({"subject": task["for"]})
        form = self._form(task["input"][0].get("valueCanonical", ""))
        answered = task.get("output", [{}])[0].get("valueReference", {}).get("reference", "")
        return {
            "title": form.get("title", ""),
            "name": self._name(patient) if patient else "",
            "status": task["status"],
            "asked": task.get("authoredOn", ""),
            "answer": answered.removeprefix("QuestionnaireResponse/"),
        }

    def _answers(self) -> list[Json]:
        sent = [r for r in self._repository.all("QuestionnaireResponse") if r.get("status") == "completed"]
        sent.sort(key=lambda one: str(one.get("authored", "")), reverse=True)
        return [
            {
                "id": one["id"],
                "title": self._form(one.get("questionnaire", "")).get("title", one.get("questionnaire", "")),
                "name": self._name(patient) if (patient := self._patient(one)) else "",
                "at": one.get("authored", ""),
            }
            for one in sent
        ]
