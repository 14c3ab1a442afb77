"""Documents are written with every sign that results need (row M6)."""

from app.platform.pdf import Block, document
from app.platform.pdf_text import pages


def test_units_keep_their_signs() -> None:
    """A micromole is no mole, and ten to the ninth is not ten."""
    said = "96 µmol/l, 6,7 10⁹/l, ≤ 5, ≥ 60, γ-GT"
    (words,) = pages(document("Tulokset", [Block("text", said), Block("label", said)], "fi"))
    assert words.count(said) == 2
