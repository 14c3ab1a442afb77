"""Small whole files of the browser: on its own file system (OPFS), or in IndexedDB where that cannot be written.

A write replaces the file at once or not at all: whoever is cut off while writing leaves the one before.
"""

from typing import Any, Protocol

from app.errors import AppError, DeviceFull, Locked
from app.platform.browser import Browser
from app.platform.browser_shelves import FILES, Shelf

FOLDER = "digiklinikka"


class Files(Protocol):
    """Named files. Raises ``DeviceFull`` when one cannot be written, ``Locked`` when it cannot be read."""

    async def read(self, name: str) -> bytes | None:
        """The whole file, or None when there is none."""
        ...

    async def write(self, name: str, data: bytes) -> None:
        """Replace the file; returns when it is on disk."""
        ...

    async def delete(self, name: str) -> None:
        """Remove the file, if there is one."""
        ...

    async def names(self) -> tuple[str, ...]:
        """All files, in order."""
        ...


def files(browser: Browser) -> Files:
    """The best place this browser has."""
    writable = browser.has("FileSystemFileHandle", "prototype", "createWritable")
    opfs = writable and browser.has("navigator", "storage", "getDirectory")
    return OwnFileSystem(browser) if opfs else ShelfFiles(browser)


class OwnFileSystem:
    """OPFS. ``createWritable`` writes beside the file and swaps when it is closed."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    async def read(self, name: str) -> bytes | None:
        """See ``Files``."""
        handle = await self._handle(name)
        if handle is None:
            return None
        file = await self._browser.asked(handle.getFile(), Locked)
        return (await self._browser.asked(file.arrayBuffer(), Locked)).to_bytes()

    async def write(self, name: str, data: bytes) -> None:
        """See ``Files``."""
        create = self._browser.options(create=True)
        ask, full = self._browser.asked, DeviceFull
        handle = await ask((await self._made_folder()).getFileHandle(name, create), full)
        stream = await ask(handle.createWritable(), full)
        try:
            await ask(stream.write(self._browser.bytes(data)), full)
            await ask(stream.close(), full)
        except AppError:
            await self._give_up(stream)
            raise

    async def delete(self, name: str) -> None:
        """See ``Files``."""
        folder = await self._folder()
        if folder is not None and await self._handle(name) is not None:
            await self._browser.asked(folder.removeEntry(name), Locked)

    async def names(self) -> tuple[str, ...]:
        """See ``Files``."""
        folder, found = await self._folder(), list[str]()
        if folder is None:
            return ()
        entries = folder.keys()
        while not (entry := await self._browser.asked(entries.next(), Locked)).done:
            found.append(str(entry.value))
        return tuple(sorted(found))

    async def _made_folder(self) -> Any:
        root = await self._browser.asked(self._browser.js.navigator.storage.getDirectory(), DeviceFull)
        create = self._browser.options(create=True)
        return await self._browser.asked(root.getDirectoryHandle(FOLDER, create), DeviceFull)

    async def _folder(self) -> Any:
        """None when nothing was ever kept: looking must not leave a trace."""
        root = await self._browser.asked(self._browser.js.navigator.storage.getDirectory(), Locked)
        return await self._found(root.getDirectoryHandle(FOLDER))

    async def _handle(self, name: str) -> Any:
        folder = await self._folder()
        return None if folder is None else await self._found(folder.getFileHandle(name))

    async def _found(self, asking: Any) -> Any:
        try:
            return await asking
        except self._browser.ffi.JsException as error:
            if error.name == "NotFoundError":
                return None
            raise Locked from None

    async def _give_up(self, stream: Any) -> None:
        try:
            await stream.abort()
        except self._browser.ffi.JsException:
            return  # it is closed already; the file is the one before


class ShelfFiles:
    """One value of IndexedDB for each file."""

    def __init__(self, browser: Browser) -> None:
        self._browser, self._shelf = browser, Shelf(browser, FILES)

    async def read(self, name: str) -> bytes | None:
        """See ``Files``."""
        found = await self._shelf.get(name)
        return None if found is None else found.to_bytes()

    async def write(self, name: str, data: bytes) -> None:
        """See ``Files``."""
        await self._shelf.put(name, self._browser.bytes(data))

    async def delete(self, name: str) -> None:
        """See ``Files``."""
        await self._shelf.delete(name)

    async def names(self) -> tuple[str, ...]:
        """See ``Files``."""
        return await self._shelf.keys()
