"""The frame around every screen: the county's name, the emergency line, what the connection is like, the rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import flet as ft

from app import views
from app.components import button as make_button
from app.components import (
    component,
    emergency_line,
    icon_button,
    notice,
    row,
    shell,
    stack,
    text,
    use_cramped,
    use_look,
    use_text,
    use_width,
)
from app.errors import ServiceDown
from app.platform.window import go, here, set_title
from app.stores.base import Resource
from app.stores.connection import Connection
from app.stores.device import OwnDevice
from app.stores.idle import Idle
from app.stores.news import News
from app.stores.session import Session, SessionState
from app.stores.stores import Stores
from app.stores.unlock import Unlock
from app.views.context import use_stores
from app.views.idle import idle_notice
from app.views.leaving import Leaving
from app.views.own_device import device_notice
from app.views.practice import practice_banner
from app.views.rooms import address_of, destinations

if TYPE_CHECKING:  # what only somebody signed in has is imported when they are
    from app.domain.appointments import Appointment
    from app.domain.chat import Chat
    from app.stores.outbox import OutboxItem

Draw = Callable[[Stores, Mapping[str, str]], ft.Control]


def screen(room: str, draw: Draw, own: bool = False) -> Callable[[], ft.Control]:
    """A route's component: ``draw`` (given the path's parts) within the frame; ``own``: for somebody signed in."""

    @component
    def Page() -> ft.Control:
        stores, parts = use_stores(), ft.use_route_params()
        frame = Frame(stores, stores.session, room, draw, parts, own, stores.unlock)
        leaving = Leaving(stores.ombudsman, here())
        # another address is another screen, also of the same kind: nothing that was typed or unfolded goes along
        shown = ft.SafeArea(frame, expand=True, key=" ".join(parts.values()) or None)
        parts_of_page: list[ft.BaseControl] = [shown, leaving]
        return ft.View(route=ft.use_view_path(), padding=0, controls=parts_of_page)

    return Page


@component
def Frame(
    stores: Stores,
    session: Session,
    room: str,
    draw: Draw,
    parts: Mapping[str, str],
    own: bool,
    unlock: Unlock | None = None,
) -> ft.Control:
    """Everything around a screen, and the screen itself or the way in to it."""
    from app.views.unlock import UnlockScreen
    from app.views.welcome import SignInNeeded

    def body() -> ft.Control:
        if unlock is not None and unlock.shut and (own or here().partition("?")[0] in ("", "/")):
            return UnlockScreen(stores, session, unlock)
        return draw(stores, parts) if session.own is not None or not own else SignInNeeded(stores, session)

    own_rooms = session.own
    unread = own_rooms.messages.unread if own_rooms is not None else None
    late = own_rooms.outbox.late if own_rooms is not None else None
    turn = own_rooms.chat.waiting if own_rooms is not None else None
    visits = own_rooms.appointments.all if own_rooms is not None else None
    return Chrome(
        stores, session, stores.connection, room, body, unread, stores.idle, stores.device, late, turn, visits
    )


@component
def Chrome(
    stores: Stores,
    session: Session,
    connection: Connection,
    room: str,
    body: Callable[[], ft.Control],
    unread: Resource[int] | None,
    idle: Idle | None = None,
    device: OwnDevice | None = None,
    late: Resource[tuple[OutboxItem, ...]] | None = None,
    turn: Resource[Chat] | None = None,
    visits: Resource[tuple[Appointment, ...]] | None = None,
) -> ft.Control:
    """The frame's own parts. Redrawn when what it is handed changes: unread answers, the connection, …"""
    t, called = use_text(), bool(turn and turn.value and turn.value.turn_is_new)
    name = stores.region.app_name(t.language)
    words = f"({t('chat.turn.window')}) {name}" if called else name  # also seen while another tab is open
    ft.use_effect(lambda: set_title(words), [words])
    return shell(
        destinations=()
        if _moving_on(session)
        else destinations(use_text(), session.own, stores.region.features),
        selected=f"nav.{room}",
        on_select=lambda id: go(address_of(id.removeprefix("nav."))),
        body=body,
        header=lambda: _header(stores, session),
        emergency=lambda: _emergency(stores),
        banner=lambda: _with_practice(stores, _banner(connection, session, idle, device, late, turn)),
    )


def _moving_on(session: Session) -> bool:
    """Just signed in and about to be led to where they were: what is pressed now would be overtaken by that."""
    return session.own is not None and here().startswith("/callback")


def _header(stores: Stores, session: Session) -> ft.Control:
    t = use_text()
    app = stores.region.app_name(t.language)
    names = [app, *([] if use_cramped() else [stores.region.short_name(t.language)])]
    brand = ft.Container(text(" · ".join(names), "label"), expand=True)
    line = row([_mark(), brand, _settings()], wrap=False)
    return ft.Container(line, padding=ft.Padding(16, 4, 8, 4))


def _mark() -> ft.Control:
    size = 28 * min(use_look().scale, 1.5)
    return ft.Image("icons/icon.svg", width=size, height=size, exclude_from_semantics=True)


def _settings() -> ft.Control:
    """With its word where there is room for it."""
    t = use_text()
    mark, name = ft.Icons.SETTINGS_OUTLINED, t("nav.settings")
    if use_width() / use_look().scale < ROOM_FOR_WORD:
        return icon_button("nav.settings", mark, name, lambda: go("/settings"))
    return make_button("nav.settings", name, lambda: go("/settings"), "quiet", mark)


ROOM_FOR_WORD = 380  # logical pixels of width, at the ordinary text size


def _emergency(stores: Stores) -> ft.Control:
    t = use_text()
    phones = stores.region.phones
    return emergency_line(
        ((phones.emergency, t("kit.emergency.112")), (phones.medical_helpline, t("kit.emergency.116117")))
    )


def _with_practice(stores: Stores, banner: ft.Control | None) -> ft.Control | None:
    """That everything is made up is said first."""
    mark = practice_banner(stores.practice)
    own = stores.session.own
    visit = views.visit_bar.visit_banner(own, stores.services) if own is not None else None
    parts = [part for part in (mark, visit, banner) if part is not None]
    return stack(parts, gap="s") if parts else None


def _banner(
    connection: Connection,
    session: Session,
    idle: Idle | None,
    device: OwnDevice | None,
    late: Resource[tuple[OutboxItem, ...]] | None,
    turn: Resource[Chat] | None,
) -> ft.Control | None:
    """What must be known on every screen: news of this device, and how the connection stands."""
    kept = device_notice(device) if device is not None and session.own is not None else None
    called = views.chat.turn_notice(session.own.chat, turn.value, here()) if turn and session.own else None
    standing = _standing(connection, session)
    unsent = views.late.late_notice(late, connection, session) if late is not None else None
    parts = (_news(session), called, kept, idle_notice(idle, session, device), standing, unsent)
    told = [part for part in parts if part is not None]
    return stack(told, gap="s") if told else None


_NEWS = {
    News.LOCKED: ("warning", "device.locked.title", "device.locked.body"),
    News.SALVAGED: ("warning", "device.salvaged.title", "device.salvaged.body"),
    News.OTHER_PERSON: ("info", "signin.wrong_person.title", "signin.wrong_person.body"),
}


def _news(session: Session) -> ft.Control | None:
    t = use_text()
    if session.news is News.NONE:
        return None
    kind, title, body = _NEWS[session.news]
    read = make_button("banner.read", t("common.ok"), session.read_news, "secondary")
    return notice(kind, t(title), [t(body), *_counted(session)], [read], id="device-banner")


def _counted(session: Session) -> list[str]:
    """How much of the resident's own work was lost with its key, or saved from a damaged file."""
    t, own = use_text(), session.own
    if own is None:
        return []
    if session.news is News.LOCKED and (lost := own.store.lost):
        drafts = [t("device.lost_drafts", n=lost.drafts)] if lost.drafts else []
        return [*drafts, *([t("device.lost_waiting")] if lost.outbox else [])]
    if session.news is News.SALVAGED and (saved := own.store.salvaged):
        drafts = [t("device.saved_drafts", n=saved.drafts)] if saved.drafts else []
        waiting = own.outbox.waiting()
        return [*drafts, *([t("device.saved_waiting", n=waiting)] if waiting else [])]
    return []


def _standing(connection: Connection, session: Session) -> ft.Control | None:
    """One line when there is something to know: the sign-in has ended, or there is no connection."""
    t = use_text()
    if session.state is SessionState.ENDED:

        async def sign_in() -> None:
            await session.sign_in.run(here())
            if session.news is News.OTHER_PERSON:  # nothing of the one before is to be seen at this address
                go("/")

        again = make_button("banner.sign-in", t("signin.again"), sign_in)
        return notice(
            "warning", t("signin.expired.title"), [t("signin.expired.body")], [again], id="signed-out-banner"
        )
    if connection.online:
        return None
    if isinstance(connection.problem, ServiceDown):
        return notice(
            "warning", t("errors.service_down.title"), [t("errors.service_down.what")], id="offline-banner"
        )
    words = (
        t("offline.banner_signed_out")
        if session.own is None
        else t("offline.banner_waiting", n=connection.waiting)
        if connection.waiting
        else t("offline.banner")
    )
    return notice("warning", words, id="offline-banner")
