"""Results that a professional handles first (row E3): shown when they are handled, at the latest on the day told.

What such a result says lies in a Basic of nobody's compartment until then; the resident's Observation says only from
which day on it is shown.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from backend_stub.clinic.names import name_of
from backend_stub.clock import Clock
from backend_stub.fhir.errors import Gone, NotFound
from backend_stub.fhir.repository import Change, Repository
from backend_stub.seed.laboratory import HELD, RELEASE
from backend_stub.seed.words import EXTENSION

Body = dict[str, Any]
OUTCOME = f"{EXTENSION}held-outcome"
SYSTEM = "laboratory"


class Held:
    """The results that are held back now, and how they are released."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository, self._clock = repository, clock
        self._days: dict[str, date] = {}
        for body in repository.all("Basic"):
            self._notice(body["id"], body)
        repository.on_commit(self._on_commit)

    def waiting(self) -> list[Body]:
        """The Observations that are held back, the one that is shown first first."""
        found = []
        for basic in sorted(self._days, key=lambda id: (self._days[id], id)):
            with suppress(NotFound, Gone):
                found.append(self._repository.read("Observation", _of(self._repository.read("Basic", basic))))
        return found

    def day(self, observation: Body) -> date | None:
        """From which day on it is shown whatever happens."""
        told = (one for one in observation.get("extension", ()) if one.get("url") == RELEASE)
        return next((date.fromisoformat(one["valueDate"]) for one in told), None)

    def release(self, observation: str, by: str, words: str = "") -> Body:
        """Show it now, with a professional's ``words`` where there are some. Raises NotFound when it is not held."""
        for basic in tuple(self._days):
            with suppress(NotFound, Gone):
                kept = self._repository.read("Basic", basic)
                if _of(kept) == observation:
                    return self._show(kept, by, words.strip())
        raise NotFound("this result is not held back")

    def step(self) -> None:
        """Show what is due by the platform's clock."""
        today = self._clock.local().date()
        for basic in [id for id, day in self._days.items() if day <= today]:
            try:
                self._show(self._repository.read("Basic", basic), SYSTEM, "")
            except (NotFound, Gone):
                self._days.pop(basic, None)

    def _show(self, kept: Body, by: str, words: str) -> Body:
        held = self._repository.read("Observation", _of(kept))
        with self._repository.transaction():
            self._repository.delete("Basic", kept["id"], by=by)
            whole = _bare(held) | _outcome(kept) | {"issued": self._clock.now().isoformat(timespec="seconds")}
            if words:
                whole["note"] = [*whole.get("note", ()), {**self._signed(by), "text": words}]
            return self._repository.update("Observation", held["id"], whole, by=by)

    def _signed(self, by: str) -> Body:
        with suppress(NotFound, Gone):
            return {"authorString": name_of(self._repository.read("Practitioner", by))}
        return {}

    def _on_commit(self, change: Change) -> None:
        if change.type == "Basic":
            self._notice(change.id, change.body)

    def _notice(self, id: str, body: Body | None) -> None:
        self._days.pop(id, None)
        if body is not None and body.get("code", {}).get("text") == HELD:
            self._days[id] = date.fromisoformat(body["created"])


def _of(kept: Body) -> str:
    return str(kept["identifier"][0]["value"])


def _outcome(kept: Body) -> Body:
    told: Iterator[str] = (one["valueString"] for one in kept["extension"] if one["url"] == OUTCOME)
    loaded: Body = json.loads(next(told))
    return loaded


def _bare(held: Body) -> Body:
    """Without what said that it is held back."""
    rest = [one for one in held.get("extension", ()) if one.get("url") != RELEASE]
    gone = ("extension", "dataAbsentReason", "status")
    return {name: value for name, value in held.items() if name not in gone} | (
        {"extension": rest} if rest else {}
    )
