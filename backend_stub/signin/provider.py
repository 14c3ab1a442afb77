"""The sign-in provider put together: its routes, and what the FHIR server asks it."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from backend_stub.clock import Clock
from backend_stub.config import Config
from backend_stub.fhir.access import ANONYMOUS, Access
from backend_stub.fhir.errors import Unauthorised
from backend_stub.seed.residents import Resident, Roster
from backend_stub.signin import discovery
from backend_stub.signin.door import Door
from backend_stub.signin.exchange import Exchange, Leaving
from backend_stub.signin.grants import Grant, Grants, Tokens
from backend_stub.signin.keys import Keys
from backend_stub.signin.visits import Visits
from backend_stub.web.pages import Pages
from backend_stub.web.texts import Texts

RESIDENT_SCOPES = ("openid", "fhirUser", "offline_access", "launch/patient", "patient/*.cruds")


class Provider:
    """One issuer. ``roster`` gives the residents of the moment (a reset changes them)."""

    def __init__(self, config: Config, clock: Clock, roster: Callable[[], Roster], pages: Pages) -> None:
        self._config, self._clock = config, clock
        self._keys, self._visits, texts = Keys(), Visits(), Texts("backend_stub.signin")
        self.grants = Grants(clock, config)
        self._exchange = Exchange(config, clock, self.grants, self._keys)
        self._leaving = Leaving(config, self._visits, pages, texts)
        self._door = Door(config, clock, self.grants, self._visits, roster, pages, texts)

    def authenticate(self, headers: Headers) -> Access:
        """Who asks. No header: anonymous. Raises Unauthorised for anything but a valid bearer token."""
        header = headers.get("authorization", "")
        if not header:
            return ANONYMOUS
        grant = self._grant(header)
        if grant is None:
            raise Unauthorised("the access token is unknown, expired or revoked")
        if grant.is_system:
            return Access("system", sub=grant.sub, scopes=grant.scopes)
        return Access("resident", grant.patient, grant.sub, grant.scopes, f"Patient/{grant.patient}")

    def whose(self, headers: Headers) -> str:
        """Patient id of a valid token, "" for everybody else: what faults for one resident look at."""
        grant = self._grant(headers.get("authorization", ""))
        return grant.patient if grant else ""

    def resident_tokens(self, one: Resident, scopes: tuple[str, ...] = RESIDENT_SCOPES) -> Tokens:
        """Tokens without the pages, for tests and tools."""
        return self.grants.tokens(Grant(one.sub, one.patient, scopes, self._clock.now(), means="tester"))

    def system_tokens(self) -> Tokens:
        """An access token that sees everything."""
        return self.grants.tokens(Grant("tester", "", (), self._clock.now()))

    def sign_everybody_out(self) -> None:
        """Revoke all tokens, forget all browsers."""
        self.grants.revoke_all()
        self._visits.forget_all()

    def down(self, request: Request, status: int) -> Response | None:
        """The page instead of a bare status, for a person on the sign-in pages; None for everybody else."""
        looks = request.url.path.startswith("/auth/") and "text/html" in request.headers.get("accept", "")
        return self._door.down(request, status) if looks else None

    def routes(self) -> list[BaseRoute]:
        """Everything under /auth, and SMART's discovery under /fhir."""
        door, step = self._door, "/auth/sign-in/{visit}"
        return [
            Route("/fhir/.well-known/smart-configuration", self._smart),
            Route("/auth/.well-known/openid-configuration", self._openid),
            Route("/auth/jwks", self._jwks),
            Route("/auth/authorize", door.authorize, methods=["GET", "POST"]),
            Route(step, door.banks),
            Route(f"{step}/people", door.people),
            Route(f"{step}/confirm", door.confirm, methods=["GET", "POST"]),
            Route(f"{step}/cancel", door.cancel, methods=["POST"]),
            Route("/auth/token", self._exchange.token, methods=["POST"]),
            Route("/auth/revoke", self._exchange.revoke, methods=["POST"]),
            Route("/auth/end_session", self._leaving.end, methods=["GET", "POST"]),
        ]

    def _grant(self, header: str) -> Grant | None:
        scheme, _, token = header.partition(" ")
        return self.grants.access(token.strip()) if scheme.lower() == "bearer" else None

    async def _smart(self, _request: Request) -> Response:
        return JSONResponse(discovery.smart(self._config))

    async def _openid(self, _request: Request) -> Response:
        return JSONResponse(discovery.openid(self._config))

    async def _jwks(self, _request: Request) -> Response:
        return JSONResponse(self._keys.public())
