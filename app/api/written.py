"""A message that was put into the outbox, read back so that it can be edited."""

import base64
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.api.wire import Communication, id_of
from app.errors import BadData


class Written(NamedTuple):
    """The words of a message and where they were going."""

    service_id: str
    thread_id: str
    subject: str
    text: str


class WrittenFile(NamedTuple):
    """A file of a message, with its bytes."""

    name: str
    content_type: str
    data: bytes


def words_of(resource: Mapping[str, Any]) -> Written:
    """The words of a message Communication. Raises BadData when it is not one."""
    message = _message(resource)
    return Written(
        service_id=next((id_of(r, "HealthcareService") for r in message.recipient), ""),
        thread_id=next((id_of(r, "Communication") for r in message.partOf), ""),
        subject=message.topic.text if message.topic else "",
        text="\n".join(p.contentString for p in message.payload if p.contentString),
    )


def files_of(
    resource: Mapping[str, Any], binaries: Mapping[str, Mapping[str, Any]]
) -> tuple[WrittenFile, ...]:
    """The files of a message, from the Binaries by id that were put with it; one that is not there is left
    out."""
    attached = (p.contentAttachment for p in _message(resource).payload if p.contentAttachment)
    named = ((a, binaries.get(a.url.rpartition("Binary/")[2])) for a in attached)
    return tuple(
        WrittenFile(a.title, a.contentType, base64.b64decode(held.get("data", "")))
        for a, held in named
        if held
    )


def _message(resource: Mapping[str, Any]) -> Communication:
    try:
        return Communication.model_validate(dict(resource))
    except ValidationError:
        raise BadData from None
