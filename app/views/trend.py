"""The same measurement over time: a sentence, a chart with its usual range, and a table that says the same (row E2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import flet as ft

from app.components import (
    Sem,
    button,
    component,
    disclosure,
    section,
    stack,
    text,
    use_cramped,
    use_format,
    use_look,
    use_text,
)
from app.components.layout import plain
from app.components.theme import ROOMY, SPACE, Look
from app.domain.results import Flag, Limits
from app.domain.trends import Direction, Point, Trend
from app.views.record_words import FLAGS, STATES, amount_of, limits_of

HEIGHT = 240
DIGIT = 0.62  # how wide a digit is, as a part of the size of the text
PAGE = 40  # rows of the table that are drawn at once
SHOWN = 60  # points: more than that nobody can tell apart on a phone
MANY = 24  # points: from then on they are drawn small
BAND = 0.14  # how much of its colour the band of usual values has
DIGITS = 15  # of a value that a picture can show
_SIGNS = {"<": "< ", "<=": "≤ ", ">": "> ", ">=": "≥ "}


def sentence(trend: Trend) -> str:
    """What the last values did, in words."""
    t = use_text()
    if trend.direction is Direction.ONE:
        return str(t("record.trend.one"))
    if trend.direction is Direction.APART:
        return str(t("record.trend.apart"))
    return str(t(f"record.trend.{trend.direction.value}", n=trend.times))


def span(trend: Trend) -> str:
    """Lowest and highest of the values that are exact; nothing where they are the same."""
    t, formats = use_text(), use_format()
    values = [point.value for point in trend.points if point.exact]
    if not values or min(values) == max(values):
        return ""
    key = "span" if len(values) == len(trend.points) else "span_exact"
    high = f"{formats.exactly(max(values))} {trend.unit}".strip()
    return str(t(f"record.trend.{key}", low=formats.exactly(min(values)), high=high))


def _by_clock(points: Sequence[Point]) -> bool:
    """Whether two values are of the same day, so that their times must be told too."""
    local = use_format().local
    days = [local(point.at).date() for point in points if not point.day_only]
    return len(set(days)) < len(days)


def day_words(point: Point, clock: bool = False) -> str:
    """Its day, or as little as is known; with its time where ``clock``."""
    formats = use_format()
    if point.partial:
        return str(formats.partial(point.partial))
    day = formats.date(formats.local(point.at).date())
    return f"{day} {formats.time(point.at)}" if clock and not point.day_only else str(day)


@component
def TrendView(trend: Trend, name: str) -> ft.Control:
    """Everything about the trend of ``name``. Units that cannot be converted stand apart, never on one axis."""
    t = use_text()
    parts: list[ft.Control] = [text(sentence(trend), "strong", id="record.trend.sentence")]
    if len(trend.points) > 1:
        apart = trend.points[0].at != trend.points[-1].at  # of one moment there is nothing to draw
        parts += [*([_chart(trend, name)] if apart else []), *_about(trend)]
    parts.append(Table(trend))
    for other in trend.others:
        unit = t("record.trend.other_unit", unit=other.unit) if other.unit else t("record.trend.no_unit")
        parts.append(
            section(unit, [TrendView(other, name)], level=3)
            if len(other.points) > 1
            else stack([text(unit, "label"), Table(other)], gap="xs")
        )
    return stack(parts, gap="sm", id="record.trend")


def _about(trend: Trend) -> list[ft.Control]:
    """What must be known to read the picture rightly."""
    t, told = use_text(), []
    if words := span(trend):
        told.append(text(words, "muted"))
    if len(trend.points) > SHOWN:
        told.append(text(t("record.trend.newest", n=SHOWN), "muted", id="record.trend.newest"))
    if trend.limits_changed:
        told.append(text(t("record.trend.limits_changed"), "muted", id="record.trend.limits_changed"))
    if trend.converted:
        told.append(text(t("record.trend.converted", unit=trend.unit), "muted", id="record.trend.converted"))
    return told


@component
def Table(trend: Trend) -> ft.Control:
    """The values as a table, newest first; opened by a button, for the chart is for the eye."""
    t = use_text()
    opened, set_opened = ft.use_state(1 < len(trend.points) <= 6)
    shown, show = ft.use_state(PAGE)
    rows = trend.points[::-1]
    drawn: list[ft.Control] = [_table(rows[:shown], trend)]
    if left := max(len(rows) - shown, 0):
        words = t("record.more", n=left)
        drawn.append(
            button("record.trend.more", words, lambda: show(shown + PAGE), "secondary", ft.Icons.EXPAND_MORE)
        )
    return disclosure(
        "record.trend.table",
        t("record.trend.table", n=len(trend.points)),
        opened,
        lambda: set_opened(not opened),
        drawn,
    )


def _table(rows: tuple[Point, ...], trend: Trend) -> ft.Control:
    """Rows and columns for screen readers too: Flet's own table has their roles. Rows are as high as their words."""
    t, look = use_text(), use_look()
    clock = _by_clock(trend.points)
    heads = [t("record.trend.day"), t("record.trend.value")]
    columns = [
        ft.DataColumn(label=plain(words, "label"), numeric=place > 0) for place, words in enumerate(heads)
    ]
    table = ft.DataTable(
        columns=columns,
        rows=[_row(point, trend, clock) for point in rows],
        horizontal_margin=0,
        column_spacing=SPACE["m"],
        heading_row_height=48 * look.scale,
        data_row_min_height=44,
        data_row_max_height=float("inf"),
        horizontal_lines=ft.BorderSide(look.border, look.colours.outline_soft),
    )
    return ft.Row([ft.Container(table, expand=True)])


def _row(point: Point, trend: Trend, clock: bool) -> ft.DataRow:
    """Day, value, and what is to be known of it."""
    day = day_words(point, clock)
    value = f"{_SIGNS.get(point.comparator, '')}{use_format().exactly(point.value)} {trend.unit}".strip()
    below = " · ".join(part for part in _notes(point, trend) if part)
    right: list[ft.Control] = [plain(value, "label"), *([plain(below, "small")] if below else [])]
    said = ft.Column(
        right,
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.END,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    cells = [plain(day, "muted"), ft.Container(said, padding=ft.Padding(0, SPACE["s"], 0, SPACE["s"]))]
    return ft.DataRow(cells=[ft.DataCell(cell) for cell in cells], key=point.key or f"{day} {value}")


def _notes(point: Point, trend: Trend) -> list[str]:
    """Whether it is usual, by which limits when those were others, where it stands, and as what it was given."""
    t = use_text()
    odd = point.flag in FLAGS and point.flag is not Flag.NORMAL
    limits = "" if trend.has_newest_limits(point) else _limits(point.limits, trend)
    return [
        t(f"record.flag.{point.flag.value}") if odd else "",
        t("record.limits", limits=limits) if limits else "",
        t(f"record.state.{point.state.value}") if point.state in STATES else "",
        t("record.trend.was", value=amount_of(point.original)) if point.original else "",
    ]


def _chart(trend: Trend, name: str) -> ft.Control:
    """The line for the eye; screen readers get its sentence, and the table below."""
    points, look = trend.points[-SHOWN:], use_look()
    reach = _reach(points, trend.limits)
    label = f"{name}. {sentence(trend)} {span(trend)}"
    unit = [plain(trend.unit, "small")] if trend.unit else []
    drawn = [*unit, _drawn(trend, points, reach), _ends(points, _margin(look, reach)), _legend(trend, points)]
    return Sem(
        image=True, label=label, container=True, exclude_semantics=True, content=stack(drawn, gap="xs")
    )


def _ends(points: tuple[Point, ...], margin: float) -> ft.Control:
    """The first and the last day below the line; as words beside each other they have room at any size of text."""
    clock = _by_clock((points[0], points[-1]))
    days: list[ft.Control] = [plain(day_words(one, clock), "small") for one in (points[0], points[-1])]
    row = ft.Row(days, alignment=ft.MainAxisAlignment.SPACE_BETWEEN, wrap=True, spacing=SPACE["m"])
    return ft.Container(row, padding=ft.Padding(0 if use_cramped() else margin, 0, 0, 0))


def _legend(trend: Trend, points: tuple[Point, ...]) -> ft.Control:
    """What the band and the marks of the picture stand for, in words; only what is in it."""
    t, colours, limits = use_text(), use_look().colours, _limits(trend.limits, trend)
    told: list[ft.Control] = []
    if limits and (trend.limits.low is not None or trend.limits.high is not None):
        ground = ft.Colors.with_opacity(BAND, colours.success)
        edge = ft.BorderSide(1.5, colours.success)
        band = ft.Container(width=20, height=14, bgcolor=ground, border=ft.Border(top=edge, bottom=edge))
        told.append(_key(band, t("record.limits", limits=limits)))
    if any(point.flag.abnormal and point.exact for point in points):
        odd = ft.Container(width=10, height=10, bgcolor=colours.error)
        told.append(_key(odd, t("record.trend.mark.odd")))
    if any(not point.exact for point in points):
        cross = ft.Icon(ft.Icons.CLOSE, size=16, color=colours.text_muted)
        told.append(_key(cross, t("record.trend.mark.inexact")))
    return ft.Row(told, wrap=True, spacing=SPACE["m"], run_spacing=SPACE["xs"], visible=bool(told))


def _limits(limits: Limits, trend: Trend) -> str:
    """Limits in the unit of the trend as it is written for people ("µmol/l", not "umol/L")."""
    ends = limits.low is not None or limits.high is not None
    return limits_of(limits.model_copy(update={"unit": trend.unit}) if ends else limits)


def _key(mark: ft.Control, words: str) -> ft.Control:
    placed = ft.Container(mark, width=20, alignment=ft.Alignment.CENTER)
    said = ft.Container(plain(words, "small"), expand=True, expand_loose=True)
    return ft.Row([placed, said], spacing=SPACE["s"], tight=True)


@dataclass(frozen=True)
class Reach:
    """What the upright axis spans: from ``low`` in ``count`` steps. The chart is drawn in steps, so that its numbers
    are small and whole whatever the size of the values."""

    low: Decimal
    step: Decimal
    count: int

    def y(self, value: Decimal) -> float:
        """Where a value is drawn."""
        return float((value - self.low) / self.step)

    def mark(self, turn: int) -> Decimal:
        """The value at a line, with as many decimals as the step has."""
        exponent = self.step.normalize().as_tuple().exponent
        places = min(exponent, 0) if isinstance(exponent, int) else 0
        value = self.low + self.step * turn
        return value.quantize(Decimal(1).scaleb(places)) if value.adjusted() < DIGITS else value


def _drawn(trend: Trend, points: tuple[Point, ...], reach: Reach) -> ft.Control:
    import flet_charts as charts  # not needed before somebody looks at a trend

    look, colours, begin = use_look(), use_look().colours, points[0].at
    width = _days(points[-1].at, begin) or 1
    clock = _by_clock(trend.points)
    line = charts.LineChartData(
        points=[
            _point(charts, look, point, (reach, begin, clock), trend.unit, _dot(points)) for point in points
        ],
        color=colours.primary,
        stroke_width=3,
        rounded_stroke_cap=True,
    )
    chart = charts.LineChart(
        data_series=[*_band(charts, look, trend.limits, reach, width), line],
        min_y=0,
        max_y=reach.count,
        min_x=0,
        max_x=width,
        animation=ft.Animation(0),
        border=ft.Border(bottom=ft.BorderSide(1, colours.outline), left=ft.BorderSide(1, colours.outline)),
        horizontal_grid_lines=charts.ChartGridLines(color=colours.outline_soft, width=1, interval=1),
        left_axis=_left(charts, look, reach),
        tooltip=charts.LineChartTooltip(
            bgcolor=colours.text, fit_inside_horizontally=True, fit_inside_vertically=True
        ),
    )
    return ft.Container(chart, height=HEIGHT, padding=ft.Padding(0, SPACE["s"], SPACE["s"], 0))


def _dot(points: tuple[Point, ...]) -> float:
    """How large the point of a value is: many of them would hide their line."""
    return 4 if len(points) <= MANY else 2.5


def _point(
    charts: Any, look: Look, point: Point, where: tuple[Reach, datetime, bool], unit: str, dot: float
) -> Any:
    formats, colours, (reach, begin, clock) = use_format(), look.colours, where
    odd = point.flag.abnormal
    shape = (
        charts.ChartSquarePoint(color=colours.error, size=2 * dot + 1)
        if odd
        else charts.ChartCirclePoint(color=colours.primary, radius=dot)
    )
    if not point.exact:
        shape = charts.ChartCrossPoint(color=colours.text_muted, size=10, width=2)
    words = f"{day_words(point, clock)}\n{_SIGNS.get(point.comparator, '')}"
    return charts.LineChartDataPoint(
        _days(point.at, begin),
        reach.y(point.value),
        point=shape,
        tooltip=charts.LineChartDataPointTooltip(
            text=f"{words}{formats.exactly(point.value)} {unit}".strip(),
            text_style=ft.TextStyle(color=colours.surface, size=look.size("small")),
        ),
    )


def _band(charts: Any, look: Look, limits: Limits, reach: Reach, width: float) -> list[Any]:
    """The usual range as a quiet band between two dashed lines."""
    if limits.low is None and limits.high is None:
        return []
    low = 0.0 if limits.low is None else reach.y(limits.low)
    high = float(reach.count) if limits.high is None else reach.y(limits.high)
    ends = [charts.LineChartDataPoint(x, high, show_tooltip=False) for x in (0, width)]
    upper = charts.LineChartData(
        points=ends,
        color=look.colours.success if limits.high is not None else ft.Colors.TRANSPARENT,
        stroke_width=1.5,
        dash_pattern=[6, 4],
        below_line_bgcolor=ft.Colors.with_opacity(BAND, look.colours.success),
        below_line_cutoff_y=low,
    )
    lower = charts.LineChartData(
        points=[charts.LineChartDataPoint(x, low, show_tooltip=False) for x in (0, width)],
        color=look.colours.success,
        stroke_width=1.5,
        dash_pattern=[6, 4],
    )
    return [upper, *([lower] if limits.low is not None else [])]


def _reach(points: tuple[Point, ...], limits: Limits) -> Reach:
    """From a little below to a little above everything that is drawn; the axis has words only where a line is, so
    its ends and its step are round numbers."""
    values = [point.value for point in points] + [end for end in (limits.low, limits.high) if end is not None]
    low, high = min(values), max(values)
    least = max(abs(low), abs(high)).scaleb(-DIGITS)  # what differs less than that cannot be told apart
    step = _step(max(high - low, least) if high > low else abs(high) / 4 or Decimal(1))
    bottom, top = (low / step).to_integral_value(ROUND_FLOOR), (high / step).to_integral_value(ROUND_CEILING)
    bottom -= 1 if bottom * step == low and bottom > 0 else 0
    top += 1 if top * step == high else 0
    return Reach(bottom * step, step, max(int(top - bottom), 1))


def _step(width: Decimal) -> Decimal:
    """1, 2 or 5 of some power of ten: about four lines."""
    rough = width / 4
    power = Decimal(10) ** rough.adjusted()
    return next(power * part for part in (1, 2, 5, 10) if power * part >= rough)


def _left(charts: Any, look: Look, reach: Reach) -> Any:
    every = 2 if look.scale > ROOMY and reach.count > 3 else 1  # large words would touch each other
    turns = range(0, reach.count + 1, every)
    words = [use_format().exactly(reach.mark(turn)) for turn in turns]
    labels = [
        charts.ChartAxisLabel(value=turn, label=_small(look, word))
        for turn, word in zip(turns, words, strict=True)
    ]
    return charts.ChartAxis(labels=labels, label_size=_margin(look, reach), label_spacing=1)


def _margin(look: Look, reach: Reach) -> float:
    """How wide the numbers beside the upright axis are."""
    widest = max(len(use_format().exactly(reach.mark(turn))) for turn in range(reach.count + 1))
    return widest * look.size("small") * DIGIT + SPACE["s"]


def _small(look: Look, words: str) -> ft.Control:
    return ft.Text(words, style=look.style("small", colour="text_muted"), no_wrap=True)


def _days(at: datetime, begin: datetime) -> float:
    return round((at - begin).total_seconds() / 86_400, 6)
