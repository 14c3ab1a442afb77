"""Ready-made answers in three languages."""

import json
from collections.abc import Mapping
from importlib.resources import files


class Phrases:
    """Canned phrases for the professional by kind of channel (``messages``, ``chat``: nobody who waits in a chat is
    answered tomorrow), and the autopilot's answers by service."""

    def __init__(self) -> None:
        told = json.loads(files("backend_stub.clinic").joinpath("phrases.json").read_text("utf-8"))
        self._canned: Mapping[str, list[Mapping[str, str]]] = told["canned"]
        self._automatic: Mapping[str, Mapping[str, str]] = told["automatic"]

    def canned(self, channel: str, language: str) -> list[str]:
        """What a professional may begin with in that channel."""
        return [phrase[language] for phrase in self._canned[channel]]

    def automatic(self, service: str, language: str) -> str:
        """The autopilot's answer of a service; a general one where the service has none of its own."""
        return self._automatic.get(service, self._automatic[""])[language]
