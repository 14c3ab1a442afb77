"""A FHIR server in memory, its callers, and a clock that only moves when told."""

import json
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import httpx
from fhir_schema import problems
from starlette.applications import Starlette
from starlette.datastructures import Headers

from backend_stub.fhir.access import ANONYMOUS, SYSTEM, Access
from backend_stub.fhir.app import FhirConfig, fhir_routes
from backend_stub.fhir.errors import Unauthorised
from backend_stub.fhir.repository import Repository
from backend_stub.fhir.temper import BEST, Temper

BASE = "http://stub.test/fhir"
ALL = ("patient/*.cruds",)
CALLERS = {
    "system": SYSTEM,
    "aino": Access("resident", "aino", "sub-aino", ALL),
    "bertta": Access("resident", "bertta", "sub-bertta", ALL),
    "reader": Access("resident", "aino", "sub-aino", ("patient/*.rs",)),
    "old-reader": Access("resident", "aino", "sub-aino", ("patient/*.read",)),
    "sender": Access("resident", "aino", "sub-aino", ("patient/Communication.cruds",)),
    "old-writer": Access("resident", "aino", "sub-aino", ("patient/Communication.write",)),
    "scopeless": Access("resident", "aino", "sub-aino", ("openid",)),
    "professional": Access("professional", None, "sub-pro", ("user/*.cruds",)),
}


class World:
    """One server. ``temper`` and ``clock`` may be changed while it runs; ``revoked`` tokens are refused."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
        self.temper: Temper = BEST
        self.revoked: set[str] = set()
        self.repository = Repository(None, lambda: self.time)
        self.config = FhirConfig(
            BASE, "http://stub.test/auth", max_body=200_000, max_entries=30, temper=lambda: self.temper
        )
        self.routes = fhir_routes(self.repository, self.authenticate, self.config, prefix="/fhir")
        self.app = Starlette(routes=self.routes)
        self.stack = AsyncExitStack()

    def authenticate(self, headers: Headers) -> Access:
        """``Bearer <name of the caller>``."""
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            return ANONYMOUS
        if token not in CALLERS or token in self.revoked:
            raise Unauthorised("the token is not known")
        return CALLERS[token]

    def client(self, caller: str = "") -> httpx.AsyncClient:
        """HTTP as this caller; every answer with a body must be valid R4 and none may be a fault."""
        headers = {"authorization": f"Bearer {caller}"} if caller else {}
        transport = httpx.ASGITransport(self.app)
        hooks = {"response": [_check_answer]}
        return httpx.AsyncClient(transport=transport, base_url=f"{BASE}/", headers=headers, event_hooks=hooks)

    def advance(self, **how_long: float) -> None:
        """Let time pass."""
        self.time += timedelta(**how_long)


async def _check_answer(response: httpx.Response) -> None:
    await response.aread()
    assert response.status_code != 500, response.text
    if response.request.method == "HEAD":
        return
    if "fhir+json" in response.headers.get("content-type", ""):
        body = json.loads(response.text)
        found = [] if body["resourceType"] == "CapabilityStatement" else problems(body)
        assert not found, (response.request.url, found[:3])
    if response.status_code >= 400:
        assert response.json()["resourceType"] == "OperationOutcome"
        assert all(issue["diagnostics"] for issue in response.json()["issue"])
