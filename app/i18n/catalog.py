"""Texts of one session in one language.

``Catalog("sv")`` is a plain callable: ``t("home.title")``, ``t("home.unsent", n=3)``, ``t("home.greeting",
name="Aino")``. It is made for a session and handed down: in web-server mode many residents, each with an own
language, share the process. What the process shares are the immutable texts, read once from the .po files.

Keys are semantic and the same in all catalogues; ``fi`` is the fallback. A region may override any text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {"fi": "Suomi", "sv": "Svenska", "en": "English", "fi_selko": "Selkosuomi"}
)
"""Code of each interface language and the name it calls itself, in the order of choice."""

TAGS: Mapping[str, str] = MappingProxyType({"fi": "fi", "sv": "sv", "en": "en", "fi_selko": "fi"})
"""BCP 47 tag of each interface language: for screen readers and for translations inside FHIR resources."""

FALLBACK = "fi"
LOCALES = Path(__file__).parent / "locales"

COMPILED = "texts.json"
"""In place of the .po files of a language where the browser client is built: no parsing at the start."""

Forms = tuple[str, ...]
"""One text, or two: for one and for other amounts (all four languages have the same two plural forms)."""


class MissingTextError(LookupError):
    """A text or a value inside of it is missing; raised in strict mode only."""


@dataclass(frozen=True)
class Catalog:
    """All texts in ``language``. Unknown languages speak Finnish.

    ``overrides`` are the region's own texts for this language, ``values`` known to every text (``region``).
    ``strict`` (tests) raises MissingTextError where a resident would be shown the Finnish text instead.
    """

    language: str = FALLBACK
    overrides: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of ``key`` with ``{placeholders}`` filled in; ``n`` chooses the plural form."""
        forms = self._forms(key)
        text = forms[0] if len(forms) == 1 or values.get("n") == 1 else forms[1]
        if "{" not in text:
            return text
        return _one_stop(text, values).format_map(_Values(key, {**self.values, **values}, self.strict))

    def has(self, key: str) -> bool:
        """Whether this language, or its fallback, knows ``key``."""
        return key in self.overrides or key in read(self.language) or key in read(FALLBACK)

    @property
    def tag(self) -> str:
        """BCP 47 tag of the language."""
        return TAGS.get(self.language, FALLBACK)

    def _forms(self, key: str) -> Forms:
        if key in self.overrides:
            return (self.overrides[key],)
        own = read(self.language).get(key)
        if own:
            return own
        if self.strict:
            raise MissingTextError(f"{self.language}: {key}")
        return read(FALLBACK).get(key) or (key,)


def _one_stop(text: str, values: Mapping[str, object]) -> str:
    """A value that ends with a full stop, such as a date, ends the sentence by itself."""
    for name, value in values.items():
        if isinstance(value, str) and value.endswith("."):
            text = text.replace(f"{{{name}}}.", f"{{{name}}}")
    return text


class _Values(dict[str, Any]):
    """Values of placeholders; one that is missing raises in strict mode and is left out otherwise."""

    def __init__(self, key: str, values: Mapping[str, object], strict: bool) -> None:
        super().__init__(values)
        self.key, self.strict = key, strict

    def __missing__(self, name: str) -> str:
        if self.strict:
            raise MissingTextError(f"{self.key} needs {{{name}}}")
        return ""


@cache
def read(language: str) -> Mapping[str, Forms]:
    """All texts of one catalogue, read once per process. A language without a catalogue has none."""
    if language not in LANGUAGES:
        return MappingProxyType({})
    made = LOCALES / language / COMPILED
    if made.exists():
        return MappingProxyType(
            {key: tuple(forms) for key, forms in json.loads(made.read_text("utf-8")).items()}
        )
    return MappingProxyType(texts_of(language))


def texts_of(language: str) -> dict[str, Forms]:
    """All texts of one catalogue, from its .po files."""
    texts: dict[str, Forms] = {}
    for path in files(language):
        texts |= parse(path.read_text("utf-8"))
    return texts


def files(language: str, locales: Path = LOCALES) -> tuple[Path, ...]:
    """The files of one catalogue: app.po for what the rooms share, and one for each room."""
    return tuple(sorted((locales / language / "LC_MESSAGES").glob("*.po")))


def parse(po: str) -> dict[str, Forms]:
    """Texts of a gettext .po file by msgid: the part of the format that our catalogues use.

    Five times as quick as Babel's reader, which matters in the browser, where Python itself is slow; a test
    holds the two against each other. Comments and the header are left out; fuzzy marks are not looked at.
    """
    texts: dict[str, Forms] = {}
    for block in po.split("\n\n"):
        entry = _entry(block)
        if entry.get("msgid"):
            forms = [text for name, text in entry.items() if name.startswith("msgstr")]
            texts[entry["msgid"]] = tuple(forms)
    return texts


def _entry(block: str) -> dict[str, str]:
    """One .po entry: {"msgid": ..., "msgstr": ...}; texts continued on further lines are joined."""
    entry: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if line.startswith("msg"):
            name, _, line = line.partition(" ")
        if line.startswith('"'):
            entry[name] = entry.get(name, "") + json.loads(line)
    return entry
