"""Everything that is pressed: buttons, icon buttons, links, card buttons, disclosures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from app.components.base import Children, Handler, Sem, merged, on, silent
from app.components.context import use_cramped, use_look, use_narrow, use_text
from app.components.layout import HANGING, panel, plain, stack, text, whole
from app.components.layout import icon as make_icon
from app.components.theme import RADIUS, ROOMY, SPACE, TARGET, Look

_KINDS: dict[str, tuple[type, str | None, str, str | None]] = {
    "primary": (ft.FilledButton, "primary", "on_primary", None),
    "secondary": (ft.OutlinedButton, "surface", "primary", "primary"),
    "quiet": (ft.TextButton, None, "primary", None),
    "danger": (ft.FilledButton, "error", "on_error", None),
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
    said: str = "",
    ref: ft.Ref[Any] | None = None,
) -> ft.Control:
    """A button. ``kind``: primary, secondary, quiet or danger; ``expand``: as wide as its place.

    With ``disabled_because`` it cannot be pressed and says why beneath; while ``busy`` it shows that it works on
    it and cannot be pressed again. ``action``: what the client does by itself (``ft.OpenUrl`` …). ``said``: its name
    for screen readers where several buttons look alike; it begins with ``label`` (WCAG 2.5.3). ``ref``: for who gives
    it the focus.
    """
    look = use_look()
    off, quiet = busy or bool(disabled_because), kind == "quiet"
    role = "text_muted" if off else _KINDS[kind][2]
    words = ft.TextAlign.START if quiet else ft.TextAlign.CENTER
    seen = whole(
        label, taken=2 * SPACE["sm"] + 4 + (20 * look.scale + SPACE["s"] if icon else 0), colour=role
    )
    seen.text_align = words
    face = _KINDS[kind][0](
        key=id,
        content=Sem(label=said, exclude_semantics=True, content=seen) if said else seen,
        icon=_mark(look, icon, role, busy),
        style=button_style(look, kind),
        disabled=off,
        on_click=on(on_click),
        action=action,
        autofocus=autofocus,
        ref=ref,
    )
    works = {"label": use_text()("kit.working")} if busy else {}
    node = merged(id, face, disabled=off, **works)
    placed = node if expand else ft.Row([node], wrap=True, margin=HANGING if quiet else None)
    return stack([placed, text(disabled_because, "small")], gap="xs") if disabled_because else placed


def _mark(look: Look, icon: Any, role: str, busy: bool) -> ft.Control | None:
    if busy:
        colour = getattr(look.colours, role)
        return silent(ft.ProgressRing(width=18, height=18, stroke_width=2.5, color=colour))
    return make_icon(icon, 20, role) if icon else None


def button_style(look: Look, kind: str) -> ft.ButtonStyle:
    """The shape and colours of a button of ``kind``."""
    _, ground, front, edge = _KINDS[kind]
    colours, state = look.colours, ft.ControlState
    sides = SPACE["sm"] if kind == "quiet" or use_cramped() else SPACE["l"] - 4
    resting = getattr(colours, ground) if ground else ft.Colors.TRANSPARENT
    off = colours.surface_raised if ground else ft.Colors.TRANSPARENT
    rim = getattr(colours, edge) if edge else colours.outline
    return ft.ButtonStyle(
        bgcolor={state.DISABLED: off, state.DEFAULT: resting},
        color={state.DISABLED: colours.text_muted, state.DEFAULT: getattr(colours, front)},
        side=ft.BorderSide(look.border + 0.5, rim) if edge or (look.contrast and ground) else None,
        shape=ft.RoundedRectangleBorder(radius=RADIUS["m"]),
        padding=ft.Padding(sides, 14, sides, 14),
        shadow_color=ft.Colors.TRANSPARENT,
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
    return merged(id, face)


def link_button(id: str, label: str, url: str, icon: Any = None, kind: str = "quiet") -> ft.Control:
    """Opens ``url`` (https:, tel:, mailto:) outside of the app."""
    shown = icon or (ft.Icons.PHONE if url.startswith("tel:") else ft.Icons.OPEN_IN_NEW)
    return button(id, label, None, kind=kind, icon=shown, action=ft.OpenUrl(url))


def back_button(label: str, route: str) -> ft.Control:
    """Leads to ``route``, the screen above this one."""

    async def back() -> None:
        await ft.context.page.push_route(route)

    return ft.Container(
        button("back", label, back, "quiet", ft.Icons.ARROW_BACK), margin=ft.Margin(0, -12, 0, -4)
    )


def card_button(
    id: str,
    title: str,
    lines: Sequence[str],
    on_click: Handler | None,
    icon: Any = None,
    badge: ft.Control | None = None,
    trailing: str | None = "chevron",
    value: str = "",
) -> ft.Control:
    """A whole card to press: ``title``, its ``value`` if it has one, then ``lines``; ``badge`` says a status.

    ``trailing``: "chevron" (leads on), "external" (leads out of the app) or None.
    """
    told = [*([plain(value)] if value else []), *(plain(line, "muted") for line in lines)]
    words = [whole(title), *told, *([badge] if badge else [])]
    middle = ft.Container(stack(words, "xs"), expand=True)
    beside = ft.CrossAxisAlignment.START if len(words) > 1 else ft.CrossAxisAlignment.CENTER
    tight = use_narrow()
    leading = _leading(icon, "s" if tight else "sm")
    main = ft.Row(
        [*leading, middle], spacing=SPACE["sm" if tight else "m"], vertical_alignment=beside, expand=True
    )
    line = ft.Row([main, *_trailing(trailing)], spacing=SPACE["s"])
    card = panel(line, key=id, ink=True, on_click=on(on_click), alignment=ft.Alignment.TOP_LEFT)
    return merged(id, card)


def card(id: str, title: str, children: Children, icon: Any = None) -> ft.Control:
    """A card that only tells, beside those to press; ``children`` below ``title`` may be buttons."""
    tight = use_narrow()
    told = stack([text(title, "label"), *children], "s", id=id)
    line = ft.Row(
        [*_leading(icon, "s" if tight else "sm"), ft.Container(told, expand=True)],
        spacing=SPACE["sm" if tight else "m"],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return panel(line, alignment=ft.Alignment.TOP_LEFT)


def tile(id: str, title: str, on_click: Handler, icon: Any) -> ft.Control:
    """A small card to press; several stand beside each other."""
    look = use_look()
    leading = _leading(icon, "s")
    lines = 2 if look.scale <= ROOMY else 1  # neighbours are alike, whether their words take one line or two
    least = ft.Container(width=0, height=lines * 1.45 * look.size("body"))
    above = (
        lines == 2 and use_narrow()
    )  # two small cards beside each other leave a long word no room by an icon
    sides = SPACE["s" if look.contrast else "sm"] if leading and not above else 0
    words = ft.Container(plain(title, "label"), expand=True, padding=ft.Padding(sides, 0, 0, 0))
    across = ft.CrossAxisAlignment.START if above else ft.CrossAxisAlignment.CENTER
    line: ft.Control = ft.Row(
        [*([] if above else leading), words, least], spacing=0, vertical_alignment=across
    )
    if above:
        line = stack([ft.Row(leading), line], "s")
    card = panel(line, key=id, ink=True, on_click=on(on_click), padding=SPACE["sm"])
    return merged(id, card)


def _leading(icon: Any, padding: str = "sm") -> list[ft.Control]:
    if not icon or use_cramped():
        return []
    look = use_look()
    mark = ft.Icon(icon, size=24 * look.scale, color=look.colours.primary)
    ground = look.colours.primary_soft
    return [ft.Container(mark, padding=SPACE[padding], bgcolor=ground, border_radius=RADIUS["m"])]


def _trailing(kind: str | None) -> list[ft.Control]:
    kind = None if use_cramped() else kind
    icons = {"chevron": ft.Icons.CHEVRON_RIGHT, "external": ft.Icons.OPEN_IN_NEW}
    return [make_icon(icons[kind])] if kind else []


def disclosure(id: str, label: str, opened: bool, on_toggle: Handler, children: Children) -> ft.Control:
    """A button that shows and hides ``children``; it says whether it is open."""
    look = use_look()
    face = ft.TextButton(
        key=id,
        content=ft.Text(label, style=look.style("body", bold=True, colour="primary")),
        icon=_mark(look, ft.Icons.EXPAND_LESS if opened else ft.Icons.EXPAND_MORE, "primary", False),
        style=button_style(look, "quiet"),
        on_click=on(on_toggle),
    )
    head = ft.Row([merged(id, face, expanded=opened)], wrap=True, margin=HANGING)
    return stack([head, *(children if opened else ())], gap="s")
