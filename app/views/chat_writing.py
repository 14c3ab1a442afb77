"""Where a chat's messages are written: text, photos, and sending; kept until the platform has it (rows A8, D8)."""

from collections.abc import Callable

import flet as ft

from app.components import (
    button,
    component,
    disclosure,
    notice,
    row,
    stack,
    text,
    text_field,
    use_text,
)
from app.domain.chat import Chat, Stage
from app.stores.base import Action, Status
from app.stores.chat import Chats
from app.stores.composer import Composer
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.attachments import AttachmentField
from app.views.blur import blur_buttons
from app.views.haste import haste
from app.views.support import keyed, nothing

MAX_MESSAGE = 2000


@component
def Writing(stores: Stores, own: Own, chat: Chat, composer: Composer, ref: ft.Ref[ft.Button]) -> ft.Control:
    """The field, photos behind a button, and send (``ref``)."""
    return Fields(stores, own.chat, chat, composer, own.chat.send, ref, key=composer.key)


@component
def Fields(
    stores: Stores,
    store: Chats,
    chat: Chat,
    composer: Composer,
    send: Action[[Chat, Composer]],
    ref: ft.Ref[ft.Button],
) -> ft.Control:
    """See Writing. Redrawn when what is written or the sending changes."""
    t = use_text()
    photos, show = ft.use_state(bool(composer.files))
    tried, try_ = ft.use_state(False)
    ft.use_effect(lambda: None, [], lambda: composer.leave())

    def write(value: str) -> None:
        composer.write("text", value)
        store.typed(chat)

    async def press() -> None:
        try_(_is_empty(composer))
        if not _is_empty(composer):
            await send.run(chat, composer)
            show(False)

    field = text_field(
        "chat.body",
        t("chat.write"),
        composer.text,
        write,
        error=t("messages.compose.body_missing") if tried and _is_empty(composer) else "",
        multiline=True,
        max_length=MAX_MESSAGE,
        lines=2,
        key=f"chat.body:{composer.key}",
    )
    busy = send.status is Status.RUNNING
    button_ = button("chat.send", t("chat.send"), press, icon=ft.Icons.SEND_OUTLINED, busy=busy, ref=ref)
    parts = [
        ("field", field),
        ("send", row([button_])),
        *(
            ("haste", part)
            for part in haste(stores.region, _unread(chat, composer), id="chat.red-flag", where="chat")
        ),
        ("photos", _photos(stores, composer, photos, show)),
    ]
    return stack([*(keyed(key, part) for key, part in parts), _problem(send)], gap="s")


def _is_empty(composer: Composer) -> bool:
    return not composer.text.strip() and not composer.files


def _unread(chat: Chat, composer: Composer) -> str:
    """What is being written; while one waits also what was written, for no human being has read it yet."""
    before = [m.text for m in chat.thread.messages if m.mine] if chat.stage is Stage.QUEUE else []
    return " ".join([*before, composer.text])


def _photos(stores: Stores, composer: Composer, opened: bool, show: Callable[[bool], None]) -> ft.Control:
    """How a photo helps, then the field for it."""
    t = use_text()
    return disclosure(
        "chat.photos",
        t("chat.photos"),
        opened,
        lambda: show(not opened),
        [
            text(t("chat.photos.hint"), "muted"),
            AttachmentField(stores, composer),
            *blur_buttons(composer),
        ],
    )


def _problem(send: Action[[Chat, Composer]]) -> ft.Control:
    t = use_text()
    if send.status is not Status.FAILED:
        return nothing()
    return notice("error", t("errors.device_full.title"), [t("errors.device_full.next")], id="chat.failed")
