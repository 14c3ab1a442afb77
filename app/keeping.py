"""How the stores of a session are kept: in sealed files, or at the browser's places once the device is one's own."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from hashlib import sha256
from typing import Any, Protocol

from app.domain.exchange import Request, Response
from app.errors import AppError, DeviceFull, Locked
from app.offline import rotation
from app.offline.accounts import AccountFiles
from app.offline.drafts import Drafts
from app.offline.outbox import Outbox
from app.offline.places import Keeper, Keeping
from app.offline.salvage import Salvage
from app.offline.store import Store
from app.offline.vault import AesVault, OpenVault
from app.platform.browser_places import BrowserPlaces
from app.platform.devices import Devices
from app.platform.ways import Way
from app.stores.device import OwnDevice
from app.stores.news import News

PUBLIC = "public"
GUEST = sha256(b"guest").hexdigest()
"""What somebody who has not signed in keeps on a device that is nobody's but theirs."""
GUEST_NAME = "guest"
DAMAGED = "damaged"
Send = Callable[[Request], Awaitable[Response | None]]
Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[Any]]


class Cabinet(Protocol):
    """Where stores come from and go to. ``device``: what the resident has said of it."""

    device: OwnDevice

    async def public(self) -> Store:
        """What everybody may read."""
        ...

    async def open(self, account: str) -> tuple[Store, News]:
        """A person's store, and what they must be told of it. Raises ``AppError``."""
        ...

    async def guest(self, make: bool) -> Store | None:
        """What somebody who has not signed in keeps here; None when there is nothing and it is not to be made.

        Raises ``AppError``.
        """
        ...

    async def close(self, store: Store) -> None:
        """Make sure that all of it is kept, before it is closed."""
        ...

    async def forget(self, account: str) -> None:
        """Remove what is kept of the account, and its key. Raises ``AppError``."""
        ...

    async def leave(self) -> None:
        """The page may be left for the sign-in: what is not sent yet must be there when it is back."""
        ...


def cabinet(devices: Devices, spawn: Spawn) -> Cabinet:
    """The one that this device has."""
    return FileCabinet(devices) if devices.places is None else BrowserCabinet(devices, devices.places, spawn)


class FileCabinet:
    """Desktop, phones and served sessions: one sealed file for each account. See ``Cabinet``."""

    def __init__(self, devices: Devices) -> None:
        self._devices, self._files, self.device = devices, AccountFiles(devices.data), OwnDevice()

    async def public(self) -> Store:
        """In memory: it is fetched anew."""
        return Store.open(None, OpenVault(), PUBLIC, self._devices.now)

    async def open(self, account: str) -> tuple[Store, News]:
        """One whose key is lost is set aside, never deleted, and a new one is begun."""
        store = await self._with_its_key(account)
        if store is None:  # another window may just have replaced the key: it is asked for again
            store = await self._with_its_key(account)
        if store is None:
            return await self._anew(account), News.LOCKED
        await self._renew_key(account, store)
        return store, News.SALVAGED if store.salvaged or _newly_damaged(store) else News.NONE

    async def _anew(self, account: str) -> Store:
        """The locked file is set aside; what it had that nobody else has is counted, to be told."""
        left = self._files.pending_count(account)
        self._files.set_aside(account)
        store = self._files.open(account, await self._devices.secrets.data_key(account), self._devices.now)
        store.lost = Salvage(left.waiting + left.refused, left.drafts)
        return store

    async def _with_its_key(self, account: str) -> Store | None:
        """None: it opens neither with the key nor with the coming one. That one takes its place when the app was killed
        after the change and before it was written down. Raises ``Locked`` when the keys cannot be read."""
        secrets = self._devices.secrets
        key, coming = await secrets.data_key(account), await secrets.coming_key(account)
        store = self._opened(account, key)
        if store is None and coming is not None:
            store = self._opened(account, coming)
            if store is not None:
                await secrets.change_key(account)
        return store

    def _opened(self, account: str, key: bytes) -> Store | None:
        """None: this is not its key."""
        try:
            return self._files.open(account, key, self._devices.now)
        except Locked:
            return None

    async def guest(self, make: bool) -> Store | None:
        """A sealed file: this device's own, or in served mode the one whose name this browser remembers."""
        account = await self._guest_account(make)
        if account is None:
            return Store.open(None, OpenVault(), GUEST, self._devices.now) if make else None
        if not make and account not in self._files.list():
            return None
        return (await self.open(account))[0]

    async def _guest_account(self, make: bool) -> str | None:
        if self._devices.keeps:
            return GUEST
        names = self._devices.pending
        if names is None:
            return None
        name = await names.get(GUEST_NAME)
        if name is None and make:
            name = self._devices.new_key()
            await names.set(GUEST_NAME, name)
        return sha256(f"guest|{name}".encode()).hexdigest() if name else None

    async def _renew_key(self, account: str, store: Store) -> None:
        """A key that has served its time is replaced; not while another window has the file, nor on a full device."""
        if not rotation.is_due(store):
            return
        secrets = self._devices.secrets
        coming = await secrets.coming_key(account, make=True)
        if coming is not None and self._rotated(store, coming):
            await secrets.change_key(account)

    def _rotated(self, store: Store, key: bytes) -> bool:
        try:
            return rotation.rotate(store, AesVault(key))
        except DeviceFull:
            return False

    async def close(self, store: Store) -> None:
        """Its file is written by every commit."""

    async def forget(self, account: str) -> None:
        """The key first: whatever interrupts it, nobody can read what is left."""
        await self._devices.secrets.forget_key(account)
        self._files.erase(account)

    async def leave(self) -> None:
        """It is in its file."""


class BrowserCabinet:
    """Static browser client: in memory, and at places of the browser while the device is one's own."""

    def __init__(self, devices: Devices, places: BrowserPlaces, spawn: Spawn) -> None:
        self._devices, self._places, self._spawn = devices, places, spawn
        self._keepers: dict[str, Keeper] = {}
        self._stores: dict[str, Store] = {}
        self._resting: dict[str, bytes] = {}
        self.device = OwnDevice(asked=True, on=places.preferences.own)
        self.device.follows(self._turn_on, self._turn_off)

    async def public(self) -> Store:
        """See ``Cabinet``. It may always be fetched anew."""
        try:
            return (await self.open(PUBLIC))[0]
        except AppError:
            return Store.open(None, OpenVault(), PUBLIC, self._devices.now)

    async def guest(self, make: bool) -> Store | None:
        """In memory like every store; it comes along on the trip to the sign-in."""
        return (await self.open(GUEST))[0]

    async def open(self, account: str) -> tuple[Store, News]:
        """With what was kept, if it is kept and no other tab has it."""
        keeper = Keeper(self._places.place(account), self._spawn, self._devices.later, self._look)
        image = await (keeper.begin() if self.device.on else self._brought(keeper, account))
        image = self._resting.pop(account, None) or image
        try:
            store = Store.open(None, OpenVault(), account, self._devices.now, image=image)
        except AppError:  # a newer app wrote it: it is left as it is
            await keeper.stop()
            raise
        store.keep_at(keeper)
        self._keepers[account], self._stores[account] = keeper, store
        self._look()
        return store, News.LOCKED if keeper.lost else News.NONE

    async def close(self, store: Store) -> None:
        """See ``Cabinet``. What was not sent, by somebody whose session ended by itself, rests in the page's memory."""
        store.flush_ages()
        if not self.device.on and _unsent(store):
            self._resting[store.account] = store.db.image()
        keeper = self._keepers.pop(store.account, None)
        self._stores.pop(store.account, None)
        if keeper is not None:
            await keeper.stop()
        self._look()

    async def forget(self, account: str) -> None:
        """See ``Cabinet``."""
        self._resting.pop(account, None)
        await self._places.erase(account)

    async def leave(self) -> None:
        """Seal what exists nowhere else for the trip; a browser that cannot has told so on every screen."""
        for account, store in self._stores.items():
            if not self.device.on and account != PUBLIC and _unsent(store):
                await self._set_out(self._keepers[account])
        for account, image in self._resting.items():
            keeper = Keeper(self._places.place(account), self._spawn, self._devices.later, lambda: None)
            keeper.image = partial(bytes, image)
            await self._set_out(keeper)

    async def _set_out(self, keeper: Keeper) -> None:
        await self._places.set_out(self._devices.now())
        await keeper.start()
        await keeper.kept()

    async def _brought(self, keeper: Keeper, account: str) -> bytes | None:
        """What was sealed for the trip to the sign-in, which is over: nothing of it stays."""
        if account == PUBLIC or not await self._places.on_trip(self._devices.now()):
            return None
        image = await keeper.begin()
        await keeper.stop()
        await self._places.erase(account)
        if account != GUEST:  # which is opened first; the person's own is still to come
            await self._places.arrive()
        return image

    async def _turn_on(self) -> None:
        await self._places.keep()
        for keeper in tuple(self._keepers.values()):
            await keeper.start()
        self.device.on = True
        self._look()

    async def _turn_off(self) -> None:
        for keeper in self._keepers.values():
            await keeper.stop()
        await self._places.erase_all()
        self._resting.clear()
        self.device.on = False
        self._look()

    def _look(self) -> None:
        """What the resident must know of all that is kept."""
        own = [keeper for account, keeper in self._keepers.items() if account != PUBLIC]
        self.device.elsewhere = any(keeper.state is Keeping.ELSEWHERE for keeper in own)
        self.device.problem = next((keeper.problem for keeper in own if keeper.problem), None)
        if any(keeper.ended for keeper in self._keepers.values()):
            self.device.on = False


def _newly_damaged(store: Store) -> bool:
    """Whether more of the resident's own work cannot be read than they were told of before."""
    count = Drafts(store).unreadable() + store.ledger.unreadable
    told = (store.recall(DAMAGED) or {}).get("count", 0)
    if count > told:
        store.remember(DAMAGED, {"count": count})
    return bool(count > told)


def _unsent(store: Store) -> bool:
    return bool(Drafts(store).all() or Outbox(store).unsettled())


class CarefulWay:
    """A way to the sign-in that ``leave``s nothing behind. See ``platform.ways.Way``."""

    def __init__(self, way: Way, leave: Callable[[], Awaitable[None]]) -> None:
        self._way, self._leave = way, leave

    async def begin(self) -> str:
        """See ``Way``."""
        return await self._way.begin()

    async def go(self, url: str) -> str | None:
        """See ``Way``."""
        await self._leave()
        return await self._way.go(url)

    @property
    def home(self) -> str:
        """See ``Way``."""
        return self._way.home

    async def part(self, url: str) -> None:
        """See ``Way``."""
        await self._leave()
        await self._way.part(url)


def once_kept(store: Store, send: Send) -> Send:
    """Whatever changes something on the server is only sent once the store that says so is on disk."""

    async def sent(request: Request) -> Response | None:
        if request.method != "GET":
            await store.kept()
        return await send(request)

    return sent
