"""What is drawn faster is the same to the byte: what goes to the client, and what is mounted and taken away."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import flet as ft
import msgpack
import pytest
from flet.controls.id_counter import ControlId
from headless import PACK, Screen
from hypothesis import given, settings
from hypothesis import strategies as st

from app.platform.flet_fixes import install
from app.platform.flet_speed import fields_of, parts

UID = re.compile(rb"uid\xaa.{10}", re.DOTALL)  # by chance
KEYS = [None, "a", "b"]
words = st.sampled_from(["", "Hei", "Selkä on kipeä."])
seen = st.booleans()


@dataclass
class Counted:
    """What was mounted and taken away, by kind."""

    came: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)


@ft.control("Text")
class Watched(ft.Text):
    """Tells when it comes and goes."""

    def did_mount(self) -> None:
        self.page.session.store.get("counted").came.append(self.value)

    def will_unmount(self) -> None:
        self.page.session.store.get("counted").went.append(self.value)


@ft.component
def Inner(text: str) -> ft.Control:
    return ft.Row([Watched(text), ft.Icon(ft.Icons.CHECK)])


def _value_objects(text: str) -> ft.Control:
    """Controls and styles in fields that are no lists of controls."""
    return ft.Container(
        ft.FilledButton(text, style=ft.ButtonStyle(padding=4, shape=ft.RoundedRectangleBorder(radius=2))),
        border=ft.Border.all(1, "red"),
        padding=ft.Padding.only(left=3),
        badge=ft.Badge(label=text, bgcolor="red"),
        tooltip=ft.Tooltip(message=text),
    )


Tree = tuple[Any, ...]  # the name of a function of MAKERS, and what it is given


def _keyed(parts: list[Tree], order: list[Any]) -> ft.Control:
    return ft.Row([ft.Container(make(part), key=key) for part, key in zip(parts, order, strict=False)])


MAKERS: dict[str, Callable[..., ft.Control]] = {
    "text": Watched,
    "component": lambda text: Inner(text),
    "values": _value_objects,
    "field": lambda text, off: ft.TextField(value=text, disabled=off, prefix=ft.Text("€")),
    "spans": lambda text: ft.Text(spans=[ft.TextSpan(text, ft.TextStyle(size=9)), ft.TextSpan("!")]),
    "column": lambda parts: ft.Column([make(part) for part in parts]),
    "keyed": _keyed,
    "hidden": lambda part, shown: ft.Container(make(part), visible=shown, on_click=print),
    "named": lambda part: ft.Semantics(make(part), label="x"),
}


def make(tree: Tree) -> ft.Control:
    """The controls of a tree, made anew."""
    return MAKERS[tree[0]](*tree[1:])


def _of(name: str, *given: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    return st.tuples(st.just(name), *given)


def _around(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    many = st.lists(inner, max_size=3)
    return (
        _of("column", many)
        | _of("keyed", many, st.permutations(KEYS))
        | _of("hidden", inner, seen)
        | _of("named", inner)
    )


leaves = (
    _of("text", words)
    | _of("component", words)
    | _of("values", words)
    | _of("field", words, seen)
    | _of("spans", words)
)
trees = st.recursive(leaves, _around, max_leaves=8)


async def _told(frames: list[Tree]) -> tuple[list[bytes], Counted, list[int]]:
    """What the client was sent while one frame after the other was drawn."""
    ControlId._counter = itertools.count(3)
    counted = Counted()

    @ft.component
    def Whole() -> ft.Control:
        n, go_on = ft.use_state(0)
        return ft.Column([ft.Button("next", on_click=lambda: go_on(n + 1)), make(frames[n])])

    screen = Screen(None, width=500)
    screen.session.store.set("counted", counted)
    screen.show(Whole)
    first = UID.sub(b"", msgpack.packb(screen.session.get_page_patch(), default=PACK))
    for _ in frames[1:]:
        await screen.tap(screen.role("button", "next"))
    sent = [msgpack.packb([m.action, m.body], default=PACK) for m in screen.client.messages]
    known = sorted(screen.session._Session__index.keys())  # type: ignore[attr-defined]
    return [first, *sent], counted, known


@settings(max_examples=25)
@given(st.lists(trees, min_size=2, max_size=4))
async def test_the_same_is_sent_mounted_and_taken_away(frames: list[Tree]) -> None:
    """Any screens one after the other: with and without the quicker walks."""
    told = []
    for without in (frozenset[str](), frozenset({"speed"})):
        installed = install(without, strict=True)
        told.append(await _told(frames))
        installed.remove()

    assert told[0] == told[1]


def test_what_is_not_set_is_not_visited() -> None:
    """A text has some forty fields; none of them holds a control."""
    text = ft.Text("Hei", size=20)
    fields = fields_of(ft.Text)

    assert fields is not None
    assert len(fields.rank) > 30
    assert [part for part in parts(text, fields) if not isinstance(part, dict)] == []


@pytest.mark.parametrize("kind", [str, list, type, ft.Icons])
def test_what_is_no_control_has_no_fields(kind: Any) -> None:
    assert fields_of(kind) is None


@ft.observable
class Shown:
    """What the parts of a screen show."""

    def __init__(self) -> None:
        self.words = "Hei"


async def test_what_holds_others_is_drawn_first_and_nothing_twice() -> None:
    """A change that a whole screen and all its parts show: each draws once, in whatever order they heard of it."""
    drawn: list[str] = []
    shown = Shown()

    @ft.component
    def Part(name: str, shown: Shown) -> ft.Control:
        drawn.append(name)
        return ft.Text(f"{name}: {shown.words}")

    @ft.component
    def Whole(shown: Shown) -> ft.Control:
        drawn.append("whole")
        return ft.Column([ft.Text(shown.words), *(Part(name, shown) for name in "abcdefgh")])

    installed = install(strict=True)
    screen = Screen(None, width=500)
    screen.show(lambda: Whole(shown))
    await screen.settle()
    drawn.clear()
    shown.words = "Moi"
    await screen.settle()
    installed.remove()

    assert sorted(drawn) == [*"abcdefgh", "whole"]
    assert "h: Moi" in screen.texts
