"""Where a message stands, as a word with an icon and a colour (row A9)."""

from collections.abc import Mapping

import flet as ft

from app.components import badge, use_look, use_text
from app.components.base import silent
from app.components.layout import icon
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


_WAY = (MessageState.SENT, MessageState.DELIVERED, MessageState.OPENED, MessageState.ANSWERED)


def way_of(state: MessageState) -> ft.Control:
    """The four steps of a message as a picture: those taken are filled, the last of them is the largest.

    For the eye only: the badge beside it says the same in a word.
    """
    taken = _WAY.index(state) if state in _WAY else -1
    steps = [_step(place, taken) for place in range(len(_WAY))]
    lines = [_line(place <= taken) for place in range(1, len(_WAY))]
    parts = [part for pair in zip(steps, [*lines, None], strict=True) for part in pair if part is not None]
    return silent(ft.Container(ft.Row(parts, spacing=0), padding=ft.Padding(0, 4, 0, 4)))


def _step(place: int, taken: int) -> ft.Control:
    look = use_look()
    done, size = place <= taken, (34 if place == taken else 26) * min(look.scale, 1.5)
    colours = look.colours
    mark = icon(_SHOWN[_WAY[place]][2], size * 0.6 / look.scale, "on_primary" if done else "text_muted")
    return ft.Container(
        mark,
        width=size,
        height=size,
        alignment=ft.Alignment.CENTER,
        bgcolor=colours.primary if done else colours.surface,
        border=ft.Border.all(2, colours.primary if done else colours.outline),
        border_radius=size,
    )


def _line(done: bool) -> ft.Control:
    colours = use_look().colours
    return ft.Container(height=4, bgcolor=colours.primary if done else colours.outline, expand=True)
