"""Types of data of which something is missing: a source of theirs did not answer the server (rows C14, E5)."""

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
        self._silent = frozenset(map(str, (store.recall(NOTE) or {}).get("types", ())))
        self.types: Resource[frozenset[str]] = Resource(lambda: Known(self._silent, None))

    def heard(self, request: Request, response: Response | None) -> None:
        """An answer came. Only searches of a type count; a further page is no new search, it can only add silence."""
        body = response.body if response is not None and response.status == 200 else None
        if request.method != "GET" or not isinstance(body, dict) or body.get("resourceType") != "Bundle":
            return
        further = "://" in request.path
        type = request.path.rsplit("/", 1)[-1].split("?")[0]
        if is_partial(body) and type:
            self._keep(self._silent | {type})
        elif not further:
            self._keep(self._silent - {type})

    def _keep(self, silent: frozenset[str]) -> None:
        if silent != self._silent:
            self._silent = silent
            self._store.remember(NOTE, {"types": sorted(silent)})
            self.types.refresh()
