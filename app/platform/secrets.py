"""Where keys and tokens are kept, and why they are safe there.

desktop   the system's keychain (``KeyringSecrets``)
phones    Keychain, Keystore (``client_storage``)
served    nowhere outside the server's memory; the keys of stored data are derived (``served_secrets``)
static    the memory of the page; sealed in the browser when the device is one's own (``browser_secrets``)

All raise ``Locked`` when something is kept but cannot be read, ``DeviceFull`` when nothing can be kept.
"""

import asyncio
import base64
import binascii
import secrets
from pathlib import Path
from typing import Any, Protocol

import flet as ft

from app.errors import DeviceFull, Locked

SERVICE = "digiklinikka"
KEY_BYTES = 32
_PART = 1000  # characters; Windows keeps no more than 2560 bytes in one entry
_SIDES = ("", "b")  # where the parts of a value are; the next value takes the other one


class Secrets(Protocol):
    """Small named texts nobody else can read, and the keys of the encrypted stores."""

    async def get(self, name: str) -> str | None:
        """What is kept under ``name``, or None."""
        ...

    async def set(self, name: str, value: str) -> None:
        """Keep ``value``."""
        ...

    async def delete(self, name: str) -> None:
        """Forget what is kept under ``name``, if anything is."""
        ...

    async def data_key(self, account: str) -> bytes:
        """The 32 bytes that seal the stored data of ``account``; made at first need, then always the same."""
        ...

    async def coming_key(self, account: str, make: bool = False) -> bytes | None:
        """The key that is about to replace ``data_key``; None when there is none and none is to be made."""
        ...

    async def change_key(self, account: str) -> None:
        """The coming key is the key from now on; the one before is gone for good."""
        ...

    async def forget_key(self, account: str) -> None:
        """Make the stored data of ``account`` unreadable for good."""
        ...


class Keeping:
    """Data keys of those who keep texts: random, and kept among them."""

    async def get(self, name: str) -> str | None:
        raise NotImplementedError

    async def set(self, name: str, value: str) -> None:
        raise NotImplementedError

    async def delete(self, name: str) -> None:
        raise NotImplementedError

    async def data_key(self, account: str) -> bytes:
        """See ``Secrets``. A key that is kept but damaged is Locked, never replaced: the data may still be
        wanted."""
        return await self._made(_key_name(account))

    async def coming_key(self, account: str, make: bool = False) -> bytes | None:
        """See ``Secrets``."""
        name = coming_name(account)
        return await self._made(name) if make or await self.get(name) is not None else None

    async def change_key(self, account: str) -> None:
        """See ``Secrets``. Killed in between, both are the new one."""
        coming = await self.get(coming_name(account))
        if coming is not None:
            await self.set(_key_name(account), coming)
            await self.delete(coming_name(account))

    async def forget_key(self, account: str) -> None:
        """See ``Secrets``."""
        await self.delete(coming_name(account))
        await self.delete(_key_name(account))

    async def _made(self, name: str) -> bytes:
        kept = await self.get(name)
        if kept is not None:
            return _decoded(kept)
        key = secrets.token_bytes(KEY_BYTES)
        await self.set(name, base64.b64encode(key).decode("ascii"))
        return key


class MemorySecrets(Keeping):
    """Gone with the process, or with the page."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        """See ``Secrets``."""
        return self._kept.get(name)

    async def set(self, name: str, value: str) -> None:
        """See ``Secrets``."""
        self._kept[name] = value

    async def delete(self, name: str) -> None:
        """See ``Secrets``."""
        self._kept.pop(name, None)


class KeyringSecrets(Keeping):
    """The keychain of a desktop system. Long values are kept in parts, for Windows limits the length of one.

    ``backend``: a keyring backend; None is the system's own.
    """

    def __init__(self, backend: Any = None) -> None:
        self._backend = backend

    async def get(self, name: str) -> str | None:
        """See ``Secrets``."""
        return await asyncio.to_thread(self._get, name)

    async def set(self, name: str, value: str) -> None:
        """See ``Secrets``."""
        await asyncio.to_thread(self._set, name, value)

    async def delete(self, name: str) -> None:
        """See ``Secrets``."""
        await asyncio.to_thread(self._delete, name)

    def _get(self, name: str) -> str | None:
        first = self._call(Locked, "get_password", name)
        if first is None:
            return None
        count, side, text = _opening(first)
        rest = [self._call(Locked, "get_password", f"{name}.{side}{n}") for n in range(1, count)]
        if None in rest:
            raise Locked
        return "".join((text, *rest))

    def _set(self, name: str, value: str) -> None:
        """The first part comes last: it says on which side the others are, and until it is there the old value stands
        untouched on its own side."""
        before = self._call(DeviceFull, "get_password", name)
        side = _SIDES[before is not None and _opening(before)[1] == _SIDES[0]]
        parts = [value[at : at + _PART] for at in range(0, len(value), _PART)] or [""]
        for n in range(1, len(parts)):
            self._call(DeviceFull, "set_password", f"{name}.{side}{n}", parts[n])
        self._call(DeviceFull, "set_password", name, f"{len(parts)}{side}|{parts[0]}")
        for used in _SIDES:
            self._sweep(name, used, len(parts) if used == side else 1)

    def _delete(self, name: str) -> None:
        if self._call(Locked, "get_password", name) is not None:
            self._call(Locked, "delete_password", name)
        for side in _SIDES:
            self._sweep(name, side, 1)

    def _sweep(self, name: str, side: str, first: int) -> None:
        """Remove the parts from number ``first`` on, the last of them first: what is left has no gap."""
        last = first
        while self._call(Locked, "get_password", f"{name}.{side}{last}") is not None:
            last += 1
        for n in reversed(range(first, last)):
            self._call(Locked, "delete_password", f"{name}.{side}{n}")

    def _call(self, problem: type[Exception], method: str, name: str, *more: str) -> Any:
        import keyring
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            return getattr(self._backend or keyring, method)(SERVICE, name, *more)
        except PasswordDeleteError:
            return None
        except KeyringError:
            raise problem from None


def choose(page: ft.Page, data: Path) -> Secrets:
    """The safest place this client has. ``data``: the folder of the encrypted stores.

    A desktop without a keychain is treated like a server: its keys are as safe as the files of its user.
    """
    if page.web and page.pyodide:
        return MemorySecrets()
    if not page.web and page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS):
        from app.platform.client_storage import SecureStorageSecrets, secure_storage

        return SecureStorageSecrets(secure_storage())
    if not page.web and has_keychain():
        return KeyringSecrets()
    from app.platform.served_secrets import ServedSecrets

    return ServedSecrets(data)


def has_keychain() -> bool:
    """Whether this system has a keychain that works."""
    try:
        import keyring
        from keyring.backends.fail import Keyring
    except ImportError:
        return False
    return not isinstance(keyring.get_keyring(), Keyring)


def coming_name(account: str) -> str:
    """Under which name the key is kept that is about to replace the account's."""
    return f"{_key_name(account)}.next"


def _key_name(account: str) -> str:
    return f"key.{account}"


def _opening(first: str) -> tuple[int, str, str]:
    """Of a value's first part: how many parts there are, on which side, and the text with which it begins."""
    head, _, text = first.partition("|")
    side = _SIDES[head.endswith(_SIDES[1])]
    return int(head.removesuffix(side)), side, text


def _decoded(kept: str) -> bytes:
    try:
        key = base64.b64decode(kept, validate=True)
    except (binascii.Error, ValueError):
        raise Locked from None
    if len(key) != KEY_BYTES:
        raise Locked
    return key
