"""Frozen result sets for ``next`` links: pages neither repeat nor skip while others write.

A set belongs to the caller who searched; the oldest sets are dropped when there are too many.
"""

import secrets
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from backend_stub.fhir.access import Access
from backend_stub.fhir.search_query import Query
from backend_stub.fhir.storage import Storage

MAX_SETS = 200


@dataclass(frozen=True)
class ResultSet:
    """All matches of one search in order (row numbers of ``storage``)."""

    access: Access
    query: Query
    rows: Sequence[int]
    count: int
    storage: Storage


class Pages:
    """The result sets that can still be paged through."""

    def __init__(self) -> None:
        self._sets: OrderedDict[str, ResultSet] = OrderedDict()

    def keep(self, found: ResultSet) -> str:
        """Remember it; returns its token."""
        token = secrets.token_urlsafe(12)
        self._sets[token] = ResultSet(
            found.access, found.query, array("q", found.rows), found.count, found.storage
        )
        while len(self._sets) > MAX_SETS:
            self._sets.popitem(last=False)
        return token

    def get(self, token: str, access: Access) -> ResultSet | None:
        """The set, if it is still there and was made by the same caller."""
        found = self._sets.get(token)
        if not found or (found.access.kind, found.access.patient) != (access.kind, access.patient):
            return None
        self._sets.move_to_end(token)
        return found

    def clear(self) -> None:
        """Forget all."""
        self._sets.clear()
