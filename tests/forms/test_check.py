"""The tool for form authors: one line for each questionnaire, valid responses, nothing crashes."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.forms.check import run
from tests.fhir_schema import problems
from tests.forms.making import choice, control, ext, fhirpath, form, item

STRANGE = form(
    item("a", "colour"),
    item("b", "choice", answerValueSet="http://example.org/none"),
    item("c", ext=[ext("questionnaire-hidden", valueBoolean=True)]),
)
LIMITED = form(
    item("zip", ext=[ext("regex", valueString=r"[0-9]{5}")], required=True),
    item(
        "kg",
        "quantity",
        ext=[ext("questionnaire-unit", valueCoding={"code": "kg", "display": "kg"})],
        required=True,
    ),
    item("g", "group", item("when", "date"), item("at", "dateTime"), item("clock", "time"), repeats=True),
    item("file", "attachment", ext=[ext("mimeType", valueCode="image/png"), ext("maxSize", valueDecimal=1)]),
    item("many", "choice", repeats=True, ext=[control("check-box")], answerOption=choice("a", "b", "c")),
    item(
        "later",
        "integer",
        enableWhen=[{"question": "kg", "operator": "exists", "answerBoolean": True}],
        required=True,
    ),
    item(
        "sum",
        "integer",
        readOnly=True,
        ext=[fhirpath("calculatedExpression", "%resource.item.where(linkId='later').answer.value + 1")],
    ),
    url="https://example.org/Questionnaire/limited",
)


async def check(
    place: Path, capsys: pytest.CaptureFixture[str], out: Path | None = None
) -> list[dict[str, Any]]:
    """The lines that are printed."""
    assert await run(place, 7, out) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


async def test_a_folder_of_all_kinds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Well, strange and broken ones; those within bundles; what is no questionnaire is passed over."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"resource": LIMITED}, {"resource": {"resourceType": "Patient"}}],
    }
    files = {"bundle": bundle, "strange": STRANGE, "patient": {"resourceType": "Patient"}, "empty": form()}
    for name, body in files.items():
        (folder / f"{name}.json").write_text(json.dumps(body))
    (folder / "broken.json").write_text("{")
    (folder / "deep.json").write_text('{"item":[' * 50_000)

    lines = {line["file"]: line for line in await check(folder, capsys, out)}

    assert {name: line["status"] for name, line in lines.items()} == {
        "broken.json": "unreadable",
        "bundle.json#0": "ok",
        "deep.json": "unreadable",
        "empty.json": "unreadable",
        "strange.json": "degraded",
    }
    assert lines["bundle.json#0"]["items"] == lines["bundle.json#0"]["shown"] == 10
    assert {note["code"] for note in lines["strange.json"]["notes"]} == {"type", "value-set", "hidden"}
    response = json.loads((out / "bundle__0.json").read_text())
    assert problems(response) == []
    assert [one["linkId"] for one in response["item"]] == ["zip", "kg", "g", "file", "many", "later", "sum"]


ONE = form(item("a"))
ODD_FILES = {
    "array.json": json.dumps([ONE, ONE]),
    "lines.ndjson": f"{json.dumps(ONE)}\n\n{json.dumps(ONE)}",
    "mark.JSON": "\ufeff" + json.dumps(ONE),
    "parameters.json": json.dumps(
        {"resourceType": "Parameters", "parameter": [{"name": "p", "part": [{"name": "q", "resource": ONE}]}]}
    ),
    "half.json": json.dumps(form(item("a\ud800", text="\udc00"))),
    "markup.xml": '<Questionnaire xmlns="http://hl7.org/fhir"/>',
    "other.xml": "<Patient/>",
    "page.json": "<html>",
    "null.json": "null",
}


async def test_files_as_authors_have_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lists, lines, parameters, byte order marks, half characters; what cannot be read is said, the rest goes on."""
    for name, text in ODD_FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "folder.json").mkdir()
    lines = await check(tmp_path, capsys, tmp_path / "out")
    assert {line["file"]: line["status"] for line in lines} == {
        **dict.fromkeys(("array.json#0", "array.json#1", "lines.ndjson#0", "lines.ndjson#1"), "ok"),
        **dict.fromkeys(("mark.JSON", "parameters.json#1#1#0", "half.json"), "ok"),
        **dict.fromkeys(("markup.xml", "page.json"), "unreadable"),
    }
    page = next(line for line in lines if line["file"] == "page.json")
    assert page["notes"] == [{"code": "xml", "detail": "The file is markup; FHIR is read as JSON only."}]
    assert {frozenset(line) for line in lines} == {
        frozenset(("file", "status", "items", "shown", "notes", "ms"))
    }


async def test_everything_hidden_is_told_and_answers_keep_to_the_rules_of_the_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is within a hidden group too; a telephone number is found for who asks for one."""
    rule = [
        ext("key", valueId="k"),
        ext("severity", valueCode="error"),
        ext("expression", valueString=r"answer.value.matches('^\\d{3}-\\d{3}-\\d{4}$')"),
    ]
    for part in rule:
        part["url"] = part["url"].rpartition("/")[2]
    hidden = item(
        "g", "group", item("in", required=True), ext=[ext("questionnaire-hidden", valueBoolean=True)]
    )
    asked = form(hidden, item("phone", ext=[ext("targetConstraint", extension=rule)]))
    (tmp_path / "q.json").write_text(json.dumps(asked))
    (line,) = await check(tmp_path, capsys, tmp_path / "out")
    assert (line["status"], line["items"], line["shown"]) == ("ok", 3, 1)
    assert [note["item"] for note in line["notes"]] == ["g", "in"]
    response = json.loads((tmp_path / "out" / "q.json").read_text())
    assert response["item"][-1]["answer"] == [{"valueString": "555-123-4567"}]


async def test_a_value_set_in_the_same_folder_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a server would give it."""
    concepts = {"include": [{"system": "urn:x", "concept": [{"code": "k", "display": "K"}]}]}
    values = {"resourceType": "ValueSet", "url": "http://example.org/none", "compose": concepts}
    (tmp_path / "v.json").write_text(json.dumps(values))
    (tmp_path / "q.json").write_text(json.dumps(form(item("b", "choice", answerValueSet=values["url"]))))
    assert [line["status"] for line in await check(tmp_path, capsys)] == ["ok"]


async def test_every_form_of_our_own_is_honoured_wholly(capsys: pytest.CaptureFixture[str]) -> None:
    """Only the value set that a server expands is not in the folder."""
    lines = await check(Path("assets/questionnaires"), capsys)
    assert {line["file"]: line["notes"] for line in lines if line["status"] != "ok"}.keys() == {
        "appointment-preparation.json",
        "interpreter-needs.json",
    }
    assert all(note["code"] == "value-set" for line in lines for note in line["notes"])
