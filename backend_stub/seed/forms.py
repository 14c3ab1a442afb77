"""Forms: the questionnaires of our own (assets/questionnaires), those that were sent to residents, and some answers."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend_stub.seed.residents import Resident, Roster, content, stable_id
from backend_stub.seed.words import Resource, reference, spoken

FOLDER = Path(__file__).parents[2] / "assets" / "questionnaires"
SDC_CODES = "http://hl7.org/fhir/uv/sdc/CodeSystem/temp"
LANGUAGES = "https://digiklinikka.example/fhir/ValueSet/languages"
Told = dict[str, Any]
Event = tuple[datetime, Resource]


@lru_cache(maxsize=1)
def questionnaires() -> tuple[Resource, ...]:
    """Every form of our own."""
    return tuple(json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json")))


def value_sets() -> tuple[Resource, ...]:
    """Value sets that forms ask the server to expand."""
    concepts = [_concept(told) for told in content("languages")]
    inside = {"include": [{"system": "urn:ietf:bcp:47", "concept": concepts}]}
    named = {"url": LANGUAGES, "name": "Languages", "title": "Kielet", "status": "active"}
    return ({"resourceType": "ValueSet", "id": "languages", **named, "compose": inside},)


def _concept(told: list[str]) -> Resource:
    code, finnish, swedish, english = told
    others = [{"language": "sv", "value": swedish}, {"language": "en", "value": english}]
    return {"code": code, "display": finnish, "designation": others}


def sent_forms(seed: int, roster: Roster, now: datetime) -> Iterator[Event]:
    """The Tasks that ask residents to fill in a form, and the answers of those that did."""
    known = {form["id"]: form for form in questionnaires()}
    for told in content("forms"):
        who, form = roster.get(told["resident"]), known.get(told["form"])
        if who is not None and form is not None:
            yield from _sent(seed, told, who, form, now)


def _sent(seed: int, told: Told, who: Resident, form: Resource, now: datetime) -> Iterator[Event]:
    asked = now - timedelta(days=told["asked"])
    task = task_of(
        id=stable_id(seed, "form", told["resident"], told["form"]),
        form=form,
        patient=who.patient,
        requester=reference("HealthcareService", told["service"], service_name(told["service"])),
        purpose=told["purpose"],
        asked=asked,
        due=now + timedelta(days=told["due"]),
    )
    if "visit" in told:
        visit = stable_id(seed, "appointment", told["resident"], *map(str, told["visit"]))
        task["reasonReference"] = reference("Appointment", visit)
    yield asked, task
    if "done" in told:
        done = now - timedelta(days=told["done"])
        answer = _answer(stable_id(seed, "answer", told["resident"], told["form"]), told, who, form, done)
        yield done, answer
        yield done, {**task, "status": "completed", "output": [output(answer["id"])]}


def task_of(
    *,
    id: str,
    form: Resource,
    patient: str,
    requester: Resource,
    purpose: list[str],
    asked: datetime,
    due: datetime,
) -> Resource:
    """A Task as SDC asks for a form: ``purpose`` in Finnish, Swedish and English."""
    kind = {"coding": [{"system": SDC_CODES, "code": "questionnaire"}]}
    told = [
        one for one in form.get("extension", ()) if one["url"].rpartition("/")[2] in ("reader", "minutes")
    ]
    return {
        "resourceType": "Task",
        "id": id,
        "extension": told,
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": SDC_CODES, "code": "complete-questionnaire"}]},
        **spoken("description", purpose),
        "for": reference("Patient", patient),
        "authoredOn": asked.isoformat(timespec="seconds"),
        "requester": requester,
        "owner": reference("Patient", patient),
        "restriction": {"period": {"end": due.date().isoformat()}},
        "input": [{"type": kind, "valueCanonical": form["url"]}],
    }


def output(answer: str) -> Resource:
    """What a Task has when it was answered."""
    kind = {"coding": [{"system": SDC_CODES, "code": "questionnaire-response"}]}
    return {"type": kind, "valueReference": reference("QuestionnaireResponse", answer)}


def service_name(key: str) -> str:
    """The Finnish name of a service."""
    for sector in ("tesa", "peso", "iku", "pela"):
        for told in content(f"services-{sector}"):
            if told["key"] == key:
                return str(told["name"][0])
    return key


def _answer(id: str, told: Told, who: Resident, form: Resource, done: datetime) -> Resource:
    me = reference("Patient", who.patient)
    return {
        "resourceType": "QuestionnaireResponse",
        "id": id,
        "questionnaire": f"{form['url']}|{form['version']}",
        "status": "completed",
        "subject": me,
        "authored": done.isoformat(timespec="seconds"),
        "author": me,
        "source": me,
        "item": list(_items(form["item"], told["answers"])),
    }


def _items(items: list[Resource], answers: dict[str, Any]) -> Iterator[Resource]:
    for item in items:
        given = answers.get(item["linkId"])
        if given is None:
            continue
        said = {"linkId": item["linkId"], "text": item["text"]}
        if isinstance(given, dict):
            yield {**said, "item": list(_items(item["item"], given))}
        else:
            yield {**said, "answer": [_value(item, given)]}


def _value(item: Resource, given: Any) -> Resource:
    if item["type"] == "choice":
        chosen = next(o["valueCoding"] for o in item["answerOption"] if o["valueCoding"]["code"] == given)
        return {"valueCoding": {key: chosen[key] for key in ("system", "code", "display")}}
    names = {"boolean": "valueBoolean", "integer": "valueInteger", "time": "valueTime"}
    return {names.get(item["type"], "valueString"): given}
