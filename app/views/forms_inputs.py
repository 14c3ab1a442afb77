"""Where one question is answered: writing, numbers, dates, times, files."""

from collections.abc import Callable
from datetime import date
from typing import Any

import flet as ft

from app.components import (
    attachment_picker,
    component,
    icon_button,
    select,
    stack,
    text,
    text_field,
    use_format,
    use_text,
)
from app.components.attachments import FileRow
from app.components.dates import FIRST, LAST, calendar_button
from app.components.theme import SPACE
from app.forms.nodes import Node
from app.forms.values import is_date, number_from
from app.forms.written import from_words, quantity, to_words
from app.platform.files import pick_files
from app.stores.filler import Filler
from app.stores.filler_parts import Cell
from app.views.forms_words import Question

_KEYBOARDS = {
    "integer": ft.KeyboardType.NUMBER,
    "decimal": ft.KeyboardType.NUMBER,
    "quantity": ft.KeyboardType.NUMBER,
    "url": ft.KeyboardType.URL,
}


@component
def Line(filler: Filler, cell: Cell, asked: Question, turn: int) -> ft.Control:
    """A field to write one answer in. What is being written stays as it is written until the answer becomes another."""
    node = filler.filling.find(cell.number)
    words, set_words = ft.use_state("")
    if node is None:
        return ft.Container(visible=False)
    answer = node.answers[turn] if turn < len(node.answers) else None
    here = answer.value if answer else {}
    same = from_words(node.item, words, filler.filling.known.zone) == (here, answer.raw if answer else "")
    shown = words if same else (answer.raw if answer and answer.raw else to_words(here))

    def write(new: str) -> None:
        set_words(new)
        filler.write(node, new, turn)

    def draw() -> ft.Control:
        return text_field(
            asked.id,
            asked.label,
            shown,
            write,
            description=asked.description,
            error=asked.error,
            multiline=node.item.type == "text" or node.item.control == "text-area",
            max_length=node.item.limits.max_length if node.item.type in ("string", "text", "url") else None,
            required=asked.required,
            keyboard=_KEYBOARDS.get(node.item.type),
            key=f"{asked.id}:{cell.number}:{turn}",
        )

    if node.item.type == "date" and node.item.control not in ("year", "yearMonth"):
        return Pick(draw, asked.id, asked.label, here.get("valueDate", ""), write)
    if node.item.control in ("slider", "spinner"):
        return _with_steps(filler, node, asked.id, asked.label, draw())
    return draw()


@component
def Pick(
    draw: Callable[[], ft.Control], id: str, label: str, value: str, write: Callable[[str], Any]
) -> ft.Control:
    """A field for a date with a calendar beside it."""
    known = date.fromisoformat(value) if is_date(value) and len(value) == len("2026-12-24") else None
    return _beside(draw(), calendar_button(id, label, known, write, FIRST, LAST))


def _beside(field: ft.Control, *others: ft.Control) -> ft.Control:
    bottom = ft.CrossAxisAlignment.END
    return ft.Row([ft.Container(field, expand=True), *others], spacing=SPACE["s"], vertical_alignment=bottom)


def _with_steps(filler: Filler, node: Node, id: str, label: str, field: ft.Control) -> ft.Control:
    """A number between two buttons, with what the ends mean: what a slider is for those who cannot drag."""
    t, chain = use_text(), filler.filling.chain
    low, high = filler.filling.bounds(node)
    step = float(node.item.slider_step or 1)

    def move(by: float) -> None:
        given = number_from(to_words(node.values[0])) if node.values else None
        least = float(low) if isinstance(low, int | float) else 0.0
        now = float(given) + by if given is not None else least
        if isinstance(high, int | float):
            now = min(now, float(high))
        filler.write(node, f"{round(max(now, least), 6):g}".replace(".", ","))

    less = icon_button(
        f"{id}.less", ft.Icons.REMOVE_CIRCLE_OUTLINE, t("kit.less", label=label), lambda: move(-step)
    )
    more = icon_button(
        f"{id}.more", ft.Icons.ADD_CIRCLE_OUTLINE, t("kit.more", label=label), lambda: move(step)
    )
    ends = [_end(node, name, bound, chain) for name, bound in (("lower", low), ("upper", high))]
    told = [text(" · ".join(end for end in ends if end), "small")] if any(ends) else []
    return stack([_beside(field, less, more), *told], gap="s")


def _end(node: Node, name: str, bound: Any, chain: tuple[str, ...]) -> str:
    """What an end of the scale means: ``0 = En lainkaan``."""
    words = node.item.beside[name].say(chain) if name in node.item.beside else ""
    number = to_words({"value": bound}) if isinstance(bound, int | float) else ""
    return f"{number} = {words}" if words and number else words or number


@component
def Moment(filler: Filler, cell: Cell, asked: Question) -> ft.Control:
    """A date and, beside it, a time of day."""
    t = use_text()
    node = filler.filling.find(cell.number)
    words, set_words = ft.use_state("")
    if node is None:
        return ft.Container(visible=False)
    answer = node.answers[0] if node.answers else None
    same = from_words(node.item, words, filler.filling.known.zone) == (
        (answer.value, answer.raw) if answer else ({}, "")
    )
    shown = words if same else (answer.raw or to_words(answer.value) if answer else "")
    day, _, clock = shown.partition(" ")

    def write(new_day: str, new_clock: str) -> None:
        new = f"{new_day.replace(' ', '')} {new_clock.strip()}".rstrip()
        set_words(new)
        filler.write(node, new)

    hint = asked.description or t("kit.date-format")

    def write_day(new: str) -> None:
        write(new, clock)

    def draw() -> ft.Control:
        return text_field(asked.id, asked.label, day, write_day, hint, asked.error, required=asked.required)

    second = text_field(
        f"{asked.id}.time", t("forms.clock"), clock, lambda new: write(day, new), t("kit.time-format")
    )
    return stack([Pick(draw, asked.id, asked.label, day, write_day), second], gap="s")


@component
def Amount(filler: Filler, cell: Cell, asked: Question) -> ft.Control:
    """A number with its unit, or with units to choose from."""
    t = use_text()
    node = filler.filling.find(cell.number)
    if node is None:
        return ft.Container(visible=False)
    item = node.item
    line = Line(filler, cell, asked, 0, key=f"{asked.id}:amount")
    if len(item.units) < 2:
        return line
    given = node.values[0].get("valueQuantity", {}) if node.values else {}
    names = [str(one.get("display") or one.get("code") or "") for one in item.units]
    here = next(
        (name for name, one in zip(names, item.units, strict=True) if one.get("code") == given.get("code")),
        None,
    )

    def choose(name: str) -> None:
        value = given.get("value")
        filler.give(node, [quantity(item, value if value is not None else 0, item.units[names.index(name)])])

    unit = select(
        f"{asked.id}.unit", t("forms.unit"), [(name, name) for name in names], here or names[0], choose
    )
    return stack([line, unit], gap="s")


@component
def Files(filler: Filler, cell: Cell, asked: Question) -> ft.Control:
    """Files as answers."""
    t, formats = use_text(), use_format()
    node = filler.filling.find(cell.number)
    if node is None:
        return ft.Container(visible=False)
    given = [v["valueAttachment"] for v in node.values if isinstance(v.get("valueAttachment"), dict)]
    rows = [FileRow(str(one.get("title") or t("forms.file")), int(one.get("size") or 0)) for one in given]
    if cell.bad_file is not None:
        name, problem = cell.bad_file
        rows.append(FileRow(name, 0, "bad", t(f"forms.bad-file.{problem}")))
    if cell.checking:
        rows.append(FileRow("…", 0, "checking"))

    async def pick() -> None:
        for name, data in await pick_files():
            await filler.add_file(node, name, data)

    def remove(place: int) -> None:
        if place < len(given):
            filler.remove_answer(node, place)
        else:
            cell.bad_file = None

    largest = node.item.limits.size
    limit = t("forms.files.limit", size=formats.size(largest)) if largest else t("forms.files.hint")
    head = [
        text(asked.label, "label"),
        *([text(asked.description, "muted")] if asked.description else []),
        *([text(asked.error, colour="error")] if asked.error else []),
    ]
    if not node.item.limits.attachable:
        types = ", ".join(node.item.limits.mime_types)
        return stack([*head, text(t("forms.files.cannot", types=types), id=asked.id)], gap="s")
    return stack([*head, attachment_picker(asked.id, rows, limit, pick, remove)], gap="s")
