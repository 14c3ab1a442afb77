"""A readable document as PDF, made on the device by fpdf2, which is pure Python and imported when it is needed.

In the static browser client it is fetched at the first document, with the typefaces that are put into it.
"""

import asyncio
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.assets import asset
from app.errors import Offline

SIZES = {"title": 20, "heading": 15, "label": 12, "text": 12, "small": 10}
TOGETHER = 24  # mm that a heading and the begin of what belongs to it take
BREATH, ROWS = 10, 40  # blocks written, rows of a table, before others have their turn
BOLD = frozenset({"title", "heading", "label"})


@dataclass(frozen=True)
class Block:
    """One paragraph. ``kind``: title, heading, label, text or small."""

    kind: str
    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first names the columns and comes again on each page."""

    rows: tuple[tuple[str, ...], ...]


def document(title: str, blocks: Sequence[Block | Table], language: str) -> bytes:
    """The blocks one below the other on A4 pages, in the app's own typeface. ``language``: a BCP 47 tag.

    Raises Offline in a browser that is cut off before it ever had what documents are made with.
    """
    pdf = _begun(title, language)
    for block in blocks:
        _put(pdf, block)
    return bytes(pdf.output())


async def written(title: str, blocks: Sequence[Block | Table], language: str) -> bytes:
    """The same for a long one: a little at a time, so that nobody has to wait for it."""
    pdf = _begun(title, language)
    for place, block in enumerate(_short(blocks)):
        _put(pdf, block)
        if place % BREATH == 0:
            await asyncio.sleep(0)
    return bytes(pdf.output())


def _short(blocks: Sequence[Block | Table]) -> Iterator[Block | Table]:
    """Long tables in pieces, each with the names of its columns."""
    for block in blocks:
        if isinstance(block, Block):
            yield block
            continue
        head, *rows = block.rows
        for begin in range(0, max(len(rows), 1), ROWS):
            yield Table((head, *rows[begin : begin + ROWS]))


def _begun(title: str, language: str) -> Any:
    try:
        with warnings.catch_warnings(
            action="ignore"
        ):  # that there is no Pillow in the browser: no pictures here
            from fpdf import FPDF
    except ImportError:
        raise Offline from None
    fonts = asset("fonts")
    pdf: Any = FPDF(format="A4")
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_margin(20)
    pdf.set_auto_page_break(True, margin=20)
    pdf.add_font("body", "", fonts / "AtkinsonHyperlegibleNext-Regular.ttf")
    pdf.add_font("body", "B", fonts / "AtkinsonHyperlegibleNext-SemiBold.ttf")
    for style in ("", "B"):
        pdf.add_font("signs", style, fonts / "Symbols.ttf")
    pdf.set_fallback_fonts(["signs"])

    def number() -> None:
        pdf.set_y(-15)
        pdf.set_font("body", "", SIZES["small"])
        pdf.cell(0, 5, f"{pdf.page_no()}/{{nb}}", align="R")

    pdf.footer = number
    pdf.add_page()
    return pdf


def _put(pdf: Any, block: Block | Table) -> None:
    _tabulate(pdf, block) if isinstance(block, Table) else _write(pdf, block)


def _write(pdf: Any, block: Block) -> None:
    size = SIZES[block.kind]
    if block.kind in BOLD and pdf.will_page_break(TOGETHER):
        pdf.add_page()  # no heading stands alone at the foot of a page
    pdf.set_font("body", "B" if block.kind in BOLD else "", size)
    pdf.multi_cell(0, size * 0.5, block.text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1 if block.kind == "label" else size * 0.2)


def _tabulate(pdf: Any, block: Table) -> None:
    pdf.set_font("body", "", SIZES["small"])
    with pdf.table(
        block.rows, text_align="LEFT", borders_layout="HORIZONTAL_LINES", line_height=SIZES["small"] * 0.55
    ):
        pass
    pdf.ln(4)
