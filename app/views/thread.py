"""One conversation: messages in order, where mine stand, when the answer comes, how to go on (rows A2, A6, A9, A10)."""

from datetime import date, datetime
from typing import Any

import flet as ft

from app.components import (
    Following,
    Screen,
    Sem,
    badge,
    button,
    component,
    disclosure,
    notice,
    row,
    stack,
    talk_screen,
    text,
    use_following,
    use_format,
    use_text,
    use_ui,
)
from app.components.context import use_cramped
from app.components.layout import panel, plain
from app.domain.messages import Message, MessageState, Thread
from app.domain.services import Service
from app.i18n.format import capital
from app.platform.window import go
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.attachments import attachment_links
from app.views.export import copy_of
from app.views.feedback import ComeBack
from app.views.ledger import state_badge, state_meaning, state_name, way_of
from app.views.pathway_team import PathwayOf
from app.views.promises import answer_to
from app.views.support import freshness, missing, nothing, phone_now, read_aloud, spoken
from app.views.take_along import take_along


@component
def ThreadScreen(stores: Stores, own: Own, id: str) -> ft.Control:
    """``/messages/thread/<id>``."""
    return Conversation(stores, own, own.messages.threads, id)


@component
def Conversation(stores: Stores, own: Own, threads: Resource[tuple[Thread, ...]], id: str) -> ft.Control:
    """The thread as it is now; what the clinic wrote is marked as read once it has been on the screen."""
    t = use_text()
    thread = own.messages.thread(id)
    said = thread.messages if thread else ()
    unread = [m.id for m in said if m.unread]
    theirs = frozenset(m.id for m in said if not m.mine)
    following, missed = use_following([m.id for m in said], theirs, unread[0] if unread else "")
    seen_new: Any = ft.use_ref(frozenset())
    new = seen_new.current = (seen_new.current or frozenset()) | frozenset(unread)
    ft.use_effect(
        lambda: own.messages.mark_read(thread) if thread and not missed else None, [tuple(unread), not missed]
    )
    if thread is None:
        return Screen(
            "messages.conversation",
            t("messages.title"),
            missing(t("messages.thread.not_found"), threads),
            back="/messages",
        )
    name = stores.services.name(thread.service_id)
    about = [
        text(t("messages.thread.with", service=name), "muted"),
        *([PathwayOf(stores, own.pathways.all, thread.plan_id)] if thread.plan_id else []),
        Promise(stores.services, own, thread),
    ]
    return talk_screen(
        "messages.conversation",
        thread.subject or t("messages.no_subject"),
        [stack(about), stack(_days(own, thread, new, following))],
        [
            _go_on(own, thread, following.next),
            *_come_back(stores, own, thread),
            _take_along(stores, own, thread),
            freshness(threads),
        ],
        following,
        t("talks.new", n=missed) if missed else "",
        "/messages",
    )


@component
def Promise(services: Services, own: Own, thread: Thread) -> ft.Control:
    """When the answer comes; after that day: that it is late, and what to do (row A2)."""
    formats = use_format()
    service = services.service(thread.service_id)
    if thread.closed or service is None:
        return nothing()
    since = thread.unanswered_since
    if since is None:
        return nothing()
    answer = answer_to(services, service, since)
    if answer.by and answer.late:
        written = formats.day(formats.local(since))
        return _overdue(own, thread, service, formats.day(answer.by), written)
    ways = [] if answer.by else _call(service)
    return notice("info", answer.words, actions=ways, live=False, id="messages.promise")


def _call(service: Service) -> list[ft.Control]:
    return [phone_now(service)] if service.phone else []


def _overdue(own: Own, thread: Thread, service: Service, day: str, written: str) -> ft.Control:
    t = use_text()

    def remind() -> None:
        words = t("messages.compose.remind_text", day=written)
        go(f"/messages/draft/{own.messages.reply_to(thread, words)}")

    return notice(
        "warning",
        t("messages.promise.overdue_title"),
        [t("messages.promise.overdue", day=day), t("messages.promise.overdue_next")],
        [*_call(service), button("messages.remind", t("messages.compose.remind"), remind, "secondary")],
        live=False,
        id="messages.promise",
    )


def _days(own: Own, thread: Thread, new: frozenset[str], following: Following) -> list[ft.Control]:
    """Messages oldest first, with a line where the day changes. ``new``: those that were unread on this visit."""
    formats = use_format()
    parts: list[ft.Control] = []
    day: date | None = None
    mine = next((message for message in reversed(thread.messages) if message.mine), None)
    for message in thread.messages:
        at = message.at
        if at is not None and formats.local(at).date() != day:
            day = formats.local(at).date()
            parts.append(_day(capital(formats.day_long(day))))
        newest = message is thread.messages[-1]
        latest = message is mine
        card = MessageCard(own, message, message.id in new, newest, latest)
        parts.append(ft.Container(card, key=following.key(message.id)))
    return parts


def _day(words: str) -> ft.Control:
    """A quiet heading between messages."""
    shown = plain(words, "small")
    return ft.Row(
        [Sem(header=True, heading_level=2, container=True, content=shown)],
        alignment=ft.MainAxisAlignment.CENTER,
        wrap=True,
    )


@component
def MessageCard(own: Own, message: Message, new: bool, newest: bool, latest: bool) -> ft.Control:
    """One message: who, when, what, files; under mine, where it stands. What is ``new`` is said aloud.

    ``newest``: the last of all; ``latest``: the last of mine, whose way is drawn as a picture too.
    """
    mine = message.mine
    body = stack(
        [
            *([_new_answer()] if new else []),
            _who(message),
            *([text(message.text)] if message.text else []),
            *attachment_links(own, message),
            *([MessageStates(own, message, newest, latest)] if mine else []),
        ],
        gap="s",
    )
    side = 0 if use_cramped() else 32
    bubble = panel(body, "primary_soft" if mine else "surface", "primary_soft" if mine else "outline_soft")
    return ft.Container(bubble, margin=ft.Margin(side if mine else 0, 0, 0 if mine else side, 0))


def _who(message: Message) -> ft.Control:
    t = use_text()
    if message.mine:
        name, more = t("messages.thread.you"), _time(message.at)
    else:
        name = message.sender_name or t("messages.thread.professional")
        where = ", ".join(part for part in (message.sender_role, message.unit) if part)
        more = " · ".join(part for part in (_time(message.at), where) if part)
    return stack([text(name, "label"), *([text(more, "small")] if more else [])], gap="xs")


def _new_answer() -> ft.Control:
    t = use_text()
    mark = badge("success", t("messages.unread"), ft.Icons.MARK_EMAIL_UNREAD_OUTLINED)
    return spoken("messages.new-answer", t("messages.unread"), mark, live=True)


def _time(at: datetime | None) -> str:
    return use_format().time(at) if at else ""


@component
def MessageStates(own: Own, message: Message, newest: bool, latest: bool) -> ft.Control:
    """The state as a word with an icon, what it means, and the receipt (row A9); of the newest said aloud."""
    t = use_text()
    opened, toggle = ft.use_state(False)
    told_more = [text(state_meaning(message.state), "small")] if latest else []
    return stack(
        [
            *([way_of(message.state)] if latest else []),
            spoken("messages.state", state_name(message.state), state_badge(message.state), live=newest),
            *told_more,
            *_next_step(message),
            *(
                []
                if message.state.pending
                else [
                    disclosure(
                        "messages.receipt",
                        t("messages.state.history"),
                        opened,
                        lambda: toggle(not opened),
                        _history(message),
                    )
                ]
            ),
        ],
        gap="xs",
    )


def _next_step(message: Message) -> list[ft.Control]:
    t = use_text()
    if not message.state.pending:
        return []
    return [
        button(
            "messages.to-outbox", t("nav.outbox"), lambda: go("/outbox"), "quiet", ft.Icons.OUTBOX_OUTLINED
        )
    ]


def _history(message: Message) -> list[ft.Control]:
    """Each state with its time, and the receipt's number."""
    t, formats, now = use_text(), use_format(), use_ui().now()
    steps = (
        (MessageState.SENT, message.accepted_at),
        (MessageState.DELIVERED, message.received),
        (MessageState.OPENED, message.opened),
    )
    lines = [
        text(t("ledger.at", state=state_name(state), moment=formats.moment(at, now)), "small")
        for state, at in steps
        if at
    ]
    return [*lines, text(t("messages.receipt.number", id=read_aloud(message.id)), "small")]


def _come_back(stores: Stores, own: Own, thread: Thread) -> list[ft.Control]:
    """The same matter again, and why: on every case that the clinic has answered or ended (row L2)."""
    if not (thread.answered or thread.closed):
        return []

    def on(reason: str) -> None:
        key = (
            own.messages.start(thread.service_id, plan_id=thread.plan_id)
            if thread.closed
            else own.messages.reply_to(thread)
        )
        go(f"/messages/draft/{key}")

    return [ComeBack(stores.counts, on)]


def _start_new(own: Own, thread: Thread) -> str:
    """A new message to the same service, of the same pathway; the key of its draft."""
    return own.messages.start(thread.service_id, plan_id=thread.plan_id)


def _go_on(own: Own, thread: Thread, ref: ft.Ref[ft.Button]) -> ft.Control:
    """Reply, or, where the thread has ended, why not and a new message instead (row A10)."""
    t = use_text()
    if thread.closed:
        return notice(
            "info",
            t("messages.thread.closed_undated"),
            actions=[
                button(
                    "messages.start-new",
                    t("messages.thread.start_new"),
                    lambda: go(f"/messages/draft/{_start_new(own, thread)}"),
                    ref=ref,
                )
            ],
            live=False,
        )
    label = (
        t("messages.thread.reply") if any(not m.mine for m in thread.messages) else t("messages.thread.add")
    )
    return row(
        [
            button(
                "messages.reply",
                label,
                lambda: go(f"/messages/draft/{own.messages.reply_to(thread)}"),
                "secondary" if thread.messages and thread.messages[-1].mine else "primary",
                ft.Icons.REPLY,
                ref=ref,
            )
        ]
    )


def _take_along(stores: Stores, own: Own, thread: Thread) -> ft.Control:
    """As text or PDF, for a relative or an ombudsman; and out of the list of this device (row A11)."""
    t, ui = use_text(), use_ui()
    messages = [message for message in thread.messages if message.state is not MessageState.DRAFT]
    heads = [_writer(message) for message in messages]
    facts = [thread.subject, *([t("take_along.unsent", n=thread.pending)] if thread.pending else [])]
    title = t("messages.thread.with", service=stores.services.name(thread.service_id))

    def hide() -> None:
        own.messages.hide(thread)
        go("/messages")

    made = copy_of(title, [fact for fact in facts if fact], messages, heads, ui)
    return take_along(
        "messages",
        made,
        t("take_along.file"),
        thread,
        own.messages.hidden,
        hide,
        lambda: own.messages.show(thread),
    )


def _writer(message: Message) -> str:
    """Who wrote it, with role and unit, for paper."""
    t = use_text()
    if message.mine:
        waits = [state_name(message.state)] if message.state.pending else []
        return " · ".join([t("messages.thread.you"), *waits])
    name = message.sender_name or t("messages.thread.professional")
    return ", ".join(part for part in (name, message.sender_role, message.unit) if part)
