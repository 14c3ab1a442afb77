"""The window or browser tab of one session: where it is, what it is called, how it looks.

Uses Flet's context page, so call it from a handler, an effect or a task of the session.
"""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

import flet as ft

CLIENT_ANSWERS_WITHIN = 5.0  # seconds; a client that has gone away never answers


def go(route: str) -> None:
    """Show another screen, e.g. ``go("/messages")``."""
    ft.context.page.navigate(route)


def here() -> str:
    """The route that is shown now, query included."""
    return ft.context.page.route or "/"


def origin() -> str:
    """Where the app is served from, without a slash at the end; empty in an app of its own."""
    page = ft.context.page
    parts = urlsplit(page.url or "")
    if not page.web or not parts.netloc:
        return ""
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    return f"{scheme}://{parts.netloc}"


def set_title(title: str) -> None:
    """The name of the window, the tab and the page."""
    page = ft.context.page
    if page.title != title:
        page.title = title
        page.update()


def set_language(language: str, supported: Sequence[str]) -> None:
    """Language of Flet's own texts (pickers, positions) and of the page: ``fi``, ``sv``, ``en``."""
    page = ft.context.page
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[_locale(code) for code in supported], current_locale=_locale(language)
    )
    page.update()


def set_theme(light: ft.Theme, dark: ft.Theme, mode: str) -> None:
    """Both themes and which one is used: ``system``, ``light`` or ``dark``."""
    page = ft.context.page
    page.theme, page.dark_theme, page.theme_mode = light, dark, ft.ThemeMode(mode)
    page.update()


async def open_link(url: str, same_tab: bool = False) -> None:
    """Open an address outside the app; ``same_tab`` leaves the app's page (sign-in in the browser)."""
    launcher = ft.UrlLauncher()
    target = "_self" if same_tab else None
    await asyncio.wait_for(launcher.launch_url(url, web_only_window_name=target), CLIENT_ANSWERS_WITHIN)


def _locale(code: str) -> ft.Locale:
    return ft.Locale(code, "GB" if code == "en" else "FI")
