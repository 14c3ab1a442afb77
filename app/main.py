"""A session starts: what the device offers -> the parts put together -> the screens."""

import logging
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import flet as ft

from app import bootstrap
from app.components import FONTS, Ui, page_theme
from app.config import Region, Settings, load_region, read_settings
from app.platform.devices import devices_for
from app.platform.flet_fixes import TaskBag, install
from app.stores.settings import MemoryPreferences
from app.stores.settings import Settings as Choices
from app.stores.stores import Stores
from app.views.routes import App

ASSETS = Path(__file__).parent.parent / "assets"
SESSION_SECONDS = 15 * 60


def run(settings: Settings | None = None, region: Region | None = None) -> int:
    """A window of its own (desktop, phones), or the page itself (static browser client)."""
    settings = settings or read_settings((), os.environ)
    install()
    ft.run(session(settings, region or load_region(settings.region)), assets_dir=str(ASSETS), no_cdn=True)
    return 0


def serve(settings: Settings, region: Region) -> int:
    """Serve browsers until stopped. 2: the port is taken."""
    import uvicorn

    from app.platform.served import asgi

    if _taken(settings.host, settings.port):
        sys.stderr.write(
            f"Port {settings.port} is taken by another program. Choose another: APP_PORT or --port.\n"
        )
        return 2
    install()
    logging.basicConfig(level=logging.WARNING)
    app = asgi(
        session(settings, region), ASSETS, title=region.app_name("fi"), session_seconds=SESSION_SECONDS
    )
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        proxy_headers=True,
        ws="websockets-sansio",
        timeout_graceful_shutdown=3,
    )
    return 0


def session(settings: Settings, region: Region) -> Callable[[ft.Page], Awaitable[None]]:
    """What Flet calls for every session, with its page."""

    async def main(page: ft.Page) -> None:
        tasks = TaskBag(page)
        choices = Choices(
            MemoryPreferences(), region.languages, page.platform_brightness is ft.Brightness.DARK
        )
        data = settings.data_dir.expanduser()
        devices = devices_for(page, data, settings.public_url, lambda: choices.language)
        ui, stores = await bootstrap.build(settings, region, choices, devices, tasks.create, _version())
        _dress(page, ui, stores)
        page.render_views(App, ui, stores)

    return main


def _dress(page: ft.Page, ui: Ui, stores: Stores) -> None:
    """Fonts and theme for the first frame; and all that follows the device's own light or dark."""
    page.fonts = dict(FONTS)
    page.theme = page.dark_theme = page_theme(ui.look)
    page.padding = 0

    def brightness_changed() -> None:
        stores.settings.device_is(page.platform_brightness is ft.Brightness.DARK)

    page.on_platform_brightness_change = brightness_changed


def _version() -> str:
    try:
        return version("digiklinikka")
    except PackageNotFoundError:
        return "0.1.0"


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
