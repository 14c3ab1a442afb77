"""Before a chat: whom it concerns, a few questions or own words, and then into the queue (rows D2, D3, L3)."""

from typing import Any

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    disclosure,
    error_panel,
    notice,
    radio_group,
    row,
    section,
    stack,
    text,
    text_field,
    use_format,
    use_text,
    use_ui,
)
from app.domain.chat import Chat, ChatChannel, Question
from app.domain.people import Resident
from app.platform.window import go
from app.stores.base import Action, Resource, Status
from app.stores.chat import Chats
from app.stores.chat_start import MAX_TEXT, ChatStart, Lacks
from app.stores.connection import Connection
from app.stores.counts import Counts
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.chat_card import chat_card
from app.views.feedback import DuplicateGuard
from app.views.haste import haste
from app.views.support import home_button, keyed, nothing, phone_now, told


@component
def ChatStartScreen(stores: Stores, own: Own, service_id: str, continues: str = "") -> ft.Control:
    """``/chat/new/<service>`` and ``/chat/continue/<chat>``."""
    before = own.chat.chat(continues) if continues else None
    return Beginning(
        stores,
        own,
        before.service_id if before else service_id,
        before,
        stores.services.all,
        own.chat.chats,
    )


@component
def Beginning(
    stores: Stores,
    own: Own,
    service_id: str,
    before: Chat | None,
    all: Resource[Any],
    chats: Resource[tuple[Chat, ...]],
) -> ft.Control:
    """The screen, drawn anew when it becomes known what can be asked."""
    t = use_text()
    seen, see = ft.use_state(False)
    channel = _channel(stores, own.chat, service_id)
    if channel is None:
        return Screen("chat.start", t("chat.title"), [text(t("chat.unknown")), home_button()], back="/chat")
    other = own.chat.open_with(service_id)
    if other is not None and not seen:
        parts: list[ft.Control] = [_already(stores, other, lambda: see(True))]
    elif not channel.open:
        parts = [_closed(channel)]
    else:
        start = own.chat.start(service_id, before.id if before else "")
        start.questions = () if before else channel.questions
        parts = [Form(stores, own, start, own.resident, own.chat.join, stores.connection, before)]
    title = t("chat.continue.title") if before else channel.service.name
    return Screen("chat.start", title, parts, back="/chat")


def _channel(stores: Stores, store: Chats, service_id: str) -> ChatChannel | None:
    found = store.channels(stores.services.all.value or ())
    return next((channel for channel in found if channel.service.id == service_id), None)


def _already(stores: Stores, chat: Chat, new: Any) -> ft.Control:
    """The same matter may be under way already: its state first, then the choice."""
    t = use_text()
    return stack(
        [
            notice("info", t("chat.already"), [t("chat.already_hint")], live=False, id="chat.already"),
            chat_card(stores.services, chat),
            row([button("chat.new-matter", t("chat.new_matter"), new, "secondary")]),
        ]
    )


def _closed(channel: ChatChannel) -> ft.Control:
    t, formats = use_text(), use_format()
    opens = t("chat.opens", time=formats.moment(channel.opens, use_ui().now())) if channel.opens else ""
    call = [phone_now(channel.service)] if channel.service.phone else []
    write = button("chat.write-instead", t("chat.write_instead"), lambda: go("/messages/new"), "secondary")
    return notice(
        "info",
        t("chat.closed_now"),
        [line for line in (opens, t("chat.text_kept")) if line],
        [*call, write],
        live=False,
        id="chat.closed",
    )


@component
def Form(
    stores: Stores,
    own: Own,
    start: ChatStart,
    resident: Resource[Resident],
    join: Action[[ChatStart]],
    connection: Connection,
    before: Chat | None,
) -> ft.Control:
    """Everything that is told before the queue; what is written is kept while it is written."""
    t = use_text()
    ft.use_effect(lambda: None, [], start.save)
    name = resident.value.name if resident.value else t("chat.whose.me")
    parts = [
        ("urgent", [told(ft.Icons.INFO_OUTLINE, text(t("chat.not_urgent")))]),
        ("before", [_before(before)] if before else []),
        ("open", [] if before else [DuplicateGuard(stores.counts, own, stores.services, start.service_id)]),
        ("whose", [_whose(start, name)]),
        ("other", _for_other(stores, start)),
        ("questions", _questions(start)),
        ("text", [_text(start, before)]),
        ("flags", haste(stores.region, start.text, id="chat.red-flag", where="chat")),
        ("join", [_join(own, start, name, join, connection, stores.counts)]),
        ("problem", [_problem(join)]),
    ]
    return stack([keyed(key, part) for key, shown in parts for part in shown])


def _before(before: Chat) -> ft.Control:
    t = use_text()
    return notice("info", t("chat.continue.lead"), [before.thread.subject], live=False, id="chat.continues")


def _whose(start: ChatStart, name: str) -> ft.Control:
    """Whom it concerns comes first: a matter in the wrong person's record is a known harm (row D2)."""
    t = use_text()
    options = [("me", t("chat.whose.mine", name=name)), ("other", t("chat.whose.other"))]
    return radio_group(
        "chat.whose",
        t("chat.whose"),
        options,
        start.whose or None,
        lambda value: start.write("whose", value),
        error=t("chat.whose.missing") if start.tried and not start.whose else "",
        required=True,
    )


def _for_other(stores: Stores, start: ChatStart) -> list[ft.Control]:
    """For another person: as who may act for them, or by telephone."""
    t = use_text()
    if start.whose != "other":
        return []
    service = stores.services.service(start.service_id)
    call = [phone_now(service)] if service is not None and service.phone else []
    return [
        notice("info", t("chat.whose.other_title"), [t("chat.whose.other_body")], call, id="chat.for-other")
    ]


def _questions(start: ChatStart) -> list[ft.Control]:
    if not start.questions or start.whose == "other":
        return []
    return [Questions(start)]


@component
def Questions(start: ChatStart) -> ft.Control:
    """Short questions; each may be skipped, and all of them at once."""
    t = use_text()
    opened, open_ = ft.use_state(bool(start.answers))
    return disclosure(
        "chat.questions",
        t("chat.questions"),
        opened,
        lambda: open_(not opened),
        [text(t("chat.questions.hint"), "muted"), *(_question(start, q) for q in start.questions)],
    )


def _question(start: ChatStart, question: Question) -> ft.Control:
    value = start.answers.get(question.id)
    if question.options:
        shown = radio_group(
            f"chat.question.{question.id}",
            question.text,
            [(option, option) for option in question.options],
            value,
            lambda v: start.answer(question.id, v),
            beside=True,
        )
    else:
        shown = text_field(
            f"chat.question.{question.id}",
            question.text,
            value or "",
            lambda v: start.answer(question.id, v),
            max_length=500,
        )
    return keyed(question.id, shown)


def _text(start: ChatStart, before: Chat | None) -> ft.Control:
    t = use_text()
    return text_field(
        "chat.text",
        t("chat.own_words"),
        start.text,
        lambda value: start.write("text", value),
        description=t("chat.continue.hint") if before else t("chat.own_words_hint"),
        error=t("chat.own_words_missing") if start.tried and Lacks.TEXT in start.lacks else "",
        multiline=True,
        max_length=MAX_TEXT,
        required=True,
        key=f"chat.text:{start.key}",
    )


def _join(
    own: Own,
    start: ChatStart,
    name: str,
    join: Action[[ChatStart]],
    connection: Connection,
    counts: Counts,
) -> ft.Control:
    """The person's name in the button: nobody joins in a wrong name (row H9)."""
    t = use_text()

    async def press() -> None:
        start.tried = True
        if start.lacks:
            return
        await join.run(start)
        if start.joined:
            counts.add("contact.chat")
            go(f"/chat/{start.joined}")

    for_other = t("chat.whose.other_title") if start.whose == "other" else ""
    why = for_other or ("" if connection.online else t("chat.join.offline"))
    joining = button(
        "chat.join",
        t("chat.join", name=name),
        press,
        icon=ft.Icons.CHAT_OUTLINED,
        busy=join.status is Status.RUNNING,
        disabled_because=why,
    )
    return section(t("chat.next"), [text(t("chat.next.hint"), "muted"), joining])


def _problem(join: Action[[ChatStart]]) -> ft.Control:
    if join.status is not Status.FAILED:
        return nothing()
    return error_panel(join.problem, use_text()("chat.text_kept"))
