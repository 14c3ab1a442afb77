"""Settings of a run and region profiles: what they say, and how clearly a mistake is told."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from app.components.theme import GRAPHIC_PAIRS, PALETTES, ROLES, TEXT_PAIRS, contrast_ratio
from app.config import PALETTES as REGION_PALETTES
from app.config import REGIONS, ConfigError, Flags, Region, Words, load_region, read_settings
from app.domain.finding import red_flags
from app.i18n.catalog import LANGUAGES, read

ALL = sorted(path.stem for path in REGIONS.glob("*.json"))
PROFILE = json.loads((REGIONS / "tunturila.json").read_text("utf-8"))


def profile_with(tmp_path: Path, **changes: Any) -> str:
    """A file with the fictitious county's profile, some of it changed; ``a__b`` is b inside of a."""
    profile = deepcopy(PROFILE)
    for place, value in changes.items():
        *path, last = place.split("__")
        part = profile
        for name in path:
            part = part[name]
        part[last] = value
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(profile))
    return str(file)


def test_two_counties_have_nothing_hard_wired() -> None:
    """Name, colours, languages, phones, promises and limits all differ."""
    ours, other = load_region("paijat-hame"), load_region("tunturila")

    assert ours.name("fi") == "Päijät-Hämeen hyvinvointialue"
    assert other.name("sv") == "Tunturila välfärdsområde"
    assert ours.languages[0] == "fi"
    assert other.languages[0] == "sv"
    for part in ("name", "colours", "languages", "phones", "promises", "attachments", "links", "texts"):
        assert getattr(ours, part) != getattr(other, part), part


@pytest.mark.parametrize("name", ALL)
def test_profile_speaks_its_languages(name: str) -> None:
    """Each profile is valid, in the app's languages, and rewords only texts that exist."""
    region = load_region(name)

    assert region.id == name
    assert set(region.languages) <= set(LANGUAGES)
    assert all(key in read("fi") for texts in region.texts.values() for key in texts)


@pytest.mark.parametrize("name", ALL)
def test_profile_has_every_colour(name: str) -> None:
    """The roles are those of the look, in all four palettes."""
    assert REGION_PALETTES == PALETTES
    assert all(set(colours) == set(ROLES) for colours in load_region(name).colours.values())


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("palette", PALETTES)
def test_profile_can_be_read(name: str, palette: str) -> None:
    """Contrast: text 4.5:1 and shapes 3:1, in high contrast 7:1 and 4.5:1 (WCAG 1.4.3, 1.4.6, 1.4.11)."""
    colours = load_region(name).colours[palette]
    high = palette.startswith("high")

    for pairs, least in ((TEXT_PAIRS, 7.0 if high else 4.5), (GRAPHIC_PAIRS, 4.5 if high else 3.0)):
        weak = [pair for pair in pairs if contrast_ratio(colours[pair[0]], colours[pair[1]]) < least]
        assert weak == []


@pytest.mark.parametrize("name", ALL)
def test_elsewhere_is_complete(name: str) -> None:
    """What is held elsewhere has a name, a source and a safe address in each language (A12)."""
    region = load_region(name)

    assert region.elsewhere
    for link in (*region.elsewhere, *region.links):
        for language in region.languages:
            assert link.label(language)
            assert link.url(language).startswith("https://")
    assert all(link.source("sv") and link.hint("sv") for link in region.elsewhere)


def test_emergency_words_of_all_languages_are_looked_for() -> None:
    """Somebody using the Finnish app may write Swedish; the own language's words come first."""
    flags = load_region("paijat-hame").red_flags

    assert red_flags("Jag har ont i bröstet", flags("fi")) == ("ont i bröstet",)
    assert red_flags("Minulla on rintakipua", flags("fi_selko")) == ("rintakipua",)
    assert flags("sv")[0] == Flags(flags.root)("sv")[0] == flags.root["sv"][0]


def test_features_and_links_are_asked_by_name() -> None:
    """What a county has not is off."""
    region = load_region("tunturila")
    privacy = region.link("privacy")

    assert region.has("messages")
    assert not region.has("appointments")
    assert privacy is not None
    assert privacy.label("sv") == "Dataskyddsbeskrivning"
    assert region.link("nothing") is None


def test_own_wordings_of_a_county() -> None:
    """They are by language; a language without any has none."""
    region = load_region("tunturila")

    assert region.overrides("fi")["home.what_do_you_need"] == "Miten voimme auttaa?"
    assert region.overrides("fi_selko") == {}


def test_words_fall_back() -> None:
    """Plain Finnish is Finnish unless given; a single text is for everybody."""
    assert Words({"fi": "Apu", "sv": "Hjälp"})("fi_selko") == "Apu"
    assert Words({"fi": "Apu", "fi_selko": "Autan"})("fi_selko") == "Autan"
    assert Words({"sv": "Hjälp"})("en") == "Hjälp"
    assert Words("Omaolo")("en") == "Omaolo"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": {"fi": "Alue"}}, "name has no text in sv, en"),
        ({"phones__exchange__number": "soita meille"}, "phones.exchange.number: must be a telephone number"),
        ({"phones__exchange__name": {"sv": "Växel"}}, "phones.exchange.name has no text in fi, en"),
        ({"colours__dark__primary": "blue"}, "colours.dark.primary"),
        ({"colours": {"light": PROFILE["colours"]["light"]}}, "exactly these palettes"),
        (
            {"colours__dark": {"primary": "#000000"}},
            "the same roles in every palette; check dark: background",
        ),
        ({"timezone": "Europe/Lahti"}, "timezone: must be a time zone such as Europe/Helsinki"),
        ({"languages": []}, "languages"),
        ({"languages": ["fi", "tlh"]}, "languages.1"),
        ({"collours": {}}, "collours: there is no such name here"),
        ({"fhir_base": "http://fhir.example.fi"}, "must be https"),
        ({"promises": {"message_days": 99}}, "promises.message_days"),
        ({"id": "Päijät Häme"}, "id:"),
    ],
)
def test_mistakes_in_a_profile_are_told_where_they_are(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    """One line with the file, the place and what it should be."""
    with pytest.raises(ConfigError) as caught:
        load_region(profile_with(tmp_path, **changes))

    assert "changed.json: " in str(caught.value)
    assert words in str(caught.value)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Nobody mends a profile one error at a time."""
    file = profile_with(tmp_path, timezone="x", phones__exchange__number="y", id="Z")

    with pytest.raises(ConfigError) as caught:
        load_region(file)

    assert len(str(caught.value).splitlines()) == 3


def test_unknown_region_lists_the_known_ones() -> None:
    """A misspelt name is easy to mend."""
    with pytest.raises(ConfigError, match=r"no region 'paijathame'.*paijat-hame, tunturila"):
        load_region("paijathame")


def test_broken_json_is_told(tmp_path: Path) -> None:
    """The place of the error is told too."""
    file = tmp_path / "broken.json"
    file.write_text('{"id": ')

    with pytest.raises(ConfigError, match=r"broken\.json: not valid JSON"):
        load_region(str(file))


def test_profile_cannot_change() -> None:
    """All sessions of a process share it."""
    region = load_region("tunturila")

    with pytest.raises(ValueError):
        region.id = "other"  # type: ignore[misc]
    assert isinstance(region, Region)


def test_settings_need_nothing() -> None:
    """Without arguments it is the app of this machine with the stub beside it."""
    settings = read_settings()

    assert settings.region == "paijat-hame"
    assert settings.fhir_base == "http://127.0.0.1:8040/fhir"
    assert settings.data_dir.is_absolute()
    assert not settings.tester


def test_arguments_win_over_environment() -> None:
    """The command line is nearest to whoever starts it."""
    settings = read_settings(
        ["--web", "--port", "9000", "--platform", "https://platform.example/", "--no-tester"],
        {"APP_PORT": "8600", "APP_REGION": "tunturila", "APP_TESTER": "yes"},
    )

    assert (settings.web, settings.port, settings.region, settings.tester) == (True, 9000, "tunturila", False)
    assert settings.platform_url == "https://platform.example"


def test_environment_of_the_tools_is_understood(tmp_path: Path) -> None:
    """PLATFORM_PORT of the Makefile, and the storage folder that a packaged app is given."""
    settings = read_settings((), {"PLATFORM_PORT": "8041", "FLET_APP_STORAGE_DATA": str(tmp_path)})

    assert settings.platform_url == "http://127.0.0.1:8041"
    assert settings.data_dir == tmp_path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "99999"], "--port (or APP_PORT): "),
        (["--port", "many"], "--port (or APP_PORT): "),
        (["--platform", "platform.example"], "--platform (or PLATFORM_URL): must be an address"),
        (["--platform", "http://platform.example"], "must be https"),
        (["--public-url", "ftp://app.example"], "--public-url (or APP_URL): must be an address"),
    ],
)
def test_mistakes_in_settings_name_the_option(arguments: list[str], words: str) -> None:
    """The message says which option, and which variable could have set it."""
    with pytest.raises(ConfigError) as caught:
        read_settings(arguments)

    assert words in str(caught.value)
