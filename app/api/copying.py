"""Everything that the app holds of a person as one open file: a FHIR R4 Bundle (rows E1, M6)."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.api.wire import EXTENSION, instant


def bundle(resources: Iterable[Mapping[str, Any]], base_url: str, at: datetime) -> dict[str, Any]:
    """A Bundle of type collection; each entry under its address at the service. ``at`` is aware."""
    entries = [
        {
            "fullUrl": f"{base_url.rstrip('/')}/{one.get('resourceType')}/{one.get('id')}",
            "resource": dict(one),
        }
        for one in resources
    ]
    made = {"resourceType": "Bundle", "type": "collection", "timestamp": instant(at)}
    return {**made, "entry": entries} if entries else made


def unsent(
    *, key: str, kind: str, person: str, body: Mapping[str, Any], files: Sequence[tuple[str, str, bytes]]
) -> tuple[dict[str, Any], ...]:
    """What is only being written, as R4: a message in preparation, answers in progress with their files, anything
    else as Basic with its words as they are kept. ``person``: "Patient/x" or empty; ``files``: name, content type and
    bytes."""
    response = body.get("response")
    if isinstance(response, Mapping) and response.get("resourceType") == "QuestionnaireResponse":
        begun = {**response, "id": key, "status": "in-progress"}
        return (begun, *(_binary(f"{key}-{n}", file) for n, file in enumerate(files)))
    about = {"subject": {"reference": person}} if person else {}
    if kind == "message":
        message = {"resourceType": "Communication", "id": key, "status": "preparation"}
        return ({**message, **about, **_said(body, files)},)
    words = json.dumps(body, ensure_ascii=False)
    kept = {"extension": [{"url": f"{EXTENSION}kept-draft", "valueString": words}]}
    return ({"resourceType": "Basic", "id": key, **kept, "code": {"text": kind}, **about},)


def _said(body: Mapping[str, Any], files: Sequence[tuple[str, str, bytes]]) -> dict[str, Any]:
    """The elements of a message that are there already."""
    words = [{"contentString": body["text"]}] if body.get("text") else []
    attached = [{"contentAttachment": _attached(*file)} for file in files]
    service = body.get("service_id")
    made: dict[str, Any] = {
        "topic": {"text": body["subject"]} if body.get("subject") else None,
        "recipient": [{"reference": f"HealthcareService/{service}"}] if service else None,
        "partOf": [{"reference": f"Communication/{body['thread_id']}"}] if body.get("thread_id") else None,
        "payload": [*words, *attached],
    }
    return {name: part for name, part in made.items() if part}


def _attached(name: str, content_type: str, data: bytes) -> dict[str, Any]:
    told = {"contentType": content_type, "title": name, "data": b64encode(data).decode()}
    return {element: value for element, value in told.items() if value}


def _binary(id: str, file: tuple[str, str, bytes]) -> dict[str, Any]:
    return {"resourceType": "Binary", "id": id, **{k: v for k, v in _attached(*file).items() if k != "title"}}


def written(resource: Mapping[str, Any]) -> bytes:
    """As a file that people can open and read."""
    return json.dumps(resource, ensure_ascii=False, indent=1).encode()
