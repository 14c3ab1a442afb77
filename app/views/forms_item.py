"""Items of a form on the screen: each kind of question, groups, texts, and what cannot be shown."""

from dataclasses import replace

import flet as ft

from app.components import (
    button,
    component,
    disclosure,
    heading,
    link_button,
    notice,
    stack,
    text,
    use_look,
    use_text,
)
from app.components.base import Sem
from app.components.layout import icon, panel
from app.components.theme import SPACE
from app.forms.nodes import Node
from app.stores.filler import Filler
from app.stores.filler_parts import Cell
from app.views.forms_choices import Choice, yes_or_no
from app.views.forms_dress import blocks, picture
from app.views.forms_inputs import Amount, Files, Line, Moment
from app.views.forms_words import Question, answer_words, earlier_words, label_of, problem_words
from app.views.support import nothing

SHORT_HELP = 240  # characters of help that are shown without being asked for
TABLES = frozenset({"table", "htable", "gtable", "atable", "grid"})
DEEPEST = 6


def draw_node(filler: Filler, node: Node, level: int = 2) -> ft.Control:
    """One place with everything in it; nothing while it is out of sight."""
    return Place(filler, filler.cell(node), level, key=f"place:{node.number}")


@component
def Place(filler: Filler, cell: Cell, level: int) -> ft.Control:
    """A place, drawn again when its answer, its text or its options change."""
    node = filler.filling.find(cell.number)
    if node is None or not node.visible:
        return nothing()
    cell.mark_drawn()
    if node.item.type == "group":
        return _group(filler, node, level)
    if node.item.type == "display":
        return _display(filler, node, level)
    if not node.item.is_question:
        return _unknown(filler, node)
    asked = question(filler, node, cell)
    return stack([asked, *_under(filler, node, level)]) if node.item.children else asked


def _under(filler: Filler, node: Node, level: int) -> list[ft.Control]:
    """What is asked about an answer."""
    inner = [
        draw_node(filler, child, level)
        for answer in node.answers
        for child in answer.children
        if child.visible
    ]
    if not inner:
        return []
    look = use_look()
    side = ft.Border(left=ft.BorderSide(3, look.colours.outline_soft))
    return [ft.Container(stack(inner), border=side, padding=ft.Padding(SPACE["m"], 0, 0, 0))]


# --- questions -----------------------------------------------------------------------------------------------------


def question(filler: Filler, node: Node, cell: Cell) -> ft.Control:
    """One question: its label, what helps to answer, what is wrong, and where it is answered."""
    id, label = f"forms.item:{node.name}", label_of(filler.filling, node)
    if node.item.read_only:
        return _told(filler, node, id, label)
    told = filler.told(node)
    error = " ".join(dict.fromkeys(problem_words(filler.filling, issue) for issue in told))
    description = " ".join(part for part in (*_descriptions(filler, node), _source(filler, node)) if part)
    parts = [
        *([picture(node)] if node.item.media else []),
        _input(filler, node, cell, Question(id, label, description, error, node.item.required)),
        *_remarks(filler, node),
        *_help(filler, node),
        *_support(node),
    ]
    return stack(parts, gap="s") if len(parts) > 1 else parts[0]


def _remarks(filler: Filler, node: Node) -> list[ft.Control]:
    """What the form would have looked at once more; it hinders nobody."""
    said = filler.filling.remarks_at(node)
    return [notice("warning", words, id=f"forms.item:{node.name}.remark") for words in said]


def _input(filler: Filler, node: Node, cell: Cell, asked: Question) -> ft.Control:
    item, options = node.item, filler.filling.options(node)
    if item.chosen or (item.type == "reference" and options):
        if options or (options is not None and item.type == "open-choice"):
            return Choice(filler, cell, asked, key=asked.id)
        unknown = use_text()("forms.choice.unknown")
        asked = replace(asked, description=f"{asked.description} {unknown}".strip())
    if item.type == "boolean":
        return yes_or_no(filler, node, asked)
    if item.type in _OWN_INPUT:
        return _OWN_INPUT[item.type](filler, cell, asked, key=asked.id)
    if item.repeats:
        return _lines(filler, node, cell, asked)
    return Line(filler, cell, asked, 0, key=asked.id)


_OWN_INPUT = {"dateTime": Moment, "quantity": Amount, "attachment": Files}


def _lines(filler: Filler, node: Node, cell: Cell, asked: Question) -> ft.Control:
    """Several answers, each in a field of its own, and one more."""
    t, count = use_text(), max(1, len(node.answers))
    most = node.item.limits.most or 50
    rows: list[ft.Control] = []
    for turn in range(count):
        label = asked.label if count == 1 else t("forms.turn", label=asked.label, n=turn + 1)
        first = replace(asked, label=label)
        one = first if turn == 0 else Question(f"{asked.id}:{turn}", label, "", "", False)
        rows.append(Line(filler, cell, one, turn, key=one.id))
        if count > 1:
            rows.append(
                button(
                    f"{asked.id}.remove.{turn}",
                    t("forms.remove-answer", n=turn + 1),
                    lambda turn=turn: filler.remove_answer(node, turn),
                    "quiet",
                    ft.Icons.DELETE_OUTLINE,
                )
            )
    if count < most:
        words = node.item.more_label.say(filler.filling.chain) or t("forms.one-more")
        rows.append(
            button(f"{asked.id}.more", words, lambda: filler.write(node, "", count), "quiet", ft.Icons.ADD)
        )
    return stack(rows, gap="s")


def _descriptions(filler: Filler, node: Node) -> list[str]:
    """What stands under the label: how to write it, its unit, short help."""
    t, item, chain = use_text(), node.item, filler.filling.chain
    told = [words.say(chain) for words in item.help]
    format = item.entry_format.say(chain)
    prompt = item.beside["prompt"].say(chain) if "prompt" in item.beside else ""
    unit = (
        item.beside["unit"].say(chain)
        if "unit" in item.beside
        else str(item.unit.get("display") or item.unit.get("code") or "")
    )
    hint = format or _hint(node)
    return [
        prompt,
        *(one for one in told if len(one) <= SHORT_HELP),
        hint,
        t("forms.in-unit", unit=unit) if unit else "",
    ]


def _hint(node: Node) -> str:
    """How a value is written, when the form does not say it."""
    t = use_text()
    if node.item.type == "date":
        kinds = {"year": "forms.hint.year", "yearMonth": "forms.hint.month"}
        return t(kinds.get(node.item.control, "forms.hint.date"))
    return t("kit.time-format") if node.item.type == "time" else ""


def _source(filler: Filler, node: Node) -> str:
    """Where a prefilled answer comes from (row F6)."""
    if node.source == "earlier" and node.values:
        return earlier_words(filler)
    known = {
        "patient": "forms.source.patient",
        "observation": "forms.source.observation",
        "record": "forms.source.record",
        "calculated": "forms.source.calculated",
    }
    return use_text()(known[node.source]) if node.source in known and node.values else ""


def _help(filler: Filler, node: Node) -> list[ft.Control]:
    long = [words for words in node.item.help if len(words.say(filler.filling.chain)) > SHORT_HELP]
    return [Help(filler, filler.cell(node), key=f"help:{node.number}")] if long else []


@component
def Help(filler: Filler, cell: Cell) -> ft.Control:
    """Long help, opened when it is wanted."""
    opened, set_opened = ft.use_state(False)
    node = filler.filling.find(cell.number)
    if node is None:
        return nothing()
    chain = filler.filling.chain
    long = [words for words in node.item.help if len(words.say(chain)) > SHORT_HELP]
    inside = [blocks(words.blocks(chain)) for words in long] if opened else []
    return disclosure(
        f"forms.item:{node.name}.help",
        use_text()("forms.help"),
        opened,
        lambda: set_opened(not opened),
        inside,
    )


def _support(node: Node) -> list[ft.Control]:
    link = node.item.support_link
    if not link.startswith("https://"):
        return []
    return [link_button(f"forms.item:{node.name}.link", use_text()("forms.support-link"), link)]


def _told(filler: Filler, node: Node, id: str, label: str) -> ft.Control:
    """What cannot be changed: a calculated or known value."""
    t = use_text()
    words = "\n".join(answer_words(filler.filling, node)) or t("forms.no-value")
    shown = panel(
        stack(
            [
                text(label, "label"),
                text(words, "lead"),
                *([text(_source(filler, node), "small")] if _source(filler, node) else []),
            ],
            gap="xs",
        ),
        "surface_raised",
    )
    return Sem(
        identifier=id,
        container=True,
        live_region=True,
        label=f"{label}: {words}",
        exclude_semantics=True,
        content=shown,
    )


# --- what is no question -------------------------------------------------------------------------------------------


def _group(filler: Filler, node: Node, level: int) -> ft.Control:
    if node.item.repeats:
        return _repetition(filler, node, level)
    if node.item.collapsible:
        return Folded(filler, filler.cell(node), level, key=f"folded:{node.number}")
    return stack([*_head(filler, node, level), *_inside(filler, node, level)])


def _head(filler: Filler, node: Node, level: int) -> list[ft.Control]:
    said, chain = label_of(filler.filling, node) if filler.filling.say(node) else "", filler.filling.chain
    head = [heading(said, min(level, DEEPEST))] if said else []
    notes: list[ft.Control] = [blocks(words.blocks(chain)) for words in node.item.help]
    return [*head, *notes, *([picture(node)] if node.item.media else [])]


def _inside(filler: Filler, node: Node, level: int) -> list[ft.Control]:
    """What is in a group; in a row, when it is a row of a table and there is room."""
    inner = [draw_node(filler, child, level + 1) for child in node.children]
    if (
        node.item.control not in ("gtable", "htable", "grid")
        or not 1 < len(inner) <= 4
        or use_look().scale > 1.25
    ):
        return inner
    cells: list[ft.Control] = [
        ft.Container(one, col={"xs": 12, "lg": 12 // len(inner)}, key=one.key) for one in inner
    ]
    bottom = ft.CrossAxisAlignment.END  # labels may be of several lines: the fields stand on one
    return [ft.ResponsiveRow(cells, spacing=SPACE["m"], run_spacing=SPACE["m"], vertical_alignment=bottom)]


def _repetition(filler: Filler, node: Node, level: int) -> ft.Control:
    """One of several; after the last a button for one more."""
    t, turns = use_text(), filler.filling.tree.turns(node)
    said = label_of(filler.filling, node) if filler.filling.say(node) else t("forms.row")
    title = said if len(turns) == 1 else t("forms.turn", label=said, n=node.turn + 1)
    inner: list[ft.Control] = [heading(title, min(level, DEEPEST)), *_inside(filler, node, level)]
    if len(turns) > max(1, node.item.limits.least or 0):
        inner.append(
            button(
                f"forms.item:{node.name}.remove",
                t("forms.remove-row", title=title),
                lambda: filler.take_away(node),
                "quiet",
                ft.Icons.DELETE_OUTLINE,
            )
        )
    row = panel(stack(inner))
    if node is not turns[-1] or len(turns) >= (node.item.limits.most or 100):
        return row
    words = node.item.more_label.say(filler.filling.chain) or t("forms.one-more-of", title=said)
    return stack(
        [
            row,
            button(
                f"forms.item:{node.item.key}.more",
                words,
                lambda: filler.repeat(node),
                "secondary",
                ft.Icons.ADD,
            ),
        ]
    )


@component
def Folded(filler: Filler, cell: Cell, level: int) -> ft.Control:
    """A group that can be opened and closed."""
    node = filler.filling.find(cell.number)
    opened, set_opened = ft.use_state(node is not None and node.item.collapsible != "default-closed")
    if node is None:
        return nothing()
    title = label_of(filler.filling, node)
    inner = _inside(filler, node, level) if opened else []
    return disclosure(f"forms.item:{node.name}", title, opened, lambda: set_opened(not opened), inner)


def _display(filler: Filler, node: Node, level: int) -> ft.Control:
    """A text of the form; what warns stands out."""
    words = [text(node.text)] if node.text else [blocks(node.item.words.blocks(filler.filling.chain))]
    chain = filler.filling.chain
    parts: list[ft.Control] = [
        *words,
        *(blocks(help.blocks(chain)) for help in node.item.help),
        *([picture(node)] if node.item.media else []),
        *_support(node),
        *(draw_node(filler, child, level) for child in node.children),
    ]
    if node.item.category in ("security", "warning") or node.item.control == "highlight":
        return notice("warning", filler.filling.say(node), id="forms.text", live=False)
    kind = node.item.category or node.item.control
    if kind in ("instructions", "help", "flyover", "sidebar"):
        mark = icon(ft.Icons.INFO_OUTLINE, 20)
        return ft.Row(
            [mark, ft.Container(stack(parts, gap="s"), expand=True)],
            spacing=SPACE["s"],
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return stack(parts, gap="s")


def _unknown(filler: Filler, node: Node) -> ft.Control:
    """A kind of question that this app does not know: it is said, with its words, and nothing is blocked."""
    t = use_text()
    return notice(
        "info",
        t("forms.unknown.title"),
        [filler.filling.say(node), t("forms.unknown.body")],
        id="forms.unknown",
        live=False,
    )
