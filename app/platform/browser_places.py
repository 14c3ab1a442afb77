"""What a browser keeps between visits, once the resident has said that the device is their own (row J5).

One folder and one key for each place. Nothing of it is there before that is said, and nothing is left when it is
taken back: the file with the choices stands for the word given. One exception: signing in leaves the page, and what
was not sent yet is sealed for the few minutes until it is back (``set_out``).
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from app.errors import AppError, Locked
from app.platform.browser import Browser, this_browser
from app.platform.browser_files import Files, files
from app.platform.browser_tabs import BrowserTabs, Tabs
from app.platform.browser_vault import BrowserVault, Sealer
from app.platform.preferences import BrowserPreferences

ENDING = ".sealed"
TRIP_FILE, TRIP = "trip.txt", timedelta(minutes=10)


class SealedPlace:
    """One account's image, sealed, in one tab at a time; see ``offline.places.Place``."""

    def __init__(self, files: Files, sealer: Sealer, tabs: Tabs, name: str) -> None:
        self._files, self._sealer, self._tabs, self._name = files, sealer, tabs, name

    async def take(self) -> bool:
        """Have the place for this tab only; False: another tab has it."""
        return await self._tabs.take(self._name)

    async def wait(self) -> None:
        """Have it as soon as no other tab has it."""
        await self._tabs.wait(self._name)

    def release(self) -> None:
        """Let another tab have it."""
        self._tabs.release(self._name)

    async def read(self) -> bytes | None:
        """What was written last. Raises ``Locked``, once, when its key is gone: nobody can open it any more."""
        sealed = await self._files.read(self._name + ENDING)
        try:
            if sealed is not None:
                return await self._sealer.open(self._name, sealed, self._place)
        except Locked:
            await self._files.delete(self._name + ENDING)
            await self._sealer.make(self._name)
            raise
        await self._sealer.make(self._name)
        return None

    async def write(self, image: bytes) -> None:
        """Replace it. Raises ``DeviceFull``, and ``Locked`` when the place was erased, be it by another tab."""
        sealed = await self._sealer.seal(self._name, image, self._place)
        await self._files.write(self._name + ENDING, sealed)

    @property
    def _place(self) -> str:
        return f"{self._name}|image"


class BrowserPlaces:
    """All that this browser keeps. ``preferences``: the choices, and whether anything may be kept at all."""

    def __init__(self, files: Files, sealer: Sealer, tabs: Tabs, preferences: BrowserPreferences) -> None:
        self._files, self._sealer, self._tabs, self.preferences = files, sealer, tabs, preferences
        self._at_keep: list[Callable[[], Awaitable[None]]] = []

    def at_keep(self, do: Callable[[], Awaitable[None]]) -> None:
        """Do this too when the device turns out to be the resident's own."""
        self._at_keep.append(do)

    async def keep(self) -> None:
        """The device is the resident's own. Raises ``DeviceFull`` when the browser lets nothing be kept."""
        await self.preferences.keep()
        for do in self._at_keep:
            await do()

    def place(self, account: str) -> SealedPlace:
        """Where the account's store is kept."""
        return SealedPlace(self._files, self._sealer, self._tabs, account)

    async def erase(self, account: str) -> None:
        """Destroy the key, then the file: whatever interrupts it, nobody can read what is left."""
        await self._sealer.forget(account)
        await self._files.delete(account + ENDING)

    async def erase_all(self) -> None:
        """The device is not the resident's own any more: nothing stays."""
        for account in await self._sealer.names():
            await self._sealer.forget(account)
        await self.preferences.forget()
        for name in await self._files.names():
            await self._files.delete(name)

    async def set_out(self, now: datetime) -> None:
        """The page is left for the sign-in: what is kept from now on may wait ``TRIP`` for its return."""
        await self._files.write(TRIP_FILE, now.isoformat().encode())

    async def arrive(self) -> None:
        """It has returned."""
        await self._files.delete(TRIP_FILE)

    async def on_trip(self, now: datetime) -> bool:
        """Whether the page was left for the sign-in a short while ago."""
        try:
            left = datetime.fromisoformat((await self._files.read(TRIP_FILE) or b"").decode())
            return timedelta() <= now - left <= TRIP
        except (AppError, ValueError, TypeError):
            return False

    async def tidy(self, now: datetime) -> None:
        """At a start: a browser that is not one's own has nothing left of a trip that was never ended."""
        try:
            if not self.preferences.own and await self._files.names() and not await self.on_trip(now):
                await self.erase_all()
        except AppError:
            return  # a browser that cannot be read: the next start tries again


async def browser_places(browser: Browser | None = None) -> BrowserPlaces:
    """The places of this browser. One that lets nothing be kept (a private window) keeps nothing."""
    browser = browser or this_browser()
    folder = files(browser)
    try:
        kept = await folder.read(BrowserPreferences.FILE)
    except AppError:
        kept = None
    preferences = BrowserPreferences(folder, kept)
    places = BrowserPlaces(folder, BrowserVault(browser), BrowserTabs(browser), preferences)
    await places.tidy(datetime.now(UTC))
    return places
