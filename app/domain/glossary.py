"""Words of professionals in plain words, found in a text as it was written (row E6)."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Explanation = tuple[tuple[str, ...], str]
"""How a word is written, in lower case (one that ends in * is the beginning of a word), and what it means."""


class Span(NamedTuple):
    """A piece of a text; ``meaning`` is empty for what needs no explanation."""

    text: str
    meaning: str = ""


_WORD = re.compile(r"[^\W_]+(?:[-‑][^\W_]+)*")


def spans(text: str, glossary: Sequence[Explanation]) -> tuple[Span, ...]:
    """The text in pieces, none of it changed: words that have an explanation stand alone."""
    exact, beginnings = _tables(glossary)
    made: list[Span] = []
    end = 0
    for match in _WORD.finditer(text):
        meaning = _meaning(match[0], exact, beginnings)
        if meaning:
            made += [Span(text[end : match.start()])] if match.start() > end else []
            made.append(Span(match[0], meaning))
            end = match.end()
    return (*made, *([Span(text[end:])] if end < len(text) else []))


def _meaning(word: str, exact: dict[str, str], beginnings: tuple[tuple[str, str], ...]) -> str:
    plain = word.casefold()
    if plain in exact:
        return exact[plain]
    for part in re.split(r"[-‑]", plain):  # "B-Leuk", "RR-arvo"
        if part != plain and part in exact:
            return exact[part]
    return next((words for beginning, words in beginnings if plain.startswith(beginning)), "")


def _tables(glossary: Iterable[Explanation]) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    exact: dict[str, str] = {}
    beginnings: list[tuple[str, str]] = []
    for forms, meaning in glossary:
        for form in forms:
            if form.endswith("*"):
                beginnings.append((form[:-1], meaning))
            else:
                exact[form] = meaning
    return exact, tuple(sorted(beginnings, key=lambda pair: -len(pair[0])))
