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
    """``/callback?code=…``: finishes the sign-in of that address, then replaces itself.

    It may be the same screen for two answers: whoever turned back may try again from here.
    """
    answer = here()
    finished, set_finished = ft.use_state("")

    async def arrive() -> None:
        await session.arrive.run(answer)
        set_finished(answer)
        if session.own is not None and session.arrive.status is Status.DONE:
            go(session.return_to or "/")

    ft.use_effect(arrive, [answer])
    return Arriving(stores, session, session.arrive, finished == answer)


@component
def Arriving(stores: Stores, session: Session, arrive: Action[[str]], finished: bool) -> ft.Control:
    """What the resident sees meanwhile; once it is ``finished``, why nobody is signed in, and the way in."""
    t = use_text()
    if finished and arrive.status not in (Status.RUNNING, Status.DONE):
        return Screen("sign-in", t("signin.title"), [SignIn(stores, session, session.return_to or "/")])
    return Screen("sign-in", t("signin.finishing"), [text(t("signin.returning"))], live=t("signin.finishing"))
