"""Where the resident writes, chooses and ticks. Every input is controlled: it shows ``value`` and reports changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app.components.base import Handler, Sem, identified, on_value
from app.components.context import use_look, use_text
from app.components.layout import stack
from app.components.theme import RADIUS, SPACE, Look

Options = Sequence[tuple[str, str]]


def labelled(label: str, required: bool) -> str:
    """``label``, with the word for "required" when it is."""
    return f"{label} ({use_text()('kit.required')})" if required else label


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
    **more: Any,
) -> ft.Control:
    """A field to write in. ``error`` is said with the field; ``max_length`` shows how much room is left."""
    look = use_look()
    field = ft.TextField(
        key=key or id,
        label=labelled(label, required),
        value=value,
        on_change=on_value(on_change),
        helper=description or None,
        error=error or None,
        multiline=multiline,
        min_lines=5 if multiline else None,
        max_length=max_length,
        autofocus=autofocus,
        on_submit=on_value(on_submit),
        **field_look(look),
        **more,
    )
    return identified(id, field)


def field_look(look: Look) -> dict[str, Any]:
    """The look that text fields and selects share."""
    colours = look.colours
    return {
        "border_radius": RADIUS["m"],
        "border_color": colours.outline,
        "border_width": look.border,
        "focused_border_color": colours.primary,
        "focused_border_width": 2,
        "filled": True,
        "fill_color": colours.surface,
        "color": colours.text,
        "text_style": look.style("body"),
        "label_style": look.style("body", colour="text_muted"),
        "helper_style": look.style("small", colour="text_muted"),
        "error_style": look.style("small", colour="error"),
        "content_padding": SPACE["m"],
    }


def select(
    id: str,
    label: str,
    options: Options,
    value: str | None,
    on_change: Callable[[str], Any],
    description: str = "",
    error: str = "",
    required: bool = False,
) -> ft.Control:
    """One of ``options`` (value, text) from a menu."""
    t, look = use_text(), use_look()
    shown = next((words for key, words in options if key == value), t("kit.not-chosen"))
    look_of = {k: v for k, v in field_look(look).items()}
    menu = ft.Dropdown(
        key=id,
        label=labelled(label, required),
        value=value,
        on_select=on_value(on_change),
        options=[ft.DropdownOption(key=key, text=words) for key, words in options],
        helper_text=description or None,
        error_text=error or None,
        expanded_insets=0,
        **look_of,
    )
    return Sem(
        identifier=id,
        label=labelled(label, required),
        value=f"{shown}. {error}" if error else shown,
        container=True,
        content=menu,
    )


def radio_group(
    id: str,
    label: str,
    options: Options,
    value: str | None,
    on_change: Callable[[str], Any],
    description: str = "",
    error: str = "",
    required: bool = False,
) -> ft.Control:
    """One of ``options`` (value, text), all in sight."""
    look = use_look()
    radios = [
        ft.Radio(key=f"{id}:{key}", value=key, label=words, label_style=look.style("body"))
        for key, words in options
    ]
    name = labelled(label, required)
    group = ft.RadioGroup(
        key=id,
        value=value,
        on_change=on_value(on_change),
        content=ft.Column(
            [*_words(look, name, description, error), *radios], spacing=SPACE["xs"], tight=True
        ),
    )
    return Sem(identifier=id, label=_said(name, description, error), container=True, content=group)


def checkbox(
    id: str, label: str, value: bool, on_change: Callable[[bool], Any], description: str = "", error: str = ""
) -> ft.Control:
    """A box to tick."""
    look = use_look()
    box = ft.Checkbox(
        key=id,
        label=label,
        label_style=look.style("body"),
        value=value,
        on_change=on_value(on_change),
        error=bool(error),
    )
    return stack([identified(id, box), *_notes(look, description, error)], gap="xs")


def _words(look: Look, label: str, description: str, error: str) -> list[ft.Control]:
    return [ft.Text(label, style=look.style("body", bold=True)), *_notes(look, description, error)]


def _notes(look: Look, description: str, error: str) -> list[ft.Control]:
    notes: list[ft.Control] = []
    if description:
        notes.append(ft.Text(description, style=look.style("small", colour="text_muted")))
    if error:
        notes.append(ft.Text(error, style=look.style("small", bold=True, colour="error")))
    return notes


def _said(*parts: str) -> str:
    return ". ".join(part for part in parts if part)
