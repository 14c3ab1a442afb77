"""Ready-made answers in three languages."""

import json
from collections.abc import Mapping
from importlib.resources import files


class Phrases:
    """Canned phrases for the professional, and the autopilot's answers by service."""

    def __init__(self) -> None:
        told = json.loads(files("backend_stub.clinic").joinpath("phrases.json").read_text("utf-8"))
        self.canned: tuple[Mapping[str, str], ...] = tuple(told["canned"])
        self._automatic: Mapping[str, Mapping[str, str]] = told["automatic"]

    def automatic(self, service: str, language: str) -> str:
        """The autopilot's answer of a service; a general one where the service has none of its own."""
        return self._automatic.get(service, self._automatic[""])[language]
