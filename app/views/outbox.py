"""What is on its way: for each thing what happens next, and what can be done (rows J2, F8, I5)."""

import flet as ft

from app.components import (
    Screen,
    badge,
    button,
    component,
    notice,
    resource_view,
    row,
    stack,
    text,
    use_format,
    use_look,
    use_text,
    use_ui,
)
from app.components.base import Handler
from app.offline.outbox import EntryState
from app.platform.window import go
from app.stores.base import Resource
from app.stores.connection import Connection
from app.stores.outbox import OutboxItem
from app.stores.own import Own
from app.stores.session import Session, SessionState
from app.stores.stores import Stores
from app.views.forms_words import draft_address
from app.views.outbox_names import name_of
from app.views.support import sure_dialog

_STATES = {
    EntryState.WAITING: ("warning", "ledger.waiting", ft.Icons.SCHEDULE),
    EntryState.SENDING: ("info", "ledger.sending", ft.Icons.UPLOAD_OUTLINED),
    EntryState.REFUSED: ("error", "ledger.not_sent", ft.Icons.ERROR_OUTLINE),
}


@component
def OutboxScreen(stores: Stores, own: Own) -> ft.Control:
    """``/outbox``."""
    t = use_text()
    return Screen(
        "outbox",
        t("outbox.title"),
        [
            text(t("outbox.lead"), "lead"),
            Items(stores, own, own.outbox.items, stores.session, stores.connection),
        ],
        back="/messages",
    )


@component
def Items(
    stores: Stores,
    own: Own,
    items: Resource[tuple[OutboxItem, ...]],
    session: Session,
    connection: Connection,
) -> ft.Control:
    """Everything that is not accepted yet."""
    t = use_text()

    def listed(value: tuple[OutboxItem, ...]) -> ft.Control:
        again = button(
            "outbox.retry-all", t("outbox.retry_all"), own.outbox.retry_all, "secondary", ft.Icons.REFRESH
        )
        rows = [Item(stores, own, item, session, key=item.key) for item in value]
        return stack([*([row([again])] if len(value) > 1 else []), *rows])

    return resource_view(
        items,
        listed,
        empty=notice("success", t("outbox.empty"), live=False, id="outbox.empty"),
        id="outbox.items",
    )


@component
def Item(stores: Stores, own: Own, item: OutboxItem, session: Session) -> ft.Control:
    """One thing: what it is, where it stands, what happens next, and the buttons that make sense now."""
    t, formats, look = use_text(), use_format(), use_look()
    asking, ask = ft.use_state(False)
    late, set_late = ft.use_state(False)
    ft.use_dialog(_discard_dialog(stores, own, item, lambda: ask(False)) if asking else None)
    kind, word, icon = _STATES[EntryState.WAITING if item.between_tries else item.state]

    def edit() -> None:
        address = _taken_back(own, item)
        if address:
            go(address)
        else:
            set_late(True)

    number = formats.phone(stores.region.phones.exchange.number)
    parts = [
        text(name_of(stores, own, item), "label"),
        badge(kind, t(word), icon),
        text(_next(item, session)),
        *([text(t("outbox.reason", reason=item.reason), "strong")] if item.reason else []),
        text(t("outbox.item.put_at", moment=formats.moment(item.put_at, use_ui().now())), "small"),
        *([notice("info", t("outbox.cancel_too_late"), id="outbox.late")] if late else []),
        row(_buttons(own, item, edit, lambda: ask(True))),
        text(t("outbox.call_instead", number=number), "small"),
    ]
    return ft.Container(
        stack(parts, gap="s", id="outbox.item"),
        padding=16,
        bgcolor=look.colours.surface,
        border=ft.Border.all(look.border, look.colours.outline_soft),
        border_radius=16,
    )


def _taken_back(own: Own, item: OutboxItem) -> str:
    """It is a draft again: where it is gone on with; empty when it was too late."""
    if item.answer_id:
        draft = own.forms.take_back(item.answer_id)
        return draft_address(draft) if draft else ""
    key = own.outbox.edit(item)
    return f"/messages/draft/{key}" if key else ""


_OWN_CODES = frozenset(
    {"offline", "not-sent", "outcome-unknown", "conflict", "too-late", "gone", "unknown-intent"}
)
"""Refusals of the engine and its rules; those of a server come with its own words."""


def _next(item: OutboxItem, session: Session) -> str:
    """What happens next, in one sentence."""
    t, formats = use_text(), use_format()
    if item.state is EntryState.REFUSED:
        if item.code in _OWN_CODES:
            return t(f"outbox.refused.{item.code.replace('-', '_')}")
        if item.answer_id:
            return t("forms.refused" if item.can_edit else "outbox.next.refused_kept")
        return t("outbox.next.refused") if item.can_edit else t("outbox.next.refused_kept")
    if session.state is SessionState.ENDED:
        return t("outbox.next.waiting_sign_in")
    if item.state is EntryState.SENDING:
        return t("outbox.next.checking") if item.between_tries else t("outbox.next.sending")
    if item.behind is not None:
        return t(_BEHIND.get(item.behind, "outbox.next.waiting_before"))
    if item.attempts and item.next_try:
        return t("outbox.next.waiting_retry", time=formats.time(item.next_try))
    return t("outbox.next.waiting")


_BEHIND = {
    EntryState.REFUSED: "outbox.next.behind_refused",
    EntryState.DISCARDED: "outbox.next.behind_discarded",
}


def _buttons(own: Own, item: OutboxItem, edit: Handler, ask: Handler) -> list[ft.Control]:
    t = use_text()
    buttons = []
    if item.can_edit:
        kind = "primary" if item.state is EntryState.REFUSED else "secondary"
        buttons.append(button("outbox.edit", t("outbox.edit"), edit, kind, ft.Icons.EDIT_OUTLINED))
    if item.state is not EntryState.SENDING or item.between_tries:
        buttons.append(
            button(
                "outbox.retry",
                t("outbox.retry"),
                lambda: own.outbox.retry(item),
                "secondary",
                ft.Icons.REFRESH,
            )
        )
        buttons.append(button("outbox.discard", t("outbox.discard"), ask, "quiet", ft.Icons.DELETE_OUTLINE))
    return buttons


def _discard_dialog(stores: Stores, own: Own, item: OutboxItem, close: Handler) -> ft.AlertDialog:
    t = use_text()

    def discard() -> None:
        close()
        own.outbox.discard(item)

    other = "" if item.kind in ("message", "chat") else "_other"
    return sure_dialog(
        "outbox.discard-dialog",
        t(f"outbox.discard_title{other}"),
        [text(name_of(stores, own, item), "label"), text(t(f"outbox.discard_ask{other}"))],
        discard,
        close,
        keep="outbox.keep",
        sure="outbox.discard-sure",
        label=t("outbox.discard"),
    )
