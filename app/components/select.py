"""One of many: a field that opens a list. Nothing in it is cut off, however large the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.components.base import Sem, component, merged, on, silent
from app.components.context import use_look, use_text
from app.components.feedback import dialog
from app.components.fields import Options, above, labelled, said
from app.components.layout import icon, plain, stack
from app.components.theme import RADIUS, SPACE


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
    """One of ``options`` (value, text), chosen from a list that opens on top of the page.

    In the browser the field is a button named by label and value; each option is ``id:value``.
    """
    return Select(id, label, tuple(options), value, on_change, description, error, required, key=id)


@component
def Select(
    id: str,
    label: str,
    options: tuple[tuple[str, str], ...],
    value: str | None,
    on_change: Callable[[str], Any],
    description: str,
    error: str,
    required: bool,
) -> ft.Control:
    """See select."""
    t = use_text()
    opened, open_ = ft.use_state(False)
    chosen = next((words for key, words in options if key == value), "")

    def choose(key: str) -> Any:
        open_(False)
        return on_change(key)

    ft.use_dialog(_list(id, label, options, value, choose, lambda: open_(False)) if opened else None)
    name = said(labelled(label, required), description, error)
    field = Sem(
        label=name,
        value=chosen or t("kit.not-chosen"),
        content=_face(id, chosen or t("kit.choose"), bool(chosen), bool(error), lambda: open_(True)),
    )
    words = [silent(part) for part in above(label, required, description, error)]
    return stack([*words, merged(id, field)], gap="s")


def _face(id: str, words: str, chosen: bool, wrong: bool, press: Callable[[], None]) -> ft.Control:
    look = use_look()
    shown = plain(words, "body" if chosen else "muted")
    shown.semantics_label = ""
    line = ft.Row([ft.Container(shown, expand=True), icon(ft.Icons.EXPAND_MORE)], spacing=SPACE["s"])
    edge = look.colours.error if wrong else look.colours.outline
    return ft.Container(
        line,
        key=id,
        ink=True,
        on_click=on(press),
        padding=ft.Padding(SPACE["m"], SPACE["sm"], SPACE["sm"], SPACE["sm"]),
        bgcolor=look.colours.surface,
        border=ft.Border.all(look.border + (1 if wrong else 0), edge),
        border_radius=RADIUS["m"],
    )


def _list(
    id: str,
    label: str,
    options: Options,
    value: str | None,
    choose: Callable[[str], Any],
    close: Callable[[], None],
) -> ft.AlertDialog:
    rows = [_option(id, key, words, key == value, choose) for key, words in options]
    return dialog(f"{id}.list", label, [stack(rows, gap="xs")], [], close)


def _option(id: str, key: str, words: str, here: bool, choose: Callable[[str], Any]) -> ft.Control:
    look = use_look()
    mark = icon(ft.Icons.RADIO_BUTTON_CHECKED if here else ft.Icons.RADIO_BUTTON_UNCHECKED)
    line = ft.Row([mark, ft.Container(plain(words, "strong" if here else "body"), expand=True)])
    face = ft.Container(
        line,
        key=f"{id}:{key}",
        ink=True,
        on_click=on(lambda: choose(key)),
        padding=SPACE["sm"],
        bgcolor=look.colours.primary_soft if here else None,
        border_radius=RADIUS["m"],
    )
    return merged(f"{id}:{key}", face, selected=here)
