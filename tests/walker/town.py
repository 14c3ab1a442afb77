"""Where the walker walks: the real platform, one device, up to two windows of the app, a network that fails."""

import asyncio
import concurrent.futures
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flet.controls.context import _context_page

from app import bootstrap
from app.config import Settings as RunSettings
from app.i18n.catalog import Catalog
from app.main import _away, _back
from app.platform import lifecycle
from app.platform.activity import watch_activity
from app.platform.devices import Devices
from app.platform.flet_fixes import TaskBag
from app.platform.secrets import MemorySecrets
from app.stores.settings import MemoryPreferences
from app.stores.settings import Settings as Choices
from app.views.routes import App
from tests.headless import Screen
from tests.views.examples import County, Visit
from tests.views.fakes import ROOT, Walk

DEVICES = ("phone", "served", "browser")
ANYBODY = "anybody"
COST = 2**10  # of a PIN's key: it is slow on purpose, and not what is looked for here


class AtOnce(concurrent.futures.ThreadPoolExecutor):
    """Threads without threads: what happens does not depend on who is faster."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **more: Any) -> Any:
        done: concurrent.futures.Future[Any] = concurrent.futures.Future()
        try:
            done.set_result(fn(*args, **more))
        except Exception as error:  # noqa: BLE001 - as the real one: whoever waits gets it
            done.set_exception(error)
        return done


class Finger:
    """What the phone recognises."""

    async def available(self) -> bool:
        return True

    async def confirm(self, reason: str) -> bool:
        return True


class Town(County):
    """One platform, one device. ``device``: phone (keeps the sign-in, may be locked), served (ends unused sessions),
    browser. ``skew``: how wrong its clock is. ``worn``: how often each thing was touched."""

    def __init__(self, data: Path, device: str) -> None:
        super().__init__(data)
        self.device, self.skew = device, timedelta()
        self.windows: list[Window] = []
        self.free: Callable[[], None] | None = None
        self.preferences = MemoryPreferences()
        self.worn = Counter[str]()
        if device == "phone":
            self.secrets = MemorySecrets()

    def now(self) -> datetime:
        """By the device's clock."""
        return self.clock() + self.skew

    def devices(self, way: Walk) -> Devices:
        """See County."""
        found = replace(super().devices(way), now=self.now)
        return replace(found, keeps=True, recognition=Finger()) if self.device == "phone" else found

    async def open_window(self, route: str = "/") -> "Window":
        """One more window; ``windows`` are those that are open."""
        window = Window(self, route)
        self.visits.append(window)
        self.windows.append(window)
        await window.begin(tester=False)
        await window.settle()
        return window

    async def close_window(self, window: "Window") -> None:
        """The tab is closed, the app is ended."""
        self.windows.remove(window)
        await window.close()

    def let_go(self) -> None:
        """What was held up arrives."""
        free, self.free = self.free, None
        if free:
            free()

    async def end(self) -> None:
        """End everything; what the app sent is looked over. Raises AssertionError when some of it was no R4."""
        self.let_go()
        self.platform.faults.clear()
        for window in self.windows:
            await window.rest()
        await self.close()


class Window(Visit):
    """One window. ``doing``: what was begun and has not ended; ``past``: where it has been."""

    def __init__(self, town: Town, route: str) -> None:
        choices = Choices(town.preferences, town.region.languages)
        super().__init__(town, choices, route, {"pick_files": []}, 400)  # type: ignore[arg-type]
        self.doing: set[asyncio.Task[None]] = set()
        self.past = [route]

    async def begin(self, tester: bool) -> None:
        """As app.main does it, with a device and a clock that are moved by hand."""
        town: Any = self.county
        served = town.device == "served"
        run = RunSettings(
            platform_url=ROOT, region=town.region.id, tester=tester, data_dir=town.data, web=served
        )
        self.ui, self.stores = await bootstrap.build(
            run,
            town.region,
            self.choices,
            self.devices,
            TaskBag(self.page).create,
            "1.2.3",
            partial(Catalog, strict=True),
        )
        if self.stores.unlock is not None:
            self.stores.unlock._secrets._cost = COST
        if self.stores.idle is not None:
            watch_activity(self.page, self.stores.idle.touch)
        lifecycle.follow(self.page, partial(_back, self.stores), partial(_away, self.stores))
        self.show(App, self.ui, self.stores, views=True)

    @property
    def who(self) -> str:
        """The key of whoever is signed in here; ANYBODY while nobody is."""
        own = self.stores.session.own
        if own is None:
            return ANYBODY
        return next(one.key for one in self.county.platform.seeder.roster if one.patient == own.person_id)

    def enter(self) -> None:
        """What is done now is done in this window."""
        _context_page.set(self.page)

    async def begin_to(self, control: Any, event: str, data: Any = None, **props: Any) -> None:
        """Do something to ``control``; what waits for the network goes on while others are done."""
        await self.start(Screen.fire(self, control, event, data, **props))

    async def start(self, work: Any) -> None:
        """Begin something and let everything happen that can."""
        task = asyncio.ensure_future(work)
        self.doing.add(task)
        for _ in range(3):
            await asyncio.sleep(0)
        await self.rest()

    async def rest(self) -> None:
        """Until nothing moves any more; what failed fails here."""
        self.enter()
        await self.settle()
        ended = {task for task in self.doing if task.done()}
        self.doing -= ended
        for task in ended:
            task.result()
        if self.route != self.past[-1]:
            self.past = [*self.past, self.route][-20:]
