"""What should have been sent long ago is told on every screen, by name (rows F8, I5)."""

import flet as ft

from app.components import button, notice, use_text
from app.errors import Offline
from app.platform.window import go, here
from app.stores.base import Resource
from app.stores.connection import Connection
from app.stores.outbox import EntryState, OutboxItem
from app.stores.session import Session, SessionState
from app.views.outbox_names import kind_of

_NAMED = 3
_SAYS_IT_ITSELF = ("/outbox", "/", "")


def late_notice(
    late: Resource[tuple[OutboxItem, ...]] | None, connection: Connection, session: Session
) -> ft.Control | None:
    """None while all is well, where the screen says so itself, and while another line tells why nothing leaves."""
    t = use_text()
    items = late.value if late is not None else None
    told_already = session.state is SessionState.ENDED or isinstance(connection.problem, Offline)
    if not items or told_already or here().partition("?")[0] in _SAYS_IT_ITSELF:
        return None
    refused = any(item.state is EntryState.REFUSED for item in items)
    words = t("outbox.late_refused", n=len(items)) if refused else t("outbox.late_waiting", n=len(items))
    names = [kind_of(item) for item in items[:_NAMED]]
    more = [t("outbox.late_more", n=len(items) - _NAMED)] if len(items) > _NAMED else []
    look = button("banner.outbox", t("outbox.late_look"), lambda: go("/outbox"), "secondary")
    return notice("error" if refused else "warning", words, [*names, *more], [look], id="late-banner")
