"""What a resident writes, as a value; and a value as it stands in a field."""

from datetime import UTC, tzinfo

from app.forms.given import Json, number, value_of, words_at
from app.forms.model import Item
from app.forms.values import (
    date_from,
    date_time_of,
    integer_from,
    is_date,
    json_number,
    number_from,
    split_date_time,
    time_from,
)


def from_words(item: Item, words: str, zone: tzinfo = UTC) -> tuple[Json, str]:
    """(value, raw): a value when ``words`` are one, else what was written, kept. Empty words are no answer.

    A date and time are written with a space between them, the time in ``zone``.
    """
    bare = words.strip()
    if not bare:
        return {}, ""
    if item.type in ("string", "text", "open-choice"):
        return {"valueString": words}, ""
    made = _moment(bare, zone) if item.type == "dateTime" else _value(item, bare)
    return (made, "") if made else ({}, words)


def _value(item: Item, bare: str) -> Json:
    if item.type == "integer":
        whole = integer_from(bare)
        return {"valueInteger": whole} if whole is not None else {}
    if item.type in ("decimal", "quantity"):
        made = number_from(bare)
        if made is None:
            return {}
        return (
            {"valueDecimal": json_number(made)}
            if item.type == "decimal"
            else quantity(item, json_number(made))
        )
    simple = {
        "date": ("valueDate", date_from),
        "time": ("valueTime", time_from),
        "url": ("valueUri", lambda words: words if " " not in words else ""),
        "choice": ("valueCoding", lambda words: {"display": words}),
        "reference": ("valueReference", lambda words: {"display": words}),
    }
    if item.type not in simple:
        return {}
    name, make = simple[item.type]
    found = make(bare)
    return {name: found} if found else {}


def _moment(bare: str, zone: tzinfo) -> Json:
    day, _, clock = bare.partition(" ")
    date, time = date_from(day), time_from(clock)
    if not date or (clock and not (time and len(date) == len("2026-12-24"))):
        return {}
    return {"valueDateTime": date_time_of(date, time, zone)}


def quantity(item: Item, value: int | float, unit: Json | None = None) -> Json:
    """A quantity with its unit: the one chosen, else the item's, else that of its initial answer."""
    first = next((v for one in item.initial if isinstance(v := value_of(one)[1], dict)), {})
    chosen = unit or item.unit or (item.units[0] if item.units else {}) or first
    code, system = words_at(chosen, "code"), words_at(chosen, "system") or "http://unitsofmeasure.org"
    coded = {"unit": words_at(chosen, "display") or words_at(chosen, "unit") or code, "code": code}
    kept = {name: words for name, words in coded.items() if words}
    return {"valueQuantity": {"value": value, **kept, **({"system": system} if code else {})}}


def to_words(value: Json) -> str:
    """A value as it stands in a field to write in."""
    _, given = value_of(value)
    if isinstance(given, dict):
        found = given.get("value", given.get("display", given.get("reference", given.get("code", ""))))
        return to_words({"value": found}) if not isinstance(found, dict) else ""
    if isinstance(given, str) and "T" in given and is_date(given.partition("T")[0]):
        day, clock = split_date_time(given)
        return f"{finnish_date(day)} {short_time(clock)}"
    if isinstance(given, str) and time_from(given) == given:
        return short_time(given)
    if isinstance(given, str):
        return finnish_date(given) if is_date(given) else given
    made = number(given)
    return format(made, "f").replace(".", ",") if made is not None else ""


def short_time(clock: str) -> str:
    """``09:30:00`` as ``9.30``."""
    hour, _, rest = clock.partition(":")
    return f"{int(hour)}.{rest[:2]}" if hour.isdigit() else clock


def finnish_date(iso: str) -> str:
    """``2026-12-24`` as ``24.12.2026``, ``2026-12`` as ``12.2026``."""
    day = split_date_time(iso)[0]
    return ".".join(str(int(part)) for part in reversed(day.split("-"))) if is_date(day) else iso
