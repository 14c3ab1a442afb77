"""One chat: the queue, the talk, and what was agreed (rows D4 to D12)."""

from collections.abc import Sequence
from datetime import datetime

import flet as ft

from app.components import (
    Following,
    Screen,
    announcer,
    button,
    checkbox,
    component,
    dialog,
    error_panel,
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
from app.components.base import Handler
from app.domain.chat import Chat, Stage
from app.domain.messages import Message
from app.domain.people import Resident
from app.domain.services import Service
from app.errors import Offline
from app.platform.window import go
from app.stores.base import Resource
from app.stores.chat import Chats
from app.stores.connection import Connection
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.attachments import attachment_links
from app.views.chat_closing import closing, take_chat_along
from app.views.chat_messages import said
from app.views.chat_turn import turn_choices
from app.views.chat_writing import Writing
from app.views.exit import calm, exit_row
from app.views.promises import called_back
from app.views.support import freshness, missing, phone_now


@component
def ChatRoomScreen(stores: Stores, own: Own, id: str) -> ft.Control:
    """``/chat/<id>``; after a quick exit neutral until it is asked for, so that "back" tells nothing (row D12)."""
    covered, cover = ft.use_state(own.chat.covers(id))

    def uncover() -> None:
        own.chat.cover("")
        cover(False)

    if covered:
        again = button("chat.uncover", use_text()("chat.return"), uncover, "secondary")
        return calm(again, id="chat.covered")
    return Room(stores, own, id, own.chat.chats, own.resident, stores.connection)


@component
def Room(
    stores: Stores,
    own: Own,
    id: str,
    chats: Resource[tuple[Chat, ...]],
    resident: Resource[Resident],
    connection: Connection,
) -> ft.Control:
    """The chat as it is now; what the clinic wrote counts as read once it has been on the screen."""
    t = use_text()
    chat = own.chat.chat(id)
    unseen = chat.unseen if chat else ()
    following, missed = use_following(*_said_in(chat), unseen[0].id if unseen else "")
    newest = unseen[-1].id if unseen and not missed else ""
    ft.use_effect(lambda: own.chat.watch(id), [id], lambda: own.chat.watch(""))
    ft.use_effect(lambda: own.chat.see(chat) if chat and not missed else None, [newest])
    if chat is None:
        return Screen("chat.room", t("chat.title"), missing(t("chat.not_found"), chats), back="/chat")
    person = resident.value.name if resident.value else ""
    app = stores.region.app_name(t.language)
    said = [
        ("person", [_person(person), _exit(own.chat, chat)]),
        ("standing", _standing(stores, own, chat)),
        ("told", _told_before(own.chat, chat)),
        ("messages", [_messages(stores, own, chat, following)]),
    ]
    below = [
        ("agreed", closing(stores, own, chat)),
        ("along", [take_chat_along(stores, own, chat)] if chat.stage is Stage.ENDED else []),
        ("typing", _typing(chat)),
        ("video", _video(own.chat, chat)),
        ("connection", _connection(connection, chat)),
        (
            "writing",
            [Writing(stores, own, chat, own.chat.writing(chat), following.next)] if _may_write(chat) else [],
        ),
        ("leave", [Leave(own.chat, chat, app)] if _may_write(chat) else []),
        ("age", [freshness(chats)]),
    ]
    new = t("talks.new", n=missed) if missed else ""
    first, rest = (stack([_slot(key, many) for key, many in parts]) for parts in (said, below))
    return talk_screen("chat.room", _title(stores, chat), [first], [rest], following, new, "/chat")


def _said_in(chat: Chat | None) -> tuple[list[str], frozenset[str]]:
    """The messages in order, and which of them the clinic has written."""
    messages = chat.thread.messages if chat else ()
    return [m.id for m in messages], frozenset(m.id for m in messages if not m.mine)


def _slot(key: str, shown: Sequence[ft.Control]) -> ft.Control:
    """A part of the screen that is always in its place, so that nothing around it moves when it comes or goes."""
    return ft.Container(stack(shown), key=key, visible=bool(shown))


def _title(stores: Stores, chat: Chat) -> str:
    return use_text()("chat.with", service=stores.services.name(chat.service_id))


def _person(name: str) -> ft.Control:
    """Whose matter this is stays on the screen (row D2)."""
    return text(use_text()("chat.whose.banner", name=name), "label", id="chat.person")


def _exit(store: Chats, chat: Chat) -> ft.Control:
    """Away at once; what is being written may go with it, when something can be written."""

    def leave(clean: bool) -> None:
        store.cover(chat.id)
        if clean and _may_write(chat):
            store.throw_away(chat)

    return exit_row(leave, writes=_may_write(chat), loud=False)


def _told_before(store: Chats, chat: Chat) -> list[ft.Control]:
    """What the clinic knows already: the chat before in the same matter, the questions that were answered (row D3)."""
    t = use_text()
    before = store.chat(chat.continues) if chat.continues else None
    shown: list[ft.Control] = []
    if before is not None:
        link = button(
            "chat.before",
            t("chat.before"),
            lambda: go(f"/chat/{before.id}"),
            "quiet",
            ft.Icons.FORUM_OUTLINED,
        )
        shown.append(row([link]))
    if chat.answers:
        lines = [text(f"{one.question} {one.answer}", "small") for one in chat.answers]
        shown.append(stack([text(t("chat.answers"), "label"), *lines], gap="xs", id="chat.answers"))
    return shown


def _may_write(chat: Chat) -> bool:
    return chat.stage in (Stage.QUEUE, Stage.TALK)


def _standing(stores: Stores, own: Own, chat: Chat) -> list[ft.Control]:
    t = use_text()
    service = stores.services.service(chat.service_id)
    match chat.stage:
        case Stage.JOINING:
            return [notice("info", t("chat.joining"), [t("chat.joining.body")], id="chat.queue")]
        case Stage.NOT_JOINED:
            return [_not_joined(own.chat, chat, service)]
        case Stage.QUEUE:
            return [_queue(own.chat, chat, service)]
        case Stage.TALK:
            return [_talk(chat)]
        case Stage.LEFT:
            return [notice("info", t("chat.left"), [t("chat.left.body")], _ways(service), id="chat.left")]
        case _:
            return []


def _ways(service: Service | None) -> list[ft.Control]:
    """Other ways to the same service: there is always one."""
    t = use_text()
    call = [phone_now(service)] if service is not None and service.phone else []
    again = button("chat.channels-again", t("chat.channels"), lambda: go("/chat"), "secondary")
    return [*call, again]


def _not_joined(store: Chats, chat: Chat, service: Service | None) -> ft.Control:
    """There was no connection: nothing was sent, nobody waits unseen, and what was written is here."""
    t = use_text()

    def change() -> None:
        store.discard(chat)
        go(f"/chat/new/{chat.service_id}")

    again = button("chat.retry", t("chat.not_joined.retry"), lambda: store.retry(chat), "primary")
    edit = button("chat.edit", t("chat.not_joined.edit"), change, "secondary")
    return error_panel(Offline(), t("chat.not_joined.safe"), None, actions=(again, edit, *_ways(service)))


def _queue(store: Chats, chat: Chat, service: Service | None) -> ft.Control:
    """Place, honest range, when it was reckoned; urgency is said aloud; a telephone when it takes long (D5, D6)."""
    t, formats, now = use_text(), use_format(), use_ui().now()
    place = chat.place
    if place is None:
        lines = [t("chat.queue.reckoning"), t("chat.queue.leave_hint")]
        return notice("info", t("chat.queue.title"), lines, id="chat.queue")
    lines = [
        t("chat.queue.range", low=place.low, high=place.high),
        t("chat.queue.updated", moment=formats.moment(place.updated, now)),
        *([t("chat.queue.passed")] if place.passed else []),
        t("chat.queue.leave_hint"),
        *([called_back(service)] if service is not None and service.phone and called_back(service) else []),
    ]
    human = button("chat.human", t("chat.human"), lambda: store.ask_human(chat), "secondary")
    call = [phone_now(service)] if service is not None and service.phone else []
    actions = [*([human] if chat.bot else []), *call]
    return notice("info", t("chat.queue.place", place=place.number), lines, actions, id="chat.queue")


def _talk(chat: Chat) -> ft.Control:
    t = use_text()
    who = ", ".join(part for part in (chat.professional, chat.role) if part)
    title = t("chat.talk", who=who) if who else t("chat.talk.nameless")
    return notice("success", title, [], id="chat.talk")


def _messages(stores: Stores, own: Own, chat: Chat, following: Following) -> ft.Control:
    t = use_text()

    def who(message: Message) -> str:
        return t("messages.thread.you") if message.mine else message.sender_name or t("chat.professional")

    return said(
        chat.thread.messages,
        who,
        chat.state_of,
        chat.bot_messages,
        lambda message: attachment_links(own, message),
        _came(chat),
        following,
    )


def _came(chat: Chat) -> tuple[datetime, str] | None:
    """When the professional came and who: a line among the messages, where one looks while writing (row D5)."""
    if chat.taken_at is None:
        return None
    return chat.taken_at, use_text()("chat.came", who=chat.professional or use_text()("chat.professional"))


def _typing(chat: Chat) -> list[ft.Control]:
    """As a text that is said politely; it is sent at most every ten seconds (row D7)."""
    t = use_text()
    if not chat.is_typing(use_ui().now()):
        return []
    return [announcer(t("chat.typing", who=chat.professional or t("chat.professional")), id="chat.typing")]


def _video(store: Chats, chat: Chat) -> list[ft.Control]:
    """A professional proposes video: nothing is switched on before the resident consents (row D8)."""
    t = use_text()
    if chat.stage is not Stage.TALK or not chat.video or chat.video_answer is False:
        return []

    def accept() -> None:
        store.answer_video(chat, True)
        go(f"/appointments/{chat.video}/video")

    if chat.video_answer:
        back = button("chat.video-go", t("chat.video.go"), accept, icon=ft.Icons.VIDEOCAM_OUTLINED)
        return [notice("info", t("chat.video.agreed"), actions=[back], id="chat.video")]
    yes = button("chat.video-yes", t("chat.video.yes"), accept, icon=ft.Icons.VIDEOCAM_OUTLINED)
    no = button("chat.video-no", t("chat.video.no"), lambda: store.answer_video(chat, False), "secondary")
    who = chat.professional or t("chat.professional")
    lines = [t("chat.video.consent"), t("chat.video.choice")]
    return [notice("info", t("chat.video.offer", who=who), lines, [yes, no], id="chat.video")]


def _connection(connection: Connection, chat: Chat) -> list[ft.Control]:
    """What is written while there is no connection waits, in order (row D9)."""
    t = use_text()
    waiting = chat.thread.pending
    if not waiting or connection.online:
        return []
    return [notice("warning", t("chat.connection_lost", n=waiting), id="chat.connection")]


@component
def Leave(store: Chats, chat: Chat, app: str) -> ft.Control:
    """How the turn is told, and the way out of the queue or the talk, asked first. ``app``: what the app is called."""
    t = use_text()
    asking, ask = ft.use_state(False)
    ft.use_dialog(_leave_dialog(store, chat, lambda: ask(False)) if asking else None)
    words = t("chat.leave.queue") if chat.stage is Stage.QUEUE else t("chat.leave.talk")
    on, set_on = ft.use_state(store.tells_typing)

    def switch(value: bool) -> None:
        set_on(value)
        store.tell_of_typing(value)

    typing = checkbox("chat.tell-typing", t("chat.tell_typing"), on, switch)
    called = turn_choices(store, app) if chat.stage is Stage.QUEUE else []
    leave = button("chat.leave", words, lambda: ask(True), "quiet", ft.Icons.LOGOUT)
    return stack([*called, typing, row([leave])], gap="s")


def _leave_dialog(store: Chats, chat: Chat, close: Handler) -> ft.AlertDialog:
    t = use_text()

    def leave() -> None:
        close()
        store.leave(chat)

    body = t("chat.leave.queue_ask") if chat.stage is Stage.QUEUE else t("chat.leave.talk_ask")
    return dialog(
        "chat.leave-dialog",
        t("chat.leave.title"),
        [text(body)],
        [
            button("chat.stay", t("chat.leave.stay"), close, "secondary", autofocus=True),
            button("chat.leave-sure", t("chat.leave.sure"), leave, "danger"),
        ],
        close,
    )
