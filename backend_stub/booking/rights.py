"""Who may book what: services that want a referral, an appointment ticket or an earlier visit (row C3)."""

from datetime import date
from typing import Any

from backend_stub.booking.profile import actors, first
from backend_stub.fhir.errors import Unprocessable
from backend_stub.fhir.repository import Repository
from backend_stub.seed.words import Resource

BASED = ("referral-required", "ticket-required")


def basis(repository: Repository, patient: str, service: str, today: date) -> str:
    """Id of the appointment ticket that entitles the person to the service; empty where there is and needs to be none.

    Raises Unprocessable, in the service's own words, when the person may not book there.
    """
    ticket = _ticket(repository, patient, service)
    for rule in repository.read("HealthcareService", service).get("eligibility", ()):
        code = rule["code"]["coding"][0]["code"]
        missing = (
            (code in BASED and not ticket)
            or (code == "client-only" and not _known(repository, patient, service))
            or (code == "age" and not _of_age(repository.read("Patient", patient), rule, today))
        )
        if missing:
            raise Unprocessable(str(rule.get("comment", "this cannot be booked")), code="business-rule")
    return ticket


def service_of(appointment: Resource) -> str:
    """Id of the service it is with."""
    return first(actors(appointment, "HealthcareService"))


def _ticket(repository: Repository, patient: str, service: str) -> str:
    for request in repository.search(
        "ServiceRequest", [("subject", f"Patient/{patient}"), ("status", "active")]
    ):
        performers = [one["reference"] for one in request.get("performer", ())]
        kinds = [coding["code"] for one in request.get("category", ()) for coding in one["coding"]]
        if f"HealthcareService/{service}" in performers and "ticket" in kinds:
            return str(request["id"])
    return ""


def _known(repository: Repository, patient: str, service: str) -> bool:
    params = [("patient", f"Patient/{patient}"), ("actor", f"HealthcareService/{service}")]
    return any(one["status"] != "cancelled" for one in repository.search("Appointment", params))


def _of_age(person: dict[str, Any], rule: Resource, today: date) -> bool:
    ages: Resource = next((one["valueRange"] for one in rule.get("extension", ()) if "valueRange" in one), {})
    born = date.fromisoformat(person["birthDate"])
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    low, high = (ages.get(end, {}).get("value") for end in ("low", "high"))
    return (low is None or age >= low) and (high is None or age <= high)
