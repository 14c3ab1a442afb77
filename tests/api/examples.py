"""Resources as servers send them: one builder per noun, realistic and complete unless told otherwise."""

from typing import Any

E = "https://digiklinikka.example/fhir/StructureDefinition/"
C = "https://digiklinikka.example/fhir/CodeSystem/"
CATEGORY = [{"coding": [{"system": f"{C}communication-category", "code": "non-urgent-message"}]}]


def header(id: str = "t1", **more: Any) -> dict[str, Any]:
    """The header of a thread."""
    return {
        "resourceType": "Communication",
        "id": id,
        "meta": {"versionId": "1", "lastUpdated": "2026-11-23T08:00:00.100Z"},
        "status": "in-progress",
        "category": CATEGORY,
        "topic": {"text": "Reseptin uusinta"},
        "subject": {"reference": "Patient/aino"},
        "sender": {"reference": "Patient/aino"},
        "recipient": [{"reference": "HealthcareService/terveysasema"}],
        "sent": "2026-11-23T08:00:00Z",
    } | more


def message(id: str = "m1", thread: str = "t1", text: str = "Hei", **more: Any) -> dict[str, Any]:
    """A message of the resident."""
    return (
        header(id)
        | {
            "status": "completed",
            "partOf": [{"reference": f"Communication/{thread}"}],
            "payload": [{"contentString": text}],
        }
        | more
    )


def answer(id: str = "m2", to: str = "m1", **more: Any) -> dict[str, Any]:
    """A message of the clinic."""
    return (
        message(id, text="Resepti on uusittu.")
        | {
            "inResponseTo": [{"reference": f"Communication/{to}"}],
            "sender": {"reference": "Practitioner/hoitaja"},
            "recipient": [{"reference": "Patient/aino"}],
            "sent": "2026-11-23T09:00:00Z",
            "meta": {"versionId": "1", "lastUpdated": "2026-11-23T09:00:00.100Z"},
        }
        | more
    )


def patient(**more: Any) -> dict[str, Any]:
    """A resident."""
    return {
        "resourceType": "Patient",
        "id": "aino",
        "identifier": [{"system": "urn:oid:1.2.246.21", "value": "170580-999A"}],
        "name": [
            {"use": "old", "family": "Entinen", "given": ["Aino"]},
            {"use": "official", "family": "Virtanen", "given": ["Aino", "Maria"]},
        ],
        "birthDate": "1980-05-17",
        "telecom": [
            {"system": "phone", "value": "03 123", "use": "home"},
            {"system": "phone", "value": "040 123", "use": "mobile"},
            {"system": "email", "value": "aino@example.fi"},
        ],
        "address": [{"city": "Lahti"}],
        "communication": [
            {"language": {"coding": [{"code": "so"}]}, "preferred": True},
            {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "sv-FI"}]}},
        ],
    } | more
