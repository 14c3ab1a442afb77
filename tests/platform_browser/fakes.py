"""A browser without one: what its tabs share, with the same rules and in memory."""

import asyncio
import hashlib
import os
from datetime import datetime

from app.errors import DeviceFull, Locked
from app.platform.browser_files import Files
from app.platform.browser_places import BrowserPlaces
from app.platform.preferences import BrowserPreferences


class Store:
    """One browser: its files, keys and locks, which outlive its tabs."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.keys: dict[str, bytes] = {}
        self.held: dict[str, FakeTabs] = {}
        self.full = False
        self.freed = asyncio.Event()

    async def tab(self, now: datetime) -> tuple[BrowserPlaces, "FakeTabs"]:
        """Open a tab: what its app starts with, and its locks."""
        files, tabs = FakeFiles(self), FakeTabs(self)
        preferences = BrowserPreferences(files, self.files.get(BrowserPreferences.FILE))
        places = BrowserPlaces(files, FakeSealer(self), tabs, preferences)
        await places.tidy(now)
        return places, tabs


class FakeFiles(Files):
    """See ``Files``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, name: str) -> bytes | None:
        return self._store.files.get(name)

    async def write(self, name: str, data: bytes) -> None:
        if self._store.full:
            raise DeviceFull
        self._store.files[name] = data

    async def delete(self, name: str) -> None:
        self._store.files.pop(name, None)

    async def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._store.files))


class FakeSealer:
    """See ``Sealer``: no cipher, but a value opens only with the same key at the same place."""

    def __init__(self, store: Store) -> None:
        self._keys, self._store = store.keys, store

    async def make(self, name: str) -> None:
        if self._store.full:
            raise DeviceFull
        self._keys.setdefault(name, os.urandom(16))

    async def seal(self, name: str, data: bytes, bound_to: str) -> bytes:
        if name not in self._keys:
            raise Locked
        return self._mark(name, data, bound_to) + data

    async def open(self, name: str, sealed: bytes, bound_to: str) -> bytes:
        data = sealed[32:]
        if name not in self._keys or sealed[:32] != self._mark(name, data, bound_to):
            raise Locked
        return data

    async def forget(self, name: str) -> None:
        self._keys.pop(name, None)

    async def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._keys))

    def _mark(self, name: str, data: bytes, bound_to: str) -> bytes:
        return hashlib.sha256(self._keys[name] + bound_to.encode() + data).digest()


class FakeTabs:
    """See ``Tabs``. ``close``: the browser gives back what the tab had."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, name: str) -> bool:
        return self._store.held.setdefault(name, self) is self

    async def wait(self, name: str) -> None:
        while not await self.take(name):
            self._store.freed.clear()
            await self._store.freed.wait()

    def release(self, name: str) -> None:
        if self._store.held.get(name) is self:
            del self._store.held[name]
            self._store.freed.set()

    def close(self) -> None:
        for name in [name for name, tab in self._store.held.items() if tab is self]:
            self.release(name)
