"""/console/ombudsman: the ombudsman's pages. Who writes is not shown, for nobody knows it."""

import json
import secrets
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backend_stub.clinic.desk import Desk, Seat, guarded
from backend_stub.fhir.errors import NotFound
from backend_stub.fhir.repository import Repository
from backend_stub.ombudsman.box import Box, Matter
from backend_stub.web.pages import Pages

ALL = "/console/ombudsman"
NAME = "Leena Forsman"


class OmbudsmanConsole:
    """Handlers of /console/ombudsman."""

    def __init__(self, box: Box, repository: Repository, pages: Pages) -> None:
        self._box, self._desk = box, Desk(repository, pages, "backend_stub.ombudsman")
        told = files("backend_stub.ombudsman").joinpath("phrases.json").read_text("utf-8")
        self._phrases: list[dict[str, str]] = json.loads(told)

    def routes(self) -> list[BaseRoute]:
        """Every page and form."""
        one = f"{ALL}/{{id}}"
        return [
            Route(ALL, guarded(self._desk, self.all)),
            Route(one, guarded(self._desk, self.one)),
            Route(f"{one}/answer", guarded(self._desk, self.answer), methods=["POST"]),
            Route(f"{one}/end", guarded(self._desk, self.end), methods=["POST"]),
        ]

    async def all(self, request: Request, seat: Seat) -> Response:
        """Talks and letters; those that wait longest first."""
        return self._desk.page(
            "ombudsman.html",
            seat,
            request,
            talks=self._box.all("talk"),
            letters=[*self._box.all("letter"), *self._box.all("signed")],
        )

    async def one(self, request: Request, seat: Seat) -> Response:
        """One matter."""
        return self._page(request, seat, self._matter(request))

    async def answer(self, request: Request, seat: Seat) -> Response:
        """POST: send, or add a canned phrase to what is written."""
        form, matter = await self._desk.form(request), self._matter(request)
        text = form.get("text", "").strip()
        if form.get("phrase", "").isdecimal():
            phrase = self._phrases[int(form["phrase"]) % len(self._phrases)][matter.language]
            return self._page(request, seat, matter, "\n".join(part for part in (text, phrase) if part))
        if not text or matter.status == "ended":
            return self._page(request, seat, matter, text, 409, seat.say("answer.empty"))
        self._box.add(matter, secrets.token_hex(16), text, mine=False, who=seat.name or NAME)
        return RedirectResponse(f"{ALL}/{matter.id}#messages", 303)

    async def end(self, request: Request, seat: Seat) -> Response:
        """POST: nothing can be added any more."""
        await self._desk.form(request)
        self._box.end(self._matter(request))
        return RedirectResponse(ALL, 303)

    def _matter(self, request: Request) -> Matter:
        matter = self._box.get(request.path_params["id"])
        if matter is None:
            raise NotFound("no such matter")
        return matter

    def _page(
        self,
        request: Request,
        seat: Seat,
        matter: Matter,
        draft: str = "",
        status: int = 200,
        problem: str = "",
    ) -> Response:
        return self._desk.page(
            "ombudsman_one.html",
            seat,
            request,
            status,
            matter=matter,
            phrases=[phrase[matter.language] for phrase in self._phrases],
            draft=draft,
            problem=problem,
        )
