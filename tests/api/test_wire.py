"""The lean models and small values of R4."""

from datetime import UTC, date, datetime

import pytest

from app.api.datatypes import Reference
from app.api.wire import (
    TRANSLATION,
    Communication,
    HealthcareService,
    day,
    extension,
    id_of,
    instant,
    moment,
    parse,
    translated,
    words,
)


def translation(**texts: str) -> dict:
    return {
        "extension": [
            {
                "url": TRANSLATION,
                "extension": [{"url": "lang", "valueCode": k}, {"url": "content", "valueString": v}],
            }
            for k, v in texts.items()
        ]
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Tandvård"),
        ("sv-FI", "Tandvård"),
        ("en", "Suun hoito"),
        ("fi", "Suun hoito"),
        ("fi_selko", "Suun hoito"),
    ],
)
def test_a_text_falls_back_to_finnish(language: str, text: str) -> None:
    service = HealthcareService.model_validate({"name": "Suun hoito", "_name": translation(sv="Tandvård")})
    assert words(service, "name", language) == text


def test_a_finnish_translation_beside_another_base_language_is_the_fallback() -> None:
    beside = translation(fi="Suun hoito")
    assert translated("Dental", beside, "sv") == "Suun hoito"
    assert translated("Dental", None, "sv") == "Dental"


@pytest.mark.parametrize(
    "odd", [None, [], {"extension": 1}, {"extension": [None, {"url": TRANSLATION}]}, "x"]
)
def test_odd_translations_are_passed_over(odd: object) -> None:
    assert translated("Hei", odd, "sv") == "Hei"


def test_unknown_elements_are_kept_and_odd_codes_accepted() -> None:
    (resource,), rejected = parse(Communication, [{"status": "unheard-of", "vendor": {"x": 1}}])
    assert (resource.model_extra, rejected) == ({"vendor": {"x": 1}}, ())


def test_extensions_are_found_by_bare_name_or_url() -> None:
    url = "https://digiklinikka.example/fhir/StructureDefinition/nature"
    service = HealthcareService.model_validate({"extension": [{"url": url, "valueCode": "simple"}]})
    found = extension(service, "nature")
    assert found
    assert (found.valueCode, extension(service, url)) == ("simple", found)
    assert extension(service, "absent") is None


@pytest.mark.parametrize(
    ("reference", "kind", "id"),
    [
        ("Patient/a", "Patient", "a"),
        ("https://h/fhir/Patient/a/_history/3", "Patient", "a"),
        ("Patient/a", "Practitioner", ""),
        ("Patient/a", "", "a"),
        ("#contained", "", ""),
        ("", "", ""),
    ],
)
def test_ids_of_references(reference: str, kind: str, id: str) -> None:
    assert id_of(Reference(reference=reference), kind) == id


def test_times_are_lenient_in_and_strict_out() -> None:
    assert moment("2026-11-23T10:00:00.123456789+02:00") == datetime(
        2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC
    )
    assert moment("2026-11-23T10:00:00") == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert [moment(odd) for odd in ("", None, "eilen", "2026-11", "0001-01-01T00:00:00+14:00")] == [None] * 5
    assert (day("1980-05-17"), day("1980-05"), day("")) == (date(1980, 5, 17), None, None)
    assert instant(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02T03:04:05.000Z"
