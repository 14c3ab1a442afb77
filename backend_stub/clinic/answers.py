"""What a professional reads of a form: its answers in order, and their score."""

from collections.abc import Iterator
from typing import Any

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
Json = dict[str, Any]


def lines(response: Json) -> Iterator[tuple[str, str]]:
    """(question, answer) of every answer, in the order of the form."""
    for item in response.get("item", ()):
        yield from _lines(item)


def _lines(item: Json) -> Iterator[tuple[str, str]]:
    said = [words for one in item.get("answer", ()) if (words := words_of(one))]
    if said:
        yield item.get("text") or item["linkId"], " · ".join(said)
    for inner in item.get("item", ()):
        yield from _lines(inner)
    for one in item.get("answer", ()):
        for inner in one.get("item", ()):
            yield from _lines(inner)


def words_of(answer: Json) -> str:
    """One answer in words."""
    value = next((part for name, part in answer.items() if name.startswith("value")), None)
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, dict):
        shown = value.get("display") or value.get("title") or value.get("code") or value.get("reference")
        return str(shown or f"{value.get('value', '')} {value.get('unit', '')}".strip())
    return "" if value is None else str(value)


def score(questionnaire: Json, response: Json) -> tuple[float, float] | None:
    """(points, most possible points) by the ordinal values of the options; None when the form gives none."""
    points, most = _options(questionnaire)
    if not most:
        return None
    return sum(_points(item, points) for item in response.get("item", ())), sum(most.values())


def _options(part: Json) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Points of each option by (linkId, code), and the most that each question gives."""
    points: dict[tuple[str, str], float] = {}
    most: dict[str, float] = {}
    for item in part.get("item", ()):
        given = {
            _code(one): _ordinal(one) for one in item.get("answerOption", ()) if _ordinal(one) is not None
        }
        points |= {(item["linkId"], code): float(value or 0) for code, value in given.items()}
        if given:
            most[item["linkId"]] = max(float(value or 0) for value in given.values())
        inner_points, inner_most = _options(item)
        points, most = points | inner_points, most | inner_most
    return points, most


def _ordinal(option: Json) -> float | None:
    found = (one["valueDecimal"] for one in option.get("extension", ()) if one["url"] == ORDINAL)
    return next(found, None)


def _code(option: Json) -> str:
    return str(option.get("valueCoding", {}).get("code", ""))


def _points(item: Json, points: dict[tuple[str, str], float]) -> float:
    own = sum(points.get((item["linkId"], _code(one)), 0.0) for one in item.get("answer", ()))
    under = [
        *item.get("item", ()),
        *(inner for one in item.get("answer", ()) for inner in one.get("item", ())),
    ]
    return own + sum(_points(one, points) for one in under)
