"""Cancelling an appointment: the rule and the fee before, the receipt after, the reason asked once (row C7)."""

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    notice,
    radio_group,
    row,
    stack,
    text,
    use_text,
)
from app.domain.appointments import Appointment, State
from app.platform.window import go
from app.stores.appointments import Appointments
from app.stores.base import Action, Resource, Status
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.appointment_card import rule_lines, title, when
from app.views.booking_problem import problem_notice
from app.views.calendar_export import CalendarRemoval
from app.views.support import missing, nothing

REASONS = ("ill", "time", "not-needed", "elsewhere", "other")


@component
def CancelScreen(stores: Stores, own: Own, id: str) -> ft.Control:
    """``/appointments/<id>/cancel``."""
    appointments = own.appointments
    return Cancel(appointments, appointments.all, appointments.cancel, stores.services, id)


@component
def Cancel(
    appointments: Appointments,
    all: Resource[tuple[Appointment, ...]],
    cancel: Action[[str, str]],
    services: Services,
    id: str,
) -> ft.Control:
    """Asks once and says what becomes of it."""
    t = use_text()
    reason, choose = ft.use_state("")
    ft.use_effect(cancel.reset, [id])
    one = appointments.get(id)
    if one is None:
        return Screen(
            "appointment.cancelling",
            t("appointments.cancel_title"),
            missing(t("appointments.not_found")),
            back="/appointments",
        )
    if one.state is State.CANCELLED:
        return _receipt(one, services)

    async def do() -> None:
        await cancel.run(id, t(f"appointments.why.{reason}") if reason else "")

    failed = problem_notice(cancel.problem, services.service(one.service_id)) if cancel.problem else nothing()
    options = [(key, t(f"appointments.why.{key}")) for key in REASONS]
    why = t("appointments.why")
    busy = cancel.status is Status.RUNNING
    yes = button("appointment.cancel-now", t("appointments.cancel_now"), do, "danger", busy=busy)
    no = button("appointment.keep", t("appointments.keep"), lambda: go(f"/appointments/{id}"), "secondary")
    rules = [text(line, "muted") for line in rule_lines(one)]
    return Screen(
        "appointment.cancelling",
        t("appointments.cancel_title"),
        [
            stack([text(title(one, services), "label"), text(when(one)), *rules], gap="xs"),
            radio_group("appointment.why", why, options, reason or None, choose, t("appointments.why_hint")),
            failed,
            row([yes, no]),
        ],
        back=f"/appointments/{id}",
    )


def _receipt(one: Appointment, services: Services) -> ft.Control:
    t = use_text()
    lines = [title(one, services), when(one), t("appointments.calendar_remove")]
    again = button(
        "appointment.again",
        t("appointments.again"),
        lambda: go(f"/appointments/find/{one.service_id}"),
        "secondary",
    )
    home = button("appointment.to-list", t("appointments.title"), lambda: go("/appointments"))
    return Screen(
        "appointment.cancelling",
        t("appointments.cancelled_title"),
        [
            notice("success", t("appointments.cancelled"), lines, id="appointment.receipt"),
            row([home, again]),
            *([CalendarRemoval(one)] if one.starts else []),
        ],
        back="/appointments",
    )
