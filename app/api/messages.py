"""Message threads on the wire: Communications, and the Binaries of their attachments (feature A6).

A thread is a header Communication without payload; each message is ``partOf`` it and ``inResponseTo`` the one
before.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any, NamedTuple

from app.api.datatypes import Attachment as WireAttachment
from app.api.datatypes import Extension
from app.api.wire import CODES, Communication, Rejected, code, extension, id_of, instant, moment, parse
from app.domain.attachments import Attachment
from app.domain.messages import PENDING, Message, Thread, in_order, state_of
from app.domain.people import Professional

NON_URGENT = "non-urgent-message"
_CLOSED = frozenset({"completed", "stopped"})
_RESIDENT_SIDE = ("Patient", "RelatedPerson")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Parsed(NamedTuple):
    """Threads, and the resources that could not be read (without their content)."""

    threads: tuple[Thread, ...]
    rejected: tuple[Rejected, ...]


def to_threads(
    resources: Iterable[Any],
    *,
    ledger: Mapping[str, str] = _NOTHING,
    receipts: Mapping[str, datetime] = _NOTHING,
    staff: Mapping[str, Professional] = _NOTHING,
    category: str = NON_URGENT,
    unchanging: bool = False,
) -> Parsed:
    """The threads in some Communications, in no particular order; each thread's messages are in order.

    ``ledger``: state of own messages in the outbox by id, in the order they were written ("waiting",
    "sending", "refused"; all else means accepted). ``receipts``: when the server took a message, by id, where
    the ledger knows. ``staff``: professionals by Practitioner id (see ``people.to_staff``). Communications of
    another ``category`` are left out, and so is what was entered in error. A message whose header is missing
    still has its thread. ``unchanging``: messages of this category never get a second version, so the server's
    stamp is when it took them, whatever the writer's clock said.
    """
    found, rejected = parse(Communication, resources)
    ours = [c for c in found if c.id and _belongs(c, category)]
    headers = {c.id: c for c in ours if not c.partOf and not c.payload}
    read = _Reading(ledger, receipts, staff, unchanging)
    by_thread = groupby(sorted((c for c in ours if c.id not in headers), key=_thread_id), key=_thread_id)
    members = {thread: list(group) for thread, group in by_thread}
    threads = (_thread(i or "", headers.get(i), members.get(i or "", []), read) for i in {*headers, *members})
    return Parsed(tuple(threads), rejected)


class _Reading(NamedTuple):
    ledger: Mapping[str, str]
    receipts: Mapping[str, datetime]
    staff: Mapping[str, Professional]
    unchanging: bool = False


def _belongs(resource: Communication, category: str) -> bool:
    codes = code(resource.category, "communication-category")
    return resource.status != "entered-in-error" and (not codes or category in codes)


def _thread_id(message: Communication) -> str:
    """The header's id; a message that belongs to no thread is one of its own."""
    part_of = next((id_of(r, "Communication") for r in message.partOf), "")
    return part_of or message.id or ""


def _thread(
    thread_id: str, header: Communication | None, members: list[Communication], read: _Reading
) -> Thread:
    position = {key: place for place, key in enumerate(read.ledger)}
    members.sort(key=lambda m: position.get(m.id or "", -1))
    messages = in_order(_message(m, thread_id, read) for m in members)
    about = [header, *members] if header else members
    return Thread(
        id=thread_id,
        subject=next((c.topic.text for c in about if c.topic and c.topic.text), ""),
        service_id=next((s for c in about for r in c.recipient if (s := id_of(r, "HealthcareService"))), ""),
        person_id=next((p for c in about if (p := id_of(c.subject, "Patient"))), ""),
        plan_id=next((p for c in about for r in c.about if (p := id_of(r, "CarePlan"))), ""),
        started=moment(header.sent) if header else next((m.at for m in messages), None),
        closed=header is not None and header.status in _CLOSED,
        messages=messages,
    ).with_states()


def _message(wire: Communication, thread_id: str, read: _Reading) -> Message:
    mine = any(id_of(wire.sender, side) for side in _RESIDENT_SIDE)
    who = read.staff.get(id_of(wire.sender)) or Professional(id="")
    received, opened = moment(wire.received), _time(extension(wire, "opened"))
    ledger = read.ledger.get(wire.id or "", "")
    return Message(
        id=wire.id or "",
        thread_id=thread_id,
        mine=mine,
        sender_name=who.name or (wire.sender.display if wire.sender else ""),
        sender_role=who.role,
        unit=who.unit,
        text="\n".join(p.contentString for p in wire.payload if p.contentString),
        attachments=tuple(_attachment(p.contentAttachment) for p in wire.payload if p.contentAttachment),
        sent=moment(wire.sent),
        accepted_at=_accepted_at(wire, ledger, read),
        received=received,
        opened=opened,
        answers=next((id_of(r, "Communication") for r in wire.inResponseTo), ""),
        state=state_of(mine=mine, ledger=ledger, received=received, opened=opened),
    )


def _accepted_at(wire: Communication, ledger: str, read: _Reading) -> datetime | None:
    """The server's time of version 1: the ledger's receipt, else the first version's own stamp.

    Of a later version only this is known: it was accepted before it was changed, and not before it was
    written.
    """
    if ledger in PENDING:
        return None
    updated, sent = moment(wire.meta.lastUpdated), moment(wire.sent)
    if receipt := read.receipts.get(wire.id or ""):
        return receipt
    if wire.meta.versionId == "1" or read.unchanging or sent is None or updated is None:
        return updated or sent
    return min(sent, updated)


def _time(extension: Extension | None) -> datetime | None:
    return moment(extension.valueDateTime) if extension else None


def _attachment(wire: WireAttachment) -> Attachment:
    return Attachment(
        id=wire.url.rpartition("Binary/")[2],
        name=wire.title,
        content_type=wire.contentType,
        size=wire.size,
        digest=wire.hash,
    )


def header(
    *,
    thread_id: str,
    person_id: str,
    service_id: str,
    subject: str,
    sent: datetime,
    category: str = NON_URGENT,
    plan_id: str = "",
) -> dict[str, Any]:
    """The header of a new thread as R4; ids are UUIDs made by the client, ``sent`` is aware. ``plan_id``: the CarePlan
    that the thread belongs to, if any (G5)."""
    bound = {"about": [{"reference": f"CarePlan/{plan_id}"}]} if plan_id else {}
    return {
        "resourceType": "Communication",
        "id": thread_id,
        "status": "in-progress",
        **bound,
        **_about(person_id, service_id, subject, category),
        "sent": instant(sent),
    }


def message(
    *,
    message_id: str,
    thread_id: str,
    previous: str = "",
    person_id: str,
    service_id: str,
    subject: str,
    text: str,
    attachments: Iterable[Attachment] = (),
    sent: datetime,
    category: str = NON_URGENT,
) -> dict[str, Any]:
    """A message of the resident as R4. ``previous``: id of the message it follows, if any.

    Raises ValueError when there is neither text nor attachment: R4 knows no empty payload.
    """
    payload = _payload(text, attachments)
    if not payload:
        raise ValueError("a message needs a text or an attachment")
    follows = {"inResponseTo": [{"reference": f"Communication/{previous}"}]} if previous else {}
    return {
        "resourceType": "Communication",
        "id": message_id,
        "status": "completed",
        "partOf": [{"reference": f"Communication/{thread_id}"}],
        **follows,
        **_about(person_id, service_id, subject, category),
        "sent": instant(sent),
        "payload": payload,
    }


def binary(*, binary_id: str, content_type: str, data: bytes, person_id: str) -> dict[str, Any]:
    """The Binary of one attachment as R4; it is created before the message that names it."""
    return {
        "resourceType": "Binary",
        "id": binary_id,
        "contentType": content_type,
        "securityContext": {"reference": f"Patient/{person_id}"},
        "data": base64.b64encode(data).decode("ascii"),
    }


def attachment_of(binary_id: str, name: str, content_type: str, data: bytes) -> Attachment:
    """How a message names the file in a Binary: with size and SHA-1, so that damage on the way is seen."""
    digest = base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")
    return Attachment(id=binary_id, name=name, content_type=content_type, size=len(data), digest=digest)


def mark_received(at: datetime) -> dict[str, str]:
    """Arguments of the intent ``mark_received``: the resident has read an answer (set once)."""
    return {"at": instant(at)}


def clean(text: str) -> str:
    """``text`` as an R4 string may be: no control characters, no unusual blanks, no half characters."""
    plain = re.sub(r"[^\S \r\n\t]", " ", text)
    return re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]", "", plain).strip()


def _about(person_id: str, service_id: str, subject: str, category: str) -> dict[str, Any]:
    topic = {"topic": {"text": clean(subject)}} if clean(subject) else {}
    kind = {"system": f"{CODES}communication-category", "code": category}
    return {
        "category": [{"coding": [kind]}],
        **topic,
        "subject": {"reference": f"Patient/{person_id}"},
        "sender": {"reference": f"Patient/{person_id}"},
        "recipient": [{"reference": f"HealthcareService/{service_id}"}],
    }


def _payload(text: str, attachments: Iterable[Attachment]) -> list[dict[str, Any]]:
    words = [{"contentString": clean(text)}] if clean(text) else []
    return words + [{"contentAttachment": _wire_attachment(a)} for a in attachments]


def _wire_attachment(file: Attachment) -> dict[str, Any]:
    facts = {"title": clean(file.name), "size": file.size, "hash": file.digest}
    return {
        "contentType": file.content_type,
        "url": f"Binary/{file.id}",
        **{name: value for name, value in facts.items() if value},
    }
