"""Chat: with whom, whether it is open now, the chats that go on and those that have ended (rows D1, D10, A11)."""

import flet as ft

from app.components import (
    Screen,
    badge,
    button,
    card,
    card_button,
    component,
    notice,
    resource_view,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.domain.chat import Chat, ChatChannel, Stage
from app.domain.services import Service
from app.platform.window import go
from app.stores.base import Resource
from app.stores.chat import Chats
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.chat_card import chat_card
from app.views.promises import promises
from app.views.support import beside, cards, freshness, keyed, nothing, phone_now
from app.views.take_along import show_hidden
from app.views.talk_search import Talks, searched, talks_of


@component
def ChatScreen(stores: Stores, own: Own) -> ft.Control:
    """``/chat``."""
    t = use_text()
    return Screen(
        "chat",
        t("chat.title"),
        [
            text(t("chat.lead"), "lead"),
            beside(
                [
                    GoingOn(own.chat, stores.services, own.chat.chats),
                    Channels(stores, own.chat, stores.services.all),
                ],
                [History(talks_of(own, stores.services), own.chat.chats, own.chat.hidden), _ombudsman()],
            ),
        ],
        wide=True,
    )


@component
def GoingOn(store: Chats, services: Services, chats: Resource[tuple[Chat, ...]]) -> ft.Control:
    """The chats that have not ended; nothing when there are none."""
    t = use_text()
    going_on = [chat for chat in chats.value or () if chat.stage.open or chat.stage is Stage.NOT_JOINED]
    if not going_on:
        return nothing()
    return section(t("chat.going_on"), [chat_card(services, chat) for chat in going_on])


@component
def Channels(stores: Stores, store: Chats, all: Resource[tuple[Service, ...]]) -> ft.Control:
    """Every chat: open ones first; of the closed ones when they open and what to do meanwhile (row D1)."""
    t = use_text()
    listed = resource_view(
        all,
        lambda value: _channels(stores, store.channels(value)),
        empty=text(t("chat.no_channels"), "muted"),
        id="chat.channels",
    )
    return section(t("chat.channels"), [listed, freshness(all)])


def _channels(stores: Stores, channels: tuple[ChatChannel, ...]) -> ft.Control:
    return stack([keyed(c.service.id, _channel(stores, c)) for c in channels], gap="s")


def _channel(stores: Stores, channel: ChatChannel) -> ft.Control:
    t, formats = use_text(), use_format()
    service = channel.service
    if channel.open:
        until = formats.time(channel.until) if channel.until else ""
        words = t("chat.open_until", time=until) if until else t("services.open")
        return card_button(
            "chat.channel",
            service.name,
            [service.comment] if service.comment else [],
            lambda: go(f"/chat/new/{service.id}"),
            icon=ft.Icons.CHAT_OUTLINED,
            badge=badge("success", words, ft.Icons.CHECK_CIRCLE_OUTLINE),
        )
    return _closed(stores, channel)


def _closed(stores: Stores, channel: ChatChannel) -> ft.Control:
    """Why not now, when then, and what can be done meanwhile."""
    t, formats = use_text(), use_format()
    service = channel.service
    opens = formats.moment(channel.opens, use_ui().now()) if channel.opens else ""
    words = t("chat.opens", time=opens) if opens else t("services.closed")
    ways = [phone_now(service)] if service.phone else []
    if service.takes_messages:
        ways.append(
            button(
                "chat.write-instead",
                t("chat.write_instead"),
                lambda: go("/messages/new"),
                "quiet",
                ft.Icons.EDIT_OUTLINED,
            )
        )
    return card(
        "chat.channel.closed",
        service.name,
        [
            badge("neutral", words, ft.Icons.SCHEDULE),
            text(t("chat.closed_meanwhile"), "muted"),
            *(text(words, "small") for words in promises(service)),
            row(ways),
        ],
        ft.Icons.SPEAKER_NOTES_OFF_OUTLINED,
    )


@component
def History(talks: Talks, chats: Resource[tuple[Chat, ...]], hidden: Resource[frozenset[str]]) -> ft.Control:
    """The chats that have ended; they can be read and searched without a connection."""
    t = use_text()
    shown, show = ft.use_state(False)
    away = hidden.value or frozenset()

    def all() -> ft.Control:
        gone = frozenset() if shown else away
        over = [c for c in chats.value or () if not c.stage.open and c.stage is not Stage.NOT_JOINED]
        listed = [chat_card(talks.services, chat) for chat in over if chat.thread.id not in gone]
        view = resource_view(
            chats, lambda _: cards(listed) if listed else _none(bool(over)), id="chat.history"
        )
        return stack([view, *show_hidden("chat", len(away), shown, show)])

    return section(t("chat.history"), [searched("chat", talks, all), freshness(chats)])


def _none(hidden: bool) -> ft.Control:
    return text(use_text()("hide.all" if hidden else "chat.history.none"), "muted")


def _ombudsman() -> ft.Control:
    """Somebody to turn to who is not the clinic."""
    t = use_text()
    return section(
        t("chat.not_content"),
        [
            card_button(
                "chat.ombudsman",
                t("chat.to_ombudsman"),
                [t("chat.to_ombudsman_hint")],
                lambda: go("/ombudsman"),
                icon=ft.Icons.BALANCE,
            )
        ],
    )


def turn_notice(store: Chats, chat: Chat | None, here: str) -> ft.Control | None:
    """The line for every screen but the chat's own; None when there is nothing to say."""
    t = use_text()
    if chat is None or here.startswith("/calm") or store.is_called(chat, here.removeprefix("/chat/")):
        return None
    back = button("chat.return", t("chat.return"), lambda: go(f"/chat/{chat.id}"), "primary")
    if chat.turn_is_new:
        return notice("success", t("chat.turn.title"), [t("chat.turn.body")], [back], id="chat.turn")
    if chat.stage is Stage.QUEUE and chat.place is not None:
        words = t("chat.queue.still", place=chat.place.number)
        return notice("info", words, actions=[back], live=False, id="chat.turn")
    return None
