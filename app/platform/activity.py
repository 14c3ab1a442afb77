"""Whether somebody is there: what a resident does on the page, told apart from what the page does by itself."""

from collections.abc import Callable
from typing import Any

import flet as ft

BY_ITSELF = frozenset(
    {"size_change", "resize", "media_change", "connect", "disconnect", "platform_brightness_change"}
)


def watch_activity(page: ft.Page, touch: Callable[[], None]) -> None:
    """Call ``touch`` with everything the resident does in this session from now on."""
    session = page.session
    dispatch = session.dispatch_event

    async def watched(control_id: int, event_name: str, event_data: Any) -> None:
        if event_name not in BY_ITSELF:
            touch()
        await dispatch(control_id, event_name, event_data)

    session.dispatch_event = watched  # type: ignore[method-assign]
