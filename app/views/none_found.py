"""A search that found nothing: what to try, a telephone that answers, and other ways (rows A4, L4)."""

from collections.abc import Sequence

import flet as ft

from app.components import button, link_button, notice, use_format, use_text
from app.config import Region
from app.domain.finding import red_flags
from app.i18n.format import capital
from app.platform.window import go


def none_found(region: Region, key: str, words: str, ways: Sequence[ft.Control], *, id: str) -> ft.Control:
    """``key``: what is said, with ``words`` and ``number``; words that may mean haste are told of first."""
    t, formats, exchange = use_text(), use_format(), region.phones.exchange
    number = formats.phone(exchange.number)
    call = link_button(
        "none.call",
        t("common.call_named", name=exchange.name(t.language), number=number),
        f"tel:{exchange.number.replace(' ', '')}",
        ft.Icons.PHONE,
        "secondary",
    )
    said = t("services.none_in_haste" if in_haste(region, words) else key, words=words, number=number)
    return notice("info", said, [capital(exchange.hours_text(t.language))], [call, *ways], id=id, live=False)


def all_services() -> ft.Control:
    """To the finder of services."""
    return button("none.services", use_text()("services.title"), lambda: go("/services"), "quiet")


def in_haste(region: Region, words: str) -> bool:
    """Whether they have words that may mean an emergency."""
    return bool(red_flags(words, region.red_flags(use_text().language)))
