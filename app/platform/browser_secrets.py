"""The sign-in of a browser: in the page's memory, and sealed beside the stores once the device is one's own.

One tab keeps it: a refresh token that two tabs renew would end the sign-in of both.
"""

import json

from app.errors import AppError, Locked
from app.platform.browser_places import BrowserPlaces
from app.platform.secrets import MemorySecrets

NAME = "secrets"


class BrowserSecrets(MemorySecrets):
    """See ``secrets.Secrets``. What cannot be kept lasts as long as the page."""

    def __init__(self, places: BrowserPlaces) -> None:
        super().__init__()
        self._places, self._place = places, places.place(NAME)
        self._read = False
        places.at_keep(self._write)

    async def get(self, name: str) -> str | None:
        """See ``Secrets``."""
        if not self._read and self._places.preferences.own and await self._place.take():
            self._read = True
            self._kept = await self._stored() | self._kept
        return await super().get(name)

    async def set(self, name: str, value: str) -> None:
        """See ``Secrets``."""
        await super().set(name, value)
        await self._write()

    async def delete(self, name: str) -> None:
        """See ``Secrets``."""
        await super().delete(name)
        await self._write()

    async def _stored(self) -> dict[str, str]:
        try:
            return dict(json.loads(await self._place.read() or b"{}"))
        except (AppError, ValueError):
            return {}

    async def _write(self) -> None:
        """Only what this tab has read it may replace."""
        if not self._places.preferences.own or not await self._place.take():
            return
        if not self._read:
            self._read = True
            await self._stored()
        try:
            await self._place.write(json.dumps(self._kept).encode())
        except Locked:
            self._place.release()
