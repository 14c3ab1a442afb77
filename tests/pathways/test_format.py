"""The file format: the schemas beside the pathways are those of the models, and every pathway can be read."""

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from app.pathways.library import Library
from app.pathways.load import FOLDER, PathwayError, read_structure, read_texts, schema
from app.pathways.schema import FILES

FOLDERS = sorted(path.parent for path in FOLDER.glob("*/pathway.json"))


@pytest.mark.parametrize("name", FILES)
def test_schema_beside_the_pathways_is_current(name: str) -> None:
    """Run ``python -m app.pathways.schema`` after a change of the format."""
    assert (FOLDER / name).read_text() == schema(*FILES[name])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_pathway_can_be_read(folder: Path) -> None:
    structure = read_structure(folder)
    assert structure.id == folder.name
    for language in structure.languages:
        texts = read_texts(folder, language)
        assert set(texts.steps) == {step.id for step in structure.steps}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_schemas_say_the_same_as_the_models(folder: Path) -> None:
    for path in folder.glob("*.json"):
        name = "pathway.schema.json" if path.stem == "pathway" else "texts.schema.json"
        checks = jsonschema_rs.validator_for(json.loads((FOLDER / name).read_text()))
        assert not list(checks.iter_errors(json.loads(path.read_text())))


def test_a_mistake_is_told_with_its_file_and_place(tmp_path: Path) -> None:
    made = json.loads((FOLDER / "sleep" / "pathway.json").read_text())
    made["stages"][0]["steps"][0]["when"]["from"] = "two weeks"
    (tmp_path / "pathway.json").write_text(json.dumps(made))
    with pytest.raises(
        PathwayError, match=r"pathway\.json: stages\.know\.steps\.why-sleep\.when\.from: .*two weeks"
    ):
        read_structure(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("optional", "yes", "optional: must be true or false without quotes, not 'yes'"),
        ("optional", "on", "not 'on'"),
        ("optional", 1, "must be true or false without quotes, not 1"),
        ("measure", {"what": "pain", "limits": [{"id": "x", "above": "7"}]}, "must be a number, not '7'"),
        (
            "when",
            {"from": "0d", "repeat": {"every": "1d", "times": True}},
            "must be a whole number, not True",
        ),
    ],
)
def test_true_and_numbers_are_written_as_such(tmp_path: Path, name: str, value: Any, said: str) -> None:
    """Otherwise a word such as "no" could be taken for something else by another reader of the file."""
    made = json.loads((FOLDER / "sleep" / "pathway.json").read_text())
    made["stages"][0]["steps"][0][name] = value
    (tmp_path / "pathway.json").write_text(json.dumps(made))
    with pytest.raises(PathwayError) as told:
        read_structure(tmp_path)
    assert said in str(told.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PathwayError, match="there is no such file"):
        read_texts(tmp_path, "fi")


def test_a_pathway_without_words_for_a_step_is_left_out_of_the_library(tmp_path: Path) -> None:
    """While somebody writes it; the screens never meet a step without a name."""
    shutil.copytree(FOLDER / "sleep", tmp_path / "sleep")
    assert Library((), tmp_path).get("sleep", "fi") is not None
    told = json.loads((tmp_path / "sleep" / "fi.json").read_text("utf-8"))
    del told["steps"]["why-sleep"]
    (tmp_path / "sleep" / "fi.json").write_text(json.dumps(told))
    assert Library((), tmp_path).get("sleep", "fi") is None
    assert Library((), tmp_path).get("sleep", "sv") is not None
