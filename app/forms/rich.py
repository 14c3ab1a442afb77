"""Dressed text as plain blocks: what XHTML and markdown say, and nothing of what they could do.

No script, style, picture or address is taken over except links to https:, tel: and mailto:, so that a form can neither
load anything nor cover the app. Text in unknown elements is kept.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from app.forms.given import clean

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = HEADINGS | {
    "p",
    "div",
    "section",
    "article",
    "ul",
    "ol",
    "table",
    "tr",
    "blockquote",
    "pre",
    "hr",
    "dl",
}
_STRONG, _SLANTED = frozenset({"b", "strong"}), frozenset({"i", "em"})
_SILENT = frozenset(
    {"script", "style", "head", "title", "template", "iframe", "object", "noscript", "svg", "math"}
)
_SAFE = re.compile(r"^(https://|tel:|mailto:)[^\s\"'<>\\]+$", re.I)
MOST_BLOCKS = 400


@dataclass(frozen=True)
class Run:
    """Some words in one dress. ``link``: where they lead, checked."""

    text: str
    strong: bool = False
    slanted: bool = False
    link: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading or an item of a list (``kind``: text, heading, item)."""

    kind: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)


_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.I)
_ITALIC = re.compile(r"font-style\s*:\s*(italic|oblique)", re.I)


def plain_blocks(text: str, style: str = "") -> tuple[Block, ...]:
    """A text as one paragraph; of a rendering-style only bold and italic are taken over: nothing can be hidden."""
    run = Run(text, bool(_BOLD.search(style)), bool(_ITALIC.search(style)))
    return (Block("text", (run,)),) if text else ()


def from_xhtml(xhtml: str) -> tuple[Block, ...]:
    """What an XHTML fragment says."""
    reader = _Reader()
    reader.feed(xhtml)
    reader.close()
    reader.end_block()
    return tuple(reader.blocks)


def from_markdown(markdown: str) -> tuple[Block, ...]:
    """What a markdown text says. HTML in it is only text."""
    try:
        from markdown_it import MarkdownIt  # imported late: few forms have any
    except ImportError:  # a browser that has not been connected since it was first needed
        return plain_blocks(markdown)
    return from_xhtml(MarkdownIt("commonmark", {"html": False}).disable("image").render(markdown))


class _Reader(HTMLParser):
    """Collects words; elements only decide how they are cut and dressed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._runs: list[Run] = []
        self._kind = "text"
        self._strong = self._slanted = self._silent = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._add("\n")
        elif tag == "li" or tag in _BLOCKS:
            self.end_block()
            self._kind = "item" if tag == "li" else "heading" if tag in HEADINGS else "text"
        elif tag in ("td", "th"):
            self._add(" ")
        elif tag == "a":
            self._link = next((v for k, v in attrs if k == "href" and v and _SAFE.match(v)), "")
        self._dress(tag, 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._add("\n")
        elif tag in _BLOCKS:
            self.end_block()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "li" or tag in _BLOCKS:
            self.end_block()
        elif tag == "a":
            self._link = ""
        self._dress(tag, -1)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._add(re.sub(r"\s+", " ", data))

    def _dress(self, tag: str, by: int) -> None:
        if tag in _STRONG:
            self._strong = max(0, self._strong + by)
        elif tag in _SLANTED:
            self._slanted = max(0, self._slanted + by)

    def _add(self, text: str) -> None:
        if text:
            self._runs.append(Run(text, self._strong > 0, self._slanted > 0, self._link))

    def end_block(self) -> None:
        """What was collected is one block, unless it says nothing."""
        runs = tuple(Run(clean_run(run.text), run.strong, run.slanted, run.link) for run in self._runs)
        if len(self.blocks) < MOST_BLOCKS and clean("".join(run.text for run in runs)):
            self.blocks.append(Block(self._kind, _trimmed(runs)))
        self._runs, self._kind = [], "text"


def clean_run(text: str) -> str:
    """``clean`` that leaves the spaces at both ends."""
    kept = clean(text)
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and kept else ""
    return f"{before}{kept}{after}" if "\n" not in text else text


def _trimmed(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Without empty runs, and without space before the first."""
    kept = [run for run in runs if run.text]
    while kept and not kept[0].text.strip():
        kept.pop(0)
    if kept:
        first = kept[0]
        kept[0] = Run(first.text.lstrip(), first.strong, first.slanted, first.link)
    return tuple(kept)
