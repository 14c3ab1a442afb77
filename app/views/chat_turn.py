"""How the turn in a chat is told besides in words: by a sound, by a notification of the browser (row D5)."""

import flet as ft

from app.components import checkbox, component, use_text
from app.platform.notifying import Leave, ask_leave, can_notify, leave, notify
from app.platform.sound import can_sound, play
from app.stores.chat import Chats


def turn_choices(store: Chats, app: str) -> list[ft.Control]:
    """What this device can do; ``app``: what the app is called."""
    return [
        *([Notify(store, app)] if can_notify() else []),
        *([Sound(store)] if can_sound() else []),
    ]


@component
def Sound(store: Chats) -> ft.Control:
    """A sound for the turn, for who wants one; switching it on plays it, so that one knows it can be heard (row D5)."""
    t = use_text()
    on, set_on = ft.use_state(store.sounds)
    silent, set_silent = ft.use_state(False)

    async def switch(value: bool) -> None:
        set_on(value)
        store.sound_on(value)
        set_silent(value and not await play())

    hint = t("chat.sound.silent") if silent else t("chat.sound.hint")
    return checkbox("chat.sound", t("chat.sound"), on, switch, description=hint)


@component
def Notify(store: Chats, app: str) -> ft.Control:
    """A notification for the turn. The browser asks for leave only after this press; a trial shows that it can be seen,
    and what came of it is told in words."""
    t = use_text()
    on, set_on = ft.use_state(store.notifies)
    answer, set_answer = ft.use_state(Leave.GIVEN)

    async def look() -> None:
        if store.notifies:  # leave may have been taken back in the browser's settings
            show(await leave())

    def show(now: Leave) -> None:
        set_answer(now)
        set_on(now is Leave.GIVEN)

    async def switch(value: bool) -> None:
        set_on(value)
        store.notify_on(value)
        if not value:
            return
        now = await ask_leave()
        if now is Leave.GIVEN and not await notify(t("chat.notify.trial", app=app), at_once=True):
            now = Leave.IMPOSSIBLE
        show(now)
        store.notify_on(now is Leave.GIVEN)

    ft.use_effect(look, [])
    hint = t("chat.notify.hint") if answer is Leave.GIVEN else t(f"chat.notify.{answer.value}")
    return checkbox("chat.notify", t("chat.notify"), on, switch, description=hint)
