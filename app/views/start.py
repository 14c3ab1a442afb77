"""What stands at ``/``: Home, or the first screen for who is not signed in."""

import flet as ft

from app import views
from app.components import component
from app.stores.session import Session
from app.stores.settings import Settings
from app.stores.stores import Stores
from app.views.welcome import Welcome


@component
def Start(stores: Stores, session: Session) -> ft.Control:
    """``/``: Home for who is signed in, the first screen for who is not."""
    if session.own is not None:
        return views.home.Home(stores, session.own, session.own.resident)
    return Guest(stores, session, stores.settings)


@component
def Guest(stores: Stores, session: Session, settings: Settings) -> ft.Control:
    """The very first time on a device that remembers it: what can be done here, in three screens."""
    first = settings.lasting and not settings.remembered("first-run")
    return views.first_run.FirstRunScreen(stores) if first else Welcome(stores, session)
