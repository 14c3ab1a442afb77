"""The app comes to the front and goes to the back: a phone may end it there without another word."""

from collections.abc import Awaitable, Callable

import flet as ft

BACK = frozenset({ft.AppLifecycleState.SHOW, ft.AppLifecycleState.RESUME})
AWAY = frozenset({ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE, ft.AppLifecycleState.DETACH})


def follow(page: ft.Page, back: Callable[[], Awaitable[None]], away: Callable[[], None]) -> None:
    """Call ``back`` when the app (or its browser tab) is shown again, ``away`` when it is hidden or about to end."""

    async def changed(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in BACK:
            await back()
        elif event.state in AWAY:
            away()

    page.on_app_lifecycle_state_change = changed
