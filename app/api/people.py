"""Patient, Practitioner and their roles on the wire, and the people of the app."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from app.api.datatypes import CodeableConcept, ContactPoint, HumanName
from app.api.wire import (
    Organization,
    Patient,
    Practitioner,
    PractitionerRole,
    day,
    id_of,
    parse,
    short_language,
    words,
)
from app.domain.people import Professional, Resident
from app.errors import BadData

LANGUAGES = ("fi", "sv", "en")


def to_resident(resource: Any) -> Resident:
    """The resident a Patient tells of. Raises BadData when it cannot be read."""
    try:
        patient = Patient.model_validate(resource)
    except ValidationError:
        raise BadData from None
    name = _best_name(patient.name)
    return Resident(
        id=patient.id or "",
        name=full_name(name),
        first_name=next((given for given in name.given if given), "") if name else "",
        birth_date=day(patient.birthDate),
        language=_language(patient),
        phone=_contact(patient.telecom, "phone"),
        email=_contact(patient.telecom, "email"),
        municipality=next((a.city for a in patient.address if a.city), ""),
    )


def to_staff(
    practitioners: Iterable[Any],
    roles: Iterable[Any] = (),
    organizations: Iterable[Any] = (),
    language: str = "fi",
) -> Mapping[str, Professional]:
    """Professionals by Practitioner id, with role and unit in ``language`` as far as they are known."""
    units = {o.id: words(o, "name", language) for o in parse(Organization, organizations)[0] if o.id}
    by_person = {id_of(r.practitioner): r for r in parse(PractitionerRole, roles)[0]}
    people = (p for p in parse(Practitioner, practitioners)[0] if p.id)
    return {p.id or "": _professional(p, by_person.get(p.id or ""), units, language) for p in people}


def _professional(
    person: Practitioner, role: PractitionerRole | None, units: Mapping[str, str], language: str
) -> Professional:
    concept = role.code[0] if role and role.code else None
    organization = role.organization if role else None
    unit = units.get(id_of(organization)) or (organization.display if organization else "")
    name = full_name(_best_name(person.name))
    return Professional(id=person.id or "", name=name, role=_concept(concept, language), unit=unit)


def _concept(concept: CodeableConcept | None, language: str) -> str:
    if concept is None:
        return ""
    return words(concept, "text", language) or next(
        (words(c, "display", language) for c in concept.coding if c.display), ""
    )


def full_name(name: HumanName | None) -> str:
    """A name as it is written: its text, else given names and family name."""
    if name is None:
        return ""
    return name.text or " ".join(part for part in (*name.given, name.family) if part)


def _best_name(names: tuple[HumanName, ...]) -> HumanName | None:
    """The official name, else the first that is not an old one."""
    rank = {"official": 0, "usual": 1, "": 2, "old": 9, "maiden": 9}
    return min(names, key=lambda n: rank.get(n.use, 5), default=None)


def _language(patient: Patient) -> str:
    """The preferred language among those of the app; Finnish when none of them is known."""
    spoken = sorted(patient.communication, key=lambda c: not c.preferred)
    concepts = (c.language for c in spoken if c.language)
    tags = (short_language(coding.code or "") for concept in concepts for coding in concept.coding)
    return next((tag for tag in tags if tag in LANGUAGES), "fi")


def _contact(telecom: tuple[ContactPoint, ...], system: str) -> str:
    found = (t for t in telecom if t.system == system and t.value and t.use != "old")
    best = min(found, key=lambda t: (t.rank or 99, t.use != "mobile"), default=None)
    return best.value if best else ""
