"""``python -m app.region check``: every mistake of a county's profile in a line."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from app.config import REGIONS
from app.region import main

PROFILE = json.loads((REGIONS / "tunturila.json").read_text("utf-8"))


def changed(tmp_path: Path, place: str, value: Any) -> str:
    """A copy of a profile with one thing changed; None takes it away."""
    profile = deepcopy(PROFILE)
    *path, last = place.split("/")
    part = profile
    for name in path:
        part = part[int(name) if isinstance(part, list) else name]
    if value is None:
        del part[last]
    else:
        part[last] = value
    file = tmp_path / "county.json"
    file.write_text(json.dumps(profile))
    return str(file)


@pytest.mark.parametrize("path", sorted(REGIONS.glob("*.json")), ids=lambda path: path.stem)
def test_our_regions_are_valid(path: Path) -> None:
    assert main(["check", str(path)]) == 0


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("colours/light/text", "#c0c0c0", "text on background is"),
        ("links", [], "links: accessibility is missing"),
        ("features/telepathy", True, "there is no such feature"),
        ("texts/fi/home.nonsense", "x", "the app has no such text"),
        ("pathways/shown", ["moon"], "there is no pathway 'moon'"),
        ("pathways/services", {"moon": "sun"}, "no pathway names this service"),
        ("pathways/phones", {"sleep.moon": "0100"}, "must be <pathway>.<contact>"),
        ("pathways/confirmed", {"sleep.moon.x": "x"}, "must be <pathway>.<step>.<confirm>"),
        ("pathways/confirmed", {"sleep.rest-exercise.recording": {"fi": "x"}}, "has no text in sv, en"),
        ("phones/exchange/number", "call us", "must be a telephone number"),
        ("name", {"fi": "x"}, "has no text in"),
        ("timezone", "Moon/Base", "must be a time zone"),
        ("timezone", "Europe", "must be a time zone"),
        ("timezone", "../secrets", "must be a time zone"),
        ("colours/dark", None, "must have exactly these palettes"),
        ("pathways/shown", ["sleep", "sleep"], "stands there twice"),
        (
            "links/0/url",
            {"fi": "http://x.example", "sv": "http://x.example", "en": "http://x.example"},
            "https://",
        ),
        ("langauges", ["fi"], "there is no such name here: is it spelt right?"),
        ("languages", None, "languages: is missing"),
        ("languages", ["fi", "klingon"], "not 'klingon'"),
        ("features", "all", "must be an object"),
        ("colours/light/text", "red", "'red' must be a colour"),
        ("colours/light", {}, "colours must have the same roles"),
        ("languages", ["fi", "fi"], "languages: 'fi' stands there twice"),
        ("links", [*PROFILE["links"], PROFILE["links"][0]], "links: 'website' stands there twice"),
        ("links/0/label", {"fi": "x"}, "links.website.label has no text in sv, en"),
        ("texts/fi/common.call", "Soita {nummer}", "the app has nothing for {nummer}"),
        ("texts/fi/common.call", "Soita {", "write {{ and }} for braces"),
        ("features/forms", "yes", "features.forms: must be true or false without quotes, not 'yes'"),
        ("features/forms", 1, "must be true or false without quotes, not 1"),
        ("promises/message_days", True, "must be a whole number, not True"),
        ("promises/message_days", "3", "must be a whole number, not '3'"),
        ("attachments", {"count": "4"}, "attachments.count: must be a whole number, not '4'"),
        ("promises/message_days", "five", "must be a whole number, not 'five'"),
        ("municipalities", "Tunturila", "municipalities: must be a list"),
        ("pathways/phones", {"sleep.moon": "0100"}, "in sleep there are health-centre"),
    ],
)
def test_a_mistake_is_told(
    tmp_path: Path, place: str, value: Any, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", changed(tmp_path, place, value)]) == 1
    told = capsys.readouterr().out
    assert said in told, told


@pytest.mark.parametrize("change", [{"text": None}, {"foo": "#000000"}], ids=["one too few", "one too many"])
def test_every_palette_has_the_roles_of_the_app_and_no_others(
    tmp_path: Path, change: dict[str, str | None], capsys: pytest.CaptureFixture[str]
) -> None:
    """The app would not start with them."""
    changed_ = {
        name: {role: colour for role, colour in (own | change).items() if colour}
        for name, own in PROFILE["colours"].items()
    }
    assert main(["check", changed(tmp_path, "colours", changed_)]) == 1
    told = capsys.readouterr().out
    assert "text is missing in every palette" in told or "the app has no role 'foo'" in told


def test_pathways_that_ask_for_forms_which_the_county_lacks_are_worth_a_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", changed(tmp_path, "features/forms", False)]) == 0
    assert "remark: features.forms: is off, and surgery ask for forms" in capsys.readouterr().out


def test_what_a_wording_leaves_out_is_worth_a_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", changed(tmp_path, "texts/fi/common.call", "Soita")]) == 0
    assert "remark: texts.fi.common.call: leaves out {number}" in capsys.readouterr().out


def test_a_text_with_another_name_than_the_county_gave_the_app_is_worth_a_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", changed(tmp_path, "texts/en/welcome.title", None)]) == 0
    assert "texts.en.welcome.title: says 'Welcome to the Digital Clinic'" in capsys.readouterr().out


def test_what_is_still_to_be_decided_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """For the units, in the county's first language; what is decided or mapped is not on it."""
    assert main(["open", str(REGIONS / "tunturila.json")]) == 0
    told = capsys.readouterr().out
    assert "pathways.confirmed.surgery.fasting.hours: Enheten bekräftar" in told
    assert "pathways.services.terveysasema: moving-more, sleep, surgery" in told
    assert "leikkausyksikko" not in told
    assert "rest-exercise" not in told
    assert told.endswith("13 to decide\n")


def test_a_file_that_is_not_there_or_not_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.json").write_text("{")
    assert main(["check", str(tmp_path / "bad.json")]) == 1
    assert "not valid JSON" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "none.json")]) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not valid JSON"),
        (b'{"id": "x",}', "not valid JSON"),
        (b"[]", "must be an object"),
        (json.dumps(PROFILE, ensure_ascii=False).encode("latin-1", "replace"), "must be saved as UTF-8"),
    ],
)
def test_a_file_that_is_no_profile_says_why(
    tmp_path: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "county.json"
    file.write_bytes(content)
    assert main(["check", str(file)]) == 1
    assert said in capsys.readouterr().out
    assert main(["check", str(tmp_path / "none.json")]) == 1
    assert "There is no region" in capsys.readouterr().out


def test_a_file_may_begin_with_the_mark_that_some_editors_write(tmp_path: Path) -> None:
    file = tmp_path / "county.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(PROFILE).encode())
    assert main(["check", str(file)]) == 0
