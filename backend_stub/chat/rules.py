"""What a resident may write into a chat's Task: the wish for one, leaving, what was read, whether it helped."""

from backend_stub.chat import shape
from backend_stub.chat.shape import Body
from backend_stub.fhir.errors import Forbidden
from backend_stub.seed.words import EXTENSION

OWN_MARKS = frozenset(f"{EXTENSION}chat-{name}" for name in ("seen", "bot", "returned", "video-answer")) | {
    f"{EXTENSION}client-mutation"
}
OWN_OUTPUTS = frozenset(("solved", "returned"))
_CHANGES = frozenset(("status", "extension", "output", "lastModified"))
_NEW = frozenset(("extension", "output", "priority", "restriction"))
_STEPS = {("requested", "cancelled"), ("in-progress", "completed")}


def check(before: Body | None, after: Body, changed: set[str]) -> None:
    """Raises Forbidden. Tasks that are no chats are not looked at."""
    if not shape.is_chat_task(before or after):
        return
    if before is None:
        _check_new(after)
        return
    if not changed <= _CHANGES:
        raise Forbidden("residents do not change this of a chat")
    step = (before["status"], after["status"])
    if step[0] != step[1] and step not in _STEPS:
        raise Forbidden("a chat cannot go that way")
    if _foreign(before) != _foreign(after):
        raise Forbidden("these marks are the clinic's")


def _check_new(after: Body) -> None:
    owner = str(after.get("owner", {}).get("reference", ""))
    if after.get("status") != "requested" or not owner.startswith("HealthcareService/") or _NEW & set(after):
        raise Forbidden("a chat begins as a wish")


def _foreign(body: Body) -> tuple[list[Body], list[Body]]:
    """Everything that is not the resident's to set."""
    marks = [one for one in body.get("extension", ()) if one.get("url") not in OWN_MARKS]
    told = [
        one
        for one in body.get("output", ())
        if not OWN_OUTPUTS & {c.get("code") for c in one.get("type", {}).get("coding", ())}
    ]
    return marks, told
