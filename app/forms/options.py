"""What can be chosen: answerOption, contained value sets, and those a server has expanded."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from app.forms.common_sets import COMMON
from app.forms.given import (
    HL7,
    Json,
    extension,
    flag_at,
    number,
    part_at,
    parts_at,
    value_of,
    whole_at,
    words_at,
)
from app.forms.model import Form, Item, Option
from app.forms.strict import strict_value
from app.forms.words import Words, words_of

MOST_OPTIONS = 20_000
_SCORES = (f"{HL7}ordinalValue", f"{HL7}itemWeight", f"{HL7}questionnaire-ordinalValue")


def read_options(raw: Json) -> tuple[Option, ...]:
    """The answerOptions of an item (STU3 calls them option)."""
    given = parts_at(raw, "answerOption") or parts_at(raw, "option")
    made = (_option(one) for one in given[:MOST_OPTIONS])
    return tuple(option for option in made if option is not None)


def _option(raw: Json) -> Option | None:
    name, value = value_of(raw)
    made = strict_value(name, value)
    if not made:
        return None
    score = extension(raw, *_SCORES)
    if score is None:
        score = extension(value, *_SCORES)
    prefix = extension(raw, f"{HL7}questionnaire-optionPrefix")
    if prefix is None:
        prefix = extension(value, f"{HL7}questionnaire-optionPrefix")
    media = extension(raw, f"{HL7}questionnaire-itemAnswerMedia", f"{_SDC}itemAnswerMedia")
    return Option(
        made,
        words_of_value(name, value, raw),
        Words(str(prefix)) if prefix is not None else Words(),
        flag(raw, f"{HL7}questionnaire-optionExclusive"),
        flag_at(raw, "initialSelected"),
        number(score),
        words_at(media, "url") if isinstance(media, dict) else "",
    )


_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"


def flag(part: Any, url: str) -> bool:
    """Whether a boolean extension is true."""
    return extension(part, url) is True


def words_of_value(name: str, value: Any, beside: Json | None = None) -> Words:
    """What an option or an answer is called."""
    if name == "valueCoding":
        shown = words_of(value, "display")
        return shown or Words(words_at(value, "code"))
    if name == "valueReference":
        return words_of(value, "display") or Words(words_at(value, "reference"))
    if name in ("valueString", "valueDate", "valueTime", "valueUri", "valueMarkdown"):
        return words_of({"text": value, "_text": (beside or {}).get(f"_{name}")}, "text")
    return Words(str(value))


def coded(concept: Json, system: str = "") -> Option | None:
    """A concept of a value set as an option; abstract ones cannot be chosen."""
    code = words_at(concept, "code")
    if not code or flag_at(concept, "abstract"):
        return None
    coding: Json = {"system": words_at(concept, "system") or system, "code": code}
    if display := words_at(concept, "display"):
        coding["display"] = display
    score = extension(concept, *_SCORES)
    kept = {key: value for key, value in coding.items() if value}
    return Option({"valueCoding": kept}, _designated(concept), score=number(score))


def _designated(concept: Json) -> Words:
    """The display, with the designations as its translations."""
    shown = words_of(concept, "display")
    others = {
        words_at(one, "language").split("-")[0]: words_at(one, "value")
        for one in parts_at(concept, "designation")
        if words_at(one, "language") and words_at(one, "value")
    }
    own = shown.own or words_at(concept, "code")
    return Words(own, MappingProxyType({**others, **shown.others}))


def options_of_set(
    resource: Json, contained: Iterable[Json] = (), depth: int = 0
) -> tuple[Option, ...] | None:
    """The concepts of a ValueSet: its expansion, else what its compose lists. None when it cannot be known here."""
    if "contains" in (expansion := part_at(resource, "expansion")):
        return tuple(_flattened(parts_at(expansion, "contains")))[:MOST_OPTIONS]
    found: list[Option] = []
    for include in parts_at(part_at(resource, "compose"), "include"):
        part = _included(include, tuple(contained), depth)
        if part is None:
            return None
        found += part
    return tuple(found[:MOST_OPTIONS]) if found else None


def _included(include: Json, contained: tuple[Json, ...], depth: int) -> list[Option] | None:
    system = words_at(include, "system")
    if "filter" in include:
        return None
    if concepts := parts_at(include, "concept"):
        return [option for one in concepts if (option := coded(one, system))]
    if system:
        book = _named(contained, system, "CodeSystem")
        return list(_flattened(parts_at(book, "concept"), system)) if book else None
    others = include.get("valueSet")
    found: list[Option] = []
    for url in others if isinstance(others, list) else ():
        other = _named(contained, str(url), "ValueSet")
        part = options_of_set(other, contained, depth + 1) if other and depth < 5 else None
        if part is None:
            return None
        found += part
    return found or None


def _flattened(concepts: Iterable[Json], system: str = "", depth: int = 0) -> Iterator[Option]:
    for concept in concepts:
        if option := coded(concept, system):
            yield option
        if depth < 10:
            inner = [*parts_at(concept, "contains"), *parts_at(concept, "concept")]
            yield from _flattened(inner, system or words_at(concept, "system"), depth + 1)


def _named(contained: Iterable[Json], url: str, type: str) -> Json | None:
    """The contained resource that ``url`` names, by #id or by its canonical."""
    bare = url.split("|")[0]
    for one in contained:
        if one.get("resourceType") != type:
            continue
        if bare in (words_at(one, "url"), f"#{words_at(one, 'id')}", f"#{words_at(one, 'id').lstrip('#')}"):
            return one
    return None


ValueSets = Mapping[str, Json]
"""Value sets that a server has given, by their canonical url (without version)."""


def options_of(form: Form, item: Item, sets: ValueSets) -> tuple[Option, ...] | None:
    """What ``item`` offers; None when its value set is not known (yet)."""
    if item.options or not item.value_set:
        return item.options
    inside = _named(form.contained, item.value_set, "ValueSet")
    if inside is None:
        inside = sets.get(item.value_set.split("|")[0]) or sets.get(item.value_set)
    if inside is None:
        return COMMON.get(item.value_set.split("|")[0])
    return options_of_set(inside, form.contained)


def is_partial(form: Form, item: Item, sets: ValueSets) -> bool:
    """Whether the server has given only the beginning of a long value set: an answer may be missing from it."""
    url = item.value_set
    one = (
        sets.get(url.split("|")[0]) or sets.get(url)
        if url and _named(form.contained, url, "ValueSet") is None
        else None
    )
    expansion = part_at(one, "expansion")
    return (whole_at(expansion, "total") or 0) > _given(parts_at(expansion, "contains"))


def _given(concepts: list[Json], depth: int = 0) -> int:
    inner = (_given(parts_at(one, "contains"), depth + 1) for one in concepts if depth < 10)
    return len(concepts) + sum(inner)


def sets_needed(form: Form) -> tuple[str, ...]:
    """The canonicals of value sets that only a server can expand."""
    needed = {item.value_set for item in form.all if options_of(form, item, {}) is None}
    return tuple(sorted(url for url in needed if not url.startswith("#")))


def same_option(one: Json, other: Json) -> bool:
    """Whether two answers are the same choice: codings by system and code (or display), all else by value."""
    (a_name, a), (b_name, b) = value_of(one), value_of(other)
    if a_name != b_name:
        return False
    if a_name == "valueCoding" and isinstance(a, dict) and isinstance(b, dict):
        if a.get("code") or b.get("code"):
            return a.get("code") == b.get("code") and _same_system(a, b)
        return a.get("display") == b.get("display")
    if a_name == "valueReference" and isinstance(a, dict) and isinstance(b, dict):
        return a.get("reference") == b.get("reference") and a.get("display") == b.get("display")
    return bool(a == b)


def _same_system(a: Json, b: Json) -> bool:
    return not a.get("system") or not b.get("system") or a["system"] == b["system"]
