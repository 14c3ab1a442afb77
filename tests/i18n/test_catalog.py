"""Texts of a session: languages, plurals, placeholders, the region's own wordings, speed."""

import json
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.i18n import catalog
from app.i18n.catalog import LANGUAGES, LOCALES, Catalog, MissingTextError, files, parse, read


@pytest.mark.parametrize(
    ("language", "text"), [("fi", "Koti"), ("sv", "Hem"), ("en", "Home"), ("fi_selko", "Koti")]
)
def test_each_language_has_its_own_text(language: str, text: str) -> None:
    """A key is the same everywhere, its text is not."""
    assert Catalog(language)("nav.home") == text


def test_languages_name_themselves() -> None:
    """A resident finds the own language by its own name, Finnish first."""
    assert list(LANGUAGES.values()) == ["Suomi", "Svenska", "English", "Selkosuomi"]


def test_plural_follows_n() -> None:
    """One and many have their own forms; zero is many."""
    t = Catalog("fi", strict=True)

    assert t("home.unsent", n=1) == "1 asia odottaa lähetystä"
    assert t("home.unsent", n=0) == "0 asiaa odottaa lähetystä"
    assert t("home.unsent", n=5) == "5 asiaa odottaa lähetystä"


def test_placeholder_is_filled_and_never_read_as_a_pattern() -> None:
    """What a resident wrote may contain braces; it is shown as it is."""
    assert Catalog("fi")("home.greeting", name="{0.__class__}") == "Hei, {0.__class__}"


def test_missing_value_raises_in_strict_mode_only() -> None:
    """Tests find a forgotten value; a resident sees the rest of the sentence."""
    with pytest.raises(MissingTextError):
        Catalog("fi", strict=True)("home.greeting")

    assert Catalog("fi")("home.greeting") == "Hei, "


def test_missing_key_raises_in_strict_mode_only() -> None:
    """An unknown key shows itself rather than breaking a screen."""
    with pytest.raises(MissingTextError):
        Catalog("sv", strict=True)("no.such.text")

    assert Catalog("sv")("no.such.text") == "no.such.text"


def test_unknown_language_speaks_finnish() -> None:
    """A language without a catalogue falls back to Finnish, text by text."""
    assert Catalog("se")("nav.home") == "Koti"


def test_region_may_reword_any_text() -> None:
    """An override wins in its language and changes no other."""
    own = Catalog("sv", overrides={"nav.home": "Startsida"})

    assert own("nav.home") == "Startsida"
    assert Catalog("sv")("nav.home") == "Hem"


def test_common_values_are_known_to_every_text() -> None:
    """The county's name need not be handed to each call, but may be."""
    t = Catalog("en", values={"region": "Tunturila"}, strict=True)

    assert "Tunturila" in t("welcome.lead")
    assert "Elsewhere" in t("welcome.lead", region="Elsewhere")


def test_has_tells_whether_there_is_a_text() -> None:
    """A view may ask for an optional text first."""
    assert Catalog("en").has("nav.home")
    assert not Catalog("en").has("no.such.text")


@pytest.mark.parametrize(("language", "tag"), [("fi", "fi"), ("sv", "sv"), ("en", "en"), ("fi_selko", "fi")])
def test_tag_is_bcp_47(language: str, tag: str) -> None:
    """Screen readers know plain Finnish as Finnish."""
    assert Catalog(language).tag == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_reader_agrees_with_babel(language: str) -> None:
    """The quick reader gives what Babel's complete one gives."""
    for path in files(language):
        with path.open("rb") as file:
            messages = [m for m in read_po(file) if m.id]
        expected = {
            m.id[0] if isinstance(m.id, tuple) else m.id: m.string
            if isinstance(m.string, tuple)
            else (m.string,)
            for m in messages
        }

        assert parse(path.read_text("utf-8")) == expected


def test_reader_understands_continued_and_escaped_lines() -> None:
    """Texts over several lines, quotes and line breaks come out as they were meant."""
    po = 'msgid ""\nmsgstr "header"\n\n#, c-format\nmsgid "a"\nmsgstr ""\n"one\\n"\n"\\"two\\""\n'

    assert parse(po) == {"a": ('one\n"two"',)}


def test_catalogue_is_read_once() -> None:
    """What has been read is remembered for all sessions."""
    catalog.read.cache_clear()

    assert read("fi") is read("fi")


def test_missing_folder_is_an_empty_catalogue() -> None:
    """Only known languages are looked up: a name from outside never becomes a path."""
    assert not read("../../../etc")
    assert Path(LOCALES, "fi").is_dir()


def test_texts_made_for_the_browser_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file in place of those of the rooms (``web/packages.py`` writes it)."""
    texts = catalog.texts_of("sv")
    (tmp_path / "sv").mkdir()
    (tmp_path / "sv" / catalog.COMPILED).write_text(json.dumps(texts), "utf-8")
    monkeypatch.setattr(catalog, "LOCALES", tmp_path)
    assert catalog.read.__wrapped__("sv") == texts
    assert len(texts) > 1000
