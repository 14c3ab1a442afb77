"""What the device itself recognises, a face or a finger (row H2), through Flet's extension where the client has it.

The extension is part of the phones' and of the Mac and Windows builds only. Whether somebody was recognised is the
device's word; no picture and no template ever reaches the app.
"""

from typing import Any, Protocol

import flet as ft

ABLE = (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS, ft.PagePlatform.MACOS, ft.PagePlatform.WINDOWS)


class Recognition(Protocol):
    """Asks the device who holds it."""

    async def available(self) -> bool:
        """Whether there is anything to ask: a sensor, and something taught to it."""
        ...

    async def confirm(self, reason: str) -> bool:
        """Show the device's own prompt with ``reason``; False when it was cancelled or nobody was recognised."""
        ...


class DeviceRecognition:
    """See ``Recognition``. ``service``: Flet's LocalAuthentication."""

    def __init__(self, service: Any) -> None:
        self._service = service

    async def available(self) -> bool:
        """See ``Recognition``."""
        try:
            return bool(await self._service.get_available_biometrics())
        except (RuntimeError, ft.FletException):
            return False

    async def confirm(self, reason: str) -> bool:
        """See ``Recognition``. The device's code instead of a face would be weaker than the PIN: not taken."""
        try:
            return bool(await self._service.authenticate(reason, biometric_only=True))
        except (RuntimeError, ft.FletException):
            return False


def recognition_of(page: ft.Page) -> Recognition | None:
    """What this client can ask, if anything."""
    if page.web or page.platform not in ABLE:
        return None
    try:
        from flet_local_auth import LocalAuthentication
    except ImportError:
        return None
    return DeviceRecognition(LocalAuthentication())
