"""Notifications of the browser (``assets/web/notify.js``): they hold no word about what the resident's matter is.

Only in a browser. Flet has no notifications of phones and computers, and what is not running could show none without
push messages: docs/native.md.
"""

from enum import StrEnum
from urllib.parse import quote

import flet as ft

from app.platform.window import CLIENT_ANSWERS_WITHIN, open_link

ASKED_WITHIN = 120.0  # seconds in which the resident has answered the browser's question


class Leave(StrEnum):
    """Whether this page may notify: the resident's own answer to the browser, or none yet (``UNDECIDED``)."""

    GIVEN = "given"
    REFUSED = "refused"
    UNDECIDED = "undecided"
    IMPOSSIBLE = "impossible"


_LEAVES = {"granted": Leave.GIVEN, "permanentlyDenied": Leave.REFUSED, "denied": Leave.UNDECIDED}


@ft.control("PermissionHandler")  # type: ignore[arg-type]
class _Permissions(ft.Service):
    """What Flet's client for browsers has built in; the package of that name would add a plug-in to phones' apps."""

    async def ask(self, method: str, seconds: float) -> str:
        return str(await self._invoke_method(method, {"permission": "notification"}, timeout=seconds))


def can_notify() -> bool:
    """Whether this kind of client shows notifications at all."""
    return bool(ft.context.page.web)


async def leave() -> Leave:
    """As it is now; the browser asks nobody."""
    return await _asked("get_status", CLIENT_ANSWERS_WITHIN)


async def ask_leave() -> Leave:
    """The browser asks, if it has not before. Only from a press: browsers refuse otherwise."""
    if await _asked("request", ASKED_WITHIN) is Leave.IMPOSSIBLE:
        return Leave.IMPOSSIBLE
    return await leave()


async def notify(words: str, at_once: bool = False) -> bool:
    """Show it, unless the resident looks at the page (``at_once``: even then). False when the client could not."""
    try:
        await open_link(f"data:text/x-notification{'-now' if at_once else ''},{quote(words)}")
    except (RuntimeError, TimeoutError):
        return False
    return True


async def _asked(method: str, seconds: float) -> Leave:
    try:
        return _LEAVES.get(await _Permissions().ask(method, seconds), Leave.REFUSED)
    except (RuntimeError, TimeoutError):  # the browser knows of no notifications, or the client has gone
        return Leave.IMPOSSIBLE
