"""A talk on one screen: it opens at what is new, follows at its end, and keeps its place while one reads above."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import flet as ft

from app.components.base import Children, identified, on
from app.components.buttons import button
from app.components.layout import screen_body, screen_head, stack
from app.components.theme import CONTENT_WIDTH, SPACE

TOP = SPACE["l"]  # what a screen leaves free above
BELOW = 200  # logical pixels under the last message that one wants to see as well: where to write, or the answer button
SLACK = 48  # so much of the last message may be out of sight for one who has read to its end
OFTEN = 0  # milliseconds: a client with a longer interval keeps to itself what comes sooner, also where it came to rest


class Following:
    """Where the resident is in a talk. ``tell`` hears how many messages have come out of sight; ``next``: what can be
    pressed after the last of them.

    Flet's own ``auto_scroll`` leads to the end of the screen, past what was said last, and ``scroll_to`` does nothing
    before the client has drawn: so the client tells how high what has been said is, and then is told where to go.
    """

    def __init__(self, tell: Callable[[int], None]) -> None:
        self.column: ft.Ref[ft.Column] = ft.Ref()
        self.next: ft.Ref[ft.Button] = ft.Ref()
        self._tell, self._own = tell, uuid4().hex  # two screens of one talk must not share their keys
        self._said: tuple[str, ...] = ()
        self._first, self._missed = "", 0
        self._end = self._window = self._width = self._place = 0.0
        self._opened, self._at_end, self._older = False, True, False

    def key(self, id: str) -> ft.ScrollKey:
        """Of the control that shows the message ``id``."""
        return ft.ScrollKey(f"{self._own}:{id}")  # type: ignore[call-arg]

    def heard(self, said: tuple[str, ...], theirs: frozenset[str], new: str) -> None:
        """What is on the screen now, oldest first, and the first of it that the resident has not seen ("" none)."""
        known, self._said = self._said, said
        if not self._opened:
            self._first = new or said[-1] if said else ""
            return
        self._older = bool(known and said) and known[0] != said[0]
        came = [id for id in said[_after(said, known) :] if id in theirs]
        if came and not self._at_end:
            self._first = self._first if self._missed else came[0]
            self._count(self._missed + len(came))

    def _count(self, missed: int) -> None:
        self._missed = missed
        self._tell(missed)

    async def window(self, width: float, height: float) -> None:
        """How much of the talk is in sight at once. A window of another width is drawn anew from its top, and so is a
        page that was loaded again: only such a client tells twice what it has told."""
        turned = self._opened and width != self._width
        if (width, height) == (self._width, self._window):
            self._begin_anew()
        self._width, self._window = width, height
        if turned and self._at_end and self._said:
            await self._go(self._said[-1])
        await self._open()

    def _begin_anew(self) -> None:
        self._opened, self._at_end, self._place = False, True, 0.0
        self._first = self._said[-1] if self._said else ""
        if self._missed:
            self._count(0)

    async def grown(self, end: float) -> None:
        """How far down the last message ends."""
        more, before, self._end = end - self._end, self._end, end
        if not self._opened:
            await self._open()
        elif self._at_end:
            needed = more if self._place else end + TOP + BELOW - self._window
            await self._move(min(more, needed, before + TOP - self._place))
        elif self._older:
            await self._move(more)
        self._older = False

    async def scrolled(self, place: float, window: float) -> None:
        """The resident, or this, has moved."""
        self._place, self._window = place, window
        self._at_end = place + window >= self._end + TOP - SLACK
        if self._at_end and self._missed:
            self._count(0)

    async def to_new(self) -> None:
        """To the first message that came out of sight. The button goes, so the focus goes on to what is next."""
        self._at_end = True
        self._count(0)
        await self._go(self._first)
        if self.next.current is not None:
            with contextlib.suppress(RuntimeError, TimeoutError):
                await self.next.current.focus()

    async def _open(self) -> None:
        if self._opened or not (self._end and self._window and self._said):
            return
        self._opened = True
        if self._end + TOP + BELOW > self._window:
            await self._go(self._first)

    async def _go(self, id: str) -> None:
        await self._scroll(scroll_key=self.key(id))

    async def _move(self, pixels: float) -> None:
        if pixels > 0:
            await self._scroll(delta=pixels)

    async def _scroll(self, **where: Any) -> None:
        column = self.column.current
        if column is not None:
            with contextlib.suppress(
                RuntimeError, TimeoutError
            ):  # the client or the screen has gone meanwhile
                await column.scroll_to(**where)


def _after(said: Sequence[str], known: Sequence[str]) -> int:
    """The place after the last of ``said`` that was ``known``."""
    old = frozenset(known)
    return next((place + 1 for place in reversed(range(len(said))) if said[place] in old), 0)


def use_following(said: Sequence[str], theirs: frozenset[str], new: str = "") -> tuple[Following, int]:
    """The place in a talk of the messages ``said``, and how many came out of sight. A hook: call it each time.

    ``theirs``: those the resident has not written; ``new``: the first they have not seen.
    """
    missed, tell = ft.use_state(0)
    kept: Any = ft.use_ref(None)
    if kept.current is None:
        kept.current = Following(tell)
    following: Following = kept.current
    now = tuple(said)
    ft.use_effect(lambda: following.heard(now, theirs, new), [now])
    return following, missed


def talk_screen(
    id: str,
    title: str,
    said: Children,
    below: Children,
    following: Following,
    more: str = "",
    back: str | None = None,
) -> ft.Control:
    """As ``Screen``, for a talk. ``said``: everything down to its last message; ``more``: the words of the button that
    leads to what came out of sight ("" none)."""
    head = ft.Container(
        stack([screen_head(title, back), *said], gap="l"),
        key="said",
        on_size_change=on(following.grown, lambda e: (e.height,)),
    )
    body = screen_body(
        stack([head, *below], gap="l"),
        CONTENT_WIDTH,
        ref=following.column,
        key="talk",
        on_size_change=on(following.window, lambda e: (e.width, e.height)),
        on_scroll=on(following.scrolled, lambda e: (e.pixels, e.viewport_dimension)),
        scroll_interval=OFTEN,
    )
    parts = [body, *([_new(more, following)] if more else [])]
    wide = ft.CrossAxisAlignment.STRETCH
    column = ft.Column(parts, spacing=0, expand=True, horizontal_alignment=wide)
    return identified(id, column, container=True, expand=True)


def _new(words: str, following: Following) -> ft.Control:
    """Beneath what scrolls, so that it hides nothing."""
    down = button("talk.new", words, following.to_new, icon=ft.Icons.ARROW_DOWNWARD)
    return ft.Container(down, key="new", padding=SPACE["s"], alignment=ft.Alignment.CENTER)
