"""Search: what each kind of parameter finds, order, subsets, includes and pages."""

from typing import Any

import httpx
import pytest

from tests.backend_stub.fhir.fhir_samples import ids, message, observation, patient, service

LOINC = "http://loinc.org"


@pytest.fixture
async def filled(system: httpx.AsyncClient) -> httpx.AsyncClient:
    """A few people and what belongs to them."""
    people = [
        patient("p1", "Mäkinen", gender="female", birthDate="1990-05-17", active=True),
        patient("p2", "Mäki-Berg", gender="male", birthDate="1985-01"),
        patient("p3", "von Essen", telecom=[{"system": "phone", "value": "040 123"}]),
    ]
    people[0]["maritalStatus"] = {"text": "Naimisissa", "coding": [{"system": "urn:m", "code": "M"}]}
    people[2]["identifier"].append({"value": "no-system|1"})
    records = [
        observation("o1", "p1", 72.5),
        observation("o2", "p1", 80, effectiveDateTime="2026-11-21T10:30:00+02:00"),
        observation("o3", "p2", 72.46, performer=[{"reference": "http://stub.test/fhir/Patient/p2"}]),
        {**observation("o4", "p3"), "subject": {"identifier": {"system": "urn:x", "value": "7"}}},
        message("m1", "p1", sent="2026-11-01T08:00:00Z"),
        message("m2", "p1", sent="2026-11-02T08:00:00Z", partOf=[{"reference": "Communication/m1"}]),
        message("m3", "p2", sent="2026-11-03T08:00:00Z", partOf=[{"reference": "Communication/m2"}]),
        service("clinic"),
        {
            "resourceType": "Encounter",
            "id": "e1",
            "status": "finished",
            "class": {"code": "AMB"},
            "subject": {"reference": "Patient/p1"},
            "period": {"start": "2026-11-10", "end": "2026-11-12"},
        },
        {
            "resourceType": "QuestionnaireResponse",
            "id": "q1",
            "status": "completed",
            "questionnaire": "http://forms.test/q|2",
        },
    ]
    for one in people + records:
        made = await system.put(f"{one['resourceType']}/{one['id']}", json=one)
        assert made.status_code == 201, made.text
    return system


FINDS = [
    ("Patient", "name=mak", "p1 p2"),
    ("Patient", "name=MÄK", "p1 p2"),
    ("Patient", "family:exact=Mäkinen", "p1"),
    ("Patient", "family:exact=mäkinen", ""),
    ("Patient", "family:contains=berg", "p2"),
    ("Patient", "name=mak,von", "p1 p2 p3"),
    ("Patient", "name=mak&gender=male", "p2"),
    ("Patient", "identifier=urn:oid:1.2.246.21|010190-9p1", "p1"),
    ("Patient", "identifier=010190-9p1", "p1"),
    ("Patient", "identifier=urn:oid:1.2.246.21|", "p1 p2 p3"),
    ("Patient", "identifier=|no-system\\|1", "p3"),
    ("Patient", "identifier=|010190-9p1", ""),
    ("Patient", "gender=http://hl7.org/fhir/administrative-gender|female", "p1"),
    ("Patient", "gender:not=female", "p2 p3"),
    ("Patient", "gender:missing=true", "p3"),
    ("Patient", "gender:missing=false", "p1 p2"),
    ("Patient", "active=true", "p1"),
    ("Patient", "deceased=false", "p1 p2 p3"),
    ("Patient", "phone=040 123", "p3"),
    ("Patient", "birthdate=1990", "p1"),
    ("Patient", "birthdate=1990-05", "p1"),
    ("Patient", "birthdate=1990-05-17", "p1"),
    ("Patient", "birthdate=1985-01-15", ""),
    ("Patient", "birthdate=lt1990-05-17", "p2"),
    ("Patient", "birthdate=ne1990-05-17", "p2"),
    ("Patient", "birthdate=ap1990-05-18", "p1"),
    ("Patient", "_id=p1,p3", "p1 p3"),
    ("Patient", "_lastUpdated=ge2026-11-23T08:00:00.001Z", "p2 p3"),
    ("Patient", "_lastUpdated=gt2026-11-23", ""),
    ("Patient", "_lastUpdated=le2026-11-23&_id=p2", "p2"),
    ("Patient", "_has:Observation:patient:code=29463-7", "p1 p2"),
    ("Patient", "_has:Observation:patient:value-quantity=gt75", "p1"),
    ("Observation", "code=http://loinc.org|29463-7", "o1 o2 o3 o4"),
    ("Observation", "code:text=body w", "o1 o2 o3 o4"),
    ("Observation", "subject=Patient/p1", "o1 o2"),
    ("Observation", "subject=p1", "o1 o2"),
    ("Observation", "patient=p1", "o1 o2"),
    ("Observation", "subject:Patient=p1", "o1 o2"),
    ("Observation", "subject:Group=p1", ""),
    ("Observation", "subject=http://stub.test/fhir/Patient/p1", "o1 o2"),
    ("Observation", "subject=http://elsewhere.test/fhir/Patient/p1", ""),
    ("Observation", "performer=Patient/p2", "o3"),
    ("Observation", "subject:identifier=urn:x|7", "o4"),
    ("Observation", "subject.identifier=010190-9p2", "o3"),
    ("Observation", "subject:Patient.name=mak", "o1 o2 o3"),
    ("Observation", "patient._id=p2", "o3"),
    ("Observation", "date=2026-11-21", "o2"),
    ("Observation", "date=ge2026-11-21", "o2"),
    ("Observation", "date=le2026-11-20", "o1 o3 o4"),
    ("Observation", "date=sa2026-11-20", "o2"),
    ("Observation", "date=eb2026-11-21", "o1 o3 o4"),
    ("Observation", "date=2026-11-21T10:30:00%2B02:00", "o2"),
    ("Observation", "date=2026-11-21T08:30:00Z", "o2"),
    ("Observation", "value-quantity=72.5", "o1 o3 o4"),
    ("Observation", "value-quantity=72.50", "o1 o4"),
    ("Observation", "value-quantity=gt72.5", "o2"),
    ("Observation", "value-quantity=ge72.5||kg", "o1 o2 o4"),
    ("Observation", "value-quantity=lt72.5|http://unitsofmeasure.org|kg", "o3"),
    ("Observation", "value-quantity=72.5||g", ""),
    ("Observation", "value-quantity=ap70", "o1 o3 o4"),
    ("Communication", "part-of.part-of.sent=2026-11-01", None),
    ("Communication", "part-of:Communication.part-of:Communication.sent=2026-11-01", "m3"),
    ("Encounter", "date=2026-11-11", ""),
    ("Encounter", "date=2026-11", "e1"),
    ("Encounter", "date=ge2026-11-12", "e1"),
    ("Encounter", "date=gt2026-11-12", ""),
    ("QuestionnaireResponse", "questionnaire=http://forms.test/q", "q1"),
    ("QuestionnaireResponse", "questionnaire=http://forms.test/q|2", "q1"),
    ("QuestionnaireResponse", "questionnaire=http://forms.test/q|3", ""),
]


@pytest.mark.parametrize(("type", "query", "found"), FINDS)
async def test_parameter_finds(filled: httpx.AsyncClient, type: str, query: str, found: str | None) -> None:
    """The same by GET and by POST _search; None means it is refused as too costly."""
    form = {"content-type": "application/x-www-form-urlencoded"}

    got = await filled.get(f"{type}?{query}")
    posted = await filled.post(f"{type}/_search", content=query, headers=form)

    if found is None:
        assert (got.status_code, posted.status_code) == (400, 400)
    else:
        assert sorted(ids(got)) == found.split()
        assert ids(posted) == ids(got)
        assert got.json()["total"] == len(found.split())


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("_sort=sent", "m1 m2 m3"),
        ("_sort=-sent", "m3 m2 m1"),
        ("_sort=-_lastUpdated", "m3 m2 m1"),
        ("_sort=subject,-sent", "m2 m1 m3"),
        ("_sort=-_id", "m3 m2 m1"),
        ("_sort=-part-of", "m3 m2 m1"),
        ("_sort=part-of", "m2 m3 m1"),
    ],
)
async def test_sort(filled: httpx.AsyncClient, query: str, order: str) -> None:
    """Several keys, either way; what lacks the value comes last."""
    assert ids(await filled.get(f"Communication?{query}")) == order.split()


@pytest.mark.parametrize(
    ("query", "included"),
    [
        ("_id=m1&_include=Communication:subject", "p1"),
        ("_id=m1&_include=Communication:subject:Group", ""),
        ("_id=m1&_include=*", "clinic p1"),
        ("_id=m2&_include=Communication:part-of", "m1"),
        ("_id=m3&_include=Communication:part-of", "m2"),
        ("_id=m3&_include:iterate=Communication:part-of", "m1 m2"),
        ("_id=m1&_revinclude=Communication:part-of", "m2"),
        ("_id=m1&_revinclude:iterate=Communication:part-of", "m2 m3"),
        ("_id=m1&_include=Communication:subject&_revinclude:iterate=Observation:patient", "o1 o2 p1"),
    ],
)
async def test_includes(filled: httpx.AsyncClient, query: str, included: str) -> None:
    """What is brought along is marked so and not counted."""
    answer = await filled.get(f"Communication?{query}")

    assert sorted(ids(answer, "include")) == included.split()
    assert answer.json()["total"] == 1


async def test_summary_count_and_zero(filled: httpx.AsyncClient) -> None:
    """_summary=count and _count=0 tell the number and bring nothing."""
    for query in ("_summary=count", "_count=0"):
        answer = (await filled.get(f"Patient?{query}")).json()
        assert answer["total"] == 3
        assert "entry" not in answer

    assert "total" not in (await filled.get("Patient?_total=none")).json()


async def test_elements_for_a_sweep(filled: httpx.AsyncClient) -> None:
    """A listing of ids and versions is small."""
    answer = await filled.get("Patient?_elements=id,meta")

    assert [set(one["resource"]) for one in answer.json()["entry"]] == [{"resourceType", "id", "meta"}] * 3


async def test_unknown_parameter(filled: httpx.AsyncClient) -> None:
    """Lenient: ignored, told, and left out of the self link. Strict: refused."""
    lenient = (await filled.get("Patient?name=mak&nonsense=1")).json()
    strict = await filled.get("Patient?nonsense=1", headers={"prefer": "handling=strict"})

    assert lenient["link"][0] == {"relation": "self", "url": "http://stub.test/fhir/Patient?name=mak"}
    assert "nonsense" in lenient["entry"][-1]["resource"]["issue"][0]["diagnostics"]
    assert strict.status_code == 400
    assert "nonsense" in strict.json()["issue"][0]["diagnostics"]


async def test_pages_hold_still_while_others_write(filled: httpx.AsyncClient) -> None:
    """Following next gives each match once, though new ones come and others are changed meanwhile."""
    for number in range(25):
        await filled.put(f"Observation/n{number}", json=observation(f"n{number}", value=number))
    seen: list[str] = []
    url: str | None = "Observation?_count=4&_sort=-_lastUpdated"
    while url:
        answer = await filled.get(url)
        seen += ids(answer)
        url = next((one["url"] for one in answer.json()["link"] if one["relation"] == "next"), None)
        await filled.post("Observation", json=observation("new"))
        await filled.put("Observation/n3", json=observation("n3", value=len(seen)))

    assert len(seen) == len(set(seen)) == 29


async def test_previous_page_and_cap(filled: httpx.AsyncClient) -> None:
    """There is a way back, and a huge _count is cut, not refused."""
    first = (await filled.get("Patient?_count=2")).json()
    second = (await filled.get(first["link"][1]["url"])).json()
    links = {one["relation"]: one["url"] for one in second["link"]}
    back = await filled.get(links["previous"])

    assert ids(back) == [one["resource"]["id"] for one in first["entry"]]
    assert (await filled.get("Patient?_count=99999999999999999999")).status_code == 200


async def test_expired_page(filled: httpx.AsyncClient) -> None:
    """A link that is no longer known says so."""
    assert (await filled.get("Patient?_page=forgotten&_offset=2")).status_code == 410


async def test_compartment_search_and_everything(filled: httpx.AsyncClient) -> None:
    """Patient/p1/Observation finds p1's own; $everything brings the whole compartment."""
    within = await filled.get("Patient/p1/Observation?value-quantity=gt75")
    whole: Any = await filled.get("Patient/p1/$everything")

    assert ids(within) == ["o2"]
    assert sorted(ids(whole)) == ["e1", "m1", "m2", "o1", "o2", "p1"]
    assert (await filled.get("Patient/none/Observation")).status_code == 404


BAD = (
    "birthdate=soon",
    "birthdate=2026-13",
    "birthdate=0000",
    "_lastUpdated=gtx",
    "_count=-1",
    "_count=many",
    "_summary=some",
    "_total=all",
    "gender:fancy=x",
    "name:missing=maybe",
    "name=",
    "name=a,,b",
    "_id:exact=p1",
    "general-practitioner:Organization=Patient/p1",
    "_offset=x",
    "_id=" + ",".join("x" * 600),
)


@pytest.mark.parametrize("query", BAD)
async def test_values_that_make_no_sense(filled: httpx.AsyncClient, query: str) -> None:
    """400 with a reason, never a guess."""
    assert (await filled.get(f"Patient?{query}")).status_code == 400
