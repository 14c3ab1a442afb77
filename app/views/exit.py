"""Away at once: a neutral screen, and nothing of what was being written if one so chooses (row D12)."""

from collections.abc import Callable

import flet as ft

from app.components import Screen, button, checkbox, component, row, text, use_text
from app.platform.window import go
from app.views.pictures import lake

CALM = "/calm"


def exit_row(forget: Callable[[], None]) -> ft.Control:
    """The button and the choice beside it. ``forget`` throws away what is being written."""
    return Exit(forget)


@component
def Exit(forget: Callable[[], None]) -> ft.Control:
    """See exit_row."""
    t = use_text()
    clean, set_clean = ft.use_state(True)

    def leave() -> None:
        if clean:
            forget()
        go(CALM)

    away = button("exit.now", t("exit.now"), leave, "danger", ft.Icons.DIRECTIONS_RUN)
    keep = checkbox("exit.clean", t("exit.clean"), clean, set_clean)
    return row([away, keep])


@component
def CalmScreen() -> ft.Control:
    """``/calm``: nothing here tells where one was."""
    t = use_text()
    return Screen("calm", t("exit.calm.title"), [lake(), text(t("exit.calm.body"))])
