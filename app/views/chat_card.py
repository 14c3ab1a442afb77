"""A chat as one card of a list."""

from collections.abc import Sequence

import flet as ft

from app.components import badge, card_button, use_format, use_text, use_ui
from app.domain.chat import Chat, Stage
from app.i18n.format import capital
from app.platform.window import go
from app.stores.services import Services
from app.views.support import keyed

STAGES = {
    Stage.JOINING: ("info", ft.Icons.HOURGLASS_EMPTY),
    Stage.NOT_JOINED: ("error", None),
    Stage.QUEUE: ("info", ft.Icons.HOURGLASS_EMPTY),
    Stage.TALK: ("success", ft.Icons.CHAT_OUTLINED),
    Stage.ENDED: ("neutral", ft.Icons.CHECK),
    Stage.LEFT: ("neutral", ft.Icons.LOGOUT),
}


def chat_card(services: Services, chat: Chat, lines: Sequence[str] = ()) -> ft.Control:
    """One chat of a list, with more ``lines`` if any."""
    t, formats = use_text(), use_format()
    at = capital(formats.moment(chat.last_activity, use_ui().now())) if chat.last_activity else ""
    kind, mark = STAGES[chat.stage]
    card = card_button(
        "chat.open",
        chat.thread.subject or t("chat.title"),
        [line for line in (services.name(chat.service_id), at, *lines) if line],
        lambda: go(f"/chat/{chat.id}"),
        icon=ft.Icons.FORUM_OUTLINED,
        badge=badge(kind, t(f"chat.stage.{chat.stage.value}"), mark),
    )
    return keyed(chat.id, card)
