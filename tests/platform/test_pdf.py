"""Documents are written with every sign that results need (row M6)."""

from app.platform.pdf import Block, document
from app.platform.pdf_text import pages


def test_units_keep_their_signs() -> None:
    """A micromole is no mole, and ten to the ninth is not ten."""
    said = "96 µmol/l, 6,7 10⁹/l, ≤ 5, ≥ 60, γ-GT"
    (words,) = pages(document("Tulokset", [Block("text", said), Block("label", said)], "fi"))
    assert words.count(said) == 2


def test_headings_stay_with_what_they_head_and_pages_are_numbered() -> None:
    """However long what stands before them is: none is the last on its page."""
    for lines in range(30, 45):
        blocks = [*[Block("text", f"Rivi {n}") for n in range(lines)], Block("heading", "Otsikko")]
        made = pages(document("Kaikki", [*blocks, Block("label", "Nimi"), Block("text", "Sanat")], "fi"))
        (at,) = [place for place, words in enumerate(made) if "Otsikko" in words]
        assert "Nimi" in made[at]
        assert "Sanat" in made[at]
        assert [words.splitlines()[-1] for words in made] == [
            f"{n + 1}/{len(made)}" for n in range(len(made))
        ]
