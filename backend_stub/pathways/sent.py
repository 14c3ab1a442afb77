"""What residents sent or booked for the steps of a plan: the step is done by that, without anybody's tick.

A QuestionnaireResponse is ``basedOn`` the CarePlan, an Appointment has it as ``supportingInformation``; an extension of
that reference (``pathway-turn``) says which turn.
"""

from collections.abc import Iterator

from backend_stub.fhir.repository import Repository
from backend_stub.seed.words import EXTENSION, Resource

__all__ = ["sent_for"]

_STEP = f"{EXTENSION}pathway-turn"
_LIVING = {
    "QuestionnaireResponse": ("based-on", "completed,amended"),
    "Appointment": ("supporting-info", "booked,arrived,checked-in,fulfilled"),
}


def sent_for(repository: Repository, plan: str) -> dict[str, Resource]:
    """By key of a turn: the answers or the appointment for it."""
    found: dict[str, Resource] = {}
    for type, (parameter, status) in _LIVING.items():
        for one in repository.search(type, [(parameter, f"CarePlan/{plan}"), ("status", status)]):
            found |= dict.fromkeys(_turns(one, f"CarePlan/{plan}"), one)
    return found


def _turns(body: Resource, plan: str) -> Iterator[str]:
    for link in (*body.get("basedOn", ()), *body.get("supportingInformation", ())):
        marks = (one for one in link.get("extension", ()) if one.get("url") == _STEP)
        parts = [part for mark in marks for part in mark.get("extension", ())]
        if str(link.get("reference", "")).endswith(plan):
            yield from (str(part["valueString"]) for part in parts if part.get("url") == "key")
