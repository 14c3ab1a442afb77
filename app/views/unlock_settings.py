"""Quick unlock switched on and off, its PIN changed (row H2)."""

import flet as ft

from app.components import button, checkbox, component, notice, row, section, stack, text, use_text
from app.platform.pins import BadPin
from app.stores.base import Status
from app.stores.session import Session
from app.stores.unlock import Unlock
from app.views.unlock import pin_field, problem

_BAD = {
    BadPin.LENGTH: "unlock.bad.length",
    BadPin.SIMPLE: "unlock.bad.simple",
    BadPin.DIFFERENT: "unlock.bad.different",
}


def unlock_settings(session: Session, unlock: Unlock | None) -> list[ft.Control]:
    """A section of the settings, where the device can and somebody is signed in."""
    if unlock is None or session.own is None:
        return []
    return [section(use_text()("unlock.settings"), [UnlockSettings(unlock)], id="settings.unlock")]


@component
def UnlockSettings(unlock: Unlock) -> ft.Control:
    """Off: what it would do, and a new PIN. On: what can be changed."""
    t = use_text()
    ft.use_effect(unlock.look, [])
    if not unlock.on:
        return stack([text(t("unlock.off")), NewPin(unlock, False)])
    return stack(
        [
            notice("success", t("unlock.is_on"), [t("unlock.is_on_hint")], id="unlock.on", live=False),
            *_by_device(unlock),
            NewPin(unlock, True),
            SwitchOff(unlock),
        ]
    )


def _by_device(unlock: Unlock) -> list[ft.Control]:
    t = use_text()
    if not unlock.recognises and not unlock.by_device:
        return []

    async def use(wanted: bool) -> None:
        await unlock.use_device.run(wanted, t("unlock.reason"))

    return [
        checkbox(
            "unlock.use-device", t("unlock.use_device"), unlock.by_device, use, t("unlock.use_device_hint")
        )
    ]


@component
def NewPin(unlock: Unlock, change: bool) -> ft.Control:
    """A new PIN, written twice; to change one, the old one first."""
    t = use_text()
    old, set_old = ft.use_state("")
    pin, set_pin = ft.use_state("")
    again, set_again = ft.use_state("")

    async def save() -> None:
        action = unlock.change if change else unlock.switch_on
        await (unlock.change.run(old, pin, again) if change else unlock.switch_on.run(pin, again))
        if action.status is Status.DONE:
            for clear in (set_old, set_pin, set_again):
                clear("")

    bad = t(_BAD[unlock.bad_pin]) if unlock.bad_pin else ""
    same = unlock.bad_pin is BadPin.DIFFERENT
    fields = [
        pin_field("unlock.new", t("unlock.new"), pin, set_pin, error="" if same else bad),
        pin_field(
            "unlock.again", t("unlock.again"), again, set_again, error=bad if same else "", description=""
        ),
    ]
    if change:
        fields.insert(
            0, pin_field("unlock.old", t("unlock.old"), old, set_old, error=problem(unlock), description="")
        )
    name = "unlock.change" if change else "unlock.switch_on"
    save_button = button(name.replace("_", "-"), t(name), save, "secondary")
    return stack([*fields, row([save_button])])


@component
def SwitchOff(unlock: Unlock) -> ft.Control:
    """With the PIN: somebody else may hold the open device."""
    t = use_text()
    asked, ask = ft.use_state(False)
    pin, set_pin = ft.use_state("")

    async def off() -> None:
        await unlock.switch_off.run(pin)
        set_pin("")

    if not asked:
        return row([button("unlock.ask-off", t("unlock.switch_off"), lambda: ask(True), "quiet")])
    return stack(
        [
            pin_field("unlock.off-pin", t("unlock.old"), pin, set_pin, error=problem(unlock), description=""),
            row([button("unlock.switch-off", t("unlock.switch_off"), off, "danger")]),
        ]
    )
