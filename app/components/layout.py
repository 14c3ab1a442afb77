"""The page and the rhythm in it: Screen, headings, texts, stacks, rows, sections."""

from __future__ import annotations

from typing import Any

import flet as ft

from app.components.base import Children, Sem, identified
from app.components.context import use_look, use_text
from app.components.theme import CONTENT_WIDTH, SPACE

_HEADING_SIZE = {1: "heading", 2: "title", 3: "lead", 4: "body", 5: "body", 6: "body"}
_KINDS = {
    "body": ("body", False, "text"),
    "lead": ("lead", False, "text"),
    "small": ("small", False, "text_muted"),
    "label": ("body", True, "text"),
    "strong": ("body", True, "text"),
    "muted": ("body", False, "text_muted"),
}


def heading(text: str, level: int = 1, id: str | None = None) -> ft.Control:
    """A real heading of ``level`` 1 to 6."""
    style = use_look().style(_HEADING_SIZE[level], bold=True)
    return Sem(
        identifier=id, header=True, heading_level=level, container=True, content=ft.Text(text, style=style)
    )


def text(value: str, kind: str = "body", id: str | None = None, colour: str | None = None) -> ft.Control:
    """A paragraph. ``kind``: body, lead, small, label, strong or muted; ``colour``: a role instead of the kind's own."""
    size, bold, role = _KINDS[kind]
    style = use_look().style(size, bold=bold, colour=colour or role)
    return identified(id, ft.Text(value, style=style), **({"container": True} if id else {}))


def stack(children: Children, gap: str = "m", id: str | None = None, **more: Any) -> ft.Control:
    """Children one below the other, as wide as the place they are in."""
    column = ft.Column(
        list(children),
        spacing=SPACE[gap],
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        **more,
    )
    return identified(id, column, **({"container": True} if id else {}))


def row(
    children: Children, gap: str = "s", wrap: bool = True, id: str | None = None, **more: Any
) -> ft.Control:
    """Children side by side; with ``wrap`` they go on to the next line when there is no room."""
    more.setdefault("vertical_alignment", ft.CrossAxisAlignment.CENTER)
    line = ft.Row(list(children), spacing=SPACE[gap], run_spacing=SPACE[gap], wrap=wrap, **more)
    return identified(id, line, **({"container": True} if id else {}))


def section(title: str, children: Children, id: str | None = None, level: int = 2) -> ft.Control:
    """A part of a screen under its own heading."""
    return stack([heading(title, level), stack(children)], gap="sm", id=id)


def Screen(
    id: str, title: str, children: Children, back: str | None = None, live: str = "", wide: bool = False
) -> ft.Control:
    """The body of one screen: its h1 and, below, ``children``, at most 720 wide and scrolling.

    ``back``: the route of the screen above (a link back is shown); ``live``: a message that screen readers announce
    when it changes.
    """
    from app.components.buttons import back_button

    t = use_text()
    top: list[ft.Control] = [back_button(t("kit.back"), back)] if back else []
    content = stack([*top, heading(title), *([announcer(live)] if live else []), *children], gap="l")
    width = CONTENT_WIDTH * 1.5 if wide else CONTENT_WIDTH
    return identified(id, _page(content, width), container=True)


def _page(content: ft.Control, width: float) -> ft.Control:
    padding = ft.Padding(SPACE["m"], SPACE["l"], SPACE["m"], SPACE["xxl"])
    return ft.Column(
        [ft.Container(content, width=width, padding=padding)],
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        expand=True,
    )


def announcer(message: str, id: str | None = None) -> ft.Control:
    """A text that is also said aloud by screen readers whenever it changes."""
    return Sem(
        identifier=id,
        live_region=True,
        container=True,
        content=ft.Text(message, style=use_look().style("body")),
    )
