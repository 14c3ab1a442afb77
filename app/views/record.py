"""A person's own data: what there is of each kind, and everything in one timeline (rows E1 to E7, E12, J1)."""

from typing import Any
from zoneinfo import ZoneInfo

import flet as ft

from app.components import (
    Screen,
    button,
    card_button,
    component,
    notice,
    resource_view,
    section,
    select,
    stack,
    text,
    text_field,
    use_format,
    use_text,
)
from app.domain.record import Entry, Kind, current_first, found, newest_first, years
from app.platform.window import go
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.record import Listing
from app.stores.stores import Stores
from app.views.messages import Elsewhere
from app.views.parts import Pages
from app.views.record_words import ICONS, entry_badge, entry_lines, entry_value, name_of
from app.views.support import beside, cards, freshness, keyed

KINDS = tuple(kind for kind in Kind if kind is not Kind.OTHER)
MINE = (
    ("measurements", "/measurements", ft.Icons.MONITOR_HEART_OUTLINED),
    ("details", "/me", ft.Icons.CONTACT_PHONE_OUTLINED),
    ("permissions", "/me/permissions", ft.Icons.HANDSHAKE_OUTLINED),
    ("log", "/me/log", ft.Icons.VISIBILITY_OUTLINED),
    ("copy", "/me/data", ft.Icons.DOWNLOAD_OUTLINED),
)


@component
def RecordScreen(stores: Stores, own: Own) -> ft.Control:
    """``/record``: one card for each kind, what is the resident's own, and the timeline."""
    t = use_text()
    return Screen(
        "record",
        t("record.title"),
        [
            text(t("record.lead"), "lead"),
            Kinds(own, own.record.listing()),
            section(t("record.mine"), [cards([_mine(*one) for one in MINE])]),
            beside(
                [section(t("record.timeline"), [Timeline(own, own.record.listing(), None)])],
                [Completeness(own.silence.types, own.record.listing().types), Elsewhere(stores)],
            ),
        ],
        wide=True,
    )


def _mine(name: str, address: str, mark: Any) -> ft.Control:
    t = use_text()
    return card_button(
        f"record.to.{name}",
        t(f"record.to.{name}"),
        [t(f"record.to.{name}.hint")],
        lambda: go(address),
        icon=mark,
    )


@component
def Kinds(own: Own, listed: Resource[Listing]) -> ft.Control:
    """How much there is of each kind, and the way there."""
    t = use_text()
    entries = listed.value.entries if listed.value else ()
    shown = [_kind(kind, [one for one in entries if one.kind is kind], listed) for kind in KINDS]
    return section(t("record.kinds"), [cards(shown)])


def _kind(kind: Kind, entries: list[Entry], listed: Resource[Listing]) -> ft.Control:
    t = use_text()
    if listed.value is None:
        lines = [t("kit.loading") if listed.problem is None else t("record.not_fetched")]
    elif entries and listed.value.complete:
        lines = [t("record.count", n=len(entries))]
    elif entries:
        lines = []
    elif kind in listed.value.fetched:
        lines = [t("record.none_here")]
    else:
        lines = [t("kit.loading") if listed.problem is None else t("record.not_fetched")]
    return card_button(
        f"record.kind.{kind.value}",
        t(f"record.kind.{kind.value}"),
        lines,
        lambda: go(f"/record/{kind.value}"),
        icon=ICONS[kind],
    )


@component
def KindScreen(stores: Stores, own: Own, kind: str) -> ft.Control:
    """``/record/<kind>``: everything of one kind."""
    t = use_text()
    known = next((one for one in Kind if one.value == kind), None)
    if known is None:
        return Screen(
            "record.kind", t("record.title"), [notice("info", t("record.not_found"))], back="/record"
        )
    return Screen(
        f"record.{known.value}",
        t(f"record.kind.{known.value}"),
        [
            text(t(f"record.about.{known.value}"), "lead"),
            beside(
                [Timeline(own, own.record.listing(known), known)],
                [Completeness(own.silence.types, own.record.listing(known).types), Elsewhere(stores)],
            ),
        ],
        back="/record",
        wide=True,
    )


@component
def Timeline(own: Own, listed: Resource[Listing], kind: Kind | None) -> ft.Control:
    """Entries of a kind, or of all, to be searched and filtered without a connection."""
    t = use_text()
    value = listed.value
    begun = value is not None and not value.complete

    async def complete() -> None:
        if begun:
            await own.record.complete(kind)

    ft.use_effect(complete, [begun])
    name = kind.value if kind else "all"
    listing = resource_view(
        listed,
        lambda _: Filtered(own, listed, kind),
        empty=stack(
            [text(t(f"record.empty.{name}"), "muted"), text(t("record.empty.elsewhere"), "muted")], gap="s"
        ),
        id="record.list",
    )
    return stack([freshness(listed), listing], gap="s")


@component
def Filtered(own: Own, listed: Resource[Listing], kind: Kind | None) -> ft.Control:
    """The search field, the filters and what they leave."""
    t = use_text()
    words, set_words = ft.use_state("")
    year, set_year = ft.use_state("")
    only, set_only = ft.use_state("")
    zone = ZoneInfo(use_format().timezone)
    entries = listed.value.entries if listed.value else ()
    searched = newest_first((*entries, *listed.value.inside)) if listed.value and words.strip() else entries
    ordered = current_first(searched) if kind else searched
    left = found((one for one in ordered if not only or one.kind.value == only), words, int(year or 0), zone)

    def clear() -> None:
        set_words("")
        set_year("")
        set_only("")

    filters = [
        text_field("record.search", t("record.search"), words, set_words, t("record.search_hint")),
        _choices(entries, kind, (year, set_year), (only, set_only)),
    ]
    count = text(t("record.found", n=len(left)), "small", id="record.found")
    parts = [*(filters if len(entries) > 5 else []), *([count] if words or year or only else [])]
    if left:
        parts.append(
            Pages("record.more", left, lambda one: entry_card(own, one, kind is None), "record.more")
        )
    elif listed.value and listed.value.complete:
        parts.append(text(t("record.found_none"), "muted"))
        parts.append(button("record.clear", t("record.clear"), clear, "secondary"))
    if listed.value and not listed.value.complete:
        parts.append(text(t("record.opening"), "muted"))
    return stack(parts, gap="sm")


def _choices(
    entries: tuple[Entry, ...], kind: Kind | None, year: tuple[str, Any], only: tuple[str, Any]
) -> ft.Control:
    """Filters by year, and in the timeline by kind."""
    t, zone = use_text(), ZoneInfo(use_format().timezone)
    told = [("", t("record.year_all")), *((str(one), str(one)) for one in years(entries, zone))]
    shown = [select("record.year", t("record.year"), told, year[0], year[1])]
    if kind is None:
        present = [one for one in Kind if any(entry.kind is one for entry in entries)]
        kinds = [("", t("record.kind_all")), *((one.value, t(f"record.kind.{one.value}")) for one in present)]
        shown.append(select("record.only", t("record.only"), kinds, only[0], only[1]))
    return ft.ResponsiveRow(
        [ft.Container(one, col={"xs": 12, "sm": 6}) for one in shown], spacing=12, run_spacing=12
    )


def entry_card(own: Own, entry: Entry, with_kind: bool = False, lines: list[str] | None = None) -> ft.Control:
    """One entry of a list; leads to its own page. ``lines``: others than are usual below its value."""
    card = card_button(
        "record.entry",
        name_of(entry),
        entry_lines(entry, with_kind) if lines is None else lines,
        lambda: go(f"/record/entry/{entry.type}/{entry.id}"),
        icon=ICONS[entry.kind],
        badge=entry_badge(own, entry),
        value=entry_value(entry),
    )
    return keyed(entry.key, card)


@component
def Completeness(silent: Resource[frozenset[str]], types: frozenset[str]) -> ft.Control:
    """What is not here, and where it is (row E5); and that something of ``types`` is missing, nobody says whose."""
    t = use_text()
    missing = not (silent.value or frozenset()).isdisjoint(types)
    told = notice("warning", t("record.incomplete"), [t("record.incomplete_hint")], id="record.incomplete")
    return section(
        t("record.complete.title"),
        [
            *([told] if missing else []),
            text(t("record.complete.here")),
            text(t("record.complete.not_here"), "muted"),
            text(t("record.complete.delay"), "muted"),
        ],
        id="record.completeness",
    )
