"""What a form is begun with: the resident's details and record, value sets, and the searches that it asks for.

All of it comes from the county's own server, or from the device; a form's own addresses are never opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Protocol

from app.domain.exchange import Request, Response
from app.errors import AppError
from app.forms.filling import Known
from app.forms.given import Json
from app.forms.model import Form
from app.forms.options import sets_needed
from app.forms.queries import Query, bundle, from_device, queries_in, query_of, resources_in
from app.forms.reading import terminology_servers
from app.offline.store import Store


class Ask(Protocol):
    """Asks the server once (``FhirClient.ask``)."""

    async def __call__(self, request: Request) -> Response:
        """The answer of a request that succeeded; raises AppError."""


@dataclass(frozen=True, eq=False)
class Sources:
    """Where it comes from. ``terminology_servers``: those that the county's server may pass an expansion on to."""

    person_id: str
    store: Store
    ask: Ask
    now: Callable[[], datetime]
    zone: tzinfo
    terminology_servers: tuple[str, ...] = ()


class KnownFacts:
    """What is known about one resident, for any form."""

    def __init__(self, sources: Sources) -> None:
        self._from = sources
        self._sets: dict[str, Json] = {}
        self._found: dict[str, Json] = {}

    def of(self, form: Form) -> Known:
        """What is known now, without asking anybody."""
        found = {text: self._answer(text) for text in queries_in(form)}
        sets = {url: one for url in sets_needed(form) if (one := self._set(url))}
        return Known(
            launch=self._launch(),
            sets=sets,
            observations=tuple(self._from.store.all("Observation")),
            now=self._from.now,
            zone=self._from.zone,
            queries={text: one for text, one in found.items() if one is not None},
            from_device=frozenset(text for text in found if text not in self._found),
            refused=frozenset(text for text in found if self._query(text) is None),
            servers=frozenset(self._from.terminology_servers),
        )

    async def fetch(self, form: Form) -> bool:
        """Ask the county's server for what the form needs and is not here; whether any came."""
        sets = [url for url in sets_needed(form) if self._set(url) is None]
        got = [await self._fetch_set(form, url.split("|")[0]) for url in sets]
        got += [await self._fetch_query(text) for text in queries_in(form) if text not in self._found]
        return any(got)

    def _launch(self) -> dict[str, Any]:
        patient = self._from.store.get("Patient", self._from.person_id)
        return dict.fromkeys(("patient", "user", "Patient"), patient) if patient else {}

    # --- searches --------------------------------------------------------------------------------------------------

    def _query(self, text: str) -> Query | None:
        return query_of(text, self._launch(), self._from.person_id)

    def _answer(self, text: str) -> Json | None:
        """What the server said, else what the device can tell."""
        if text in self._found:
            return self._found[text]
        query = self._query(text)
        return from_device(query, self._from.store.all(query.type)) if query else None

    async def _fetch_query(self, text: str) -> bool:
        query = self._query(text)
        if query is None:
            return False
        try:
            answer = await self._from.ask(Request("GET", query.type, query.parameters))
        except AppError:
            return False  # what is on the device answers
        if not isinstance(answer.body, dict) or answer.body.get("resourceType") != "Bundle":
            return False
        before = self._answer(text)
        self._found[text] = bundle(resources_in(answer.body))
        return self._found[text] != before

    # --- value sets ------------------------------------------------------------------------------------------------

    def _set(self, url: str) -> Json | None:
        bare = url.split("|")[0]
        if bare in self._sets:
            return self._sets[bare]
        return self._from.store.recall(f"value-set:{bare}")

    async def _fetch_set(self, form: Form, url: str) -> bool:
        allowed = [one for one in terminology_servers(form.raw) if one in self._from.terminology_servers]
        preferred = [("preferredTerminologyServer", one) for one in allowed[:1]]
        asked = Request("GET", "ValueSet/$expand", (("url", url), ("count", "1000"), *preferred))
        try:
            answer = await self._from.ask(asked)
        except AppError:
            return False  # the question is still there, to be answered in the resident's own words
        if not isinstance(answer.body, dict) or answer.body.get("resourceType") != "ValueSet":
            return False
        self._sets[url] = answer.body
        self._from.store.remember(f"value-set:{url}", answer.body)
        return True
