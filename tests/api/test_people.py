"""Patients and professionals."""

from datetime import date

import pytest
from api.examples import patient
from fhir_schema import problems

from app.api.people import to_resident, to_staff
from app.errors import BadData


def test_the_example_is_r4() -> None:
    assert problems(patient()) == []


def test_a_resident_is_read_with_the_official_name_and_the_mobile_phone() -> None:
    resident = to_resident(patient())
    assert (resident.id, resident.name, resident.first_name) == ("aino", "Aino Maria Virtanen", "Aino")
    assert (resident.birth_date, resident.language) == (date(1980, 5, 17), "sv")
    assert (resident.phone, resident.email, resident.municipality) == ("040 123", "aino@example.fi", "Lahti")


def test_a_patient_of_whom_little_is_known_is_still_a_resident() -> None:
    resident = to_resident({"resourceType": "Patient", "id": "x", "birthDate": "1980-05", "unknown": 1})
    assert (resident.name, resident.birth_date, resident.language) == ("", None, "fi")


def test_a_patient_that_cannot_be_read_is_bad_data() -> None:
    with pytest.raises(BadData):
        to_resident({"id": "x", "name": "Aino"})


def test_professionals_have_role_and_unit_in_the_language() -> None:
    sv = {"extension": [{"url": "lang", "valueCode": "sv"}, {"url": "content", "valueString": "Sjukskötare"}]}
    translation = {"extension": [sv | {"url": "http://hl7.org/fhir/StructureDefinition/translation"}]}
    practitioner = {"resourceType": "Practitioner", "id": "s", "name": [{"text": "Sari Salo"}]}
    role = {
        "resourceType": "PractitionerRole",
        "practitioner": {"reference": "Practitioner/s"},
        "organization": {"reference": "Organization/o"},
        "code": [{"text": "Sairaanhoitaja", "_text": translation}],
    }
    unit = {"resourceType": "Organization", "id": "o", "name": "Keskusta"}
    staff = to_staff([practitioner, {"id": "unnamed"}], [role, "broken"], [unit], "sv")
    assert (staff["s"].name, staff["s"].role, staff["s"].unit) == ("Sari Salo", "Sjukskötare", "Keskusta")
    assert staff["unnamed"].name == ""
