"""Sealing in the browser: AES-256-GCM of WebCrypto, with keys that never leave it.

A key is made not extractable and kept in IndexedDB: the app can use it and cannot read it, so neither can anything
that reads the app's storage or memory. A sealed file is ``form ‖ nonce ‖ ciphertext``; form and ``bound_to`` are
authenticated with it.
"""

import os
from typing import Any, Protocol

from app.errors import DeviceFull, Locked
from app.platform.browser import Browser
from app.platform.browser_shelves import KEYS, Shelf

FORM, NONCE = b"\x01", 12


class Sealer(Protocol):
    """Seals under named keys. ``Locked``: the key is gone, or it is not what was sealed there."""

    async def make(self, name: str) -> None:
        """Have a key of that name; one that is there stays."""
        ...

    async def seal(self, name: str, data: bytes, bound_to: str) -> bytes:
        """Encrypt with the key ``name``."""
        ...

    async def open(self, name: str, sealed: bytes, bound_to: str) -> bytes:
        """The plain bytes."""
        ...

    async def forget(self, name: str) -> None:
        """Destroy the key: what was sealed with it can never be read again."""
        ...

    async def names(self) -> tuple[str, ...]:
        """All keys there are."""
        ...


class BrowserVault:
    """See ``Sealer``. Keys are looked up every time: another tab may have destroyed them."""

    def __init__(self, browser: Browser) -> None:
        self._browser, self._shelf = browser, Shelf(browser, KEYS)

    async def make(self, name: str) -> None:
        """See ``Sealer``."""
        if await self._shelf.get(name) is None:
            kind = self._browser.options(name="AES-GCM", length=256)
            uses = self._browser.ffi.to_js(["encrypt", "decrypt"])
            asking = self._browser.js.crypto.subtle.generateKey(kind, False, uses)
            await self._shelf.put(name, await self._browser.asked(asking, DeviceFull))

    async def seal(self, name: str, data: bytes, bound_to: str) -> bytes:
        """See ``Sealer``."""
        key = await self._shelf.get(name)
        if key is None:
            raise Locked
        nonce = os.urandom(NONCE)
        how = self._how(nonce, bound_to)
        asking = self._browser.js.crypto.subtle.encrypt(how, key, self._browser.bytes(data))
        return FORM + nonce + (await self._browser.asked(asking, DeviceFull)).to_bytes()

    async def open(self, name: str, sealed: bytes, bound_to: str) -> bytes:
        """See ``Sealer``."""
        key = await self._shelf.get(name)
        if key is None or sealed[:1] != FORM:
            raise Locked
        nonce, secret = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        how = self._how(nonce, bound_to)
        asking = self._browser.js.crypto.subtle.decrypt(how, key, self._browser.bytes(secret))
        return (await self._browser.asked(asking, Locked)).to_bytes()

    async def forget(self, name: str) -> None:
        """See ``Sealer``."""
        await self._shelf.delete(name)

    async def names(self) -> tuple[str, ...]:
        """See ``Sealer``."""
        return await self._shelf.keys()

    def _how(self, nonce: bytes, bound_to: str) -> Any:
        more = self._browser.bytes(FORM + bound_to.encode())
        return self._browser.options(name="AES-GCM", iv=self._browser.bytes(nonce), additionalData=more)
