"""Forms on the wire: Questionnaires, the Tasks that ask for an answer (SDC complete-questionnaire), and the answers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.api.messages import attachment_of
from app.api.wire import EXTENSION, day, moment, translated
from app.domain.attachments import Attachment
from app.domain.forms import Answered, FormCard, SentForm, SentState
from app.domain.messages import PENDING, MessageState

SDC_CODES = "http://hl7.org/fhir/uv/sdc/CodeSystem/temp"
PLAIN_FINNISH = "fi-x-selko"
INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
"""``definition`` of a question in which language an interpreter is needed: its answer belongs to the particulars."""
_NO_ANSWER = frozenset({"entered-in-error", "stopped"})
_DONE = frozenset({"completed"})
_GONE = frozenset({"cancelled", "rejected", "failed", "entered-in-error"})
Resource = Mapping[str, Any]


def to_card(questionnaire: Resource, language: str) -> FormCard:
    """What the catalogue tells of a form."""
    return FormCard(
        id=_words(questionnaire, "id"),
        canonical=canonical_of(questionnaire),
        title=_in(questionnaire, "title", language) or _words(questionnaire, "name"),
        description=_in(questionnaire, "description", language),
        minutes=_minutes(questionnaire),
        reader=_extension_words(questionnaire, "reader", language),
        open=_value(questionnaire, "open-form", "valueBoolean") is True
        and questionnaire.get("status") == "active",
    )


def canonical_of(questionnaire: Resource) -> str:
    """What responses and tasks name a form by."""
    return _words(questionnaire, "url") or f"Questionnaire/{_words(questionnaire, 'id')}"


def interpreter_language(questionnaire: Resource, response: Resource) -> str:
    """The code that was answered to the form's question about an interpreter's language; empty when there is none."""
    asked = {item.get("linkId") for item in _items(questionnaire) if item.get("definition") == INTERPRETER}
    answers = (
        answer
        for item in _items(response)
        if item.get("linkId") in asked
        for answer in item.get("answer", ())
    )
    return next((code for one in answers if (code := _words(_dict(one, "valueCoding"), "code"))), "")


def _items(holder: Resource) -> Iterable[Resource]:
    """Every item, also those in groups."""
    for item in holder.get("item", ()):
        if isinstance(item, dict):
            yield item
            yield from _items(item)


def to_sent(resources: Iterable[Resource], language: str) -> tuple[SentForm, ...]:
    """The forms that were sent, from some Tasks; other Tasks are left out."""
    made = (_sent(task, language) for task in resources if isinstance(task, dict))
    return tuple(one for one in made if one is not None)


def _sent(task: Resource, language: str) -> SentForm | None:
    canonical = _part(task, "input", "questionnaire", ("valueCanonical", "valueUri"))
    if not canonical or task.get("status") == "draft":
        return None
    period = _dict(_dict(task, "restriction"), "period")
    end = _words(period, "end")
    return SentForm(
        id=_words(task, "id"),
        canonical=canonical,
        sender=_words(_dict(task, "requester"), "display"),
        sender_id=_words(_dict(task, "requester"), "reference").rpartition("HealthcareService/")[2],
        purpose=_in(task, "description", language),
        reader=_extension_words(task, "reader", language),
        minutes=_minutes(task),
        due=day(end[:10]),
        asked=moment(_words(task, "authoredOn")),
        state=_state(_words(task, "status")),
        answer_id=_part(task, "output", "", ("valueReference",)).rpartition("QuestionnaireResponse/")[2],
        appointment_id=_appointment(task),
    )


def _appointment(task: Resource) -> str:
    """The appointment that a form prepares for: why it is asked, or what it is about."""
    named = (_words(_dict(task, name), "reference") for name in ("reasonReference", "focus"))
    ids = (one.rpartition("Appointment/")[2] for one in named if "Appointment/" in one)
    return next(ids, "").partition("/")[0]


def _state(status: str) -> SentState:
    if status in _DONE:
        return SentState.DONE
    return SentState.WITHDRAWN if status in _GONE else SentState.TO_DO


def to_answered(
    resources: Iterable[Resource], ledger: Mapping[str, str], receipts: Mapping[str, datetime]
) -> tuple[Answered, ...]:
    """The answers in some QuestionnaireResponses, the newest first. ``ledger`` and ``receipts`` as for messages."""
    found = [_answered(one, ledger, receipts) for one in resources if _words(one, "status") not in _NO_ANSWER]
    return tuple(sorted(found, key=lambda a: (a.authored is None, a.authored, a.id), reverse=True))


def _answered(one: Resource, ledger: Mapping[str, str], receipts: Mapping[str, datetime]) -> Answered:
    id, state = _words(one, "id"), ledger.get(_words(one, "id"), "")
    pending = state in PENDING
    return Answered(
        id=id,
        canonical=_words(one, "questionnaire"),
        title=title_in(one),
        authored=moment(_words(one, "authored")),
        receipt_at=None if pending else receipts.get(id) or moment(_words(_dict(one, "meta"), "lastUpdated")),
        state=MessageState(state) if pending else MessageState.SENT,
        unfinished=_words(one, "status") == "in-progress",
    )


def title_in(response: Resource) -> str:
    """The title of the form that stands in a response."""
    found = _value(response, "form-title", "valueString")
    return found if isinstance(found, str) else ""


def titled(response: dict[str, Any], title: str) -> dict[str, Any]:
    """The response with the title of its form, for when the form itself is not at hand."""
    marks = [{"url": f"{EXTENSION}form-title", "valueString": title}]
    return {**response, "extension": [*response.get("extension", ()), *marks]} if title else response


def output_of(response_id: str) -> list[dict[str, Any]]:
    """What a Task has when its form was answered."""
    code = {"system": SDC_CODES, "code": "questionnaire-response"}
    reference = {"reference": f"QuestionnaireResponse/{response_id}"}
    return [{"type": {"coding": [code]}, "valueReference": reference}]


def file_value(id: str, name: str, content_type: str, data: bytes) -> dict[str, Any]:
    """An answer that is a file: an Attachment that names its Binary."""
    made = attachment_of(id, name, content_type, data)
    named = {"url": f"Binary/{id}", "size": made.size, "hash": made.digest, "title": name}
    return {"contentType": content_type, **named}


def to_file(value: Resource) -> Attachment:
    """The file that is an answer, as its viewer wants it; without an id when it is none."""
    named = _dict(value, "valueAttachment")
    size = named.get("size")
    return Attachment(
        id=_words(named, "url").partition("Binary/")[2],
        name=_words(named, "title"),
        content_type=_words(named, "contentType"),
        size=size if isinstance(size, int) else 0,
        digest=_words(named, "hash"),
    )


# --- parts of resources that may be anything -----------------------------------------------------------------------


def _words(part: Resource, name: str) -> str:
    found = part.get(name)
    return found if isinstance(found, str) else ""


def _dict(part: Resource, name: str) -> Mapping[str, Any]:
    found = part.get(name)
    return found if isinstance(found, dict) else {}


def _list(part: Resource, name: str) -> list[Mapping[str, Any]]:
    found = part.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _in(part: Resource, name: str, language: str) -> str:
    beside = part.get(f"_{name}")
    return plain_finnish(beside, language) or translated(_words(part, name), _without_plain(beside), language)


def _without_plain(beside: Any) -> Any:
    """The translations but the one into plain Finnish, which would be taken for Finnish."""
    if not isinstance(beside, dict):
        return beside
    kept = [one for one in _list(beside, "extension") if _language(one) != PLAIN_FINNISH]
    return {**beside, "extension": kept}


def _language(translation: Resource) -> str:
    inner = {_words(one, "url"): one for one in _list(translation, "extension")}
    return _words(inner.get("lang", {}), "valueCode")


def plain_finnish(beside: Any, language: str) -> str:
    """The translation into plain Finnish (fi-x-selko), for who reads that."""
    if language != "fi_selko" or not isinstance(beside, dict):
        return ""
    for outer in _list(beside, "extension"):
        inner = {_words(one, "url"): one for one in _list(outer, "extension")}
        if _language(outer) == PLAIN_FINNISH:
            return _words(inner.get("content", {}), "valueString")
    return ""


def _value(part: Resource, name: str, kind: str) -> Any:
    return next((e.get(kind) for e in _list(part, "extension") if e.get("url") == EXTENSION + name), None)


def _extension_words(part: Resource, name: str, language: str) -> str:
    found = (e for e in _list(part, "extension") if e.get("url") == EXTENSION + name)
    return next((_in(one, "valueString", language) for one in found), "")


def _minutes(part: Resource) -> int | None:
    found = _value(part, "minutes", "valueInteger")
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def _part(task: Resource, name: str, code: str, kinds: tuple[str, ...]) -> str:
    """The value of an input or output whose type has ``code`` (empty: any)."""
    for one in _list(task, name):
        codes = [_words(c, "code") for c in _list(_dict(one, "type"), "coding")]
        found = next((one[kind] for kind in kinds if kind in one), "")
        if (not code or code in codes) and found:
            return _words(found, "reference") if isinstance(found, dict) else str(found)
    return ""
