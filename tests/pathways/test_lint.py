"""Every kind of mistake in a pathway is found and told in words; our own pathways have none."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.pathways.lint import check, folders, main
from app.pathways.load import FOLDER
from app.pathways.reading import blaming, lix, longest_sentence

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def sleep(tmp_path: Path) -> Path:
    """A copy of a pathway without mistakes."""
    return Path(shutil.copytree(FOLDER / "sleep", tmp_path / "sleep"))


def change(folder: Path, file: str, do: Change) -> None:
    """Change one file of a pathway."""
    told = json.loads((folder / file).read_text())
    do(told)
    (folder / file).write_text(json.dumps(told))


@pytest.mark.parametrize("folder", folders(FOLDER), ids=lambda path: path.name)
def test_our_own_pathways_have_no_mistakes(folder: Path) -> None:
    assert [str(one) for one in check(folder) if not one.remark] == []


def _first(told: dict[str, Any]) -> dict[str, Any]:
    step: dict[str, Any] = told["stages"][0]["steps"][0]
    return step


def _endless(told: dict[str, Any]) -> None:
    _first(told)["when"].update(repeat={"every": "1d"}, until=None)


def _long_winded(told: dict[str, Any]) -> None:
    told["steps"]["why-sleep"]["text"].append("on ja " * 9 + "se.")


WRONG: list[tuple[str, str, Change, str]] = [
    ("structure", "pathway.json", lambda d: d.update(id="other"), "the folder is 'sleep'"),
    ("structure", "pathway.json", lambda d: d.update(colour="red"), "is it spelt right?"),
    ("structure", "pathway.json", lambda d: _first(d).update(kind="reed"), "steps.why-sleep.kind: must be 'read'"),
    ("structure", "pathway.json", lambda d: _first(d)["when"].update({"from": "2 days"}), "from: must be a number"),
    ("structure", "pathway.json", lambda d: d.update(reviewed="27.11.2026"), "must be a date, such as"),
    ("structure", "pathway.json", lambda d: d["languages"].append("fi"), "'fi' stands there 2 times"),
    ("structure", "fi.json", lambda d: d["steps"]["why-sleep"].update(text="x"), "why-sleep.text: must be a list"),
    ("structure", "pathway.json", lambda d: _first(d).update(id="own-rhythm"), "stands there 2 times"),
    ("structure", "pathway.json", lambda d: _first(d)["when"].update({"from": "9d"}), "before it begins"),
    ("link", "pathway.json", lambda d: _first(d).update(contact="nobody"), "'nobody' is not among"),
    ("link", "pathway.json", lambda d: _first(d)["when"].update(anchor="moon"), "'moon' is not among"),
    ("link", "pathway.json", lambda d: _first(d).update(pictures=["lost"]), "there is no pictures/lost.svg"),
    ("link", "pathway.json", lambda d: d["urgent"][0].update(call="ghost"), "call 'ghost'"),
    ("contact", "pathway.json", lambda d: d["contacts"][0].pop("service"), "nobody can turn to it"),
    ("dead-end", "pathway.json", lambda d: _first(d).update(kind="form"), "needs 'form'"),
    ("dead-end", "pathway.json", lambda d: d.update(anchors=[{"id": "birth"}]), "no step hangs on it"),
    ("dead-end", "pathway.json", _endless, "without an end"),
    ("translation", "pathway.json", lambda d: d.update(languages=["fi", "sv", "en"]), "fi_selko is missing"),
    ("translation", "sv.json", lambda d: d["steps"].pop("why-sleep"), "is missing"),
    ("translation", "en.json", lambda d: d["steps"]["rest-exercise"].pop("transcript"), "no transcript"),
    ("translation", "en.json", lambda d: d["steps"]["own-rhythm"]["checklist"].pop(), "checklist has 2, in fi 3"),
    ("link", "fi.json", lambda d: d["steps"]["why-sleep"]["text"].append("Katso www.uni.fi"), "an address"),
    ("reading", "fi_selko.json", _long_winded, "19 words"),
    ("reading", "en.json", lambda d: d.update(goal="Multidisciplinary interprofessional rehabilitation " * 150), "LIX"),
    ("blame", "en.json", lambda d: d["steps"]["why-sleep"]["text"].append("You failed."), "'failed'"),
    ("blame", "fi.json", lambda d: d["steps"]["why-sleep"].update(outcome="Et laiminlyönyt mitään"), "laiminlyö"),
    ("outcome", "fi.json", lambda d: d["steps"]["why-sleep"].update(outcome="Miksi uni tulee ja menee"), "repeats"),
    ("structure", "fi.json", lambda d: d["steps"]["why-sleep"].pop("outcome"), "is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "file", "do", "said"), WRONG, ids=[f"{w[0]}: {w[3]}" for w in WRONG])
def test_a_mistake_is_found(sleep: Path, code: str, file: str, do: Change, said: str) -> None:
    change(sleep, file, do)
    found = [str(one) for one in check(sleep) if one.code == code]
    assert any(said in line for line in found), found


def test_a_mistake_within_a_step_is_told_once(sleep: Path) -> None:
    """Not again for the stages around it."""
    change(sleep, "pathway.json", lambda d: _first(d).update(kind="reed"))
    assert len(check(sleep)) == 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Pöllö".encode("latin-1"), "must be saved as UTF-8"),
        (b'{"title": "a",,}', "not valid JSON: Expecting property name"),
        (b"", "not valid JSON"),
        (b"[]", "must be an object"),
    ],
)
def test_a_file_that_is_no_object(sleep: Path, written: bytes, said: str) -> None:
    (sleep / "fi.json").write_bytes(written)
    assert [one.file for one in check(sleep) if said in one.what] == ["fi.json"]


def test_a_mark_that_editors_begin_a_file_with_and_a_name_given_twice(sleep: Path) -> None:
    written = (sleep / "fi.json").read_text("utf-8")
    (sleep / "fi.json").write_text(written, "utf-8-sig")
    assert check(sleep) == ()
    (sleep / "fi.json").write_text('{"title": "Toinen",' + written.lstrip()[1:], "utf-8")
    assert [one.what for one in check(sleep)] == ["'title' stands there twice, and only the last one counts"]


def test_a_pathway_by_referral_tells_how_to_get_in(sleep: Path) -> None:
    change(sleep, "pathway.json", lambda d: d.update(access="referral"))
    assert {one.place for one in check(sleep)} == {"how_to_get_in"}


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        ("<svg", "is not XML"),
        ("<svg><path d='M0 0'/></svg>", "no viewBox"),
        ("<svg viewBox='0 0 1 1'><script/></svg>", "<script> is not allowed"),
        ("<svg viewBox='0 0 1 1'><rect fill='#f00'/></svg>", "not a colour of the theme"),
        ("<svg viewBox='0 0 1 1'><rect onclick='x' fill='{primary}'/></svg>", "onclick is not allowed"),
    ],
)
def test_a_picture_is_shapes_in_the_colours_of_the_theme(sleep: Path, drawing: str, said: str) -> None:
    (sleep / "pictures" / "night-sky.svg").write_text(drawing)
    assert any(said in str(one) for one in check(sleep) if one.code == "picture")


def test_the_command_tells_and_ends_with_one(sleep: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(sleep.parent)]) == 0
    assert "4 stages, 14 steps" in capsys.readouterr().out
    (sleep / "sv.json").unlink()
    assert main([str(sleep)]) == 1
    assert "sv.json: there is no such file" in capsys.readouterr().out
    assert main([str(sleep / "pictures")]) == 1


def test_lix_is_words_in_a_sentence_and_the_share_of_long_ones() -> None:
    assert lix(["Minä nukun hyvin. Herään aamulla."]) == pytest.approx(5 / 2 + 100 * 1 / 5)
    assert lix([]) == 0
    assert longest_sentence(["Yksi. Kaksi sanaa on tässä."]) == "Kaksi sanaa on tässä."


@pytest.mark.parametrize(
    ("language", "text", "blames"),
    [("fi", "Epäonnistuit", True), ("fi_selko", "Älä luovuta", True), ("sv", "7 dagar i rad", True),
     ("sv", "platsen är lätt", False), ("en", "a 7-day streak", True), ("en", "safe and calm", False)],
)  # fmt: skip
def test_words_that_blame(language: str, text: str, blames: bool) -> None:
    assert bool(blaming(language, text)) is blames
