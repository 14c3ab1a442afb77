"""The provider's signing key and what it signs. A new key at every start: tokens of yesterday are worth nothing."""

from joserfc import jwt
from joserfc.jwk import ECKey

ALGORITHM = "ES256"
Claims = dict[str, object]


class Keys:
    """One P-256 key (RFC 7518 §3.4)."""

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)

    def public(self) -> dict[str, list[object]]:
        """The key set for ``jwks_uri``; no private part."""
        return {"keys": [self._key.as_dict(private=False)]}

    def sign(self, claims: Claims) -> str:
        """A compact JWS of ``claims``."""
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key)
