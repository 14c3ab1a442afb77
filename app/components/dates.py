"""Dates, times and small numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import flet as ft

from app.components.base import Handler, Sem, component, on
from app.components.buttons import icon_button
from app.components.context import use_text
from app.components.fields import text_field
from app.components.layout import plain, row, stack, text
from app.components.theme import SPACE

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
"""What a calendar goes through unless a field says otherwise."""


def parse_date(words: str) -> date | None:
    """``24.12.2026`` (also 24/12/2026, 24 12 2026, 2026-12-24) as a date; None when it is not one."""
    numbers = [int(n) for n in re.findall(r"\d+", words)]
    if len(numbers) != 3:
        return None
    year, month, day = numbers if numbers[0] > 31 else reversed(numbers)
    try:
        return date(year, month, day) if year > 1000 else None
    except ValueError:
        return None


def parse_time(words: str) -> time | None:
    """``9.30`` (also 9:30, 0930, 9) as a time; None when it is not one."""
    numbers = [int(n) for n in re.findall(r"\d+", words)]
    if len(numbers) == 1 and numbers[0] > 99:
        numbers = list(divmod(numbers[0], 100))
    hour, minute = (*numbers, 0)[:2] if numbers else (99, 0)
    return time(hour, minute) if len(numbers) <= 2 and hour < 24 and minute < 60 else None


def write_date(day: date | None) -> str:
    """``24.12.2026``; nothing for None."""
    return f"{day.day}.{day.month}.{day.year}" if day else ""


def write_time(clock: time | None) -> str:
    """``9.30``; nothing for None."""
    return f"{clock.hour}.{clock.minute:02}" if clock else ""


def date_field(
    id: str,
    label: str,
    value: date | None,
    on_change: Callable[[date | None], Any],
    description: str = "",
    error: str = "",
    required: bool = False,
    first: date = FIRST,
    last: date = LAST,
) -> ft.Control:
    """A date, written or picked from a calendar. ``on_change`` gets None while what is written is not a date."""
    return DateField(id, label, value, on_change, description, error, required, first, last, key=id)


def time_field(
    id: str,
    label: str,
    value: time | None,
    on_change: Callable[[time | None], Any],
    description: str = "",
    error: str = "",
    required: bool = False,
) -> ft.Control:
    """A time of day, written or picked. ``on_change`` gets None while what is written is not a time."""
    return TimeField(id, label, value, on_change, description, error, required, key=id)


@component
def DateField(
    id: str,
    label: str,
    value: date | None,
    on_change: Callable[[date | None], Any],
    description: str,
    error: str,
    required: bool,
    first: date,
    last: date,
) -> ft.Control:
    """See date_field."""
    t = use_text()
    words, write, left, leave = use_written(value, parse_date, write_date, on_change)
    show = calendar_button(id, label, value, write, first, last)
    wrong = error or (t("kit.date-wrong") if left and words and not parse_date(words) else "")
    field = text_field(
        id, label, words, write, description or t("kit.date-format"), wrong, required=required, on_blur=leave
    )
    return _beside(field, show)


def calendar_button(
    id: str, label: str, value: date | None, write: Callable[[str], Any], first: date, last: date
) -> ft.Control:
    """What stands beside a field for a date and opens a calendar; ``write`` gets the day as it is written. A hook."""
    picking, pick = ft.use_state(False)

    def choose(day: date) -> None:
        write(write_date(day))
        pick(False)

    calendar = ft.DatePicker(
        value=value,
        first_date=first,
        last_date=last,
        on_change=on(choose, lambda e: (as_date(e.control.value),)),
        on_dismiss=lambda _: pick(False),
    )
    ft.use_dialog(calendar if picking else None)
    words = use_text()("kit.date-pick", label=label)
    return icon_button(f"{id}.pick", ft.Icons.CALENDAR_MONTH_OUTLINED, words, lambda: pick(True))


@component
def TimeField(
    id: str,
    label: str,
    value: time | None,
    on_change: Callable[[time | None], Any],
    description: str,
    error: str,
    required: bool,
) -> ft.Control:
    """See time_field."""
    t = use_text()
    words, write, left, leave = use_written(value, parse_time, write_time, on_change)
    picking, pick = ft.use_state(False)
    clock = ft.TimePicker(
        value=value,
        entry_mode=ft.TimePickerEntryMode.INPUT,
        hour_format=ft.TimePickerHourFormat.H24,
        on_change=on(lambda picked: (write(write_time(picked)), pick(False)), lambda e: (e.control.value,)),
        on_dismiss=lambda _: pick(False),
    )
    ft.use_dialog(clock if picking else None)
    wrong = error or (t("kit.time-wrong") if left and words and not parse_time(words) else "")
    field = text_field(
        id, label, words, write, description or t("kit.time-format"), wrong, required=required, on_blur=leave
    )
    show = icon_button(f"{id}.pick", ft.Icons.SCHEDULE, t("kit.time-pick", label=label), lambda: pick(True))
    return _beside(field, show)


def use_written(
    value: Any, parse: Callable[[str], Any], show: Callable[[Any], str], on_change: Callable[[Any], Any]
) -> tuple[str, Callable[[str], Any], bool, Handler]:
    """A hook: what stands in the field for ``value``, how to write into it, whether it was left, how to leave.

    What is being written stays as it is written, until ``value`` becomes something else from outside.
    """
    words, set_words = ft.use_state(show(value))
    left, set_left = ft.use_state(False)
    shown = show(value) if value is not None and parse(words) != value else words

    def write(new: str) -> Any:
        set_words(new)
        return on_change(parse(new))

    return shown, write, left, lambda: set_left(True)


def as_date(picked: date | datetime | None) -> date | None:
    """The day that the resident saw in the calendar."""
    if not isinstance(picked, datetime):
        return picked
    return (picked.astimezone() if picked.tzinfo else picked).date()


def _beside(field: ft.Control, show: ft.Control) -> ft.Control:
    bottom = ft.CrossAxisAlignment.END
    return ft.Row([ft.Container(field, expand=True), show], spacing=SPACE["s"], vertical_alignment=bottom)


def stepper(
    id: str, label: str, value: int, on_change: Callable[[int], Any], low: int, high: int, unit: str = ""
) -> ft.Control:
    """A whole number from ``low`` to ``high`` by two buttons."""
    t = use_text()
    shown = Sem(live_region=True, container=True, content=plain(f"{value} {unit}".strip(), "lead"))
    less = icon_button(
        f"{id}.less",
        ft.Icons.REMOVE_CIRCLE_OUTLINE,
        t("kit.less", label=label),
        lambda: on_change(max(low, value - 1)),
    )
    more = icon_button(
        f"{id}.more",
        ft.Icons.ADD_CIRCLE_OUTLINE,
        t("kit.more", label=label),
        lambda: on_change(min(high, value + 1)),
    )
    line = row([less, shown, more], gap="sm")
    return Sem(
        identifier=id, label=label, container=True, content=stack([text(label, "label"), line], gap="xs")
    )
