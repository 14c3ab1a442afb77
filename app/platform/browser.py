"""The browser as Pyodide shows it: JavaScript's things for Python, and its failures as ours.

Everything that talks to the browser itself is in the files ``browser_*.py``; what decides is elsewhere and tested
without a browser.
"""

import importlib
import sys
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

from app.errors import AppError, DeviceFull

T = TypeVar("T")
IN_BROWSER = sys.platform == "emscripten"


@dataclass(frozen=True)
class Browser:
    """``js``: what the worker itself has; ``ffi``: Pyodide's bridge to it."""

    js: Any
    ffi: Any

    def options(self, **values: Any) -> Any:
        """A JavaScript object with these properties."""
        return self.ffi.to_js(values, dict_converter=self.js.Object.fromEntries)

    def bytes(self, data: bytes) -> Any:
        """A Uint8Array."""
        return self.ffi.to_js(data)

    def has(self, *path: str) -> bool:
        """Whether the browser knows e.g. ``navigator.locks``."""
        thing = self.js
        for name in path:
            thing = getattr(thing, name, None)
            if thing is None:
                return False
        return True

    async def asked(self, asking: Awaitable[T], problem: type[AppError]) -> T:
        """The answer to a promise. A browser that refuses is ``problem``, one that has no room is DeviceFull."""
        try:
            return await asking
        except self.ffi.JsException as error:
            raise (DeviceFull if error.name == "QuotaExceededError" else problem) from None


def this_browser() -> Browser:
    """The browser this Python runs in."""
    return Browser(importlib.import_module("js"), importlib.import_module("pyodide.ffi"))
