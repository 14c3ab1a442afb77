"""The frame around every screen: header, emergency line, banner, the screen itself, navigation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app.components.base import component
from app.components.buttons import button
from app.components.context import use_look, use_text, use_ui, use_width
from app.components.feedback import notice
from app.components.navigation import Destination, with_navigation
from app.components.theme import CONTENT_WIDTH, PAGE_WIDTH, SPACE, WIDE, Look
from app.platform.flet_fixes import watch_faults

SHARED = 900  # from this width on, at the ordinary text size, header and emergency line fit beside each other
BAR = 80  # about the height of the bottom bar
NO_WINDOW = 390  # the width taken for granted until the window tells its own


Part = Callable[[], ft.Control | None]


def nothing() -> None:
    """A part that is not there."""


def shell(
    destinations: Sequence[Destination],
    selected: str,
    on_select: Callable[[str], Any],
    body: Part,
    header: Part = nothing,
    emergency: Part = nothing,
    banner: Part = nothing,
) -> ft.Control:
    """The whole frame: a bottom bar on narrow windows, a rail on wide ones. ``on_select`` gets the id.

    The parts are functions that draw them: a control must never be handed from one component to another, for when
    the inner one is drawn again by itself, Flet takes the control for one that was never shown and forgets it.
    """
    return Shell(tuple(destinations), selected, on_select, body, header, emergency, banner)


@component
def Shell(
    destinations: tuple[Destination, ...],
    selected: str,
    on_select: Callable[[str], Any],
    body: Part,
    header: Part,
    emergency: Part,
    banner: Part,
) -> ft.Control:
    """See shell."""
    look = use_look()
    wide, set_wide = ft.use_state((ft.context.page.width or 0) >= WIDE)
    page = ft.context.page
    heights, set_heights = ft.use_state(
        {"window": float(page.height or 0), "width": float(page.width or NO_WINDOW)}
    )
    ui = use_ui()
    ft.use_effect(lambda: watch_faults(page, lambda: setattr(ui, "fault", True)), [])
    told = _fault(lambda: setattr(ui, "fault", False)) if ui.fault else None
    parts = [
        _top(look, use_width() / look.scale >= SHARED, header(), emergency()),
        _held("fault", told),
        _held("banner", banner()),
    ]
    above = [part for part in parts if part]

    def measure(name: str) -> Callable[[Any], None]:
        return lambda e: set_heights(lambda now: {**now, name: e.height})

    for part in above:
        part.on_size_change = measure(str(part.key))
    column = _middle(above, body(), heights)
    inner = with_navigation(look, wide, heights["width"], destinations, selected, on_select, column)

    def resized(e: Any) -> None:
        if e.width != heights["width"]:
            ui.width = e.width
        set_wide(e.width >= WIDE)
        set_heights(lambda now: {**now, "window": e.height, "width": e.width})

    return ft.Container(inner, expand=True, bgcolor=look.colours.background, on_size_change=resized)


LEAST_BODY, LEAST_SHARE = 160, 0.6  # pixels of height; of the window's


def _middle(
    above: Sequence[ft.LayoutControl], body: ft.Control | None, heights: dict[str, float]
) -> ft.Control:
    """What is above the screen and the screen. When large text above it leaves it no room, all of it scrolls."""
    window = heights["window"]
    taken = sum(heights.get(str(part.key), 0) for part in above)
    tight = 0 < window < taken + LEAST_BODY + BAR
    height = max(LEAST_BODY, window * LEAST_SHARE) if tight else None
    return ft.Column(
        [*above, ft.Container(body, key="body", expand=not tight, height=height)],
        key="column",
        expand=True,
        spacing=0,
        scroll=ft.ScrollMode.AUTO if tight else None,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _fault(close: Callable[[], None]) -> ft.Control:
    t = use_text()
    actions = [button("fault.close", t("kit.close"), close, kind="secondary")]
    return notice("error", t("kit.problem"), [t("kit.error.urgent")], actions, id="fault")


def _held(key: str, part: ft.Control | None) -> ft.LayoutControl | None:
    """As wide as what is read, and in line with the screens."""
    if part is None:
        return None
    padding, start = ft.Padding(SPACE["m"], SPACE["s"], SPACE["m"], 0), ft.Alignment.TOP_LEFT
    inner = ft.Container(
        ft.Container(part, width=CONTENT_WIDTH), width=PAGE_WIDTH, padding=padding, alignment=start
    )
    return ft.Column([inner], key=key, horizontal_alignment=ft.CrossAxisAlignment.CENTER, tight=True)


def _top(
    look: Look, shared: bool, header: ft.Control | None, emergency: ft.Control | None
) -> ft.LayoutControl | None:
    """Where there is room the header and the emergency line share a line (``shared``)."""
    edge = ft.Border(bottom=ft.BorderSide(look.border, look.colours.outline_soft))
    parts = [part for part in (header, emergency) if part]
    if not parts:
        return None
    if shared and header and emergency:
        inside: ft.Control = ft.Row([ft.Container(header, expand=True), emergency], spacing=SPACE["m"])
    else:
        inside = ft.Column(parts, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Container(inside, key="top", bgcolor=look.colours.surface, border=edge)
