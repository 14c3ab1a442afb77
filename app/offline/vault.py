"""What is kept on the device is sealed: nobody reads it without the account's key, and no row can pass for
another.

A sealed value is ``form ‖ nonce ‖ ciphertext``. ``form`` tells whether the plain value was packed; it and
``bound_to`` (account|type|id|version) are authenticated, so a row moved elsewhere does not open.
"""

import os
import zlib
from typing import Protocol

from app.errors import Locked

PLAIN, PACKED = b"\x01", b"\x02"
NONCE = 12
WORTH_PACKING = range(128, 65_536)
"""Sizes in bytes; larger values are pictures, which packing would only slow down."""


class Vault(Protocol):
    """Seals and opens bytes; the browser's WebCrypto can stand behind it as well."""

    def seal(self, data: bytes, bound_to: str) -> bytes:
        """Encrypt ``data`` so that it opens only with the same key and the same ``bound_to``."""

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """The plain bytes; raises ``Locked`` when key, place or content are not what they were."""


class AesVault:
    """AES-256-GCM with a fresh nonce for each value. ``key``: 32 bytes. ``pack``: compress before sealing."""

    def __init__(self, key: bytes, pack: bool = True) -> None:
        from cryptography.exceptions import InvalidTag  # here: there is none in a browser, which has its own
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if len(key) != 32:
            raise Locked
        self._cipher, self._wrong, self._pack = AESGCM(key), InvalidTag, pack

    def seal(self, data: bytes, bound_to: str) -> bytes:
        """Encrypt ``data`` for the place ``bound_to``."""
        form, plain = packed(data) if self._pack else (PLAIN, data)
        nonce = os.urandom(NONCE)
        return form + nonce + self._cipher.encrypt(nonce, plain, form + bound_to.encode())

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """Decrypt what was sealed for ``bound_to``; raises ``Locked``."""
        form, nonce, secret = sealed[:1], sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        try:
            plain = self._cipher.decrypt(nonce, secret, form + bound_to.encode())
        except (self._wrong, ValueError):
            raise Locked from None
        return zlib.decompress(plain) if form == PACKED else plain


class OpenVault:
    """Seals nothing: for a store in memory, of what everybody may read or of what is sealed as a whole (``places``)."""

    def seal(self, data: bytes, bound_to: str) -> bytes:
        """``data``, packed when that makes it smaller."""
        form, plain = packed(data)
        return form + plain

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """What ``seal`` was given; raises ``Locked`` for what it did not make."""
        form, plain = sealed[:1], sealed[1:]
        if form not in (PLAIN, PACKED):
            raise Locked
        return zlib.decompress(plain) if form == PACKED else plain


def packed(data: bytes) -> tuple[bytes, bytes]:
    """Form and content: compressed when that is worth it."""
    if len(data) in WORTH_PACKING:
        small = zlib.compress(data, 1)
        if len(small) < len(data):
            return PACKED, small
    return PLAIN, data


def new_key() -> bytes:
    """A fresh account key, to be kept in the device's secret storage."""
    return os.urandom(32)
