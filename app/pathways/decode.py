"""A pathway out of a PlanDefinition: whole when its files ride along, else what its elements say, with notes.

Any server's PlanDefinition draws or degrades: what cannot be shown is left out and told by a code in ``notes``.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from app.pathways.library import Pathway
from app.pathways.model import Structure
from app.pathways.texts import Texts

__all__ = ["NOTES", "from_definition"]

NOTES = ("conditions", "nested", "dynamic", "timing", "other-subject")
"""What may be noted: actions that depend on something, deeper groups, computed values, times that are not days, a
definition that is not for patients."""

Resource = Mapping[str, Any]


def from_definition(definition: Resource, language: str, title: str = "") -> Pathway | None:
    """The pathway in ``language`` as far as it can be read. None: there is nothing in it to show."""
    files = dict(_files(definition))
    if "pathway.json" in files:
        return _whole(files, language)
    return _outline(definition, language, title)


def _files(definition: Resource) -> Iterator[tuple[str, bytes]]:
    for artifact in _listed(definition.get("relatedArtifact")):
        document = artifact.get("document") or {}
        try:
            yield str(document.get("title")), base64.b64decode(str(document.get("data", "")), validate=True)
        except binascii.Error:
            continue


def _whole(files: Mapping[str, bytes], language: str) -> Pathway | None:
    try:
        structure = Structure.model_validate_json(files["pathway.json"])
        wanted = (language, language.partition("_")[0], *structure.languages)
        chosen = next(code for code in wanted if f"{code}.json" in files)
        texts = Texts.model_validate_json(files[f"{chosen}.json"])
    except (ValidationError, StopIteration):
        return None
    drawings = {
        name[:-4]: data.decode("utf-8", "replace") for name, data in files.items() if name.endswith(".svg")
    }
    return Pathway(structure, texts, chosen, drawings, sum(map(len, files.values())))


def _outline(definition: Resource, language: str, title: str) -> Pathway | None:
    """Stages and steps of an unknown definition, to be read only."""
    notes: set[str] = set()
    stages = [stage for stage in _stages(definition, notes) if stage["steps"]]
    if not stages:
        return None
    if definition.get("subjectReference"):
        notes.add("other-subject")
    name = str(definition.get("title") or definition.get("name") or title or definition.get("id") or "?")
    aims = _aims(definition)
    structure = {
        "id": "other",
        "version": "0.0.0",
        "languages": [language if language in ("fi", "sv", "en", "fi_selko", "se") else "en"],
        "access": "referral",
        "readers": "team",
        "sector": "TESA",
        "reviewed": "1970-01-01",
        "contacts": [{"id": "helpline", "phone": "116117"}],
        "urgent": [{"id": "emergency"}],
        "goals": list(aims),
        "stages": [
            {"id": stage["id"], "steps": [{"id": step["id"], "kind": "read"} for step in stage["steps"]]}
            for stage in stages
        ],
    }
    texts = {
        "title": name,
        **dict.fromkeys(("for_whom", "who_sees", "leaving"), "–"),
        "goal": next(iter(aims.values()), "–"),
        "goals": aims,
        "summary": str(definition.get("description") or definition.get("purpose") or name)[:2000],
        "contacts": {"helpline": {"name": "116117"}},
        "urgent": {"emergency": "112"},
        "stages": {stage["id"]: {"title": stage["title"], "summary": stage["title"]} for stage in stages},
        "steps": {
            step["id"]: {"title": step["title"], "text": step["text"], "outcome": step["title"]}
            for stage in stages
            for step in stage["steps"]
        },
    }
    made = Structure.model_validate_json(json.dumps(structure)), Texts.model_validate_json(json.dumps(texts))
    return Pathway(*made, "", notes=tuple(sorted(notes)))


def _aims(definition: Resource) -> dict[str, str]:
    """What it aims at, in words."""
    told = (_words(one.get("description")) for one in _listed(definition.get("goal")))
    return {f"goal-{number}": words for number, words in enumerate(filter(None, told), 1)}


def _words(concept: Any) -> str:
    if not isinstance(concept, Mapping):
        return ""
    shown = (one.get("display") for one in _listed(concept.get("coding")))
    return next((one for one in (concept.get("text"), *shown) if isinstance(one, str) and one), "")


def _stages(definition: Resource, notes: set[str]) -> Iterator[dict[str, Any]]:
    """Groups of actions are stages; actions by themselves are one stage."""
    loose: list[dict[str, Any]] = []
    for number, action in enumerate(_listed(definition.get("action")), 1):
        inner = _listed(action.get("action"))
        if not inner and _is_date(action):
            continue
        if inner:
            steps = [_step(one, f"a{number}-{place}", notes) for place, one in enumerate(inner, 1)]
            yield {"id": f"stage-{number}", "title": _title(action), "steps": steps}
        else:
            loose.append(_step(action, f"a{number}", notes))
    if loose:
        yield {
            "id": "stage-0",
            "title": str(definition.get("title") or definition.get("name") or "?"),
            "steps": loose,
        }


def _step(action: Resource, id: str, notes: set[str]) -> dict[str, Any]:
    for name, note in (
        ("condition", "conditions"),
        ("dynamicValue", "dynamic"),
        ("action", "nested"),
        ("trigger", "timing"),
    ):
        if action.get(name):
            notes.add(note)
    if any(key.startswith("timing") for key in action):
        notes.add("timing")
    words = [str(action[name]) for name in ("description", "textEquivalent") if action.get(name)]
    deeper = [f"- {_title(one)}" for one in _listed(action.get("action"))]
    return {"id": id, "title": _title(action), "text": [*words, *deeper] or [_title(action)]}


def _is_date(action: Resource) -> bool:
    """A date of ours, which is nothing to do."""
    codings = [c for one in _listed(action.get("code")) for c in _listed(one.get("coding"))]
    return any(str(coding.get("system", "")).endswith("/pathway-date") for coding in codings)


def _title(action: Resource) -> str:
    concept: Resource = next(iter(_listed(action.get("code"))), {})
    coding: Resource = next(iter(_listed(concept.get("coding"))), {})
    named = (action.get("title"), action.get("description"), action.get("textEquivalent"))
    fallback = (concept.get("text"), coding.get("display"), coding.get("code"), action.get("id"))
    return str(next((one for one in (*named, *fallback) if one), "?"))[:300]


def _listed(value: Any) -> list[Any]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
