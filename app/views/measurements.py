"""Home measurements: an overview, and one kind over time (row E11)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import flet as ft

from app.components import (
    Screen,
    Sem,
    badge,
    button,
    card_button,
    component,
    dialog,
    disclosure,
    icon_button,
    resource_view,
    row,
    section,
    stack,
    text,
    use_cramped,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import joined, large, panel, plain
from app.components.theme import SPACE
from app.domain.measurements import SPECS, MeasureKind, Reading, Spec, trend_of, valid
from app.platform.window import go
from app.stores.base import Action, Resource
from app.stores.measurements import Readings
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.parts import Pages
from app.views.pictures import curve
from app.views.support import cards, facing, freshness, keyed, missing
from app.views.trend import TrendView

ICONS: dict[MeasureKind, Any] = {
    MeasureKind.BLOOD_PRESSURE: ft.Icons.MONITOR_HEART_OUTLINED,
    MeasureKind.PULSE: ft.Icons.FAVORITE_OUTLINE,
    MeasureKind.WEIGHT: ft.Icons.MONITOR_WEIGHT_OUTLINED,
    MeasureKind.GLUCOSE: ft.Icons.BLOODTYPE_OUTLINED,
    MeasureKind.TEMPERATURE: ft.Icons.THERMOSTAT_OUTLINED,
    MeasureKind.OXYGEN: ft.Icons.AIR,
    MeasureKind.PEAK_FLOW: ft.Icons.WIND_POWER_OUTLINED,
    MeasureKind.PAIN: ft.Icons.SENTIMENT_DISSATISFIED_OUTLINED,
    MeasureKind.SLEEP: ft.Icons.BEDTIME_OUTLINED,
    MeasureKind.WAIST: ft.Icons.STRAIGHTEN,
}


def words_of(reading: Reading) -> str:
    """ "128/82 mmHg"."""
    return in_unit(SPECS[reading.kind], reading.values)


def in_unit(spec: Spec, values: Sequence[Decimal]) -> str:
    """The same for values that nothing has been made of yet."""
    return f"{'/'.join(map(use_format().exactly, values))} {spec.unit}"


def unit_of(kind: MeasureKind) -> str:
    """What a number is of, beside the name of its field: a rating says between what it lies."""
    unit = SPECS[kind].unit
    return f"0–{unit.removeprefix('/ ')}" if unit.startswith("/ ") else unit


def time_of(reading: Reading) -> str:
    """Day and time."""
    formats = use_format()
    return f"{formats.date(formats.local(reading.at).date())} {formats.time(reading.at)}"


@component
def MeasurementsScreen(stores: Stores, own: Own) -> ft.Control:
    """``/measurements``: one card for each kind, with the newest value."""
    t = use_text()
    own.measurements.look()
    summary = button(
        "measurements.summary",
        t("measurements.summary"),
        lambda: go("/measurements/summary"),
        "secondary",
        ft.Icons.SUMMARIZE_OUTLINED,
    )
    return Screen(
        "measurements",
        t("measurements.title"),
        [
            text(t("measurements.lead"), "lead"),
            row([summary]),
            Overview(own, own.measurements.readings),
            text(t("measurements.not_watched"), "muted"),
        ],
        back="/record",
        wide=True,
    )


@component
def Overview(own: Own, readings: Resource[Readings]) -> ft.Control:
    """All kinds; those that are measured first."""
    shown = resource_view(readings, lambda value: cards(_kinds(value)), id="measurements.list")
    return stack([freshness(readings), shown], gap="s")


def _kinds(readings: Readings) -> list[ft.Control]:
    newest = [(kind, next(iter(valid(readings, kind)), None)) for kind in MeasureKind]
    ordered = sorted(newest, key=lambda pair: pair[1] is None)
    return [_kind(kind, last) for kind, last in ordered]


def _kind(kind: MeasureKind, last: Reading | None) -> ft.Control:
    t, formats = use_text(), use_format()
    lines = (
        [f"{words_of(last)} · {formats.age(last.at, use_ui().now())}"]
        if last
        else [t("measurements.none_yet")]
    )
    return card_button(
        f"measurements.kind.{kind.value}",
        t(f"measurements.kind.{kind.value}"),
        lines,
        lambda: go(f"/measurements/{kind.value}" if last else f"/measurements/{kind.value}/add"),
        icon=ICONS[kind],
    )


@component
def MeasureScreen(stores: Stores, own: Own, kind: str) -> ft.Control:
    """``/measurements/<kind>``."""
    t = use_text()
    own.measurements.look()
    known = next((one for one in MeasureKind if one.value == kind), None)
    if known is None:
        return Screen(
            "measurement",
            t("measurements.title"),
            missing(t("record.not_found")),
            back="/measurements",
        )
    add = button(
        "measurements.add", t("measurements.add"), lambda: go(f"/measurements/{kind}/add"), icon=ft.Icons.ADD
    )
    shown = History(own, own.measurements.readings, known)
    return Screen(
        "measurement", t(f"measurements.kind.{kind}"), [row([add]), shown], back="/measurements", wide=True
    )


@component
def History(own: Own, readings: Resource[Readings], kind: MeasureKind) -> ft.Control:
    """The trend of each field, and every reading."""
    listed = resource_view(
        readings,
        lambda value: _history(own, value, kind),
        empty=_none(),
        id="measurements.list",
    )
    return stack([listed, freshness(readings)])


def _none() -> ft.Control:
    """A picture, and what to do for something to be here."""
    return stack([curve(), text(use_text()("measurements.empty"), "muted")], gap="s")


def _history(own: Own, readings: Readings, kind: MeasureKind) -> ft.Control:
    t, spec = use_text(), SPECS[kind]
    counted = valid(readings, kind)
    if not counted:
        return stack([_none(), Deleted(own, readings, kind)])
    trends = []
    for place, field in enumerate(spec.fields):
        many = len(spec.fields) > 1
        name = t(f"measurements.field.{field.name}" if many else f"measurements.kind.{kind.value}")
        title = name if many else t("record.trend.title")
        trends.append(section(title, [TrendView(trend_of(readings, kind, place), name)]))
    rows = Pages("measurements.more", counted, lambda one: _reading(own, one), "record.more")
    listed = section(t("measurements.all"), [rows])
    return facing([_newest(counted[0])], [*trends, listed, Deleted(own, readings, kind)])


def _newest(reading: Reading) -> ft.Control:
    """The newest value, large: what one comes to look at."""
    title = use_text()("measurements.newest")
    shown = [
        plain(title, "muted"),
        large(joined(words_of(reading))),
        plain(time_of(reading), "muted"),
    ]
    said = f"{title}: {words_of(reading)}, {time_of(reading)}"
    words = Sem(container=True, label=said, exclude_semantics=True, content=stack(shown, gap="xs"))
    return panel(words)


def _reading(own: Own, reading: Reading) -> ft.Control:
    return keyed(reading.id, ReadingRow(own, reading, own.measurements.remove))


@component
def ReadingRow(own: Own, reading: Reading, remove: Action[Any]) -> ft.Control:
    """One reading, its history, and what can be done with it."""
    t = use_text()
    asking, ask = ft.use_state(False)
    ft.use_dialog(_sure(own, reading, lambda: ask(False)) if asking else None)
    named = {"value": words_of(reading), "time": time_of(reading)}
    words: list[ft.Control] = [text(words_of(reading), "strong"), text(time_of(reading), "muted")]
    if reading.refused:
        words.append(badge("error", t("measurements.refused"), ft.Icons.ERROR_OUTLINE))
    elif reading.waiting:
        words.append(badge("info", t("measurements.waiting"), ft.Icons.SCHEDULE))
    words += [text(_was(one), "small") for one in reading.earlier]
    actions = [
        icon_button(
            "measurements.edit",
            ft.Icons.EDIT_OUTLINED,
            t("measurements.edit", **named),
            lambda: go(f"/measurements/{reading.kind.value}/edit/{reading.id}"),
        ),
        icon_button(
            "measurements.delete",
            ft.Icons.DELETE_OUTLINE,
            t("measurements.delete", **named),
            lambda: ask(True),
        ),
    ]
    told = stack(words, gap="xs")
    if use_cramped():
        return panel(stack([told, row(actions, gap="xs")], gap="xs"), padding=SPACE["sm"])
    beside = [ft.Container(told, expand=True), *actions]
    return panel(row(beside, gap="xs", wrap=False), padding=SPACE["sm"])


def _was(earlier: Any) -> str:
    t, formats = use_text(), use_format()
    day = formats.date(formats.local(earlier.at).date()) if earlier.at else ""
    return str(t("measurements.was", value=earlier.text, day=day))


def _sure(own: Own, reading: Reading, close: Any) -> ft.AlertDialog:
    t = use_text()

    async def delete() -> None:
        close()
        await own.measurements.remove.run(reading)

    actions = [
        button("measurements.delete-sure", t("common.delete"), delete, "danger"),
        button("measurements.keep", t("common.cancel"), close, "quiet"),
    ]
    lines = [text(f"{words_of(reading)}, {time_of(reading)}", "label"), text(t("measurements.delete_what"))]
    return dialog("measurements.delete-dialog", t("measurements.delete_sure"), lines, actions, close)


@component
def Deleted(own: Own, readings: Readings, kind: MeasureKind) -> ft.Control:
    """What was taken back stays to be seen."""
    t = use_text()
    opened, set_opened = ft.use_state(False)
    gone = [one for one in readings if one.kind is kind and one.deleted]
    if not gone:
        return ft.Container(visible=False)
    rows = [text(f"{words_of(one)}, {time_of(one)}", "muted") for one in gone[:40]]
    return disclosure(
        "measurements.deleted",
        t("measurements.deleted", n=len(gone)),
        opened,
        lambda: set_opened(not opened),
        rows,
    )
