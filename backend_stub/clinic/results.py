"""/console/results: results that are handled before the resident sees them (row E3)."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backend_stub.clinic.desk import Desk, Seat
from backend_stub.clinic.held import Held
from backend_stub.clinic.names import name_of
from backend_stub.fhir.errors import FhirError
from backend_stub.fhir.repository import Repository

DEFAULT_PROFESSIONAL = "kaisa"


class ResultPages:
    """What waits for a professional, and showing it."""

    def __init__(self, desk: Desk, repository: Repository, held: Held) -> None:
        self._desk, self._repository, self._held = desk, repository, held

    def routes(self, guarded: Callable[[Any], Any]) -> list[BaseRoute]:
        """Every address; ``guarded`` turns a handler into an endpoint."""
        return [
            Route("/console/results", guarded(self.all)),
            Route("/console/results/{id}", guarded(self.handle), methods=["POST"]),
        ]

    async def all(self, request: Request, seat: Seat) -> Response:
        """Everything that is held back, with the day from which it is shown."""
        rows = [(one, self._name(one), self._held.day(one)) for one in self._held.waiting()]
        done = request.query_params.get("done") == "1"
        return self._desk.page("results.html", seat, request, rows=rows, done=done)

    async def handle(self, request: Request, seat: Seat) -> Response:
        """POST: handled, shown to the resident now."""
        form = await self._desk.form(request)
        self._held.release(request.path_params["id"], seat.who or DEFAULT_PROFESSIONAL, form.get("words", ""))
        return RedirectResponse("/console/results?done=1", 303)

    def _name(self, observation: dict[str, Any]) -> str:
        reference = str(observation["subject"]["reference"])
        try:
            return name_of(self._repository.read(*reference.split("/", 1))) or reference
        except FhirError:
            return reference
