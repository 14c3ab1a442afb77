"""Laboratory results: panels over years, trends, comparators, codes, texts, corrected, cancelled and held back ones
(rows E1 to E3)."""

import base64
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from backend_stub.seed.happened import Event, Life, Told, doctor, lives, stamp, unit
from backend_stub.seed.paper import paper
from backend_stub.seed.residents import Roster, content
from backend_stub.seed.words import Resource, extension, spoken

UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"
LOCAL = "urn:oid:1.2.246.537.6.3.2006"
"""The Finnish code system of laboratory examinations (Kuntaliitto)."""
RELEASE = "https://hl7.fi/fhir/finnish-base-profiles/StructureDefinition/ReleaseDateForPatientViewing"
HELD = "held-result"
"""What the Basic is called that keeps a result until it may be seen."""
_HL7 = "http://terminology.hl7.org/CodeSystem/"
_LABORATORY = [{"coding": [{"system": f"{_HL7}observation-category", "code": "laboratory"}]}]
_CODES: dict[str, tuple[str, str, tuple[str, str, str], str]] = {
    "neg": ("260385009", "Negative", ("Negatiivinen", "Negativt", "Negative"), "NEG"),
    "pos": ("10828004", "Positive", ("Positiivinen", "Positivt", "Positive"), "POS"),
    "a-pos": ("278149003", "Blood group A Rh(D) positive", ("A Rh+", "A Rh+", "A Rh+"), ""),
}


def laboratory(seed: int, roster: Roster, now: datetime) -> Iterator[Event]:
    """Every result and every panel, with its time."""
    for life, told in lives(seed, roster, now, content("laboratory")):
        for turn in range(told.get("times", 1)):
            yield from _taken(life, told, turn)


def _taken(life: Life, told: Told, turn: int) -> Iterator[Event]:
    at = life.at(told["first"] + turn * told.get("every", 0))
    results = [_result(life, told, turn, name, how, at) for name, how in told["values"].items()]
    for result in results:
        yield at + timedelta(hours=5 if at.date() < life.now.date() else 0), result
    for (name, how), result in zip(told["values"].items(), results, strict=True):
        if "held" in how:
            yield at, _kept_back(life, name, how, result)
    if "name" in told:
        yield from _written(life, told, at)
        yield at + timedelta(hours=6 if at.date() < life.now.date() else 0), _panel(life, told, at, results)


def _written(life: Life, told: Told, at: datetime) -> Iterator[Event]:
    """The answer as the laboratory wrote it, for panels that have one."""
    if "answer" in told:
        data = base64.b64encode(paper(told["answer"])).decode("ascii")
        kind, id = "application/pdf", _answer_id(life, at)
        file = {"resourceType": "Binary", "id": id, "contentType": kind, "securityContext": life.subject}
        yield at, file | {"data": data}


def _answer_id(life: Life, at: datetime) -> str:
    return life.id("answer", stamp(at))


def _form(life: Life, told: Told, at: datetime) -> Resource:
    if "answer" not in told:
        return {}
    size, url = len(paper(told["answer"])), f"Binary/{_answer_id(life, at)}"
    about = {"contentType": "application/pdf", "language": "fi", "size": size, "url": url}
    return {"presentedForm": [about | {"title": "laboratoriovastaus.pdf"}]}


def _panel(life: Life, told: Told, at: datetime, results: list[Resource]) -> Resource:
    newest = at > life.now - timedelta(days=60)
    comment = spoken("conclusion", told["comment"]) if "comment" in told and newest else {}
    author = {"resultsInterpreter": [doctor(told["by"])]} if comment else {}
    return {
        "resourceType": "DiagnosticReport",
        "id": life.id("panel", told["name"][0], stamp(at)),
        "status": "final",
        "category": [{"coding": [{"system": f"{_HL7}v2-0074", "code": "LAB"}]}],
        "code": spoken("text", told["name"]),
        "subject": life.subject,
        "effectiveDateTime": stamp(at),
        "issued": stamp(at),
        "performer": [unit(told["unit"])],
        "result": [{"reference": f"Observation/{one['id']}"} for one in results],
        **comment,
        **author,
        **_form(life, told, at),
    }


def _result(life: Life, told: Told, turn: int, name: str, how: Told, at: datetime) -> Resource:
    name = how["then"] if turn >= how.get("until", 10**6) else name
    about = content("analytes")[name]
    body: Resource = {
        "resourceType": "Observation",
        "id": life.id("result", name, stamp(at)),
        "status": how.get("status", "final"),
        "category": _LABORATORY,
        "code": {
            "coding": [
                {"system": LOINC, "code": about["loinc"], "display": about["display"]},
                {"system": LOCAL, "code": about["local"][0], "display": about["local"][1]},
            ],
            **spoken("text", about["name"]),
        },
        "subject": life.subject,
        "effectiveDateTime": stamp(at),
        "performer": [unit(told["unit"])],
    }
    if "note" in how:
        body["note"] = [spoken("text", how["note"])]
    return body | _outcome(life, told, turn, how, about)


def _outcome(life: Life, told: Told, turn: int, how: Told, about: Told) -> Resource:
    """The value in its form, or why there is none."""
    if "held" in how:
        until = {"url": RELEASE, "valueDate": life.day(-how["held"]).isoformat()}
        return {"status": "registered", "extension": [until], **_absent("masked")}
    if how.get("status") == "cancelled":
        return _absent("error")
    if "text" in how:
        return {"valueString": how["text"]}
    if "code" in how:
        return _code(how["code"])
    if "below" in how:
        return {"valueQuantity": {"comparator": "<", **_quantity(how["below"], about)}} | _range(life, about)
    value = _value(life, told, turn, how, about)
    return (
        {"valueQuantity": _quantity(value, about)}
        | _range(life, about)
        | _flag(value, how, _limits(life, about))
    )


def _kept_back(life: Life, name: str, how: Told, result: Resource) -> Resource:
    """What a held result says, where no resident can read it; ``created`` is the day on which it is shown."""
    outcome: Resource = {
        "status": "final",
        "valueCodeableConcept": spoken("text", how["says"]),
    }
    return {
        "resourceType": "Basic",
        "id": life.id("held", name, result["id"]),
        "extension": [extension("held-outcome", valueString=json.dumps(outcome, ensure_ascii=False))],
        "identifier": [{"system": "https://digiklinikka.example/fhir/held-result", "value": result["id"]}],
        "code": {"text": HELD},
        "created": life.day(-how["held"]).isoformat(),
    }


def _absent(code: str) -> Resource:
    return {"dataAbsentReason": {"coding": [{"system": f"{_HL7}data-absent-reason", "code": code}]}}


def _code(name: str) -> Resource:
    code, display, words, flag = _CODES[name]
    coding = {"system": "http://snomed.info/sct", "code": code, "display": display}
    found: Resource = {"valueCodeableConcept": {"coding": [coding], **spoken("text", words)}}
    return found | ({"interpretation": [_interpretation(flag)]} if flag else {})


def _value(life: Life, told: Told, turn: int, how: Told, about: Told) -> float:
    if "is" in how:
        return float(how["is"])
    if turn == how.get("peak"):
        return float(how["peak-value"])
    last = max(told.get("times", 1) - 1, 1)
    chance = random.Random(f"{life.seed}/{life.who.key}/{about['loinc']}/{turn}")
    value = how["to"] + (how["from"] - how["to"]) * turn / last
    value += chance.uniform(-1, 1) * how["spread"]
    if about["unit"] == "%" and about["loinc"] == "4548-4":
        value = value / 10.929 + 2.15
    return round(value, 0 if value >= 50 else 1)


def _quantity(value: float, about: Told) -> Resource:
    number = int(value) if float(value).is_integer() and value >= 20 else value
    return {
        "value": number,
        "unit": about.get("shown", about["unit"].replace("/L", "/l")) or "INR",
        "system": UCUM,
        "code": about["unit"],
    }


def _limits(life: Life, about: Told) -> tuple[float | None, float | None]:
    if "male" in about and life.who.gender == "male":
        return about["male"][0], about["male"][1]
    return about.get("low"), about.get("high")


def _range(life: Life, about: Told) -> dict[str, Any]:
    low, high = _limits(life, about)
    ends = {"low": low, "high": high}
    found = {end: _quantity(value, about) for end, value in ends.items() if value is not None}
    return {"referenceRange": [found]} if found else {}


def _flag(value: float, how: Told, limits: tuple[float | None, float | None]) -> Resource:
    low, high = limits
    code = ""
    if low is not None and value < low:
        code = "LL" if value < how.get("critical-low", -(10**9)) else "L"
    if high is not None and value > high:
        code = "HH" if value > how.get("critical", 10**9) else "H"
    return {"interpretation": [_interpretation(code)]} if code else {}


def _interpretation(code: str) -> Resource:
    return {"coding": [{"system": f"{_HL7}v3-ObservationInterpretation", "code": code}]}
