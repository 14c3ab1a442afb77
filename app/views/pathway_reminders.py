"""Reminders of a pathway: switched on by the resident, shown on Home when due, and a file for one's own calendar."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import flet as ft

from app.components import (
    button,
    checkbox,
    component,
    radio_group,
    row,
    section,
    stack,
    text,
    time_field,
    use_format,
    use_text,
    use_ui,
)
from app.pathways.journey import Journey
from app.pathways.library import Pathway
from app.pathways.model import Step
from app.pathways.progress import State
from app.pathways.reminding import Reminder, Reminders, remindable, usual
from app.platform.calendar_file import Entry, calendar_files
from app.platform.files import save_file
from app.stores.base import Resource
from app.stores.journeys import Journeys
from app.stores.own import Own
from app.stores.pathways import Due
from app.stores.stores import Stores
from app.views.pathway_parts import step_card
from app.views.support import cards, keyed, nothing, told

__all__ = ["PathwayReminders", "RemindersDue", "StepReminder", "reminders_now"]

SHOWN = 3
MOST_IN_CALENDAR = 200
TAKES = timedelta(minutes=15)


def reminders_now(stores: Stores, own: Own) -> ft.Control:
    """On Home."""
    if not stores.region.has("pathways"):
        return nothing()
    pathways = stores.pathways
    return RemindersDue(stores, own.pathways, own.pathways.all, pathways.all, key="reminders")


@component
def RemindersDue(
    stores: Stores,
    journeys: Journeys,
    own: Resource[tuple[Journey, ...]],
    pathways: Resource[tuple[Pathway, ...]],
) -> ft.Control:
    """What the resident asked to be reminded of, when its time has come; drawn anew at the next one's time."""
    t = use_text()
    beat, set_beat = ft.use_state(0)
    waiting: Any = ft.use_ref(None)

    def wait() -> None:
        stop()
        waiting.current = stores.pathways.when_next(lambda: set_beat(beat + 1))

    def stop() -> None:
        if waiting.current is not None:
            waiting.current()
            waiting.current = None

    ft.use_effect(wait, [beat, own.value, journeys.wishes], stop)
    found, today = stores.pathways.due(), stores.pathways.today()
    if not found:
        return nothing()
    shown = found[:SHOWN]

    def heard() -> None:
        for one in shown:
            journeys.wish(one.journey, journeys.wishes_for(one.journey).hearing(one.reminder.turn))

    rest = [text(t("pathways.remind.more", n=len(found) - SHOWN), "small")] if len(found) > SHOWN else []
    quiet = button("reminder.heard", t("pathways.remind.heard"), heard, "secondary", ft.Icons.CHECK)
    hint = text(t("pathways.remind.due_hint"), "muted")
    made = cards([_due(one, today) for one in shown])
    return section(t("pathways.remind.due"), [made, *rest, hint, row([quiet])], id="reminder")


def _due(one: Due, today: date) -> ft.Control:
    turn, title = one.reminder.turn, one.pathway.texts.title
    card = step_card(one.pathway, turn, State.NOW, today, title, id="reminder.open")
    return keyed(f"{one.journey.id}/{turn.key}", card)


@component
def StepReminder(pathway: Pathway, journeys: Journeys, journey: Journey, step: Step) -> ft.Control:
    """Whether to be reminded of this step, and when."""
    t, wanted, now = use_text(), journeys.wishes_for(journey), use_ui().now
    if not remindable(step):
        return nothing()
    at = wanted.at(step)

    def switch(on: bool) -> None:
        journeys.wish(journey, wanted.having(step.id, usual(step) if on else "", now()))

    def choose(chosen: time | None) -> None:
        if chosen is not None:
            journeys.wish(journey, journeys.wishes_for(journey).having(step.id, f"{chosen:%H:%M}", now()))

    clock = time.fromisoformat(at) if at else None
    when = [time_field("pathway.remind.time", t("pathways.remind.time"), clock, choose)] if at else []
    return section(
        t("pathways.remind.title"),
        [
            checkbox("pathway.remind", t("pathways.remind.step"), bool(at), switch),
            *when,
            text(t("pathways.remind.how"), "small"),
        ],
    )


@component
def PathwayReminders(stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey) -> ft.Control:
    """All of a pathway at once: reminders in the app, and its steps in one's own calendar."""
    t, formats, wanted = use_text(), use_format(), journeys.wishes_for(journey)
    now = use_ui().now

    def switch(on: bool) -> None:
        journeys.wish(journey, Reminders(all=True, asked={"": now()}) if on else None)

    ahead = stores.pathways.coming(pathway, journey, wanted)
    words = (
        t("pathways.remind.next", moment=formats.moment(ahead[0].at, now()))
        if ahead
        else t("pathways.remind.none")
    )
    return section(
        t("pathways.remind.title"),
        [
            checkbox(
                "pathway.remind.all",
                t("pathways.remind.all"),
                wanted.all,
                switch,
                t("pathways.remind.all_hint"),
            ),
            *([told(ft.Icons.NOTIFICATIONS_NONE, text(words))] if wanted.any else []),
            text(t("pathways.remind.how"), "small"),
            Calendar(stores, pathway, journey, wanted),
        ],
        id="pathway.reminders",
    )


@component
def Calendar(stores: Stores, pathway: Pathway, journey: Journey, wanted: Reminders) -> ft.Control:
    """The steps to come as a file for the calendar of a telephone, which then reminds by itself."""
    t, now = use_text(), use_ui().now
    level, choose = ft.use_state("private")
    steps = stores.pathways.coming(pathway, journey, Reminders(all=True, steps=_timed(wanted)))
    if not steps:
        return nothing()

    async def save() -> None:
        name = _name(pathway, t("calendar.own_matter") if level == "private" else "")
        entries = [_entry(journey, one, name(one), now()) for one in steps[:MOST_IN_CALENDAR]]
        await save_file("digiklinikka.ics", calendar_files(entries))

    options = [("private", t("calendar.private")), ("full", t("pathways.remind.calendar_full"))]
    return stack(
        [
            radio_group("pathway.calendar.level", t("calendar.level"), options, level, choose),
            row(
                [
                    button(
                        "pathway.calendar",
                        t("pathways.remind.calendar"),
                        save,
                        "secondary",
                        ft.Icons.EVENT_OUTLINED,
                    )
                ]
            ),
            text(t("pathways.remind.calendar_hint"), "small"),
        ]
    )


def _timed(wanted: Reminders) -> dict[str, str]:
    """Times of one's own choice; in the calendar every step has one."""
    return {step: at for step, at in wanted.steps.items() if at}


def _name(pathway: Pathway, private: str) -> Callable[[Reminder], str]:
    return lambda one: private or pathway.texts.steps[one.turn.step].title


def _entry(journey: Journey, one: Reminder, title: str, made: Any) -> Entry:
    return Entry(
        id=f"{journey.id}-{one.turn.key}",
        sequence=int(made.timestamp()) // 60,
        title=title,
        starts=one.at,
        ends=one.at + TAKES,
        made=made,
        alarms=(timedelta(0),),
        free=True,
    )
