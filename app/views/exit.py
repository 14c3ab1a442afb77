"""Away at once: a neutral screen, and nothing of what was being written if one so chooses (row D12)."""

from collections.abc import Callable

import flet as ft

from app.components import Screen, button, checkbox, component, row, text, use_text
from app.platform.window import go
from app.views.pictures import lake

CALM = "/calm"


def exit_row(leave: Callable[[bool], None], writes: bool = True, loud: bool = True) -> ft.Control:
    """The button and the choice beside it. ``leave`` is told whether what is being written is thrown away;
    ``writes``: something can be written here; ``loud``: who is here may have somebody to fear."""
    return Exit(leave, writes, loud)


@component
def Exit(leave: Callable[[bool], None], writes: bool, loud: bool) -> ft.Control:
    """See exit_row."""
    t = use_text()
    clean, set_clean = ft.use_state(True)

    def away() -> None:
        leave(clean)
        go(CALM)

    kind = "danger" if loud else "secondary"
    now = button("exit.now", t("exit.now"), away, kind, ft.Icons.DIRECTIONS_RUN)
    keep = checkbox("exit.clean", t("exit.clean"), clean, set_clean)
    return row([now, keep] if writes else [now])


@component
def CalmScreen() -> ft.Control:
    """``/calm``: nothing here tells where one was."""
    return calm(id="calm")


def calm(*more: ft.Control, id: str) -> ft.Control:
    """The neutral screen, with ``more`` below."""
    t = use_text()
    return Screen(id, t("exit.calm.title"), [lake(), text(t("exit.calm.body")), *more])
