"""Where the resident writes, chooses and ticks. Every input is controlled: it shows ``value``, reports changes.

The label stands above the field and stays there; label, description and error are all part of the field's name, so
that a screen reader says them when the field gets the focus.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app.components.base import Handler, Sem, merged, on, on_value, silent
from app.components.context import use_look, use_text, use_width
from app.components.layout import icon, plain, stack, text
from app.components.theme import RADIUS, SPACE, Look
from app.platform.flet_fixes import Typed

Options = Sequence[tuple[str, str]]
NEARLY_FULL = 20  # so many characters before the limit the count is also said aloud


def labelled(label: str, required: bool) -> str:
    """``label``, with the word for "required" when it is."""
    return f"{label} ({use_text()('kit.required')})" if required else label


def said(*parts: str) -> str:
    """The name of a group for a screen reader: its parts as sentences."""
    return ". ".join(part for part in parts if part)


def text_field(
    id: str,
    label: str,
    value: str,
    on_change: Callable[[str], Any],
    description: str = "",
    error: str = "",
    multiline: bool = False,
    max_length: int | None = None,
    required: bool = False,
    autofocus: bool = False,
    on_submit: Handler | None = None,
    key: str | None = None,
    on_blur: Handler | None = None,
    keyboard: ft.KeyboardType | None = None,
    secret: bool = False,
    lines: int = 5,
    read_only: bool = False,
) -> ft.Control:
    """A field to write in. More than ``max_length`` characters are not taken; how many are left is shown.

    ``secret``: what is written is hidden, and may be pasted. ``lines``: how high a ``multiline`` one is at least;
    ``read_only``: while what is in it is being sent, so that nothing is written that does not go along.

    ``on_change``, a plain function, gets every value as it is written and may get the same one twice.
    """
    look = use_look()
    field = ft.TextField(
        key=key or id,
        value=value,
        on_change=on_value(on_change),
        data=Typed(on_change),
        multiline=multiline,
        min_lines=lines if multiline else None,
        max_length=max_length,
        password=secret,
        counter="" if max_length else None,
        autofocus=autofocus,
        read_only=read_only,
        on_submit=on_value(on_submit),
        on_blur=on(on_blur),
        keyboard_type=keyboard or (ft.KeyboardType.MULTILINE if multiline else ft.KeyboardType.TEXT),
        **field_look(look, bool(error)),
    )
    named = merged(id, stack([*above(label, required, description, error), field], gap="s"))
    return stack([named, _count(len(value), max_length)], gap="xs") if max_length else named


def above(label: str, required: bool, description: str, error: str) -> list[ft.Control]:
    """What stands above a field: its label, description and error, for the eye and to be merged into its name."""
    words: list[ft.Control] = [plain(labelled(label, required), "label")]
    if description:
        words.append(plain(description, "muted"))
    if error:
        words.append(_error(error))
    return words


def _error(words: str) -> ft.Control:
    look = use_look()
    mark = icon(ft.Icons.ERROR_OUTLINE, 20, "error")
    message = ft.Text(words, style=look.style("body", bold=True, colour="error"))
    return ft.Row([mark, ft.Container(message, expand=True)], spacing=SPACE["s"])


def _count(length: int, limit: int) -> ft.Control:
    t, left = use_text(), limit - length
    return Sem(container=True, live_region=left <= NEARLY_FULL, content=plain(t("kit.left", n=left), "small"))


def field_look(look: Look, wrong: bool = False) -> dict[str, Any]:
    """The look that text fields and selects share; ``wrong``: with an error."""
    colours = look.colours
    edge = colours.error if wrong else colours.outline
    return {
        "border_radius": RADIUS["m"],
        "border_color": edge,
        "border_width": look.border + (1 if wrong else 0),
        "focused_border_color": colours.primary,
        "focused_border_width": look.border + 1.5,
        "filled": True,
        "fill_color": colours.surface,
        "color": colours.text,
        "text_style": look.style("body"),
        "content_padding": ft.Padding(SPACE["m"], 14, SPACE["m"], 14),
    }


def radio_group(
    id: str,
    label: str,
    options: Options,
    value: str | None,
    on_change: Callable[[str], Any],
    description: str = "",
    error: str = "",
    required: bool = False,
    beside: bool = False,
) -> ft.Control:
    """One of ``options`` (value, text), all in sight. Each option is ``id:value`` for machines.

    ``beside``: the words are short, so two of an even number stand side by side, on a tablet four, unless the text is
    large.
    """
    rows = [_radio(id, key, words, key == value, on_change) for key, words in options]
    group = ft.RadioGroup(
        key=id,
        value=value,
        on_change=on_value(on_change),
        content=_options(rows, beside),
    )
    name = said(labelled(label, required), description, error)
    node = Sem(identifier=id, label=name, container=True, content=group)
    return stack([*(silent(words) for words in above(label, required, description, error)), node], gap="s")


BESIDE_FROM = 340  # logical pixels of width, at the ordinary text size


def _options(rows: Sequence[ft.Control], beside: bool) -> ft.Control:
    """The same kind of control whatever the size of text, so that a change of it leaves the focus where it is."""
    roomy = beside and use_width() / use_look().scale >= BESIDE_FROM
    each = 12 // max(len(rows), 2)  # where pages have two columns there is less room again
    small = 12 if len(rows) % 2 else 6  # no lonely one in a row of two
    share: ft.ResponsiveNumber = (
        {"xs": small, "md": each, "lg": 6 if len(rows) > 3 else each} if roomy else 12
    )
    cells: list[ft.Control] = [ft.Container(row, col=share) for row in rows]
    return ft.ResponsiveRow(cells, spacing=SPACE["s"], run_spacing=SPACE["s"])


def _radio(id: str, key: str, words: str, here: bool, on_change: Callable[[str], Any]) -> ft.Control:
    mark = ft.Radio(key=f"{id}:{key}", value=key, fill_color=use_look().colours.primary)
    return _choice(f"{id}:{key}", mark, words, here, lambda: on_change(key))


def checkbox(
    id: str,
    label: str,
    value: bool,
    on_change: Callable[[bool], Any],
    description: str = "",
    error: str = "",
) -> ft.Control:
    """A box to tick."""
    look = use_look()
    edge = look.colours.error if error else look.colours.outline
    box = ft.Checkbox(
        key=id, value=value, on_change=on_value(on_change), border_side=ft.BorderSide(look.border + 1, edge)
    )
    notes = ([text(description, "muted")] if description else []) + ([_error(error)] if error else [])
    return stack(
        [_choice(id, box, label, value, lambda: on_change(not value), bool(error)), *notes], gap="xs"
    )


def _choice(
    id: str, mark: ft.Control, words: str, here: bool, press: Handler, wrong: bool = False
) -> ft.Control:
    """A row to press with its mark and words. Flet's own labels do not wrap; these do."""
    look = use_look()
    edge = "error" if wrong else "primary" if here else "outline"
    face = ft.Container(
        ft.Row([mark, ft.Container(plain(words), expand=True)], spacing=SPACE["xs"]),
        on_click=on(press),
        padding=ft.Padding(SPACE["xs"], SPACE["s"] - 2, SPACE["m"], SPACE["s"] - 2),
        bgcolor=look.colours.primary_soft if here else look.colours.surface,
        border=ft.Border.all(look.border, getattr(look.colours, edge)),
        border_radius=RADIUS["m"],
    )
    return merged(id, face)
