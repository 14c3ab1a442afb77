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

RAIL = 112  # the rail's width; it grows with the text


@dataclass(frozen=True)
class Destination:
    """One room of the app. ``id`` is its machine name; ``count``: how many things wait in it."""

    id: str
    label: str
    icon: Any
    selected_icon: Any = None
    count: int = 0


def shell(
    destinations: Sequence[Destination],
    selected: str,
    on_select: Callable[[str], Any],
    body: ft.Control,
    header: ft.Control | None = None,
    emergency: ft.Control | None = None,
    banner: ft.Control | None = None,
) -> ft.Control:
    """The whole frame: a bottom bar on narrow windows, a rail on wide ones. ``on_select`` gets the id."""
    return Shell(tuple(destinations), selected, on_select, body, header, emergency, banner)


@component
def Shell(
    destinations: tuple[Destination, ...],
    selected: str,
    on_select: Callable[[str], Any],
    body: ft.Control,
    header: ft.Control | None,
    emergency: ft.Control | None,
    banner: ft.Control | None,
) -> ft.Control:
    """See shell."""
    look = use_look()
    wide, set_wide = ft.use_state((ft.context.page.width or 0) >= WIDE)
    ui = use_ui()
    page = ft.context.page
    ft.use_effect(lambda: watch_faults(page, lambda: setattr(ui, "fault", True)), [])
    told = [_fault(lambda: setattr(ui, "fault", False))] if ui.fault else []
    below = [_held(part) for part in (*told, banner) if part]
    middle = [*_top(look, wide, header, emergency), *below, ft.Container(body, expand=True)]
    column = ft.Column(middle, expand=True, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    inner: ft.Control = column
    if len(destinations) > 1:
        inner = _with_navigation(look, wide, _items(look, wide, destinations, selected, on_select), column)
    resized = lambda e: set_wide(e.width >= WIDE)  # noqa: E731
    return ft.Container(inner, expand=True, bgcolor=look.colours.background, on_size_change=resized)


def _fault(close: Callable[[], None]) -> ft.Control:
    t = use_text()
    actions = [button("fault.close", t("kit.close"), close, kind="secondary")]
    return notice("error", t("kit.problem"), [t("kit.error.urgent")], actions, id="fault")


def _held(part: ft.Control) -> ft.Control:
    """In the middle, as wide as the screens are."""
    inner = ft.Container(part, width=CONTENT_WIDTH, padding=ft.Padding(SPACE["m"], SPACE["s"], SPACE["m"], 0))
    return ft.Column([inner], horizontal_alignment=ft.CrossAxisAlignment.CENTER, tight=True)


def _top(look: Look, wide: bool, header: ft.Control | None, emergency: ft.Control | None) -> list[ft.Control]:
    """On a wide window the header and the emergency line share a line."""
    edge = ft.Border(bottom=ft.BorderSide(look.border, look.colours.outline_soft))
    parts = [part for part in (header, emergency) if part]
    if not parts:
        return []
    if wide and header and emergency:
        inside: ft.Control = ft.Row([emergency, ft.Container(header, expand=True)], spacing=SPACE["m"])
    else:
        inside = ft.Column(parts, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return [ft.Container(inside, bgcolor=look.colours.surface, border=edge)]


def _with_navigation(look: Look, wide: bool, items: list[ft.Control], column: ft.Control) -> ft.Control:
    side = ft.BorderSide(look.border, look.colours.outline_soft)
    name = use_text()("kit.navigation")
    if wide:
        rail = ft.Column(items, spacing=SPACE["s"], scroll=ft.ScrollMode.AUTO)
        edge = ft.Border(right=side)
        width = RAIL * max(1.0, look.scale * 0.85)
        bar = ft.Container(
            rail, width=width, bgcolor=look.colours.surface, border=edge, padding=ft.Padding(8, 16, 8, 16)
        )
        whole = [identified("navigation", bar, container=True, label=name), column]
        return ft.Row(whole, expand=True, spacing=0, vertical_alignment=ft.CrossAxisAlignment.STRETCH)
    line = ft.Row(items, spacing=0, vertical_alignment=ft.CrossAxisAlignment.START)
    bar = ft.Container(
        line, bgcolor=look.colours.surface, border=ft.Border(top=side), padding=ft.Padding(4, 6, 4, 6)
    )
    whole = [column, identified("navigation", bar, container=True, label=name)]
    return ft.Column(whole, expand=True, spacing=0)


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
    ground = look.colours.primary
    round_ = {"padding": ft.Padding(8, 1, 8, 1), "bgcolor": ground, "border_radius": RADIUS["full"]}
    return [ft.Container(ft.Text(str(count), style=style), **round_)]
