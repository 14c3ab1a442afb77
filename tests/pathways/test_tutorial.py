"""The tutorial of docs/pathways.md, step by step: what it says leads to a working pathway."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.pathways.compile import main as compile_main
from app.pathways.lint import check
from app.pathways.load import FOLDER

SLEEP = FOLDER / "sleep"
WORDS = {"title": "Puutarha", "summary": "Kaksi viikkoa.", "for_whom": "Sinulle.", "goal": "Viihdyt."}
STEPS = {
    "go-out": {"title": "Ulos", "text": ["Käy ulkona."], "outcome": "Kävit ulkona.", "checklist": ["Hattu"]},
    "how-was-it": {
        "title": "Miltä tuntui?",
        "text": ["Mieti."],
        "outcome": "Huomaat.",
        "questions": ["Miksi?"],
    },
}


def changed(file: Path, **parts: Any) -> None:
    """Write parts into a JSON file; None takes one out."""
    told = json.loads(file.read_text("utf-8")) | parts
    file.write_text(json.dumps({name: part for name, part in told.items() if part is not None}), "utf-8")


def written(garden: Path, language: str) -> None:
    """Step 3 in one language."""
    steps = {id: {**step, "text": [f"{language}: {step['text'][0]}"]} for id, step in STEPS.items()}
    told = {name: f"{words} ({language})" for name, words in WORDS.items()}
    stages = {"begin": {"title": "Alku", "summary": "Nyt."}}
    changed(garden / f"{language}.json", pictures=None, goals=None, stages=stages, steps=steps, **told)


def test_the_tutorial_leads_to_a_pathway_without_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    garden = tmp_path / "garden"
    garden.mkdir()
    for name in ("pathway.json", "fi.json"):
        (garden / name).write_bytes((SLEEP / name).read_bytes())
    structure = garden / "pathway.json"
    changed(structure, id="garden", version="0.1.0", icon="nature", languages=["fi"])
    first: list[dict[str, Any]] = [
        {"id": "go-out", "kind": "do", "when": {"from": "0d", "until": "6d"}},
        {"id": "how-was-it", "kind": "ask", "when": {"from": "7d", "until": "13d"}, "optional": True},
    ]
    changed(structure, stages=[{"id": "begin", "steps": first}], picture=None, goals=None)
    written(garden, "fi")
    assert check(garden, ["fi"]) == ()
    for language in ("sv", "en", "fi_selko"):
        (garden / f"{language}.json").write_bytes((SLEEP / f"{language}.json").read_bytes())
        written(garden, language)
    changed(structure, languages=["fi", "sv", "en", "fi_selko"])
    assert [one for one in check(garden) if not one.remark] == []
    dated = {"id": "soil", "kind": "do", "when": {"anchor": "planting", "from": "-7d", "until": "-1d"}}
    changed(structure, anchors=[{"id": "planting", "required": True}])
    changed(structure, stages=[{"id": "begin", "steps": [*first, dated]}])
    for language in ("fi", "sv", "en", "fi_selko"):
        told = json.loads((garden / f"{language}.json").read_text("utf-8"))
        soil = {"title": "Multa", "text": [f"{language}: Hanki multaa."], "outcome": "Multaa on."}
        changed(
            garden / f"{language}.json",
            steps=told["steps"] | {"soil": soil},
            anchors={"planting": {"label": f"Istutus {language}"}},
        )
    assert [one for one in check(garden) if not one.remark] == []
    out = tmp_path / "garden.json"
    assert compile_main([str(garden), "--out", str(out)]) == 0
    assert json.loads(out.read_text("utf-8"))["resourceType"] == "Bundle"
    assert "garden; 4 resources" in capsys.readouterr().err


def test_words_left_in_another_language_are_told_wherever_they_are(tmp_path: Path) -> None:
    garden = tmp_path / "sleep"
    garden.mkdir()
    for file in SLEEP.glob("*.json"):
        (garden / file.name).write_bytes(file.read_bytes())
    (garden / "pictures").symlink_to(SLEEP / "pictures")
    finnish = json.loads((garden / "fi.json").read_text("utf-8"))
    changed(garden / "sv.json", urgent=finnish["urgent"], summary=finnish["summary"])
    told = {one.place for one in check(garden) if "same as in fi" in str(one)}
    assert told >= {"urgent.breathing", "summary"}
