"""/console/pathways: who is on which pathway; assign one, move dates, tick steps, see entries."""

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.pathways.model import Access
from backend_stub.clinic.desk import Desk, Seat, guarded
from backend_stub.clinic.names import name_of
from backend_stub.fhir.errors import FhirError
from backend_stub.fhir.repository import Repository
from backend_stub.pathways.plans import Plans, dates_of, is_own, library, turn_of
from backend_stub.seed.words import EXTENSION
from backend_stub.web.pages import Pages

DEFAULT_PROFESSIONAL = "kaisa"
MOST_MEASURED = 20


class PathwayConsole:
    """Handlers of /console/pathways."""

    def __init__(self, plans: Plans, repository: Repository, pages: Pages) -> None:
        self._plans, self._repository = plans, repository
        self._desk = Desk(repository, pages)

    def routes(self) -> list[BaseRoute]:
        """Every page and form."""
        plan = "/console/pathways/{id}"
        return [
            Route("/console/pathways", guarded(self._desk, self.home)),
            Route("/console/pathways", guarded(self._desk, self.assign), methods=["POST"]),
            Route(plan, guarded(self._desk, self.plan)),
            Route(f"{plan}/date", guarded(self._desk, self.move), methods=["POST"]),
            Route(f"{plan}/off", guarded(self._desk, self.off), methods=["POST"]),
            Route(f"{plan}/goal", guarded(self._desk, self.aim), methods=["POST"]),
            Route(f"{plan}/reached", guarded(self._desk, self.reached), methods=["POST"]),
            Route(f"{plan}/tick", guarded(self._desk, self.tick), methods=["POST"]),
        ]

    async def home(self, request: Request, seat: Seat) -> Response:
        """All plans, and a form to begin one."""
        plans = [(one, self._name(one["subject"]["reference"])) for one in self._plans.all()]
        patients = sorted((name_of(one), one["id"]) for one in self._repository.all("Patient"))
        language = "en" if seat.language == "en" else "fi"
        known = [one for one in library().all(language) if one.structure.access is Access.REFERRAL]
        wrong = request.query_params.get("wrong") == "date"
        return self._desk.page(
            "pathways.html", seat, request, plans=plans, patients=patients, pathways=known, wrong=wrong
        )

    async def assign(self, request: Request, seat: Seat) -> Response:
        """POST: a resident begins a pathway; dates that are not known yet may be left out."""
        form = await self._desk.form(request)
        try:
            days = {
                name.removeprefix("date."): date.fromisoformat(value)
                for name, value in form.items()
                if name.startswith(f"date.{form.get('pathway', '')}.") and value
            }
        except ValueError:
            return RedirectResponse("/console/pathways?wrong=date", 303)
        named = {name.partition(".")[2]: day for name, day in days.items()}
        made = self._plans.apply(
            form.get("pathway", ""), f"Patient/{form.get('patient', '')}", named, _by(seat)
        )
        return RedirectResponse(f"/console/pathways/{made['id']}", 303)

    async def plan(self, request: Request, seat: Seat) -> Response:
        """One resident's pathway: dates, steps, entries."""
        body = self._plans.one(request.path_params["id"])
        pathway = self._plans.pathway(body, "en" if seat.language == "en" else "fi")
        dates = dates_of(body)
        tasks = [(turn_of(task), task, list(_entries(task))) for task in self._plans.tasks(body["id"])]
        places = {step.id: place for place, step in enumerate(pathway.structure.steps)}
        tasks.sort(key=lambda one: (places.get(one[0].step, 0), one[0].since or date.min))
        return self._desk.page(
            "pathway.html",
            seat,
            request,
            plan=body,
            pathway=pathway,
            name=self._name(body["subject"]["reference"]),
            tasks=tasks,
            sent=self._plans.sent(body["id"]),
            goals=[(one, is_own(one)) for one in self._plans.goals(body)],
            measured=[_measurement(one) for one in self._plans.measured(body)[:MOST_MEASURED]],
            days={anchor.id: dates.of(anchor.id) for anchor in pathway.structure.anchors},
            cancelled=dates.cancelled,
            wrong=request.query_params.get("wrong") == "date",
        )

    async def move(self, request: Request, seat: Seat) -> Response:
        """POST: another date; the plan follows."""
        form, id = await self._desk.form(request), request.path_params["id"]
        try:
            day = date.fromisoformat(form.get("day", ""))
        except ValueError:
            return RedirectResponse(f"/console/pathways/{id}?wrong=date", 303)
        self._plans.move(id, form.get("anchor", ""), day, _by(seat))
        return RedirectResponse(f"/console/pathways/{id}#dates", 303)

    async def off(self, request: Request, seat: Seat) -> Response:
        """POST: it was called off."""
        form, id = await self._desk.form(request), request.path_params["id"]
        self._plans.call_off(id, form.get("anchor", ""), _by(seat))
        return RedirectResponse(f"/console/pathways/{id}#dates", 303)

    async def tick(self, request: Request, seat: Seat) -> Response:
        """POST: a step is done, or not."""
        form, id = await self._desk.form(request), request.path_params["id"]
        self._plans.one(id)
        self._plans.tick(form.get("task", ""), form.get("done") == "1", _by(seat))
        return RedirectResponse(f"/console/pathways/{id}#task-{form.get('task', '')}", 303)

    async def aim(self, request: Request, seat: Seat) -> Response:
        """POST: a goal that was agreed on."""
        form, id = await self._desk.form(request), request.path_params["id"]
        if form.get("words", "").strip():
            self._plans.aim(id, form["words"], _by(seat))
        return RedirectResponse(f"/console/pathways/{id}#goals", 303)

    async def reached(self, request: Request, seat: Seat) -> Response:
        """POST: a goal of the team came true, or has not yet."""
        form, id = await self._desk.form(request), request.path_params["id"]
        self._plans.reach(id, form.get("goal", ""), form.get("reached") == "1", _by(seat))
        return RedirectResponse(f"/console/pathways/{id}#goals", 303)

    def _name(self, reference: str) -> str:
        try:
            return name_of(self._repository.read(*reference.split("/", 1))) or reference
        except FhirError:
            return reference


def _by(seat: Seat) -> str:
    return seat.who or DEFAULT_PROFESSIONAL


def _entries(task: dict[str, Any]) -> list[tuple[str, str]]:
    """When and what the resident wrote."""
    found = []
    for one in task.get("note", ()):
        outer: dict[str, Any] = next(
            (e for e in one.get("extension", ()) if e["url"] == f"{EXTENSION}pathway-entry"), {}
        )
        parts = {e["url"]: e for e in outer.get("extension", ())}
        values = [
            f"{parts[name]['valueDecimal']:g}"
            for name in ("value", "second")
            if "valueDecimal" in parts.get(name, {})
        ]
        kind = parts.get("kind", {}).get("valueCode", "")
        found.append(
            (str(one.get("time", "")), "/".join(values) if kind == "measure" else str(one.get("text", "")))
        )
    return found


def _measurement(observation: dict[str, Any]) -> tuple[str, str, str]:
    """When, what, and the value or values with their unit."""
    parts = observation.get("component") or [observation]
    quantities = [one.get("valueQuantity", {}) for one in parts]
    values = "/".join(f"{one['value']:g}" for one in quantities if "value" in one)
    name = next((str(one.get("display", "")) for one in observation["code"].get("coding", ())), "")
    return str(observation["effectiveDateTime"]), name, f"{values} {quantities[0].get('unit', '')}".strip()
