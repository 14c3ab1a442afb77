"""Chats on the wire: a thread of Communications and a Task that says where the chat stands (row D5).

The messages never change after they were written, so every client sees them in the same order. What changes is in
the Task: ``status`` and ``owner``, the place in the queue, who types, what was delivered and read, what was agreed.
"""

# ruff: noqa: N815 - elements bear the names that FHIR gives them

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from app.api import messages as letters
from app.api.datatypes import CodeableConcept, Element, Extension, Period, Reference
from app.api.wire import (
    CODES,
    EXTENSION,
    Communication,
    HealthcareService,
    Rejected,
    Resource,
    code,
    day,
    extension,
    id_of,
    instant,
    moment,
    parse,
    translated,
)
from app.domain.attachments import Attachment
from app.domain.chat import Answer, Chat, Place, Question, Solved, Stage, newest_first
from app.domain.messages import Thread
from app.domain.people import Professional

CHAT = "chat"
_ENDED = frozenset({"completed", "failed"})
_LEFT = frozenset({"cancelled", "rejected", "entered-in-error"})
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Value(Element):
    """Task.input, Task.output: a named value."""

    type: CodeableConcept | None = None
    valueString: str = ""
    valueCode: str = ""


class Restriction(Element):
    """Until when a Task may be gone on with."""

    period: Period | None = None


class Task(Resource):
    """The parts of a Task that a chat reads."""

    status: str = ""
    code: CodeableConcept | None = None
    focus: Reference | None = None
    owner: Reference | None = None
    authoredOn: str = ""
    lastModified: str = ""
    input: tuple[Value, ...] = ()
    output: tuple[Value, ...] = ()
    basedOn: tuple[Reference, ...] = ()
    restriction: Restriction | None = None


class Parsed(NamedTuple):
    """Chats, and the resources that could not be read (without their content)."""

    chats: tuple[Chat, ...]
    rejected: tuple[Rejected, ...]


def to_chats(
    tasks: Iterable[Any],
    communications: Iterable[Any],
    *,
    ledger: Mapping[str, str] = _NOTHING,
    receipts: Mapping[str, datetime] = _NOTHING,
    staff: Mapping[str, Professional] = _NOTHING,
) -> Parsed:
    """The chats in some Tasks and Communications, open ones first. ``ledger``, ``receipts``, ``staff``: see
    ``messages.to_threads``."""
    found, rejected = parse(Task, tasks)
    heap = list(communications)
    threads, odd = letters.to_threads(
        heap, ledger=ledger, receipts=receipts, staff=staff, category=CHAT, unchanging=True
    )
    by_id = {thread.id: thread for thread in threads}
    bots = _bot_messages(heap)
    chats = (_chat(task, by_id, bots, ledger, staff) for task in found if _is_chat(task))
    return Parsed(newest_first(chats), (*rejected, *odd))


def to_questions(services: Iterable[Any], language: str) -> dict[str, tuple[Question, ...]]:
    """The short questions before a chat, by the service's id, in ``language``."""
    found, _ = parse(HealthcareService, services)
    return {s.id or "": tuple(_questions(s, language)) for s in found}


def header(
    *, thread_id: str, person_id: str, service_id: str, subject: str, sent: datetime
) -> dict[str, Any]:
    """The header of a chat's thread as R4."""
    return letters.header(
        thread_id=thread_id,
        person_id=person_id,
        service_id=service_id,
        subject=subject,
        sent=sent,
        category=CHAT,
    )


def message(
    *,
    message_id: str,
    thread_id: str,
    previous: str,
    person_id: str,
    service_id: str,
    text: str,
    attachments: Iterable[Attachment] = (),
    sent: datetime,
) -> dict[str, Any]:
    """A message of the resident's. ``previous``: the newest message known here, also one that waits to be sent."""
    return letters.message(
        message_id=message_id,
        thread_id=thread_id,
        previous=previous,
        person_id=person_id,
        service_id=service_id,
        subject="",
        text=text,
        attachments=attachments,
        sent=sent,
        category=CHAT,
    )


def task(
    *,
    task_id: str,
    thread_id: str,
    person_id: str,
    service_id: str,
    language: str,
    answers: Iterable[Answer] = (),
    continues: str = "",
    asked: datetime,
) -> dict[str, Any]:
    """The wish to chat, as R4. ``language``: fi, sv or en, in which the assistant shall write."""
    given = [
        {"type": {"text": letters.clean(a.question)}, "valueString": letters.clean(a.answer)} for a in answers
    ]
    before = {"basedOn": [{"reference": f"Task/{continues}"}]} if continues else {}
    return {
        "resourceType": "Task",
        "id": task_id,
        "language": language,
        **before,
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": f"{CODES}task", "code": CHAT}]},
        "focus": {"reference": f"Communication/{thread_id}"},
        "for": {"reference": f"Patient/{person_id}"},
        "authoredOn": instant(asked),
        "requester": {"reference": f"Patient/{person_id}"},
        "owner": {"reference": f"HealthcareService/{service_id}"},
        **({"input": given} if given else {}),
    }


def _is_chat(task: Task) -> bool:
    return bool(task.id) and CHAT in code([task.code] if task.code else [], "task")


def _chat(
    task: Task,
    threads: Mapping[str, Thread],
    bots: frozenset[str],
    ledger: Mapping[str, str],
    staff: Mapping[str, Professional],
) -> Chat:
    thread_id = id_of(task.focus, "Communication")
    thread = threads.get(thread_id) or Thread(id=thread_id)
    owner = id_of(task.owner, "Practitioner") or id_of(task.owner, "PractitionerRole")
    who = staff.get(owner) or Professional(id="")
    stage = _stage(task, ledger)
    return Chat(
        id=task.id or "",
        thread=thread,
        service_id=thread.service_id or id_of(task.owner, "HealthcareService"),
        person_id=thread.person_id,
        stage=stage,
        place=_place(task) if stage is Stage.QUEUE else None,
        bot=_flag(task, "chat-bot"),
        bot_messages=frozenset(m.id for m in thread.messages if m.id in bots),
        professional=who.name or (task.owner.display if task.owner and owner else ""),
        role=who.role,
        taken_at=_time(task, "chat-taken"),
        typing_until=_time(task, "chat-typing"),
        delivered=_id(task, "chat-delivered"),
        read=_id(task, "chat-read"),
        seen=_id(task, "chat-seen"),
        answers=tuple(_answers(task)),
        agreed=tuple(v.valueString for v in task.output if _named(v) == "agreed" and v.valueString),
        solved=_solved(task),
        code=next((v.valueString for v in task.output if _named(v) == "code"), ""),
        ended_at=_time(task, "chat-ended"),
        continue_until=day(
            (task.restriction.period.end if task.restriction and task.restriction.period else "")[:10]
        ),
        continues=next((id_of(r, "Task") for r in task.basedOn), ""),
        video=_id(task, "chat-video"),
        video_answer=_answer(task, "chat-video-answer"),
    )


def _stage(task: Task, ledger: Mapping[str, str]) -> Stage:
    pending = ledger.get(task.id or "", "")
    if pending == "refused":
        return Stage.NOT_JOINED
    if pending:
        return Stage.JOINING
    if task.status in _ENDED:
        return Stage.ENDED
    if task.status in _LEFT:
        return Stage.LEFT
    return Stage.TALK if task.status == "in-progress" else Stage.QUEUE


def _place(task: Task) -> Place | None:
    """The extension ``chat-queue``: place, low and high (minutes), updated, passed."""
    queue = extension(task, "chat-queue")
    inside = {e.url: e for e in queue.extension} if queue else {}
    number, updated = inside.get("place"), inside.get("updated")
    at = moment(updated.valueDateTime) if updated else None
    if number is None or number.valueInteger is None or at is None:
        return None
    low, high, passed = inside.get("low"), inside.get("high"), inside.get("passed")
    return Place(
        number=number.valueInteger,
        low=(low.valueInteger if low else None) or 0,
        high=(high.valueInteger if high else None) or 0,
        updated=at,
        passed=moment(passed.valueDateTime) if passed else None,
    )


def _answers(task: Task) -> Iterable[Answer]:
    for value in task.input:
        if value.type and value.type.text and value.valueString:
            yield Answer(question=value.type.text, answer=value.valueString)


def _solved(task: Task) -> Solved | None:
    told = next((v.valueCode for v in task.output if _named(v) == "solved"), "")
    return Solved(told) if told in frozenset(Solved) else None


def _named(value: Value) -> str:
    return next(iter(code([value.type] if value.type else [], "chat-output")), "")


def _time(element: Element, name: str) -> datetime | None:
    found = extension(element, name)
    return moment(found.valueDateTime) if found else None


def _id(element: Element, name: str) -> str:
    found = extension(element, name)
    return (found.valueId if found else "") or ""


def _answer(element: Element, name: str) -> bool | None:
    found = extension(element, name)
    return found.valueBoolean if found else None


def _flag(element: Element, name: str) -> bool:
    found = extension(element, name)
    return bool(found and found.valueBoolean)


def _bot_messages(communications: Iterable[Any]) -> frozenset[str]:
    """What a machine wrote: its sender is a Device."""
    found, _ = parse(Communication, communications)
    return frozenset(c.id or "" for c in found if id_of(c.sender, "Device"))


def _questions(service: HealthcareService, language: str) -> Iterable[Question]:
    asked = [e for e in service.extension if e.url == f"{EXTENSION}chat-question"]
    for number, one in enumerate(asked):
        texts = [_said(inner, language) for inner in one.extension if inner.url == "text"]
        options = [_said(inner, language) for inner in one.extension if inner.url == "option"]
        if texts and texts[0]:
            yield Question(id=str(number), text=texts[0], options=tuple(filter(None, options)))


def _said(inner: Extension, language: str) -> str:
    """The string of an extension in ``language``."""
    return translated(inner.valueString or "", (inner.model_extra or {}).get("_valueString"), language)
