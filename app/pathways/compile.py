"""``python -m app.pathways.compile FOLDER [--out FILE] [--base URL]`` turns pathways into an R4 transaction Bundle.

One PlanDefinition for a pathway, with an action for each date, stage and step, and one ActivityDefinition for each
step; every text in all its languages. The files themselves ride along as ``relatedArtifact.document``, so that
nothing of the format is lost on the way (``decode`` reads them again).
"""

import argparse
import base64
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from app.pathways.lint import check, folders
from app.pathways.load import read_structure, read_texts
from app.pathways.model import START, Kind, Stage, Step, Structure, When
from app.pathways.span import split
from app.pathways.texts import Texts
from app.pathways.wire import AIM, CANONICAL, TRANSLATION, TURN, Resource

__all__ = ["bundle", "main", "plan_definition", "resources"]

Words = Mapping[str, Texts]
_UNITS = {"d": ("d", "day"), "w": ("wk", "week"), "m": ("mo", "month")}
_KINDS = {
    Kind.FORM: "Task",
    Kind.MEASURE: "ServiceRequest",
    Kind.MESSAGE: "CommunicationRequest",
    Kind.BOOK: "Appointment",
    Kind.ASK: "CommunicationRequest",
}
_CODES = "https://digiklinikka.example/fhir/CodeSystem/"


def bundle(folder: Path, base: str = "") -> Resource:
    """The transaction Bundle of one pathway. PathwayError: its files are wrong. ``base``: of the full addresses."""
    made = resources(folder)
    return {"resourceType": "Bundle", "type": "transaction", "entry": [_entry(one, base) for one in made]}


def resources(folder: Path) -> list[Resource]:
    """The PlanDefinition of a pathway and the ActivityDefinitions it names."""
    structure = read_structure(folder)
    words: dict[str, Texts] = {language: read_texts(folder, language) for language in structure.languages}
    steps = [_activity(structure, step, words) for step in structure.steps]
    return [plan_definition(structure, words, folder), *steps]


def plan_definition(structure: Structure, words: Words, folder: Path | None = None) -> Resource:
    """The pathway as an R4 PlanDefinition; with ``folder`` its files ride along."""
    made: Resource = {
        "resourceType": "PlanDefinition",
        "id": structure.id,
        "url": CANONICAL + structure.id,
        "version": structure.version,
        "name": "".join(part.capitalize() for part in structure.id.split("-")),
        **_spoken("title", {code: one.title for code, one in words.items()}),
        "type": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/plan-definition-type",
                    "code": "workflow-definition",
                }
            ]
        },
        "status": "active",
        "subjectCodeableConcept": {
            "coding": [{"system": "http://hl7.org/fhir/resource-types", "code": "Patient"}]
        },
        "date": structure.reviewed,
        "lastReviewDate": structure.reviewed,
        **_spoken("description", {code: one.summary for code, one in words.items()}),
        **_spoken("purpose", {code: one.for_whom for code, one in words.items()}),
        **_spoken("usage", {code: one.who_sees for code, one in words.items()}),
        "topic": [_coded("sector", structure.sector), _coded("pathway-access", structure.access.value)],
        "goal": list(_goals(structure, words)),
        "action": [
            *_anchors(structure, words),
            *(_stage(structure, stage, words) for stage in structure.stages),
        ],
    }
    if folder is not None:
        made["relatedArtifact"] = list(_files(structure, folder))
    return made


def _goals(structure: Structure, words: Words) -> Iterator[Resource]:
    """What the pathway aims at; one that names no goals has its aim in a sentence."""
    named = {id: {code: one.goals[id] for code, one in words.items()} for id in structure.goals}
    for id, told in (named or {AIM: {code: one.goal for code, one in words.items()}}).items():
        yield {"id": id, "description": _spoken("text", told)}


def _anchors(structure: Structure, words: Words) -> Iterator[Resource]:
    """A date is an action that happens by itself; steps are timed from it."""
    yield {"id": f"anchor-{START}", "title": START, "code": [_coded("pathway-date", START)]}
    for anchor in structure.anchors:
        labels = {
            code: one.anchors[anchor.id].label for code, one in words.items() if anchor.id in one.anchors
        }
        yield {
            "id": f"anchor-{anchor.id}",
            **_spoken("title", labels),
            "code": [_coded("pathway-date", anchor.id)],
        }


def _stage(structure: Structure, stage: Stage, words: Words) -> Resource:
    texts = {code: one.stages[stage.id] for code, one in words.items()}
    return {
        "id": f"stage-{stage.id}",
        **_spoken("title", {code: one.title for code, one in texts.items()}),
        **_spoken("description", {code: one.summary for code, one in texts.items()}),
        "groupingBehavior": "logical-group",
        "action": [_step(structure, step, words) for step in stage.steps],
    }


def _step(structure: Structure, step: Step, words: Words) -> Resource:
    texts = {code: one.steps[step.id] for code, one in words.items()}
    made: Resource = {
        "id": step.id,
        **_spoken("title", {code: one.title for code, one in texts.items()}),
        "code": [_coded("pathway-step", step.kind.value)],
        "requiredBehavior": "could" if step.optional else "must-unless-documented",
        "definitionCanonical": f"{_activity_url(structure, step)}|{structure.version}",
    }
    if step.when:
        made["relatedAction"] = [_related(step.when)]
        if step.when.before:
            end = {"actionId": f"anchor-{step.when.before}", "relationship": "before-start"}
            made["relatedAction"].append(end)
        if step.when.repeat:
            made["timingTiming"] = _timing(step.when)
    return made


def _related(when: When) -> Resource:
    low, high = split(when.since), split(when.until or when.since)
    ends = {"low": _quantity(*low), "high": _quantity(*high)}
    return {"actionId": f"anchor-{when.anchor}", "relationship": "after-start", "offsetRange": ends}


def _quantity(number: int, unit: str) -> Resource:
    code, name = _UNITS[unit]
    return {"value": number, "unit": name, "system": "http://unitsofmeasure.org", "code": code}


def _timing(when: When) -> Resource:
    assert when.repeat is not None
    number, unit = split(when.repeat.every)
    repeat: Resource = {"frequency": 1, "period": number, "periodUnit": _UNITS[unit][0]}
    if when.repeat.times:
        repeat["count"] = when.repeat.times
    return {"repeat": repeat}


def _activity(structure: Structure, step: Step, words: Words) -> Resource:
    texts = {code: one.steps[step.id] for code, one in words.items()}
    prose = {code: _markdown(one.text) for code, one in texts.items()}
    made: Resource = {
        "resourceType": "ActivityDefinition",
        "id": f"{structure.id}-{step.id}"[:64],
        "url": _activity_url(structure, step),
        "version": structure.version,
        **_spoken("title", {code: one.title for code, one in texts.items()}),
        "status": "active",
        "date": structure.reviewed,
        **_spoken("description", prose),
        **_spoken("purpose", {code: one.outcome for code, one in texts.items()}),
        "kind": _KINDS.get(step.kind, "Task"),
        "intent": "proposal",
        "code": _coded("pathway-step", step.kind.value),
    }
    if step.kind is Kind.BOOK:
        made.pop("intent")
    return made


def _activity_url(structure: Structure, step: Step) -> str:
    return f"{CANONICAL.replace('PlanDefinition', 'ActivityDefinition')}{structure.id}-{step.id}"


def _files(structure: Structure, folder: Path) -> Iterator[Resource]:
    named = ["pathway.json", *(f"{language}.json" for language in structure.languages)]
    pictures = sorted(folder.glob("pictures/*.svg"))
    for path in (*(folder / name for name in named), *pictures):
        kind = "image/svg+xml" if path.suffix == ".svg" else "application/json"
        data = base64.b64encode(path.read_bytes()).decode()
        document = {"contentType": kind, "data": data, "title": path.name}
        yield {"type": "documentation", "label": path.name, "document": document}


def _markdown(paragraphs: Sequence[str]) -> str:
    return "\n\n".join(paragraphs)


def _spoken(name: str, by_language: Mapping[str, str]) -> Resource:
    """The element in the first language, the others as translations beside it."""
    told = [(code, text) for code, text in by_language.items() if text]
    if not told:
        return {}
    (_, first), *others = told
    extensions = [_translation(code, text, name) for code, text in others]
    return {name: first, **({f"_{name}": {"extension": extensions}} if extensions else {})}


def _translation(code: str, text: str, name: str) -> Resource:
    value = "valueMarkdown" if name in ("description", "purpose", "usage") else "valueString"
    tag = "fi-x-selko" if code == "fi_selko" else code
    parts = [{"url": "lang", "valueCode": tag}, {"url": "content", value: text}]
    return {"url": TRANSLATION, "extension": parts}


def _coded(system: str, code: str) -> Resource:
    return {"coding": [{"system": TURN if system == "turn" else _CODES + system, "code": code}]}


def _entry(resource: Resource, base: str) -> Resource:
    address = f"{resource['resourceType']}/{resource['id']}"
    full = {"fullUrl": f"{base.rstrip('/')}/{address}"} if base else {}
    return {**full, "resource": resource, "request": {"method": "PUT", "url": address}}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code. A pathway with mistakes is not compiled."""
    parser = argparse.ArgumentParser(prog="python -m app.pathways.compile", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, help="where the Bundle is written; standard output if left out")
    parser.add_argument("--base", default="", help="base of the FHIR server, for full addresses")
    given = parser.parse_args(arguments)
    found = folders(given.folder)
    wrong = [f"{folder.name}: {one}" for folder in found for one in check(folder) if not one.remark]
    if wrong or not found:
        sys.stderr.write("\n".join(wrong or [f"{given.folder}: no pathway here"]) + "\n")
        return 1
    entries = [entry for folder in found for entry in bundle(folder, given.base)["entry"]]
    text = json.dumps(
        {"resourceType": "Bundle", "type": "transaction", "entry": entries}, ensure_ascii=False, indent=1
    )
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
        sys.stderr.write(
            f"{given.out}: {', '.join(folder.name for folder in found)}; {len(entries)} resources\n"
        )
    else:
        sys.stdout.write(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
