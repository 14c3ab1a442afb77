"""The device's own word on its network: no proof of anything, but a reason to look at the platform at once."""

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft


async def follow(changed: Callable[[], None]) -> None:
    """Call ``changed`` when the device gains, loses or changes its network, until cancelled.

    For an app that runs on the device; a served session would hear of the server's network.
    """

    def told(_event: Any) -> None:
        changed()

    service = ft.Connectivity(on_change=told)
    try:
        await asyncio.Event().wait()
    finally:
        del service  # the device tells as long as somebody holds it
