"""Value sets of FHIR itself that forms take for granted, in the app's languages: known without asking any server.

Source: http://hl7.org/fhir/R4/valueset-administrative-gender.html, …/valueset-yesnodontknow.html, and table 0136 of
HL7 version 2.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.forms.given import Json
from app.forms.model import Option
from app.forms.words import PLAIN_FINNISH, Words

_GENDER = "http://hl7.org/fhir/administrative-gender"
_YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def _option(system: str, code: str, english: str, finnish: str, swedish: str, plain: str = "") -> Option:
    value: Json = {"valueCoding": {"system": system, "code": code, "display": english}}
    others = {"fi": finnish, "sv": swedish, "en": english, PLAIN_FINNISH: plain or finnish}
    return Option(value, Words(english, MappingProxyType(others)))


_YES = _option(_YES_NO, "Y", "Yes", "Kyllä", "Ja")
_NO = _option(_YES_NO, "N", "No", "Ei", "Nej")
_UNKNOWN = _option(_ABSENT, "asked-unknown", "Don't know", "En tiedä", "Vet inte")
_GENDERS = (
    _option(_GENDER, "male", "Male", "Mies", "Man"),
    _option(_GENDER, "female", "Female", "Nainen", "Kvinna"),
    _option(_GENDER, "other", "Other", "Muu", "Annat"),
    _option(_GENDER, "unknown", "Unknown", "Ei tiedossa", "Okänt", "En tiedä"),
)
COMMON: Mapping[str, tuple[Option, ...]] = MappingProxyType(
    {
        "http://hl7.org/fhir/ValueSet/administrative-gender": _GENDERS,
        "http://hl7.org/fhir/ValueSet/yesnodontknow": (_YES, _NO, _UNKNOWN),
        "http://hl7.org/fhir/ValueSet/v2-0136": (_YES, _NO),
        "http://terminology.hl7.org/ValueSet/v2-0136": (_YES, _NO),
    }
)
"""Canonical url (without version) to the options."""
