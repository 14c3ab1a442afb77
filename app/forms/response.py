"""Answers as an R4 QuestionnaireResponse, and such a response as answers.

Strict out: nothing of a disabled item, the order and structure of the form, no empty parts. A draft keeps everything
(also what is disabled, or not yet a value) for the device alone. A response that was read gives the same answers again.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from app.forms.given import OURS, Json, parts_at, value_of, words_at
from app.forms.model import Form
from app.forms.nodes import Answer, Node
from app.forms.tree import Tree

RAW = f"{OURS}not-yet-a-value"


class Way(NamedTuple):
    """How answers are written down. ``say`` gives the text of an item; ``draft``: with what is disabled or unfinished;
    ``value`` may dress a value."""

    say: Callable[[Node], str]
    draft: bool = False
    value: Callable[[Node, Json], Json] = lambda _, value: value


def to_items(roots: Iterable[Node], way: Way) -> list[Json]:
    """The items of a response."""
    return [made for node in roots if (made := _item(node, way))]


def _item(node: Node, way: Way) -> Json | None:
    if node.item.type == "display" or not node.item.link_id or not (way.draft or node.enabled):
        return None
    made: Json = {
        "linkId": node.item.link_id,
        **({"text": text} if (text := way.say(node)) else {}),
        **node.more,
    }
    if node.item.is_question:
        answers = [one for answer in node.answers if (one := _answer(node, answer, way))]
        kept = {"item": node.strangers} if node.strangers else {}
        return {**made, "answer": answers, **kept} if answers else {**made, **kept} if kept else None
    inner = [*to_items(node.children, way), *node.strangers]
    if inner:
        return {**made, "item": inner}
    return made if way.draft and node.item.repeats else None


def _answer(node: Node, answer: Answer, way: Way) -> Json | None:
    made: Json = {**way.value(node, answer.value), **answer.more} if answer.value else {}
    if way.draft and answer.raw:
        made["extension"] = [{"url": RAW, "valueString": answer.raw}]
    inner = to_items(answer.children, way)
    if inner and (made or way.draft):
        made["item"] = inner
    return made or None


def to_response(
    form: Form,
    tree: Tree,
    *,
    id: str,
    subject: str,
    source: str,
    authored: datetime,
    language: str,
    say: Callable[[Node], str],
    status: str = "completed",
    draft: bool = False,
) -> Json:
    """The whole resource. ``subject`` and ``source`` are references; empty ones are left out (anonymous)."""
    items = [*to_items(tree.roots, Way(say, draft)), *tree.strangers]
    named: Json = {
        "resourceType": "QuestionnaireResponse",
        "id": id,
        "language": language,
        "questionnaire": form.canonical,
        "status": status,
        "subject": {"reference": subject} if subject else None,
        "authored": authored.isoformat(timespec="seconds"),
        "author": {"reference": source} if source else None,
        "source": {"reference": source} if source else None,
        "item": items,
    }
    return {name: value for name, value in named.items() if value}


# --- reading -------------------------------------------------------------------------------------------------------


def fill(tree: Tree, response: Json) -> None:
    """Put the answers of ``response`` into the tree, in place of what is in it. What the form does not know is kept."""
    for node in list(tree.walk()):
        if node.item.is_question:
            tree.put(node, [])
            node.source = ""
    tree.strangers = _fill(tree, tree.roots, parts_at(response, "item"), None)


def _fill(tree: Tree, places: list[Node], items: list[Json], parent: Node | None) -> list[Json]:
    """Fill ``places`` from ``items``; those that have no place are returned."""
    free = list(places)
    strangers = []
    for raw in items:
        node = _place(tree, places, free, words_at(raw, "linkId"))
        if node is None:
            strangers.append(raw)
            continue
        node.more = {name: value for name, value in raw.items() if name in ("extension", "id", "definition")}
        if node.item.is_question:
            _fill_question(tree, node, raw)
        else:
            under_answers = [one for answer in parts_at(raw, "answer") for one in parts_at(answer, "item")]
            node.strangers += _fill(tree, node.children, [*parts_at(raw, "item"), *under_answers], node)
    return strangers


def _place(tree: Tree, places: list[Node], free: list[Node], link_id: str) -> Node | None:
    node = next((one for one in free if one.item.link_id == link_id), None)
    if node is not None:
        free.remove(node)
        return node
    last = next((one for one in reversed(places) if one.item.link_id == link_id), None)
    if last is None or last.item.type != "group":
        return None
    made = tree.repeat(last)
    if made is not None and made not in places:  # the roots, or the children of one place: the same list
        places.append(made)
    return made


def _fill_question(tree: Tree, node: Node, raw: Json) -> None:
    given = [_read(one) for one in parts_at(raw, "answer")]
    inner = parts_at(raw, "item")  # some write what is under a question beside its answers
    tree.put(node, [answer for answer, _ in given])
    for answer, (_, items) in zip(node.answers, given, strict=False):
        node.strangers += _fill(tree, answer.children, items, node)
    places = node.answers[0].children if node.answers else []
    node.strangers += _fill(tree, places, inner, node)


def _read(raw: Json) -> tuple[Answer, list[Json]]:
    name, value = value_of(raw)
    unfinished = [one for one in parts_at(raw, "extension") if one.get("url") == RAW]
    kept = {
        key: part
        for key, part in raw.items()
        if key not in (name, "item") and not (unfinished and key == "extension")
    }
    made = Answer({name: value} if name else {}, more=kept)
    if unfinished:
        made.raw = words_at(unfinished[0], "valueString")
    return made, parts_at(raw, "item")
