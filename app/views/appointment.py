"""One appointment: all of it, what to do now, how to prepare, how to change it (rows C1, C4, C6-C12)."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

import flet as ft

from app.components import (
    Screen,
    Sem,
    button,
    component,
    link_button,
    notice,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import panel, plain
from app.domain.appointments import OVER, Appointment, Mode, State
from app.domain.forms import SentForm
from app.platform.window import go
from app.stores.appointments import Appointments
from app.stores.base import Action, Resource, Status
from app.stores.forms import Forms
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.appointment_card import MODE_ICONS, rule_lines, state_badge, title, when, where, who
from app.views.booking_problem import problem_notice
from app.views.calendar_export import CalendarExport
from app.views.prepare import Prepare
from app.views.promises import called_back
from app.views.support import freshness, missing, nothing, phone_now, told

MAP = "https://www.openstreetmap.org/search?query="


@component
def AppointmentScreen(stores: Stores, own: Own, id: str) -> ft.Control:
    """``/appointments/<id>``."""
    return AppointmentPage(
        stores.services, own.appointments, own.appointments.all, own.forms, own.forms.sent, id
    )


@component
def AppointmentPage(
    services: Services,
    appointments: Appointments,
    all: Resource[tuple[Appointment, ...]],
    room: Forms,
    sent: Resource[tuple[SentForm, ...]],
    id: str,
) -> ft.Control:
    """The appointment as it is now."""
    t = use_text()
    one = appointments.get(id)
    if one is None:
        return Screen(
            "appointment",
            t("appointments.title"),
            missing(t("appointments.not_found"), all),
            back="/appointments",
        )
    parts = [
        stack([text(when(one), "lead"), state_badge(one)], gap="s"),
        Now(appointments, appointments.check_in, services, one),
        _facts(one, services),
        *(
            [Prepare(appointments, appointments.notes, appointments.send_questions, one, room, sent)]
            if one.state not in OVER
            else []
        ),
        Change(appointments, appointments.wait, appointments.stop_waiting, services, one),
        *([CalendarExport(one, title(one, services))] if one.starts and one.state not in OVER else []),
        _contact(one, services),
        freshness(all),
    ]
    return Screen("appointment", title(one, services), parts, back="/appointments")


@component
def Now(
    appointments: Appointments, check_in: Action[[str]], services: Services, one: Appointment
) -> ft.Control:
    """What there is to do at this moment: join, or say that one has arrived."""
    t, formats, now = use_text(), use_format(), use_ui().now()
    if one.can_join(now):
        room = button(
            "video.return",
            t("video.to_room"),
            lambda: go(f"/appointments/{one.id}/video"),
            icon=ft.Icons.VIDEOCAM_OUTLINED,
        )
        return notice("success", t("video.open_bar"), [], [room], id="video.bar")
    if one.joins_from is not None and one.state not in OVER and now < one.joins_from:
        test = button(
            "video.prepare",
            t("video.prepare"),
            lambda: go(f"/appointments/{one.id}/video"),
            "secondary",
            ft.Icons.VIDEO_SETTINGS_OUTLINED,
        )
        opens = t("video.opens", moment=formats.moment(one.joins_from, now))
        return notice("info", opens, [], [test], id="video.bar", live=False)
    return _arrival(check_in, services, one)


def _arrival(check_in: Action[[str]], services: Services, one: Appointment) -> ft.Control:
    t, formats, now = use_text(), use_format(), use_ui().now()
    window = one.check_in
    if one.state is State.CHECKED_IN:
        seat = [window.seat] if window and window.seat else []
        return notice("success", t("appointments.checked_in"), seat, id="appointment.arrival")
    if one.can_check_in(now):

        async def here() -> None:
            await check_in.run(one.id)

        busy = check_in.status is Status.RUNNING
        press = button(
            "appointment.check-in",
            t("appointments.check_in"),
            here,
            icon=ft.Icons.HOW_TO_REG_OUTLINED,
            busy=busy,
        )
        failed = (
            [problem_notice(check_in.problem, services.service(one.service_id))] if check_in.problem else []
        )
        lines = [t("appointments.check_in_hint")]
        return stack(
            [notice("info", t("appointments.arriving"), lines, [press], id="appointment.arrival"), *failed],
            gap="s",
        )
    if window is not None and one.state is State.BOOKED and now < window.opens:
        return text(t("appointments.check_in_from", moment=formats.moment(window.opens, now)), "muted")
    return nothing()


def _facts(one: Appointment, services: Services) -> ft.Control:
    t = use_text()
    unknown = t("common.not_known")
    place = one.place
    in_person = one.mode is Mode.IN_PERSON
    facts = [
        _fact(ft.Icons.PERSON_OUTLINE, t("appointments.who"), [who(one.who) or unknown]),
        _fact(ft.Icons.APARTMENT, t("appointments.service"), [services.name(one.service_id) or unknown]),
        _fact(
            MODE_ICONS[one.mode],
            t("appointments.where"),
            [where(one), *([place.address] if in_person and place.address else [])],
        ),
        *([_directions(one)] if in_person else []),
        _fact(ft.Icons.EURO, t("appointments.cost"), [one.cost or unknown]),
        *([_fact(ft.Icons.SUBJECT, t("appointments.reason"), [one.reason])] if one.reason else []),
        *(
            [_fact(ft.Icons.CANCEL_OUTLINED, t("appointments.why_cancelled"), [one.why_cancelled])]
            if one.why_cancelled and one.state is State.CANCELLED and one.why_cancelled != "moved"
            else []
        ),
    ]
    return panel(stack(facts))


def _directions(one: Appointment) -> ft.Control:
    """How to find in, how accessible it is, and a map outside of the app; the words are here without a connection."""
    t = use_text()
    unknown, place = t("common.not_known"), one.place
    ways = [
        _fact(ft.Icons.DOOR_FRONT_DOOR_OUTLINED, t("services.entrance"), [place.entrance or unknown]),
        _fact(ft.Icons.ACCESSIBLE, t("appointments.access"), [place.access or unknown]),
    ]
    if place.address:
        ways.append(
            link_button(
                "appointment.map", t("appointments.map"), MAP + quote(place.address), ft.Icons.MAP_OUTLINED
            )
        )
    return stack(ways)


def _fact(mark: ft.IconData, name: str, lines: Sequence[str]) -> ft.Control:
    heading = Sem(header=True, heading_level=2, container=True, content=plain(name, "label"))
    return told(mark, heading, *(text(line) for line in lines))


@component
def Change(
    appointments: Appointments, wait: Action[[str]], stop: Action[[str]], services: Services, one: Appointment
) -> ft.Control:
    """Move, cancel, wait for an earlier time; where it cannot be done here, why not and the telephone (row C7)."""
    t, now = use_text(), use_ui().now()
    if one.state in OVER:
        again = button(
            "appointment.again",
            t("appointments.again"),
            lambda: go(f"/appointments/find/{one.service_id}"),
            "secondary",
        )
        return row([again])
    if one.state not in (State.BOOKED, State.CHECKED_IN):
        return nothing()
    lines = [text(line) for line in rule_lines(one)]
    if not one.can_cancel(now) and not one.can_move(now):
        service = services.service(one.service_id)
        phone = [row([phone_now(service)])] if service is not None and service.phone else []
        return section(t("appointments.change"), [*lines, text(t("appointments.change_by_phone")), *phone])
    ways = row(_ways(one, now))
    return section(
        t("appointments.change"), [*lines, ways, _earlier(appointments, wait, stop, services, one)]
    )


def _ways(one: Appointment, now: datetime) -> list[ft.Control]:
    """What the rules let the resident do."""
    t, ways = use_text(), list[ft.Control]()
    if one.can_move(now):
        ways.append(
            button(
                "appointment.move",
                t("appointments.move"),
                lambda: go(f"/appointments/{one.id}/move"),
                "secondary",
                ft.Icons.EDIT_CALENDAR_OUTLINED,
            )
        )
    if one.can_cancel(now):
        ways.append(
            button(
                "appointment.cancel",
                t("appointments.cancel"),
                lambda: go(f"/appointments/{one.id}/cancel"),
                "quiet",
                ft.Icons.EVENT_BUSY_OUTLINED,
            )
        )
    return ways


def _earlier(
    appointments: Appointments, wait: Action[[str]], stop: Action[[str]], services: Services, one: Appointment
) -> ft.Control:
    t = use_text()
    place = appointments.waits_for(one.id)
    problem = wait.problem or stop.problem
    failed = [problem_notice(problem, services.service(one.service_id))] if problem else []

    async def begin() -> None:
        await wait.run(one.id)

    async def end() -> None:
        if place is not None:
            await stop.run(place.id)

    if place is None:
        busy = wait.status is Status.RUNNING
        ask = button(
            "appointment.wait", t("appointments.wait"), begin, "quiet", ft.Icons.HOURGLASS_EMPTY, busy=busy
        )
        return stack([ask, text(t("appointments.wait_hint"), "small"), *failed], gap="xs")
    leave = button("appointment.stop-waiting", t("appointments.stop_waiting"), end, "secondary")
    told_so = notice(
        "info", t("appointments.waiting"), [t("appointments.waiting_hint")], [leave], id="appointment.waiting"
    )
    return stack([told_so, *failed], gap="s")


def _contact(one: Appointment, services: Services) -> ft.Control:
    """Digital is never the only way (row L4)."""
    t = use_text()
    service = services.service(one.service_id)
    if service is None or not service.phone:
        return nothing()
    hours = use_format().hours(service.hours)
    lines = [text(line, "muted") for line in (hours, called_back(service)) if line]
    return section(t("appointments.contact"), [*lines, row([phone_now(service)])])
