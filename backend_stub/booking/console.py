"""/console/diary: the professional's side of appointments (row M5)."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backend_stub.booking import profile
from backend_stub.booking.diary import Diary
from backend_stub.booking.visit import Visits
from backend_stub.clinic.desk import Desk, Forged, Seat
from backend_stub.clinic.names import name_of
from backend_stub.clock import Clock
from backend_stub.fhir.errors import FhirError
from backend_stub.fhir.repository import Repository
from backend_stub.seed.words import Resource, extension
from backend_stub.web.pages import Pages
from backend_stub.web.texts import Say

Handler = Callable[[Request, Seat], Awaitable[Response]]
SHOWN = timedelta(days=14)
LATE = 10
"""Minutes that one press of "late" adds."""


class DiaryConsole:
    """Handlers of /console/diary."""

    def __init__(self, diary: Diary, visits: Visits, clock: Clock, pages: Pages) -> None:
        self._diary, self._visits, self._clock = diary, visits, clock
        self._repository: Repository = diary.repository
        self._desk = Desk(self._repository, pages)

    def routes(self) -> list[BaseRoute]:
        """Every page and form."""
        one = "/console/diary/{id}"
        return [
            Route("/console/diary", self._guarded(self.home)),
            Route("/console/schedule/{id}", self._guarded(self.schedule)),
            Route("/console/schedule/{id}/release", self._guarded(self.release), methods=["POST"]),
            Route("/console/source/{id}", self._guarded(self.source), methods=["POST"]),
            Route(one, self._guarded(self.appointment)),
            Route(f"{one}/offer", self._guarded(self.offer), methods=["POST"]),
            Route(f"{one}/{{deed}}", self._guarded(self.deed), methods=["POST"]),
        ]

    async def home(self, request: Request, seat: Seat) -> Response:
        """Appointments of the professional (of everybody while nobody is chosen), waiting lists, schedules, sources."""
        self._diary.expire()
        now = self._clock.now()
        coming = [one for one in self._all(seat) if _near(one, now)]
        coming.sort(key=lambda one: str(one["start"]))
        waiting = [one for one in self._repository.all("Appointment") if one["status"] == "waitlist"]
        schedules = [one for one in self._repository.all("Schedule") if _is_of(one, seat.who)]
        return self._desk.page(
            "diary.html",
            seat,
            request,
            coming=[(one, self._names(one)) for one in coming],
            waiting=[(one, self._names(one)) for one in waiting],
            schedules=schedules,
            sources=self._repository.all("Endpoint"),
        )

    async def appointment(self, request: Request, seat: Seat) -> Response:
        """One appointment and what can be done with it."""
        body = self._repository.read("Appointment", request.path_params["id"])
        return self._desk.page(
            "visit.html",
            seat,
            request,
            one=body,
            names=self._names(body),
            delay=profile.get(body, "delay").get("valueInteger", 0),
            questions=[e["valueString"] for e in _each(body, "question")],
            needs=[_need(e["valueString"], seat.say) for e in _each(body, "needs")],
            started=bool(profile.get(body, "visit-state")),
            living=body["status"] in profile.LIVING,
            free=self._free_like(body) if body["status"] == "waitlist" else [],
            video=profile.mode_of(body) == "video",
            done=request.query_params.get("done", ""),
        )

    async def deed(self, request: Request, seat: Seat) -> Response:
        """POST: late, start, finish, no-show, cancel."""
        await self._desk.form(request)
        id, deed = request.path_params["id"], request.path_params["deed"]
        body = self._repository.read("Appointment", id)
        self._do(body, deed, seat.who or "diary")
        if deed == "start" and profile.mode_of(body) == "video":
            by = seat.who or profile.first(profile.actors(body, "Practitioner"))
            return RedirectResponse(self._visits.address(body, f"Practitioner/{by}"), 303)
        return RedirectResponse(f"/console/diary/{id}?done={deed}", 303)

    async def offer(self, request: Request, seat: Seat) -> Response:
        """POST: offer an earlier time to who waits for one."""
        form = await self._desk.form(request)
        waiting = self._repository.read("Appointment", request.path_params["id"])
        self._diary.offer(waiting, form.get("slot", ""), seat.who or "diary")
        return RedirectResponse(f"/console/diary/{waiting['id']}?done=offer", 303)

    async def schedule(self, request: Request, seat: Seat) -> Response:
        """The slots of one schedule, day by day."""
        schedule = self._repository.read("Schedule", request.path_params["id"])
        params = [("schedule", f"Schedule/{schedule['id']}"), ("_sort", "start")]
        slots = self._repository.search("Slot", params)
        return self._desk.page("schedule.html", seat, request, schedule=schedule, slots=slots)

    async def release(self, request: Request, seat: Seat) -> Response:
        """POST: let residents book the times that are not open yet."""
        await self._desk.form(request)
        id = request.path_params["id"]
        params = [("schedule", f"Schedule/{id}"), ("status", "busy-unavailable")]
        closed = [one["id"] for one in self._repository.search("Slot", params)]
        with self._repository.transaction():
            self._diary.release(closed, seat.who or "diary")
        return RedirectResponse(f"/console/schedule/{id}", 303)

    async def source(self, request: Request, seat: Seat) -> Response:
        """POST: a source of appointments fails, or works again."""
        await self._desk.form(request)
        body = self._repository.read("Endpoint", request.path_params["id"])
        status = "active" if body["status"] == "error" else "error"
        self._repository.update("Endpoint", body["id"], body | {"status": status}, by=seat.who or "diary")
        return RedirectResponse("/console/diary#sources", 303)

    def _do(self, body: Resource, deed: str, by: str) -> None:
        id = body["id"]
        if deed == "late":
            minutes = profile.get(body, "delay").get("valueInteger", 0) + LATE
            self._diary.change(id, by, extension("delay", valueInteger=minutes))
        elif deed == "start":
            self._diary.change(id, by, extension("visit-state", valueCode="started"))
        elif deed == "finish":
            self._diary.change(id, by, status="fulfilled")
        elif deed == "no-show":
            self._diary.change(id, by, status="noshow")
        elif deed == "cancel":
            self._diary.cancel(body, by, cancelationReason={"text": "Ammattilainen perui ajan."})

    def _all(self, seat: Seat) -> list[Resource]:
        every = self._repository.all("Appointment")
        return [
            one
            for one in every
            if "start" in one and (not seat.who or seat.who in profile.actors(one, "Practitioner"))
        ]

    def _names(self, one: Resource) -> dict[str, str]:
        service = profile.first(profile.actors(one, "HealthcareService"))
        return {
            "patient": self._name("Patient", profile.patient_of(one)),
            "professional": self._name("Practitioner", profile.first(profile.actors(one, "Practitioner"))),
            "service": str(self._read("HealthcareService", service).get("name", service)),
        }

    def _free_like(self, waiting: Resource) -> list[Resource]:
        service = profile.first(profile.actors(waiting, "HealthcareService"))
        schedules = [
            one["id"]
            for one in self._repository.all("Schedule")
            if service in profile.actors(one, "HealthcareService")
        ]
        return self._diary.find(schedules)[:20]

    def _name(self, type: str, id: str) -> str:
        return name_of(self._read(type, id)) or id

    def _read(self, type: str, id: str) -> dict[str, Any]:
        with contextlib.suppress(FhirError):
            return self._repository.read(type, id)
        return {}

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            seat = self._desk.seat(request)
            try:
                return await handler(request, seat)
            except Forged:
                return self._desk.wrong(seat, request, "wrong.form", 403)
            except FhirError as refused:
                return self._desk.wrong(seat, request, "wrong.gone", refused.status)

        return endpoint


NEEDS = ("large-print", "plain-language", "hearing", "sign-language", "speech", "companion", "step-free")


def _need(code: str, say: Say) -> str:
    """A need as it is attached, in words: its code, ``interpreter:`` a language, or ``other:`` own words."""
    kind, _, more = code.partition(":")
    if kind == "interpreter":
        return say("need.interpreter", language=more)
    return say(f"need.{code}") if code in NEEDS else more or code


def _near(one: Resource, now: Any) -> bool:
    return bool(now - timedelta(hours=3) <= profile.starts(one) <= now + SHOWN)


def _is_of(schedule: Resource, who: str) -> bool:
    return not who or who in profile.actors(schedule, "Practitioner")


def _each(body: Resource, name: str) -> list[Resource]:
    url = extension(name)["url"]
    return [one for one in body.get("extension", ()) if one.get("url") == url]
