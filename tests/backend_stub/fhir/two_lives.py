"""Two residents with a life each, for tests of what one may know of the other."""

from typing import Any

import httpx

from tests.backend_stub.fhir.fhir_samples import message, observation, patient, service

SECRET = "SALAISUUS"
PATCH = {"content-type": "application/json-patch+json"}
BERTTAS = (
    "Patient/bertta",
    "Communication/bm",
    "Observation/bo",
    "Binary/bb",
    "Binary/bb2",
    "Subscription/bs",
    "Task/bt",
)


def fill(world: Any) -> None:
    """Aino and Bertta, each with a life of their own; Bertta's is full of secrets."""
    make = world.repository.create
    for id in ("aino", "bertta"):
        mark = SECRET if id == "bertta" else "Avoin"
        i = id[0]
        make(patient(id, mark))
        make(message(f"{i}m", id, payload=[{"contentString": mark}], identifier=[{"value": mark}]))
        make(observation(f"{i}o", id, 61.5 if id == "bertta" else 72.5, note=[{"text": mark}]))
        context = {"reference": f"Patient/{id}"}
        make(
            {"resourceType": "Binary", "id": f"{i}b", "contentType": "text/plain", "securityContext": context}
        )
        make(
            {
                "resourceType": "Binary",
                "id": f"{i}b2",
                "contentType": f"text/{mark}",
                "securityContext": {"reference": f"Communication/{i}m"},
            }
        )
        make(
            {
                "resourceType": "Subscription",
                "id": f"{i}s",
                "status": "active",
                "reason": mark,
                "criteria": f"Communication?subject=Patient/{id}",
                "channel": {"type": "websocket"},
            }
        )
        make(
            {
                "resourceType": "Task",
                "id": f"{i}t",
                "status": "requested",
                "intent": "order",
                "description": mark,
                "for": context,
                "focus": {"reference": f"Communication/{i}m"},
            }
        )
        make(message(f"{i}x", id, payload=[{"contentString": mark}]))
        world.repository.delete("Communication", f"{i}x")
    make(service("clinic"))
    make(
        {
            "resourceType": "Group",
            "id": "g",
            "type": "person",
            "actual": True,
            "name": SECRET,
            "member": [{"entity": {"reference": f"Patient/{id}"}} for id in ("aino", "bertta")],
        }
    )
    make(
        {
            "resourceType": "Communication",
            "id": "anonymous",
            "status": "completed",
            "note": [{"text": SECRET}],
        }
    )
    make({"resourceType": "Device", "id": "d", "note": [{"text": SECRET}]})


def state(world: Any) -> list[tuple[Any, ...]]:
    """All versions there are."""
    return list(
        world.repository.storage.db.execute("SELECT type, id, version, body FROM version ORDER BY seq")
    )


async def raw(world: Any, method: str, path: str) -> httpx.Response:
    """As Aino, without checking the answer's shape (the samples are bare)."""
    client = world.client("aino")
    client.event_hooks = {}
    return await client.request(method, path)
