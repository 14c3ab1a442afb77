"""x-fhir-query and terminology servers: only one's own record, only the county's server; what is not asked is told."""

from typing import Any

import pytest

from app.forms.model import Note
from app.forms.queries import Query, bundle, from_device, query_of
from app.forms.reading import read_form, terminology_servers
from tests.forms.making import SDC, answers, at, begin, ext, fhirpath, form, item

HAS = "_has:Observation:patient:code"
QUERY = "application/x-fhir-query"
PATIENT = {"resourceType": "Patient", "id": "p1", "birthDate": "1980-01-01"}
LAUNCH = {"patient": PATIENT}


def searched(name: str, text: str) -> dict[str, Any]:
    """A variable that is a search."""
    return ext("variable", valueExpression={"name": name, "language": QUERY, "expression": text})


def observation(code: str, value: float, day: str) -> dict[str, Any]:
    """A measurement."""
    coding = {"system": "http://loinc.org", "code": code, "display": "Paino"}
    return {
        "resourceType": "Observation",
        "id": f"{code}-{day}",
        "status": "final",
        "code": {"coding": [coding]},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": "kg", "code": "kg"},
    }


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Condition?patient={{%patient.id}}", Query("Condition", (("patient", "p1"), ("_count", "200")))),
        ("Patient/{{%patient.id}}", Query("Patient", (("_id", "p1"),))),
        ("Patient?_id=somebody-else", Query("Patient", (("_id", "p1"),))),
        (
            "Observation?subject=Patient/other&code=http://loinc.org|29463-7&_sort=-date&_count=1",
            Query(
                "Observation",
                (
                    ("patient", "p1"),
                    ("code", "http://loinc.org|29463-7"),
                    ("_sort", "-date"),
                    ("_count", "1"),
                ),
            ),
        ),
        (
            "Condition?patient:Patient.name=x&_include=Condition:subject&_has:Observation:patient:code=1&status=active",
            Query(
                "Condition",
                (("patient", "p1"), ("status", "active"), ("_count", "200")),
                ("_include", HAS),
            ),
        ),
    ],
)
def test_a_search_is_for_ones_own_whatever_the_form_says(text: str, query: Query) -> None:
    """The patient is put in; what would lead to other records is left out."""
    assert query_of(text, LAUNCH, "p1") == query


NOT_ONES_OWN = (
    "Practitioner?name=x",
    "Patient/other",
    "https://elsewhere.example/Condition?patient=p1",
    "../admin",
    "$export",
    "Condition/$meta",
    "Condition?code={{%x.y[0]}}",
    "",
    "Condition?" + "a" * 3000,
)


@pytest.mark.parametrize("text", NOT_ONES_OWN)
def test_what_is_not_ones_own_is_not_asked_and_told(text: str) -> None:
    """No request is made; the note says which."""
    assert query_of(text, LAUNCH, "p1") is None
    if text:
        filling = begin(form(item("a"), extension=[searched("X", text)]), launch=LAUNCH)
        assert [note.code for note in filling.notes] == ["query-refused"]


def test_what_is_on_the_device_answers_when_it_can() -> None:
    """By code and status, the newest first; what cannot be told here is not guessed."""
    kept = [
        observation("a", 1, "2020-01-01"),
        observation("a", 2, "2021-01-01"),
        observation("b", 3, "2022-01-01"),
    ]
    query = query_of("Observation?code=http://loinc.org|a,c&status=final&_sort=-date&_count=1", {}, "p1")
    assert query is not None
    assert from_device(query, kept) == bundle([kept[1]])
    unknown = query_of("Observation?value-quantity=gt5", {}, "p1")
    assert unknown is not None
    assert from_device(unknown, kept) is None


WEIGHT = "Observation?code=http://loinc.org|29463-7&patient={{%patient.id}}&_sort=-date&_count=1"
WEIGHED = form(
    item("kg", "decimal", ext=[fhirpath("initialExpression", "%W.entry.resource.value.value")]),
    item(
        "which",
        "choice",
        ext=[ext(f"{SDC}answerExpression", valueExpression={"language": QUERY, "expression": WEIGHT})],
    ),
    extension=[searched("W", WEIGHT)],
)


def test_what_was_found_fills_in_and_is_named() -> None:
    """A first answer from a variable, options from a search; where it comes from is said."""
    found = {WEIGHT: bundle([observation("29463-7", 71.5, "2026-01-01")])}
    filling = begin(WEIGHED, launch=LAUNCH, queries=found)
    assert answers(filling) == {"kg": 71.5}
    assert at(filling, "kg").source == "record"
    (option,) = filling.options(at(filling, "which")) or ()
    assert option.value == {
        "valueReference": {"reference": "Observation/29463-7-2026-01-01", "display": "Paino"}
    }
    assert filling.notes == ()


def test_nothing_found_yet_is_no_mistake() -> None:
    """The questions are asked; that the search is still to be made, or was answered by the device, is noted."""
    assert begin(WEIGHED, launch=LAUNCH).notes == (Note("query", "", WEIGHT),)
    filling = begin(WEIGHED, launch=LAUNCH, queries={WEIGHT: bundle([])}, from_device=frozenset({WEIGHT}))
    assert filling.notes == (Note("query-from-device", "", WEIGHT),)
    assert answers(filling) == {}


def test_another_language_is_noted() -> None:
    """CQL is not run, not even as a variable."""
    variable = ext("variable", valueExpression={"name": "c", "language": "text/cql", "expression": "1"})
    assert [note.code for note in begin(form(item("a", ext=[variable]), extension=[variable])).notes] == [
        "expression-language",
        "expression-language",
    ]


def test_a_terminology_server_is_never_asked_by_the_device() -> None:
    """It is noted, unless the county's server may ask it; of the form or of an item."""
    url = f"{SDC}preferredTerminologyServer"
    raw = form(
        item(
            "a", "choice", answerValueSet="http://x.example/v", ext=[ext(url, valueUrl="https://b.example/")]
        ),
        extension=[ext(url, valueUrl="https://a.example/fhir")],
    )
    assert terminology_servers(raw) == ("https://a.example/fhir", "https://b.example")
    notes = begin(raw, servers=frozenset({"https://b.example"})).notes
    assert [note.detail for note in notes if note.code == "terminology-server"] == ["https://a.example/fhir"]
    assert read_form(raw).notes == ()
