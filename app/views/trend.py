"""The same measurement over time: a sentence, a chart with its usual range, and a table that says the same (row E2)."""

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
    use_format,
    use_look,
    use_text,
)
from app.components.layout import plain
from app.components.theme import ROOMY, SPACE, Look
from app.domain.results import Flag, Limits
from app.domain.trends import Direction, Point, Trend
from app.views.record_words import FLAGS, amount_of

HEIGHT = 240
DIGIT = 0.62  # how wide a digit is, as a part of the size of the text
PAGE = 40  # rows of the table that are drawn at once
SHOWN = 60  # points: more than that nobody can tell apart on a phone
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
    """Lowest and highest of the values that are exact."""
    t, formats = use_text(), use_format()
    values = [point.value for point in trend.points if point.exact]
    if len(values) < 2:
        return ""
    low, high = formats.exactly(min(values)), formats.exactly(max(values))
    return str(t("record.trend.span", low=low, high=high, unit=trend.unit))


@component
def TrendView(trend: Trend, name: str) -> ft.Control:
    """Everything about the trend of ``name``. Units that cannot be converted stand apart, never on one axis."""
    t = use_text()
    parts: list[ft.Control] = [text(sentence(trend), "strong", id="record.trend.sentence")]
    if len(trend.points) > 1:
        parts += [_chart(trend, name), text(span(trend), "muted")]
    if trend.converted:
        parts.append(text(t("record.trend.converted", unit=trend.unit), "muted", id="record.trend.converted"))
    parts.append(Table(trend))
    for other in trend.others:
        parts.append(
            section(t("record.trend.other_unit", unit=other.unit), [TrendView(other, name)], level=3)
            if len(other.points) > 1
            else stack([text(t("record.trend.other_unit", unit=other.unit), "label"), Table(other)], gap="xs")
        )
    return stack(parts, gap="sm", id="record.trend")


@component
def Table(trend: Trend) -> ft.Control:
    """The values as a table, newest first; opened by a button, for the chart is for the eye."""
    t = use_text()
    opened, set_opened = ft.use_state(len(trend.points) <= 6)
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
    heads = [t("record.trend.day"), t("record.trend.value")]
    columns = [
        ft.DataColumn(label=plain(words, "label"), numeric=place > 0) for place, words in enumerate(heads)
    ]
    table = ft.DataTable(
        columns=columns,
        rows=[_row(point, trend) for point in rows],
        horizontal_margin=0,
        column_spacing=SPACE["m"],
        heading_row_height=48 * look.scale,
        data_row_min_height=44,
        data_row_max_height=float("inf"),
        horizontal_lines=ft.BorderSide(look.border, look.colours.outline_soft),
    )
    return ft.Row([ft.Container(table, expand=True)])


def _row(point: Point, trend: Trend) -> ft.DataRow:
    """Day, value, and what is to be known of it."""
    t, formats = use_text(), use_format()
    day = formats.date(formats.local(point.at).date())
    value = f"{_SIGNS.get(point.comparator, '')}{formats.exactly(point.value)} {trend.unit}".strip()
    flag = (
        t(f"record.flag.{point.flag.value}") if point.flag in FLAGS and point.flag is not Flag.NORMAL else ""
    )
    was = t("record.trend.was", value=amount_of(point.original)) if point.original else ""
    below = " · ".join(part for part in (flag, was) if part)
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


def _chart(trend: Trend, name: str) -> ft.Control:
    """The line for the eye; screen readers get its sentence, and the table below."""
    label = f"{name}. {sentence(trend)} {span(trend)}"
    shown = stack([_drawn(trend), _ends(trend.points[-SHOWN:])], gap="xs")
    return Sem(image=True, label=label, container=True, exclude_semantics=True, content=shown)


def _ends(points: tuple[Point, ...]) -> ft.Control:
    """The first and the last day below the line; as words beside each other they have room at any size of text."""
    formats = use_format()
    days: list[ft.Control] = [
        plain(formats.date(formats.local(one.at).date()), "small") for one in (points[0], points[-1])
    ]
    return ft.Row(days, alignment=ft.MainAxisAlignment.SPACE_BETWEEN, wrap=True, spacing=SPACE["m"])


def _drawn(trend: Trend) -> ft.Control:
    import flet_charts as charts  # not needed before somebody looks at a trend

    look, colours = use_look(), use_look().colours
    points = trend.points[-SHOWN:]
    low, high, step = _reach(points, trend.limits)
    begin = points[0].at
    line = charts.LineChartData(
        points=[_point(charts, look, point, begin, trend.unit) for point in points],
        color=colours.primary,
        stroke_width=3,
        rounded_stroke_cap=True,
    )
    chart = charts.LineChart(
        data_series=[*_band(charts, look, trend.limits, (low, high), _days(points[-1].at, begin)), line],
        min_y=low,
        max_y=high,
        min_x=0,
        max_x=max(_days(points[-1].at, begin), 1),
        animation=ft.Animation(0),
        border=ft.Border(bottom=ft.BorderSide(1, colours.outline), left=ft.BorderSide(1, colours.outline)),
        horizontal_grid_lines=charts.ChartGridLines(color=colours.outline_soft, width=1, interval=step),
        left_axis=_left(charts, look, (low, high, step)),
        tooltip=charts.LineChartTooltip(
            bgcolor=colours.text, fit_inside_horizontally=True, fit_inside_vertically=True
        ),
    )
    return ft.Container(chart, height=HEIGHT, padding=ft.Padding(0, SPACE["s"], SPACE["s"], 0))


def _point(charts: Any, look: Look, point: Point, begin: datetime, unit: str) -> Any:
    formats, colours = use_format(), look.colours
    odd = point.flag.abnormal
    shape = (
        charts.ChartSquarePoint(color=colours.error, size=9)
        if odd
        else charts.ChartCirclePoint(color=colours.primary, radius=4)
    )
    if not point.exact:
        shape = charts.ChartCrossPoint(color=colours.text_muted, size=10, width=2)
    words = f"{formats.date(formats.local(point.at).date())}\n{_SIGNS.get(point.comparator, '')}"
    return charts.LineChartDataPoint(
        _days(point.at, begin),
        float(point.value),
        point=shape,
        tooltip=charts.LineChartDataPointTooltip(
            text=f"{words}{formats.exactly(point.value)} {unit}",
            text_style=ft.TextStyle(color=colours.surface, size=look.size("small")),
        ),
    )


def _band(charts: Any, look: Look, limits: Limits, reach: tuple[float, float], width: float) -> list[Any]:
    """The usual range as a quiet band between two dashed lines."""
    low = reach[0] if limits.low is None else float(limits.low)
    high = reach[1] if limits.high is None else float(limits.high)
    if limits.low is None and limits.high is None:
        return []
    ends = [charts.LineChartDataPoint(x, high, show_tooltip=False) for x in (0, max(width, 1))]
    upper = charts.LineChartData(
        points=ends,
        color=look.colours.success if limits.high is not None else ft.Colors.TRANSPARENT,
        stroke_width=1.5,
        dash_pattern=[6, 4],
        below_line_bgcolor=ft.Colors.with_opacity(0.14, look.colours.success),
        below_line_cutoff_y=low,
    )
    lower = charts.LineChartData(
        points=[charts.LineChartDataPoint(x, low, show_tooltip=False) for x in (0, max(width, 1))],
        color=look.colours.success,
        stroke_width=1.5,
        dash_pattern=[6, 4],
    )
    return [upper, *([lower] if limits.low is not None else [])]


def _reach(points: tuple[Point, ...], limits: Limits) -> tuple[float, float, float]:
    """From a little below to a little above everything that is drawn, and the step between the lines: the axis has
    words only where a line is, so all three are round numbers."""
    values = [point.value for point in points] + [end for end in (limits.low, limits.high) if end is not None]
    low, high = min(values), max(values)
    step = _step((high - low) or abs(high) / 4 or Decimal(1))
    bottom, top = (low / step).to_integral_value(ROUND_FLOOR), (high / step).to_integral_value(ROUND_CEILING)
    bottom -= 1 if bottom * step == low and bottom > 0 else 0
    top += 1 if top * step == high else 0
    return float(bottom * step), float(top * step), float(step)


def _step(width: Decimal) -> Decimal:
    """1, 2 or 5 of some power of ten: about four lines."""
    rough = width / 4
    power = Decimal(10) ** rough.adjusted()
    return next(power * part for part in (1, 2, 5, 10) if power * part >= rough)


def _left(charts: Any, look: Look, reach: tuple[float, float, float]) -> Any:
    low, high, step = reach
    count = round((high - low) / step)
    every = 2 if look.scale > ROOMY and count > 3 else 1  # large words would touch each other
    marks = [round(low + step * turn, 6) for turn in range(0, count + 1, every)]
    words = [use_format().number(mark) for mark in marks]
    labels = [
        charts.ChartAxisLabel(value=mark, label=_small(look, word))
        for mark, word in zip(marks, words, strict=True)
    ]
    wide = max(map(len, words)) * look.size("small") * DIGIT + SPACE["s"]
    return charts.ChartAxis(labels=labels, label_size=wide, label_spacing=step)


def _small(look: Look, words: str) -> ft.Control:
    return ft.Text(words, style=look.style("small", colour="text_muted"), no_wrap=True)


def _days(at: datetime, begin: datetime) -> float:
    return round((at - begin).total_seconds() / 86_400, 3)
