"""What a platform says about its sign-in: SMART App Launch 2.2 §2.1, else OpenID Connect Discovery 1.0."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.errors import AppError, BadData, Refused

GetJson = Callable[[str], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True)
class Endpoints:
    """Where to go for what. Empty: not offered. ``names_itself``: the answer must carry ``iss`` (RFC
    9207)."""

    issuer: str
    authorization: str
    token: str
    jwks: str = ""
    revocation: str = ""
    end_session: str = ""
    names_itself: bool = False


async def discover(fhir_base: str, get: GetJson) -> Endpoints:
    """The endpoints of the platform with this FHIR base. Raises BadData when they are unusable or unsafe."""
    base = fhir_base.rstrip("/")
    try:
        found = await get(f"{base}/.well-known/smart-configuration")
    except (Refused, BadData):
        found = await get(f"{base}/.well-known/openid-configuration")
    if not _text(found, "end_session_endpoint") or not _text(found, "jwks_uri"):
        found = await _completed(found, get)
    endpoints = _endpoints(found)
    if not (endpoints.issuer and endpoints.authorization and endpoints.token and _safe(endpoints, base)):
        raise BadData
    return endpoints


async def _completed(found: Mapping[str, Any], get: GetJson) -> Mapping[str, Any]:
    """With what only the provider's own document tells (SMART's has no end of session)."""
    issuer = _text(found, "issuer")
    try:
        more = await get(f"{issuer.rstrip('/')}/.well-known/openid-configuration") if issuer else {}
    except AppError:
        return found
    return {**more, **found} if more.get("issuer") == issuer else found


def _endpoints(found: Mapping[str, Any]) -> Endpoints:
    return Endpoints(
        issuer=_text(found, "issuer"),
        authorization=_text(found, "authorization_endpoint"),
        token=_text(found, "token_endpoint"),
        jwks=_text(found, "jwks_uri"),
        revocation=_text(found, "revocation_endpoint"),
        end_session=_text(found, "end_session_endpoint"),
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def _safe(endpoints: Endpoints, base: str) -> bool:
    """A platform behind TLS never sends its residents to a page without; http is for machines of
    developers."""
    addresses = (
        endpoints.authorization,
        endpoints.token,
        endpoints.jwks,
        endpoints.revocation,
        endpoints.end_session,
    )
    schemes = {urlsplit(address).scheme for address in addresses if address}
    return schemes == {"https"} or (schemes <= {"http", "https"} and urlsplit(base).scheme == "http")


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""
