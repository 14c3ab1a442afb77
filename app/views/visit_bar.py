"""The way to a video visit that is open now, or back to it: on Home and among the appointments (rows C4, C5)."""

import flet as ft

from app.components import button, component, notice, use_text
from app.domain.appointments import Appointment, State
from app.platform.window import go
from app.stores.appointments import Appointments
from app.stores.base import Resource
from app.stores.services import Services
from app.views.appointment_card import title, when
from app.views.support import nothing


@component
def VisitBar(
    appointments: Appointments, all: Resource[tuple[Appointment, ...]], services: Services
) -> ft.Control:
    """Nothing while no visit is open."""
    t = use_text()
    visit = appointments.visit_now()
    if visit is None:
        return nothing()
    is_on = visit.state in (State.STARTED, State.CHECKED_IN, State.ARRIVED)
    words = t("video.return_bar") if is_on else t("video.open_bar")
    label = t("video.return") if is_on else t("video.to_room")
    lead = button(
        "video.return", label, lambda: go(f"/appointments/{visit.id}/video"), icon=ft.Icons.VIDEOCAM_OUTLINED
    )
    lines = [title(visit, services), when(visit)]
    return notice("success", words, lines, [lead], id="video.bar")
