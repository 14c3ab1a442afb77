"""An authorization request, checked (RFC 6749 §4.1.1, RFC 7636, OpenID Connect Core §3.1.2, SMART App Launch 2.2)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from backend_stub.config import Config
from backend_stub.signin import clients

LANGUAGES = ("fi", "sv", "en")
PLAIN_SCOPES = ("openid", "fhirUser", "profile", "offline_access", "online_access", "launch/patient")
PROMPTS = {"none", "login", "consent", "select_account"}
_PATIENT_SCOPE = re.compile(r"patient/([A-Z][A-Za-z]+|\*)\.(read|write|\*|(?=[cruds])c?r?u?d?s?)")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Unusable(Exception):
    """Client or redirect URI is wrong: told on a page, never by a redirect. ``field`` names the culprit."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Denied(Exception):
    """Told to the client in the redirect: an RFC 6749 §4.1.2.1 error code and a description for developers."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


@dataclass(frozen=True)
class Target:
    """Where the answer goes, and what it echoes."""

    redirect_uri: str
    state: str = ""


@dataclass(frozen=True)
class AuthRequest:
    """A request that may go on to the sign-in page."""

    target: Target
    scopes: tuple[str, ...]
    challenge: str
    nonce: str = ""
    prompt: frozenset[str] = frozenset()
    language: str = "fi"
    hint: str = ""
    max_age: int | None = None


def target(params: Sequence[tuple[str, str]], origins: Sequence[str]) -> Target:
    """Client and redirect URI. Raises Unusable."""
    given = dict(params)
    names = [name for name, _ in params]
    for field in ("client_id", "redirect_uri"):
        if names.count(field) != 1:
            raise Unusable(field)
    if not clients.known(given["client_id"]):
        raise Unusable("client_id")
    if not clients.may_return_to(given["redirect_uri"], origins):
        raise Unusable("redirect_uri")
    return Target(given["redirect_uri"], given.get("state", ""))


def parse(params: Sequence[tuple[str, str]], to: Target, config: Config) -> AuthRequest:
    """Everything else. Raises Denied."""
    given = _single(params)
    _refuse_foreign(given)
    _check_audience(given.get("aud", ""), config)
    prompt = _prompt(given.get("prompt", ""))
    return AuthRequest(
        target=to,
        scopes=_scopes(given.get("scope", "")),
        challenge=_challenge(given),
        nonce=given.get("nonce", ""),
        prompt=prompt,
        language=language(given.get("ui_locales", "")),
        hint=given.get("login_hint", ""),
        max_age=_max_age(given.get("max_age", "")),
    )


def language(locales: str) -> str:
    """The first of ``ui_locales`` that the pages are in; Finnish when none is."""
    wanted = (one.replace("_", "-").split("-")[0].lower() for one in locales.split())
    return next((one for one in wanted if one in LANGUAGES), LANGUAGES[0])


def granted(scope: str) -> tuple[str, ...]:
    """The scopes of ``scope`` that a resident can be given, in order, once each."""
    known = (one for one in scope.split() if one in PLAIN_SCOPES or _PATIENT_SCOPE.fullmatch(one))
    return tuple(dict.fromkeys(known))


def answer_url(to: Target, issuer: str, **values: str) -> str:
    """The redirect: ``values`` with ``state`` and the issuer (RFC 9207)."""
    parts = {**values, "iss": issuer} | ({"state": to.state} if to.state else {})
    joint = "&" if urlsplit(to.redirect_uri).query else "?"
    return f"{to.redirect_uri}{joint}{urlencode(parts)}"


def _single(params: Sequence[tuple[str, str]]) -> dict[str, str]:
    given = dict(params)
    if len(given) != len(params):
        raise Denied("invalid_request", "a parameter is repeated")
    return given


def _refuse_foreign(given: dict[str, str]) -> None:
    if given.get("response_type") != "code":
        raise Denied("unsupported_response_type", "only the authorization code flow is offered")
    if given.get("response_mode", "query") != "query":
        raise Denied("invalid_request", "only response_mode=query is offered")
    for name in ("request", "request_uri"):
        if name in given:
            raise Denied(f"{name}_not_supported", f"{name} is not offered")


def _check_audience(audience: str, config: Config) -> None:
    """SMART's ``aud``: a token must never be meant for another server."""
    if audience and _loose(audience) != _loose(config.fhir_base):
        raise Denied("invalid_request", "aud is not this FHIR server")


def _loose(url: str) -> str:
    return url.rstrip("/").replace("//localhost:", "//127.0.0.1:")


def _challenge(given: dict[str, str]) -> str:
    if given.get("code_challenge_method", "plain") != "S256":
        raise Denied("invalid_request", "code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(given.get("code_challenge", "")):
        raise Denied("invalid_request", "code_challenge must be 43 base64url characters")
    return given["code_challenge"]


def _scopes(scope: str) -> tuple[str, ...]:
    known = granted(scope)
    if not known:
        raise Denied("invalid_scope", "none of the scopes is offered")
    return known


def _prompt(text: str) -> frozenset[str]:
    prompt = frozenset(text.split())
    if not prompt <= PROMPTS or ("none" in prompt and len(prompt) > 1):
        raise Denied("invalid_request", "prompt is not understood")
    return prompt


def _max_age(text: str) -> int | None:
    if text and not text.isdecimal():
        raise Denied("invalid_request", "max_age must be a number of seconds")
    return int(text[:9]) if text else None  # thirty years are enough
