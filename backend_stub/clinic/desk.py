"""Who sits at the console: cookies, form tokens, and the words of the page."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from backend_stub.clinic.names import name_of
from backend_stub.fhir.errors import FhirError
from backend_stub.fhir.repository import Repository
from backend_stub.web.pages import Pages
from backend_stub.web.texts import Say, Texts

SEAT, WHO, LANGUAGE = "console-seat", "console-who", "console-language"
LANGUAGES = ("fi", "en")


class Forged(Exception):
    """A form that did not come from our own page."""


@dataclass(frozen=True)
class Seat:
    """One request's view of who asks. ``who``: Practitioner id or ""."""

    seat: str
    who: str
    name: str
    language: str
    say: Say
    token: str


class Desk:
    """Makes seats and pages."""

    def __init__(self, repository: Repository, pages: Pages, *more: str) -> None:
        """``more``: packages whose texts the pages need too."""
        self._repository, self._pages = repository, pages
        self._texts = Texts("backend_stub.clinic", *more)
        self._secret = secrets.token_bytes(32)

    def seat(self, request: Request) -> Seat:
        """From the cookies; a new seat where there is none."""
        seat = request.cookies.get(SEAT) or secrets.token_urlsafe(18)
        asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE, "fi")
        language = asked if asked in LANGUAGES else "fi"
        who, name = self._named(request.cookies.get(WHO, ""))
        return Seat(seat, who, name, language, self._texts.of(language), self._token(seat))

    async def form(self, request: Request) -> dict[str, str]:
        """The fields of a form of ours. Raises Forged for anybody else's (token of the seat, and the Origin)."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        origin = request.headers.get("origin", "")
        foreign = bool(origin) and urlsplit(origin).netloc != request.headers.get("host", "")
        token = self._token(request.cookies.get(SEAT, ""))
        if foreign or not hmac.compare_digest(form.get("token", ""), token):
            raise Forged
        return form

    def page(self, template: str, seat: Seat, request: Request, status: int = 200, **values: Any) -> Response:
        """A page with the seat's cookies."""
        response = self._pages.show(
            f"console/{template}",
            language=seat.language,
            status=status,
            t=seat.say,
            seat=seat,
            here=request.url.path,
            **values,
        )
        return self.remember(response, {SEAT: seat.seat, LANGUAGE: seat.language})

    @staticmethod
    def remember(response: Response, cookies: dict[str, str]) -> Response:
        """Set the console's cookies."""
        for name, value in cookies.items():
            response.set_cookie(name, value, path="/console", httponly=True, samesite="strict")
        return response

    def wrong(self, seat: Seat, request: Request, key: str, status: int) -> Response:
        """A page that says what is wrong."""
        return self.page("wrong.html", seat, request, status, text=seat.say(key))

    def _named(self, id: str) -> tuple[str, str]:
        try:
            return (id, name_of(self._repository.read("Practitioner", id))) if id else ("", "")
        except FhirError:
            return "", ""

    def _token(self, seat: str) -> str:
        return hmac.new(self._secret, seat.encode(), hashlib.sha256).hexdigest()


Handler = Callable[[Request, Seat], Awaitable[Response]]


def guarded(desk: Desk, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint with a seat; what is forged or gone becomes a page that says so."""

    async def endpoint(request: Request) -> Response:
        seat = desk.seat(request)
        try:
            return await handler(request, seat)
        except Forged:
            return desk.wrong(seat, request, "wrong.form", 403)
        except FhirError as refused:
            return desk.wrong(seat, request, "wrong.gone", refused.status)

    return endpoint
