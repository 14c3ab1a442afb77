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


def fill(world: Any, people: tuple[str, ...] = ("aino", "bertta")) -> None:
    """These residents with a life each; Bertta's is full of secrets, and so is what belongs to nobody."""
    for id in people:
        for one in _life(id, SECRET if id == "bertta" else "Avoin"):
            world.repository.create(one)
        world.repository.delete("Communication", f"{id[0]}x")
    world.repository.create(service("clinic"))
    if "bertta" in people:
        for one in _nobodys():
            world.repository.create(one)


def _life(id: str, mark: str) -> list[dict[str, Any]]:
    i, who = id[0], {"reference": f"Patient/{id}"}
    thread = {"reference": f"Communication/{i}m"}
    said = [{"contentString": mark}]
    binary = {"resourceType": "Binary", "contentType": f"text/{mark}"}
    subscription = {"resourceType": "Subscription", "status": "active", "channel": {"type": "websocket"}}
    task = {"resourceType": "Task", "status": "requested", "intent": "order", "for": who, "focus": thread}
    return [
        patient(id, mark),
        message(f"{i}m", id, payload=said, identifier=[{"value": mark}]),
        observation(f"{i}o", id, 61.5 if id == "bertta" else 72.5, note=[{"text": mark}]),
        {**binary, "id": f"{i}b", "contentType": "text/plain", "securityContext": who},
        {**binary, "id": f"{i}b2", "securityContext": thread},
        {**subscription, "id": f"{i}s", "reason": mark, "criteria": f"Communication?subject=Patient/{id}"},
        {**task, "id": f"{i}t", "description": mark},
        message(f"{i}x", id, payload=said),
    ]


def _nobodys() -> list[dict[str, Any]]:
    both = [{"entity": {"reference": f"Patient/{id}"}} for id in ("aino", "bertta")]
    group = {"resourceType": "Group", "id": "g", "type": "person", "actual": True, "name": SECRET}
    note = [{"text": SECRET}]
    return [
        {**group, "member": both},
        {"resourceType": "Communication", "id": "anonymous", "status": "completed", "note": note},
        {"resourceType": "Device", "id": "d", "note": note},
    ]


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
