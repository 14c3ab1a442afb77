"""An anonymous talk with the ombudsman: only in memory, and over when it is left (row B1)."""

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    dialog,
    notice,
    radio_group,
    row,
    stack,
    talk_screen,
    text,
    text_field,
    use_following,
    use_text,
    use_ui,
)
from app.components.base import Handler
from app.domain.messages import Message, MessageState
from app.domain.ombudsman import About, Said, Standing
from app.platform.window import go
from app.stores.base import Action, Status
from app.stores.ombudsman import MAX_TEXT, Ombudsman, Talk
from app.stores.stores import Stores
from app.views.chat_messages import said
from app.views.exit import exit_row
from app.views.export import copy_of, export_row
from app.views.leaves import anonymity, leaves
from app.views.leaving import TALK
from app.views.ombudsman import is_open, no_connection
from app.views.support import keyed, nothing


@component
def OmbudsmanTalkScreen(stores: Stores) -> ft.Control:
    """``/ombudsman/chat``."""
    return TalkRoom(stores, stores.ombudsman, stores.ombudsman.begin)


@component
def TalkRoom(stores: Stores, store: Ombudsman, begin: Action[[About]]) -> ft.Control:
    """Before the talk: what about. Then the talk."""
    t = use_text()
    talk = store.talk
    if talk is not None:
        return Talking(store, talk)
    if is_open(stores.services) is None:
        letter = button(
            "ombudsman.letter", t("ombudsman.letter"), lambda: go("/ombudsman/letter"), "secondary"
        )
        body: ft.Control = notice("info", t("ombudsman.chat.closed_now"), actions=[letter], live=False)
    else:
        body = Begin(store, begin)
    return Screen("ombudsman.talk", t("ombudsman.chat"), [anonymity(True), body], back="/ombudsman")


@component
def Begin(store: Ombudsman, begin: Action[[About]]) -> ft.Control:
    """What it is about; then nothing more is asked."""
    t = use_text()
    about, choose = ft.use_state("")
    tried, try_ = ft.use_state(False)

    async def press() -> None:
        try_(True)
        if about:
            await begin.run(About(about))

    start = button(
        "ombudsman.begin",
        t("ombudsman.begin"),
        press,
        icon=ft.Icons.CHAT_OUTLINED,
        busy=begin.status is Status.RUNNING,
    )
    problem = no_connection() if begin.status is Status.FAILED else nothing()
    return stack(
        [
            about_choice(about, choose, tried),
            text(t("ombudsman.talk.memory"), "muted"),
            row([start]),
            problem,
            leaves(()),
        ]
    )


def about_choice(value: str, choose: Handler, tried: bool) -> ft.Control:
    """Patient, social services, or one does not know."""
    t = use_text()
    options = [(one.value, t(f"ombudsman.about.{one.value}")) for one in About]
    return radio_group(
        "ombudsman.about",
        t("ombudsman.about"),
        options,
        value or None,
        choose,
        error=t("ombudsman.about.missing") if tried and not value else "",
        required=True,
    )


@component
def Talking(store: Ombudsman, talk: Talk) -> ft.Control:
    """The talk as it is now; leaving it asks first."""

    def here() -> None:
        talk.asks = True

    ft.use_effect(here, [])
    t, messages = use_text(), messages_of(talk.messages, talk.waiting, talk.over)
    theirs = frozenset(m.id for m in messages if not m.mine)
    following, missed = use_following([m.id for m in messages], theirs)
    shown = [
        ("way", anonymity(True)),
        ("exit", exit_row(store.exit_quickly)),
        ("standing", _standing(talk)),
        ("messages", said(messages, who, lambda m: m.state, following=following)),
    ]
    below = [
        ("problem", no_connection() if talk.problem is not None and not talk.over else nothing()),
        ("writing", nothing() if talk.over else _writing(store, talk, following.next)),
        ("copy", _copy("ombudsman", talk)),
        ("leave", LeaveTalk(store, talk)),
        ("leaves", leaves(talk.left)),
    ]
    first, rest = (stack([keyed(key, part) for key, part in parts]) for parts in (shown, below))
    new = t("talks.new", n=missed) if missed else ""
    return talk_screen("ombudsman.talk", t("ombudsman.chat"), [first], [rest], following, new, "/ombudsman")


def messages_of(
    all: tuple[Said, ...], waiting: tuple[Said, ...] = (), over: bool = False
) -> tuple[Message, ...]:
    """As the list of messages draws them; what still waited when it was ``over`` was not sent."""
    late = {one.id for one in waiting}
    unsent = MessageState.REFUSED if over else MessageState.WAITING
    return tuple(
        Message(
            id=one.id,
            thread_id="",
            mine=one.mine,
            sender_name=one.who,
            text=one.text,
            accepted_at=one.at,
            state=unsent if one.id in late else MessageState.SENT,
        )
        for one in all
    )


def who(message: Message) -> str:
    t = use_text()
    return t("messages.thread.you") if message.mine else message.sender_name or t("ombudsman.title")


def _standing(talk: Talk) -> ft.Control:
    t = use_text()
    if talk.over:
        return notice(
            "info", t("ombudsman.talk.over"), [t("ombudsman.talk.over_hint")], id="ombudsman.standing"
        )
    if talk.matter.standing is Standing.WAITING:
        title = (
            t("ombudsman.talk.place", place=talk.matter.place)
            if talk.matter.place
            else t("ombudsman.talk.wait")
        )
        return notice("info", title, [t("ombudsman.talk.memory")], id="ombudsman.standing")
    who = t("ombudsman.talk.with", who=talk.matter.who)
    return notice("success", who, [t("ombudsman.talk.memory")], id="ombudsman.standing")


def _writing(store: Ombudsman, talk: Talk, ref: ft.Ref[ft.Button]) -> ft.Control:
    t = use_text()
    field = text_field(
        "ombudsman.body",
        t("chat.write"),
        talk.text,
        talk.write,
        description=t("ombudsman.write_hint"),
        error=t("messages.compose.body_missing") if talk.tried and not talk.text.strip() else "",
        multiline=True,
        max_length=MAX_TEXT,
        lines=2,
    )
    send = button("ombudsman.send", t("chat.send"), store.say, icon=ft.Icons.SEND_OUTLINED, ref=ref)
    return stack([field, row([send])], gap="s")


def _copy(id: str, talk: Talk) -> ft.Control:
    """Kept on the device only if one asks for it."""
    t, ui = use_text(), use_ui()
    messages = messages_of(talk.messages)
    if not messages:
        return nothing()
    made = copy_of(t("ombudsman.title"), [t("ombudsman.anonymous")], messages, [who(m) for m in messages], ui)
    return export_row(id, made, "keskustelu", t("ombudsman.save_copy"))


@component
def LeaveTalk(store: Ombudsman, talk: Talk) -> ft.Control:
    """Leaving warns: the talk cannot be gone back to."""
    t = use_text()
    asking, ask = ft.use_state(False)

    async def leave() -> None:
        ask(False)
        go("/ombudsman")
        await store.leave_talk()

    ft.use_dialog(_leave_dialog(talk, lambda: ask(False), leave) if asking else None)
    return row([button("ombudsman.leave", t("ombudsman.leave"), lambda: ask(True), "quiet", ft.Icons.LOGOUT)])


@component
def Left(store: Ombudsman, talk: Talk) -> ft.Control:
    """The same question when its screen was left in any other way: by the navigation, "back" or an address."""
    stayed, stay = ft.use_state(False)

    def back() -> None:
        stay(True)
        go(TALK)

    asks = not stayed and not talk.over and talk.asks
    ft.use_dialog(_leave_dialog(talk, back, store.leave_talk) if asks else None)
    return nothing()


def _leave_dialog(talk: Talk, stay: Handler, leave: Handler) -> ft.AlertDialog:
    t = use_text()
    return dialog(
        "ombudsman.leave-dialog",
        t("ombudsman.leave.title"),
        [text(t("ombudsman.leave.ask")), _copy("ombudsman.leave", talk)],
        [
            button("ombudsman.stay", t("ombudsman.leave.stay"), stay, "secondary", autofocus=True),
            button("ombudsman.leave-sure", t("ombudsman.leave.sure"), leave, "danger"),
        ],
        stay,
    )
