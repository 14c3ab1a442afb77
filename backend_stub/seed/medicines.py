"""Prescriptions and the requests to renew them, in every state (row E4)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from backend_stub.seed.happened import Event, Life, Told, doctor, lives, stamp
from backend_stub.seed.residents import Roster, content
from backend_stub.seed.words import Resource, extension, spoken

ATC = "http://www.whocc.no/atc"
STATES = {
    "sent": ("active",),
    "handling": ("active", "on-hold"),
    "renewed": ("active", "on-hold", "completed"),
    "denied": ("active", "on-hold", "stopped"),
}
"""What the statuses of a request went through until it stood there."""


def medicines(seed: int, roster: Roster, now: datetime) -> Iterator[Event]:
    """Each prescription, and each version of each request, with its time."""
    for life, told in lives(seed, roster, now, content("medicines")):
        one = _prescription(life, told)
        yield life.at(told["days"]), one
        if "renewal" in told:
            yield from _renewal(life, told, one)


def _prescription(life: Life, told: Told) -> Resource:
    ended = {"status": "stopped", "statusReason": spoken("text", told["ended"])} if "ended" in told else {}
    left = {"value": told["left"], **spoken("unit", told["unit"])}
    extras = [extension("dispense-left", valueQuantity=left)]
    if "barrier" in told:
        extras.append(extension("renewal-barrier", valueCode=told["barrier"]))
    return {
        "resourceType": "MedicationRequest",
        "id": life.id("prescription", told["name"][0]),
        "extension": extras,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": _medicine(told),
        "subject": life.subject,
        "authoredOn": stamp(life.at(told["days"])),
        "requester": doctor(told["by"]) if "by" in told else {"display": told["doctor"]},
        "reasonCode": [spoken("text", told["purpose"])],
        "dosageInstruction": [spoken("text", told["dose"])],
        "dispenseRequest": {
            "validityPeriod": {
                "start": life.day(told["days"]).isoformat(),
                "end": life.day(-told["valid"]).isoformat(),
            },
            "quantity": {"value": told["of"], **spoken("unit", told["unit"])},
        },
        **ended,
    }


def _medicine(told: Told) -> Resource:
    return {"coding": [{"system": ATC, "code": told["atc"]}], **spoken("text", told["name"])}


def _renewal(life: Life, told: Told, of: Resource) -> Iterator[Event]:
    how = told["renewal"]
    asked = life.at(how["days"])
    for turn, status in enumerate(STATES[how["state"]]):
        last: dict[str, Any] = {"status": status}
        if status == "stopped":
            last["statusReason"] = spoken("text", how["why"])
        yield asked + timedelta(hours=7 * turn), _request(life, told, of, asked) | last


def _request(life: Life, told: Told, of: Resource, asked: datetime) -> Resource:
    return {
        "resourceType": "MedicationRequest",
        "id": life.id("renewal", told["name"][0]),
        "status": "active",
        "intent": "proposal",
        "medicationCodeableConcept": _medicine(told),
        "subject": life.subject,
        "authoredOn": stamp(asked),
        "requester": life.subject,
        "priorPrescription": {"reference": f"MedicationRequest/{of['id']}"},
    }
