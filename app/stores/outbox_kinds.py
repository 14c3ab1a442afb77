"""What a resident would call what is in the outbox: one word for the requests that were put together."""

from collections.abc import Mapping
from types import MappingProxyType

from app.offline.intents import CREATE
from app.offline.outbox import Entry

KINDS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (CREATE, "Appointment"): "appointment",
        ("cancel", "Appointment"): "cancel_appointment",
        (CREATE, "QuestionnaireResponse"): "form",
        ("answer", "QuestionnaireResponse"): "form",
        (CREATE, "Observation"): "measurement",
        ("amend", "Observation"): "change_measurement",
        ("retract", "Observation"): "delete_measurement",
        (CREATE, "MedicationRequest"): "renewal",
        ("revoke", "MedicationRequest"): "revoke_renewal",
        ("confirm_contact", "Patient"): "contact",
        ("set_needs", "Patient"): "details",
        (CREATE, "Consent"): "consent",
        ("withdraw", "Consent"): "withdraw_consent",
        (CREATE, "CarePlan"): "pathway",
        ("journey", "CarePlan"): "pathway",
        (CREATE, "Goal"): "pathway",
        ("journey", "Goal"): "pathway",
        ("annotate", "Task"): "pathway",
        ("leave_out", "Task"): "pathway",
        ("reopen", "Task"): "pathway",
        (CREATE, "Task"): "task",
        ("complete", "Task"): "task",
        ("cancel", "Task"): "task",
        ("chat_leave", "Task"): "task",
        ("chat_tell", "Task"): "task",
        ("chat_mark", "Task"): "mark_received",
        ("mark_received", "Communication"): "mark_received",
    }
)
"""(rule, type) -> the word in ``outbox.item.<word>``; what a group begins with decides when several are known."""
BACKGROUND = frozenset({"mark_received"})
"""What the resident did not ask for in so many words: it is listed while it waits, but
nobody is told so; when the platform refuses it, it goes."""


def kind_of(parts: tuple[Entry, ...]) -> str:
    """``message``, ``chat``, a word of ``KINDS``, or ``other``."""
    message = message_of(parts)
    if message is not None:
        return "chat" if "chat" in _categories(message) else "message"
    about = about_of(parts)
    return KINDS.get((about.name, about.type), "other")


def about_of(parts: tuple[Entry, ...]) -> Entry:
    """The request that says what an item is."""
    known = (entry for entry in parts if (entry.name, entry.type) in KINDS)
    return message_of(parts) or next(known, parts[0])


def message_of(parts: tuple[Entry, ...]) -> Entry | None:
    """The message among the requests of one item."""
    return next((entry for entry in parts if is_message(entry.type, entry.args)), None)


def is_message(type: str, resource: Mapping[str, object]) -> bool:
    """A Communication with content; without it is the header of a thread."""
    return type == "Communication" and "payload" in resource


def _categories(message: Entry) -> set[str]:
    codings = (coding for one in message.args.get("category", ()) for coding in one.get("coding", ()))
    return {str(coding.get("code", "")) for coding in codings}
