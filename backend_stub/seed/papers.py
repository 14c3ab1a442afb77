"""Documents and decisions with real files, consents, and who has looked (rows E7, E9, E10)."""

import base64
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from backend_stub.seed.happened import Event, Life, Told, doctor, lives, stamp, unit, unit_name
from backend_stub.seed.paper import paper
from backend_stub.seed.picture import fundus
from backend_stub.seed.residents import Roster, content
from backend_stub.seed.words import Resource, coded, extension, reference, spoken

_HL7 = "http://terminology.hl7.org/CodeSystem/"
_SCOPE = {"coding": [{"system": f"{_HL7}consentscope", "code": "patient-privacy"}]}
_CONSENTS = (
    ("raija", "feedback", "permit", 420),
    ("raija", "development", "permit", 200),
    ("aino", "feedback", "permit", 90),
    ("kerstin", "research", "permit", 300),
    ("sanna", "result-release", "deny", 120),
)
_LOOKS = {"aino": 9, "raija": 34, "veikko": 12, "kerstin": 6, "sanna": 18, "mikko": 8, "eetu": 4, "liisa": 5}
_SEEN = (
    ("terveysasema", "jussi", ("Laboratoriotulokset", "Laboratorieresultat", "Laboratory results")),
    ("terveysasema", "kaisa", ("Hoitokirjaukset", "Journalanteckningar", "Visit notes")),
    ("diabeteshoitaja", "marja", ("Mittaukset", "Mätningar", "Measurements")),
    ("suun-terveydenhuolto", "tiina", ("Yhteystiedot", "Kontaktuppgifter", "Contact details")),
    ("terveysasema", "jussi", ("Reseptit", "Recept", "Prescriptions")),
)


def papers(seed: int, roster: Roster, now: datetime) -> Iterator[Event]:
    """Everything of these kinds with its time."""
    for life, told in lives(seed, roster, now, content("papers")):
        yield from _document(life, told)
    for key, category, kind, days in _CONSENTS:
        for life, _ in lives(seed, roster, now, [{"resident": key}]):
            yield life.at(days), _consent(life, category, kind, days)
    for key, times in _LOOKS.items():
        for life, _ in lives(seed, roster, now, [{"resident": key}]):
            for turn in range(times):
                yield _look(life, turn)


def _document(life: Life, told: Told) -> Iterator[Event]:
    at = life.at(told["days"])
    data, kind = _file(told)
    file = {
        "resourceType": "Binary",
        "id": life.id("file", told["file"]),
        "contentType": kind,
        "securityContext": life.subject,
        "data": base64.b64encode(data).decode("ascii"),
    }
    yield at, file
    yield at + timedelta(minutes=1), _reference(life, told, at, file, len(data))


def _file(told: Told) -> tuple[bytes, str]:
    if told.get("picture"):
        return fundus(), "image/png"
    return paper(told["lines"]), "application/pdf"


def _reference(life: Life, told: Told, at: datetime, file: Resource, size: int) -> Resource:
    extras = []
    if "appeal" in told:
        until = (at + timedelta(days=told["appeal"])).date().isoformat()
        extras = [extension("appeal-deadline", valueDate=until)]
    language = told.get("language", "fi")
    attachment = {"contentType": file["contentType"], "language": language, "size": size}
    attachment |= {"url": f"Binary/{file['id']}", "title": told["file"]}
    return {
        "resourceType": "DocumentReference",
        "id": life.id("document", told["file"]),
        **({"extension": extras} if extras else {}),
        "status": "current",
        "type": spoken("text", told["name"]),
        "category": [coded("document-category", told["kind"])],
        "subject": life.subject,
        "date": stamp(at),
        "author": [doctor(told["by"]), unit(told["service"])],
        "custodian": unit(told["service"]),
        **(spoken("description", told["about"]) if "about" in told else {}),
        "content": [{"attachment": attachment}],
    }


def _consent(life: Life, category: str, kind: str, days: float) -> Resource:
    return {
        "resourceType": "Consent",
        "id": life.id("consent", category),
        "status": "active",
        "scope": _SCOPE,
        "category": [coded("consent", category)],
        "patient": life.subject,
        "dateTime": stamp(life.at(days)),
        "performer": [life.subject],
        "policyRule": {"coding": [{"system": f"{_HL7}v3-ActCode", "code": "OPTIN"}]},
        "provision": {"type": kind},
    }


def _look(life: Life, turn: int) -> Event:
    chance = random.Random(f"{life.seed}/{life.who.key}/look/{turn}")
    service, by, what = _SEEN[chance.randrange(len(_SEEN))]
    at = life.at(1.5 + turn * 11 + chance.random() * 6)
    role: Any = next(one["role"] for one in content("professionals") if one["key"] == by)
    return at, {
        "resourceType": "AuditEvent",
        "id": life.id("look", str(turn)),
        "type": {"system": f"{_HL7}audit-event-type", "code": "rest", "display": "RESTful Operation"},
        "subtype": [{"system": "http://hl7.org/fhir/restful-interaction", "code": "read"}],
        "action": "R",
        "recorded": stamp(at),
        "outcome": "0",
        "purposeOfEvent": [{"coding": [{"system": f"{_HL7}v3-ActReason", "code": "TREAT"}]}],
        "agent": [{"who": doctor(by), "requestor": True, "role": [spoken("text", role)]}],
        "source": {**spoken("site", unit_name(service)), "observer": unit(service)},
        "entity": [
            {"what": reference("Patient", life.who.patient), **spoken("name", what)},
        ],
    }
