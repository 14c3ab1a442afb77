"""A conversation as one card of a list."""

from collections.abc import Sequence

import flet as ft

from app.components import badge, card_button, use_format, use_text, use_ui
from app.domain.messages import Thread
from app.i18n.format import capital
from app.platform.window import go
from app.stores.services import Services
from app.views.ledger import state_badge
from app.views.promises import answer_line
from app.views.support import keyed


def thread_card(thread: Thread, services: Services, lines: Sequence[str] = ()) -> ft.Control:
    """One conversation: subject, service, when, by when the answer comes, more ``lines`` if any, and where its newest
    message stands."""
    t, formats = use_text(), use_format()
    last = thread.last
    at = capital(formats.moment(thread.last_activity, use_ui().now())) if thread.last_activity else ""
    since = None if thread.closed else thread.unanswered_since
    promise = answer_line(services, thread.service_id, since)
    card = card_button(
        "messages.thread",
        thread.subject or t("messages.no_subject"),
        [line for line in (services.name(thread.service_id), at, promise, *lines) if line],
        lambda: go(f"/messages/thread/{thread.id}"),
        icon=ft.Icons.MARK_EMAIL_UNREAD_OUTLINED if thread.unread else ft.Icons.FORUM_OUTLINED,
        badge=_thread_badge(thread) if last else None,
    )
    return keyed(thread.id, card)


def _thread_badge(thread: Thread) -> ft.Control:
    t = use_text()
    if thread.unread:
        return badge("success", t("messages.unread"), ft.Icons.MARK_EMAIL_UNREAD_OUTLINED)
    mine = next((message for message in reversed(thread.messages) if message.mine), None)
    return state_badge(mine.state if mine else thread.messages[-1].state)
