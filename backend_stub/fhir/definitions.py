"""HL7's R4 definitions as the server needs them; read once from ``backend_stub/data``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Parameter:
    """A search parameter of one type. ``kind``: token, string, …; no ``targets`` means any type."""

    owner: str
    code: str
    kind: str
    expression: str
    definition: str
    targets: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its name in the index, such as ``Communication.subject``."""
        return f"{self.owner}.{self.code}"


@dataclass(frozen=True)
class Rule:
    """How an element must look.

    ``choice``: the value[x] it is one of; ``codes``: a required binding; ``summary``: in ``_summary=true``.
    """

    type: str
    many: bool
    required: bool
    choice: str
    codes: frozenset[str]
    summary: bool


@cache
def resource_types() -> frozenset[str]:
    """The names of all R4 resource types."""
    return frozenset(_load("structures.json")["resources"])


@cache
def parameters(type: str) -> Mapping[str, Parameter]:
    """Search parameters of a type by code, those of every resource included."""
    found = {}
    for owner in ("Resource", type):
        for code, raw in _load("search-parameters.json").get(owner, {}).items():
            targets = tuple(raw.get("target", ()))
            found[code] = Parameter(type, code, raw["type"], raw["expression"], raw["definition"], targets)
    return MappingProxyType(found)


@cache
def compartment() -> Mapping[str, tuple[str, ...]]:
    """The official Patient compartment: {type: search parameter codes that tie a resource to the patient}."""
    return MappingProxyType({type: tuple(codes) for type, codes in _load("compartment-patient.json").items()})


@cache
def structure(name: str) -> Mapping[str, Rule]:
    """Elements of a resource, data type or backbone element (``Patient_Contact``); empty for primitives."""
    raw = _load("structures.json")["structures"].get(name, {})
    return MappingProxyType({element: _rule(text) for element, text in raw.items()})


def _rule(text: str) -> Rule:
    required, text = text.startswith("!"), text.removeprefix("!")
    summary, text = text.startswith("~"), text.removeprefix("~")
    many, text = text.startswith("*"), text.removeprefix("*")
    if text.startswith("="):
        return Rule("code", many, required, "", frozenset(text[1:].split("|")), summary)
    type_, _, choice = text.partition("^")
    return Rule(type_, many, required, choice, frozenset(), summary)


@cache
def _load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return content
