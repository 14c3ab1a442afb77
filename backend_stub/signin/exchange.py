"""The endpoints that programs talk to: token (RFC 6749 §5), revocation (RFC 7009), end of session."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from backend_stub.clock import Clock
from backend_stub.config import CLIENT_ID, Config
from backend_stub.signin import clients
from backend_stub.signin.grants import Grant, Grants, Refused, Tokens
from backend_stub.signin.keys import Keys
from backend_stub.signin.request import language
from backend_stub.signin.visits import Visits
from backend_stub.web.pages import Pages
from backend_stub.web.texts import Texts

SESSION_COOKIE = "practice-sign-in"
ID_TOKEN_SECONDS = 3600
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class Exchange:
    """Code or refresh token in, tokens out."""

    def __init__(self, config: Config, clock: Clock, grants: Grants, keys: Keys) -> None:
        self._config, self._clock, self._grants, self._keys = config, clock, grants, keys

    async def token(self, request: Request) -> Response:
        """POST, form-encoded; errors as RFC 6749 §5.2."""
        try:
            return JSONResponse(self._answer(await _form(request)), headers=_NO_STORE)
        except Refused as refused:
            return _refusal(refused)

    async def revoke(self, request: Request) -> Response:
        """Always 200 for a known client, whether or not there was such a token."""
        try:
            form = await _form(request)
        except Refused as refused:
            return _refusal(refused)
        self._grants.revoke(form.get("token", ""))
        return Response(headers=_NO_STORE)

    def _answer(self, form: dict[str, str]) -> dict[str, Any]:
        kind = form.get("grant_type", "")
        if kind == "authorization_code":
            return self._from_code(form)
        if kind == "refresh_token":
            return self._from_refresh(form)
        raise Refused("unsupported_grant_type" if kind else "invalid_request", "grant_type is not offered")

    def _from_code(self, form: dict[str, str]) -> dict[str, Any]:
        _need(form, "code", "redirect_uri", "code_verifier")
        grant = self._grants.redeem(form["code"], form["redirect_uri"], form["code_verifier"])
        answer = self._bundle(grant, self._grants.tokens(grant), grant.scopes)
        if "openid" in grant.scopes:
            answer["id_token"] = self._keys.sign(self._claims(grant))
        return answer

    def _from_refresh(self, form: dict[str, str]) -> dict[str, Any]:
        _need(form, "refresh_token")
        scopes = tuple(form.get("scope", "").split())
        grant = self._grants.refresh(form["refresh_token"], scopes)
        return self._bundle(grant, self._grants.tokens(grant, scopes), scopes or grant.scopes)

    def _bundle(self, grant: Grant, tokens: Tokens, scopes: tuple[str, ...]) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "access_token": tokens.access,
            "token_type": "Bearer",
            "expires_in": tokens.seconds,
            "scope": " ".join(scopes),
            "patient": grant.patient,
            "fhirUser": self._user(grant),
            "sub": grant.sub,
            "need_patient_banner": True,
        }
        return answer | ({"refresh_token": tokens.refresh} if tokens.refresh else {})

    def _claims(self, grant: Grant) -> dict[str, object]:
        """By the machine's time: the client checks an id token against its own clock, which no tester moves."""
        now = int(self._clock.real().timestamp())
        signed_in = int((grant.signed_in - self._clock.offset).timestamp())
        claims: dict[str, object] = {
            "iss": self._config.issuer,
            "sub": grant.sub,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + ID_TOKEN_SECONDS,
            "auth_time": min(signed_in, now),
            "amr": [grant.means],
        }
        claims |= {"nonce": grant.nonce} if grant.nonce else {}
        return claims | ({"fhirUser": self._user(grant)} if "fhirUser" in grant.scopes else {})

    def _user(self, grant: Grant) -> str:
        return f"{self._config.fhir_base}/Patient/{grant.patient}"


class Leaving:
    """RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0)."""

    def __init__(self, config: Config, visits: Visits, pages: Pages, texts: Texts) -> None:
        self._config, self._visits, self._pages, self._texts = config, visits, pages, texts

    async def end(self, request: Request) -> Response:
        """Forget the browser; go back to ``post_logout_redirect_uri`` when that is the client's own."""
        given = dict(request.query_params) | (dict(await request.form()) if request.method == "POST" else {})
        self._visits.sign_out(request.cookies.get(SESSION_COOKIE, ""))
        response = self._answer({name: str(value) for name, value in given.items()})
        response.delete_cookie(SESSION_COOKIE, path="/auth")
        return response

    def _answer(self, given: dict[str, str]) -> Response:
        back = given.get("post_logout_redirect_uri", "")
        if back and clients.may_end_at(back, self._config.origins):
            state = given.get("state", "")
            return RedirectResponse(f"{back}?{urlencode({'state': state})}" if state else back, 303)
        spoken = language(given.get("ui_locales", ""))
        say = self._texts.of(spoken)
        return self._pages.show(
            "signin/message.html", language=spoken, t=say, title=say("ended.title"), lines=[say("ended.text")]
        )


async def _form(request: Request) -> dict[str, str]:
    """The body's fields; raises Refused unless it is a form of our public client without a repeated field."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise Refused("invalid_request", "the body must be form-encoded")
    fields = [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]
    form = dict(fields)
    if len(form) != len(fields):
        raise Refused("invalid_request", "a parameter is repeated")
    if (
        "authorization" in request.headers
        or "client_secret" in form
        or not clients.known(form.get("client_id", ""))
    ):
        raise Refused("invalid_client", "a public client sends its client_id and no secret")
    return form


def _need(form: dict[str, str], *names: str) -> None:
    missing = [name for name in names if not form.get(name)]
    if missing:
        raise Refused("invalid_request", f"{missing[0]} is missing")


def _refusal(refused: Refused) -> Response:
    body = {"error": refused.error, "error_description": refused.description}
    return JSONResponse(body, 401 if refused.error == "invalid_client" else 400, _NO_STORE)
