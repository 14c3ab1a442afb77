"""Texts of a form in several languages, made harmless.

A text that is missing in one language is shown in the next of its ``chain``: plain Finnish falls back to Finnish, each
language to the form's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from app.forms.given import HL7, LONGEST, clean, extension_words, parts_at, value_of, words_at
from app.forms.rich import Block, from_markdown, from_xhtml, plain_blocks

PLAIN_FINNISH = "fi-x-selko"
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Words:
    """One text: as the form has it and in other languages. ``xhtml`` and ``markdown`` dress the form's own."""

    own: str = ""
    others: Mapping[str, str] = field(default_factory=lambda: _NONE)
    xhtml: str = ""
    markdown: str = ""
    style: str = ""

    def __bool__(self) -> bool:
        return bool(self.own or self.others or self.xhtml or self.markdown)

    def translated(self, chain: tuple[str, ...]) -> str:
        """The translation for the first language of ``chain`` that there is; empty when there is none."""
        return next((self.others[tag] for tag in chain if tag in self.others), "")

    def say(self, chain: tuple[str, ...]) -> str:
        """The text without any dress."""
        if found := self.translated(chain) or self.own:
            return found
        return "\n".join(block.text for block in self.blocks(chain)) or next(iter(self.others.values()), "")

    def blocks(self, chain: tuple[str, ...]) -> tuple[Block, ...]:
        """The text as paragraphs, headings and list items."""
        if found := self.translated(chain):
            return from_markdown(found) if self.markdown else plain_blocks(found, self.style)
        if self.xhtml and (shown := from_xhtml(self.xhtml)):
            return shown
        return from_markdown(self.markdown) if self.markdown else plain_blocks(self.own, self.style)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it is translated into."""
        return frozenset(self.others)


def words_of(part: Any, name: str) -> Words:
    """The element ``name`` of ``part`` with what stands beside it (``_name``)."""
    beside = part.get(f"_{name}") if isinstance(part, dict) else None
    return Words(
        clean(words_at(part, name)),
        MappingProxyType(dict(_translations(beside))),
        extension_words(beside, f"{HL7}rendering-xhtml")[:LONGEST],
        extension_words(beside, f"{HL7}rendering-markdown")[:LONGEST],
        extension_words(beside, f"{HL7}rendering-style") or extension_words(part, f"{HL7}rendering-style"),
    )


def _translations(beside: Any) -> Iterator[tuple[str, str]]:
    for outer in parts_at(beside, "extension"):
        if outer.get("url") != f"{HL7}translation":
            continue
        inner = {words_at(one, "url"): value_of(one)[1] for one in parts_at(outer, "extension")}
        language, content = inner.get("lang"), inner.get("content")
        if isinstance(language, str) and isinstance(content, str) and clean(content):
            yield tag_of(language), clean(content)


def tag_of(language: str) -> str:
    """A language as forms name it: ``sv-FI`` is ``sv``, and plain Finnish ``fi-x-selko``."""
    tag = language.replace("_", "-").lower()
    return PLAIN_FINNISH if tag in (PLAIN_FINNISH, "fi-selko") else tag.split("-")[0]


def chain_of(language: str) -> tuple[str, ...]:
    """The languages to try for ``language`` ("fi_selko"), best first."""
    tag = tag_of(language)
    return (tag, "fi") if tag == PLAIN_FINNISH else (tag,)
