"""Pathways as R4: valid by HL7's schema, everything kept, and other servers' definitions drawn or degraded."""

import json
from pathlib import Path

import pytest

from app.pathways.compile import bundle, main, plan_definition, resources
from app.pathways.decode import NOTES, from_definition
from app.pathways.lint import folders
from app.pathways.load import FOLDER, read_structure, read_texts
from tests.fhir_schema import problems
from tests.pathways.examples import pathway, step

OTHERS = Path(__file__).parent.parent / "data" / "plans"


@pytest.mark.parametrize("folder", folders(FOLDER), ids=lambda path: path.name)
def test_every_pathway_compiles_to_a_valid_bundle(folder: Path) -> None:
    made = bundle(folder, "https://county.example/fhir")
    assert problems(made) == []
    definition = made["entry"][0]["resource"]
    ids = {action["id"] for action in definition["action"]}
    named = [step for stage in definition["action"] for step in stage.get("action", ())]
    assert {one["actionId"] for step in named for one in step.get("relatedAction", ())} <= ids
    urls = {f"{one['resource']['url']}|{one['resource']['version']}" for one in made["entry"][1:]}
    assert {step["definitionCanonical"] for step in named} == urls


@pytest.mark.parametrize("language", ["fi", "sv", "en", "fi_selko"])
def test_nothing_is_lost_on_the_way(language: str) -> None:
    drawn = from_definition(resources(FOLDER / "sleep")[0], language)
    assert drawn is not None
    assert drawn.structure == read_structure(FOLDER / "sleep")
    assert drawn.texts == read_texts(FOLDER / "sleep", language)
    assert "night-sky" in drawn.pictures


def test_a_server_that_drops_the_files_still_gives_stages_and_steps() -> None:
    definition = resources(FOLDER / "sleep")[0]
    definition.pop("relatedArtifact")
    drawn = from_definition(definition, "en")
    assert drawn is not None
    assert [stage.id for stage in drawn.structure.stages] == ["stage-2", "stage-3", "stage-4", "stage-5"]
    assert "timing" in drawn.notes


def test_what_has_nothing_to_show_is_nothing() -> None:
    assert from_definition({"resourceType": "PlanDefinition", "status": "active"}, "fi") is None
    assert (
        from_definition({"relatedArtifact": [{"document": {"title": "pathway.json", "data": "e30="}}]}, "fi")
        is None
    )


def test_definitions_of_other_servers_draw_or_degrade_with_a_note() -> None:
    drawn = 0
    for path in sorted(OTHERS.glob("PlanDefinition-*.json")):
        made = from_definition(json.loads(path.read_text()), "fi")
        drawn += made is not None
        assert made is None or set(made.notes) <= set(NOTES)
    assert drawn >= 5


def test_a_pathway_without_dates_has_no_timing() -> None:
    assert "relatedAction" not in json.dumps(plan_definition(pathway(step("a")), {}))


def test_the_command_writes_a_bundle_and_refuses_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "bundle.json"
    assert main([str(FOLDER / "sleep"), "--out", str(out)]) == 0
    assert json.loads(out.read_text())["type"] == "transaction"
    assert main([str(FOLDER / "sleep")]) == 0
    assert '"transaction"' in capsys.readouterr().out
    assert main([str(tmp_path)]) == 1
