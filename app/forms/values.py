"""Answers as FHIR values: made from what a resident writes, compared, and told apart.

An answer is a dict with one member: ``{"valueInteger": 5}``.
"""

import re
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from app.forms.given import Json, number, value_of, words_at

NAMES = {
    "boolean": "valueBoolean",
    "decimal": "valueDecimal",
    "integer": "valueInteger",
    "date": "valueDate",
    "dateTime": "valueDateTime",
    "time": "valueTime",
    "string": "valueString",
    "text": "valueString",
    "url": "valueUri",
    "choice": "valueCoding",
    "open-choice": "valueCoding",
    "attachment": "valueAttachment",
    "reference": "valueReference",
    "quantity": "valueQuantity",
}
_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
_NUMBER = re.compile(r"^[+-]?\d{1,17}(?:[.,]\d{1,12})?$")
MOST_INTEGER = 2**31 - 1
_LONGEST_NUMBER = 32


def json_number(value: Decimal) -> int | float:
    """A number as JSON has it."""
    return int(value) if value == value.to_integral_value() else float(value)


def number_from(words: str) -> Decimal | None:
    """``3,5`` or ``3.5`` or ``1 200`` as a number; None when it is not one."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", words.replace("−", "-"))
    return number(bare.replace(",", ".")) if len(bare) <= _LONGEST_NUMBER and _NUMBER.match(bare) else None


def integer_from(words: str) -> int | None:
    """A whole number that FHIR can carry; None when it is not one."""
    found = number_from(words)
    if found is None or found != found.to_integral_value() or abs(found) > MOST_INTEGER:
        return None
    return int(found)


def date_from(words: str) -> str:
    """``24.12.2026``, ``12.2026``, ``2026`` (also ISO) as an R4 date, whole or partial; empty when it is none."""
    parts = re.findall(r"\d+", words)[:4]
    if not 1 <= len(parts) <= 3 or re.search(r"[^\d\s./-]", words):
        return ""
    ordered = parts if len(parts[0]) == 4 else list(reversed(parts))
    if len(ordered[0]) != 4:
        return ""
    year, month, day = (*map(int, ordered), 1, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return ""
    return "-".join([f"{year:04}", *(f"{int(part):02}" for part in ordered[1:])])


def is_date(words: str) -> bool:
    """Whether it is a valid R4 date."""
    found = _DATE.match(words)
    return bool(found) and date_from(words) == words


def time_from(words: str) -> str:
    """``9.30``, ``9:30``, ``0930`` as an R4 time; empty when it is none."""
    parts = [int(part) for part in re.findall(r"\d+", words)[:4]]
    if len(parts) == 1 and parts[0] > 99:
        parts = list(divmod(parts[0], 100))
    hour, minute, second = (*parts, 0, 0, 0)[:3] if parts else (99, 0, 0)
    good = len(parts) <= 3 and hour < 24 and minute < 60 and second < 60 and re.match(r"^[\d.: ]+$", words)
    return f"{hour:02}:{minute:02}:{second:02}" if good else ""


def date_time_of(day: str, clock: str, zone: tzinfo = UTC) -> str:
    """A whole date and a time as an R4 dateTime in ``zone``; a date alone stays one."""
    if not day or not clock or len(day) < 10:
        return day
    made = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), zone)
    return made.isoformat()


def split_date_time(value: str) -> tuple[str, str]:
    """The date and the time of day in an R4 dateTime, as they were written."""
    day, _, rest = value.partition("T")
    return day, rest[:8] if len(rest) >= 8 else rest[:5]


def at_home(value: Json, zone: tzinfo | None) -> Json:
    """A moment that was written in another time zone, as it is called in ``zone``; anything else as it is."""
    words = value.get("valueDateTime")
    made = _moment_of(words) if isinstance(words, str) and "T" in words and zone else None
    return value if made is None else {"valueDateTime": made.astimezone(zone).isoformat(timespec="seconds")}


def _moment_of(words: str) -> datetime | None:
    try:
        made = datetime.fromisoformat(words)
    except ValueError:
        return None
    return made if made.tzinfo else None


# --- comparing -----------------------------------------------------------------------------------------------------


def holds(operator: str, answer: Json, expected: tuple[str, Any]) -> bool:
    """Whether ``answer`` stands in the relation ``operator`` (=, !=, >, <, >=, <=) to the value of a condition."""
    value = value_of(answer)[1]
    if operator in ("=", "!="):
        return equal(value, expected[1]) == (operator == "=")
    order = compare(value, expected[1])
    if order is None:
        return False
    return {">": order > 0, "<": order < 0, ">=": order >= 0, "<=": order <= 0}[operator]


def equal(value: Any, other: Any) -> bool:
    """Equal as enableWhen means it: a coding by its code and system, a quantity by value and unit, text as written."""
    if isinstance(value, dict) and isinstance(other, dict):
        return _same_object(value, other)
    if isinstance(value, dict):  # a coding against a string
        return str(other) in (words_at(value, "code"), words_at(value, "display"))
    if isinstance(other, dict):
        return str(value) in (words_at(other, "code"), words_at(other, "display"))
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    order = compare(value, other)
    return order == 0 if order is not None else bool(value == other)


def _same_object(value: Json, other: Json) -> bool:
    if "value" in value or "value" in other:
        return compare(value, other) == 0
    if "reference" in value or "reference" in other:
        return value.get("reference") == other.get("reference")
    if not value.get("code") and not other.get("code"):
        return value.get("display") == other.get("display")
    systems = value.get("system"), other.get("system")
    return value.get("code") == other.get("code") and (None in systems or systems[0] == systems[1])


def compare(value: Any, other: Any) -> int | None:
    """Less (-1), the same (0), more (1); None when they cannot be compared."""
    if isinstance(value, dict) and isinstance(other, dict):
        if not _same_unit(value, other):
            return None
        value, other = value.get("value"), other.get("value")
    elif isinstance(value, dict) and "value" in value:
        value = value["value"]
    elif isinstance(other, dict) and "value" in other:
        other = other["value"]
    numbers = (number(value), number(other)) if not _dates(value, other) else (None, None)
    if numbers[0] is not None and numbers[1] is not None:
        return _sign(numbers[0], numbers[1])
    return _compare_words(value, other) if isinstance(value, str) and isinstance(other, str) else None


def _dates(value: Any, other: Any) -> bool:
    return isinstance(value, str) and isinstance(other, str) and "-" in value and "-" in other


def _same_unit(value: Json, other: Json) -> bool:
    """The same unit by its code, else by its word; one without any unit is taken for the other's."""
    if value.get("code") and other.get("code"):
        return bool(value["code"] == other["code"])
    if value.get("unit") and other.get("unit"):
        return bool(value["unit"] == other["unit"]) or other["unit"] == value.get("code")
    return True


def _sign(value: Any, other: Any) -> int:
    return (value > other) - (value < other)


def _compare_words(value: str, other: str) -> int | None:
    if (value[2:3] == ":") != (other[2:3] == ":"):  # a time of day and a date
        return None
    if "T" in value and "T" in other:
        times = _moment(value), _moment(other)
        if times[0] is not None and times[1] is not None:
            return _sign(*times)
    if value[:4].isdigit() and other[:4].isdigit() and ("-" in value or "-" in other):
        shared = min(len(value.partition("T")[0]), len(other.partition("T")[0]))
        if "T" not in value or "T" not in other:
            value, other = value[:shared], other[:shared]
    return _sign(value, other)


def _moment(words: str) -> datetime | None:
    try:
        made = datetime.fromisoformat(words)
    except ValueError:
        return None
    return made if made.tzinfo else made.replace(tzinfo=UTC)
