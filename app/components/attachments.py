"""Files beside a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.components.base import Handler
from app.components.buttons import button, icon_button
from app.components.context import use_format, use_text
from app.components.feedback import badge
from app.components.layout import panel, row, stack, text
from app.components.theme import SPACE

_STATES = {
    "ready": ("success", ft.Icons.CHECK),
    "checking": ("info", ft.Icons.HOURGLASS_EMPTY),
    "waiting": ("info", ft.Icons.SCHEDULE),
    "sent": ("success", ft.Icons.DONE_ALL),
    "bad": ("error", None),
}


@dataclass(frozen=True)
class FileRow:
    """One file. ``size`` in bytes; ``state``: ready, checking, waiting, sent or bad; ``problem``: why, in words."""

    name: str
    size: int
    state: str = "ready"
    problem: str = ""


def attachment_picker(
    id: str,
    files: Sequence[FileRow],
    limits_text: str,
    on_pick: Handler | None,
    on_remove: Callable[[int], Any],
    action: Any = None,
    disabled_because: str = "",
) -> ft.Control:
    """Says the limits, lets pick, lists each file with its state. ``on_remove`` gets its place in ``files``."""
    t = use_text()
    pick = button(
        id,
        t("kit.attach"),
        on_pick,
        kind="secondary",
        icon=ft.Icons.ATTACH_FILE,
        action=action,
        disabled_because=disabled_because,
    )
    rows = [_file(id, place, file, on_remove) for place, file in enumerate(files)]
    return stack([text(limits_text, "small"), row([pick]), *rows], gap="s", id=f"{id}.files")


def _file(id: str, place: int, file: FileRow, on_remove: Callable[[int], Any]) -> ft.Control:
    t = use_text()
    kind, mark = _STATES[file.state]
    words = [
        text(file.name, "label"),
        text(use_format().size(file.size), "small"),
        badge(kind, t(f"kit.file.{file.state}"), mark),
    ]
    if file.problem:
        words.append(text(file.problem, colour="error"))
    remove = icon_button(
        f"{id}.remove.{place}",
        ft.Icons.DELETE_OUTLINE,
        t("kit.remove", name=file.name),
        lambda: on_remove(place),
    )
    line = ft.Row([ft.Container(stack(words, "xs"), expand=True), remove])
    edge = "error" if file.problem else "outline_soft"
    return panel(line, edge=edge, key=f"{file.name}:{place}", padding=SPACE["sm"])
