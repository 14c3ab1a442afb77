"""The assistant of the queue: at most three turns, nothing asked that was told already, then everything is handed over.

Its words are in ``bot.json``. ``told-in``: questions before the chat, in any language, whose answer makes an ask
needless.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from backend_stub.chat import shape
from backend_stub.chat.shape import Body

LANGUAGES = ("fi", "sv", "en")


def name(task: Body) -> str:
    """What it is called, in the resident's language."""
    return str(_words()["name"][_language(task)])


def turns(task: Body) -> list[str]:
    """All that it says in this chat, in order; the last one hands over."""
    words, language = _words(), _language(task)
    again = bool(shape.continued(task))
    asked = {one.get("type", {}).get("text") for one in task.get("input", ())}
    asks = [] if again else [one for one in words["asks"] if not asked & set(one["told-in"])]
    said = [one["text"][language] for one in asks] + [words["done"][language]]
    first = words["hello-again" if again else "hello"][language]
    thanks = words["thanks"][language]
    return [f"{first} {said[0]}", *(f"{thanks} {one}" for one in said[1:])]


def _language(task: Body) -> str:
    told = task.get("language", "")
    return told if told in LANGUAGES else LANGUAGES[0]


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("backend_stub.chat").joinpath("bot.json").read_text("utf-8"))
    return found
