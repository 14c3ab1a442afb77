"""IndexedDB: named things (bytes, keys) on shelves that outlive the page. Each call is one transaction of its own."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from app.errors import AppError, DeviceFull, Locked
from app.platform.browser import Browser

DATABASE, VERSION = "digiklinikka", 1
KEYS, FILES = "keys", "files"


class Shelf:
    """One object store. Raises ``DeviceFull`` when nothing can be put, ``Locked`` when nothing can be read."""

    def __init__(self, browser: Browser, name: str) -> None:
        self._browser, self._name = browser, name

    async def get(self, key: str) -> Any:
        """What lies under ``key`` as JavaScript has it, or None."""
        return await self._do("readonly", lambda shelf: shelf.get(key), Locked)

    async def put(self, key: str, value: Any) -> None:
        """Keep ``value`` in place of what was there; returns when it is on disk."""
        await self._do("readwrite", lambda shelf: shelf.put(value, key), DeviceFull)

    async def delete(self, key: str) -> None:
        """Forget what lies under ``key``."""
        await self._do("readwrite", lambda shelf: shelf.delete(key), Locked)

    async def keys(self) -> tuple[str, ...]:
        """All keys, in order."""
        return tuple(await self._do("readonly", lambda shelf: shelf.getAllKeys(), Locked))

    async def _do(self, mode: str, ask: Callable[[Any], Any], problem: type[AppError]) -> Any:
        database = await self._open(problem)
        try:
            options = self._browser.options(durability="strict")
            transaction = database.transaction(self._name, mode, options)
            request = ask(transaction.objectStore(self._name))
            await self._heard(transaction, ("complete",), ("error", "abort"), problem)
            return request.result
        except self._browser.ffi.JsException:
            raise problem from None
        finally:
            database.close()

    async def _open(self, problem: type[AppError]) -> Any:
        try:
            request = self._browser.js.indexedDB.open(DATABASE, VERSION)
        except self._browser.ffi.JsException:
            raise problem from None
        made = self._browser.ffi.create_proxy(lambda _event: self._make(request.result))
        request.addEventListener("upgradeneeded", made)
        try:
            await self._heard(request, ("success",), ("error", "blocked"), problem)
        finally:
            made.destroy()
        return request.result

    def _make(self, database: Any) -> None:
        for name in (KEYS, FILES):
            database.createObjectStore(name)

    async def _heard(
        self, target: Any, good: Iterable[str], bad: Iterable[str], problem: type[AppError]
    ) -> None:
        """Wait for the first of these events of ``target``; a bad one raises."""
        answer = asyncio.get_running_loop().create_future()
        proxies = []
        for well, names in ((True, good), (False, bad)):
            for name in names:
                proxy = self._browser.ffi.create_proxy(_teller(answer, well))
                proxies.append((name, proxy))
                target.addEventListener(name, proxy)
        try:
            if not await answer:
                full = getattr(getattr(target, "error", None), "name", "") == "QuotaExceededError"
                raise DeviceFull if full else problem
        finally:
            for name, proxy in proxies:
                target.removeEventListener(name, proxy)
                proxy.destroy()


def _teller(answer: "asyncio.Future[bool]", well: bool) -> Callable[[Any], None]:
    def tell(_event: Any) -> None:
        if not answer.done():
            answer.set_result(well)

    return tell
