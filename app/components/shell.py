"""The frame around every screen: header, emergency line, banner, the screen itself, navigation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.components.base import on
from app.components.context import use_look
from app.components.theme import WIDE


@dataclass(frozen=True)
class Destination:
    """One room of the app. ``id`` is its machine name; ``count`` of things that wait in it."""

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
    """The whole frame: a bottom bar on narrow windows, a rail on wide ones."""
    return Shell(tuple(destinations), selected, on_select, body, header, emergency, banner)


@ft.component
def Shell(destinations, selected, on_select, body, header, emergency, banner):  # type: ignore[no-untyped-def]
    look = use_look()
    wide, set_wide = ft.use_state((ft.context.page.width or 0) >= WIDE)
    place = next((i for i, d in enumerate(destinations) if d.id == selected), 0)
    pick = on(on_select, lambda e: (destinations[e.control.selected_index].id,))
    middle = [c for c in (header, emergency, banner) if c] + [ft.Container(body, expand=True)]
    column = ft.Column(middle, expand=True, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    if len(destinations) < 2:
        inner: ft.Control = column
    elif wide:
        rail = ft.NavigationRail(
            destinations=[ft.NavigationRailDestination(icon=d.icon, label=d.label) for d in destinations],
            selected_index=place,
            on_change=pick,
            label_type=ft.NavigationRailLabelType.ALL,
        )
        inner = ft.Row([rail, column], expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)
    else:
        bar = ft.NavigationBar(
            destinations=[ft.NavigationBarDestination(icon=d.icon, label=d.label) for d in destinations],
            selected_index=place,
            on_change=pick,
        )
        inner = ft.Column([column, bar], expand=True, spacing=0)
    return ft.Container(
        inner,
        expand=True,
        bgcolor=look.colours.background,
        on_size_change=lambda e: set_wide(e.width >= WIDE),
    )
