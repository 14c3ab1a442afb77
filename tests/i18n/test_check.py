"""The check of the catalogues finds each kind of mistake, and the project's own catalogues have none."""

from pathlib import Path

import pytest

from app.i18n.catalog import Forms
from app.i18n.check import Wanted, check, fuzzy, long_sentences, main, twice

GOOD: dict[str, Forms] = {"a.b": ("Hei {name}",), "c.n": ("{n} viesti", "{n} viestiä")}


def catalogues(**changed: dict[str, Forms]) -> dict[str, dict[str, Forms]]:
    """Four good catalogues, some texts of one changed; an empty tuple takes a text away."""
    all_texts = {
        language: {**GOOD, **changed.get(language, {})} for language in ("fi", "sv", "en", "fi_selko")
    }
    return {language: {k: v for k, v in texts.items() if v} for language, texts in all_texts.items()}


def test_the_projects_catalogues_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """What ``make check`` runs finds no mistake."""
    found = main()

    assert found == 0, capsys.readouterr().out


def test_good_catalogues_have_no_mistakes() -> None:
    """The examples below differ from these in one thing each."""
    assert list(check(catalogues())) == []


@pytest.mark.parametrize(
    ("language", "texts", "words"),
    [
        ("sv", {"a.b": ()}, "lacks a.b"),
        ("sv", {"x.y": ("Extra",)}, "fi lacks, x.y"),
        ("en", {"a.b": (" ",)}, "is empty"),
        ("en", {"a.b": ("Hello",)}, "placeholders"),
        ("fi_selko", {"a.b": ("Hei {nimi}",)}, "placeholders"),
        ("sv", {"c.n": ("{n} meddelande",)}, "plural forms"),
        ("en", {"a.b": ("Hello {name.upper}",)}, "plain names"),
        ("en", {"a.b": ("Hello {name",)}, "expected '}'"),
        ("fi_selko", {"a.b": ("sana " * 16,)}, "16 words"),
    ],
)
def test_each_mistake_is_told(language: str, texts: dict[str, Forms], words: str) -> None:
    """One line names language, key and what is wrong."""
    (line,) = check(catalogues(**{language: texts}))

    assert language in line
    assert words in line


def test_plain_finnish_may_leave_a_value_out() -> None:
    """Simpler may mean fewer details."""
    assert list(check(catalogues(fi_selko={"a.b": ("Hei",)}))) == []


def test_plain_finnish_may_not_repeat_a_long_text() -> None:
    """More than twelve words have to be put more simply, even when the sentences are short."""
    long = {"a.b": ("Yksi kaksi kolme neljä viisi kuusi seitsemän. " * 2 + "{name}",)}

    assert any(
        "repeats" in line for line in check(catalogues(**dict.fromkeys(("fi", "sv", "en", "fi_selko"), long)))
    )


def test_sentences_are_counted_one_by_one() -> None:
    """A long text of short sentences is plain."""
    assert list(long_sentences({"a.b": ("Yksi kaksi. Kolme neljä? Viisi: kuusi",)}, 2)) == []


def test_code_is_searched_for_keys(tmp_path: Path) -> None:
    """Literal keys must exist, patterns must fit something, what nothing names is listed."""
    (tmp_path / "view.py").write_text(
        't("a.b")\nt("a.x" if wide else "a.b")\nt(f"q.{kind}")\nt(f"c.{kind}")\n'
    )
    wanted = Wanted(tmp_path)

    assert list(wanted.missing(GOOD)) == [
        "view.py:2: there is no text a.x",
        r"view.py:3: no text fits q\..+",
    ]
    assert list(wanted.unused({**GOOD, "old.one": ("Vanha",)})) == [
        "1 texts that the code does not name: old.one"
    ]


def test_fuzzy_texts_are_mistakes(tmp_path: Path) -> None:
    """A doubtful translation is not shipped."""
    path = tmp_path / "sv" / "LC_MESSAGES" / "app.po"
    path.parent.mkdir(parents=True)
    path.write_text('#, fuzzy\nmsgid "a"\nmsgstr "b"\n')

    assert list(fuzzy(tmp_path)) == ["sv: has fuzzy texts"]


def test_a_text_stands_in_one_file_only(tmp_path: Path) -> None:
    """Two files of a catalogue do not both say what a key means."""
    folder = tmp_path / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for name in ("app.po", "booking.po"):
        (folder / name).write_text('msgid "a"\nmsgstr "b"\n')

    assert list(twice(tmp_path)) == ["sv: a is there twice"]
