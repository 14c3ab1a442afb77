"""Everything that is pressed: buttons, icon buttons, links, card buttons, disclosures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from app.components.base import Children, Handler, Sem, identified, on
from app.components.context import use_look
from app.components.layout import stack, text
from app.components.theme import RADIUS, SPACE, TARGET, Look

_KINDS = {
    "primary": ("primary", "on_primary", None),
    "secondary": (None, "primary", "primary"),
    "quiet": (None, "primary", None),
    "danger": ("error", "on_error", None),
}


def button(
    id: str,
    label: str,
    on_click: Handler | None,
    kind: str = "primary",
    icon: Any = None,
    busy: bool = False,
    disabled_because: str = "",
    expand: bool = False,
    action: Any = None,
    autofocus: bool = False,
) -> ft.Control:
    """A button. ``kind``: primary, secondary, quiet or danger.

    With ``disabled_because`` it cannot be pressed and says why beneath; while ``busy`` it shows that it works on it and
    cannot be pressed again. ``action``: what the client does by itself (``ft.OpenUrl`` …).
    """
    look = use_look()
    face = ft.FilledButton(
        key=id,
        content=_face(look, label, kind, icon, busy, bool(disabled_because)),
        style=button_style(look, kind),
        disabled=busy or bool(disabled_because),
        on_click=on(on_click),
        action=action,
        autofocus=autofocus,
    )
    face = identified(id, face)
    if not disabled_because:
        return face
    return stack([face, text(disabled_because, "small")], gap="xs")


def _face(look: Look, label: str, kind: str, icon: Any, busy: bool, disabled: bool) -> ft.Control:
    role = "text_muted" if disabled or busy else _KINDS[kind][1]
    words = ft.Text(label, style=look.style("body", bold=True, colour=role), text_align=ft.TextAlign.CENTER)
    parts: list[ft.Control] = []
    if busy:
        parts.append(ft.ProgressRing(width=18, height=18, stroke_width=2, color=getattr(look.colours, role)))
    elif icon:
        parts.append(ft.Icon(icon, size=20 * look.scale, color=getattr(look.colours, role)))
    if not parts:
        return words
    return ft.Row(
        [*parts, words], spacing=SPACE["s"], tight=True, wrap=False, alignment=ft.MainAxisAlignment.CENTER
    )


def button_style(look: Look, kind: str) -> ft.ButtonStyle:
    """The shape and colours of a button of ``kind``."""
    ground, front, edge = _KINDS[kind]
    colours = look.colours
    state = ft.ControlState
    return ft.ButtonStyle(
        bgcolor={
            state.DISABLED: colours.surface_raised,
            state.DEFAULT: getattr(colours, ground) if ground else ft.Colors.TRANSPARENT,
        },
        color={state.DISABLED: colours.text_muted, state.DEFAULT: getattr(colours, front)},
        side=ft.BorderSide(look.border + 0.5, getattr(colours, edge)) if edge else None,
        shape=ft.RoundedRectangleBorder(radius=RADIUS["m"]),
        padding=ft.Padding(SPACE["l"], SPACE["m"], SPACE["l"], SPACE["m"]),
        elevation=0,
    )


def icon_button(id: str, icon: Any, label: str, on_click: Handler | None, action: Any = None) -> ft.Control:
    """A button that shows only an icon; its name is said aloud and shown as a tip."""
    look = use_look()
    face = ft.IconButton(
        key=id,
        icon=icon,
        icon_color=look.colours.primary,
        icon_size=24 * min(look.scale, 1.5),
        tooltip=label,
        on_click=on(on_click),
        action=action,
        size_constraints=ft.BoxConstraints(min_width=TARGET, min_height=TARGET),
    )
    return identified(id, ft.MergeSemantics(content=face))


def link_button(id: str, label: str, url: str, icon: Any = None, kind: str = "quiet") -> ft.Control:
    """Opens ``url`` (https:, tel:, mailto:)."""
    return button(id, label, None, kind=kind, icon=icon, action=ft.OpenUrl(url))


def back_button(label: str, route: str) -> ft.Control:
    """Leads to ``route``, the screen above this one."""
    look = use_look()

    async def back() -> None:
        await ft.context.page.push_route(route)

    face = ft.TextButton(
        key=f"back:{route}",
        content=_face(look, label, "quiet", ft.Icons.ARROW_BACK, False, False),
        style=button_style(look, "quiet"),
        on_click=on(back),
    )
    return ft.Row([identified("back", face)])


def card_button(
    id: str,
    title: str,
    lines: Sequence[str],
    on_click: Handler | None,
    icon: Any = None,
    badge: ft.Control | None = None,
    trailing: str | None = "chevron",
) -> ft.Control:
    """A whole card to press: ``title``, then ``lines``; ``badge`` says a status; ``trailing``: chevron, external, None."""
    look = use_look()
    words = stack(
        [text(title, "label"), *(text(line, "muted") for line in lines), *([badge] if badge else [])], "xs"
    )
    parts: list[ft.Control] = []
    if icon:
        parts.append(ft.Icon(icon, size=26 * look.scale, color=look.colours.primary))
    parts.append(ft.Container(words, expand=True))
    if trailing:
        shown = ft.Icons.CHEVRON_RIGHT if trailing == "chevron" else ft.Icons.OPEN_IN_NEW
        parts.append(ft.Icon(shown, size=24, color=look.colours.outline))
    card = ft.Container(
        key=id,
        content=ft.Row(parts, spacing=SPACE["m"]),
        padding=SPACE["m"],
        bgcolor=look.colours.surface,
        border=ft.Border.all(look.border, look.colours.outline_soft),
        border_radius=RADIUS["l"],
        ink=True,
        on_click=on(on_click),
    )
    return identified(id, ft.MergeSemantics(content=card))


def disclosure(id: str, label: str, opened: bool, on_toggle: Handler, children: Children) -> ft.Control:
    """A button that shows and hides ``children``; it says whether it is open."""
    look = use_look()
    icon = ft.Icons.EXPAND_LESS if opened else ft.Icons.EXPAND_MORE
    face = ft.TextButton(
        key=id,
        content=_face(look, label, "quiet", icon, False, False),
        style=button_style(look, "quiet"),
        on_click=on(on_toggle),
    )
    head = ft.MergeSemantics(content=Sem(identifier=id, expanded=opened, content=face))
    return stack([ft.Row([head]), *(children if opened else ())], gap="s")
