"""Where a message stands, as a word with an icon and a colour (row A9)."""

from collections.abc import Mapping

import flet as ft

from app.components import badge, use_text
from app.domain.messages import MessageState

_SHOWN: Mapping[MessageState, tuple[str, str, ft.IconData]] = {
    MessageState.DRAFT: ("neutral", "ledger.draft", ft.Icons.EDIT_OUTLINED),
    MessageState.WAITING: ("warning", "ledger.waiting", ft.Icons.SCHEDULE),
    MessageState.SENDING: ("info", "ledger.sending", ft.Icons.UPLOAD_OUTLINED),
    MessageState.REFUSED: ("error", "ledger.not_sent", ft.Icons.ERROR_OUTLINE),
    MessageState.SENT: ("info", "ledger.sent", ft.Icons.CHECK),
    MessageState.DELIVERED: ("info", "ledger.delivered", ft.Icons.DONE_ALL),
    MessageState.OPENED: ("info", "ledger.opened", ft.Icons.DRAFTS_OUTLINED),
    MessageState.ANSWERED: ("success", "ledger.answered", ft.Icons.MARK_CHAT_READ_OUTLINED),
}


def state_badge(state: MessageState) -> ft.Control:
    """The badge of a state."""
    kind, key, icon = _SHOWN[state]
    return badge(kind, use_text()(key), icon)


def state_name(state: MessageState) -> str:
    """The word for a state."""
    return use_text()(_SHOWN[state][1])


def state_meaning(state: MessageState) -> str:
    """One sentence that says what the state means."""
    return use_text()(f"{_SHOWN[state][1]}.what")
