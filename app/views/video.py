"""A video visit: try the device, wait with what one wants to ask, join, come back, or call (rows C4, C5)."""

from collections.abc import Callable

import flet as ft

from app.components import (
    Screen,
    badge,
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
from app.domain.appointments import OVER, Appointment, State
from app.domain.preparing import Notes
from app.platform.window import go
from app.stores.appointments import Appointments
from app.stores.base import Action, Resource, Status
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.appointment_card import title, when, who
from app.views.booking_problem import problem_notice
from app.views.prepare import Questions
from app.views.promises import called_back
from app.views.support import freshness, missing, nothing, phone_now, spoken

OFTEN, USUAL = 4.0, 60.0  # seconds between two looks: in the waiting room, elsewhere


@component
def VideoScreen(stores: Stores, own: Own, id: str) -> ft.Control:
    """``/appointments/<id>/video``."""
    appointments = own.appointments
    talks = (chat.id for chat in own.chat.chats.value or () if chat.video == id)
    return Room(
        appointments,
        appointments.all,
        appointments.notes,
        appointments.join,
        own.sync.pace,
        stores.services,
        id,
        next(talks, ""),
    )


@component
def Room(
    appointments: Appointments,
    all: Resource[tuple[Appointment, ...]],
    notes: Resource[Notes],
    join: Action[[str]],
    pace: Callable[[float], None],
    services: Services,
    id: str,
    chat_id: str,
) -> ft.Control:
    """The waiting room as it is now; while it is on the screen the state is looked at every few seconds.

    ``chat_id``: of the chat in which it was agreed to, "" none.
    """
    t = use_text()
    one = appointments.get(id)
    _use_close_look(id, one, join, pace)
    if one is None or not one.video_url:
        return Screen(
            "video",
            t("video.title"),
            missing(t("appointments.not_found"), all),
            back="/appointments",
        )
    address = appointments.visit_address(id)
    ask = section(
        t("appointments.questions"), [Questions(appointments, notes, appointments.send_questions, one)]
    )
    return Screen(
        "video",
        t("video.title"),
        [
            _which(one, services),
            _standing(one),
            *_door(one, address, join, services),
            *_talk(chat_id),
            _test(address),
            ask,
            _phone(one, services),
            freshness(all),
        ],
        back=f"/appointments/{id}",
    )


def _use_close_look(
    id: str, one: Appointment | None, join: Action[[str]], pace: Callable[[float], None]
) -> None:
    """Ask for the way in, again when the door has opened, and look often as long as the room is on the screen."""
    is_open = one is not None and one.can_join(use_ui().now())

    async def enter() -> None:
        pace(OFTEN)
        if one is not None and one.video_url:
            await join.run(id)

    def leave() -> None:
        pace(USUAL)

    ft.use_effect(enter, [id, is_open], leave)


def _which(one: Appointment, services: Services) -> ft.Control:
    return stack(
        [text(title(one, services), "label"), text(when(one)), text(who(one.who), "muted")], gap="xs"
    )


def _standing(one: Appointment) -> ft.Control:
    """Where it stands, said aloud when it changes: not open yet, waiting, late, under way, over, cancelled."""
    t, formats, now = use_text(), use_format(), use_ui().now()
    if one.state is State.CANCELLED:
        return notice("warning", t("video.cancelled"), [t("video.cancelled_hint")], id="video.state")
    if one.state in OVER:
        return notice("info", t("video.over"), id="video.state")
    if one.state is State.STARTED:
        return notice("success", t("video.started"), [t("video.started_hint")], id="video.state")
    if one.delay:
        return notice("warning", t("video.late", n=one.delay), [t("video.late_hint")], id="video.state")
    if one.joins_from is not None and now < one.joins_from:
        return notice("info", t("video.opens", moment=formats.moment(one.joins_from, now)), id="video.state")
    words = t("video.waiting")
    return spoken("video.state", words, badge("info", words, ft.Icons.HOURGLASS_EMPTY), live=True)


def _door(one: Appointment, address: str, join: Action[[str]], services: Services) -> list[ft.Control]:
    """The way in. It opens in a browser, where camera and microphone are asked for."""
    t = use_text()
    if one.state in OVER:
        return []
    if join.problem is not None:

        async def again() -> None:
            await join.run(one.id)

        retry = row([button("video.retry", t("kit.retry"), again, "secondary")])
        return [problem_notice(join.problem, services.service(one.service_id)), retry]
    if not one.can_join(use_ui().now()):
        return []
    if not address or join.status is Status.RUNNING:
        return [button("video.join", t("video.join"), None, busy=True)]
    label = t("video.return") if one.state is State.STARTED else t("video.join")
    return [
        stack(
            [
                link_button("video.join", label, address, ft.Icons.VIDEOCAM_OUTLINED, "primary"),
                text(t("video.join_hint"), "muted"),
            ],
            gap="xs",
        )
    ]


def _talk(chat_id: str) -> list[ft.Control]:
    """Back to where one came from: the chat goes on meanwhile."""
    if not chat_id:
        return []
    words = use_text()("chat.return")
    mark = ft.Icons.FORUM_OUTLINED
    return [row([button("video.chat", words, lambda: go(f"/chat/{chat_id}"), "secondary", mark)])]


def _test(address: str) -> ft.Control:
    """Camera, microphone and sound, any time before."""
    t = use_text()
    if "/visit/" not in address:
        return nothing()
    page = address.partition("/visit/")[0] + "/visit/test"
    link = link_button(
        "video.test",
        t("video.test"),
        f"{page}?lang={t.language.partition('_')[0]}",
        ft.Icons.VIDEO_SETTINGS_OUTLINED,
        "secondary",
    )
    return section(t("video.test_title"), [text(t("video.test_hint"), "muted"), row([link])])


def _phone(one: Appointment, services: Services) -> ft.Control:
    """If the video does not work, the visit goes on by telephone."""
    t = use_text()
    service = services.service(one.service_id)
    if service is None or not service.phone:
        return nothing()
    lines = [line for line in (t("video.by_phone_hint"), called_back(service)) if line]
    return section(t("video.by_phone"), [*(text(line) for line in lines), row([phone_now(service)])])
