"""The resident's word that a browser is their own, and what they must know while it keeps nothing (row J5)."""

import flet as ft

from app.components import button, checkbox, component, dialog, notice, stack, text, use_text
from app.components.base import Handler
from app.stores.base import Action, Status
from app.stores.device import OwnDevice
from app.views.support import nothing


def own_device_choice(device: OwnDevice) -> ft.Control:
    """A box to tick, where the resident is asked; taking it back asks first, for it erases."""
    return OwnDeviceChoice(device, device.turn) if device.asked else nothing()


@component
def OwnDeviceChoice(device: OwnDevice, turn: Action[[bool]]) -> ft.Control:
    """See ``own_device_choice``."""
    t = use_text()
    asking, ask = ft.use_state(False)
    ft.use_dialog(_sure(turn, lambda: ask(False)) if asking else None)

    async def change(on: bool) -> None:
        if on:
            await turn.run(True)
        else:
            ask(True)

    parts = [
        checkbox(
            "device.own", t("welcome.own_device"), device.on, change, description=t("welcome.own_device_hint")
        )
    ]
    if turn.status is Status.FAILED:
        parts.append(notice("error", t("device.full.title"), [t("device.full.body")], id="device.own-failed"))
    return stack(parts)


def _sure(turn: Action[[bool]], close: Handler) -> ft.AlertDialog:
    t = use_text()

    async def erase() -> None:
        close()
        await turn.run(False)

    return dialog(
        "device.own-off",
        t("device.own_off.title"),
        [text(t("device.own_off.body"))],
        [
            button("device.own-off.stay", t("device.own_off.stay"), close, kind="secondary", autofocus=True),
            button("device.own-off.confirm", t("device.own_off.confirm"), erase, kind="danger"),
        ],
        close,
    )


def device_notice(device: OwnDevice) -> ft.Control | None:
    """On every screen of who is signed in: that what is written now is not found at the next visit."""
    t = use_text()
    if device.on and device.problem is not None:
        return notice(
            "warning", t("device.full.title"), [t("device.full.body")], id="device-full-banner", live=True
        )
    if device.on and device.elsewhere:
        return notice(
            "info", t("device.elsewhere.title"), [t("device.elsewhere.body")], id="device-elsewhere-banner"
        )
    return None


def memory_only(device: OwnDevice) -> ft.Control:
    """Beside what is being written: that this browser keeps nothing of it."""
    t = use_text()
    if not device.asked or device.on:
        return nothing()
    return text(t("device.memory"), "small", id="device.memory")
