"""Where the sign-in page sends the resident back to: finishes the sign-in and goes on to where they were (row H1)."""

import flet as ft

from app.components import Screen, component, text, use_text
from app.platform.window import go, here
from app.stores.base import Action, Status
from app.stores.session import Session
from app.stores.stores import Stores
from app.views.welcome import SignIn


@component
def Callback(stores: Stores, session: Session) -> ft.Control:
    """``/callback?code=…``: runs once for an address, then replaces itself."""

    async def arrive() -> None:
        await session.arrive.run(here())
        if session.own is not None and session.arrive.status is Status.DONE:
            go(session.return_to or "/")

    ft.use_effect(arrive, [])
    return Arriving(stores, session, session.arrive)


@component
def Arriving(stores: Stores, session: Session, arrive: Action[[str]]) -> ft.Control:
    """What the resident sees meanwhile."""
    t = use_text()
    if arrive.status is Status.FAILED:
        return Screen("sign-in", t("signin.title"), [SignIn(stores, session, "/")])
    return Screen("sign-in", t("signin.finishing"), [text(t("signin.returning"))], live=t("signin.finishing"))
