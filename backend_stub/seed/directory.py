"""The county's public directory: organisations, places, professionals and services (rows A4, A5, C12, L4, S33)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from backend_stub.clock import FINLAND
from backend_stub.seed.hours import opening_hours
from backend_stub.seed.residents import content
from backend_stub.seed.words import EXTENSION, Resource, coded, extension, phone, reference, spoken

AREAS = ("Hartola", "Sysmä")
"""Municipalities that have a service of their own."""
SECTORS = ("tesa", "peso", "iku", "pela")
PHYSICAL = "http://terminology.hl7.org/CodeSystem/location-physical-type"
YEARS = {"unit": "a", "system": "http://unitsofmeasure.org", "code": "a"}
Told = dict[str, Any]


def directory(now: datetime) -> Iterator[Resource]:
    """Everything public, in an order in which references point back."""
    yield from map(_organization, content("organizations"))
    yield from map(_location, content("places"))
    yield from map(_area, AREAS)
    for sector in SECTORS:
        for told in content(f"services-{sector}"):
            yield _service(told, sector, now)
    for told in content("professionals"):
        yield _practitioner(told)
        yield from (_role(told, service) for service in told["services"])


def _organization(told: Told) -> Resource:
    above = {"partOf": reference("Organization", told["part_of"])} if "part_of" in told else {}
    body = {"resourceType": "Organization", "id": told["key"], "active": True, **spoken("name", told["name"])}
    return body | {"telecom": phone(told["phone"])} | above


def _location(told: Told) -> Resource:
    """``description``: how to find in; extension ``accessibility``: how accessible it is (row C12)."""
    address = {key: told[name] for key, name in (("city", "city"), ("postalCode", "postcode"))}
    return {
        "resourceType": "Location",
        "id": told["key"],
        "extension": [extension("accessibility", **spoken("valueString", told["access"]))],
        "status": "active",
        **spoken("name", told["name"]),
        **spoken("description", told["way"]),
        "mode": "instance",
        "telecom": phone(told["phone"]),
        "address": {"use": "work", "line": [told["street"]], **address, "country": "FI"},
        "managingOrganization": reference("Organization", "paijat-hame"),
    }


def _area(name: str) -> Resource:
    """A municipality, for services that are for its people only."""
    return {
        "resourceType": "Location",
        "id": _area_id(name),
        "status": "active",
        "name": name,
        "mode": "instance",
        "physicalType": {"coding": [{"system": PHYSICAL, "code": "jdn", "display": "Jurisdiction"}]},
        "address": {"city": name, "country": "FI"},
    }


def _area_id(name: str) -> str:
    return f"kunta-{name.lower().replace('ä', 'a')}"


def _service(told: Told, sector: str, now: datetime) -> Resource:
    return {
        "resourceType": "HealthcareService",
        "id": told["key"],
        "extension": list(_promises(told)),
        "active": True,
        "providedBy": reference("Organization", sector),
        "category": [coded("sector", sector.upper())],
        "type": [spoken("text", told["group"])],
        "location": [reference("Location", told["place"])],
        **_coverage(told),
        **spoken("name", told["name"]),
        **spoken("comment", told["comment"]),
        "telecom": phone(told["phone"]),
        "characteristic": [coded("channel", channel) for channel in told["channels"]],
        "availableTime": opening_hours(told["hours"]),
        **_eligibility(told),
        **_closed(told, now),
        **(spoken("availabilityExceptions", told["exceptions"]) if "exceptions" in told else {}),
    }


def _coverage(told: Told) -> Resource:
    """Whose people it is for, when not everybody's in the county."""
    areas = [reference("Location", _area_id(name)) for name in told.get("areas", ())]
    return {"coverageArea": areas} if areas else {}


def _promises(told: Told) -> Iterator[Resource]:
    if "promise" in told:
        yield extension("reply-promise", valueInteger=told["promise"])
    yield extension("callback-promise", valueInteger=told["callback"])
    yield extension("nature", valueCode=told["nature"])
    yield extension("search-words", **spoken("valueString", told["search"]))
    if told.get("message_hours"):
        yield extension("message-hours", valueBoolean=True)
    if "chat" in told["channels"]:
        yield from map(_question, content("chat-questions").get(told["key"], ()))


def _question(told: Told) -> Resource:
    """A short question before a chat, with its options (row D3)."""
    options = [{"url": "option", **spoken("valueString", option)} for option in told.get("options", ())]
    return {
        "url": f"{EXTENSION}chat-question",
        "extension": [{"url": "text", **spoken("valueString", told["text"])}, *options],
    }


def _eligibility(told: Told) -> Resource:
    rules = [_rule(rule) for rule in told.get("eligibility", ())]
    return {"eligibility": rules} if rules else {}


def _rule(rule: Told) -> Resource:
    body = {"code": coded("eligibility", rule["code"]), **spoken("comment", rule["why"])}
    ends = {end: {"value": rule[end], **YEARS} for end in ("low", "high") if end in rule}
    marks = [extension("eligible-age", valueRange=ends)] if ends else []
    if "ask" in rule:
        marks.append(extension("ask-at", valueReference=reference("HealthcareService", rule["ask"])))
    return {"extension": marks, **body} if marks else body


def _closed(told: Told, now: datetime) -> Resource:
    if "closed" not in told:
        return {}
    start = now.astimezone(FINLAND).date() + timedelta(days=told["closed"]["from"])
    end = start + timedelta(days=told["closed"]["days"])
    during = {"start": start.isoformat(), "end": end.isoformat()}
    return {"notAvailable": [{**spoken("description", told["closed"]["why"]), "during": during}]}


def _practitioner(told: Told) -> Resource:
    return {
        "resourceType": "Practitioner",
        "id": told["key"],
        "active": True,
        "name": [{"use": "official", "family": told["family"], "given": [told["given"]]}],
        "gender": told["gender"],
        "communication": [
            {"coding": [{"system": "urn:ietf:bcp:47", "code": code}]}
            for code in told.get("languages", ("fi", "sv", "en"))
        ],
    }


def _role(told: Told, service: str) -> Resource:
    return {
        "resourceType": "PractitionerRole",
        "id": f"{told['key']}-{service}",
        "active": True,
        "practitioner": reference("Practitioner", told["key"], f"{told['given']} {told['family']}"),
        "organization": reference("Organization", "paijat-hame"),
        "code": [spoken("text", told["role"])],
        "healthcareService": [reference("HealthcareService", service)],
    }
