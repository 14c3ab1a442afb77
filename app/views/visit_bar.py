"""The way to a video visit that is open now, or back to it: on Home and among the appointments (rows C4, C5)."""

import flet as ft

from app.components import button, component, notice, use_text
from app.domain.appointments import Appointment, State
from app.platform.window import go, here
from app.stores.appointments import Appointments
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.services import Services
from app.views.appointment_card import title, when
from app.views.support import nothing


@component
def VisitBar(
    appointments: Appointments, all: Resource[tuple[Appointment, ...]], services: Services
) -> ft.Control:
    """Nothing while no visit is open."""
    visit = appointments.visit_now()
    return nothing() if visit is None else _bar(visit, services)


def visit_banner(own: Own | None, services: Services) -> ft.Control | None:
    """On every screen but those that say it themselves: the way back to a visit that has begun."""
    visit = own.appointments.visit_now() if own is not None else None
    if visit is None or visit.state not in UNDER_WAY:
        return None
    path = here().partition("?")[0].rstrip("/")
    itself = f"/appointments/{visit.id}"
    return None if path in ("", "/appointments", itself, f"{itself}/video") else _bar(visit, services)


UNDER_WAY = (State.STARTED, State.CHECKED_IN, State.ARRIVED)


def _bar(visit: Appointment, services: Services) -> ft.Control:
    t = use_text()
    is_on = visit.state in UNDER_WAY
    words = t("video.return_bar") if is_on else t("video.open_bar")
    label = t("video.return") if is_on else t("video.to_room")
    lead = button(
        "video.return", label, lambda: go(f"/appointments/{visit.id}/video"), icon=ft.Icons.VIDEOCAM_OUTLINED
    )
    lines = [title(visit, services), when(visit)]
    return notice("success", words, lines, [lead], id="video.bar")
