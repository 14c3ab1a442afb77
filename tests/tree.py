"""What stands on a screen, from Flet's controls: in reading order, with roles and words as a screen reader has them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from typing import Any

import flet as ft
from flet.components.component import Component
from flet.controls.base_control import BaseControl

_ROLES: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("textbox", (ft.TextField,)),
    ("radiogroup", (ft.RadioGroup,)),
    ("radio", (ft.Radio,)),
    ("checkbox", (ft.Checkbox,)),
    ("dialog", (ft.AlertDialog, ft.DatePicker, ft.TimePicker)),
    ("button", (ft.Button, ft.FilledButton, ft.OutlinedButton, ft.TextButton, ft.IconButton)),
)


def role_of(control: Any) -> str:
    """The role of ``control`` for a screen reader; empty when it is only layout."""
    if isinstance(control, ft.Semantics):
        return "heading" if control.header else ""
    if isinstance(control, ft.Container):
        return "button" if control.ink and (control.on_click or control.action) else ""
    return next((role for role, kinds in _ROLES if isinstance(control, kinds)), "")


def is_part(control: Any) -> bool:
    """Whether a screen reader may say ``control`` together with what is around it."""
    return bool(role_of(control)) and not isinstance(control, ft.Semantics)


def words_of(control: Any) -> list[str]:
    """What ``control`` itself says (not its parts)."""
    names = ("label", "helper", "helper_text", "error", "error_text", "tooltip")
    said = [getattr(control, name, None) for name in names]
    if isinstance(control, ft.Text):
        said = [control.value]
    if isinstance(control, ft.Semantics):
        said = [control.label]
    if isinstance(control, ft.Icon):
        said = []
    content = getattr(control, "content", None)
    shown = [words for words in [*said, content] if isinstance(words, str) and words]
    return [words.replace("\u00a0", " ") for words in shown]  # kept together for the eye alone


def walk(node: Any, seen: set[int]) -> Iterator[Any]:
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, (list, tuple)):
            stack.extend(reversed(top))
        elif isinstance(top, Component):
            stack.append(top._b)
        elif (ranks := _fields(top.__class__)) is not None and id(top) not in seen:
            seen.add(id(top))
            if isinstance(top, BaseControl):
                if getattr(top, "visible", True) is False or getattr(top, "open", True) is False:
                    continue
                yield top
            stack.extend(reversed(_parts(top, ranks)))


def _parts(node: Any, ranks: dict[str, int]) -> list[Any]:
    """What may be or hold a control among the properties of ``node``: those that are not left at their default."""
    own = node.__dict__
    held = [
        (ranks[name], part)
        for of in (own.get("_values", _NOTHING), own)
        for name, part in of.items()
        if part is not None and part.__class__ not in _PLAIN and name in ranks
    ]
    held.sort(key=itemgetter(0))
    return [part for _, part in held]


@cache
def _fields(kind: type) -> dict[str, int] | None:
    """Which fields can hold a control, and their order; None when ``kind`` is no dataclass."""
    if not dataclasses.is_dataclass(kind):
        return None
    names = [f.name for f in dataclasses.fields(kind) if "skip" not in f.metadata]
    kept = [name for name in names if not name.startswith("_") and name not in ("data", "ref")]
    return {name: rank for rank, name in enumerate(kept)}


_NOTHING: dict[str, Any] = {}
_PLAIN = (str, int, float, bool, dict)
