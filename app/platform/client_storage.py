"""Storage of the device the resident holds, reached through Flet: a phone's secure one, and any client's
plain one."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from app.errors import DeviceFull, Locked
from app.platform.secrets import Keeping

CLIENT_ANSWERS_WITHIN = 10.0  # seconds; a client that has gone away never answers
T = TypeVar("T")


class SecureStorageSecrets(Keeping):
    """The secure storage of a phone, through Flet.

    ``storage`` is a ``SecureStorage`` of the session (see ``secure_storage``): one that never wipes by
    itself.
    """

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    async def get(self, name: str) -> str | None:
        """See ``Secrets``."""
        return await _answer(self._storage.get(name), Locked)

    async def set(self, name: str, value: str) -> None:
        """See ``Secrets``."""
        await _answer(self._storage.set(name, value), DeviceFull)

    async def delete(self, name: str) -> None:
        """See ``Secrets``."""
        await _answer(self._storage.remove(name), Locked)


class ClientStorage:
    """The plain storage of the client (in a browser: of that very browser). No secret may go here.

    Made for ``StoredPending``: a sign-in that has left must be remembered where it left from.
    """

    def __init__(self, preferences: Any) -> None:
        self._preferences = preferences

    async def get(self, name: str) -> str | None:
        """What is kept under ``name``, or None."""
        value = await _answer(self._preferences.get(name), Locked)
        return value if isinstance(value, str) else None

    async def set(self, name: str, value: str) -> None:
        """Keep ``value``."""
        await _answer(self._preferences.set(name, value), DeviceFull)

    async def delete(self, name: str) -> None:
        """Forget what is kept under ``name``."""
        await _answer(self._preferences.remove(name), Locked)


def secure_storage() -> Any:
    """Flet's secure storage of this session. Its default would wipe everything at the first error of a
    key, and let keys move to another phone with a backup."""
    from flet_secure_storage import AndroidOptions, IOSOptions, KeychainAccessibility, SecureStorage

    return SecureStorage(
        android_options=AndroidOptions(reset_on_error=False),
        ios_options=IOSOptions(accessibility=KeychainAccessibility.FIRST_UNLOCK_THIS_DEVICE),
    )


async def _answer(asking: Awaitable[T], problem: type[Exception]) -> T:
    """The client's answer; what it reports as an error, or never answers, is ``problem``."""
    try:
        async with asyncio.timeout(CLIENT_ANSWERS_WITHIN):
            return await asking
    except (RuntimeError, TimeoutError):
        raise problem from None
