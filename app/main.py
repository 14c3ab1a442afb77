"""A session starts: what the device offers -> the parts put together -> the screens."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import flet as ft

from app import bootstrap
from app.components import FONTS, Ui, page_theme
from app.config import Region, Settings, load_region, read_settings
from app.platform import connectivity, lifecycle
from app.platform.activity import watch_activity
from app.platform.devices import Client, preferences_for
from app.platform.files import forget_shown
from app.platform.flet_fixes import TaskBag, install, number_controls_from
from app.stores.settings import Settings as Choices
from app.stores.stores import Stores
from app.views import ahead
from app.views.routes import App

ASSETS = Path(__file__).parent.parent / "assets"
FIRST_SCREEN = (
    1000  # the number of its first control: in a browser it was drawn when the site was built (web/first.py)
)
QUIET_SECONDS, PAUSE_SECONDS = 2.0, 0.05  # before the first, and between two imports of screens


def run(settings: Settings | None = None, region: Region | None = None) -> int:
    """A window of its own (desktop, phones), or the page itself (static browser client)."""
    settings = settings or read_settings((), os.environ)
    install()
    forget_shown()
    ft.run(session(settings, region or load_region(settings.region)), assets_dir=str(ASSETS), no_cdn=True)
    return 0


def serve(settings: Settings, region: Region) -> int:
    """Serve browsers until stopped. 2: the port is taken."""
    from app.served import serve as served

    return served(settings, region)


def session(
    settings: Settings,
    region: Region,
    opened: Callable[[Stores], None] | None = None,
    client: Client | None = None,
) -> Callable[[ft.Page], Awaitable[None]]:
    """What Flet calls for every session, with its page. ``opened`` is told its stores before anything is shown.

    ``client``: what this device offers, unless the page is drawn where there is none.
    """
    client = client or Client()

    async def main(page: ft.Page) -> None:
        tasks = TaskBag(page)
        data, places = settings.data_dir.expanduser(), await client.places(page)
        preferences = preferences_for(page, data, places)
        dark = page.platform_brightness is ft.Brightness.DARK
        choices = Choices(preferences, region.languages, dark, client.languages(page))
        devices = client.devices(page, data, settings.public_url, lambda: choices.language, places)
        ui, stores = await bootstrap.build(settings, region, choices, devices, tasks.create, _version())
        _dress(page, ui, stores)
        if opened:
            opened(stores)
        if stores.idle:
            watch_activity(page, stores.idle.touch)
        lifecycle.follow(page, partial(_back, stores), partial(_away, stores))
        if page.pyodide:
            number_controls_from(FIRST_SCREEN)
        page.render_views(App, ui, stores)
        if not settings.web:
            tasks.create(connectivity.follow(partial(_look, stores)))
            tasks.create(_ahead())

    return main


async def _back(stores: Stores) -> None:
    """In front again: a lock may have to shut, and something may have changed while nobody looked."""
    if stores.unlock is not None:
        await stores.unlock.back()
    _look(stores)


def _look(stores: Stores) -> None:
    """Look at the platform now."""
    if stores.session.own is not None:
        stores.session.own.sync.nudge()


def _away(stores: Stores) -> None:
    """At the back a phone may end the app: what is being written is saved."""
    if stores.session.own is not None:
        stores.session.own.save_all()
    if stores.unlock is not None:
        stores.unlock.away()


async def _ahead() -> None:
    """While somebody looks at the first screen: import the others, so that going there does not wait for it."""
    await asyncio.sleep(QUIET_SECONDS)
    for _ in ahead():
        await asyncio.sleep(PAUSE_SECONDS)


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
