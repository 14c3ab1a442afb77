"""After a chat: what was agreed, whether it was solved, going on with the same matter, taking it along (D10, D11)."""

from datetime import date

import flet as ft

from app.components import (
    button,
    component,
    heading,
    notice,
    radio_group,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import panel
from app.domain.chat import Chat, Solved, Stage
from app.domain.ombudsman import spelled
from app.platform.window import go
from app.stores.chat import Chats
from app.stores.composer import Composer
from app.stores.counts import Counts
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.export import copy_of
from app.views.feedback import AskOnce, ComeBack
from app.views.support import nothing, spoken, told
from app.views.take_along import take_along


def closing(stores: Stores, own: Own, chat: Chat) -> list[ft.Control]:
    """The cards beneath a chat that has ended; none while it goes on."""
    if chat.stage is not Stage.ENDED:
        return []
    return [
        _agreed(stores, chat),
        Unsent(own.chat, chat, own.chat.writing(chat), use_ui().now().date()),
        Outcome(own.chat, chat, stores.counts),
        _go_on(stores, own, chat),
        AskOnce(stores.counts, chat.id),
    ]


def _agreed(stores: Stores, chat: Chat) -> ft.Control:
    """The summary card, with the code that spares one from beginning anew on the telephone."""
    t, formats = use_text(), use_format()
    lines = chat.agreed or (t("chat.agreed.nothing"),)
    points = [told(ft.Icons.CHECK, text(line)) for line in lines]
    ended = formats.moment(chat.ended_at, use_ui().now()) if chat.ended_at else ""
    more = [text(t("chat.agreed.ended", moment=ended), "small")] if ended else []
    if chat.code:
        number = formats.phone(stores.region.phones.exchange.number)
        words, said = (t("chat.code", code=code, number=number) for code in (chat.code, spelled(chat.code)))
        more.append(spoken("chat.code", said, text(words), live=False))
    return panel(
        stack([heading(t("chat.agreed"), 2), *points, *more], gap="sm", id="chat.agreed"), "success_soft"
    )


@component
def Unsent(store: Chats, chat: Chat, composer: Composer, today: date) -> ft.Control:
    """What was being written when the clinic ended the chat: it is not lost, and it is said that nobody saw it."""
    t = use_text()
    if not composer.has_content:
        return nothing()

    def throw_away() -> None:
        composer.text, composer.files = "", ()
        store.throw_away(chat)

    def go_on() -> None:
        start = store.start(chat.service_id, chat.id)
        start.write("text", "\n".join(part for part in (start.text.strip(), composer.text.strip()) if part))
        throw_away()
        go(f"/chat/continue/{chat.id}")

    again = button("chat.unsent-continue", t("chat.continue"), go_on, icon=ft.Icons.FORUM_OUTLINED)
    away = button("chat.unsent-delete", t("common.delete"), throw_away, "quiet", ft.Icons.DELETE_OUTLINE)
    words = [composer.text, *(file.name for file in composer.files), t("chat.unsent.body")]
    actions = [*([again] if chat.can_continue(today) else []), away]
    return notice("warning", t("chat.unsent"), words, actions, live=False, id="chat.unsent")


@component
def Outcome(store: Chats, chat: Chat, counts: Counts) -> ft.Control:
    """Was it solved? Asked once, changed at will, never in the way."""
    t = use_text()

    def solve(value: str) -> None:
        if chat.solved is None:
            counts.add(f"solved.{value}")
        store.solve(chat, Solved(value))

    options = [(solved.value, t(f"chat.solved.{solved.value}")) for solved in Solved]
    thanks = [text(t("chat.solved.thanks"), "muted", id="chat.solved.thanks")] if chat.solved else []
    asked = radio_group(
        "chat.solved",
        t("chat.solved"),
        options,
        chat.solved.value if chat.solved else None,
        solve,
        description=t("chat.solved.hint"),
        beside=True,
    )
    return stack([asked, *thanks], gap="s")


def _go_on(stores: Stores, own: Own, chat: Chat) -> ft.Control:
    """The same matter again, with everything that was said; or why not any more (row A10)."""
    t, formats = use_text(), use_format()

    def come_back(reason: str) -> None:
        own.chat.come_back(chat, reason)
        go(f"/chat/continue/{chat.id}")

    today = formats.local(use_ui().now()).date()
    if chat.can_continue(today) and chat.continue_until:
        day = formats.day(chat.continue_until)
        again = button(
            "chat.continue",
            t("chat.continue"),
            lambda: go(f"/chat/continue/{chat.id}"),
            icon=ft.Icons.FORUM_OUTLINED,
        )
        return section(
            t("chat.continue.title"),
            [
                text(t("chat.continue.until", day=day), "muted"),
                row([again]),
                ComeBack(stores.counts, come_back),
            ],
        )
    day = formats.day(chat.continue_until) if chat.continue_until else ""
    new = button(
        "chat.start-new", t("chat.start_new"), lambda: go(f"/chat/new/{chat.service_id}"), "secondary"
    )
    words = t("chat.continue.over", day=day) if day else t("chat.continue.never")
    return section(t("chat.continue.title"), [text(words, "muted"), row([new])])


def take_chat_along(stores: Stores, own: Own, chat: Chat) -> ft.Control:
    """As text or PDF, for a relative or an ombudsman; and out of the list of this device (row A11)."""
    t, ui = use_text(), use_ui()
    messages = chat.thread.messages
    names = [
        t("messages.thread.you") if m.mine else m.sender_name or t("chat.professional") for m in messages
    ]
    facts = [*chat.agreed, *([t("chat.code.short", code=chat.code)] if chat.code else [])]
    title = t("chat.with", service=stores.services.name(chat.service_id))

    def hide() -> None:
        own.chat.hide(chat)
        go("/chat")

    made = copy_of(title, facts, messages, names, ui)
    return take_along("chat", made, "chat", chat.thread, own.chat.hidden, hide, lambda: own.chat.show(chat))
