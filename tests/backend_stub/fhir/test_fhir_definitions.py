"""HL7's definitions as the server uses them: paths against fhirpathpy, dates, and what /metadata says."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fhir_schema import problems
from fhirpathpy import evaluate
from fhirpathpy.models import models

from backend_stub.fhir import dates
from backend_stub.fhir.definitions import parameters, resource_types
from backend_stub.fhir.paths import compile_path
from tests.backend_stub.fhir.fhir_samples import message, observation, patient

RICH: list[dict[str, Any]] = [
    patient(
        "p",
        gender="male",
        deceasedDateTime="2026-01-01",
        birthDate="1950",
        telecom=[{"system": "email", "value": "a@b.fi"}, {"system": "phone", "value": "1"}],
        address=[{"city": "Lahti", "postalCode": "15110", "use": "home"}],
        communication=[{"language": {"text": "fi"}}],
        link=[{"other": {"reference": "RelatedPerson/r"}, "type": "seealso"}],
    ),
    message(
        "m",
        partOf=[{"reference": "Communication/h"}],
        category=[{"text": "x"}],
        medium=[{"coding": [{"code": "w"}]}],
    ),
    observation(
        "o",
        component=[{"code": {"text": "x"}, "valueQuantity": {"value": 1}}],
        performer=[{"reference": "Patient/p"}],
    ),
    {
        "resourceType": "Observation",
        "effectivePeriod": {"start": "2026"},
        "valueCodeableConcept": {"text": "x", "coding": [{"code": "c"}]},
    },
    {
        "resourceType": "Condition",
        "onsetAge": {"value": 3},
        "abatementString": "ohi",
        "subject": {"reference": "Patient/p"},
    },
    {
        "resourceType": "Condition",
        "onsetDateTime": "2026",
        "abatementPeriod": {"end": "2026"},
        "subject": {"reference": "Group/g"},
    },
    {
        "resourceType": "Appointment",
        "status": "booked",
        "start": "2026-11-23T08:00:00Z",
        "participant": [
            {"actor": {"reference": "Patient/p"}},
            {"actor": {"reference": "Practitioner/z"}},
            {"actor": {"reference": "Location/l"}},
        ],
    },
    {
        "resourceType": "Task",
        "status": "requested",
        "for": {"reference": "Patient/p"},
        "owner": {"reference": "Organization/o"},
        "focus": {"reference": "Communication/m"},
        "executionPeriod": {"start": "2026"},
    },
    {
        "resourceType": "MedicationRequest",
        "medicationCodeableConcept": {"coding": [{"code": "m"}]},
        "subject": {"reference": "Patient/p"},
    },
    {
        "resourceType": "MedicationRequest",
        "medicationReference": {"reference": "Medication/m"},
        "subject": {"reference": "Patient/p"},
    },
    {
        "resourceType": "DocumentReference",
        "subject": {"reference": "Patient/p"},
        "relatesTo": [{"code": "replaces", "target": {"reference": "DocumentReference/d"}}],
        "context": {"encounter": [{"reference": "Encounter/e"}]},
    },
    {
        "resourceType": "PlanDefinition",
        "relatedArtifact": [
            {"type": "depends-on", "resource": "http://a"},
            {"type": "successor", "resource": "http://b"},
        ],
        "useContext": [{"code": {"code": "x"}, "valueQuantity": {"value": 1}}],
    },
    {
        "resourceType": "ValueSet",
        "url": "http://v",
        "compose": {"include": [{"system": "http://s"}]},
        "expansion": {"identifier": "i"},
    },
    {
        "resourceType": "Encounter",
        "subject": {"reference": "Patient/p"},
        "participant": [{"individual": {"reference": "Practitioner/z"}}],
        "location": [{"location": {"reference": "Location/l"}, "period": {"start": "2026"}}],
    },
    {
        "resourceType": "Goal",
        "startDate": "2026",
        "subject": {"reference": "Patient/p"},
        "target": [{"dueDate": "2027"}],
    },
]
CASES = [(body, one) for body in RICH for one in parameters(body["resourceType"]).values()]


@pytest.mark.parametrize(("body", "parameter"), CASES, ids=lambda one: getattr(one, "key", ""))
def test_paths_find_what_fhirpath_finds(body: dict[str, Any], parameter: Any) -> None:
    """The small evaluator against fhirpathpy with the R4 model, for every search parameter of these resources."""
    expression = parameter.expression.replace("Resource.", f"{body['resourceType']}.")
    for name in ("Patient", "Practitioner", "Location", "RelatedPerson"):
        wanted = f"where(reference.startsWith('{name}/'))"
        expression = expression.replace(f"where(resolve() is {name})", wanted)

    expected = evaluate({**body}, expression, {}, models["r4"])
    found = [value for value, _ in compile_path(parameter.expression)(body)]

    assert [_plain(one) for one in found] == [_plain(one) for one in expected]


def _plain(value: Any) -> Any:
    return value if isinstance(value, dict) else str(value)


def test_every_expression_compiles() -> None:
    """No search parameter of any type is left out by a misunderstood expression."""
    for type in sorted(resource_types()):
        for one in parameters(type).values():
            assert list(compile_path(one.expression)({"resourceType": type})) in ([], [(False, "boolean")])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2025-12-31T22:00:00.000", "2026-12-31T21:59:59.999"),
        ("2026-02", "2026-01-31T22:00:00.000", "2026-02-28T21:59:59.999"),
        ("2026-12", "2026-11-30T22:00:00.000", "2026-12-31T21:59:59.999"),
        ("2026-03-29", "2026-03-28T22:00:00.000", "2026-03-29T20:59:59.999"),
        ("2026-10-25", "2026-10-24T21:00:00.000", "2026-10-25T21:59:59.999"),
        ("2026-11-23T10:00", "2026-11-23T08:00:00.000", "2026-11-23T08:00:59.999"),
        ("2026-11-23T10:00:05Z", "2026-11-23T10:00:05.000", "2026-11-23T10:00:05.999"),
        ("2026-11-23T10:00:05.1234567+02:00", "2026-11-23T08:00:05.123", "2026-11-23T08:00:05.123"),
    ],
)
def test_dates_as_ranges(text: str, first: str, last: str) -> None:
    """Partial dates span what they can mean, in Finnish time where no zone is told, also when clocks change."""

    def millis(moment: str) -> int:
        return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() * 1000 + 0.5)

    assert dates.parse(text) == (millis(first), millis(last))


@pytest.mark.parametrize(
    "text", ["", "26", "2026-1", "2026-02-30", "2026-11-23T25:00:00Z", "2026-11-23T10:00:00+15:00", "x"]
)
def test_no_dates(text: str) -> None:
    """ValueError, nothing else."""
    with pytest.raises(ValueError):
        dates.parse(text)


async def test_metadata(world: Any) -> None:
    """A valid CapabilityStatement without a token, with the websocket and the OAuth addresses."""
    async with world.client() as http:
        told = (await http.get("metadata")).json()

    rest = told["rest"][0]
    assert problems(told) == []
    assert (told["fhirVersion"], told["kind"], told["implementation"]["url"]) == (
        "4.0.1",
        "instance",
        "http://stub.test/fhir",
    )
    assert rest["extension"][0] == {
        "url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket",
        "valueUri": "ws://stub.test/fhir/websocket",
    }
    uris = {one["url"]: one["valueUri"] for one in rest["security"]["extension"][0]["extension"]}
    assert uris["token"] == "http://stub.test/auth/token"
    assert {one["type"] for one in rest["resource"]} == resource_types()


async def test_metadata_is_honest(world: Any, system: httpx.AsyncClient) -> None:
    """Every search parameter and operation it names is understood."""
    told = (await system.get("metadata")).json()
    samples = {"date": "2026", "number": "1", "quantity": "1"}
    for one in told["rest"][0]["resource"]:
        if one["type"] in ("Patient", "Communication", "Observation", "Task", "Appointment", "Location"):
            for parameter in one["searchParam"]:
                query = {parameter["name"]: samples.get(parameter["type"], "x")}
                answer = await system.get(one["type"], params=query, headers={"prefer": "handling=strict"})
                assert answer.status_code == 200, query


async def test_validate_operation(system: httpx.AsyncClient) -> None:
    """$validate says what is wrong and stores nothing."""
    good = await system.post("Patient/$validate", json=patient("p"))
    wrapped = {
        "resourceType": "Parameters",
        "parameter": [{"name": "resource", "resource": {**patient("p"), "gender": "x"}}],
    }
    bad = await system.post("Patient/$validate", json=wrapped)

    assert good.json()["issue"][0]["severity"] == "information"
    assert bad.json()["issue"][0]["expression"] == ["Patient.gender"]
    assert (await system.get("Patient?_summary=count")).json()["total"] == 0
