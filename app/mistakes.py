"""What pydantic says for programmers, for people who write a region's profile or a pathway: where, and what to do."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

_PLAINLY: Mapping[str, str] = MappingProxyType(
    {
        "missing": "is missing",
        "extra_forbidden": "there is no such name here: is it spelt right?",
        "dict_type": "must be an object: {{…}}",
        "model_type": "must be an object: {{…}}",
        "model_attributes_type": "must be an object: {{…}}",
        "tuple_type": "must be a list: […]",
        "too_short": "must have at least {min_length}, not {actual_length}",
        "too_long": "must have at most {max_length}, not {actual_length}",
        "string_type": "must be a text in quotes",
        "string_too_short": "must not be empty",
        "bool_type": "must be true or false without quotes, not {given!r}",
        "bool_parsing": "must be true or false, not {given!r}",
        "int_type": "must be a whole number, not {given!r}",
        "int_parsing": "must be a whole number, not {given!r}",
        "int_from_float": "must be a whole number, not {given!r}",
        "float_type": "must be a number, not {given!r}",
        "float_parsing": "must be a number, not {given!r}",
        "greater_than_equal": "must be at least {ge}, not {given!r}",
        "less_than_equal": "must be at most {le}, not {given!r}",
        "literal_error": "must be {expected}, not {given!r}",
        "enum": "must be {expected}, not {given!r}",
        "string_pattern_mismatch": "{given!r} must be {example}",
    }
)
_EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        r"^[a-z][a-z0-9-]*$": "small letters, digits and hyphens, such as first-visit",
        r"^#[0-9a-f]{6}$": "a colour of small letters and digits, such as #1c6b3c",
        r"^\d+\.\d+\.\d+$": "three numbers, such as 1.0.0",
        r"^\d{4}-\d\d-\d\d$": "a date, such as 2026-11-28",
        r"^https://": "an address that begins with https://",
        r"^\+?[0-9 ]{3,20}$": "a telephone number of digits, such as 116117",
        r"^([01]\d|2[0-3]):[0-5]\d$": "a time of day, such as 18:00",
    }
)


def lines_of(error: ValidationError, given: Any = None) -> Iterator[tuple[str, str]]:
    """Place and words of each mistake in ``given``. What has an id is named by it; what only follows from another
    mistake is left out."""
    told = {_place(problem["loc"], given): _words(dict(problem)) for problem in reversed(error.errors())}
    for place, words in reversed(told.items()):
        if not any(other[: len(place)] == place and other != place for other in told if place):
            yield ".".join(place), words


def _place(loc: tuple[int | str, ...], given: Any) -> tuple[str, ...]:
    """Where it is, in names that stand in the file; pydantic's own ones for kinds of values are left out."""
    place: list[str] = []
    for depth, part in enumerate(loc):
        if isinstance(given, list) and isinstance(part, int) and part < len(given):
            given = given[part]
            place.append(str(given.get("id", part)) if isinstance(given, dict) else str(part))
        elif isinstance(given, dict) and part in given:
            given = given[str(part)]
            place.append(str(part))
        elif given is None or (isinstance(given, dict) and depth == len(loc) - 1):
            place.append(str(part))
    return tuple(place)


def _words(problem: dict[str, Any]) -> str:
    facts = problem.get("ctx", {})
    example = _EXAMPLES.get(facts.get("pattern", ""), f"like {facts.get('pattern')}")
    words = _PLAINLY.get(problem["type"], "").format(**facts, given=problem["input"], example=example)
    return words or str(problem["msg"]).removeprefix("Value error, ")
