"""What Home says of appointments: an open visit, offers, reminders, the next one, tickets (rows C3, C8, I4)."""

import flet as ft

from app.components import button, component, notice, section, stack, use_text
from app.domain.appointments import Appointment, CareRequest
from app.domain.preparing import Notes
from app.platform.window import go
from app.stores.appointments import Appointments
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.appointment_card import appointment_card, title, when, where
from app.views.appointments import Offers, ticket_card
from app.views.doubt import Doubt
from app.views.support import nothing
from app.views.visit_bar import VisitBar


def appointment_now(stores: Stores, own: Own) -> ft.Control:
    """What cannot wait: an open visit, an offer that ends, an appointment within a day."""
    if not stores.region.has("appointments"):
        return nothing()
    appointments = own.appointments
    return AppointmentsNow(own, appointments, appointments.all, appointments.notes, stores.services)


def appointment_news(stores: Stores, own: Own) -> ft.Control:
    """What is coming: the next appointment, and tickets to book with."""
    if not stores.region.has("appointments"):
        return nothing()
    appointments = own.appointments
    return AppointmentNews(
        appointments, appointments.all, appointments.requests, appointments.notes, stores.services
    )


@component
def AppointmentsNow(
    own: Own,
    appointments: Appointments,
    all: Resource[tuple[Appointment, ...]],
    notes: Resource[Notes],
    services: Services,
) -> ft.Control:
    """Nothing at all while there is nothing."""
    due = _due(appointments)
    if not (due or appointments.visit_now() or appointments.offers() or own.booking.doubt):
        return nothing()
    return stack(
        [
            Doubt(own.booking, own.booking.settle),
            VisitBar(appointments, all, services),
            Offers(appointments, all, services),
            *[_reminder(appointments, one, services) for one in due],
        ]
    )


@component
def AppointmentNews(
    appointments: Appointments,
    all: Resource[tuple[Appointment, ...]],
    requests: Resource[tuple[CareRequest, ...]],
    notes: Resource[Notes],
    services: Services,
) -> ft.Control:
    """Nothing at all while there is nothing."""
    t = use_text()
    due = _due(appointments)
    coming = [_next(one, services) for one in appointments.upcoming()[:1] if one not in due]
    tickets = [ticket_card(one, id="home.ticket") for one in appointments.tickets()]
    if not (coming or tickets):
        return nothing()
    parts = [
        *([section(t("home.next_appointment"), coming)] if coming else []),
        *([section(t("appointments.tickets"), [stack(tickets, gap="s")])] if tickets else []),
    ]
    return stack(parts, gap="l")


def _due(appointments: Appointments) -> list[Appointment]:
    return [one for one in appointments.reminders() if one != appointments.visit_now()]


def _next(one: Appointment, services: Services) -> ft.Control:
    return appointment_card(one, services, id="home.appointment", brief=True)


def _reminder(appointments: Appointments, one: Appointment, services: Services) -> ft.Control:
    """It begins within a day: put off, or done with (row I4)."""
    t = use_text()
    actions = [
        button("home.open-appointment", t("booking.to_appointment"), lambda: go(f"/appointments/{one.id}")),
        button(
            "home.reminded", t("home.reminded"), lambda: appointments.keep(one.id, done=True), "secondary"
        ),
        button("home.snooze", t("home.snooze"), lambda: appointments.snooze(one.id), "quiet"),
    ]
    lines = [title(one, services), when(one), where(one)]
    return notice("info", t("home.reminder"), lines, actions, id="home.reminder", live=False)
