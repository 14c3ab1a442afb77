"""How heavy a text is to read, and words that blame.

The measure is LIX (Björnsson 1968): words per sentence + the share of words longer than six letters, in per cent.
It was made for Swedish; Finnish words are long, so Finnish has a limit of its own. Plain Finnish has also a longest
sentence (Selkokeskus: short sentences, one matter in each).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

__all__ = ["LIMITS", "LONGEST", "blaming", "lix", "longest_sentence"]

LIMITS: Mapping[str, int] = MappingProxyType({"fi": 60, "fi_selko": 50, "sv": 42, "en": 42, "se": 60})
"""The highest LIX of a whole pathway, by language."""

LONGEST: Mapping[str, int] = MappingProxyType({"fi": 25, "fi_selko": 15, "sv": 28, "en": 28, "se": 25})
"""The most words in one sentence, by language."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def lix(paragraphs: Iterable[str]) -> float:
    """The LIX of some paragraphs; 0 of none."""
    sentences = [words for words in map(_words, _sentences(paragraphs)) if words]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0
    return len(words) / len(sentences) + 100 * sum(len(word) > 6 for word in words) / len(words)


def longest_sentence(paragraphs: Iterable[str]) -> str:
    """The sentence with most words."""
    return max(_sentences(paragraphs), key=lambda sentence: len(_words(sentence)), default="")


def words_in(sentence: str) -> int:
    """How many words it has."""
    return len(_words(sentence))


def blaming(language: str, text: str) -> Sequence[str]:
    """Expressions in ``text`` that blame, threaten or count streaks (row G6), from ``wording.json``."""
    return tuple(found[0] for pattern in _blame(language) if (found := pattern.search(text)))


def _sentences(paragraphs: Iterable[str]) -> Iterable[str]:
    for paragraph in paragraphs:
        yield from _SENTENCE.split(paragraph.removeprefix("## ").removeprefix("- "))


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence)


@cache
def _blame(language: str) -> tuple[re.Pattern[str], ...]:
    told = json.loads((Path(__file__).parent / "wording.json").read_text(encoding="utf-8"))
    words = told.get(language, ()) if language != "fi_selko" else told["fi"]
    return tuple(re.compile(rf"\b{_pattern(word)}\b", re.IGNORECASE) for word in words)


def _pattern(word: str) -> str:
    """``*`` at the end stands for any ending."""
    return re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
