"""The rooms of the app: a bar below the screen, or a rail beside it on a wide window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.components.base import identified, merged, on
from app.components.context import use_text
from app.components.theme import RADIUS, SPACE, TYPE, Look, word_width

RAIL = 112  # the rail's least width; longer words make it wider
SURE = 0.98  # of what fits by the widths of letters: these are rounded
LEAST = 44  # logical pixels: nothing that is pressed is narrower
SIDE = 2  # pixels between an item's words and its edge
PILL = 18  # pixels beside the icon, where there is room
COUNT = 24  # pixels: how much wider the icon is with a count beside it
COUNTED = 24 + COUNT + 2 * SIDE + 4  # the least width with a count
BIGGEST = 1.25  # as a multiple: icons and counts stop growing here, and leave the room to the words


@dataclass(frozen=True)
class Destination:
    """One room of the app. ``id`` is its machine name; ``count``: how many things wait in it."""

    id: str
    label: str
    icon: Any
    selected_icon: Any = None
    count: int = 0


@dataclass(frozen=True)
class Slot:
    """The place of one item: its width and the size of its words, in logical pixels; in a bar also its ``share`` of it,
    in thousandths."""

    width: float
    size: float
    share: int = 0


def bar_slots(look: Look, destinations: Sequence[Destination], width: float) -> list[Slot]:
    """Long words get more of the bar than short ones; the text is as large as it can be with no word broken."""
    ems = [word_width(place.label) for place in destinations]
    needs = [
        max(COUNTED if place.count else LEAST, em * TYPE["small"] + 2 * SIDE)
        for place, em in zip(destinations, ems, strict=True)
    ]
    whole = sum(needs)
    widths = [need * (width - 2 * SPACE["xs"]) / whole for need in needs]
    fits = min((wide - 2 * SIDE) / em for wide, em in zip(widths, ems, strict=True))
    small = min(look.size("small"), fits * SURE)
    return [Slot(wide, small, round(1000 * need / whole)) for wide, need in zip(widths, needs, strict=True)]


def rail_slots(look: Look, labels: Sequence[str]) -> list[Slot]:
    """As wide as the longest word."""
    size = look.size("small")
    longest = max(word_width(label) for label in labels)
    return [Slot(max(RAIL - 2 * SPACE["s"], longest * size + 2 * SIDE), size) for _ in labels]


def with_navigation(
    look: Look,
    wide: bool,
    window: float,
    destinations: Sequence[Destination],
    selected: str,
    on_select: Callable[[str], Any],
    column: ft.Control,
) -> ft.Control:
    """The rail or the bar beside ``column``, which keeps its place in the tree: what is in it lives on.

    ``window``: its width in logical pixels.
    """
    rail: list[ft.Control] = []
    bar: list[ft.Control] = []
    if len(destinations) > 1:
        labels = [place.label for place in destinations]
        slots = rail_slots(look, labels) if wide else bar_slots(look, destinations, window)
        items = [
            _item(look, wide, slot, place, place.id == selected, on_select)
            for slot, place in zip(slots, destinations, strict=True)
        ]
        rail = [_rail(look, slots[0].width, items)] if wide else []
        bar = [] if wide else [_bar(look, items)]
    main = ft.Column([column, *bar], key="main", expand=True, spacing=0)
    stretch = ft.CrossAxisAlignment.STRETCH
    return ft.Row([*rail, main], expand=True, spacing=0, vertical_alignment=stretch)


def _rail(look: Look, width: float, items: list[ft.Control]) -> ft.Control:
    rail = ft.Container(
        ft.Column(items, spacing=SPACE["s"], scroll=ft.ScrollMode.AUTO),
        width=width + 2 * SPACE["s"],
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


def _item(
    look: Look, wide: bool, slot: Slot, place: Destination, here: bool, on_select: Callable[[str], Any]
) -> ft.Control:
    style = look.style("small", bold=here, colour="text" if here else "text_muted")
    style.size, style.height = slot.size, 1.3
    words = ft.Text(place.label, style=style, text_align=ft.TextAlign.CENTER)
    centre = ft.CrossAxisAlignment.CENTER
    face = ft.Container(
        ft.Column(
            [_pill(look, slot, place, here), words], spacing=2, tight=True, horizontal_alignment=centre
        ),
        key=place.id,
        ink=True,
        on_click=on(lambda: on_select(place.id)),
        padding=ft.Padding(SIDE, 6, SIDE, 6),
        alignment=ft.Alignment.CENTER,
        border_radius=RADIUS["m"],
    )
    return ft.Container(merged(place.id, face, selected=here), expand=None if wide else slot.share)


def _pill(look: Look, slot: Slot, place: Destination, here: bool) -> ft.Control:
    """The icon and how many things wait; where one is, upon a coloured ground."""
    scale = min(look.scale, BIGGEST)
    shown = (place.selected_icon or place.icon) if here else place.icon
    colour = look.colours.on_primary_soft if here else look.colours.text_muted
    inner = 24 * scale + (COUNT * scale if place.count else 0)
    sides = max(0, min(PILL, (slot.width - 2 * SIDE - inner) / 2 - 2))
    return ft.Container(
        ft.Row(
            [ft.Icon(shown, size=24 * scale, color=colour), *_count(look, scale, place.count)],
            tight=True,
            spacing=1,
        ),
        padding=ft.Padding(sides, 4, sides, 4),
        bgcolor=look.colours.primary_soft if here else None,
        border_radius=RADIUS["full"],
        border=ft.Border.all(2, look.colours.primary) if here and look.contrast else None,
    )


def _count(look: Look, scale: float, count: int) -> list[ft.Control]:
    if not count:
        return []
    style = look.style("small", bold=True, colour="on_primary")
    style.size, style.height = TYPE["small"] * scale, 1.2
    number = ft.Text(str(count), style=style)
    ground = look.colours.primary
    return [
        ft.Container(number, padding=ft.Padding(7, 1, 7, 1), bgcolor=ground, border_radius=RADIUS["full"])
    ]
