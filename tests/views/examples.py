"""The whole app in this process: real parts, the real stub platform, a real Flet session; a clock moved by hand.

    county = County(tmp_path)
    aino = await county.signed_in("aino")
    await aino.go("/messages/new")

Nothing sleeps: what waits for a time waits until the clock is moved, what waits for the platform is waited for by
``settle``.
"""

import itertools
import re
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import flet as ft
import httpx

from app import bootstrap
from app.config import Region, load_region
from app.config import Settings as RunSettings
from app.i18n.catalog import Catalog, read
from app.platform.devices import Devices
from app.platform.flet_fixes import TaskBag
from app.platform.secrets import Secrets
from app.platform.served_secrets import ServedSecrets
from app.platform.transport import http_client
from app.stores.own import Own
from app.stores.settings import MemoryPreferences
from app.stores.settings import Settings as Choices
from app.stores.stores import Stores
from app.views.routes import App
from backend_stub.app import Platform, build
from backend_stub.clock import Clock as StubClock
from backend_stub.config import Config
from tests.fhir_schema import problems
from tests.headless import NOON, Screen, role_of
from tests.names import covered, documented
from tests.views.fakes import PORT, ROOT, Clock, Timers, Walk, Wire

LANGUAGES = ("fi", "sv", "en", "fi_selko")
PLACEHOLDER = re.compile(r"\{\w*\}")


class County:
    """One platform and what its residents open on one server or device (``data``)."""

    def __init__(self, data: Path, region: str | Region = "paijat-hame", at: datetime = NOON) -> None:
        self.data, self.clock, self.timers = data, Clock(at), Timers()
        self.stub = build(Config(port=PORT, seed=1), StubClock(lambda: self.clock.at.timestamp()))
        self.platform: Platform = self.stub.state.platform
        self.wire = Wire(self.stub)
        self.region = load_region(region) if isinstance(region, str) else region
        self.secrets: Secrets = ServedSecrets(data)
        self._keys = itertools.count(1)
        self.visits: list[Visit] = []

    def new_key(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._keys):012d}"

    def devices(self, way: Walk) -> Devices:
        return Devices(
            http=http_client(self.wire),
            secrets=self.secrets,
            way=way,
            pending=None,
            private=lambda: http_client(self.wire),
            data=self.data,
            now=self.clock,
            new_key=self.new_key,
            later=self.timers,
            live=False,
            sleep=self.clock.sleep,
            chance=lambda: 0.9,
        )

    async def open(
        self,
        route: str = "/",
        language: str = "",
        *,
        tester: bool = False,
        answers: dict[str, Any] | None = None,
        width: float = 400,
        wait: bool = True,
        kept: MemoryPreferences | None = None,
    ) -> "Visit":
        """Open the app in a new browser tab. ``wait``: until everything that begins by itself is done; ``kept``: the
        choices of a browser that has been here before."""
        preferences = kept or MemoryPreferences()
        if language:
            preferences.set("language", language)
        visit = Visit(self, Choices(preferences, self.region.languages), route, answers, width)
        self.visits.append(visit)
        await visit.begin(tester)
        if wait:
            await visit.settle()
        return visit

    async def signed_in(self, resident: str = "aino", route: str = "/", language: str = "") -> "Visit":
        """The same, with somebody signed in."""
        visit = await self.open(language=language)
        await visit.sign_in(resident)
        if route != "/":
            await visit.go(route)
        return visit

    def tester(self, method: str, path: str, body: Any = None) -> Awaitable[Any]:
        """One of the tester's controls: ``await county.tester("PUT", "offline", {"offline": True})``."""

        async def ask() -> Any:
            async with httpx.AsyncClient(transport=self.wire, base_url=ROOT) as http:
                got = await http.request(method, f"/tester/{path}", json=body)
                assert got.status_code == 200, got.text
                return got.json()

        return ask()

    async def offline(self, offline: bool = True) -> None:
        """Cut the network, or mend it."""
        await self.tester("PUT", "offline", {"offline": offline})

    async def fault(self, kind: str, path: str, **more: Any) -> None:
        """Something goes wrong on purpose."""
        await self.tester("POST", "faults", {"kind": kind, "path": path, **more})

    def patient(self, resident: str) -> str:
        """The id of a resident's Patient."""
        one = self.platform.seeder.roster.get(resident)
        assert one is not None
        return one.patient

    def all(self, type: str) -> list[dict[str, Any]]:
        """What the platform has."""
        return list(self.platform.repository.all(type))

    def thread_id(self, subject: str) -> str:
        """The id of the thread with this subject at the clinic."""
        return next(thread.id for thread in self.platform.clinic.threads() if thread.subject == subject)

    async def close(self) -> None:
        """End all sessions."""
        for visit in self.visits:
            await visit.close()
        for visit in self.visits:
            await visit.devices.http.aclose()
        self.platform.repository.close()
        wrong = [(sent["resourceType"], problems(sent)) for sent in self.wire.written()]
        assert [one for one in wrong if one[1]] == [], "what the app sends must be valid R4"


class Visit(Screen):
    """One session of the app: what is on the screen, and the parts behind it."""

    stores: Stores

    def __init__(
        self, county: County, choices: Choices, route: str, answers: dict[str, Any] | None, width: float
    ) -> None:
        super().__init__(None, route=route, answers=answers, width=width)
        self.county, self.choices = county, choices
        self.way = Walk(county.wire)
        self.devices = county.devices(self.way)

    async def begin(self, tester: bool) -> None:
        """Put the parts together and draw for the first time."""
        run = RunSettings(
            platform_url=ROOT, region=self.county.region.id, tester=tester, data_dir=self.county.data
        )
        texts = partial(Catalog, strict=True)
        bag = TaskBag(self.page)
        self.ui, self.stores = await bootstrap.build(
            run, self.county.region, self.choices, self.devices, bag.create, "1.2.3", texts
        )
        self.show(App, self.ui, self.stores, views=True)

    @property
    def own(self) -> Own:
        """The stores of the person signed in."""
        assert self.stores.session.own is not None, "nobody is signed in"
        return self.stores.session.own

    @property
    def t(self) -> Catalog:
        """The texts of this session."""
        return self.ui.catalog

    def says(self, key: str, **values: object) -> bool:
        """Whether a text stands on the screen."""
        words = self.t(key, **values).replace("\u00a0", " ")
        return any(words in text for text in self.texts)

    async def sign_in(self, resident: str | None = "aino") -> None:
        """Press the button and walk through the provider's pages."""
        self.way.resident = resident
        await self.tap("welcome.sign-in" if self.has("welcome.sign-in") else "banner.sign-in")

    async def languages(self) -> AsyncIterator[str]:
        """The same screen in one language after the other: ``async for language in screen.languages():``."""
        for language in LANGUAGES:
            self.choices.choose("language", language)
            await self.settle()
            yield language

    async def press(self, words: str) -> None:
        """Press the button, card or link whose name begins with ``words``."""
        buttons = [b for b in self.find() if _is_button(b)]
        names = self.names(buttons)
        found = [b for b, name in zip(buttons, names, strict=True) if name.startswith(words)]
        assert len(found) == 1, f"{len(found)} × {words!r}; texts: {self.texts}"
        await self.tap(found[0])

    async def write_to(self, service: str, subject: str = "Selkä", words: str = "Selkä on kipeä.") -> None:
        """From anywhere to a message that is ready to be sent. ``service``: its name."""
        await self.go("/messages/new")
        await self.press(service)
        await self.type("messages.subject", subject)
        await self.type("messages.body", words)

    async def move(self, **by: float) -> None:
        """Let time go by."""
        self.county.clock.move(**by)
        await self.settle()

    async def look_again(self) -> None:
        """Sync now, as after a ring of the doorbell."""
        self.own.sync.nudge()
        await self.own.sync.sync_once()
        await self.settle()

    async def settle(self, turns: int = 500) -> None:
        """Until neither this session nor the platform has anything left to do."""
        wire, quiet = self.county.wire, 0
        for _ in range(400):
            before = len(wire.seen)
            await super().settle(turns)
            quiet = quiet + 1 if not wire.busy and len(wire.seen) == before else 0
            if quiet >= 3:
                return
        raise AssertionError(f"it never comes to rest; texts: {self.texts}")

    def check(self, id: str = "") -> None:
        """What must hold for every screen, in every state, in every language."""
        assert not self.crashed
        with self.still():
            self._check(id)

    def _check(self, id: str) -> None:
        assert [level for level, _ in self.headings].count(1) == 1, self.headings
        assert self.has("emergency")
        assert not id or self.has(id), self.identifiers
        keys = read("fi").keys()
        for words in self.texts:
            assert words not in keys, f"raw key {words}"
            assert not PLACEHOLDER.search(words), words
        assert unexplained(self) == []
        assert nameless(self) == []
        assert [name for name in set(self.identifiers) if not covered(name, documented())] == []


def first(screen: Screen, id: str) -> Any:
    """The first of the controls that are called ``id``, as the rows of a list are."""
    return next(control for control in screen.find() if control.key == id)


def unexplained(screen: Screen) -> list[str]:
    """Names of disabled controls that do not say why."""
    off = [c for c in screen.find(ft.Semantics) if c.disabled]
    return [str(c.identifier) for c in off if not c.label and not _reason(screen, c)]


def _reason(screen: Screen, off: ft.Semantics) -> list[str]:
    """What stands beneath a disabled control."""
    for column in screen.find(ft.Column):
        children = column.controls
        if len(children) == 2 and any(part is off for part in screen.walk(children[0])):
            return [text.value for text in screen.walk(children[1]) if isinstance(text, ft.Text)]
    return []


def nameless(screen: Screen) -> list[str]:
    """Controls that a screen reader could not name."""
    named: set[int] = set()
    for node in screen.find(ft.MergeSemantics):
        if screen.name(node).strip() or _spans(screen, node):
            named |= {id(part) for part in screen.walk(node)}
    pressed = [c for c in screen.find() if _is_button(c) or isinstance(c, ft.TextField)]
    rest = [c for c in pressed if id(c) not in named]
    return [repr(c.key) for c, words in zip(rest, screen.names(rest), strict=True) if not words.strip()]


def _spans(screen: Screen, root: Any) -> list[str]:
    return [c.semantics_label for c in screen.walk(root) if isinstance(c, ft.Text) and c.semantics_label]


def _is_button(control: Any) -> bool:
    return role_of(control) == "button"
