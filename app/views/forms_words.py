"""The words of forms: what is wrong, what was answered, what a form is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.components import use_format, use_text
from app.domain.forms import SentForm
from app.forms.filling import Filling, chosen_word
from app.forms.given import value_of
from app.forms.nodes import Node
from app.forms.validating import Issue
from app.forms.values import is_date
from app.forms.written import to_words
from app.offline.drafts import Draft
from app.stores.filler import Filler
from app.stores.services import Services

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """How one question stands on the screen. ``id``: of its control; ``description``: what helps to answer; ``error``:
    what is wrong, empty while nothing is."""

    id: str
    label: str
    description: str
    error: str
    required: bool


def label_of(filling: Filling, node: Node) -> str:
    """The question, with its number or letter before it."""
    prefix, said = node.item.prefix.say(filling.chain), filling.say(node)
    return " ".join(part for part in (prefix, said) if part) or use_text()("forms.item.nameless")


def short_label(filling: Filling, node: Node) -> str:
    """The question as it is called where there is little room."""
    return node.item.short.say(filling.chain) or label_of(filling, node)


def problem_words(filling: Filling, issue: Issue) -> str:
    """What is wrong and how to mend it."""
    t, item = use_text(), issue.node.item
    own = item.error_words.say(filling.chain)
    if issue.code == "constraint":
        return issue.words or t("forms.wrong.constraint")
    if issue.code == "pattern":
        hint = item.entry_format.say(filling.chain)
        return own or (t("forms.wrong.pattern-like", example=hint) if hint else t("forms.wrong.pattern"))
    if issue.code == "required":
        return t(
            "forms.wrong.required-choice" if item.chosen or item.type == "boolean" else "forms.wrong.required"
        )
    return t(f"forms.wrong.{issue.code}", limit=limit_words(issue))


def limit_words(issue: Issue) -> str:
    """The limit that was passed, as it is written."""
    formats, value = use_format(), issue.value
    if issue.code == "file-size":
        return str(formats.size(value))
    if issue.code == "file-type":
        return ", ".join(str(one).rpartition("/")[2].upper() for one in value)
    if isinstance(value, dict):
        return _quantity(value)
    return _number(value) if isinstance(value, int | float | Decimal) else to_words({"value": value})


def answer_words(filling: Filling, node: Node) -> list[str]:
    """What was answered there, one line for each answer."""
    return [
        _answer(filling, node, answer.value) if answer.value else answer.raw
        for answer in node.answers
        if not answer.empty
    ]


def _answer(filling: Filling, node: Node, value: dict[str, Any]) -> str:
    t = use_text()
    name, given = value_of(value)
    if name == "valueBoolean":
        return t("forms.yes") if given else t("forms.no")
    if name == "valueQuantity" and isinstance(given, dict):
        return _quantity(given)
    if name == "valueAttachment" and isinstance(given, dict):
        return str(given.get("title") or t("forms.file"))
    if node.item.chosen or name in ("valueCoding", "valueReference"):
        return chosen_word(filling.options(node) or (), value, filling.chain)
    unit = node.item.beside.get("unit")
    said = unit.say(filling.chain) if unit else str(node.item.unit.get("display") or "")
    is_number = name in ("valueInteger", "valueDecimal")
    return f"{_number(given)} {said}".strip() if is_number else to_words(value)


def _number(value: Any) -> str:
    """As it is read: with a true minus, which nobody has on a keyboard."""
    return to_words({"value": value}).replace("-", "\u2212")


def _quantity(value: dict[str, Any]) -> str:
    return f"{_number(value.get('value'))} {value.get('unit') or value.get('code') or ''}".strip()


def draft_address(draft: Draft) -> str:
    """Where what was begun is gone on with."""
    form, task = str(draft.body.get("form", "")), str(draft.body.get("task", ""))
    return f"/forms/fill/{form}" + (f"?task={task}" if task else "")


def earlier_words(filler: Filler) -> str:
    """When an answer that was taken from an earlier time was given; it can be changed."""
    formats, t, given = use_format(), use_text(), filler.earlier[:10]
    if len(given) < len("2026-12-24") or not is_date(given):
        return t("forms.source.earlier-some")
    return t("forms.source.earlier", day=formats.day(date.fromisoformat(given)))


def sender_of(services: Services, task: SentForm) -> str:
    """Who asks for a form: the service by its name in the resident's language, else as it was written."""
    return services.name(task.sender_id) or task.sender
