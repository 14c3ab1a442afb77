"""A readable document as PDF, made on the device by fpdf2, which is pure Python and imported when it is needed.

In the static browser client it is fetched at the first document, with the typefaces that are put into it.
"""

import asyncio
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

from app.errors import Offline
from app.platform.pdf_letters import Lacking, Letters

SIZES = {"title": 20, "heading": 15, "label": 12, "text": 12, "small": 10}
TOGETHER = 24  # mm that a heading and the begin of what belongs to it take
BREATH, ROWS = 10, 40  # paragraphs written, rows of a table, before others have their turn
LONG = 500  # letters of a cell that surely fit a page
TABLE: Mapping[str, Any] = MappingProxyType(
    {"text_align": "LEFT", "borders_layout": "HORIZONTAL_LINES", "line_height": SIZES["small"] * 0.55}
)
BOLD = frozenset({"title", "heading", "label"})


@dataclass(frozen=True)
class Block:
    """One paragraph. ``kind``: title, heading, label, text or small."""

    kind: str
    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first names the columns and comes again on each page. ``head``, ``first``: of a part of a
    long table."""

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    first: bool = True


def document(title: str, blocks: Sequence[Block | Table], language: str, lacking: Lacking) -> bytes:
    """The blocks one below the other on A4 pages, in the app's own typeface. ``language``: a BCP 47 tag; ``lacking``:
    what to say of letters that no typeface here has.

    Raises Offline in a browser that is cut off before it ever had what documents are made with.
    """
    pages = _Pages(title, blocks, language, lacking)
    for block in pages.blocks:
        pages.put(block)
    return pages.written()


async def written(title: str, blocks: Sequence[Block | Table], language: str, lacking: Lacking) -> bytes:
    """The same for a long one: a little at a time, so that nobody has to wait for it."""
    pages = _Pages(title, blocks, language, lacking)
    for place, block in enumerate(pages.blocks):
        pages.put(block)
        if place % BREATH == 0 or isinstance(block, Table):
            await asyncio.sleep(0)
    return pages.written()


def _short(blocks: Sequence[Block | Table]) -> Iterator[Block | Table]:
    """Long tables in pieces; the first has the names of the columns. A row too high for a page stands as text."""
    for block in blocks:
        if isinstance(block, Block):
            yield block
            continue
        head, first = block.rows[0], True
        for high, group in groupby(block.rows, _is_high):
            rows = list(group)
            for begin in range(0, len(rows), 1 if high else ROWS):
                part = tuple(rows[begin : begin + ROWS])
                yield _as_text(head, part[0]) if high else Table(part, head, first)
                first = False


def _is_high(row: Sequence[str]) -> bool:
    return any(len(cell) > LONG or cell.count("\n") > LONG / 20 for cell in row)


def _as_text(head: Sequence[str], row: Sequence[str]) -> Block:
    told = (f"{name}: {cell}" for name, cell in zip(head, row, strict=False) if cell)
    return Block("text", "\n".join(told))


def _texts(blocks: Iterable[Block | Table]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Block):
            yield block.text
        else:
            yield from (cell for row in block.rows for cell in row)


class _Pages:
    """A document as it is written."""

    def __init__(self, title: str, blocks: Sequence[Block | Table], language: str, lacking: Lacking) -> None:
        self._pdf = _begun(title, language)
        self._letters = Letters(self._pdf, _texts(blocks), lacking.mark)
        self._head: tuple[str, ...] = ()
        self._pdf.header = self._repeat
        self._pdf.footer = self._number
        self._pdf.add_page()
        ready = [self._ready(block) for block in blocks]
        note = [Block("small", lacking.note)] if self._letters.marked else []
        self.blocks = tuple(_short([*ready[:1], *note, *ready[1:]]))

    def put(self, block: Block | Table) -> None:
        """Write one block."""
        if self._head and (isinstance(block, Block) or block.first):
            self._head = ()  # the table has ended
            self._pdf.ln(4)
        if isinstance(block, Block):
            self._write(block)
        else:
            self._rows(block.rows, block.first)
            self._head = block.head  # from now on it stands at the top of each page

    def written(self) -> bytes:
        """The whole as a file."""
        self._head = ()
        return bytes(self._pdf.output())

    def _ready(self, block: Block | Table) -> Block | Table:
        if isinstance(block, Block):
            return Block(block.kind, self._letters.ready(block.text))
        return Table(tuple(tuple(map(self._letters.ready, row)) for row in block.rows))

    def _write(self, block: Block) -> None:
        pdf, size = self._pdf, SIZES[block.kind]
        if block.kind in BOLD and pdf.will_page_break(TOGETHER):
            pdf.add_page()  # no heading stands alone at the foot of a page
        pdf.set_font("body", "B" if block.kind in BOLD else "", size)
        for text, align in self._letters.laid(block.text, pdf.epw - 2 * pdf.c_margin):
            pdf.multi_cell(0, size * 0.5, text, align=align, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(1 if block.kind == "label" else size * 0.2)

    def _rows(self, rows: Sequence[Sequence[str]], headed: bool) -> None:
        pdf = self._pdf
        pdf.set_font("body", "", SIZES["small"])
        wide = pdf.epw / max(map(len, rows)) - 2 * pdf.c_margin
        drawn = [[self._laid(cell, wide) for cell in row] for row in rows]
        with pdf.table(drawn, first_row_as_headings=headed, **TABLE):
            pass
        pdf.line(pdf.l_margin, pdf.y, pdf.l_margin + pdf.epw, pdf.y)

    def _laid(self, cell: str, width: float) -> str:
        return "\n".join(text for text, _ in self._letters.laid(cell, width))

    def _repeat(self) -> None:
        """At the top of a page: the names of the columns of a table that goes on."""
        if self._head:
            self._rows([self._head], True)

    def _number(self) -> None:
        pdf = self._pdf
        pdf.set_y(-15)
        pdf.set_font("body", "", SIZES["small"])
        pdf.cell(0, 5, f"{pdf.page_no()}/{{nb}}", align="R")


def _begun(title: str, language: str) -> Any:
    try:
        with warnings.catch_warnings(
            action="ignore"
        ):  # that there is no Pillow in the browser: no pictures here
            from fpdf import FPDF
    except ImportError:
        raise Offline from None
    pdf: Any = FPDF(format="A4")
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_margin(20)
    pdf.set_auto_page_break(True, margin=20)
    return pdf
