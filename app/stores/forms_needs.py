"""What an answered form tells of the resident's needs: Patient.communication is the one place of them (row E8)."""

from collections.abc import Callable
from typing import Any

from app.api.forms import Resource, interpreter_language
from app.api.me import communication, to_details
from app.offline.intents import Intent
from app.offline.store import Store


def needs_of(
    questionnaire: Resource,
    response: dict[str, Any],
    store: Store,
    person_id: str,
    new_key: Callable[[], str],
    after: str,
) -> tuple[Intent, ...]:
    """What keeps the interpreter's language that was answered with the particulars, once the intent
    ``after`` is accepted; nothing where it is known already."""
    language, patient = interpreter_language(questionnaire, response), store.get("Patient", person_id)
    if not language or patient is None:
        return ()
    known = to_details(patient, "").needs
    needs = known.model_copy(update={"language": language, "interpreter": True})
    if needs == known:
        return ()
    args = {"communication": communication(needs, patient)}
    person, key = f"Patient/{person_id}", new_key()
    return (Intent("set_needs", "Patient", person_id, args, person, key, after=(after,)),)
