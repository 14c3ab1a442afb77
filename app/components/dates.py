"""Dates, times and small numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from typing import Any

import flet as ft

from app.components.base import Sem
from app.components.buttons import icon_button
from app.components.context import use_look, use_text
from app.components.fields import text_field
from app.components.layout import row, stack, text


def parse_date(words: str) -> date | None:
    """``24.12.2026`` (also 24/12/2026, 24 12 2026, 2026-12-24) as a date; None when it is not one."""
    numbers = [int(n) for n in re.findall(r"\d+", words)]
    if len(numbers) != 3:
        return None
    year, month, day = numbers if numbers[0] > 31 else reversed(numbers)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_time(words: str) -> time | None:
    """``9.30`` (also 9:30, 0930, 9) as a time; None when it is not one."""
    numbers = [int(n) for n in re.findall(r"\d+", words)]
    if len(numbers) == 1 and numbers[0] > 99:
        numbers = list(divmod(numbers[0], 100))
    hour, minute = (*numbers, 0)[:2] if numbers else (99, 0)
    return time(hour, minute) if len(numbers) <= 2 and hour < 24 and minute < 60 else None


def date_field(
    id: str,
    label: str,
    value: date | None,
    on_change: Callable[[date | None], Any],
    description: str = "",
    error: str = "",
    required: bool = False,
    first: date | None = None,
    last: date | None = None,
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
    """A time of day, written."""
    return TimeField(id, label, value, on_change, description, error, required, key=id)


@ft.component
def DateField(id, label, value, on_change, description, error, required, first, last):  # type: ignore[no-untyped-def]
    t = use_text()
    words, set_words = ft.use_state(f"{value.day}.{value.month}.{value.year}" if value else "")

    def write(new: str) -> None:
        set_words(new)
        on_change(parse_date(new))

    return text_field(id, label, words, write, description or t("kit.date-format"), error, required=required)


@ft.component
def TimeField(id, label, value, on_change, description, error, required):  # type: ignore[no-untyped-def]
    t = use_text()
    words, set_words = ft.use_state(f"{value.hour}.{value.minute:02}" if value else "")

    def write(new: str) -> None:
        set_words(new)
        on_change(parse_time(new))

    return text_field(id, label, words, write, description or t("kit.time-format"), error, required=required)


def stepper(
    id: str, label: str, value: int, on_change: Callable[[int], Any], low: int, high: int, unit: str = ""
) -> ft.Control:
    """A whole number from ``low`` to ``high`` by two buttons."""
    t, look = use_text(), use_look()
    shown = f"{value} {unit}".strip()
    line = row(
        [
            icon_button(
                f"{id}.less",
                ft.Icons.REMOVE,
                t("kit.less", label=label),
                lambda: on_change(max(low, value - 1)),
            ),
            Sem(
                live_region=True, container=True, content=ft.Text(shown, style=look.style("lead", bold=True))
            ),
            icon_button(
                f"{id}.more",
                ft.Icons.ADD,
                t("kit.more", label=label),
                lambda: on_change(min(high, value + 1)),
            ),
        ],
        gap="m",
    )
    return Sem(
        identifier=id, label=label, container=True, content=stack([text(label, "label"), line], gap="xs")
    )
