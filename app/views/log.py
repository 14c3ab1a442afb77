"""Who has looked at the resident's data, and how to ask about it (row E10)."""

import flet as ft

from app.components import Screen, button, component, resource_view, stack, text, use_format, use_text
from app.components.layout import panel
from app.domain.me import Look
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.ask import write
from app.views.parts import Pages, grid
from app.views.support import freshness, keyed

PURPOSES = frozenset({"TREAT", "HOPERAT", "HPAYMT", "PATADMIN", "ETREAT", "PATRQT"})


@component
def LogScreen(stores: Stores, own: Own) -> ft.Control:
    """``/me/log``."""
    t = use_text()
    return Screen(
        "me.log",
        t("me.log.title"),
        [text(t("me.log.lead"), "lead"), Looks(stores, own, own.me.log), text(t("me.log.wrong"), "muted")],
        back="/record",
        wide=True,
    )


@component
def Looks(stores: Stores, own: Own, log: Resource[tuple[Look, ...]]) -> ft.Control:
    """Newest first, in one of the four states of a list."""
    t = use_text()
    shown = resource_view(
        log,
        lambda value: Pages("me.log.more", value, lambda look: _look(stores, own, look), "record.more"),
        empty=text(t("me.log.empty"), "muted"),
        id="me.log.list",
    )
    return stack([freshness(log), shown])


def _look(stores: Stores, own: Own, look: Look) -> ft.Control:
    """Who, in what role, where, when, what and why."""
    t, formats = use_text(), use_format()
    when = (
        f"{formats.date(formats.local(look.at).date())} {formats.time(look.at)}"
        if look.at
        else t("common.not_known")
    )
    who = ", ".join(part for part in (look.who, look.role) if part) or t("common.not_known")
    purpose = t(f"me.log.purpose.{look.purpose}") if look.purpose in PURPOSES else look.purpose
    told = [
        (t("me.log.when"), when),
        (t("me.log.who"), who),
        (t("me.log.unit"), look.unit),
        (t("me.log.what"), look.what),
        (t("me.log.purpose"), purpose),
    ]

    def ask() -> None:
        named = {"who": who, "unit": look.unit, "time": when}
        write(stores, own, look.unit, t("me.log.ask.subject"), t("me.log.ask.text", **named))

    again = button("me.log.ask", f"{t('me.log.ask')}", ask, "quiet", ft.Icons.FORUM_OUTLINED)
    return keyed(look.id, panel(stack([grid(told, (2, 2, 3, 3, 2)), again], gap="s")))
