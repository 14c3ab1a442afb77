"""PINs: which will do, how often they may be tried, and the slow way from one to a key (row H2)."""

import base64
import itertools
import secrets as random
from datetime import timedelta
from enum import Enum, auto

from app.platform.secrets import KEY_BYTES

LEAST, MOST = 4, 8  # digits of a PIN
TRIES = 10
FREE_TRIES = 3
WAITS = tuple(timedelta(seconds=s) for s in (30, 60, 300, 900, 1800, 3600))
COST = 2**16  # scrypt: 64 MB and about 0.2 s on a phone of the cheaper kind


class BadPin(Enum):
    """Why a new PIN will not do."""

    LENGTH = auto()
    SIMPLE = auto()
    DIFFERENT = auto()


def check(pin: str, again: str) -> BadPin | None:
    """What is wrong with a new PIN: 4 to 8 digits, not all alike and not in a row, and written the same way twice."""
    if not (LEAST <= len(pin) <= MOST and pin.isascii() and pin.isdigit()):
        return BadPin.LENGTH
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        return BadPin.SIMPLE
    return BadPin.DIFFERENT if pin != again else None


def wait_after(failures: int) -> timedelta:
    """How long after so many wrong PINs the next may be tried."""
    return WAITS[min(failures - FREE_TRIES, len(WAITS) - 1)] if failures >= FREE_TRIES else timedelta(0)


def pin_key(pin: str, salt: str, cost: int) -> bytes:
    """The key that a PIN stands for; slow on purpose. ``cost``: of scrypt, a power of two."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(base64.b64decode(salt), KEY_BYTES, n=cost, r=8, p=1).derive(pin.encode())


def subject_key(subject: str, salt: str) -> bytes:
    """The key that the provider's name for a person stands for."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, base64.b64decode(salt), b"digiklinikka unlock").derive(subject.encode())


def wrap(key: bytes, value: bytes, place: str = "") -> str:
    """Seal ``value`` so that it opens only with ``key`` and for ``place``."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = random.token_bytes(12)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, value, place.encode())).decode()


def unwrap(key: bytes, wrapped: str, place: str = "") -> bytes | None:
    """What was sealed, or None when key or place are others."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    sealed = base64.b64decode(wrapped)
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], place.encode())
    except InvalidTag:
        return None
