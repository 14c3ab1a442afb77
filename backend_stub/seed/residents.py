"""The test residents: who they are, and their FHIR resources."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from backend_stub.seed.identity import identity_code
from backend_stub.seed.words import extension, spoken

IDENTITY_SYSTEM = "urn:oid:1.2.246.21"
SIGNS_IN_FROM = 12
Resource = dict[str, Any]


@dataclass(frozen=True)
class Resident:
    """One fictitious person. ``key`` names them in addresses, tests and element ids; ``story`` by language."""

    key: str
    given: str
    family: str
    gender: str
    born: date
    age: int
    language: str
    identity: str
    patient: str
    sub: str
    story: dict[str, str]
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    restricted: bool = False
    guardian_of: tuple[str, ...] = field(default=())
    email: str = ""
    confirmed: str = ""
    near: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given} {self.family}"

    @property
    def can_sign_in(self) -> bool:
        """Children under 12 have no means of strong identification; their guardians act for them."""
        return self.age >= SIGNS_IN_FROM

    @property
    def reference(self) -> str:
        """``Patient/<id>``."""
        return f"Patient/{self.patient}"


class Roster:
    """All test residents of one seed, in the order of the list on the sign-in page."""

    def __init__(self, seed: int, today: date) -> None:
        self._seed, self._today = seed, today

    def __iter__(self) -> Iterator[Resident]:
        return iter(self._residents)

    def get(self, key: str) -> Resident | None:
        """The resident with this key, Patient id or identity code."""
        return next((one for one in self if key in (one.key, one.patient, one.identity, one.reference)), None)

    @cached_property
    def _residents(self) -> tuple[Resident, ...]:
        return tuple(self._make(place, told) for place, told in enumerate(content("residents")))

    def _make(self, place: int, told: dict[str, Any]) -> Resident:
        born = _born(told["birthday"], told["age"], self._today)
        chance = random.Random(f"{self._seed}/{told['key']}")
        number = 900 + 2 * chance.randrange(50) + (told["gender"] == "male")
        plain = {key: told[key] for key in ("given", "family", "gender", "age", "language", "story", "key")}
        where = {key: told.get(key, "") for key in ("street", "postcode", "city")}
        return Resident(
            **plain,
            **where,
            born=born,
            identity=identity_code(born, number, told.get("sign", 0)),
            patient=stable_id(self._seed, "patient", told["key"]),
            sub=stable_id(self._seed, "sub", told["key"]),
            phone=f"0100 000 {place + 11:03d}" if told.get("phone", True) else "",
            restricted=told.get("restricted", False),
            guardian_of=tuple(told.get("guardian_of", ())),
            email=f"{told['key']}@asukas.example" if told.get("email", True) else "",
            confirmed=(self._today - timedelta(days=told.get("confirmed", 70))).isoformat(),
            near=told.get("near", {}),
        )


@cache
def content(name: str) -> Any:
    """A file of ``seed/content``, parsed once; nobody changes it."""
    return json.loads(files("backend_stub.seed").joinpath("content", f"{name}.json").read_text("utf-8"))


def stable_id(seed: int, *words: str) -> str:
    """A UUID that depends on the seed and the words only."""
    return str(uuid5(NAMESPACE_URL, f"https://digiklinikka.example/seed/{seed}/{'/'.join(words)}"))


def patient(one: Resident) -> Resource:
    """The resident as an R4 Patient."""
    resource: Resource = {
        "resourceType": "Patient",
        "id": one.patient,
        "identifier": [{"use": "official", "system": IDENTITY_SYSTEM, "value": one.identity}],
        "active": True,
        "name": [{"use": "official", "family": one.family, "given": [one.given]}],
        "gender": one.gender,
        "birthDate": one.born.isoformat(),
        "communication": [{"language": _language(one.language), "preferred": True}],
    }
    if one.phone:
        resource["telecom"] = _telecom(one)
    if one.near:
        resource["contact"] = [_near(one.near)]
    if one.street:
        resource["address"] = [_address(one)]
    if one.restricted:
        resource["meta"] = {"security": [_RESTRICTED]}
    return resource


def guardians(roster: Roster, seed: int) -> Iterator[Resource]:
    """A RelatedPerson for each child of each guardian."""
    for guardian in roster:
        for child in filter(None, map(roster.get, guardian.guardian_of)):
            yield _guardian(guardian, child, seed)


_RESTRICTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    "code": "R",
    "display": "restricted",
}
_ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"


def _guardian(guardian: Resident, child: Resident, seed: int) -> Resource:
    return {
        "resourceType": "RelatedPerson",
        "id": stable_id(seed, "guardian", guardian.key, child.key),
        "identifier": [{"use": "official", "system": IDENTITY_SYSTEM, "value": guardian.identity}],
        "active": True,
        "patient": {"reference": child.reference, "display": child.name},
        "relationship": [{"coding": [{"system": _ROLES, "code": "GUARD", "display": "guardian"}]}],
        "name": [{"use": "official", "family": guardian.family, "given": [guardian.given]}],
        "telecom": [{"system": "phone", "value": guardian.phone, "use": "mobile"}],
        "birthDate": guardian.born.isoformat(),
    }


def _telecom(one: Resident) -> list[Resource]:
    """Telephone and e-mail, each with the day on which the resident last said that it is theirs."""
    confirmed = [extension("confirmed", valueDate=one.confirmed)]
    phone = {"system": "phone", "value": one.phone, "use": "mobile", "extension": confirmed}
    email = {"system": "email", "value": one.email, "use": "home", "extension": confirmed}
    return [phone, *([email] if one.email else [])]


def _near(told: dict[str, Any]) -> Resource:
    """Whom to call when something happens."""
    return {
        "relationship": [spoken("text", told["relation"])],
        "name": {"text": told["name"]},
        "telecom": [{"system": "phone", "value": told["phone"], "use": "mobile"}],
    }


def _language(code: str) -> Resource:
    return {"coding": [{"system": "urn:ietf:bcp:47", "code": code}]}


def _address(one: Resident) -> Resource:
    return {
        "use": "home",
        "line": [one.street],
        "postalCode": one.postcode,
        "city": one.city,
        "country": "FI",
    }


def _born(birthday: str, age: int, today: date) -> date:
    month, day = (int(part) for part in birthday.split("-"))
    had_it = (month, day) <= (today.month, today.day)
    return date(today.year - age - (not had_it), month, day)
