"""What the app tells: notices, badges, dialogs, the offline banner, the emergency line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from app.components.base import Children, Handler, Sem, identified, merged, on
from app.components.context import use_cramped, use_look, use_narrow, use_text
from app.components.layout import icon as make_icon
from app.components.layout import large, panel, row, stack, unbroken, upright
from app.components.theme import RADIUS, SPACE

ICONS = {
    "info": ft.Icons.INFO_OUTLINE,
    "success": ft.Icons.CHECK_CIRCLE_OUTLINE,
    "warning": ft.Icons.WARNING_AMBER_ROUNDED,
    "error": ft.Icons.ERROR_OUTLINE,
    "neutral": ft.Icons.CIRCLE_OUTLINED,
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
    first = ft.Text(title, style=look.style("body", bold=True, colour=ink))
    rest = [ft.Text(line, style=look.style("body")) for line in lines]
    said = Sem(live_region=live, container=True, content=stack([first, *rest], gap="xs"))
    mark = make_icon(ICONS[kind], 24, kind)
    body = stack([said, *([row(actions)] if actions else [])], gap="sm")
    edge = kind if look.contrast else f"{kind}_soft"
    return identified(id, panel(_marked(mark, body), f"{kind}_soft", edge), container=True)


def _marked(mark: ft.Control, body: ft.Control) -> ft.Control:
    """The mark beside the words; above them where they need the room."""
    if use_cramped():
        return stack([ft.Row([mark]), body], gap="s")
    start = ft.CrossAxisAlignment.START
    return ft.Row([mark, ft.Container(body, expand=True)], vertical_alignment=start, spacing=SPACE["sm"])


def badge(kind: str, text: str, icon: Any = None) -> ft.Control:
    """A status: a word with an icon and a colour. ``kind`` as in notice, or neutral."""
    look = use_look()
    ink = "text_muted" if kind == "neutral" else f"on_{kind}_soft"
    ground = look.colours.surface_raised if kind == "neutral" else getattr(look.colours, f"{kind}_soft")
    mark = make_icon(icon or ICONS[kind], 18, ink)
    words = ft.Text(
        unbroken(text), style=look.style("small", bold=True, colour=ink), expand=True, expand_loose=True
    )
    line = ft.Row([mark, words], spacing=6, tight=True)
    edge = ft.Border.all(1, getattr(look.colours, ink)) if look.contrast else None
    pill = ft.Container(
        line, padding=ft.Padding(10, 4, 12, 4), bgcolor=ground, border=edge, border_radius=RADIUS["l"]
    )
    return ft.Row([merged(None, pill)], wrap=True)


def dialog(id: str, title: str, children: Children, actions: Children, on_close: Handler) -> ft.AlertDialog:
    """A question on top of the page, for ``ft.use_dialog``. Escape and a tap outside call ``on_close``.

    The focus goes into it, stays in it and returns to what opened it. Where there is little room for large words the
    buttons come after them and scroll with them: standing below, they would leave the question no room.
    """
    look, cramped = use_look(), use_cramped()
    within = [*children, stack(actions, gap="s")] if cramped else children
    return ft.AlertDialog(
        title=large(title, "title"),
        content=ft.Container(identified(id, stack(within), container=True), width=420),
        actions=[] if cramped else upright(actions),
        on_dismiss=on(on_close),
        scrollable=True,
        bgcolor=look.colours.surface,
        shape=ft.RoundedRectangleBorder(radius=RADIUS["l"]),
        inset_padding=ft.Padding.all(SPACE["s" if cramped else "m"]),
        title_padding=_TIGHT if cramped else None,
        content_padding=ft.Padding.all(SPACE["m"]) if cramped else None,
        actions_overflow_button_spacing=SPACE["s"],
    )


_TIGHT = ft.Padding(SPACE["m"], SPACE["m"], SPACE["m"], 0)


def emergency_line(phones: Sequence[tuple[str, str]]) -> ft.Control:
    """The numbers (number, what it is for) that must always be at hand; each is a telephone link."""
    look = use_look()
    links = [_phone(number, what) for number, what in phones]
    line = ft.Row(links, wrap=True, spacing=0, run_spacing=0)
    sides = SPACE[_sides()]
    ground = ft.Container(line, padding=ft.Padding(sides, 0, sides, 0), bgcolor=look.colours.surface)
    return Sem(identifier="emergency", label=use_text()("kit.emergency.name"), container=True, content=ground)


def _sides() -> str:
    """On a small phone both numbers keep to one line."""
    return "xs" if use_narrow() else "s"


def _phone(number: str, what: str) -> ft.Control:
    look, sides = use_look(), SPACE[_sides()]
    first = ft.TextSpan(number, style=look.style("body", bold=True, colour="emergency"))
    rest = [] if use_cramped() else [ft.TextSpan(f" {what}", style=look.style("small"))]
    words = ft.Text(spans=[first, *rest], semantics_label=f"{number} {what}")
    link = ft.TextButton(
        key=f"emergency.{number}",
        content=words,
        icon=make_icon(ft.Icons.PHONE, 18, "emergency"),
        action=ft.OpenUrl(f"tel:{number}"),
        style=ft.ButtonStyle(
            padding=ft.Padding(sides, SPACE["sm"], sides, SPACE["sm"]),
            shape=ft.RoundedRectangleBorder(radius=RADIUS["m"]),
        ),
    )
    return merged(f"emergency.{number}", link)


def offline_banner(online: bool, waiting: int = 0, id: str = "offline-banner") -> ft.Control | None:
    """Tells that there is no connection and how many things wait to be sent; None while online."""
    t = use_text()
    if online:
        return None
    lines = [t("kit.offline-waiting", n=waiting)] if waiting else [t("kit.offline-keep-going")]
    return notice("warning", t("kit.offline-title"), lines, id=id)
