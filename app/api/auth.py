"""Sign-in: SMART App Launch 2.x / OpenID Connect, authorization code with PKCE S256, as a public client.

    start() ─► address of the sign-in page … the resident identifies … ─► callback ─► finish() ─► SignedIn

The callback comes back in one of four ways, and ``finish`` takes the address of all of them: as a route of
the served app, as a page of the static one, to a loopback address (desktop) or by the app's own scheme
(phones). ``state`` ties the answer to this device, ``nonce`` the id token to this sign-in, ``iss`` (RFC 9207)
both to the provider. Raises nothing but ``AppError``; no token, code or identity is ever logged or part of an
error.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from app.api import id_token
from app.api.answers import http_date
from app.api.discovery import Endpoints, discover
from app.api.pending import MemoryPending, PendingStart, PendingStore, StoredPending
from app.api.provider import ProviderHttp, body_of
from app.api.tokens import SignedIn, TokenKeeper, Tokens, account_of
from app.errors import BadData, Offline, Refused, ServiceDown, SignedOut

__all__ = ["MemoryPending", "Oidc", "SignedIn", "StoredPending", "TokenKeeper"]

SCOPES = (
    "openid fhirUser offline_access launch/patient patient/*.rs "
    "patient/Communication.cruds patient/Binary.cruds patient/Task.cruds patient/Subscription.cruds "
    "patient/Appointment.cru patient/QuestionnaireResponse.cru patient/CarePlan.cru patient/Goal.cru "
    "patient/Observation.cruds patient/Consent.cruds patient/MedicationRequest.cru patient/Patient.ru"
)
_NO_LONGER = frozenset({"invalid_grant", "invalid_token", "unauthorized_client", "invalid_client"})
_LATER = frozenset({"temporarily_unavailable", "server_error"})


class Oidc:
    """Sign-in at the platform with this FHIR base. ``clock`` is the device's; ``http`` is not closed here."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        fhir_base: str,
        client_id: str,
        pending: PendingStore,
        clock: Callable[[], datetime],
        scopes: str = SCOPES,
    ) -> None:
        self._http, self._fhir_base, self._client_id = (
            ProviderHttp(http, clock),
            fhir_base.rstrip("/"),
            client_id,
        )
        self._pending, self._clock, self._scopes = pending, clock, scopes
        self._known: Endpoints | None = None

    async def start(self, return_to: str, language: str, redirect_uri: str) -> str:
        """The address of the sign-in page. ``return_to``: route of the app to come back to; ``language``: fi, sv, en.

        Raises Offline or ServiceDown when the provider does not answer: better told here than on a page of its own.
        """
        endpoints = await self._endpoints()
        await self._keys(endpoints)
        start = PendingStart(
            state=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            nonce=secrets.token_urlsafe(24),
            redirect_uri=redirect_uri,
            return_to=_inside(return_to),
            created=self._clock(),
        )
        await self._pending.put(start)
        return _with_query(endpoints.authorization, self._question(start, language))

    async def finish(self, callback_url: str) -> SignedIn:
        """Who signed in. ``callback_url``: the whole address, or the route, that the provider sent the
        resident to.

        Raises SignedOut when the answer belongs to no start of this device (or to one used or too old) or is
        not the provider's, Refused with the provider's ``code`` when it said no ("access_denied": the
        resident turned back).
        """
        answer = dict(parse_qsl(urlsplit(callback_url).query, keep_blank_values=True))
        start = await self._pending.take(answer.get("state", ""))
        if start is None or not start.alive(self._clock()):
            raise SignedOut
        try:
            return await self._finished(start, answer)
        except (Offline, ServiceDown):
            await self._pending.put(
                start
            )  # a connection lost on the way home: the same answer may be tried again
            raise

    async def _finished(self, start: PendingStart, answer: Mapping[str, str]) -> SignedIn:
        endpoints = await self._endpoints()
        if answer.get("iss", None if endpoints.names_itself else endpoints.issuer) != endpoints.issuer:
            raise SignedOut
        if "error" in answer:
            raise ServiceDown if answer["error"] in _LATER else Refused(400, code=answer["error"])
        if not answer.get("code"):
            raise SignedOut
        return await self._redeem(endpoints, start, answer["code"])

    async def refresh(self, tokens: Tokens) -> Tokens:
        """New tokens for old, of the same person. Raises SignedOut when the provider no longer knows them."""
        endpoints = await self._endpoints()
        question = {
            "grant_type": "refresh_token",
            "refresh_token": tokens.refresh,
            "client_id": self._client_id,
        }
        body, now = await self._ask_tokens(endpoints, question)
        if isinstance(body.get("id_token"), str):
            claims = self._check(body["id_token"], endpoints, None, now, None)
            if claims["sub"] != tokens.sub:
                raise SignedOut
        if body.get("patient", tokens.patient) != tokens.patient:
            raise SignedOut
        return self._tokens(body, tokens)

    async def revoke(self, tokens: Tokens) -> None:
        """End the tokens at the provider (RFC 7009); nothing happens where it offers no such thing."""
        endpoints = await self._endpoints()
        if endpoints.revocation:
            token = tokens.refresh or tokens.access
            await self._http.post(endpoints.revocation, {"token": token, "client_id": self._client_id})

    async def end_session_url(self, tokens: Tokens, back_to: str = "", language: str = "fi") -> str | None:
        """Where to send the browser so that the provider forgets it too; None where that is not offered."""
        endpoints = await self._endpoints()
        if not endpoints.end_session:
            return None
        question = {
            "id_token_hint": tokens.id_token,
            "client_id": self._client_id,
            "post_logout_redirect_uri": back_to,
            "ui_locales": language[:2],
        }
        return _with_query(endpoints.end_session, {k: v for k, v in question.items() if v})

    def _question(self, start: PendingStart, language: str) -> dict[str, str]:
        return {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": start.redirect_uri,
            "scope": self._scopes,
            "state": start.state,
            "nonce": start.nonce,
            "prompt": "login",  # on a shared computer the next person must never be taken for the last one
            "aud": self._fhir_base,
            "code_challenge": start.challenge,
            "code_challenge_method": "S256",
            "ui_locales": language[:2],
        }

    async def _redeem(self, endpoints: Endpoints, start: PendingStart, code: str) -> SignedIn:
        question = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": start.redirect_uri,
            "client_id": self._client_id,
            "code_verifier": start.verifier,
        }
        keys = await self._keys(endpoints)  # before the code is spent: then a failure costs no second sign-in
        body, now = await self._ask_tokens(endpoints, question)
        claims = self._check(_text(body, "id_token"), endpoints, start.nonce, now, keys)
        who = Tokens(
            "", now, issuer=endpoints.issuer, sub=claims["sub"], fhir_user=str(claims.get("fhirUser", ""))
        )
        tokens = self._tokens(body, who)
        if not tokens.patient:
            raise SignedOut
        account = account_of(tokens.issuer, tokens.sub, self._fhir_base)
        return SignedIn(tokens, tokens.sub, tokens.patient, tokens.fhir_user, start.return_to, account)

    def _tokens(self, body: Mapping[str, Any], before: Tokens) -> Tokens:
        """The provider's answer; what it does not repeat stays as it was."""
        fhir_user = _text(body, "fhirUser") or before.fhir_user
        patient = _text(body, "patient") or before.patient or _id_in(fhir_user)
        seconds = body.get("expires_in")
        lives = timedelta(seconds=float(seconds) if isinstance(seconds, int | float) else 300.0)
        return Tokens(
            access=_text(body, "access_token"),
            expires_at=self._clock() + lives,
            refresh=_text(body, "refresh_token") or before.refresh,
            id_token=_text(body, "id_token") or before.id_token,
            issuer=before.issuer,
            sub=before.sub,
            patient=patient,
            fhir_user=fhir_user,
        )

    async def _keys(self, endpoints: Endpoints) -> list[id_token.Key]:
        keys = (await self._http.get(endpoints.jwks)).get("keys") if endpoints.jwks else []
        return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []

    def _check(
        self,
        token: str,
        endpoints: Endpoints,
        nonce: str | None,
        now: datetime,
        keys: list[id_token.Key] | None,
    ) -> id_token.Claims:
        who = {"issuer": endpoints.issuer, "client_id": self._client_id}
        return id_token.check(token, **who, nonce=nonce, now=now, keys=keys)

    async def _ask_tokens(
        self, endpoints: Endpoints, question: dict[str, str]
    ) -> tuple[Mapping[str, Any], datetime]:
        """The token endpoint's answer, and the time: the earlier of two clocks, of which one may be wrong."""
        got = await self._http.post(endpoints.token, question)
        body = body_of(got)
        if got.status_code != 200:
            error = _text(body, "error")
            raise SignedOut if error in _NO_LONGER else Refused(got.status_code, code=error)
        if not _text(body, "access_token") or _text(body, "token_type").lower() != "bearer":
            raise BadData
        now = self._clock()
        return body, min(now, http_date(got.headers.get("date", "")) or now)

    async def _endpoints(self) -> Endpoints:
        if self._known is None:
            self._known = await discover(self._fhir_base, self._http.get)
        return self._known


def _inside(route: str) -> str:
    """A route of this app; an address elsewhere becomes the first screen."""
    parts = urlsplit(route)
    inside = route.startswith("/") and not parts.netloc and not parts.scheme and "\\" not in route
    return route if inside else "/"


def _with_query(url: str, more: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(more)}"


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _id_in(fhir_user: str) -> str:
    """The Patient's id when the person who signed in is the patient."""
    kind, _, patient = fhir_user.rpartition("/")
    return patient if kind.endswith("Patient") else ""
