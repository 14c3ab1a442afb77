"""Writing a measurement down, and mending one (row E11)."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import flet as ft

from app.components import (
    Screen,
    action_notice,
    button,
    component,
    date_field,
    notice,
    row,
    stack,
    text,
    text_field,
    time_field,
    use_format,
    use_text,
    use_ui,
)
from app.components.dates import FIRST, LAST
from app.domain.measurements import (
    SPECS,
    Doubt,
    Field,
    MeasureKind,
    Reading,
    Spec,
    doubts,
    number,
    rounded,
    too_big,
)
from app.platform.window import go
from app.stores.base import Action, Resource
from app.stores.measurements import Readings
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.measurements import in_unit, unit_of, words_of
from app.views.parts import forget
from app.views.support import missing

KEYPAD = ft.KeyboardType.NUMBER


@component
def AddScreen(stores: Stores, own: Own, kind: str, id: str = "") -> ft.Control:
    """``/measurements/<kind>/add`` and ``/measurements/<kind>/edit/<id>``."""
    own.measurements.look()
    return Adding(own, own.measurements.readings, kind, id)


@component
def Adding(own: Own, readings: Resource[Readings], kind: str, id: str) -> ft.Control:
    """The form, once it is known what is to be changed."""
    t = use_text()
    known = next((one for one in MeasureKind if one.value == kind), None)
    reading = next((one for one in readings.value or () if one.id == id), None)
    if known is None or (id and reading is None):
        gone = missing(t("record.not_found"), readings if known is not None else None)
        return Screen("measurements.form", t("measurements.title"), gone, back="/measurements")
    title = t("measurements.edit_title") if reading else t(f"measurements.kind.{kind}")
    save = own.measurements.change if reading else own.measurements.save
    form = Form(own, known, reading, save)
    return Screen("measurements.form", title, [form], back=f"/measurements/{kind}")


@component
def Form(own: Own, kind: MeasureKind, reading: Reading | None, save: Action[Any]) -> ft.Control:
    """At most two numbers, and when. What is unusual is asked about once, and never refused."""
    formats, spec, now = use_format(), SPECS[kind], use_ui().now
    begin = formats.local(reading.at if reading else now())
    first = tuple(map(formats.typed, reading.values)) if reading else ("",) * len(spec.fields)
    written, write = ft.use_state(first)
    day, set_day = ft.use_state(begin.date())
    clock, set_clock = ft.use_state(begin.time().replace(second=0, microsecond=0))
    wrong, set_wrong = ft.use_state(False)
    asked: tuple[Doubt, ...]
    asked, set_asked = ft.use_state(tuple[Doubt, ...]())
    ft.use_effect(lambda: forget(save), [])
    last = None if reading else own.measurements.last(kind)
    was = words_of(reading) if reading else ""

    def change(place: int, words: str) -> None:
        write(tuple(words if place == other else kept for other, kept in enumerate(written)))
        set_asked(())

    async def keep() -> None:
        values = tuple(value for words in written if (value := number(words)) is not None)
        set_wrong(len(values) < len(spec.fields) or not _in_calendar(day) or clock is None)
        if len(values) < len(spec.fields) or day is None or not _in_calendar(day) or clock is None:
            return
        at = datetime.combine(day, clock, ZoneInfo(formats.timezone))
        found = doubts(spec, values, at, now(), last)
        if any(map(rounded, written)):
            found = (*found, Doubt.ROUNDED)
        if not set(found) <= set(asked):
            set_asked(found)
        elif reading:
            await save.run(reading, values, at, was)
        else:
            await save.run(kind, values, at)

    if save.status.name in ("WAITING", "DONE"):
        return _saved(kind)
    fields = [
        _field(spec, field, place, written[place], change, wrong) for place, field in enumerate(spec.fields)
    ]
    again = [_repeat(last, write)] if last else []
    ask = _doubted(spec, written, asked) if asked else None
    return stack([*fields, *again, *_when(day, set_day, clock, set_clock, wrong), *_end(save, ask, keep)])


def _repeat(last: Reading, write: Any) -> ft.Control:
    words, typed = use_text()("measurements.repeat", value=words_of(last)), use_format().typed
    return button(
        "measurements.repeat", words, lambda: write(tuple(map(typed, last.values))), "quiet", ft.Icons.REPLAY
    )


def _in_calendar(day: date | None) -> bool:
    """Whether it is a day that everybody's systems know."""
    return day is not None and FIRST <= day <= LAST


def _when(day: Any, set_day: Any, clock: Any, set_clock: Any, wrong: bool) -> list[ft.Control]:
    t = use_text()
    missing = t("measurements.day_missing")
    no_day = missing if day is None else t("measurements.day_wrong")
    return [
        date_field(
            "measurements.day",
            t("measurements.day"),
            day,
            set_day,
            error=no_day if wrong and not _in_calendar(day) else "",
        ),
        time_field(
            "measurements.time",
            t("measurements.time"),
            clock,
            set_clock,
            error=missing if wrong and clock is None else "",
        ),
    ]


def _end(save: Action[Any], asked: ft.Control | None, keep: Any) -> list[ft.Control]:
    """What is asked about, the button, and what went wrong."""
    t = use_text()
    words = t("measurements.save_anyway" if asked else "common.save")
    failed = action_notice(save) if save.status.name == "FAILED" else None
    done = row([button("measurements.save", words, keep, busy=save.status.name == "RUNNING")])
    return [*([asked] if asked else []), done, *([failed] if failed else [])]


def _field(spec: Spec, field: Field, place: int, words: str, change: Any, wrong: bool) -> ft.Control:
    t = use_text()
    name = (
        t(f"measurements.field.{field.name}")
        if len(spec.fields) > 1
        else t(f"measurements.kind.{spec.kind.value}")
    )
    hint = t(f"measurements.hint.{spec.kind.value}") if place == 0 else ""
    mistake = t("measurements.too_big" if too_big(words) else "measurements.not_a_number")
    error = mistake if wrong and number(words) is None else ""
    return text_field(
        f"measurements.{field.name}",
        f"{name} ({unit_of(spec.kind)})",
        words,
        lambda new: change(place, new),
        hint,
        error,
        autofocus=place == 0,
        keyboard=KEYPAD,
    )


def _doubted(spec: Spec, written: tuple[str, ...], found: tuple[Doubt, ...]) -> ft.Control:
    """It asks, and says what would be kept; the resident decides."""
    t = use_text()
    lines = [t(f"measurements.doubt.{doubt.value}") for doubt in found]
    if found == (Doubt.FUTURE,):
        return notice("warning", t("measurements.doubt.title_time"), lines, id="measurements.doubt")
    values = tuple(value for words in written if (value := number(words)) is not None)
    title = t("measurements.doubt.title", value=in_unit(spec, values))
    return notice("warning", title, [*lines, t("measurements.doubt.urgent")], id="measurements.doubt")


def _saved(kind: MeasureKind) -> ft.Control:
    t = use_text()
    actions = [
        button(
            "measurements.done", t("measurements.see"), lambda: go(f"/measurements/{kind.value}"), "secondary"
        ),
        button("measurements.others", t("measurements.others"), lambda: go("/measurements"), "quiet"),
    ]
    return stack(
        [
            notice(
                "success",
                t("measurements.saved"),
                [t("measurements.saved_how")],
                actions,
                id="measurements.saved",
            ),
            text(t("measurements.not_watched"), "muted"),
        ]
    )
