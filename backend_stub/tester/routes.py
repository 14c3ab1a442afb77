"""/tester: what a tester or a test does to the platform (row M4). JSON in, JSON out; for this machine only."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from backend_stub.faults import KINDS
from backend_stub.fhir.errors import FhirError
from backend_stub.tester.chats import Chats
from backend_stub.tester.ombudsman import Ombudsman
from backend_stub.tester.people import People
from backend_stub.tester.professional import Professional
from backend_stub.tester.read import Wrong
from backend_stub.tester.table import Control, openapi
from backend_stub.tester.world import World

if TYPE_CHECKING:
    from backend_stub.app import Platform


class Controls:
    """All controls of one platform."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self.controls: list[Control] = [
            *World(platform).controls(),
            *People(platform).controls(),
            *Professional(platform).controls(),
            *Chats(platform).controls(),
            *Ombudsman(platform).controls(),
        ]

    def routes(self) -> list[BaseRoute]:
        """The table's routes, its page and its description."""
        made: list[BaseRoute] = [
            Route(control.path, _endpoint(control), methods=[control.method]) for control in self.controls
        ]
        return [
            Route("/tester", self._docs),
            Route("/tester/docs", self._docs),
            Route("/tester/openapi.json", self._openapi),
            *made,
        ]

    async def _docs(self, _request: Request) -> Response:
        return self._platform.pages.show(
            "tester/docs.html",
            language="en",
            controls=[
                (control, _example(control.body), _example(control.answer)) for control in self.controls
            ],
            groups=list(dict.fromkeys(control.group for control in self.controls)),
            kinds=KINDS,
            base_url=self._platform.config.base_url,
        )

    async def _openapi(self, _request: Request) -> Response:
        return JSONResponse(openapi(self.controls, self._platform.config.base_url))


def _endpoint(control: Control) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await control.handler(request, await _body(request)))
        except Wrong as wrong:
            return JSONResponse({"error": wrong.reason}, wrong.status)
        except FhirError as refused:
            return JSONResponse({"error": refused.diagnostics}, refused.status)

    return endpoint


async def _body(request: Request) -> dict[str, Any]:
    text = await request.body()
    if not text:
        return {}
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Wrong("the body is not JSON") from error
    if not isinstance(body, dict):
        raise Wrong("the body must be a JSON object")
    return body


def _example(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, indent=2)
