"""Names on the wire, and texts in three languages as R4 carries them."""

from collections.abc import Sequence
from typing import Any

EXTENSION = "https://digiklinikka.example/fhir/StructureDefinition/"
CODES = "https://digiklinikka.example/fhir/CodeSystem/"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
Resource = dict[str, Any]
Words = Sequence[str]
"""The same text in Finnish, Swedish and English, in this order; where there is a fourth, in plain Finnish."""
LANGUAGES = ("sv", "en", "fi-x-selko")


def spoken(field: str, words: Words) -> Resource:
    """A string element in Finnish with its translations (R4 §"translation" extension)."""
    finnish, *others = words
    translations = [_translation(language, text) for language, text in zip(LANGUAGES, others, strict=False)]
    return {field: finnish, f"_{field}": {"extension": translations}}


def coded(system: str, code: str) -> Resource:
    """A CodeableConcept of one of the project's code systems."""
    return {"coding": [{"system": f"{CODES}{system}", "code": code}]}


def extension(name: str, **value: Any) -> Resource:
    """One of the project's extensions: ``extension("reply-promise", valueInteger=3)``."""
    return {"url": f"{EXTENSION}{name}", **value}


def reference(type: str, id: str, display: str = "") -> Resource:
    """A literal reference."""
    return {"reference": f"{type}/{id}"} | ({"display": display} if display else {})


def phone(number: str) -> list[Resource]:
    """A telecom list with one work phone."""
    return [{"system": "phone", "value": number, "use": "work"}]


def _translation(language: str, text: str) -> Resource:
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}]
    return {"url": TRANSLATION, "extension": parts}
