"""What must be mended before a form can be sent. Says what is the case; screens say it in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.forms.given import Json, number, value_of, words_at
from app.forms.model import Item
from app.forms.nodes import Answer, Node
from app.forms.regexes import Unsupported, matches
from app.forms.values import compare, is_date

LONGEST_ANSWER = 100_000


@dataclass(frozen=True)
class Issue:
    """One thing to mend. ``code``: required, too-few, too-many, not-number, not-integer, not-date, not-time,
    not-url, too-long, too-short, pattern, decimals, too-small, too-large, bounds-unit, file-type, file-size, exclusive,
    incomplete, constraint. ``value``: the limit that was passed; ``words``: the form's own."""

    node: Node
    code: str
    value: Any = None
    words: str = ""
    turn: int = 0


_UNREAD = {
    "integer": "not-integer",
    "decimal": "not-number",
    "quantity": "not-number",
    "date": "not-date",
    "dateTime": "not-date",
    "time": "not-time",
    "url": "not-url",
}


def issues_of(node: Node, low: Any = None, high: Any = None) -> Iterator[Issue]:
    """What is wrong with the answers of one place. ``low`` and ``high``: calculated bounds, when there are any."""
    item = node.item
    if not item.is_question or not node.visible or item.read_only:
        return
    filled = [answer for answer in node.answers if not answer.empty]
    if filled or not _in_empty_row(node):
        yield from _amount(node, item, len(filled))
    for turn, answer in enumerate(filled):
        yield from _one(node, item, answer, turn, low, high)


def _in_empty_row(node: Node) -> bool:
    """In a repetition that need not be there and has nothing in it: nothing is missing in it."""
    rows = [one for one in node.above() if one.item.repeats and one.item.type == "group"]
    return any(not row.item.required and not row.answered for row in rows)


def _amount(node: Node, item: Item, given: int) -> Iterator[Issue]:
    if item.type == "attachment" and not item.limits.attachable:
        return  # nothing this app can send: it is said there, and stops nobody
    wanted = (item.limits.least or 0) if item.repeats else min(item.limits.least or 0, 1)
    wanted = min(wanted, len(item.options)) if item.type == "choice" and item.options else wanted
    least = max(wanted, 1) if item.required else wanted if given else 0
    if given < least:
        yield Issue(node, "required" if least == 1 else "too-few", least)
    if item.repeats and item.limits.most is not None and given > item.limits.most:
        yield Issue(node, "too-many", item.limits.most)


def _one(node: Node, item: Item, answer: Answer, turn: int, low: Any, high: Any) -> Iterator[Issue]:
    if answer.raw:
        yield Issue(node, _UNREAD.get(item.type, "incomplete"), turn=turn)
        return
    name, value = value_of(answer.value)
    if isinstance(value, str) and item.type in ("string", "text", "url", "open-choice"):
        yield from _text(node, item, value, turn)
    if item.type == "date" and isinstance(value, str) and not is_date(value):
        yield Issue(node, "not-date", turn=turn)
    if item.limits.decimals is not None and item.type in ("decimal", "quantity"):
        yield from _decimals(node, item, value, turn)
    yield from _bounds(
        node, value, item.limits.low if low is None else low, item.limits.high if high is None else high, turn
    )
    if name == "valueAttachment" and isinstance(value, dict):
        yield from _file(node, item, value, turn)


def _text(node: Node, item: Item, value: str, turn: int) -> Iterator[Issue]:
    most = min(item.limits.max_length or LONGEST_ANSWER, LONGEST_ANSWER)
    if len(value) > most:
        yield Issue(node, "too-long", most, turn=turn)
    if item.limits.min_length and len(value) < item.limits.min_length:
        yield Issue(node, "too-short", item.limits.min_length, turn=turn)
    if item.type == "url" and (":" not in value or " " in value):
        yield Issue(node, "not-url", turn=turn)
    if item.limits.regex and not fits(item.limits.regex, value):
        yield Issue(node, "pattern", turn=turn)


def fits(pattern: str, value: str) -> bool:
    """Whether ``value`` is what ``pattern`` asks for; a pattern that cannot be run asks for nothing (it is noted)."""
    try:
        return matches(pattern, value)
    except Unsupported:
        return True


def _decimals(node: Node, item: Item, value: Any, turn: int) -> Iterator[Issue]:
    made = number(value.get("value") if isinstance(value, dict) else value)
    most = item.limits.decimals or 0
    if made is not None and -int(made.normalize().as_tuple().exponent) > most:
        yield Issue(node, "decimals", most, turn=turn)


def _bounds(node: Node, value: Any, low: Any, high: Any, turn: int) -> Iterator[Issue]:
    for bound, code, wrong in ((low, "too-small", -1), (high, "too-large", 1)):
        if bound is None or isinstance(value, bool):
            continue
        order = compare(value, bound)
        if order == wrong:
            yield Issue(node, code, bound, turn=turn)
        elif order is None and isinstance(value, dict) and isinstance(bound, dict) and "value" in value:
            yield Issue(node, "bounds-unit", bound, turn=turn)


def _file(node: Node, item: Item, value: Json, turn: int) -> Iterator[Issue]:
    size = number(value.get("size")) or Decimal(0)
    if item.limits.size is not None and size > item.limits.size:
        yield Issue(node, "file-size", item.limits.size, turn=turn)
    type = words_at(value, "contentType")
    if item.limits.mime_types and not any(_accepts(one, type) for one in item.limits.mime_types):
        yield Issue(node, "file-type", item.limits.mime_types, turn=turn)


def _accepts(accepted: str, type: str) -> bool:
    return accepted == type or (accepted.endswith("/*") and type.startswith(accepted[:-1]))
