"""Answers that nobody gave: a valid one for each question, from a seed. For trying out forms."""

import random
import re
from decimal import Decimal
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from app.forms.filling import Filling
from app.forms.given import Json, number
from app.forms.model import Item
from app.forms.nodes import Node
from app.forms.regexes import Unsupported, matches, python_of
from app.forms.values import NAMES, json_number
from app.forms.written import quantity

ROUNDS, LONGEST, MOST_MENDED = 12, 5_000, 30
_SAMPLES = (
    "12345",
    "00100",
    "0401234567",
    "+358401234567",
    "a@b.fi",
    "aino@example.org",
    "aino.virtanen@example.org",
    "555-123-4567",
    "K1A 0B6",
    "12345-6789",
    "Aino",
    "AINO",
    "1",
    "2026-01-01",
    "010190-123A",
)
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def answer_all(filling: Filling, seed: int) -> None:
    """Answer every enabled question, also those that come into sight by answering."""
    dice = random.Random(seed)
    done: set[int] = set()
    for _ in range(ROUNDS):
        waiting = [n for n in filling.tree.walk() if n.item.is_question and n.shown and n.number not in done]
        if not waiting:
            break
        for node in waiting:
            done.add(node.number)
            if filling.find(node.number) is node and node.shown and not _is_settled(node):
                filling.give(node, values_for(filling, node, dice))
        filling.calculate()

    _keep_to_rules(filling)


def _keep_to_rules(filling: Filling) -> None:
    """Where a constraint of the form is broken, another answer is tried."""
    broken = {i.node.number for i in filling.issues() if i.code == "constraint" and i.node.item.is_question}
    for node in [node for node in filling.tree.walk() if node.number in broken][:MOST_MENDED]:
        for value in _others(node.item):
            filling.give(node, [value])
            filling.calculate()
            if not any(True for _ in filling.issues_at(node)):
                break


def _others(item: Item) -> list[Json]:
    """Answers that some rule may ask for."""
    if item.type in ("string", "text"):
        return [{"valueString": words} for words in _SAMPLES]
    if item.type in ("integer", "decimal"):
        return [{NAMES[item.type]: n} for n in (0, 1, 5, 10, 18, 40, 65, 100, 180, 2000)]
    if item.type == "date":
        return [{"valueDate": day} for day in ("1980-01-01", "2000-01-01", "2026-11-23", "2030-01-01")]
    return [{"valueBoolean": one} for one in (True, False)] if item.type == "boolean" else []


def _is_settled(node: Node) -> bool:
    """Calculated and known values are left as they are; so is what was given from the start and cannot be changed."""
    calculated = "calculatedExpression" in node.item.expressions
    return (node.item.read_only and calculated) or (bool(node.values) and (calculated or node.item.read_only))


def values_for(filling: Filling, node: Node, dice: random.Random) -> list[Json]:
    """As many valid answers as the question wants."""
    item, limits = node.item, node.item.limits
    if item.chosen or item.type == "reference":
        options = [o for o in filling.options(node) or () if not o.exclusive]
        if options:
            least = max(limits.least or 1, 1) if item.repeats else 1
            picked = dice.sample(options, min(len(options), max(least, 1)))
            return [dict(option.value) for option in picked]
    made = value_for(filling, node, dice)
    if not made:
        return []
    return [made] * (max(limits.least or 1, 1) if item.repeats else 1)


def value_for(filling: Filling, node: Node, dice: random.Random) -> Json:
    """One valid answer, empty when none can be found."""
    item, (low, high) = node.item, filling.bounds(node)
    if item.type == "boolean":
        return {"valueBoolean": dice.random() < 0.7}
    if item.type in ("integer", "decimal", "quantity"):
        return _number(item, low, high, dice)
    if item.type in ("date", "dateTime", "time"):
        return _time(item.type, low, high)
    if item.type == "attachment":
        types = item.limits.mime_types or ("image/png",)
        type = types[0].replace("/*", "/png")
        return {"valueAttachment": {"contentType": type, "data": _PIXEL, "title": "kuva", "size": 70}}
    if item.type == "reference":
        return {"valueReference": {"display": "Esimerkki"}}
    if item.type == "url":
        return {"valueUri": "https://example.org/sivu"}
    if item.type == "choice":
        return {"valueCoding": {"display": "Esimerkki"}}
    words = _words(item)
    return {"valueString": words} if words else {}


def _number(item: Item, low: Any, high: Any, dice: random.Random) -> Json:
    least = number(low.get("value") if isinstance(low, dict) else low)
    most = number(high.get("value") if isinstance(high, dict) else high)
    value = _between(least, most, dice)
    if item.type == "integer":
        return {"valueInteger": int(value)}
    if item.type == "decimal":
        return {"valueDecimal": json_number(value)}
    bound = low if isinstance(low, dict) else high if isinstance(high, dict) else None
    unit = next((one for one in item.units), None) or (item.unit or bound)
    return quantity(item, json_number(value), unit if isinstance(unit, dict) else None)


def _between(least: Decimal | None, most: Decimal | None, dice: random.Random) -> Decimal:
    if least is None and most is None:
        return Decimal(dice.randint(1, 60))
    first = least if least is not None else (most or Decimal(0)) - 10
    last = most if most is not None else first + 10
    whole = first.to_integral_value(rounding="ROUND_CEILING")
    return min(whole + dice.randint(0, 3), last) if whole <= last else first


def _time(type: str, low: Any, high: Any) -> Json:
    bounds = [one for one in (low, high) if isinstance(one, str) and (":" in one[:3]) == (type == "time")]
    bound = bounds[0] if bounds else ""
    if type == "time":
        return {"valueTime": bound or "10:30:00"}
    if type == "date":
        return {"valueDate": bound[:10] or "2026-05-04"}
    day = bound if len(bound) == len("2026-05-04") else f"{bound[:4] or '2026'}-05-04"
    return {"valueDateTime": bound if "T" in bound else f"{day}T10:30:00+03:00"}


def _words(item: Item) -> str:
    least, most = item.limits.min_length or 1, item.limits.max_length or 100
    if not item.limits.regex:
        return "Esimerkki".ljust(min(least, LONGEST), "i")[: min(most, LONGEST)]
    format = item.entry_format.own
    for words in (format, _fitting(item.limits.regex), *_SAMPLES):
        if words and least <= len(words) <= most and _matches(item.limits.regex, words):
            return words
    return ""


def _matches(pattern: str, words: str) -> bool:
    try:
        return matches(pattern, words)
    except Unsupported:
        return True


def _fitting(pattern: str) -> str:
    """A short text that the pattern says, as far as it is simple."""
    try:
        return "".join(_piece(op, value) for op, value in parser.parse(python_of(pattern)))
    except (ValueError, re.error, RecursionError, OverflowError, KeyError):
        return ""


def _piece(op: Any, value: Any) -> str:
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.IN:
        return _member(value)
    if op is sre.ANY:
        return "a"
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        times = max(int(value[0]), 1) if int(value[0]) < 200 else 0
        return "".join(_piece(*part) for part in value[2]) * times
    if op is sre.BRANCH:
        return "".join(_piece(*part) for part in value[1][0])
    if op is sre.SUBPATTERN:
        return "".join(_piece(*part) for part in value[3])
    return "a" if op is sre.NOT_LITERAL else ""


def _member(members: Any) -> str:
    op, value = members[0]
    if op is sre.NEGATE:
        return "x"
    if op is sre.RANGE:
        return chr(value[0])
    if op is sre.CATEGORY:
        return {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " "}.get(value, "a")
    return chr(value)
