"""Values that may be sent: what R4 allows, taken out of what a form gives."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.forms.given import Json, number
from app.forms.values import MOST_INTEGER, is_date, json_number, time_from

_MOMENT = re.compile(r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?)?)?$")
_CODING, _REFERENCE = ("system", "version", "code", "display"), ("reference", "type", "display")
_QUANTITY, _FILE = (
    ("unit", "system", "code"),
    ("contentType", "language", "data", "url", "hash", "title", "creation"),
)


def strict_value(name: str, value: Any) -> Json:
    """{name: value} as R4 has it; empty when it cannot be."""
    made = _MAKERS[name](value) if name in _MAKERS else None
    return {} if made is None or made == "" or made == {} else {name: made}


def strict(given: Json) -> Json:
    """The same for a value in its wrapping."""
    return next((strict_value(name, value) for name, value in given.items()), {})


def _words(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _whole(value: Any) -> int | None:
    right = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST_INTEGER
    return value if right else None


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool | str):
        return None
    made = number(value)
    return json_number(made) if made is not None and abs(made) < 10**17 else None


def _date(value: Any) -> str | None:
    return value if isinstance(value, str) and is_date(value) and not value.startswith("0") else None


def _moment(value: Any) -> str | None:
    right = isinstance(value, str) and _MOMENT.match(value) and _date(value.partition("T")[0])
    return value if right else None


def _time(value: Any) -> str | None:
    return value if isinstance(value, str) and value and time_from(value) == value[:8] else None


def _object(*names: str) -> Callable[[Any], Json | None]:
    def make(value: Any) -> Json | None:
        if not isinstance(value, dict):
            return None
        return {name: value[name] for name in names if _words(value.get(name))}

    return make


def _quantity(value: Any) -> Json | None:
    made = _object(*_QUANTITY)(value)
    amount = _number(value.get("value")) if isinstance(value, dict) else None
    if made is None:
        return None
    return {**({"value": amount} if amount is not None else {}), **made}


def _file(value: Any) -> Json | None:
    made = _object(*_FILE)(value)
    size = _whole(value.get("size")) if isinstance(value, dict) else None
    return {**made, "size": size} if made and size is not None and size >= 0 else made


_MAKERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "valueBoolean": lambda value: value if isinstance(value, bool) else None,
        "valueInteger": _whole,
        "valueDecimal": _number,
        "valueDate": _date,
        "valueDateTime": _moment,
        "valueTime": _time,
        "valueString": _words,
        "valueUri": lambda value: (
            value if isinstance(value, str) and value and not re.search(r"\s", value) else None
        ),
        "valueCoding": _object(*_CODING),
        "valueReference": _object(*_REFERENCE),
        "valueQuantity": _quantity,
        "valueAttachment": _file,
    }
)
