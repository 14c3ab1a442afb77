"""Is an id token the provider's word about this very sign-in? (OpenID Connect Core 1.0 §3.1.3.7)"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from app.errors import SignedOut

TOLERANCE = timedelta(minutes=5)

Claims = Mapping[str, Any]
Key = Mapping[str, Any]


def check(
    token: str, *, issuer: str, client_id: str, nonce: str | None, now: datetime, keys: Sequence[Key] | None
) -> Claims:
    """The claims of an id token that is right in every respect; raises SignedOut otherwise.

    ``nonce`` None: of a renewed token, which has none. ``keys``: the provider's JWKS; None takes TLS for the
    signature, as ``_signed`` does.
    """
    try:
        head, body, signature = token.split(".")
        header, claims = _json(head), _json(body)
    except ValueError:
        raise SignedOut from None
    right = (
        claims.get("iss") == issuer
        and _for_us(claims, client_id)
        and isinstance(claims.get("sub"), str)
        and (nonce is None or claims.get("nonce") == nonce)
        and _in_time(claims, now)
        and _signed(header, f"{head}.{body}".encode(), signature, keys)
    )
    if not right:
        raise SignedOut
    return claims


def _for_us(claims: Claims, client_id: str) -> bool:
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    return client_id in several and claims.get("azp", client_id if len(several) == 1 else None) == client_id


def _in_time(claims: Claims, now: datetime) -> bool:
    ends = claims.get("exp")
    return isinstance(ends, int | float) and now.timestamp() < ends + TOLERANCE.total_seconds()


def _signed(header: Claims, data: bytes, signature: str, keys: Sequence[Key] | None) -> bool:
    """Whether one of the keys made the signature.

    Without ``cryptography`` (the browser has none) the answer is yes: the token came straight from the token
    endpoint over TLS, and §3.1.3.7 point 6 lets that stand in for the signature. "none" is refused even then.
    """
    algorithm = str(header.get("alg"))
    if algorithm not in _KEY_TYPES:
        return False
    if keys is None:
        return True
    try:
        verify = _verifiers()[algorithm]
    except ImportError:
        return True
    fitting = [k for k in keys if k.get("kty") == _KEY_TYPES[algorithm] and k.get("use", "sig") == "sig"]
    kid = header.get("kid")
    named = [k for k in fitting if k.get("kid") == kid] if kid else fitting
    return any(_right(verify, key, data, signature) for key in named)


_KEY_TYPES = MappingProxyType({"ES256": "EC", "RS256": "RSA"})
_Verify = Callable[[Key, bytes, bytes], None]


def _right(verify: _Verify, key: Key, data: bytes, signature: str) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        verify(key, data, _bytes(signature))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True


def _verifiers() -> dict[str, _Verify]:
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
    from cryptography.hazmat.primitives.hashes import SHA256

    def es256(key: Key, data: bytes, signature: bytes) -> None:
        if key.get("crv") != "P-256" or len(signature) != 64:
            raise ValueError
        public = ec.EllipticCurvePublicNumbers(_int(key["x"]), _int(key["y"]), ec.SECP256R1()).public_key()
        r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
        public.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))

    def rs256(key: Key, data: bytes, signature: bytes) -> None:
        public = rsa.RSAPublicNumbers(_int(key["e"]), _int(key["n"])).public_key()
        public.verify(signature, data, padding.PKCS1v15(), SHA256())

    return {"ES256": es256, "RS256": rs256}


def _json(part: str) -> Claims:
    value = json.loads(_bytes(part))
    if not isinstance(value, dict):
        raise ValueError
    return value


def _int(part: str) -> int:
    return int.from_bytes(_bytes(part), "big")


def _bytes(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        raise ValueError from None
