"""A resident begins a chat and writes in it, as the app does it."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.api import chat as wire
from app.api.messages import attachment_of, binary
from app.domain.chat import Answer
from backend_stub.app import Platform

ASKED = (Answer(question="Mikä vaivaa?", answer="Kuume"),)


def join(
    platform: Platform,
    key: str,
    service: str = "terveysasema",
    text: str = "Hei",
    asked: Sequence[Answer] = ASKED,
    **more: Any,
) -> str:
    """A chat with one message. Returns the Task's id."""
    resident = platform.seeder.roster.get(key)
    assert resident is not None
    common = {"person_id": resident.patient, "service_id": service}
    thread, now = str(uuid.uuid4()), platform.clock.now()
    head = wire.header(thread_id=thread, subject="Yskä", sent=now, **common)
    first = wire.message(
        message_id=str(uuid.uuid4()), thread_id=thread, previous="", text=text, sent=now, **common
    )
    wish = wire.task(
        task_id=str(uuid.uuid4()), thread_id=thread, language="fi", answers=asked, asked=now, **common, **more
    )
    for body in (head, first, wish):
        platform.repository.create(body, by=resident.sub)
    platform.chat.step()
    return str(wish["id"])


def say(platform: Platform, chat: str, text: str, photo: bytes = b"") -> str:
    """One more message of the resident's. Returns its id."""
    task = platform.chat.task(chat)
    person = task["for"]["reference"].split("/")[1]
    key, files = str(uuid.uuid4()), []
    if photo:
        files = [attachment_of(key, "iho.jpg", "image/jpeg", photo)]
        platform.repository.create(
            binary(binary_id=key, content_type="image/jpeg", data=photo, person_id=person)
        )
    body = wire.message(
        message_id=str(uuid.uuid4()),
        thread_id=task["focus"]["reference"].split("/")[1],
        previous=platform.chat.book.last(chat),
        person_id=person,
        service_id="terveysasema",
        text=text,
        attachments=files,
        sent=platform.clock.now(),
    )
    platform.repository.create(body)
    platform.chat.step()
    return str(body["id"])


def later(platform: Platform, seconds: float) -> None:
    """Time goes on, and what is due is done."""
    platform.clock.advance(timedelta(seconds=seconds))
    platform.chat.step()
