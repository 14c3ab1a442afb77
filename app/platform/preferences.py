"""Choices (language, size of text, brightness) kept between visits; no health data.

desktop, phones   a small file beside the stores
served            the session only: the server does not know whose browser it is
static            the session only, until the resident says that the device is their own
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Protocol

from app.errors import AppError
from app.platform.browser_files import Files


class Preferences(Protocol):
    """Where choices are kept between visits. Holds no health data. ``lasting``: they are found at the next visit."""

    @property
    def lasting(self) -> bool:
        """Whether they outlive the session."""
        ...

    def get(self, name: str) -> str | None:
        """What was chosen, if anything."""
        ...

    def set(self, name: str, value: str) -> None:
        """Keep a choice."""
        ...


class MemoryPreferences:
    """Choices that end with the session: a browser that is not the resident's own keeps nothing (row J5)."""

    def __init__(self, kept: dict[str, str] | None = None) -> None:
        self._kept = dict(kept or {})

    @property
    def lasting(self) -> bool:
        """They end with the session."""
        return False

    def get(self, name: str) -> str | None:
        """What was chosen in this session, if anything."""
        return self._kept.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a choice for this session."""
        self._kept[name] = value


class FilePreferences(MemoryPreferences):
    """A JSON file. One that cannot be read is no choice made; one that cannot be written lasts for the session."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            super().__init__(_read(file.read_bytes()))
        except OSError:
            super().__init__()

    @property
    def lasting(self) -> bool:
        """They are in the file."""
        return True

    def set(self, name: str, value: str) -> None:
        """Keep a choice; the file is replaced whole."""
        super().set(name, value)
        beside = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(_written(self._kept))
            os.replace(beside, self._file)
        except OSError:
            return


class BrowserPreferences(MemoryPreferences):
    """A file of the browser, whose being there is the resident's word that the device is their own (``own``)."""

    FILE = "choices.json"

    def __init__(self, files: Files, kept: bytes | None) -> None:
        super().__init__(_read(kept or b"{}"))
        self._files, self.own = files, kept is not None
        self._writing: asyncio.Task[None] | None = None

    def set(self, name: str, value: str) -> None:
        """Keep a choice, in the file a moment later."""
        super().set(name, value)
        if self.own and (self._writing is None or self._writing.done()):
            self._writing = asyncio.ensure_future(self._write())

    async def keep(self) -> None:
        """The device is the resident's own: keep choices from now on. Raises ``DeviceFull``."""
        await self._files.write(self.FILE, _written(self._kept))
        self.own = True

    async def forget(self) -> None:
        """It is not: remove the file."""
        self.own = False
        if self._writing is not None:
            await self._writing
        await self._files.delete(self.FILE)

    async def _write(self) -> None:
        written: dict[str, str] = {}
        while self.own and written != self._kept:
            written = dict(self._kept)
            try:
                await self._files.write(self.FILE, _written(written))
            except AppError:
                return


def _read(kept: bytes) -> dict[str, str]:
    try:
        values = json.loads(kept)
    except ValueError:
        return {}
    pairs = values.items() if isinstance(values, dict) else ()
    return {name: value for name, value in pairs if isinstance(value, str)}


def _written(kept: dict[str, str]) -> bytes:
    return json.dumps(kept, sort_keys=True).encode()
