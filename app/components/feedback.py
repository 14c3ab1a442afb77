"""What the app tells: notices, badges, dialogs, the offline banner, the emergency line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from app.components.base import Children, Handler, Sem, identified, on
from app.components.buttons import link_button
from app.components.context import use_look, use_text
from app.components.layout import row, stack
from app.components.theme import RADIUS, SPACE

ICONS = {
    "info": ft.Icons.INFO_OUTLINE,
    "success": ft.Icons.CHECK_CIRCLE_OUTLINE,
    "warning": ft.Icons.WARNING_AMBER_ROUNDED,
    "error": ft.Icons.ERROR_OUTLINE,
}


def notice(
    kind: str,
    title: str,
    lines: Sequence[str] = (),
    actions: Children = (),
    id: str = "notice",
    live: bool = True,
) -> ft.Control:
    """A message in the page. ``kind``: info, success, warning or error; ``live``: said aloud when it appears."""
    look = use_look()
    ink = f"on_{kind}_soft"
    words = stack(
        [
            ft.Text(title, style=look.style("body", bold=True, colour=ink)),
            *(ft.Text(line, style=look.style("body", colour=ink)) for line in lines),
        ],
        gap="xs",
    )
    said = Sem(live_region=live, container=True, content=words)
    icon = ft.Icon(ICONS[kind], size=24 * look.scale, color=getattr(look.colours, kind))
    body = stack([said, *([row(actions)] if actions else [])], gap="sm")
    box = ft.Container(
        ft.Row(
            [icon, ft.Container(body, expand=True)],
            vertical_alignment=ft.CrossAxisAlignment.START,
            spacing=SPACE["sm"],
        ),
        padding=SPACE["m"],
        bgcolor=getattr(look.colours, f"{kind}_soft"),
        border=ft.Border.all(look.border, getattr(look.colours, kind)),
        border_radius=RADIUS["m"],
    )
    return identified(id, box, container=True)


def badge(kind: str, text: str, icon: Any = None) -> ft.Control:
    """A status: a word with an icon and a colour. ``kind`` as in notice, or neutral."""
    look = use_look()
    ink = "text_muted" if kind == "neutral" else f"on_{kind}_soft"
    ground = look.colours.surface_raised if kind == "neutral" else getattr(look.colours, f"{kind}_soft")
    mark = ft.Icon(
        icon or ICONS.get(kind, ft.Icons.CIRCLE_OUTLINED),
        size=16 * look.scale,
        color=getattr(look.colours, ink),
    )
    words = ft.Text(text, style=look.style("small", bold=True, colour=ink))
    line = ft.Row([mark, words], spacing=SPACE["xs"], tight=True)
    pill = ft.Container(line, padding=ft.Padding(10, 4, 12, 4), bgcolor=ground, border_radius=RADIUS["full"])
    return ft.Row([pill], tight=True)


def dialog(id: str, title: str, children: Children, actions: Children, on_close: Handler) -> ft.AlertDialog:
    """A question on top of the page, for ``ft.use_dialog``. Escape and a tap outside call ``on_close``."""
    look = use_look()
    return ft.AlertDialog(
        title=ft.Text(title, style=look.style("title", bold=True)),
        content=identified(id, stack(children), container=True),
        actions=list(actions),
        on_dismiss=on(on_close),
        scrollable=True,
        bgcolor=look.colours.surface,
        shape=ft.RoundedRectangleBorder(radius=RADIUS["l"]),
    )


def emergency_line(phones: Sequence[tuple[str, str]]) -> ft.Control:
    """The numbers (number, what it is for) that must always be at hand; each is a telephone link."""
    look = use_look()
    links = [
        link_button(f"emergency.{number}", f"{number} {what}", f"tel:{number}", ft.Icons.PHONE)
        for number, what in phones
    ]
    bar = ft.Container(row(links, gap="xs"), padding=SPACE["xs"], bgcolor=look.colours.surface)
    return identified("emergency", bar, container=True)


def offline_banner(online: bool, waiting: int = 0, id: str = "offline-banner") -> ft.Control | None:
    """Tells that there is no connection and how many things wait to be sent; None while online."""
    t = use_text()
    if online:
        return None
    lines = [t("kit.offline-waiting", n=waiting)] if waiting else [t("kit.offline-keep-going")]
    return notice("warning", t("kit.offline-title"), lines, id=id)
