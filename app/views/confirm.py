"""Confirm what is held, while its time runs; then what was booked (rows C2, C6)."""

from collections.abc import Callable

import flet as ft

from app.components import (
    Screen,
    badge,
    button,
    component,
    notice,
    row,
    stack,
    text,
    text_field,
    use_text,
)
from app.components.base import Handler
from app.components.layout import panel
from app.domain.appointments import Appointment
from app.domain.booking import FreeTime
from app.domain.me import Details
from app.domain.services import Service
from app.platform.window import go
from app.stores.appointments import Appointments
from app.stores.base import Action, Resource, Status
from app.stores.booking import Booking
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.appointment_card import MODE_ICONS, title, when, when_free, where, who
from app.views.booking_problem import problem_notice
from app.views.calendar_export import CalendarExport
from app.views.doubt import Doubt
from app.views.pathway_sent import address_for
from app.views.prepare import need_words
from app.views.support import nothing, spoken, told

LONGEST = 300
HURRY = 60  # seconds


@component
def ConfirmScreen(stores: Stores, own: Own) -> ft.Control:
    """``/appointments/confirm``."""
    asked = own.booking.asked
    step_of = next((one.pathway for one in own.pathways.known if asked and one.id == asked.plan), "")
    return Confirm(
        own.booking, own.booking.confirm, own.appointments, own.me.details, stores.services, step_of
    )


@component
def Confirm(
    booking: Booking,
    confirm: Action[[str, tuple[str, ...]]],
    appointments: Appointments,
    details: Resource[Details],
    services: Services,
    step_of: str,
) -> ft.Control:
    """Asks for the reason once, tells what is attached, and books. ``step_of``: the pathway it is for, if one."""
    t = use_text()
    reason, write = ft.use_state("")
    time = booking.time
    if booking.booked is not None:
        return _booked(booking, services, step_of)
    if time is None:
        return _nothing_held(booking, services)
    needs = appointments.needs.codes()

    async def book() -> None:
        await confirm.run(reason.strip(), needs)
        if booking.lost is not None:
            go(_search(booking))

    async def other() -> None:
        route = _search(booking)
        await booking.let_go()
        go(route)

    return Screen(
        "booking.confirming",
        t("booking.confirm_title"),
        [
            Doubt(booking, booking.settle),
            Countdown(booking),
            panel(stack([text(services.name(time.service_id), "label"), *_time(time)], gap="s")),
            *moving_notice(booking.moving),
            _reason(reason, write),
            _needs(needs),
            *_failure(booking, confirm, services.service(time.service_id)),
            row(
                [
                    _confirm(booking, confirm, book),
                    button("booking.other", t("booking.other"), other, "secondary"),
                ]
            ),
        ],
        back=_search(booking),
    )


def _confirm(booking: Booking, confirm: Action[[str, tuple[str, ...]]], book: Handler) -> ft.Control:
    t = use_text()
    return button(
        "booking.confirm",
        t("booking.confirm"),
        book,
        icon=ft.Icons.EVENT_AVAILABLE_OUTLINED,
        busy=confirm.status is Status.RUNNING,
        disabled_because=t("booking.doubt_wait") if booking.doubt else "",
    )


def _failure(
    booking: Booking, confirm: Action[[str, tuple[str, ...]]], service: Service | None
) -> list[ft.Control]:
    if confirm.problem is None or booking.doubt:
        return []
    return [problem_notice(confirm.problem, service)]


def _reason(reason: str, write: Callable[[str], None]) -> ft.Control:
    t = use_text()
    label, hint = t("booking.reason"), t("booking.reason_hint")
    return text_field("booking.reason", label, reason, write, hint, multiline=True, max_length=LONGEST)


def moving_notice(old: Appointment | None) -> list[ft.Control]:
    """Which appointment is being moved, and that it stays until the new one is booked."""
    t = use_text()
    if old is None:
        return []
    lines = [when(old), t("booking.moving_hint")]
    return [notice("info", t("booking.moving"), lines, live=False, id="booking.moving")]


def _time(time: FreeTime) -> list[ft.Control]:
    return [
        told(ft.Icons.SCHEDULE, text(when_free(time), "strong")),
        told(ft.Icons.PERSON_OUTLINE, text(who(time.who) or use_text()("common.not_known"))),
        told(
            MODE_ICONS[time.mode],
            text(where(time)),
            *(
                [text(time.place.address, "muted")]
                if time.mode.value == "in-person" and time.place.address
                else []
            ),
        ),
    ]


def _search(booking: Booking) -> str:
    if booking.moving is not None:
        return f"/appointments/{booking.moving.id}/move"
    address = f"/appointments/find/{booking.service_id}"
    return address_for(address, booking.asked.plan, booking.asked.key) if booking.asked else address


@component
def Countdown(booking: Booking) -> ft.Control:
    """How long the time is still kept. Seen all the time, said aloud when a minute is left."""
    t = use_text()
    left = booking.left
    if booking.time is None:
        return nothing()
    if left is None or booking.held is None:
        return notice("info", t("booking.not_held"), live=False, id="booking.countdown")
    words = t("booking.held", m=left // 60, s=f"{left % 60:02}")
    kind = "warning" if left <= HURRY else "info"
    hurry = t("booking.hurry") if left <= HURRY else t("booking.held_hint")
    return stack(
        [
            row([badge(kind, words, ft.Icons.TIMER_OUTLINED)], id="booking.countdown"),
            spoken("booking.hurry", hurry, text(hurry, "muted"), live=True),
        ],
        gap="xs",
    )


def _needs(needs: tuple[str, ...]) -> ft.Control:
    t = use_text()
    lines = [told(ft.Icons.ACCESSIBILITY_NEW, text(need_words(code))) for code in needs]
    edit = button("booking.needs", t("appointments.needs_edit"), lambda: go("/appointments/needs"), "quiet")
    head = text(t("booking.needs_attached") if needs else t("appointments.needs_none"), "muted")
    return stack([head, *lines, edit], gap="xs")


def _booked(booking: Booking, services: Services, step_of: str) -> ft.Control:
    t = use_text()
    to_pathway = button(
        "booking.to-pathway", t("pathways.onward"), lambda: go(f"/pathways/{step_of}"), "secondary"
    )
    one = booking.booked
    assert one is not None
    lines = [title(one, services), when(one), where(one), who(one.who)]
    kept = (
        [notice("warning", t("booking.kept_old"), [t("booking.kept_old_hint")], id="booking.kept-old")]
        if booking.kept_old
        else []
    )
    done = Screen(
        "booking.done",
        t("booking.done_title"),
        [
            notice("success", t("booking.done"), [line for line in lines if line], id="booking.receipt"),
            *kept,
            row(
                [
                    button(
                        "booking.to-appointment",
                        t("booking.to_appointment"),
                        lambda: go(f"/appointments/{one.id}"),
                    ),
                    button("booking.to-list", t("booking.to_list"), lambda: go("/appointments"), "secondary"),
                    *([to_pathway] if step_of else []),
                ]
            ),
            CalendarExport(one, title(one, services)),
        ],
        back="/appointments",
    )
    done.key = "booking.done"  # a screen of its own: browsers keep the name of a node that is only changed
    return done


def _nothing_held(booking: Booking, services: Services) -> ft.Control:
    """The hold ended, or one came here by an old address."""
    t = use_text()
    lost = booking.lost
    route = _search(booking) if booking.service_id else "/appointments/find"
    lines = [when_free(lost)] if lost else []
    again = button("booking.again", t("booking.find_again"), lambda: go(route))
    return Screen(
        "booking.confirming",
        t("booking.confirm_title"),
        [
            Doubt(booking, booking.settle),
            notice("warning", t("booking.hold_ended"), lines, [again], id="booking.lost"),
        ],
        back=route,
    )
