"""Run a component in pytest without Flutter: a real Flet session and page, and a client that only records.

    screen = Screen(Composer, store)
    await screen.type("messages.body", "Hei")
    await screen.tap("messages.send")
    assert "Lähetetty" in screen.texts

Controls are found by the identifier of their Semantics, by role, or by label. Every message to the client is encoded
as in production, so a value that cannot be sent fails here too. All of Flet's private names that tests need are in this
one file (flet 1.0.5).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from app.components import Look, Ui, UiContext, make_look
from app.i18n.catalog import Catalog
from app.i18n.format import Formatter
from tests.tree import is_part, role_of, walk, words_of

NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # the present of every test, unless it says otherwise
PACK = configure_encode_object_for_msgpack(BaseControl)


def make_ui(locale: str = "fi", look: Look | None = None, now: Callable[[], datetime] = lambda: NOON) -> Ui:
    """A session's Ui for tests, in ``locale`` (fi, sv, en, fi_selko)."""
    return Ui(Catalog(locale, strict=True), look or make_look(), Formatter(locale), now)


class RecordingClient(Connection):
    """A client that records, checks that every message can be encoded, and answers calls with ``answers[name]``."""

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.pubsubhub = PubSubHub(loop=self.loop)
        self.page_url = "https://app.example"
        self.page_name = ""
        self.messages: list[Any] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers = answers
        self.session: Session | None = None

    def send_message(self, message: Any) -> None:
        msgpack.packb([message.action, message.body], default=PACK)
        self.messages.append(message)
        if message.action is MessageAction.INVOKE_METHOD:
            self.loop.call_soon(self._answer, message.body)

    def dispose(self) -> None:
        pass

    def _answer(self, call: Any) -> None:
        session, args = self.session, call.args or {}
        assert session is not None
        self.calls.append((call.name, args))
        if call.name == "push_route":  # the browser tells the new route back
            session.apply_page_patch({"route": args["route"]})
            self.loop.create_task(
                session.dispatch_event(session.page._i, "route_change", {"route": args["route"]})
            )
        answer = self.answers.get(call.name)
        answer = answer(args) if callable(answer) else answer
        session.handle_invoke_method_results(call.control_id, call.call_id, answer, None)


class Screen:
    """What the resident sees and can touch.

    ``component`` is rendered with ``args`` inside a UiContext, unless ``views`` (the whole app with its routes); with
    None there is only an empty page until ``show``. ``answers`` are what the client returns to called methods, by
    name: a value, or a function of the arguments. An exception that stops the session's drawing is raised in the
    test, unless ``quiet``.
    """

    def __init__(
        self,
        component: Callable[..., Any] | None,
        *args: Any,
        views: bool = False,
        width: float = 400,
        height: float = 800,
        locale: str = "fi",
        look: Look | None = None,
        ui: Ui | None = None,
        route: str = "/",
        answers: dict[str, Any] | None = None,
        quiet: bool = False,
    ) -> None:
        self.client = RecordingClient(answers or {})
        self.session = Session(self.client)
        self.client.session = self.session
        self.page = self.session.page
        self.ui = ui or make_ui(locale, look)
        self.announcements: list[str] = []
        self.quiet = quiet
        self._said: dict[int, str] = {}
        self._heard = -1
        self._still: list[Any] | None = None
        _context_page.set(self.page)
        self.session.apply_page_patch({**_WINDOW, "width": width, "height": height, "route": route})
        if component is not None:
            self.show(component, *args, views=views)

    def show(self, component: Callable[..., Any], *args: Any, views: bool = False) -> None:
        """Draw for the first time."""
        context.reset_auto_update()
        if views:
            self.page.render_views(component, *args)
        else:
            self.page.render(lambda: UiContext(self.ui, lambda: component(*args)))
        msgpack.packb(self.session.get_page_patch(), default=PACK)
        self._listen()

    # --- looking ---------------------------------------------------------------------------------------------------

    @property
    def texts(self) -> list[str]:
        """Every text in sight, in reading order; labels of inputs and buttons too."""
        return [words for control in self.walk() for words in words_of(control)]

    @property
    def text(self) -> str:
        """All texts as one."""
        return "\n".join(self.texts)

    @property
    def crashed(self) -> bool:
        """Whether the client was told that the session is broken."""
        return any(m.action is MessageAction.SESSION_CRASHED for m in self.client.messages)

    @property
    def identifiers(self) -> list[str]:
        """All identifiers in sight."""
        return [c.identifier for c in self.walk() if isinstance(c, ft.Semantics) and c.identifier]

    @property
    def route(self) -> str:
        """The present route."""
        return self.page.route

    def has(self, id: str) -> bool:
        """Whether ``id`` is in sight."""
        return id in self.identifiers

    def find(self, kind: type = BaseControl, **props: Any) -> list[Any]:
        """All controls in sight of ``kind`` whose properties are ``props``."""
        return [
            c
            for c in self.walk()
            if isinstance(c, kind) and all(getattr(c, k, None) == v for k, v in props.items())
        ]

    def part(self, id: str) -> ft.Semantics:
        """The one node with identifier ``id``. Fails, naming what there is, when it is not one."""
        found = [c for c in self.walk() if isinstance(c, ft.Semantics) and c.identifier == id]
        assert len(found) == 1, f"{len(found)} × {id}; in sight: {sorted(set(self.identifiers))}"
        return found[0]

    def control(self, target: Any) -> Any:
        """The control that ``target`` names: an identifier, or the control itself."""
        if isinstance(target, BaseControl):
            return target
        inside = [c for c in self.walk(self.part(target)) if role_of(c)]
        return inside[0] if inside else self.part(target)

    def role(self, role: str, name: str | None = None) -> Any:
        """The one control in ``role`` (button, textbox, heading …) with ``name`` in its name."""
        found = [c for c in self.walk() if role_of(c) == role]
        if name is not None:
            found = [c for c, words in zip(found, self.names(found), strict=True) if name in words]
        assert len(found) == 1, f"{len(found)} × {role} {name!r}; texts: {self.texts}"
        return found[0]

    def label(self, label: str) -> Any:
        """The one input with ``label`` in its label."""
        inputs = [c for c in self.walk() if role_of(c) in _INPUTS]
        found = [c for c, words in zip(inputs, self.names(inputs), strict=True) if label in words]
        assert len(found) == 1, f"{len(found)} × {label!r}; texts: {self.texts}"
        return found[0]

    def name(self, control: Any) -> str:
        """What a screen reader says of ``control``: all words that are merged into its node."""
        return self.names([control])[0]

    def names(self, controls: Iterable[Any]) -> list[str]:
        """The same of several, at the price of one."""
        wanted = list(controls)
        nodes = self._nodes() if any(is_part(control) for control in wanted) else {}
        return [self._said_of(nodes.get(id(one), one) if is_part(one) else one) for one in wanted]

    def _said_of(self, node: Any) -> str:
        return " ".join(words for part in self.walk(node) for words in words_of(part))

    def _nodes(self) -> dict[int, Any]:
        """What is one node for a screen reader together with each control, by the id() of the control."""
        nodes: dict[int, Any] = {}
        everything = list(self.walk())
        for group in everything:
            if isinstance(group, ft.Semantics) and group.label:
                nodes.setdefault(id(group.content), group)
        merged: dict[int, Any] = {}
        for group in everything:
            if isinstance(group, ft.MergeSemantics):
                for part in self.walk(group):
                    merged.setdefault(id(part), group)
        return nodes | merged

    def within(self, id: str) -> list[str]:
        """The texts inside of ``id``."""
        return [words for part in self.walk(self.part(id)) for words in words_of(part)]

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Every heading: its level and its words."""
        found = [c for c in self.walk() if role_of(c) == "heading"]
        return [(c.heading_level, words) for c, words in zip(found, self.names(found), strict=True)]

    def walk(self, root: Any = None) -> Iterator[Any]:
        """Every control in sight, in reading order, dialogs last."""
        if root is None and self._still is not None:
            yield from self._still
            return
        roots = [root] if root is not None else [self.page.views, self.page._dialogs]
        for node in roots:
            yield from walk(node, set())

    @contextmanager
    def still(self) -> Iterator[None]:
        """What is in sight is looked up once for many questions; nothing may be touched inside."""
        self._still = list(self.walk())
        try:
            yield
        finally:
            self._still = None

    # --- touching --------------------------------------------------------------------------------------------------

    async def tap(self, target: Any) -> None:
        """Press ``target``. Fails when it is disabled, as a finger would."""
        control = self.control(target)
        assert not getattr(control, "disabled", False), f"{target} is disabled"
        await self.fire(control, "click")

    async def type(self, target: Any, words: str) -> None:
        """Write ``words`` into a text field, in place of what was there."""
        await self.fire(self.control(target), "change", words, value=words)

    async def submit(self, target: Any) -> None:
        """Press Enter in a text field."""
        control = self.control(target)
        await self.fire(control, "submit", control.value)

    async def choose(self, target: Any, value: Any) -> None:
        """Choose ``value`` in a select or a radio group, or set a checkbox, a date or a time."""
        control = self.control(target)
        if role_of(control) == "button":  # a select: it opens a list
            await self.tap(control)
            await self.tap(f"{target}:{value}")
        else:
            await self.fire(control, "change", value, value=value)

    async def fire(self, control: Any, event: str, data: Any = None, **props: Any) -> None:
        """What a client does: report changed properties, then the event."""
        if props:
            self.session.apply_patch(control._i, props)
        await self.session.dispatch_event(control._i, event, data)
        await self.settle()

    async def go(self, route: str) -> None:
        """Open ``route`` as by a link or the address bar."""
        self.session.apply_page_patch({"route": route})
        await self.session.dispatch_event(self.page._i, "route_change", {"route": route})
        await self.settle()

    async def resize(self, width: float, height: float = 800) -> None:
        """Give the window another size."""
        self.session.apply_page_patch({"width": width, "height": height})
        await self.session.dispatch_event(self.page._i, "resize", {"width": width, "height": height})
        await self.reframe(width, height)

    async def reframe(self, width: float, height: float = 800) -> None:
        """Tell the outermost control that asks that it has another size; the page learns of its own later."""
        sized = next((c for c in self.walk() if getattr(c, "on_size_change", None)), None)
        if sized is not None:
            await self.session.dispatch_event(sized._i, "size_change", {"w": width, "h": height})
        await self.settle()

    async def settle(self, turns: int = 500) -> None:
        """Let everything that is queued happen. Nothing sleeps."""
        session, quiet = self.session, 0
        for _ in range(turns):
            await asyncio.sleep(0)
            busy = (
                session._Session__pending_updates
                or session._Session__pending_effects
                or session._Session__updates_ready.is_set()
                or session._Session__method_calls
            )
            quiet = 0 if busy else quiet + 1
            if quiet >= 8:
                break
        drawing = session._Session__updates_task
        if drawing and drawing.done() and not drawing.cancelled() and drawing.exception() and not self.quiet:
            raise drawing.exception()
        self._listen()

    async def until(self, true: Callable[[], Any], seconds: float = 5.0) -> None:
        """Wait for work outside of the session (a thread, a socket). Fails after ``seconds``, showing the texts."""
        end = self.client.loop.time() + seconds
        while not true():
            assert self.client.loop.time() < end, f"still not so; texts: {self.texts}"
            await asyncio.sleep(0)
            await self.settle()

    async def close(self) -> None:
        """End the session, as when the resident has been away for long."""
        self.session.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def _listen(self) -> None:
        if self._heard == len(self.client.messages):
            return  # nothing was drawn since
        self._heard = len(self.client.messages)
        for node in [c for c in self.walk() if isinstance(c, ft.Semantics) and c.live_region]:
            words = self.name(node)
            if words and self._said.get(node._i) != words:
                self.announcements.append(words)
            self._said[node._i] = words


_WINDOW = {
    "web": True,
    "platform": "linux",
    "platform_brightness": "light",
    "pwa": False,
    "wasm": False,
    "debug": False,
}
_INPUTS = {"textbox", "radiogroup", "checkbox"}
