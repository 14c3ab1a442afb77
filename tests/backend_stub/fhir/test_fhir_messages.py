"""What a resident may do with messages, the own Patient and attachments; what has been sent stays as it was sent."""

from typing import Any

import httpx
import pytest

from tests.backend_stub.fhir.fhir_samples import E, message, observation, patient

PATCH = {"content-type": "application/json-patch+json"}
STAMP = {"url": E + "client-mutation", "valueId": "key-1"}
ANSWER = {
    "status": "completed",
    "sender": {"reference": "Practitioner/z"},
    "recipient": [{"reference": "Patient/aino"}],
    "partOf": [{"reference": "Communication/thread"}],
    "payload": [{"contentString": "Hei Aino"}],
}


@pytest.fixture
def thread(world: Any) -> Any:
    """A thread of Aino's: header, her message, a professional's answer."""
    make = world.repository.create
    make(patient("aino"))
    make(message("thread"))
    part = [{"reference": "Communication/thread"}]
    make(message("sent", status="completed", partOf=part, payload=[{"contentString": "Hei"}]))
    make(message("answer", **ANSWER))
    make(
        {
            "resourceType": "Binary",
            "id": "blob",
            "contentType": "text/plain",
            "data": "aGVp",
            "securityContext": {"reference": "Patient/aino"},
        }
    )
    return world


async def put(http: httpx.AsyncClient, world: Any, id: str, **changes: Any) -> int:
    """PUT a stored message with changes; a value of None takes the element away."""
    body = {**world.repository.read("Communication", id), **changes}
    kept = {name: value for name, value in body.items() if value is not None}
    return (await http.put(f"Communication/{id}", json=kept)).status_code


async def test_a_whole_thread(thread: Any, aino: httpx.AsyncClient) -> None:
    """Header, attachment and message as the app sends them, each as a create that happens once."""
    once = {"if-none-match": "*"}
    part = {"partOf": [{"reference": "Communication/h"}], "status": "completed"}
    payload = [
        {"contentString": "Hei"},
        {"contentAttachment": {"contentType": "text/plain", "url": "Binary/f"}},
    ]
    blob = {
        "resourceType": "Binary",
        "id": "f",
        "contentType": "text/plain",
        "data": "aGVp",
        "securityContext": {"reference": "Patient/aino"},
    }

    made = [
        await aino.put("Communication/h", json=message("h"), headers=once),
        await aino.put("Binary/f", json=blob, headers=once),
        await aino.put("Communication/m", json=message("m", **part, payload=payload), headers=once),
    ]

    assert [one.status_code for one in made] == [201, 201, 201]


async def test_reading_an_answer_is_told_once(thread: Any, aino: httpx.AsyncClient) -> None:
    """``received`` with a stamp passes; the same again passes; another time is refused."""
    assert await put(aino, thread, "answer", received="2026-11-23T09:00:00Z", extension=[STAMP]) == 200
    assert await put(aino, thread, "answer", received="2026-11-23T09:00:00Z") == 200
    assert await put(aino, thread, "answer", received="2026-11-24T09:00:00Z") == 403
    assert await put(aino, thread, "answer", received=None) == 403


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("answer", {"payload": [{"contentString": "Muutettu"}]}),
    ("answer", {"received": "2026-11-23T09:00:00Z", "payload": [{"contentString": "Muutettu"}]}),
    ("answer", {"sender": {"reference": "Patient/aino"}}),
    ("answer", {"extension": [{"url": E + "opened", "valueDateTime": "2026-11-23"}]}),
    ("answer", {"meta": {"tag": [{"code": "urgent"}]}}),
    ("sent", {"payload": [{"contentString": "Muutettu"}]}),
    ("sent", {"payload": None}),
    ("sent", {"received": "2026-11-23"}),
    ("sent", {"status": "entered-in-error"}),
    ("sent", {"extension": [{"url": E + "opened", "valueDateTime": "2026-11-23"}]}),
    ("sent", {"recipient": [{"reference": "HealthcareService/other"}]}),
    ("thread", {"topic": {"text": "Muu"}}),
    ("thread", {"status": "on-hold"}),
]


@pytest.mark.parametrize(("id", "changes"), CHANGES)
async def test_nothing_sent_is_altered(
    thread: Any, aino: httpx.AsyncClient, id: str, changes: dict[str, Any]
) -> None:
    """By PUT and by PATCH alike; identical bodies and stamps pass."""
    operations = [
        {"op": "add", "path": f"/{name}", "value": value} for name, value in changes.items() if value
    ]

    assert await put(aino, thread, id, **changes) == 403
    if operations:
        assert (await aino.patch(f"Communication/{id}", json=operations, headers=PATCH)).status_code == 403
    assert thread.repository.read("Communication", id)["meta"]["versionId"] == "1"
    assert await put(aino, thread, id, extension=[STAMP]) == 200


async def test_closing_the_own_thread(thread: Any, aino: httpx.AsyncClient) -> None:
    """The header may become completed."""
    assert await put(aino, thread, "thread", status="completed") == 200


async def test_messages_and_attachments_are_not_deleted_or_swapped(
    thread: Any, aino: httpx.AsyncClient
) -> None:
    """They are part of the record; the same bytes again are no change."""
    blob = thread.repository.read("Binary", "blob")

    assert (await aino.delete("Communication/sent")).status_code == 403
    assert (await aino.delete("Binary/blob")).status_code == 403
    assert (await aino.put("Binary/blob", json={**blob, "data": "aGVpIQ=="})).status_code == 403
    assert (await aino.put("Binary/blob", json=blob)).status_code == 200


async def test_own_contact_data(thread: Any, aino: httpx.AsyncClient) -> None:
    """Telecom and language of the own Patient; nothing else, and no deleting."""
    own = thread.repository.read("Patient", "aino")
    phone = {**own, "telecom": [{"system": "phone", "value": "040"}], "extension": [STAMP]}

    assert (await aino.put("Patient/aino", json=phone)).status_code == 200
    assert (await aino.put("Patient/aino", json={**phone, "birthDate": "1990-01-01"})).status_code == 403
    assert (await aino.put("Patient/aino", json={**phone, "identifier": []})).status_code in (400, 403)
    assert (await aino.delete("Patient/aino")).status_code == 403


async def test_own_measurements_and_the_clinics(thread: Any, aino: httpx.AsyncClient) -> None:
    """A resident marks an own measurement as an error, whoever brought it in; the clinic's records stay as they are."""
    self_made = {"performer": [{"reference": "Patient/aino"}]}
    thread.repository.create(observation("imported", **self_made))
    thread.repository.create(observation("clinics"))
    await aino.put("Observation/home", json=observation("home"))
    error = {"status": "entered-in-error"}

    answers = [
        await aino.put("Observation/home", json=observation("home") | error),
        await aino.put("Observation/imported", json=observation("imported", **self_made) | error),
        await aino.put("Observation/clinics", json=observation("clinics") | error),
        await aino.delete("Observation/clinics"),
        await aino.delete("Observation/home"),
    ]

    assert [one.status_code for one in answers] == [200, 200, 403, 403, 204]


async def test_deleting_own_subscriptions_only(thread: Any, aino: httpx.AsyncClient) -> None:
    """A resident deletes what the resident made, not what the clinic made."""
    subscription = {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "x",
        "channel": {"type": "websocket"},
        "criteria": "Slot?status=free",
    }
    made = (await aino.post("Subscription", json=subscription)).json()
    thread.repository.create(
        {**subscription, "id": "theirs", "criteria": "Communication?subject=Patient/aino"}
    )

    assert made["status"] == "active"
    assert (await aino.delete(f"Subscription/{made['id']}")).status_code == 204
    assert (await aino.delete("Subscription/theirs")).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"channel": {"type": "rest-hook", "endpoint": "http://a"}},
        {"criteria": "Nonsense?a=b"},
        {"criteria": "Slot?a=b"},
        {"criteria": "Slot?start=soon"},
        {"criteria": "Slot?_include=*"},
    ],
)
async def test_subscriptions_that_cannot_be_served(aino: httpx.AsyncClient, change: dict[str, Any]) -> None:
    """Another channel, or criteria that are no search: 422 with a reason."""
    subscription = {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "x",
        "channel": {"type": "websocket"},
        "criteria": "Slot?status=free",
    }

    assert (await aino.post("Subscription", json={**subscription, **change})).status_code == 422
