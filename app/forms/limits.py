"""Limits of answers, as a form gives them."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from math import inf
from typing import Any

from app.forms.given import (
    HL7,
    SDC,
    Json,
    extension,
    extension_words,
    extensions,
    number,
    value_of,
    whole_at,
    words_at,
)
from app.forms.model import Limits
from app.forms.parts import EHELSE, expression_of
from app.forms.regexes import Unsupported, compiled
from app.forms.strict import strict_value
from app.forms.values import compare

_BYTES = 10_000
_CALCULATED = (f"{HL7}cqf-calculatedValue", f"{HL7}cqf-expression")
_NUMBERS, _TIMES = frozenset({"integer", "decimal", "quantity"}), frozenset({"date", "dateTime", "time"})


def read_limits(raw: Json) -> Limits:
    """What an answer must keep to; limits that contradict each other ask for nothing, so that they stop nobody."""
    return _sane(_given(raw))


def _sane(given: Limits) -> Limits:
    if compare(given.low, given.high) == 1:
        given = replace(given, low=None, high=None)
    if (given.min_length or 0) > (given.max_length or inf):
        given = replace(given, min_length=None)
    return replace(given, least=None) if (given.least or 0) > (given.most or inf) else given


def _given(raw: Json) -> Limits:
    if "extension" not in raw:
        return Limits(max_length=whole_at(raw, "maxLength"))
    low, low_expression = _bound(raw, f"{HL7}minValue", f"{SDC}minQuantity", f"{EHELSE}sdf-minvalue")
    high, high_expression = _bound(raw, f"{HL7}maxValue", f"{SDC}maxQuantity", f"{EHELSE}sdf-maxvalue")
    types = (value_of(one)[1] for one in extensions(raw, f"{HL7}mimeType"))
    return Limits(
        max_length=whole_at(raw, "maxLength"),
        min_length=_whole(raw, "minLength"),
        regex=extension_words(raw, f"{HL7}regex")[:1000],
        decimals=_whole(raw, "maxDecimalPlaces"),
        low=low,
        high=high,
        low_expression=low_expression,
        high_expression=high_expression,
        mime_types=tuple(one for one in types if isinstance(one, str)),
        size=_bytes(number(extension(raw, f"{HL7}maxSize"))),
        least=_whole(raw, "questionnaire-minOccurs"),
        most=_whole(raw, "questionnaire-maxOccurs"),
    )


def _bytes(size: Decimal | None) -> int | None:
    """maxSize is in megabytes, which the app counts as 1,024 times 1,024; what cannot be megabytes is in bytes."""
    if size is None:
        return None
    return int(size) if size >= _BYTES else int(size * 1024 * 1024)


def _whole(raw: Json, name: str) -> int | None:
    found = number(extension(raw, HL7 + name))
    return int(found) if found is not None else None


def _bound(raw: Json, *urls: str) -> tuple[Any, str]:
    """The value of a bound and the expression that calculates it; helsenorge's own says it as an expression."""
    for one in extensions(raw, *urls):
        name, value = value_of(one)
        beside = (
            one.get(f"_{name}") if name else next((v for k, v in one.items() if k.startswith("_value")), None)
        )
        calculated = expression_of(extension(beside or one, *_CALCULATED))
        if "ehelse" in words_at(one, "url"):
            return None, value if isinstance(value, str) else ""
        return strict_value(name, value).get(name), calculated.text if calculated else ""
    return None, ""


def bad_limits(raw: Json) -> Iterator[tuple[str, str]]:
    """Limits that nothing can keep to, or that cannot be run: (code of the note, detail)."""
    if "extension" not in raw and "disabledDisplay" not in raw:
        return
    given, type = _given(raw), words_at(raw, "type")
    limits = _sane(given)
    try:
        compiled(limits.regex)
    except Unsupported:
        yield "pattern", limits.regex[:120]
    for bound in (limits.low, limits.high):
        numeric = isinstance(bound, dict | int | float) and not isinstance(bound, bool)
        if bound is not None and ((type in _NUMBERS and not numeric) or (type in _TIMES and numeric)):
            yield "bound", str(bound)[:80]
    if limits != given:
        yield "bound", "none can keep to it"
    if type == "attachment" and not limits.attachable:
        yield "file-type", ", ".join(limits.mime_types)[:80]
    if words_at(raw, "disabledDisplay") == "protected":
        yield "disabled-display", "protected"
