"""/ombudsman: what the app talks to. Without a token, but for the signed-in letters; nothing is cached, no cookie set.

POST   /ombudsman/talk              {about, language} -> {key}; the key is told once
GET    /ombudsman/talk              Bearer key -> {status, place, who, messages: [Communication]}
PUT    /ombudsman/talk/{id}         Bearer key, Communication
DELETE /ombudsman/talk              Bearer key: ended and erased
PUT    /ombudsman/letter/{id}       {code, about, language, message: Communication}
POST   /ombudsman/answer            {code} -> {status, who, messages}
POST   /ombudsman/erase             {code}
GET    /ombudsman/mine              the resident's own token -> {letters}
PUT    /ombudsman/mine/{letter}/{id}  the resident's own token, {about, language, message}
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from backend_stub.fhir.access import Access
from backend_stub.fhir.errors import FhirError
from backend_stub.ombudsman.box import Box, Matter
from backend_stub.ombudsman.limits import Limits
from backend_stub.seed.words import CODES

Body = dict[str, Any]
ABOUT = ("patient", "social", "unknown")
LONGEST = 8000
QUIET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


class Wrong(Exception):
    """What was asked cannot be done."""

    def __init__(self, status: int, retry_after: int = 0) -> None:
        super().__init__(status)
        self.status, self.retry_after = status, retry_after


class Door:
    """Handlers of /ombudsman."""

    def __init__(self, box: Box, limits: Limits, authenticate: Callable[[Headers], Access]) -> None:
        self._box, self._limits, self._authenticate = box, limits, authenticate

    def routes(self) -> list[BaseRoute]:
        """Every address."""
        table = (
            ("/talk", self.begin, "POST"),
            ("/talk", self.look, "GET"),
            ("/talk", self.leave, "DELETE"),
            ("/talk/{id}", self.say, "PUT"),
            ("/letter/{id}", self.write, "PUT"),
            ("/answer", self.collect, "POST"),
            ("/erase", self.erase, "POST"),
            ("/mine", self.mine, "GET"),
            ("/mine/{letter}/{id}", self.write_signed, "PUT"),
        )
        return [Route(f"/ombudsman{path}", _guarded(do), methods=[method]) for path, do, method in table]

    async def begin(self, request: Request) -> Body:
        """POST /talk"""
        about, language = _choices(await _body(request))
        _, key = self._box.begin_talk(about, language)
        return {"key": key}

    async def look(self, request: Request) -> Body:
        """GET /talk"""
        return self._told(self._talk(request))

    async def say(self, request: Request) -> Body:
        """PUT /talk/{id}"""
        talk = self._talk(request)
        if talk.status == "ended":
            raise Wrong(409)
        self._box.add(talk, request.path_params["id"], _text(await _body(request)), mine=True)
        return self._told(talk)

    async def leave(self, request: Request) -> Body:
        """DELETE /talk"""
        self._box.erase(self._talk(request))
        return {}

    async def write(self, request: Request) -> Body:
        """PUT /letter/{id}"""
        body = await _body(request)
        about, language = _choices(body)
        text = _text(body.get("message"))
        letter = self._box.write_letter(_code(body), about, language)
        self._box.add(letter, request.path_params["id"], text, mine=True)
        return self._told(letter)

    async def collect(self, request: Request) -> Body:
        """POST /answer"""
        return self._told(self._letter(request, await _body(request)))

    async def erase(self, request: Request) -> Body:
        """POST /erase"""
        self._box.erase(self._letter(request, await _body(request)))
        return {}

    async def mine(self, request: Request) -> Body:
        """GET /mine"""
        account = self._account(request)
        return {"letters": [{"id": one.id, **self._told(one)} for one in self._box.of_account(account)]}

    async def write_signed(self, request: Request) -> Body:
        """PUT /mine/{letter}/{id}"""
        account, body = self._account(request), await _body(request)
        about, language = _choices(body)
        text = _text(body.get("message"))
        letter = self._box.write_signed(request.path_params["letter"], account, about, language)
        self._box.add(letter, request.path_params["id"], text, mine=True)
        return {"id": letter.id, **self._told(letter)}

    def _talk(self, request: Request) -> Matter:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        talk = self._box.by_proof("talk", self._box.hash_of(key)) if key else None
        if talk is None:
            raise Wrong(404)
        return talk

    def _letter(self, request: Request, body: Body) -> Matter:
        """The letter of a code; guessing is slow and soon over."""
        address = request.client.host if request.client else ""
        wait = self._limits.wait(address)
        if wait:
            raise Wrong(429, wait)
        letter = self._box.by_proof("letter", self._box.hash_of(_code(body)))
        if letter is None:
            self._limits.wrong(address)
            raise Wrong(404)
        return letter

    def _account(self, request: Request) -> str:
        access = self._authenticate(request.headers)
        if access.kind != "resident" or not access.sub:
            raise Wrong(401)
        return access.sub

    def _told(self, matter: Matter) -> Body:
        place = self._box.place(matter) if matter.kind == "talk" and matter.status == "waiting" else 0
        return {
            "about": matter.about,
            "status": matter.status,
            "place": place,
            "who": matter.who,
            "messages": [_communication(one) for one in matter.messages],
        }


def _communication(message: Body) -> Body:
    """A message as R4: without a subject, its sender nobody or the ombudsman."""
    mine = message["mine"]
    sender = {"reference": "#nobody"} if mine else {"reference": "#ombudsman", "display": message["who"]}
    kind, id = ("Patient", "nobody") if mine else ("Organization", "ombudsman")
    return {
        "resourceType": "Communication",
        "id": message["id"],
        "contained": [{"resourceType": kind, "id": id}],
        "status": "completed",
        "category": [{"coding": [{"system": f"{CODES}communication-category", "code": "ombudsman"}]}],
        "sent": message["at"],
        "sender": sender,
        "payload": [{"contentString": message["text"]}],
    }


def _choices(body: Body) -> tuple[str, str]:
    about, language = body.get("about"), body.get("language")
    if about not in ABOUT or language not in ("fi", "sv", "en"):
        raise Wrong(400)
    return str(about), str(language)


def _code(body: Body) -> str:
    code = body.get("code")
    if not isinstance(code, str) or not 12 <= len(code) <= 64:
        raise Wrong(400)
    return code


def _text(body: Any) -> str:
    """The words of a Communication that names nobody."""
    payload = body.get("payload") if isinstance(body, dict) else None
    text = payload[0].get("contentString") if isinstance(payload, list) and payload else None
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST or "subject" in body:
        raise Wrong(400)
    return text.strip()


async def _body(request: Request) -> Body:
    raw = await request.body()
    try:
        body = json.loads(raw) if len(raw) <= 4 * LONGEST else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Wrong(400)
    return body


def _guarded(do: Callable[[Request], Awaitable[Body]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await do(request), headers=QUIET)
        except Wrong as wrong:
            more = {"Retry-After": str(wrong.retry_after)} if wrong.retry_after else {}
            return JSONResponse({}, wrong.status, headers={**QUIET, **more})
        except FhirError as refused:
            return JSONResponse({}, refused.status, headers=QUIET)

    return endpoint
