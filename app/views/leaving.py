"""Leaving an anonymous talk asks first, however its screen is left (row B1)."""

import flet as ft

from app import views
from app.components import component
from app.stores.ombudsman import Ombudsman
from app.views.support import nothing

TALK = "/ombudsman/chat"
WITHOUT_ASKING = frozenset({TALK, "/calm"})
"""The talk itself, and where a quick exit leads: a question there would tell where one was."""


@component
def Leaving(store: Ombudsman, route: str) -> ft.Control:
    """Stands on every screen and draws nothing: asks when a talk goes on elsewhere."""
    talk = store.talk
    if talk is None or route.partition("?")[0] in WITHOUT_ASKING:
        return nothing()
    return views.ombudsman_talk.Left(store, talk)
