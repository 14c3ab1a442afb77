"""Letters of many scripts in a document: which typefaces a text needs, Arabic in the order in which it is drawn, and a
mark in the place of what no typeface here can draw.

Cyrillic, Greek and Latin with many accents (Vietnamese) come from Noto Sans, Arabic (also Persian, Urdu) from Noto Sans
Arabic, in subsets that are loaded only for a text that needs them. Joining Arabic letters is done by arabic-reshaper,
the order by fpdf2's own bidirectional algorithm: both are pure Python, so that it works in a browser too.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.assets import asset

_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_VOWELS = re.compile(r"([\u064b-\u065f\u0670]+)(.)")  # marks on an Arabic letter, before it in drawing order
_BREAKS = re.compile(r"[\r\u2028\u2029\u0085]+\n?")
_JOINING = "\u200c\u200d"  # these decide how Arabic letters join, and are not drawn
_MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))


@dataclass(frozen=True)
class Lacking:
    """What a document says of letters that cannot be drawn: ``mark`` in their place, and ``note``, once."""

    mark: str
    note: str


class Letters:
    """The typefaces of one document, and its texts as they can be drawn with them."""

    def __init__(self, pdf: Any, texts: Iterable[str], mark: str) -> None:
        self._pdf, self._mark, self.marked = pdf, mark, False
        self._known: set[int] = set()
        chars = {ord(letter) for text in texts for letter in plain(text)}
        fonts = asset("fonts")
        pdf.add_font("body", "", fonts / "AtkinsonHyperlegibleNext-Regular.ttf")
        pdf.add_font("body", "B", fonts / "AtkinsonHyperlegibleNext-SemiBold.ttf")
        self._add("signs", fonts / "Symbols.ttf")
        fallbacks = ["signs"]
        more = asset("documents")
        if chars - self._drawn():
            self._add("letters", more / "Letters-Regular.ttf", more / "Letters-SemiBold.ttf")
            fallbacks.append("letters")
        if any(_ARABIC.match(chr(letter)) for letter in chars):
            self._add("arabic", more / "Arabic.ttf")
            fallbacks.append("arabic")
            self._known |= set(map(ord, _JOINING))
        pdf.set_fallback_fonts(fallbacks)
        self._known |= self._drawn() | {ord("\n")}

    def ready(self, text: str) -> str:
        """As far as it can be drawn, in the order in which it is read: a run of letters that cannot be has one mark.
        ``marked`` tells from then on that there was one."""
        made, in_gap = [], False
        for letter in plain(text):
            if ord(letter) in self._known:
                made.append(letter)
                in_gap = False
            elif not _hidden(letter) and not in_gap:
                made.append(self._mark)
                self.marked = in_gap = True
        return "".join(made)

    def laid(self, text: str, width: float) -> Iterator[tuple[str, str]]:
        """The same as pieces to be written one below the other, each with the side where it begins (L or R). What has
        Arabic letters is in lines not wider than ``width`` and in the order in which it is drawn."""
        if not _ARABIC.search(text):
            yield text, "L"
            return
        for part in text.split("\n"):
            yield from self._lines(part, width) if _ARABIC.search(part) else [(part, "L")]

    def _lines(self, text: str, width: float) -> Iterator[tuple[str, str]]:
        from fpdf.bidi import auto_detect_base_direction
        from fpdf.enums import TextDirection

        base = auto_detect_base_direction(text)
        shape, line = _shaper(), ""
        side = "R" if base is TextDirection.RTL else "L"
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if line and self._pdf.get_string_width(shape(longer)) > width:
                yield _visual(shape(line), base), side
                longer = word
            line = longer
        yield _visual(shape(line), base), side

    def _add(self, name: str, regular: Any, bold: Any = None) -> None:
        self._pdf.add_font(name, "", regular)
        self._pdf.add_font(name, "B", bold or regular)

    def _drawn(self) -> set[int]:
        return {letter for font in self._pdf.fonts.values() for letter in font.cmap}


def plain(text: str) -> str:
    """With letters and their accents as one, and one kind of line break."""
    return unicodedata.normalize("NFC", _BREAKS.sub("\n", text)).replace("\t", " ")


def _shaper() -> Callable[[str], str]:
    from arabic_reshaper import ArabicReshaper

    shape: Callable[[str], str] = ArabicReshaper({"delete_harakat": False}).reshape
    return shape


def _visual(text: str, base: Any) -> str:
    """In the order in which it is drawn, with brackets turned round where the text runs from the right."""
    from fpdf.bidi import BidiParagraph

    ordered = BidiParagraph(text, base).get_reordered_characters()
    turned = (
        _MIRRORED.get(c.character, c.character) if c.embedding_level % 2 else c.character for c in ordered
    )
    drawn = "".join(one for one in turned if one not in _JOINING)
    return _VOWELS.sub(r"\2\1", drawn)


def _hidden(letter: str) -> bool:
    """Whether nothing is lost without it: controls, and what only chooses between forms of the letter before."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs") or "\ufe00" <= letter <= "\ufe0f"
