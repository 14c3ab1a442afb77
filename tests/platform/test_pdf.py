"""Documents are written with every sign that results need (row M6)."""

import re

import pytest

from app.platform.pdf import ROWS, Block, Table, document, written
from app.platform.pdf_letters import Lacking
from app.platform.pdf_text import pages

LACKING = Lacking("[?]", "Jotain puuttuu.")


def test_units_keep_their_signs() -> None:
    """A micromole is no mole, and ten to the ninth is not ten."""
    said = "96 µmol/l, 6,7 10⁹/l, ≤ 5, ≥ 60, γ-GT"
    (words,) = pages(document("Tulokset", [Block("text", said), Block("label", said)], "fi", LACKING))
    assert words.count(said) == 2


def test_headings_stay_with_what_they_head_and_pages_are_numbered() -> None:
    """However long what stands before them is: none is the last on its page."""
    for lines in range(30, 45):
        blocks = [*[Block("text", f"Rivi {n}") for n in range(lines)], Block("heading", "Otsikko")]
        made = pages(
            document("Kaikki", [*blocks, Block("label", "Nimi"), Block("text", "Sanat")], "fi", LACKING)
        )
        (at,) = [place for place, words in enumerate(made) if "Otsikko" in words]
        assert "Nimi" in made[at]
        assert "Sanat" in made[at]
        assert [words.splitlines()[-1] for words in made] == [
            f"{n + 1}/{len(made)}" for n in range(len(made))
        ]


@pytest.mark.parametrize(
    "said",
    ["Мария Ивановна Щербакова, 5 лет", "Nguyễn Thị Hằng", "Ελένη Παπαδοπούλου", "Ǩiõll Ʒ, Ŋ", "−5,5 °C"],
)
def test_letters_of_other_alphabets_are_drawn(said: str) -> None:
    """In texts, names and tables, also in bold; nothing is said to be lacking."""
    blocks = [Block("label", said), Block("text", said), Table((("Nimi", said),) * 2)]
    (words,) = pages(document("Kaikki", blocks, "fi", LACKING))
    assert words.count(said) == 4
    assert LACKING.note not in words


def test_arabic_is_joined_and_drawn_from_the_right() -> None:
    """Each letter in its form; lines are broken before they are turned round, so the first words are on the first."""
    name = "محمد علي"
    (words,) = pages(document("Kaikki", [Block("text", f"{name} " + "سلام " * 40)], "fi", LACKING))
    lines = words.splitlines()
    assert LACKING.note not in words
    assert any("\ufe70" <= letter <= "\ufefc" for letter in lines[0])
    assert "\ufee3" in lines[0]  # the first letter of the name, in the form that begins a word
    assert "\ufee3" not in lines[1]


def test_what_cannot_be_drawn_is_marked_and_told_once() -> None:
    """Signs and scripts without a typeface here: one mark for each run of them, and a note below the title."""
    blocks = [
        Block("title", "Kaikki"),
        Block("text", "Kiitos 🙂🙂! 李小龙 kävi ☎\ufe0f"),
        Block("text", "שלום"),
    ]
    (words,) = pages(document("Kaikki", blocks, "fi", LACKING))
    assert words.splitlines()[:2] == ["Kaikki", LACKING.note]
    assert "Kiitos [?]! [?] kävi ☎" in words
    assert words.count("[?]") == 3
    assert words.count(LACKING.note) == 1


def test_letters_in_pieces_are_put_together() -> None:
    """An accent of its own, breaks of other systems, what nobody sees."""
    said = "Pa\u0308iva\u0308\u200b\u00ad A\u2028toinen\r\nkolmas\x07"
    (words,) = pages(document("Kaikki", [Block("text", said)], "fi", LACKING))
    assert "Päivä" in words
    assert "[?]" not in words
    assert re.search(r"A\s*\ntoinen\s*\nkolmas", words)


async def test_the_columns_of_a_long_table_are_named_once_on_each_page() -> None:
    """At its top and nowhere else, however long the table is and wherever it begins; every row is there once."""
    for before in (0, 7):
        rows = tuple((f"{n}. rivi", f"{n} kg") for n in range(3 * ROWS + 5))
        table = Table((("Aika", "Arvo"), *rows))
        blocks = [Block("title", "Kaikki"), *[Block("text", "x")] * before, table, Block("text", "Lopuksi")]
        made = pages(await written("Kaikki", blocks, "fi", LACKING))
        assert len(made) > 2
        assert [words.count("Aika") for words in made] == [1] * len(made)
        assert all(words.startswith("Aika") for words in made[1:])
        lines = [line for words in made for line in words.splitlines() if "rivi" in line]
        assert lines == [f"{first} {second}" for first, second in rows]
        assert document("Kaikki", blocks, "fi", LACKING)


def test_a_row_too_high_for_a_page_stands_as_text() -> None:
    """Nothing of it is lost, and the table goes on after it."""
    long = "sana " * 2000
    table = Table((("Mitä", "Kuka"), ("a", "b"), (long, "c"), ("d", "e")))
    words = "\n".join(pages(document("Kaikki", [table], "fi", LACKING)))
    assert words.count("sana") == 2000
    assert "Kuka: c" in words
    assert "d e" in words
