"""Several tabs of one browser: what is kept belongs to one of them at a time (Web Locks)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from app.platform.browser import Browser


class Tabs(Protocol):
    """Who of the open tabs has what. A tab that closes, or dies, gives everything back."""

    async def take(self, name: str) -> bool:
        """Have ``name`` from now on; False: another tab has it."""
        ...

    async def wait(self, name: str) -> None:
        """Have ``name`` as soon as no other tab has it. May be cancelled."""
        ...

    def release(self, name: str) -> None:
        """Give it back, if this tab has it."""
        ...


class BrowserTabs:
    """See ``Tabs``. A browser without locks (before 2022) is not protected from its own second tab."""

    def __init__(self, browser: Browser) -> None:
        self._browser, self._held = browser, dict[str, asyncio.Event]()

    async def take(self, name: str) -> bool:
        """See ``Tabs``."""
        return name in self._held or await self._ask(name, ifAvailable=True)

    async def wait(self, name: str) -> None:
        """See ``Tabs``."""
        abort = self._browser.js.AbortController.new()
        try:
            await self._ask(name, signal=abort.signal)
        except asyncio.CancelledError:
            abort.abort()
            raise

    def release(self, name: str) -> None:
        """See ``Tabs``."""
        held = self._held.pop(name, None)
        if held is not None:
            held.set()

    async def _ask(self, name: str, **how: Any) -> bool:
        if not self._browser.has("navigator", "locks"):
            return True
        answer = asyncio.get_running_loop().create_future()
        holding = self._browser.ffi.create_proxy(self._holder(name, answer))
        options = self._browser.options(**how)
        asking = self._browser.js.navigator.locks.request(f"digiklinikka.{name}", options, holding)
        asyncio.ensure_future(self._end(asking, holding))
        return await answer

    def _holder(
        self, name: str, answer: "asyncio.Future[bool]"
    ) -> Callable[[Any], Coroutine[Any, Any, None]]:
        """Called by the browser with the lock, or without; the lock is held until it returns."""

        async def hold(lock: Any) -> None:
            if answer.done():
                return
            if lock:
                released = self._held[name] = asyncio.Event()
                answer.set_result(True)
                await released.wait()
            else:
                answer.set_result(False)

        return hold

    async def _end(self, asking: Any, holding: Any) -> None:
        try:
            await asking
        except self._browser.ffi.JsException:
            return  # waiting was given up
        finally:
            holding.destroy()
