"""Codes and tokens in memory: one-time codes, rotating refresh tokens, families that fall together (RFC 9700 §4.14)."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from backend_stub.clock import Clock
from backend_stub.config import Config

MANY = 5000
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class Refused(Exception):
    """An RFC 6749 §5.2 error for the token endpoint."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


@dataclass(frozen=True)
class Grant:
    """What a resident agreed to. ``patient`` empty means the tester's system token."""

    sub: str
    patient: str
    scopes: tuple[str, ...]
    signed_in: datetime
    nonce: str = ""
    means: str = ""
    family: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def is_system(self) -> bool:
        """Whether this is a tool's grant that no compartment limits."""
        return not self.patient


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint hands out. ``refresh`` is empty without offline access."""

    access: str
    refresh: str
    seconds: int


@dataclass
class _Issued:
    grant: Grant
    until: datetime
    redirect_uri: str = ""
    challenge: str = ""
    used: bool = False


class Grants:
    """All grants of one platform. Expiry goes by the platform's clock."""

    def __init__(self, clock: Clock, config: Config) -> None:
        self._clock, self._config = clock, config
        self.revoke_all()

    def code(self, grant: Grant, redirect_uri: str, challenge: str) -> str:
        """A new authorization code."""
        return self._add(
            self._codes, _Issued(grant, self._after(self._config.code_seconds), redirect_uri, challenge)
        )

    def redeem(self, code: str, redirect_uri: str, verifier: str) -> Grant:
        """The grant behind a code, once. A second try revokes what the first one gave. Raises Refused."""
        issued = self._codes.get(code)
        if issued is None:
            raise Refused("invalid_grant", "unknown code")
        self._once(issued, "the code has been used already")
        if not hmac.compare_digest(issued.redirect_uri.encode(), redirect_uri.encode()):
            raise Refused("invalid_grant", "redirect_uri differs from the one of the request")
        if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(s256(verifier), issued.challenge):
            raise Refused("invalid_grant", "code_verifier does not match")
        return issued.grant

    def tokens(self, grant: Grant, scopes: tuple[str, ...] = ()) -> Tokens:
        """A fresh access token (narrowed to ``scopes``), and a refresh token where offline access was granted."""
        seconds = self._config.access_seconds
        narrowed = replace(grant, scopes=scopes or grant.scopes)
        access = self._add(self._access, _Issued(narrowed, self._after(seconds)))
        refresh = ""
        if {"offline_access", "online_access"} & set(grant.scopes):
            refresh = self._add(self._refresh, _Issued(grant, self._after(self._config.refresh_seconds)))
        return Tokens(access, refresh, seconds)

    def refresh(self, token: str, scopes: tuple[str, ...] = ()) -> Grant:
        """The grant behind a refresh token, once; ``scopes`` must lie within it. Raises Refused."""
        issued = self._refresh.get(token)
        if issued is None:
            raise Refused("invalid_grant", "unknown refresh token")
        if not set(scopes) <= set(issued.grant.scopes):
            raise Refused("invalid_scope", "more than was granted")
        self._once(issued, "the refresh token has been used already")
        return issued.grant

    def access(self, token: str) -> Grant | None:
        """The grant behind a valid access token."""
        issued = self._access.get(token)
        return issued.grant if issued and issued.until > self._clock.now() else None

    def revoke(self, token: str) -> None:
        """End everything that came from the same sign-in; unknown tokens are ignored (RFC 7009 §2.2)."""
        issued = self._refresh.get(token) or self._access.get(token)
        if issued:
            self._revoke_family(issued.grant.family)

    def revoke_all(self) -> None:
        """Sign everybody out."""
        self._codes: dict[str, _Issued] = {}
        self._access: dict[str, _Issued] = {}
        self._refresh: dict[str, _Issued] = {}

    def _once(self, issued: _Issued, reason: str) -> None:
        if issued.used:
            self._revoke_family(issued.grant.family)
            raise Refused("invalid_grant", reason)
        issued.used = True
        if issued.until <= self._clock.now():
            raise Refused("invalid_grant", "expired")

    def _revoke_family(self, family: str) -> None:
        for kept in (self._access, self._refresh):
            for token in [token for token, issued in kept.items() if issued.grant.family == family]:
                del kept[token]

    def _add(self, kept: dict[str, _Issued], issued: _Issued) -> str:
        if len(kept) >= MANY:
            self._forget_expired(kept)
        token = secrets.token_urlsafe(32)
        kept[token] = issued
        return token

    def _forget_expired(self, kept: dict[str, _Issued]) -> None:
        for token in [token for token, issued in kept.items() if issued.until <= self._clock.now()]:
            del kept[token]

    def _after(self, seconds: int) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)


def s256(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
