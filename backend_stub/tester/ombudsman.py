"""Controls of the ombudsman's side."""

import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from backend_stub.ombudsman.console import NAME
from backend_stub.tester import read
from backend_stub.tester.table import Control

if TYPE_CHECKING:
    from backend_stub.app import Platform

Body = dict[str, Any]
_MATTER = {
    "id": "9f2c…",
    "kind": "letter",
    "about": "patient",
    "language": "fi",
    "at": "…",
    "status": "waiting",
    "who": "",
    "messages": [],
}
PATH, GROUP = "/tester/ombudsman", "Ombudsman"


class Ombudsman:
    """Reading and answering."""

    def __init__(self, platform: "Platform") -> None:
        self._box = platform.ombudsman

    def controls(self) -> list[Control]:
        """Their rows of the table."""
        words = {"text": "Hei, miten voin auttaa?"}
        answering = "Answer. {id} may be the word latest."
        return [
            Control("GET", PATH, "All talks and letters.", self.all, None, {"matters": [_MATTER]}, GROUP),
            Control("POST", f"{PATH}/{{id}}/answer", answering, self.answer, words, _MATTER, GROUP),
        ]

    async def all(self, _request: Request, _body: Body) -> Body:
        """GET /tester/ombudsman"""
        return {"matters": [_shown(asdict(one)) for one in self._box.all()]}

    async def answer(self, request: Request, body: Body) -> Body:
        """POST …/answer"""
        read.only(body, {"text"})
        id, known = request.path_params["id"], self._box.all()
        newest = max(known, key=lambda one: one.at) if known else None
        matter = newest if id == "latest" else self._box.get(id)
        if matter is None:
            raise read.Wrong("there is no such matter", 404)
        self._box.add(matter, secrets.token_hex(16), str(body.get("text", "")), mine=False, who=NAME)
        return _shown(asdict(matter))


def _shown(matter: Body) -> Body:
    return {name: value for name, value in matter.items() if name != "proof"}
