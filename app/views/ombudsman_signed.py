"""Letters to the ombudsman in one's own name: apart from care, kept nowhere on the device (rows B2, B5)."""

from collections.abc import Callable

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    notice,
    row,
    section,
    stack,
    text,
    text_field,
    use_text,
)
from app.components.base import Handler
from app.components.layout import panel
from app.domain.ombudsman import About, Matter
from app.stores.base import Action, Status
from app.stores.ombudsman import MAX_TEXT, Ombudsman
from app.stores.stores import Stores
from app.views.chat_messages import said
from app.views.leaves import anonymity
from app.views.ombudsman import no_connection
from app.views.ombudsman_talk import about_choice, messages_of, who
from app.views.support import keyed, nothing


@component
def OmbudsmanSignedScreen(stores: Stores) -> ft.Control:
    """``/ombudsman/mine``."""
    store = stores.ombudsman
    return Signed(store, store.fetch_signed, store.send_signed)


@component
def Signed(store: Ombudsman, fetch: Action[[]], send: Action[[]]) -> ft.Control:
    """The letters and a new one."""
    t = use_text()
    ft.use_effect(fetch.run, [])
    parts = [
        ("way", anonymity(False)),
        ("apart", text(t("ombudsman.apart"), "muted", id="ombudsman.apart")),
        ("letters", _letters(store, fetch)),
        ("new", section(t("ombudsman.new"), [Form(store, send)])),
    ]
    shown = [keyed(key, part) for key, part in parts]
    return Screen("ombudsman.mine", t("ombudsman.signed_letter"), shown, back="/ombudsman")


def _letters(store: Ombudsman, fetch: Action[[]]) -> ft.Control:
    t = use_text()
    if fetch.status is Status.FAILED and store.signed is None:
        return no_connection()
    if store.signed is None:
        return text(t("kit.loading"), "muted")
    if not store.signed:
        return text(t("ombudsman.mine.none"), "muted")
    return stack([_letter(letter) for letter in store.signed])


def _letter(letter: Matter) -> ft.Control:
    t = use_text()
    head = text(t(f"ombudsman.about.{letter.about.value}"), "label")
    return panel(stack([head, said(messages_of(letter.messages), who, lambda m: m.state)], gap="s"))


@component
def Form(store: Ombudsman, send: Action[[]]) -> ft.Control:
    """Kept in memory while it is written, and until the platform has it."""
    words, write_ = ft.use_state(store.signed_text)
    about, choose_ = ft.use_state(store.signed_about.value)
    tried, try_ = ft.use_state(False)

    def write(value: str) -> None:
        write_(value)
        store.signed_text = value

    def choose(value: str) -> None:
        choose_(value)
        store.signed_about = About(value)

    async def press() -> None:
        try_(True)
        if not words.strip():
            return
        await send.run()
        if send.status is Status.DONE:
            write_("")
            try_(False)

    parts = [
        ("about", about_choice(about, choose, False)),
        ("text", _field(words, write, tried, send.status is Status.RUNNING)),
        ("send", row([_send(press, send)])),
        ("told", _told(send)),
    ]
    return stack([keyed(key, part) for key, part in parts])


def _field(words: str, write: Callable[[str], None], tried: bool, sending: bool) -> ft.Control:
    t = use_text()
    return text_field(
        "ombudsman.signed-text",
        t("ombudsman.text"),
        words,
        write,
        error=t("ombudsman.text.missing") if tried and not words.strip() else "",
        multiline=True,
        max_length=MAX_TEXT,
        required=True,
        read_only=sending,
    )


def _send(press: Handler, send: Action[[]]) -> ft.Control:
    return button(
        "ombudsman.signed-send",
        use_text()("ombudsman.signed.send"),
        press,
        icon=ft.Icons.SEND_OUTLINED,
        busy=send.status is Status.RUNNING,
    )


def _told(send: Action[[]]) -> ft.Control:
    """How the last try ended."""
    if send.status is Status.DONE:
        return notice("success", use_text()("ombudsman.signed.sent"), id="ombudsman.sent")
    return no_connection() if send.status is Status.FAILED else nothing()
