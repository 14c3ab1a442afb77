"""A conversation to take along or out of the list of this device, of messages and chats alike (row A11)."""

from collections.abc import Callable

import flet as ft

from app.components import button, component, notice, row, section, stack, text, use_text
from app.domain.messages import Thread
from app.stores.base import Resource
from app.views.export import Copy, export_row


def take_along(
    id: str,
    made: Copy,
    name: str,
    thread: Thread,
    hidden: Resource[frozenset[str]],
    hide: Callable[[], None],
    show: Callable[[], None],
) -> ft.Control:
    """``id``: of whose kind the identifiers are; ``name``: of the file; ``hide`` and ``show``: what the buttons do."""
    t = use_text()
    return section(
        t("take_along.title"),
        [
            text(t("take_along.hint"), "muted"),
            export_row(id, made, name),
            Listed(id, thread.id, hidden, hide, show),
        ],
    )


@component
def Listed(
    id: str,
    thread_id: str,
    hidden: Resource[frozenset[str]],
    hide: Callable[[], None],
    show: Callable[[], None],
) -> ft.Control:
    """Out of the list, or back; nothing is ever deleted."""
    t = use_text()
    if thread_id in (hidden.value or ()):
        back = button(f"{id}.show", t("hide.show"), show, "secondary", ft.Icons.VISIBILITY_OUTLINED)
        return notice(
            "info", t("hide.hidden"), [t("hide.hidden.hint")], [back], live=False, id=f"{id}.hidden"
        )
    away = button(f"{id}.hide", t("hide.hide"), hide, "quiet", ft.Icons.VISIBILITY_OFF_OUTLINED)
    return stack([row([away]), text(t("hide.hint"), "small")], gap="xs")


def show_hidden(id: str, many: int, shown: bool, show: Callable[[bool], None]) -> list[ft.Control]:
    """The button under a list that shows what is hidden, or hides it again; none when nothing is hidden."""
    t = use_text()
    if not many:
        return []
    words = t("hide.hide_again") if shown else t("hide.show_hidden", n=many)
    mark = ft.Icons.VISIBILITY_OFF_OUTLINED if shown else ft.Icons.VISIBILITY_OUTLINED
    return [row([button(f"{id}.show-hidden", words, lambda: show(not shown), "quiet", mark)])]
