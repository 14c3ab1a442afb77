"""A form that was refused, or that has not left yet, as a draft again: with all its answers and files (row F8)."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from app.api.forms import title_in
from app.offline import codec
from app.offline.drafts import Draft, DraftFile
from app.offline.intents import CREATE, Intent
from app.stores.filler import KIND

ANSWERS = "QuestionnaireResponse"


def is_answer(type: str, resource: Mapping[str, Any]) -> bool:
    """A response that is sent to be read, not the copy of an unfinished one."""
    return type == ANSWERS and resource.get("status") == "completed"


def draft_of(intents: tuple[Intent, ...], form_id: str, new_key: Callable[[], str]) -> Draft:
    """The response among ``intents`` as a draft. What the server has an unfinished copy of keeps its id; all else gets
    new ones, since the outbox sends nothing twice under one key."""
    answer = next(intent for intent in intents if is_answer(intent.type, intent.args))
    held = {i.id: i.args for i in intents if i.type == "Binary" and i.args.get("data")}
    names = {id: new_key() for id in held}
    response = dict(answer.args)
    for id, name in names.items():
        response = codec.repointed(response, f"Binary/{id}", f"Binary/{name}")
    online = answer.name != CREATE
    body = {
        "form": form_id,
        "task": next((intent.id for intent in intents if intent.type == "Task"), ""),
        "response": response,
        "online": online,
        "title": title_in(answer.args),
    }
    files = tuple(_file(names[id], args) for id, args in held.items())
    return Draft(answer.id if online else new_key(), KIND, answer.person, body, files)


def _file(name: str, binary: Mapping[str, Any]) -> DraftFile:
    data = base64.b64decode(binary["data"])
    return DraftFile(name, str(binary.get("contentType", "")), len(data), data)
