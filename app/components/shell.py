"""The frame around every screen: header, emergency line, banner, the screen itself, navigation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.components.base import component, identified, merged, on
from app.components.buttons import button
from app.components.context import use_look, use_text, use_ui
from app.components.feedback import notice
from app.components.layout import icon
from app.components.theme import CONTENT_WIDTH, RADIUS, SPACE, WIDE, Look
from app.platform.flet_fixes import watch_faults

SHARED = 900  # from this width on, at the ordinary text size, header and emergency line fit beside each other
RAIL = 112  # the rail's width; it grows with the text
BAR = 80  # about the height of the bottom bar


@dataclass(frozen=True)
class Destination:
    """One room of the app. ``id`` is its machine name; ``count``: how many things wait in it."""

    id: str
    label: str
    icon: Any
    selected_icon: Any = None
    count: int = 0


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
    heights, set_heights = ft.use_state({"window": float(ft.context.page.height or 0)})
    ui = use_ui()
    page = ft.context.page
    ft.use_effect(lambda: watch_faults(page, lambda: setattr(ui, "fault", True)), [])
    told = _fault(lambda: setattr(ui, "fault", False)) if ui.fault else None
    parts = [
        _top(look, (page.width or 0) / look.scale >= SHARED, header(), emergency()),
        _held("fault", told),
        _held("banner", banner()),
    ]
    above = [part for part in parts if part]

    def measure(name: str) -> Callable[[Any], None]:
        return lambda e: set_heights(lambda now: {**now, name: e.height})

    for part in above:
        part.on_size_change = measure(str(part.key))
    column = _middle(above, body(), heights)
    items = _items(look, wide, destinations, selected, on_select) if len(destinations) > 1 else []
    inner = _with_navigation(look, wide, items, column)

    def resized(e: Any) -> None:
        set_wide(e.width >= WIDE)
        measure("window")(e)

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
    """In the middle, as wide as the screens are."""
    if part is None:
        return None
    inner = ft.Container(part, width=CONTENT_WIDTH, padding=ft.Padding(SPACE["m"], SPACE["s"], SPACE["m"], 0))
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


def _with_navigation(look: Look, wide: bool, items: list[ft.Control], column: ft.Control) -> ft.Control:
    """The rail or the bar beside ``column``, which keeps its place in the tree: what is in it lives on."""
    rail: list[ft.Control] = []
    bar: list[ft.Control] = []
    if items and wide:
        rail = [_rail(look, items)]
    elif items:
        bar = [_bar(look, items)]
    main = ft.Column([column, *bar], key="main", expand=True, spacing=0)
    stretch = ft.CrossAxisAlignment.STRETCH
    return ft.Row([*rail, main], expand=True, spacing=0, vertical_alignment=stretch)


def _rail(look: Look, items: list[ft.Control]) -> ft.Control:
    rail = ft.Container(
        ft.Column(items, spacing=SPACE["s"], scroll=ft.ScrollMode.AUTO),
        width=RAIL * max(1.0, look.scale * 0.85),
        bgcolor=look.colours.surface,
        border=ft.Border(right=ft.BorderSide(look.border, look.colours.outline_soft)),
        padding=ft.Padding(SPACE["s"], SPACE["m"], SPACE["s"], SPACE["m"]),
    )
    return _navigation(rail)


def _bar(look: Look, items: list[ft.Control]) -> ft.Control:
    bar = ft.Container(
        ft.Row(items, spacing=0, vertical_alignment=ft.CrossAxisAlignment.START),
        bgcolor=look.colours.surface,
        border=ft.Border(top=ft.BorderSide(look.border, look.colours.outline_soft)),
        padding=ft.Padding(SPACE["xs"], 6, SPACE["xs"], 6),
    )
    return _navigation(bar)


def _navigation(content: ft.Control) -> ft.Control:
    name = use_text()("kit.navigation")
    return identified("navigation", content, container=True, label=name, key="navigation")


def _items(
    look: Look,
    wide: bool,
    destinations: Sequence[Destination],
    selected: str,
    on_select: Callable[[str], Any],
) -> list[ft.Control]:
    return [_item(look, wide, place, place.id == selected, on_select) for place in destinations]


def _item(
    look: Look, wide: bool, place: Destination, here: bool, on_select: Callable[[str], Any]
) -> ft.Control:
    colour = "on_primary_soft" if here else "text_muted"
    shown = (place.selected_icon or place.icon) if here else place.icon
    mark = icon(shown, 24, colour)
    pill = ft.Container(
        ft.Row([mark, *_count(look, place.count)], tight=True, spacing=SPACE["xs"]),
        padding=ft.Padding(18, 4, 18, 4),
        bgcolor=look.colours.primary_soft if here else None,
        border_radius=RADIUS["full"],
        border=ft.Border.all(2, look.colours.primary) if here and look.contrast else None,
    )
    words = ft.Text(
        place.label,
        style=look.style("small", bold=here, colour="text" if here else "text_muted"),
        text_align=ft.TextAlign.CENTER,
    )
    centre = ft.CrossAxisAlignment.CENTER
    face = ft.Container(
        ft.Column([pill, words], spacing=2, tight=True, horizontal_alignment=centre),
        key=place.id,
        ink=True,
        on_click=on(lambda: on_select(place.id)),
        padding=ft.Padding(2, 6, 2, 6),
        alignment=ft.Alignment.CENTER,
        border_radius=RADIUS["m"],
    )
    return ft.Container(merged(place.id, face, selected=here), expand=None if wide else True)


def _count(look: Look, count: int) -> list[ft.Control]:
    if not count:
        return []
    style = look.style("small", bold=True, colour="on_primary")
    style.height = 1.2
    number = ft.Text(str(count), style=style)
    ground = look.colours.primary
    return [
        ft.Container(number, padding=ft.Padding(8, 1, 8, 1), bgcolor=ground, border_radius=RADIUS["full"])
    ]
