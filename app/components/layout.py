"""The page and the rhythm in it: Screen, headings, texts, stacks, rows, sections."""

from __future__ import annotations

import re
from typing import Any

import flet as ft

from app.components.base import Children, Sem, identified
from app.components.context import use_cramped, use_look, use_text, use_width
from app.components.theme import CONTENT_WIDTH, PAGE_WIDTH, SPACE, word_width

_HEADING_SIZE = {1: "heading", 2: "title", 3: "lead", 4: "body", 5: "body", 6: "body"}
_KINDS = {
    "body": ("body", False, "text"),
    "lead": ("lead", False, "text"),
    "small": ("small", False, "text_muted"),
    "label": ("body", True, "text"),
    "strong": ("body", True, "text"),
    "muted": ("body", False, "text_muted"),
}


HANGING = ft.Margin(-SPACE["sm"], 0, SPACE["xs"], 0)
"""Of a quiet button: its words, not its invisible edge, stand in line with what is above and below."""


def heading(text: str, level: int = 1, id: str | None = None) -> ft.Control:
    """A real heading of ``level`` 1 to 6."""
    words = ft.Text(text, style=_fitting(text, level))
    return Sem(identifier=id, header=True, heading_level=level, container=True, content=words)


def _fitting(words: str, level: int) -> ft.TextStyle:
    """As large as its level says, but no larger than lets the longest word of a screen's name stay whole."""
    look = use_look()
    style = look.style(_HEADING_SIZE[level], bold=True)
    room = (use_width() or 400) - 2 * SPACE["m"]
    if level == 1 and style.size:
        style.size = max(look.size("body"), min(style.size, fitting(words, room)))
    return style


def text(value: str, kind: str = "body", id: str | None = None, colour: str | None = None) -> ft.Control:
    """A paragraph. ``kind``: body, lead, small, label, strong or muted; ``colour``: another role than the kind's.

    It is a node of its own for screen readers; a bare ``ft.Text`` would become part of the name of what is around it.
    """
    return Sem(identifier=id, container=True, content=plain(value, kind, colour))


def plain(value: str, kind: str = "body", colour: str | None = None) -> ft.Text:
    """The words alone, for inside of buttons, cards and labels."""
    size, bold, role = _KINDS[kind]
    return ft.Text(unbroken(value), style=use_look().style(size, bold=bold, colour=colour or role))


def whole(value: str, kind: str = "label", taken: float = 0, colour: str | None = None) -> ft.Text:
    """The words alone in a panel, no larger than lets the longest of them stay whole where there is little room.
    ``taken``: by what stands beside them."""
    shown, look = plain(value, kind, colour), use_look()
    if use_cramped() and isinstance(shown.style, ft.TextStyle) and shown.style.size:
        shown.style.size = max(
            look.size("small"), min(shown.style.size, fitting(value, max(inside() - taken, 1)))
        )
    return shown


def large(value: str, size: str = "display") -> ft.Text:
    """What one came to see, in a panel; as large as lets its longest word, and a number with its unit, stay whole."""
    look = use_look()
    style, words = look.style(size, bold=True), unbroken(value)
    if style.size:
        style.size = max(look.size("body"), min(style.size, fitting(words, inside())))
    return ft.Text(words, style=style)


def fitting(words: str, room: float) -> float:
    """The size of bold letters at which the longest word is as wide as ``room``, a little less to be sure."""
    return room / (word_width(words) * 1.03)


def inside() -> float:
    """How wide what stands in a panel is on a phone."""
    return (use_width() or 400) - 4 * SPACE["m"]


def unbroken(words: str) -> str:
    """``words`` with no line ending between a number and what it is of: "klo 9.00", "45 min", "03 819 11"."""
    return _OF_NUMBER.sub(lambda found: found[0][:-1] + "\u00a0", words)


def joined(words: str) -> str:
    """``words`` that never part: a number and its unit."""
    return words.replace(" ", "\u00a0")


_DAYS = r"ma|ti|ke|to|pe|la|su|mån|tis|ons|tors|fre|lör|sön"
_AFTER = r"(?:min|mg|ml|kg|cm|mmol|kt|Mt|kB|MB|\d{2,4})\b|[€%]"
_OF_NUMBER = re.compile(rf"\b(?:klo|kl\.) (?=\d)|\b(?:{_DAYS}) (?=\d+\.\d)|\d (?={_AFTER})", re.IGNORECASE)


def icon(name: Any, size: float = 24, colour: str = "primary") -> ft.Icon:
    """A decoration in the colour of a role; it grows with the text, the app's and the system's."""
    look = use_look()
    return ft.Icon(name, size=size * look.scale, color=getattr(look.colours, colour), apply_text_scaling=True)


def stack(children: Children, gap: str = "m", id: str | None = None, **more: Any) -> ft.Control:
    """Children one below the other, as wide as the place they are in."""
    stretch = ft.CrossAxisAlignment.STRETCH
    column = ft.Column(list(children), spacing=SPACE[gap], tight=True, horizontal_alignment=stretch, **more)
    return identified(id, column, **({"container": True} if id else {}))


def row(
    children: Children, gap: str = "s", wrap: bool = True, id: str | None = None, **more: Any
) -> ft.Control:
    """Children side by side; with ``wrap`` they go on to the next line when there is no room."""
    more.setdefault("vertical_alignment", ft.CrossAxisAlignment.CENTER)
    line = ft.Row(apart(children), spacing=SPACE[gap], run_spacing=SPACE[gap], wrap=wrap, **more)
    return identified(id, line, **({"container": True} if id else {}))


def apart(children: Children) -> list[ft.Control]:
    """``children`` that stand beside each other: quiet buttons keep their distance from the bold ones."""
    alike = all(getattr(child, "margin", None) == HANGING for child in children)
    return list(children) if alike else [*children[:1], *upright(children[1:])]


def upright(children: Children) -> list[ft.Control]:
    """Quiet buttons that do not begin a line."""
    for child in children:
        if getattr(child, "margin", None) == HANGING:
            child.margin = None  # type: ignore[attr-defined]
    return list(children)


def section(title: str, children: Children, id: str | None = None, level: int = 2) -> ft.Control:
    """A part of a screen under its own heading."""
    return stack([heading(title, level), stack(children)], gap="sm", id=id)


def Screen(
    id: str, title: str, children: Children, back: str | None = None, live: str = "", wide: bool = False
) -> ft.Control:
    """The body of one screen: its h1 and, below, ``children``, at most 720 wide and scrolling.

    ``back``: the route of the screen above (a link back is shown); ``live``: a message that screen readers
    announce when it changes; ``wide``: up to half as wide again.
    """
    said = [announcer(live)] if live else []
    content = stack([screen_head(title, back), *said, *children], gap="l")
    return identified(
        id, screen_body(content, PAGE_WIDTH if wide else CONTENT_WIDTH), container=True, expand=True
    )


def screen_head(title: str, back: str | None) -> ft.Control:
    """The way back and the h1."""
    from app.components.buttons import back_button

    top = [back_button(use_text()("kit.back"), back)] if back else []
    return stack([*top, heading(title)], gap="xs")


def screen_body(content: ft.Control, width: float, **more: Any) -> ft.Control:
    """What scrolls. Every screen begins at the same edge, so that nothing jumps from one to the next."""
    padding = ft.Padding(SPACE["m"], SPACE["l"], SPACE["m"], SPACE["xxl"])
    held = ft.Container(content, width=width)
    return ft.Column(
        [ft.Container(held, width=PAGE_WIDTH, padding=padding, alignment=ft.Alignment.TOP_LEFT)],
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        expand=True,
        **more,
    )


def announcer(message: str, id: str | None = None) -> ft.Control:
    """A text that is also said aloud by screen readers whenever it changes."""
    return Sem(identifier=id, live_region=True, container=True, content=plain(message))


def panel(
    content: ft.Control, ground: str = "surface", edge: str = "outline_soft", **more: Any
) -> ft.Container:
    """A quiet box around ``content`` in the colours of roles ``ground`` and ``edge``."""
    from app.components.theme import RADIUS

    look = use_look()
    more.setdefault("padding", SPACE["m"])
    return ft.Container(
        content,
        bgcolor=getattr(look.colours, ground),
        border=ft.Border.all(look.border, getattr(look.colours, edge)),
        border_radius=RADIUS["l"],
        **more,
    )
