"""One page for the professional: lowest, middle and highest of what was measured, also as PDF and CSV (row E11)."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import flet as ft

from app.components import (
    Screen,
    Sem,
    button,
    component,
    radio_group,
    resource_view,
    row,
    section,
    stack,
    text,
    use_format,
    use_look,
    use_narrow,
    use_text,
    use_ui,
)
from app.components.layout import plain
from app.components.theme import ROOMY, SPACE
from app.domain.measurements import SPECS, MeasureKind, Reading, Summary, valid
from app.platform.files import save_file
from app.platform.pdf import Block, Table, document
from app.stores.base import Resource
from app.stores.measurements import Readings
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.export import lacking
from app.views.measurements import time_of, unit_of, words_of
from app.views.parts import ruled

PERIODS = (("14", 14), ("30", 30), ("90", 90), ("365", 365))
LISTED = 60  # readings of a kind that fit the page a professional has time for


@component
def SummaryScreen(stores: Stores, own: Own) -> ft.Control:
    """``/measurements/summary``."""
    t = use_text()
    own.measurements.look()
    return Screen(
        "measurements.summary",
        t("measurements.summary"),
        [text(t("measurements.summary.lead"), "lead"), Told(own, own.measurements.readings)],
        back="/measurements",
    )


@component
def Told(own: Own, readings: Resource[Readings]) -> ft.Control:
    """For a time of choice."""
    t = use_text()
    days, set_days = ft.use_state("30")
    choice = radio_group(
        "measurements.period",
        t("measurements.period"),
        [(key, t(f"measurements.period.{key}")) for key, _ in PERIODS],
        days,
        set_days,
        beside=True,
    )
    shown = resource_view(readings, lambda _: _summed(own, int(days)), id="measurements.list")
    return stack([choice, shown], gap="l")


def _summed(own: Own, days: int) -> ft.Control:
    t = use_text()
    since = use_ui().now() - timedelta(days=days)
    told = own.measurements.summaries(since)
    if not told:
        return text(t("measurements.summary.none"), "muted")
    readings = [one for one in own.measurements.readings.value or () if one.at >= since and not one.deleted]
    name = own.me.details.value.name if own.me.details.value else ""
    pdf, table = _pdf(name, told, readings, days), _csv(readings)

    title, language, unknown = t("measurements.summary"), t.language.partition("_")[0], lacking()

    async def save_pdf() -> None:
        await save_file("mittaukset.pdf", document(title, pdf, language, unknown))

    actions = [
        button("measurements.pdf", t("measurements.pdf"), save_pdf, icon=ft.Icons.PICTURE_AS_PDF_OUTLINED),
        button(
            "measurements.csv",
            t("measurements.csv"),
            lambda: save_file("mittaukset.csv", table),
            "secondary",
            ft.Icons.TABLE_VIEW_OUTLINED,
        ),
    ]
    return stack(
        [section(t("measurements.summary.values"), [ruled([_row(one) for one in told])]), row(actions)],
        gap="l",
    )


def name_of(summary: Summary) -> str:
    """What was measured."""
    t = use_text()
    kind = t(f"measurements.kind.{summary.kind.value}")
    field = t(f"measurements.field.{summary.field}")
    return kind if summary.field == "value" else f"{kind}, {field[:1].lower()}{field[1:]}"


def numbers_of(summary: Summary) -> tuple[str, str, str]:
    """Lowest, middle, highest."""
    formats = use_format()
    return (
        formats.exactly(summary.low),
        formats.number(float(summary.middle), 1),
        formats.exactly(summary.high),
    )


def _row(summary: Summary) -> ft.Control:
    t = use_text()
    low, middle, high = numbers_of(summary)
    words = t(
        "measurements.summary.row", low=low, middle=middle, high=high, unit=summary.unit, n=summary.count
    )
    numbers = zip(("low", "middle", "high"), (low, middle, high), strict=True)
    cells: list[ft.Control] = [_number(t(f"measurements.column.{one}"), value) for one, value in numbers]
    titled = f"{name_of(summary)} ({unit_of(summary.kind)})"
    shown = stack(
        [
            plain(titled, "label"),
            ft.ResponsiveRow(cells, spacing=SPACE["m"], run_spacing=SPACE["xs"]),
            plain(t("measurements.summary.count", n=summary.count), "small"),
        ],
        gap="xs",
    )
    return Sem(container=True, label=f"{name_of(summary)}: {words}", exclude_semantics=True, content=shown)


def _number(title: str, value: str) -> ft.Control:
    """One of three beside each other, or below each other where the text is large."""
    look = use_look()
    shown = stack([plain(title, "muted"), ft.Text(value, style=look.style("title", bold=True))], gap="xs")
    beside = 4 if look.scale <= ROOMY and not use_narrow() else 12
    return ft.Container(shown, col={"xs": beside})


def _pdf(name: str, told: tuple[Summary, ...], readings: list[Reading], days: int) -> list[Block | Table]:
    """The same as the screen, and the readings themselves."""
    t = use_text()
    head = tuple(
        t(f"measurements.column.{one}") for one in ("what", "count", "low", "middle", "high", "unit")
    )
    rows = [(name_of(one), str(one.count), *numbers_of(one), one.unit) for one in told]
    blocks: list[Block | Table] = [
        Block("title", t("measurements.summary")),
        Block("label", name),
        Block("text", t(f"measurements.period.{days}")),
        Table((head, *rows)),
    ]
    for kind in MeasureKind:
        listed = valid(readings, kind)[:LISTED]
        if listed:
            columns = (t("measurements.column.time"), t("measurements.column.value"))
            blocks += [
                Block("heading", t(f"measurements.kind.{kind.value}")),
                Table((columns, *((time_of(one), words_of(one)) for one in listed))),
            ]
    return [*blocks, Block("small", t("measurements.summary.home"))]


def _csv(readings: list[Reading]) -> bytes:
    """One line for each value; semicolons and a byte order mark, as Finnish spreadsheets expect."""
    formats, out = use_format(), StringIO()
    made: Any = csv.writer(out, delimiter=";", lineterminator="\r\n")
    made.writerow(("time", "loinc", "name", "value", "unit"))
    for one in readings:
        spec = SPECS[one.kind]
        for field, value in zip(spec.fields, one.values, strict=True):
            local = formats.local(one.at)
            made.writerow(
                (local.isoformat(timespec="minutes"), field.code, field.display, f"{value:f}", spec.ucum)
            )
    return ("\ufeff" + out.getvalue()).encode()
