"""Walking through sign-in as a client does, without the provider's own code."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.datastructures import Headers

from backend_stub.app import Platform

ROOT = "http://127.0.0.1:8299"
VERIFIER = "v" * 64
BACK = "http://127.0.0.1:51234/callback"
SCOPE = "openid fhirUser offline_access launch/patient patient/*.rs patient/Communication.cruds"


def challenge(verifier: str = VERIFIER) -> str:
    """S256 of a verifier, made here on purpose without the provider's own code."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def asked(**changes: str | None) -> dict[str, str]:
    """Parameters of a good authorization request, changed; None leaves one out."""
    params: dict[str, str | None] = {
        "response_type": "code",
        "client_id": "digiklinikka",
        "redirect_uri": BACK,
        "scope": SCOPE,
        "state": "st&te",
        "nonce": "n-1",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
        "aud": f"{ROOT}/fhir",
    }
    return {name: value for name, value in {**params, **changes}.items() if value is not None}


def answer(response: httpx.Response) -> dict[str, str]:
    """The parameters of a redirect back to the client."""
    assert response.status_code in (302, 303), response.text[:300]
    return {
        name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()
    }


async def agree(http: httpx.AsyncClient, resident: str = "aino", **changes: str | None) -> httpx.Response:
    """Walk through the pages and confirm."""
    begun = await http.get("/auth/authorize", params=asked(**changes))
    visit = urlsplit(begun.headers["location"]).path
    return await http.post(f"{visit}/confirm", data={"resident": resident, "bank": "2"})


async def redeem(http: httpx.AsyncClient, code: str, /, **changes: str) -> httpx.Response:
    """The token request for a code."""
    form = {
        "grant_type": "authorization_code",
        "client_id": "digiklinikka",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return await http.post("/auth/token", data={**form, **changes})


async def refresh(http: httpx.AsyncClient, token: str, **changes: str) -> httpx.Response:
    """The token request with a refresh token."""
    form = {"grant_type": "refresh_token", "client_id": "digiklinikka", "refresh_token": token}
    return await http.post("/auth/token", data={**form, **changes})


def bearer(platform: Platform, token: str) -> Any:
    """What the FHIR server hears about a token."""
    return platform.provider.authenticate(Headers({"Authorization": f"Bearer {token}"}))
