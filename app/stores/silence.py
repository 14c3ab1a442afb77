"""Types of data of which something is missing: a source of theirs did not answer the server (rows C14, E5)."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.api.fhir import next_link
from app.domain.exchange import Request, Response
from app.offline.exchanges import is_partial
from app.offline.store import Store
from app.stores.base import Known, Resource

NOTE = "silent-types"


class Silence:
    """``types``: resource types whose last search called itself incomplete, whether or not it said whose silence it is.
    Kept on the device: without a connection the list is no more whole than before."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._next: dict[str, tuple[tuple[str, str], ...]] = {}
        self._silent = frozenset(map(str, (store.recall(NOTE) or {}).get("types", ())))
        self.types: Resource[frozenset[str]] = Resource(lambda: Known(self._silent, None))

    def heard(self, request: Request, response: Response | None) -> None:
        """An answer came. Only searches of a type count; a further page is no new search, it can only add silence."""
        body = response.body if response is not None and response.status == 200 else None
        if request.method != "GET" or not isinstance(body, dict) or body.get("resourceType") != "Bundle":
            return
        continued = self._continued(request)
        types = continued or frozenset({request.path})
        self._next |= dict.fromkeys(types, _next_of(body))
        if is_partial(body):
            self._keep(self._silent | types)
        elif not continued:
            self._keep(self._silent - types)

    def _continued(self, request: Request) -> frozenset[str]:
        """The types of whose search this is a further page; none: it is a search of its own."""
        same = frozenset(type for type, asked in self._next.items() if asked and asked == request.params)
        return same & {request.path} if request.path else same

    def _keep(self, silent: frozenset[str]) -> None:
        if silent != self._silent:
            self._silent = silent
            self._store.remember(NOTE, {"types": sorted(silent)})
            self.types.refresh()


def _next_of(bundle: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """How the engine asks for the next page, if there is one."""
    return tuple(parse_qsl(urlsplit(next_link(bundle) or "").query, keep_blank_values=True))
