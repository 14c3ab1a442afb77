"""A store in memory that is kept at a place: nothing is called saved before it is, tabs lose nothing."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from app.errors import AppError, DeviceFull, Locked
from app.offline.drafts import Draft, Drafts
from app.offline.intents import Intent
from app.offline.outbox import Outbox
from app.offline.places import Keeper, Keeping
from app.offline.store import Store
from app.offline.vault import OpenVault
from tests.stores.examples import Clock, Timers

ACCOUNT = "account"


class Disk:
    """What all tabs of one browser share."""

    def __init__(self) -> None:
        self.image: bytes | None = None
        self.owner: Spot | None = None
        self.freed = asyncio.Event()
        self.writes = 0
        self.problem: AppError | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    def free(self) -> None:
        self.owner = None
        self.freed.set()


class Spot:
    """One tab's way to the disk."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk

    async def take(self) -> bool:
        self.disk.owner = self.disk.owner or self
        return self.disk.owner is self

    async def wait(self) -> None:
        while not await self.take():
            self.disk.freed.clear()
            await self.disk.freed.wait()

    def release(self) -> None:
        if self.disk.owner is self:
            self.disk.free()

    async def read(self) -> bytes | None:
        if isinstance(self.disk.problem, Locked):
            raise self.disk.problem
        return self.disk.image

    async def write(self, image: bytes) -> None:
        assert self.disk.owner is self, "only who has the place writes"
        await self.disk.gate.wait()
        if isinstance(self.disk.problem, DeviceFull):
            raise self.disk.problem
        self.disk.image, self.disk.writes = image, self.disk.writes + 1


class Tab:
    """One tab with its store."""

    def __init__(self, disk: Disk) -> None:
        self.timers, self.told, self.tasks = Timers(), 0, list[asyncio.Task[Any]]()
        self.keeper = Keeper(Spot(disk), self._spawn, self.timers, self._tell)
        self.saved: list[AppError | None] = []

    def _spawn(self, doing: Coroutine[Any, Any, None]) -> asyncio.Task[Any]:
        self.tasks.append(asyncio.ensure_future(doing))
        return self.tasks[-1]

    def _tell(self) -> None:
        self.told += 1

    async def open(self, keep: bool = True) -> "Tab":
        image = await self.keeper.begin() if keep else None
        self.store = Store.open(None, OpenVault(), ACCOUNT, Clock(), image=image)
        self.store.keep_at(self.keeper)
        self.drafts, self.outbox = Drafts(self.store), Outbox(self.store)
        return self

    def write(self, key: str = "a", text: str = "Selkä on kipeä.") -> None:
        self.drafts.save(Draft(key, "message", "Patient/aino", {"text": text}))
        self.store.when_kept(self.saved.append)

    def put(self, key: str) -> None:
        resource = {"resourceType": "Communication", "id": key, "payload": []}
        self.outbox.put(Intent("create", "Communication", key, resource, "Patient/aino", key=key))

    @property
    def texts(self) -> list[str]:
        return sorted(draft.body["text"] for draft in self.drafts.all())

    @property
    def waiting(self) -> list[str]:
        return [entry.key for entry in self.outbox.entries()]

    def die(self, disk: Disk) -> None:
        """The tab is closed from outside: whatever was not on disk is gone, and the browser frees its lock."""
        for task in self.tasks:
            task.cancel()
        disk.free()


async def turns(count: int = 20) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.fixture
async def disk() -> Disk:
    return Disk()


async def test_what_was_saved_is_there_at_the_next_visit(disk: Disk) -> None:
    tab = await Tab(disk).open()
    tab.write()
    tab.put("m1")
    await tab.store.kept()
    tab.die(disk)
    again = await Tab(disk).open()
    assert (again.texts, again.waiting) == (["Selkä on kipeä."], ["m1"])


async def test_nothing_is_called_saved_before_it_is_on_disk(disk: Disk) -> None:
    tab = await Tab(disk).open()
    disk.gate.clear()
    tab.write()
    await turns()
    assert (tab.saved, disk.image) == ([], None)
    disk.gate.set()
    await turns()
    assert tab.saved == [None]
    assert disk.image is not None


async def test_commits_during_a_write_share_the_next_one(disk: Disk) -> None:
    tab = await Tab(disk).open()
    disk.gate.clear()
    for number in range(50):
        tab.write(text=f"{number}")
        await turns(2)
    disk.gate.set()
    await tab.store.kept()
    assert tab.saved == [None] * 50
    assert disk.writes == 2
    assert (await Tab(disk).open()).drafts.get("a") is None, "another tab works in memory"
    tab.die(disk)
    assert (await Tab(disk).open()).texts == ["49"]


async def test_what_the_server_sent_is_written_a_little_later_in_one_go(disk: Disk) -> None:
    tab = await Tab(disk).open()
    await tab.store.kept()
    before = disk.writes
    for _ in range(10):
        with tab.store.writing("Communication", durable=False):
            pass
    await turns()
    assert disk.writes == before
    tab.timers.fire()
    await turns()
    assert disk.writes == before + 1


async def test_a_tab_that_keeps_nothing_writes_nothing_and_claims_nothing(disk: Disk) -> None:
    tab = await Tab(disk).open(keep=False)
    tab.write()
    await tab.store.kept()
    assert (tab.saved, disk.image, disk.owner) == ([], None, None)
    assert tab.texts == ["Selkä on kipeä."]


async def test_saying_that_the_device_is_ones_own_keeps_what_is_there_and_what_was_kept(disk: Disk) -> None:
    before = await Tab(disk).open()
    before.write("old", "Eilinen.")
    await before.keeper.stop()
    tab = await Tab(disk).open(keep=False)
    tab.write("new", "Tämänpäiväinen.")
    await tab.keeper.start()
    assert tab.texts == ["Eilinen.", "Tämänpäiväinen."]
    await tab.keeper.stop()
    assert (await Tab(disk).open()).texts == ["Eilinen.", "Tämänpäiväinen."]


async def test_a_second_tab_keeps_nothing_until_the_first_is_closed(disk: Disk) -> None:
    first, second = await Tab(disk).open(), await Tab(disk).open()
    assert (first.keeper.state, second.keeper.state) == (Keeping.HERE, Keeping.ELSEWHERE)
    first.write("first", "Yksi.")
    first.put("m1")
    second.write("second", "Kaksi.")
    second.put("m2")
    await first.store.kept()
    assert (second.texts, second.waiting) == (["Kaksi."], ["m2"])
    first.die(disk)
    await turns()
    await second.store.kept()
    assert second.keeper.state is Keeping.HERE
    assert (second.texts, second.waiting) == (["Kaksi.", "Yksi."], ["m2", "m1"])
    second.die(disk)
    assert (await Tab(disk).open()).waiting == ["m2", "m1"]


async def test_a_full_device_is_told_and_the_next_write_is_tried(disk: Disk) -> None:
    tab = await Tab(disk).open()
    disk.problem = DeviceFull()
    tab.write(text="Yksi.")
    await tab.store.kept()
    assert [type(problem) for problem in tab.saved] == [DeviceFull]
    assert isinstance(tab.keeper.problem, DeviceFull)
    disk.problem = None
    tab.write(text="Kaksi.")
    await tab.store.kept()
    assert tab.keeper.problem is None
    assert tab.saved[1] is None


async def test_what_can_no_longer_be_opened_is_said_to_be_lost(disk: Disk) -> None:
    disk.image, disk.problem = b"x", Locked()
    tab = await Tab(disk).open()
    assert (tab.keeper.lost, tab.texts) == (True, [])


async def test_taking_the_keeping_back_lets_another_tab_have_the_place(disk: Disk) -> None:
    first, second = await Tab(disk).open(), await Tab(disk).open()
    await second.keeper.stop()
    await first.keeper.stop()
    await turns()
    assert (disk.owner, second.keeper.state) == (None, Keeping.NOWHERE)
    await second.keeper.start()
    assert second.keeper.state is Keeping.HERE


async def test_a_tab_that_dies_anywhere_leaves_a_whole_image_with_all_that_was_called_saved(
    disk: Disk,
) -> None:
    for number in range(12):
        tab = await Tab(disk).open()
        for step in range(number):
            tab.write(f"{number}-{step}", f"{number}-{step}")
            await turns(step % 3)
        told = len(tab.saved)
        tab.die(disk)
        after = await Tab(disk).open()
        assert {f"{number}-{step}" for step in range(told)} <= set(after.texts)
        after.die(disk)
