"""From a resource to rows of the index tables, by the official search parameters."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from backend_stub.fhir import dates
from backend_stub.fhir.definitions import Parameter, parameters, resource_types
from backend_stub.fhir.paths import compile_path

Row = tuple[object, ...]
Rows = dict[str, list[Row]]
_SPACES = re.compile(r"\s+")
_NAME_PARTS = ("text", "family", "given", "prefix", "suffix")
_ADDRESS_PARTS = ("text", "line", "city", "district", "state", "postalCode", "country")
_LOCAL = re.compile(r"^([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/[^/]+)?$")


def rows(body: dict[str, Any], base_url: str = "") -> Rows:
    """Rows by table, each without its leading row number. Absolute references below ``base_url`` count as local."""
    out: Rows = defaultdict(list)
    for parameter, find in _compiled(body["resourceType"]):
        for value, type_ in find(body):
            for table, row in _MAKERS[parameter.kind](value, type_, base_url):
                key = (
                    parameter.key
                    if table != "string" or parameter.kind == "string"
                    else f"{parameter.key}:text"
                )
                out[table].append((key, *row))
    return {table: list(dict.fromkeys(found)) for table, found in out.items()}


@cache
def _compiled(type: str) -> tuple[tuple[Parameter, Callable[[Any], Iterator[tuple[Any, str]]]], ...]:
    return tuple(
        (one, compile_path(one.expression)) for one in parameters(type).values() if one.kind in _MAKERS
    )


def fold(text: str) -> str:
    """For comparing without case, accents and superfluous spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _SPACES.sub(" ", "".join(one for one in plain if not unicodedata.combining(one))).strip()


def local(reference: str, base_url: str) -> tuple[str, str] | None:
    """(type, id) of a reference to this server, relative or absolute; else None."""
    if base_url and reference.startswith(base_url + "/"):
        reference = reference[len(base_url) + 1 :]
    found = _LOCAL.match(reference)
    return (found[1], found[2]) if found and found[1] in resource_types() else None


def _token(value: Any, type: str, base_url: str) -> Iterator[tuple[str, Row]]:
    if isinstance(value, bool):
        yield "token", (None, "true" if value else "false")
    elif not isinstance(value, dict):
        yield "token", (None, str(value))
    elif type == "CodeableConcept":
        for coding in value.get("coding") or ():
            yield from _token(coding, "Coding", base_url)
        if isinstance(value.get("text"), str):
            yield "string", (fold(value["text"]), value["text"])
    else:
        yield from _coded(value, type)


def _coded(value: dict[str, Any], type: str) -> Iterator[tuple[str, Row]]:
    code = value.get("code") if type == "Coding" else value.get("value")
    if code is not None:
        yield "token", (None if type == "ContactPoint" else str(value.get("system") or ""), str(code))
    if isinstance(value.get("display"), str):
        yield "string", (fold(value["display"]), value["display"])


def _string(value: Any, type: str, base_url: str) -> Iterator[tuple[str, Row]]:
    if isinstance(value, str):
        yield "string", (fold(value), value)
    elif isinstance(value, dict):
        for name in _NAME_PARTS if type == "HumanName" else _ADDRESS_PARTS:
            part = value.get(name)
            for one in part if isinstance(part, list) else (part,):
                if isinstance(one, str):
                    yield "string", (fold(one), one)


def _date(value: Any, type: str, base_url: str) -> Iterator[tuple[str, Row]]:
    if isinstance(value, str):
        yield "date", dates.parse(value)
    elif type == "Period":
        yield "date", dates.period(value.get("start"), value.get("end"))
    elif type == "Timing":
        for event in value.get("event") or ():
            yield "date", dates.parse(event)
        bounds = (value.get("repeat") or {}).get("boundsPeriod")
        if bounds:
            yield from _date(bounds, "Period", base_url)


def _reference(value: Any, type: str, base_url: str) -> Iterator[tuple[str, Row]]:
    target = value.get("reference") if isinstance(value, dict) else value
    if isinstance(target, str) and not target.startswith("#"):
        here = local(target, base_url)
        if here:
            yield "ref", (*here, None)
        else:
            yield "ref", (None, None, target)
            if "|" in target:
                yield "ref", (None, None, target.partition("|")[0])
    identifier = value.get("identifier") if isinstance(value, dict) else None
    if isinstance(identifier, dict):
        yield from _coded(identifier, "Identifier")


def _number(value: Any, type: str, base_url: str) -> Iterator[tuple[str, Row]]:
    if not isinstance(value, dict):
        yield "number", (float(value), float(value), None, None, None)
    elif type == "Range":
        low, high = value.get("low") or {}, value.get("high") or {}
        unit = low or high
        ends = (float(low.get("value", "-inf")), float(high.get("value", "inf")))
        yield "number", (*ends, unit.get("system"), unit.get("code"), unit.get("unit"))
    elif type == "Money" and "value" in value:
        amount = float(value["value"])
        yield "number", (amount, amount, "urn:iso:std:iso:4217", value.get("currency"), None)
    elif "value" in value:
        amount = float(value["value"])
        yield "number", (amount, amount, value.get("system"), value.get("code"), value.get("unit"))


def _uri(value: Any, type: str, base_url: str) -> Iterator[tuple[str, Row]]:
    yield "uri", (str(value),)


_MAKERS: dict[str, Callable[[Any, str, str], Iterator[tuple[str, Row]]]] = {
    "token": _token,
    "string": _string,
    "date": _date,
    "reference": _reference,
    "number": _number,
    "quantity": _number,
    "uri": _uri,
}
