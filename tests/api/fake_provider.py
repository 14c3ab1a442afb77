"""A sign-in provider to try everything on: strict where RFCs are, wrong where a test asks for it."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

BASE = "https://fhir.example/r4"
ISSUER = "https://login.example/auth"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEYS = {
    "ES256": ECKey.generate_key("P-256", {"kid": "e1", "use": "sig"}),
    "RS256": RSAKey.generate_key(2048, {"kid": "r1"}),
}


class FakeProvider:
    """``claims``, ``token_answer``, ``redirect`` go over what is right; ``broken`` answers a path instead."""

    def __init__(self) -> None:
        self.smart: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "revocation_endpoint": f"{ISSUER}/revoke",
            "authorization_response_iss_parameter_supported": True,
        }
        self.openid: dict[str, Any] | None = self.smart | {"end_session_endpoint": f"{ISSUER}/end"}
        self.algorithm, self.date = "ES256", ""
        self.claims: dict[str, Any] = {}
        self.token_answer: dict[str, Any] = {}
        self.redirect: dict[str, str] = {}
        self.broken: dict[str, httpx.Response | Exception] = {}
        self.asked: list[httpx.Request] = []
        self.revoked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._refresh, self._count = "", 0

    @property
    def http(self) -> httpx.AsyncClient:
        """A client that reaches this provider and nothing else."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._handle))

    def identify(self, url: str) -> str:
        """What the resident does on the page at ``url``; the address the browser is then sent to."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{ISSUER}/authorize?")
        code = f"code{len(self._codes)}"
        self._codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": ISSUER} | self.redirect
        return f"{asked['redirect_uri']}?{urlencode({k: v for k, v in answer.items() if v})}"

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path
        if path in self.broken:
            answer = self.broken[path]
            if isinstance(answer, Exception):
                raise answer
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        return self._routes(path, request)

    def _routes(self, path: str, request: httpx.Request) -> httpx.Response:
        if path == "/r4/.well-known/smart-configuration":
            return httpx.Response(200, json=self.smart)
        if path.endswith("/.well-known/openid-configuration"):
            return httpx.Response(200, json=self.openid) if self.openid else httpx.Response(404)
        if path == "/auth/jwks":
            return httpx.Response(200, json={"keys": [k.as_dict(private=False) for k in KEYS.values()]})
        form = {k: v[0] for k, v in parse_qs(request.content.decode()).items()}
        if path == "/auth/revoke":
            self.revoked.append(form["token"])
            return httpx.Response(200)
        assert path == "/auth/token"
        return self._token(form)

    def _token(self, form: dict[str, str]) -> httpx.Response:
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] != self._refresh:
                self._refresh = ""
                return httpx.Response(400, json={"error": "invalid_grant"})
            return self._tokens({})
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not asked or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        return self._tokens({"id_token": self.id_token(asked["nonce"])})

    def _tokens(self, more: dict[str, Any]) -> httpx.Response:
        self._count += 1
        self._refresh = f"refresh{self._count}"
        body = {
            "access_token": f"access{self._count}",
            "token_type": "Bearer",
            "expires_in": 300,
            "refresh_token": self._refresh,
            "patient": "aino",
            "fhirUser": f"{BASE}/Patient/aino",
        }
        answer = {k: v for k, v in (body | more | self.token_answer).items() if v is not None}
        return httpx.Response(200, json=answer, headers={"date": self.date} if self.date else {})

    def id_token(self, nonce: str) -> str:
        """A signed id token, with the claims a test changed (None leaves one out)."""
        now = int(NOW.timestamp())
        claims = {
            "iss": ISSUER,
            "sub": "s-1",
            "aud": "digiklinikka",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
        }
        given = {k: v for k, v in (claims | self.claims).items() if v is not None}
        if self.algorithm == "none":
            parts = (json.dumps(part).encode() for part in ({"alg": "none"}, given))
            return ".".join([*(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts), ""])
        key = KEYS[self.algorithm]
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, given, key)
