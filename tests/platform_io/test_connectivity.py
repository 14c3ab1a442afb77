"""What the device says of its network, and of the app being in front."""

import asyncio
from types import SimpleNamespace
from typing import Any

import flet as ft
import pytest

from app.platform import connectivity, lifecycle


async def test_every_change_of_the_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gained, lost, another one: each is worth a look."""
    told: list[str] = []
    services: list[Any] = []

    def service_of(**handlers: Any) -> Any:
        services.append(SimpleNamespace(**handlers))
        return services[0]

    monkeypatch.setattr(connectivity.ft, "Connectivity", service_of)
    following = asyncio.create_task(connectivity.follow(lambda: told.append("changed")))
    await asyncio.sleep(0)

    for kinds in ([ft.ConnectivityType.NONE], [ft.ConnectivityType.WIFI, ft.ConnectivityType.VPN]):
        services[0].on_change(SimpleNamespace(connectivity=kinds))

    following.cancel()
    assert told == ["changed", "changed"]


@pytest.mark.parametrize(
    ("state", "told"),
    [("show", ["back"]), ("resume", ["back"]), ("inactive", []), ("hide", ["away"]), ("pause", ["away"])],
)
async def test_coming_back_and_going_away(state: str, told: list[str]) -> None:
    """Losing the focus alone is neither."""
    page: Any = SimpleNamespace()
    heard: list[str] = []

    async def back() -> None:
        heard.append("back")

    lifecycle.follow(page, back, lambda: heard.append("away"))

    await page.on_app_lifecycle_state_change(SimpleNamespace(state=ft.AppLifecycleState(state)))

    assert heard == told
