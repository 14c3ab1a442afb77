"""A chat's Task as the platform reads and changes it: pure functions over bodies. See ``app/api/chat.py``."""

from typing import Any

from backend_stub.seed.words import CODES, EXTENSION

Body = dict[str, Any]
CHAT = "chat"
DEVICE = "Device/avustaja"


def is_chat_task(body: Body) -> bool:
    """Whether a Task is the wish to chat."""
    codings = body.get("code", {}).get("coding", ())
    return any(one.get("system") == f"{CODES}task" and one.get("code") == CHAT for one in codings)


def is_chat_message(body: Body) -> bool:
    """Whether a Communication belongs to a chat."""
    codings = [code for one in body.get("category", ()) for code in one.get("coding", ())]
    return any(one.get("code") == CHAT for one in codings)


def thread_of(task: Body) -> str:
    """Id of the thread's header."""
    return str(task.get("focus", {}).get("reference", "")).rpartition("/")[2]


def continued(task: Body) -> list[str]:
    """References of the chats before it in the same matter."""
    return [str(one.get("reference", "")) for one in task.get("basedOn", ())]


def service_of(task: Body) -> str:
    """Id of the service, kept beside a professional's name once it has one."""
    kept = extension(task, "chat-service").get("valueId", "")
    owner = str(task.get("owner", {}).get("reference", ""))
    return kept or (owner.rpartition("/")[2] if owner.startswith("HealthcareService/") else "")


def extension(body: Body, name: str) -> Body:
    """One extension of ours, {} when there is none."""
    found = [one for one in body.get("extension", ()) if one.get("url") == EXTENSION + name]
    return found[0] if found else {}


def extended(body: Body, **values: Body | None) -> Body:
    """The body with extensions of ours set; ``None`` takes one away. ``chat_read={"valueId": "…"}``."""
    names = {EXTENSION + name.replace("_", "-"): value for name, value in values.items()}
    others = [one for one in body.get("extension", ()) if one.get("url") not in names]
    new = [{"url": url, **value} for url, value in names.items() if value is not None]
    bare = {name: value for name, value in body.items() if name != "extension"}
    return {**bare, "extension": [*others, *new]} if others or new else bare


def queue(number: int, low: int, high: int, updated: str, passed: str) -> Body:
    """The place in the queue."""
    inside = [
        {"url": "place", "valueInteger": number},
        {"url": "low", "valueInteger": low},
        {"url": "high", "valueInteger": high},
        {"url": "updated", "valueDateTime": updated},
        *([{"url": "passed", "valueDateTime": passed}] if passed else []),
    ]
    return {"extension": inside}


def part(body: Body, name: str, key: str) -> Any:
    """A value inside of the extension ``chat-queue``."""
    inside = extension(body, "chat-queue").get("extension", ())
    return next((one.get(key) for one in inside if one.get("url") == name), None)


def output(name: str, **value: Any) -> Body:
    """A Task.output of ours."""
    return {"type": {"coding": [{"system": f"{CODES}chat-output", "code": name}]}, **value}


def outputs(body: Body, name: str) -> list[Body]:
    """The outputs called ``name``."""
    return [
        one
        for one in body.get("output", ())
        if any(code.get("code") == name for code in one.get("type", {}).get("coding", ()))
    ]
