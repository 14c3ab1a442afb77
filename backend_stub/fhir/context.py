"""What a handler is given: the server's parts and the one request with its caller."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from backend_stub.fhir.access import Access
from backend_stub.fhir.exchange import Call, Reply, version_headers
from backend_stub.fhir.guard import Guard
from backend_stub.fhir.paging import Pages
from backend_stub.fhir.repository import Repository
from backend_stub.fhir.storage import Stored
from backend_stub.fhir.temper import BEST, Temper


@dataclass(frozen=True)
class FhirConfig:
    """``base_url``: public address of the FHIR base, no slash at the end; ``issuer``: OIDC issuer.

    Empty OAuth addresses are ``issuer`` + /authorize, /token, /revoke. ``websocket_url`` empty: ``base_url``/websocket
    as ws(s). ``max_body`` in bytes. ``temper`` is asked for each request, so it can be changed while running.
    ``before_write``: what a noun's own rules make of a body to be stored (before: None for a create).
    ``left_out``: ids of a type that searches cannot tell now, and the names of the systems that do not answer.
    """

    base_url: str
    issuer: str
    max_body: int = 12 * 1024 * 1024
    max_entries: int = 500
    authorize_url: str = ""
    token_url: str = ""
    revoke_url: str = ""
    websocket_url: str = ""
    temper: Callable[[], Temper] = lambda: BEST
    operations: "tuple[Operation, ...]" = ()
    before_write: "Callable[[Request, dict[str, Any] | None, dict[str, Any]], dict[str, Any]]" = (
        lambda _request, _before, after: after
    )
    left_out: Callable[[Access, str], tuple[list[str], list[str]]] = lambda _access, _type: ([], [])


@dataclass(frozen=True)
class Operation:
    """``$name`` on some level; ``types`` it is for. ``run`` does its own access checks by ``request.guard``.

    ``level``: "type" (Appointment/$find), "instance" (Patient/a/$everything, id in ``request.id``) or "system".
    ``get``: harmless, so GET may call it too.
    """

    name: str
    level: str
    types: tuple[str, ...]
    run: "Callable[[Request], Reply]"
    get: bool = False
    definition: str = ""


@dataclass
class Server:
    """The parts that live as long as the server."""

    repository: Repository
    config: FhirConfig
    pages: Pages = field(default_factory=Pages)
    started: int = 0
    capabilities: dict[Temper, str] = field(default_factory=dict)
    searches: dict[tuple[object, ...], tuple[int, Reply]] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """One call by one caller. ``type`` and ``id`` as in the address, empty when it has none."""

    server: Server
    access: Access
    call: Call
    type: str = ""
    id: str = ""

    @property
    def repository(self) -> Repository:
        """Where everything is kept."""
        return self.server.repository

    @property
    def guard(self) -> Guard:
        """What the caller may do."""
        return Guard(self.repository, self.access)

    @property
    def temper(self) -> Temper:
        """How kind the server is now."""
        return self.server.config.temper()

    @property
    def base_url(self) -> str:
        """Public address of the FHIR base."""
        return self.server.config.base_url

    def stored(self, status: int, kept: Stored) -> Reply:
        """The answer after a write, as ``Prefer: return=`` asks for it."""
        headers = version_headers(kept)
        headers["Location"] = f"{self.base_url}/{kept.type}/{kept.id}/_history/{kept.version}"
        wanted = self.call.prefer("return")
        if wanted == "minimal" or (self.call.in_bundle and wanted != "representation"):
            return Reply(status, "", headers)
        if wanted == "OperationOutcome":
            done = "created" if status == 201 else "stored"
            issue = f'{{"severity":"information","code":"informational","diagnostics":"{kept.type} {done}"}}'
            return Reply(status, f'{{"resourceType":"OperationOutcome","issue":[{issue}]}}', headers)
        return Reply(status, kept.text, headers)
