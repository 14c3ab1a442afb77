"""/console/report: volume never stands alone: beside it, how many matters were solved and how many came back (P3)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from backend_stub.chat import shape
from backend_stub.chat.desk import ChatDesk
from backend_stub.clinic.clinic import Clinic
from backend_stub.clinic.desk import Desk, Seat, guarded
from backend_stub.feedback.counts import Counts
from backend_stub.fhir.repository import Repository
from backend_stub.ombudsman.box import Box
from backend_stub.web.pages import Pages

SOLVED = ("yes", "partly", "no")


@dataclass(frozen=True)
class Row:
    """One figure of volume with its quality. Shares in per cent, None where nobody has told."""

    name: str
    volume: int
    solved: int | None
    returned: int | None
    partly: int | None = None


class Report:
    """The page and its figures."""

    def __init__(
        self, counts: Counts, chat: ChatDesk, clinic: Clinic, box: Box, repository: Repository, pages: Pages
    ) -> None:
        self._counts, self._chat, self._clinic, self._box = counts, chat, clinic, box
        self._desk = Desk(repository, pages, "backend_stub.feedback")

    def routes(self) -> list[BaseRoute]:
        """Its page."""
        return [Route("/console/report", guarded(self._desk, self.page))]

    async def page(self, request: Request, seat: Seat) -> Response:
        """GET"""
        told = self._counts.totals
        reasons = [(name, n) for name, n in sorted(told.items()) if name.startswith("returned.")]
        return self._desk.page("report.html", seat, request, rows=self.rows(), reasons=reasons)

    def rows(self) -> list[Row]:
        """Installs, remote contacts by kind, feedback: each with solved and returned beside it."""
        told = self._counts.totals
        words = sum(told[f"solved.{how}"] for how in SOLVED)
        solved, partly = (_share(told[f"solved.{how}"], words) for how in ("yes", "partly"))
        contacts = told["contact.chat"] + told["contact.message"] + told["contact.ombudsman"]
        came_back = sum(n for name, n in told.items() if name.startswith("returned."))
        returned = _share(came_back, contacts)
        marks = [name for name in told if name.startswith(("app.", "service."))]
        return [
            Row("installs", told["installs"], solved, returned, partly),
            self._chats(),
            Row("messages", len(self._clinic.threads()), solved, returned, partly),
            Row("ombudsman", len(self._box.all()), solved, returned, partly),
            Row("feedback", sum(told[name] for name in marks), solved, returned, partly),
        ]

    def _chats(self) -> Row:
        """Of chats the clinic itself knows: the resident's word, and how many went on with the same matter."""
        tasks = self._chat.tasks()
        words = [one["valueCode"] for task in tasks for one in shape.outputs(task, "solved")]
        again = sum(bool(task.get("basedOn")) for task in tasks)
        solved, partly = (_share(words.count(how), len(words)) for how in ("yes", "partly"))
        return Row("chats", len(tasks), solved, _share(again, len(tasks)), partly)


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
