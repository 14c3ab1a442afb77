"""Small valid resources."""

from typing import Any

Body = dict[str, Any]
E = "https://digiklinikka.example/fhir/StructureDefinition/"


def patient(id: str, family: str = "Virtanen", **more: Any) -> Body:
    """A Patient with a name and an identifier."""
    identifier = [{"system": "urn:oid:1.2.246.21", "value": f"010190-9{id}"}]
    return {
        "resourceType": "Patient",
        "id": id,
        "name": [{"family": family}],
        "identifier": identifier,
        **more,
    }


def message(id: str, of: str = "aino", **more: Any) -> Body:
    """A thread's header from a resident to a service."""
    who = {"reference": f"Patient/{of}"}
    return {
        "resourceType": "Communication",
        "id": id,
        "status": "in-progress",
        "subject": who,
        "sender": who,
        "recipient": [{"reference": "HealthcareService/clinic"}],
        "sent": "2026-11-23T10:00:00+02:00",
        **more,
    }


def observation(id: str, of: str = "aino", value: float = 72.5, **more: Any) -> Body:
    """A home measurement."""
    quantity = {"value": value, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7", "display": "Body weight"}]},
        "subject": {"reference": f"Patient/{of}"},
        "effectiveDateTime": "2026-11-20",
        "valueQuantity": quantity,
        **more,
    }


def service(id: str, name: str = "Terveysasema") -> Body:
    """A HealthcareService, which everybody may read."""
    return {"resourceType": "HealthcareService", "id": id, "name": name}


def entry(method: str, url: str, resource: Body | None = None, full_url: str = "", **request: str) -> Body:
    """An entry of a batch or transaction."""
    made: Body = {"request": {"method": method, "url": url, **request}}
    if resource is not None:
        made["resource"] = resource
    if full_url:
        made["fullUrl"] = full_url
    return made


def bundle(kind: str, *entries: Body) -> Body:
    """A batch or transaction."""
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def ids(answer: Any, mode: str = "match") -> list[str]:
    """Ids in a searchset, in order."""
    entries = answer.json().get("entry", [])
    return [one["resource"]["id"] for one in entries if one["search"]["mode"] == mode]


def nested(depth: int) -> Any:
    """Extensions within extensions."""
    value: Any = "x"
    for _ in range(depth):
        value = [{"url": "a:b", "extension": value}]
    return value
