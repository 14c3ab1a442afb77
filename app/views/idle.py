"""What is said when nobody has used a session for long: that it ends soon, or that it has ended (row K6)."""

import flet as ft

from app.components import button, notice, use_format, use_text
from app.platform.window import here
from app.stores.device import OwnDevice
from app.stores.idle import Idle, IdleState
from app.stores.session import Session


def idle_notice(idle: Idle | None, session: Session, device: OwnDevice | None) -> ft.Control | None:
    """Said aloud when it comes. It goes away when anything is done; "continue" is there for whoever only reads."""
    if idle is None or idle.state is IdleState.QUIET:
        return None
    t = use_text()
    memory = [t("idle.memory")] if device is not None and not device.on else []
    if idle.state is IdleState.WARNED and idle.ends_at is not None:
        title = t("idle.warning.title", time=use_format().time(idle.ends_at))
        go_on = button("idle.extend", t("idle.extend"), idle.touch)
        return notice("warning", title, [t("idle.warning.body"), *memory], [go_on], id="idle-banner")
    if session.own is not None:
        return None
    again = button("idle.sign-in", t("signin.again"), lambda: session.sign_in.run(here()))
    return notice("info", t("idle.ended.title"), [t("idle.ended.body"), *memory], [again], id="idle-banner")
