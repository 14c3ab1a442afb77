"""The dates a plan hangs on: told, moved, called off (row G3)."""

from collections.abc import Callable
from datetime import timedelta

import flet as ft

from app.components import (
    button,
    component,
    date_field,
    disclosure,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
)
from app.pathways.journey import Journey
from app.pathways.library import Pathway
from app.pathways.model import Anchor
from app.pathways.planner import as_moved, cycle
from app.stores.journeys import Journeys
from app.stores.stores import Stores
from app.views.support import nothing, sure_dialog

PAST, AHEAD = timedelta(days=730), timedelta(days=1095)


@component
def DatesPart(stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey) -> ft.Control:
    """Every date of the pathway; those of a team are moved by the team."""
    t = use_text()
    anchors = pathway.structure.anchors
    if not anchors:
        return nothing()
    made = [AnchorPart(stores, pathway, journeys, journey, anchor, key=anchor.id) for anchor in anchors]
    hint = [text(t("pathways.dates_team"), "muted")] if journey.by_team else []
    return section(t("pathways.dates"), [*hint, *made], id="pathway.dates")


@component
def AnchorPart(
    stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey, anchor: Anchor
) -> ft.Control:
    """One date: what it is, and a way to change it."""
    t, formats = use_text(), use_format()
    words = pathway.texts.anchors[anchor.id]
    days, today = journey.dates.of(anchor.id), stores.pathways.today()
    opened, open_ = ft.use_state(not days and anchor.required and anchor.id not in journey.cancelled)
    coming = next((place for place, day in enumerate(days) if day >= today), len(days) - 1)
    told = [formats.day(day, today) for day in days]
    state = told[0] if told else t("pathways.no_date")
    if anchor.id in journey.cancelled:
        state = t("pathways.called_off")
    parts: list[ft.Control] = [text(words.label, "label"), text(state)]
    if len(told) > 1:
        parts.append(text(t("pathways.then", days=", ".join(told[1:])), "muted"))
    if not journey.by_team:
        editor = Editor(
            stores, pathway, journeys, journey, anchor, coming, lambda: open_(False), key="editor"
        )
        fold = disclosure(
            f"pathway.date.{anchor.id}.edit",
            t("pathways.change_date") if days else t("pathways.give_date"),
            opened,
            lambda: open_(not opened),
            [editor],
        )
        parts.append(fold)
    return stack(parts, gap="xs")


@component
def Editor(
    stores: Stores,
    pathway: Pathway,
    journeys: Journeys,
    journey: Journey,
    anchor: Anchor,
    place: int,
    close: Callable[[], None],
) -> ft.Control:
    """Another date, kept only when it is saved; or calling it off."""
    t, today = use_text(), stores.pathways.today()
    days, words = journey.dates.of(anchor.id), pathway.texts.anchors[anchor.id]
    day, set_day = ft.use_state(days[place] if days else None)
    asking, ask = ft.use_state(False)
    ft.use_dialog(_ask(pathway, journeys, journey, anchor, lambda: ask(False)) if asking else None)
    wrong = day is not None and not today - PAST <= day <= today + AHEAD

    def save() -> None:
        assert day is not None
        fresh = as_moved(days, place, day) if anchor.every and days else cycle(day, anchor)
        journeys.set_dates(journey, anchor.id, fresh)
        close()

    hint = " ".join((words.hint, t("pathways.next_turn") if anchor.every and days else "")).strip()
    error = t("pathways.date_wrong") if wrong else ""
    field = date_field(
        f"pathway.date.{anchor.id}",
        words.label,
        day,
        set_day,
        hint,
        error,
        first=today - PAST,
        last=today + AHEAD,
    )
    why = t("pathways.date_missing") if day is None or wrong else ""
    ways = [
        button(
            f"pathway.date.{anchor.id}.save", t("pathways.save_date"), save, "secondary", disabled_because=why
        )
    ]
    if anchor.cancellable and days:
        ways.append(_call_off(anchor, lambda: ask(True)))
    return stack([field, row(ways)], gap="s")


def _call_off(anchor: Anchor, ask: Callable[[], None]) -> ft.Control:
    words = use_text()("pathways.call_off")
    return button(f"pathway.date.{anchor.id}.off", words, ask, "quiet", ft.Icons.EVENT_BUSY)


def _ask(
    pathway: Pathway, journeys: Journeys, journey: Journey, anchor: Anchor, close: Callable[[], None]
) -> ft.AlertDialog:
    t = use_text()

    def off() -> None:
        close()
        journeys.call_off(journey, anchor.id)

    return sure_dialog(
        "pathway.date-off",
        t("pathways.call_off_title"),
        [text(t("pathways.call_off_ask"))],
        off,
        close,
        keep="pathway.date-off.stay",
        sure="pathway.date-off.sure",
        label=t("pathways.call_off"),
        kind="primary",
    )
