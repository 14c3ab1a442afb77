"""An appointment in words: what, who, where or how, when, how long, cost, preparation, or that it is not known (C1)."""

import flet as ft

from app.components import badge, card_button, use_format, use_text, use_ui
from app.domain.appointments import Appointment, Mode, State
from app.domain.booking import FreeTime
from app.domain.people import Professional
from app.i18n.format import capital
from app.platform.window import go
from app.stores.services import Services
from app.views.support import keyed

MODE_ICONS = {
    Mode.IN_PERSON: ft.Icons.PLACE_OUTLINED,
    Mode.VIDEO: ft.Icons.VIDEOCAM_OUTLINED,
    Mode.PHONE: ft.Icons.PHONE,
}
_BADGES = {
    State.PROPOSED: ("info", ft.Icons.HOURGLASS_EMPTY),
    State.HELD: ("warning", ft.Icons.TIMELAPSE),
    State.BOOKED: ("success", ft.Icons.EVENT_AVAILABLE_OUTLINED),
    State.ARRIVED: ("success", ft.Icons.HOW_TO_REG_OUTLINED),
    State.CHECKED_IN: ("success", ft.Icons.HOW_TO_REG_OUTLINED),
    State.STARTED: ("success", ft.Icons.PLAY_CIRCLE_OUTLINE),
    State.DONE: ("neutral", ft.Icons.CHECK_CIRCLE_OUTLINE),
    State.MISSED: ("warning", ft.Icons.EVENT_BUSY_OUTLINED),
    State.CANCELLED: ("neutral", ft.Icons.CANCEL_OUTLINED),
    State.WAITING: ("info", ft.Icons.HOURGLASS_EMPTY),
}


def state_badge(appointment: Appointment) -> ft.Control:
    """Where it stands, as a word with an icon and a colour; late by so many minutes when it is."""
    t = use_text()
    if appointment.delay and appointment.state in (State.BOOKED, State.CHECKED_IN, State.ARRIVED):
        return badge("warning", t("appointments.late", n=appointment.delay), ft.Icons.RUNNING_WITH_ERRORS)
    kind, icon = _BADGES[appointment.state]
    return badge(kind, t(f"appointments.state.{appointment.state.value}"), icon)


def appointment_card(
    appointment: Appointment, services: Services, id: str = "appointments.card", brief: bool = False
) -> ft.Control:
    """One appointment of a list: when comes first, for that is what people look for; what is not known is said to be
    not known. ``brief``: without cost and preparation."""
    lines = [
        title(appointment, services),
        where(appointment),
        who(appointment.who) or unknown("appointments.who"),
        *([] if brief else [cost(appointment), preparation(appointment)]),
    ]
    card = card_button(
        id,
        when(appointment),
        lines,
        lambda: go(f"/appointments/{appointment.id}"),
        icon=MODE_ICONS[appointment.mode],
        badge=state_badge(appointment),
    )
    return keyed(appointment.id, card)


def title(appointment: Appointment, services: Services) -> str:
    """What it is called: its own title, else the service's name."""
    return appointment.what or services.name(appointment.service_id) or use_text()("appointments.nameless")


def when(appointment: Appointment) -> str:
    """Day, time and how long it lasts."""
    t, formats = use_text(), use_format()
    if appointment.starts is None:
        return t("appointments.no_time")
    moment = formats.moment(appointment.starts, use_ui().now())
    if not appointment.minutes:
        return capital(t("appointments.when_unknown", moment=moment))
    return capital(t("appointments.when", moment=moment, n=appointment.minutes))


def when_free(time: FreeTime) -> str:
    """Day, time and how long a free time lasts."""
    moment = use_format().moment(time.starts, use_ui().now())
    return capital(use_text()("appointments.when", moment=moment, n=time.minutes))


def where(one: Appointment | FreeTime) -> str:
    """Where one goes, or that it is by video or telephone."""
    t = use_text()
    if one.mode is not Mode.IN_PERSON:
        return t(f"appointments.mode.{one.mode.value}")
    return one.place.name or unknown("appointments.where")


def who(professional: Professional) -> str:
    """Name and role."""
    return ", ".join(part for part in (professional.name, professional.role) if part)


def cost(appointment: Appointment) -> str:
    """What it costs."""
    told = appointment.cost or use_text()("common.not_known")
    return use_text()("appointments.cost_is", cost=told)


def preparation(appointment: Appointment) -> str:
    """How many things there are to prepare."""
    t = use_text()
    count = len(appointment.preparation)
    return t("appointments.prepare_count", n=count) if count else unknown("appointments.prepare")


def money(amount: float) -> str:
    """Euros and cents."""
    t, formats = use_text(), use_format()
    return t("appointments.money", amount=formats.money(amount))


def unknown(key: str) -> str:
    """``key``'s word with "not known"."""
    t = use_text()
    return t("appointments.unknown", name=t(key))


def rule_lines(one: Appointment) -> list[str]:
    """Until when it can be cancelled or moved (or could be), and what it costs otherwise."""
    t, formats, now = use_text(), use_format(), use_ui().now()
    rules, lines = one.rules, []
    if rules.not_after is not None:
        key = "appointments.rule.until" if now <= rules.not_after else "appointments.rule.passed"
        lines.append(t(key, moment=formats.moment(rules.not_after, now)))
    if rules.fee:
        lines.append(t("appointments.rule.fee", fee=money(rules.fee)))
    return lines
