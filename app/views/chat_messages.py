"""The messages of a chat: who wrote what and when; mine with where they stand (row D7)."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

import flet as ft

from app.components import Following, Sem, badge, row, stack, text, use_format, use_text
from app.components.context import use_cramped
from app.components.layout import panel, plain
from app.domain.messages import Message, MessageState
from app.i18n.format import capital
from app.views.ledger import state_badge, state_name
from app.views.support import keyed, spoken

More = Callable[[Message], Sequence[ft.Control]]


def said(
    messages: Sequence[Message],
    who: Callable[[Message], str],
    state_of: Callable[[Message], MessageState],
    bots: frozenset[str] = frozenset(),
    more: More = lambda message: (),
    came: tuple[datetime, str] | None = None,
    following: Following | None = None,
) -> ft.Control:
    """All of them in order, with a line where the day changes. ``more``: what stands under a message's words;
    ``came``: when somebody joined, and the words for it; ``following``: finds each message on the screen."""
    formats = use_format()
    parts: list[ft.Control] = []
    day: date | None = None
    mine = next((m for m in reversed(messages) if m.mine), None)
    joined = _first_after(messages, came[0]) if came else -1
    for place, message in enumerate((*messages, None)):
        if place == joined and came:
            parts.append(keyed("came", _came(*came)))
        if message is None:
            break
        if message.at is not None and formats.local(message.at).date() != day:
            day = formats.local(message.at).date()
            parts.append(keyed(day.isoformat(), _day(capital(formats.day_long(day)))))
        state = state_of(message)
        told = state if message is mine or state.pending else None
        bubble = _bubble(message, who(message), told, message.id in bots, message is messages[-1], more)
        parts.append(ft.Container(bubble, key=following.key(message.id) if following else message.id))
    return stack(parts, gap="s", id="chat.messages")


def _first_after(messages: Sequence[Message], moment: datetime) -> int:
    """The place of the first message that was written later; after all of them when there is none."""
    return next((n for n, m in enumerate(messages) if m.at is not None and m.at > moment), len(messages))


def _came(moment: datetime, words: str) -> ft.Control:
    line = text(f"{words} · {use_format().time(moment)}", "small", id="chat.came")
    return ft.Row([line], alignment=ft.MainAxisAlignment.CENTER, wrap=True)


def _day(words: str) -> ft.Control:
    shown = plain(words, "small")
    return ft.Row(
        [Sem(header=True, heading_level=2, container=True, content=shown)],
        alignment=ft.MainAxisAlignment.CENTER,
        wrap=True,
    )


def _bubble(
    message: Message, who: str, state: MessageState | None, bot: bool, newest: bool, more: More
) -> ft.Control:
    mine = message.mine
    side = 0 if use_cramped() else 40
    body = stack(
        [_head(message, who, bot), *_words(message, newest), *more(message), *_state(message, state)],
        gap="xs",
    )
    ground = "primary_soft" if mine else "surface_raised" if bot else "surface"
    bubble = panel(body, ground, "outline_soft" if not mine else "primary_soft", padding=12)
    return ft.Container(bubble, margin=ft.Margin(side if mine else 0, 0, 0 if mine else side, 0))


def _head(message: Message, who: str, bot: bool) -> ft.Control:
    t, formats = use_text(), use_format()
    at = formats.time(message.at) if message.at else ""
    if bot:
        mark = badge("neutral", t("chat.bot"), ft.Icons.SMART_TOY_OUTLINED)
        return row([mark, *([text(at, "small")] if at else [])], gap="xs")
    return row([text(" · ".join(part for part in (who, at) if part), "small")], gap="xs")


def _words(message: Message, newest: bool) -> list[ft.Control]:
    """What comes in while one looks is said aloud."""
    if not message.text:
        return []
    return [Sem(container=True, live_region=newest and not message.mine, content=plain(message.text))]


def _state(message: Message, state: MessageState | None) -> list[ft.Control]:
    """Of the newest of mine, and of every one that has not arrived."""
    if state is None or not message.mine:
        return []
    return [spoken("chat.state", state_name(state), state_badge(state), live=True)]
