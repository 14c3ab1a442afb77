"""Opening what this device keeps, with a PIN or what the device recognises (row H2)."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    notice,
    row,
    section,
    stack,
    text,
    text_field,
    use_format,
    use_text,
)
from app.components.base import Handler
from app.platform.pins import LEAST, MOST
from app.platform.unlock import Outcome
from app.platform.window import go
from app.stores.base import Action, Status
from app.stores.session import Session
from app.stores.stores import Stores
from app.stores.unlock import Unlock
from app.views.welcome import SignIn


@component
def UnlockScreen(stores: Stores, session: Session, unlock: Unlock) -> ft.Control:
    """Stands in the place of what it opens. The way to a strong sign-in is always there too."""
    t = use_text()
    ft.use_effect(unlock.look, [])
    strong = section(
        t("unlock.strong"),
        [
            text(t("unlock.strong_spent" if unlock.spent else "unlock.strong_hint")),
            SignIn(stores, session, "/"),
        ],
    )
    inside = [_spent()] if unlock.spent else [Enter(unlock, unlock.enter), *_device(unlock)]
    return Screen("unlock", t("unlock.title"), [text(t("unlock.lead"), "lead"), *inside, strong])


def _spent() -> ft.Control:
    t = use_text()
    return notice("warning", t("unlock.spent.title"), [t("unlock.spent.body")], id="unlock.spent")


def _device(unlock: Unlock) -> list[ft.Control]:
    t = use_text()
    if not (unlock.by_device and unlock.recognises):
        return []
    ask = button(
        "unlock.device",
        t("unlock.device"),
        lambda: unlock.recognise.run(t("unlock.reason")),
        "secondary",
        ft.Icons.FINGERPRINT,
    )
    return [row([ask])]


@component
def Enter(unlock: Unlock, enter: Action[[str]]) -> ft.Control:
    """The field and its button. A PIN may be pasted, and Enter does what the button does."""
    t = use_text()
    pin, set_pin = ft.use_state("")

    async def go_in() -> None:
        await enter.run(pin)
        set_pin("")
        if not unlock.shut:
            go("/")

    async def submitted(_: str) -> None:
        await go_in()

    field = pin_field("unlock.pin", t("unlock.pin"), pin, set_pin, error=problem(unlock), on_submit=submitted)
    busy = enter.status is Status.RUNNING
    return stack(
        [field, row([button("unlock.open", t("unlock.open"), go_in, icon=ft.Icons.LOCK_OPEN, busy=busy)])]
    )


def pin_field(
    id: str,
    label: str,
    value: str,
    on_change: Callable[[str], Any],
    description: str | None = None,
    error: str = "",
    on_submit: Handler | None = None,
) -> ft.Control:
    """Digits, hidden while they are written. ``description``: how many, if nothing else is said."""
    hint = use_text()("unlock.pin_hint", least=LEAST, most=MOST)
    return text_field(
        id,
        label,
        value,
        on_change,
        hint if description is None else description,
        error,
        on_submit=on_submit,
        keyboard=ft.KeyboardType.NUMBER,
        secret=True,
    )


def problem(unlock: Unlock) -> str:
    """Why the last try did not open it, and when the next may be made."""
    t = use_text()
    if unlock.wait_until is not None:
        return t("unlock.wait", time=use_format().time(unlock.wait_until), n=unlock.left)
    return t("unlock.wrong", n=unlock.left) if unlock.outcome is Outcome.WRONG else ""


def unlock_or_start(stores: Stores) -> ft.Control:
    """``/unlock``: the way in where there is a lock that is shut; otherwise what stands at ``/``."""
    from app.views.start import Start

    if stores.unlock is None:
        return Start(stores, stores.session)
    return UnlockOrStart(stores, stores.session, stores.unlock)


@component
def UnlockOrStart(stores: Stores, session: Session, unlock: Unlock) -> ft.Control:
    """Redrawn when it opens."""
    from app.views.start import Start

    return UnlockScreen(stores, session, unlock) if unlock.shut else Start(stores, session)
