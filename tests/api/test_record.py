"""Any real resource opens, whole: lenient in, and nothing left out silently (rows E1 to E12)."""

import base64
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.files import attachments_of, inline_bytes
from app.api.medicines import renewal, to_renewal
from app.api.nodes import facts, string, term, text_term
from app.api.record import to_entry
from app.domain.medicines import Medicine, RenewalState
from app.domain.record import Allergy, Diagnosis, Kind, Paper
from app.domain.results import Flag, Panel, Result, ResultState
from tests import fhir_schema

REAL = Path(__file__).parent.parent / "data" / "real_resources.json.gz"
LANGUAGES = ("fi", "sv", "en", "fi_selko")
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
Body = dict[str, Any]


def real() -> list[Body]:
    """A few hundred resources of other systems (sources: the list in the file)."""
    found: list[Body] = json.loads(gzip.decompress(REAL.read_bytes()))["resources"]
    return found


def leaves(value: Any, inside: str = "") -> Iterator[str]:
    """Every text, number and truth value in a resource, without mark-up and contents of files."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in ("resourceType", "div", "data"):
                yield from leaves(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part, inside)
    elif value is not None and value != "":
        yield str(value)


def test_every_real_resource_opens_in_every_language() -> None:
    """Whatever system it came from: an entry with a kind, and a name or its kind's."""
    for resource in real():
        for language in LANGUAGES:
            entry = to_entry(resource, language)
            assert entry.type == resource["resourceType"]
            assert isinstance(entry.kind, Kind)


def test_nothing_of_a_real_resource_is_left_out() -> None:
    """Each of its values stands in the list of everything that is stored."""
    for resource in real():
        told = [fact.value for fact in facts(resource)]
        missing = set(leaves(resource)) - set(told)
        assert not missing, (resource["resourceType"], resource.get("id"), missing)


NAMES = st.sampled_from(
    [
        *("code", "coding", "system", "display", "text", "valueQuantity", "value", "component", "extension"),
        *("url", "referenceRange", "low", "status", "performer", "content", "attachment", "data", "note"),
        "effectiveDateTime",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
TYPES = ["Observation", "DiagnosticReport", "MedicationRequest", "Immunization", "Condition", "Encounter"]


@given(
    st.sampled_from([*TYPES, "AllergyIntolerance", "DocumentReference", "ServiceRequest", "Basic"]),
    st.dictionaries(NAMES, JSON),
)
def test_rubbish_makes_an_entry_too(type: str, body: Body) -> None:
    """Elements of the wrong kind are read as if they were not there; everything is still listed."""
    entry = to_entry({**body, "resourceType": type}, "fi")
    assert entry.type == type
    assert isinstance(facts(body), tuple)


def result(**body: Any) -> Result:
    about = to_entry({"resourceType": "Observation", "status": "final", **body}, "fi").about
    assert isinstance(about, Result)
    return about


def quantity(value: float, code: str = "mmol/L") -> Body:
    return {"value": value, "unit": code, "code": code, "system": "http://unitsofmeasure.org"}


@pytest.mark.parametrize(
    ("value", "flag"), [(3.2, Flag.LOW), (4.0, Flag.NORMAL), (6.0, Flag.NORMAL), (6.1, Flag.HIGH)]
)
def test_a_value_outside_of_its_limits_is_flagged(value: float, flag: Flag) -> None:
    """Also where the laboratory said nothing; the limits themselves are inside."""
    limits = [{"low": quantity(4.0), "high": quantity(6.0)}]
    assert result(valueQuantity=quantity(value), referenceRange=limits).flag is flag


def test_limits_in_another_unit_flag_nothing() -> None:
    """What cannot be compared is not compared."""
    limits = [{"high": quantity(100, "mg/dL")}]
    assert result(valueQuantity=quantity(120), referenceRange=limits).flag is Flag.NONE


def test_less_than_is_not_a_number_like_others() -> None:
    """ "< 3" is below every limit above 3, and says nothing of a lower one."""
    less = {**quantity(3, "mg/L"), "comparator": "<"}
    assert result(valueQuantity=less, referenceRange=[{"high": quantity(4, "mg/L")}]).flag is Flag.NORMAL
    assert result(valueQuantity=less, referenceRange=[{"high": quantity(2, "mg/L")}]).flag is Flag.NONE


def test_what_is_held_back_is_not_kept() -> None:
    """Even when a server sends the value along."""
    masked = {"coding": [{"code": "masked"}]}
    held = result(status="registered", dataAbsentReason=masked, valueQuantity=quantity(5))
    assert held.state is ResultState.WITHHELD
    assert held.amount is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"valueString": "Ei kasvua"}, "Ei kasvua"),
        ({"valueBoolean": True}, "true"),
        ({"valueCodeableConcept": {"text": "Negatiivinen"}}, "Negatiivinen"),
        ({"valueRange": {"low": {"value": 1}, "high": {"value": 3, "unit": "kpl"}}}, "1–3 kpl"),
        ({"valueRange": {"low": {"value": -2.5}, "high": {"value": 3, "unit": "kpl"}}}, "\u22122.5–3 kpl"),
        ({"valueInteger": -5}, "\u22125"),
        ({"valueInteger": "7"}, "7"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, "1 : 128"),
    ],
)
def test_values_of_every_kind_are_said(body: Body, words: str) -> None:
    """Text, codes, ranges and ratios."""
    assert result(**body).text == words


def test_words_come_in_the_readers_language_or_say_which_they_are_in() -> None:
    """A translation wins; an international code's English is called English; unknown is called unknown."""
    translated = {
        "text": "Verensokeri",
        "_text": {
            "extension": [
                {
                    "url": "http://hl7.org/fhir/StructureDefinition/translation",
                    "extension": [
                        {"url": "lang", "valueCode": "sv"},
                        {"url": "content", "valueString": "Blodsocker"},
                    ],
                }
            ]
        },
    }
    assert (term(translated, "sv").text, term(translated, "sv").language) == ("Blodsocker", "")
    assert (term(translated, "fi").text, term(translated, "fi").language) == ("Verensokeri", "")
    assert (term(translated, "en").text, term(translated, "en").language) == ("Verensokeri", "fi")
    loinc = {"coding": [{"system": "http://loinc.org", "code": "1", "display": "Glucose"}]}
    assert (term(loinc, "fi").language, term(loinc, "en").language) == ("en", "")
    assert term({"text": "Något"}, "en").language == "und"
    assert text_term({"text": "Hej"}, "text", "fi", declared="sv").language == "sv"


def test_partial_dates_stay_partial() -> None:
    """Only as much as is known."""
    entry = to_entry({"resourceType": "Condition", "onsetDateTime": "2019-05"}, "fi")
    assert (entry.partial, entry.at.year if entry.at else 0) == ("2019-05", 2019)


def test_a_day_is_the_same_day_everywhere_in_finland() -> None:
    """A date without a time must not slip to the day before."""
    entry = to_entry({"resourceType": "Condition", "recordedDate": "2026-01-01"}, "fi")
    assert entry.day_only
    assert entry.at is not None
    assert entry.at.date().isoformat() == "2026-01-01"


def test_kinds_and_what_they_say() -> None:
    """One of each that needs care."""
    refuted = {"verificationStatus": {"coding": [{"code": "refuted"}]}}
    about = to_entry({"resourceType": "Condition", **refuted}, "fi").about
    assert isinstance(about, Diagnosis)
    assert about.refuted
    severe = to_entry({"resourceType": "AllergyIntolerance", "criticality": "high"}, "fi").about
    assert isinstance(severe, Allergy)
    assert severe.severe
    far = {"content": [{"attachment": {"url": "https://elsewhere.example/x.pdf"}}]}
    paper = to_entry({"resourceType": "DocumentReference", **far}, "fi").about
    assert isinstance(paper, Paper)
    assert (paper.file, paper.external) == ("", "https://elsewhere.example/x.pdf")
    contained = {"contained": [{"code": {"text": "Lääke X"}}], "medicationReference": {"reference": "#m"}}
    medicine = to_entry({"resourceType": "MedicationRequest", **contained}, "fi")
    assert medicine.title.text == "Lääke X"
    assert isinstance(medicine.about, Medicine)


def test_every_file_of_a_real_resource_can_be_opened() -> None:
    """Whatever a document or report names or carries: text, bytes, a Binary or an address; none is left out."""
    opened = 0
    for resource in real():
        about = to_entry(resource, "fi").about
        named = [one for one in attachments_of(resource) if string(one, "data") or string(one, "url")]
        found = about.files if isinstance(about, Panel) else ()
        if isinstance(about, Paper):
            found = (about, *about.more)
        for one, file in zip(named, found, strict=bool(named)):
            assert file.text or file.inline or file.file or file.external, one
            opened += 1
    assert opened > 5


def test_what_came_along_is_there_byte_by_byte() -> None:
    """A report with its answer as a PDF, and a second one as text."""
    data = base64.b64encode(b"%PDF-1.4 x").decode()
    forms = [
        {"contentType": "application/pdf", "title": "Vastaus", "data": data},
        {"contentType": "text/plain", "data": base64.b64encode("Löydös".encode()).decode()},
        {"contentType": "image/png", "url": "Binary/b1", "size": 5},
    ]
    about = to_entry({"resourceType": "DiagnosticReport", "presentedForm": forms}, "fi").about
    assert isinstance(about, Panel)
    pdf, words, picture = about.files
    assert (pdf.inline, pdf.size, pdf.name, inline_bytes(forms[0])) == (True, 10, "Vastaus", b"%PDF-1.4 x")
    assert (words.text, words.inline) == ("Löydös", False)
    assert (picture.file, picture.place) == ("b1", 2)


def test_a_request_to_renew_is_valid_r4_and_lapses() -> None:
    """Eight days after it was asked, unless somebody has begun with it."""
    prescription = {"id": "p1", "medicationCodeableConcept": {"text": "Metformiini"}}
    body = renewal(id="r1", prescription=prescription, person_id="me", asked=NOW)
    assert fhir_schema.problems(body) == []
    assert to_renewal(body, "fi", NOW).state is RenewalState.SENT
    late = NOW.replace(month=12, day=2)
    assert to_renewal(body, "fi", late).state is RenewalState.LAPSED
    assert to_renewal({**body, "status": "on-hold"}, "fi", late).state is RenewalState.HANDLING
    assert to_renewal(body, "fi", NOW, "waiting").state is RenewalState.WAITING
