"""Where one question is answered by choosing: radio buttons, boxes to tick, a list, a search."""

from collections.abc import Callable, Sequence

import flet as ft

from app.components import (
    button,
    checkbox,
    component,
    icon_button,
    radio_group,
    row,
    select,
    stack,
    text,
    text_field,
    use_text,
)
from app.components.base import Sem, silent
from app.components.fields import above, labelled, said
from app.components.layout import panel, plain
from app.forms.filling import chosen_word
from app.forms.model import Option
from app.forms.nodes import Node
from app.forms.options import same_option
from app.stores.filler import Filler
from app.stores.filler_parts import Cell
from app.views.forms_words import Question

FEW, MANY, FOUND = 9, 40, 20
OTHER = "other"


def way_of(node: Node, options: Sequence[Option]) -> str:
    """How it is chosen: radio, list, boxes or search."""
    control, many = node.item.control, len(options)
    if control in ("autocomplete", "lookup") or many > MANY:
        return "search"
    if node.item.repeats:
        return "boxes"
    if control == "drop-down" or (many > FEW and control not in ("radio-button", "push-button")):
        return "list"
    return "radio"


def option_words(filler: Filler, option: Option) -> str:
    """What an option is called, with its letter before it."""
    chain = filler.filling.chain
    prefix, words = option.prefix.say(chain), option.words.say(chain)
    return f"{prefix} {words}".strip() if prefix else words


def place_of(options: Sequence[Option], node: Node) -> str | None:
    """Which option is chosen: its place as text."""
    for place, option in enumerate(options):
        if any(same_option(option.value, value) for value in node.values):
            return str(place)
    return None


def strangers(options: Sequence[Option], node: Node) -> list[str]:
    """What was answered in own words."""
    return [
        str(v["valueString"])
        for v in node.values
        if "valueString" in v and not any(same_option(o.value, v) for o in options)
    ]


@component
def Choice(filler: Filler, cell: Cell, asked: Question) -> ft.Control:
    """One or several options, and own words where the form takes them."""
    node = filler.filling.find(cell.number)
    other, set_other = ft.use_state(False)
    if node is None:
        return ft.Container(visible=False)
    options = filler.filling.options(node) or ()
    open_ = node.item.type == "open-choice"
    own = strangers(options, node)
    way = way_of(node, options)
    if way == "search":
        return Search(filler, cell, asked)
    if way == "boxes":
        parts = [_boxes(filler, node, options, asked)]
    else:
        parts = [_one(filler, node, options, asked, way == "list", other or bool(own), set_other)]
    if open_ and (way == "boxes" or other or own):
        parts.append(_own_words(filler, node, options, asked.id, own))
    return stack(parts, gap="s")


def _one(
    filler: Filler,
    node: Node,
    options: Sequence[Option],
    asked: Question,
    as_list: bool,
    other: bool,
    set_other: Callable[[bool], None],
) -> ft.Control:
    t = use_text()
    shown = [(str(place), option_words(filler, option)) for place, option in enumerate(options)]
    if node.item.type == "open-choice":
        shown.append((OTHER, node.item.open_label.say(filler.filling.chain) or t("forms.other")))
    here = OTHER if other else place_of(options, node)

    def choose(place: str) -> None:
        set_other(place == OTHER)
        if place == OTHER:
            filler.give(node, [])
        else:
            filler.choose(node, options[int(place)], True)

    words = (asked.description, asked.error, asked.required)
    if as_list:
        return select(asked.id, asked.label, shown, here, choose, *words)
    made = radio_group(asked.id, asked.label, shown, here, choose, *words, beside=_beside(node, shown))
    if here is None or asked.required:
        return made

    def clear() -> None:
        set_other(False)
        filler.give(node, [])

    return _with_undo(made, asked, clear)


def _with_undo(made: ft.Control, asked: Question, clear: Callable[[], None]) -> ft.Control:
    """Radio buttons cannot be un-chosen; who need not answer may take the answer back."""
    undo = button(f"{asked.id}.undo", use_text()("forms.undo"), clear, "quiet")
    return stack([made, undo], gap="xs")


def _beside(node: Node, shown: Sequence[tuple[str, str]]) -> bool:
    """Short options that are meant to stand side by side."""
    short = all(len(words) <= 14 for _, words in shown)
    return short and len(shown) <= 4 and (node.item.horizontal or len(shown) <= 2)


def _boxes(filler: Filler, node: Node, options: Sequence[Option], asked: Question) -> ft.Control:
    boxes = [_box(filler, node, option, f"{asked.id}:{place}") for place, option in enumerate(options)]
    name = said(labelled(asked.label, asked.required), asked.description, asked.error)
    group = Sem(identifier=asked.id, label=name, container=True, content=stack(boxes, gap="s"))
    words = above(asked.label, asked.required, asked.description, asked.error)
    return stack([*map(silent, words), group], gap="s")


def _box(filler: Filler, node: Node, option: Option, id: str) -> ft.Control:
    here = any(same_option(option.value, value) for value in node.values)
    return checkbox(id, option_words(filler, option), here, lambda on: filler.choose(node, option, on))


def _own_words(filler: Filler, node: Node, options: Sequence[Option], id: str, own: list[str]) -> ft.Control:
    label = node.item.open_label.say(filler.filling.chain) or use_text()("forms.other-words")

    def write(words: str) -> None:
        kept = (
            [v for v in node.values if any(same_option(o.value, v) for o in options)]
            if node.item.repeats
            else []
        )
        filler.give(node, [*kept, *([{"valueString": words}] if words.strip() else [])])

    return text_field(f"{id}.other", label, own[0] if own else "", write, key=f"{id}:other")


@component
def Search(filler: Filler, cell: Cell, asked: Question) -> ft.Control:
    """A search among many options: what is chosen, a field, and what is found."""
    t, id = use_text(), asked.id
    words, set_words = ft.use_state("")
    node, sought = filler.filling.find(cell.number), words.strip()
    if node is None:
        return ft.Container(visible=False)
    options = filler.filling.options(node) or ()
    found = [o for o in options if sought.casefold() in option_words(filler, o).casefold()] if sought else []

    def choose(option: Option) -> None:
        set_words("")
        filler.choose(node, option, True)

    hint, needed = asked.description or t("forms.search-hint"), asked.required and not node.values
    field = text_field(id, asked.label, words, set_words, hint, asked.error, required=needed)
    hits = [_hit(filler, option, f"{id}:{options.index(option)}", choose) for option in found[:FOUND]]
    chosen = [_chosen(filler, node, options, id, place) for place in range(len(node.values))]
    takes_own = node.item.type == "open-choice" or filler.filling.is_partial(node)
    own = _take_own(filler, node, id, sought, lambda: set_words("")) if sought and takes_own else []
    return stack([field, *_count(len(found), sought), *hits, *own, *chosen], gap="s")


def _count(found: int, sought: str) -> list[ft.Control]:
    """How many were found, said aloud."""
    told = plain(use_text()("forms.found", n=found), "small")
    return [Sem(live_region=True, container=True, content=told)] if sought else []


def _hit(filler: Filler, option: Option, id: str, choose: Callable[[Option], None]) -> ft.Control:
    return button(id, option_words(filler, option), lambda: choose(option), "secondary", ft.Icons.ADD)


def _take_own(filler: Filler, node: Node, id: str, said: str, clear: Callable[[], None]) -> list[ft.Control]:
    def take() -> None:
        kept = node.values if node.item.repeats else []
        own = {"valueString": said} if node.item.type == "open-choice" else {"valueCoding": {"display": said}}
        filler.give(node, [*kept, own])
        clear()

    return [button(f"{id}.own", use_text()("forms.own-answer", words=said), take, "secondary")]


def _chosen(filler: Filler, node: Node, options: Sequence[Option], id: str, place: int) -> ft.Control:
    t = use_text()
    words = chosen_word(tuple(options), node.values[place], filler.filling.chain)
    remove = icon_button(
        f"{id}.remove.{place}",
        ft.Icons.DELETE_OUTLINE,
        t("kit.remove", name=words),
        lambda: filler.remove_answer(node, place),
    )
    return panel(row([ft.Container(text(words, "label"), expand=True), remove], wrap=False), padding=8)


def yes_or_no(filler: Filler, node: Node, asked: Question) -> ft.Control:
    """A boolean: two radio buttons, or one box to tick when the form says so."""
    t = use_text()
    here = node.values[0].get("valueBoolean") if node.values else None

    def give(value: bool) -> None:
        filler.give(node, [{"valueBoolean": value}])

    if node.item.control == "check-box":
        label = labelled(asked.label, asked.required)
        return checkbox(asked.id, label, here is True, give, asked.description, asked.error)
    shown = [("true", t("forms.yes")), ("false", t("forms.no"))]
    value = None if here is None else str(here).lower()
    words = (asked.description, asked.error, asked.required)
    made = radio_group(asked.id, asked.label, shown, value, lambda v: give(v == "true"), *words, beside=True)
    if value is None or asked.required:
        return made
    return _with_undo(made, asked, lambda: filler.give(node, []))
