"""Vaccinations, diagnoses, allergies, visits and referrals (rows E5, E6, C13)."""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from backend_stub.seed.happened import Event, Life, Told, doctor, lives, stamp, unit
from backend_stub.seed.medicines import ATC
from backend_stub.seed.residents import Roster, content
from backend_stub.seed.words import Resource, coded, extension, reference, spoken

_HL7 = "http://terminology.hl7.org/CodeSystem/"
ICD10 = "urn:oid:1.2.246.537.6.1.1999"
"""The Finnish edition of ICD-10 (THL)."""


def records(seed: int, roster: Roster, now: datetime) -> Iterator[Event]:
    """Everything of these kinds with its time."""
    yield from _vaccinations(seed, roster, now)
    for life, told in lives(seed, roster, now, content("conditions")["diagnoses"]):
        yield life.at(told["days"]), _diagnosis(life, told)
    for life, told in lives(seed, roster, now, content("conditions")["allergies"]):
        yield life.at(told["days"] if told["days"] < 2100 else 2100), _allergy(life, told)
    for life, told in lives(seed, roster, now, content("visits")):
        yield from _visit(life, told)
    for life, told in lives(seed, roster, now, content("referrals")):
        yield from _referral(life, told)


def _vaccinations(seed: int, roster: Roster, now: datetime) -> Iterator[Event]:
    for told in content("vaccinations"):
        spread = [
            {"resident": key, "days": days} for key, given in told["residents"].items() for days in given
        ]
        for life, one in lives(seed, roster, now, spread):
            yield life.at(one["days"]), _vaccination(life, told, one["days"])


def _vaccination(life: Life, told: Told, days: float) -> Resource:
    status: dict[str, Any] = {"status": "completed"}
    if "not_done" in told:
        status = {"status": "not-done", "statusReason": spoken("text", told["not_done"])}
    return {
        "resourceType": "Immunization",
        "id": life.id("vaccination", told["atc"], str(days)),
        **status,
        "vaccineCode": {"coding": [{"system": ATC, "code": told["atc"]}], **spoken("text", told["name"])},
        "patient": life.subject,
        "occurrenceDateTime": stamp(life.at(days)),
        "performer": [{"actor": unit("rokotukset")}],
        "protocolApplied": [{"targetDisease": [spoken("text", told["against"])], "doseNumberPositiveInt": 1}],
        **({"lotNumber": told["lot"]} if told["lot"] else {}),
    }


def _diagnosis(life: Life, told: Told) -> Resource:
    ended = {"abatementDateTime": life.day(told["ended"]).isoformat()} if "ended" in told else {}
    verification = "provisional" if told.get("unsure") else "confirmed"
    return {
        "resourceType": "Condition",
        "id": life.id("diagnosis", told["icd"], str(told["days"])),
        "clinicalStatus": _hl7("condition-clinical", "resolved" if ended else "active"),
        "verificationStatus": _hl7("condition-ver-status", verification),
        "category": [_hl7("condition-category", "encounter-diagnosis")],
        "code": {"coding": [{"system": ICD10, "code": told["icd"]}], **spoken("text", told["name"])},
        "subject": life.subject,
        "onsetDateTime": life.day(told["days"]).isoformat(),
        "recordedDate": stamp(life.at(told["days"])),
        "recorder": doctor(told["by"]),
        **ended,
    }


def _allergy(life: Life, told: Told) -> Resource:
    kind = {} if told["kind"] == "risk" else {"category": [told["kind"]]}
    code = {"coding": [{"system": ATC, "code": told["atc"]}]} if "atc" in told else {}
    harm = spoken("text", told["reaction"]) if "reaction" in told else None
    severity = {"severity": "severe"} if told.get("severe") else {}
    return {
        "resourceType": "AllergyIntolerance",
        "id": life.id("allergy", told["name"][0]),
        "clinicalStatus": _hl7(
            "allergyintolerance-clinical", "resolved" if told.get("resolved") else "active"
        ),
        "verificationStatus": _hl7("allergyintolerance-verification", "confirmed"),
        **kind,
        "criticality": "high" if told.get("severe") else "low",
        "code": {**code, **spoken("text", told["name"])},
        "patient": life.subject,
        "recordedDate": life.day(told["days"]).isoformat(),
        **({"reaction": [{"manifestation": [harm], **severity}]} if harm else {}),
    }


def _visit(life: Life, told: Told) -> Iterator[Event]:
    at = life.at(told["days"])
    meeting: dict[str, Any] = {
        "resourceType": "Encounter",
        "id": life.id("visit", stamp(at)),
        "status": "finished",
        "class": {"system": f"{_HL7}v3-ActCode", "code": "AMB", "display": "ambulatory"},
        "type": [spoken("text", told["kind"])],
        "subject": life.subject,
        "participant": [{"individual": doctor(told["by"])}],
        "period": {"start": stamp(at), "end": stamp(at + timedelta(minutes=30))},
        "reasonCode": [spoken("text", told["reason"])],
        "serviceProvider": unit(told["service"]),
    }
    yield at, meeting
    yield at + timedelta(minutes=40), _note(life, told, at, meeting["id"])


def _note(life: Life, told: Told, at: datetime, visit: str) -> Resource:
    language = told.get("language", "fi")
    data = base64.b64encode(told["note"].encode()).decode("ascii")
    return {
        "resourceType": "DocumentReference",
        "id": life.id("note", stamp(at)),
        "language": language,
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": "11506-3", "display": "Progress note"}]},
        "category": [coded("document-category", "note")],
        "subject": life.subject,
        "date": stamp(at),
        "author": [doctor(told["by"])],
        "content": [
            {"attachment": {"contentType": "text/plain; charset=utf-8", "language": language, "data": data}}
        ],
        "context": {"encounter": [reference("Encounter", visit)]},
    }


def _referral(life: Life, told: Told) -> Iterator[Event]:
    """One version for each step it has taken."""
    for turn in range(1, len(told["steps"]) + 1):
        steps = told["steps"][:turn]
        yield life.at(steps[-1][1]), _referral_at(life, told, steps)


def _referral_at(life: Life, told: Told, steps: list[Any]) -> Resource:
    extras = [_step(life, code, days) for code, days in steps]
    if "due" in told:
        extras.append(extension("care-guarantee", valueDate=life.day(-told["due"]).isoformat()))
    return {
        "resourceType": "ServiceRequest",
        "id": life.id("referral", told["name"][0]),
        "extension": extras,
        "status": "completed" if steps[-1][0] == "done" else "active",
        "intent": "order",
        "code": spoken("text", told["name"]),
        "subject": life.subject,
        "authoredOn": stamp(life.at(told["steps"][0][1])),
        "requester": doctor(told["by"]),
        "performer": [{**reference("HealthcareService", told["to"]), **_named(told["to"])}],
        "reasonCode": [spoken("text", told["reason"])],
    }


def _named(service: str) -> Resource:
    return {name: value for name, value in unit(service).items() if "display" in name}


def _step(life: Life, code: str, days: float) -> Resource:
    parts = [{"url": "code", "valueCode": code}, {"url": "at", "valueDateTime": stamp(life.at(days))}]
    return {"url": extension("progress")["url"], "extension": parts}


def _hl7(system: str, code: str) -> Resource:
    return {"coding": [{"system": f"{_HL7}{system}", "code": code}]}
