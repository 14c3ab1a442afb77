"""The past as a repository: what a search sees on a server whose index lags behind."""

import json
from datetime import timedelta
from typing import Any

from backend_stub.fhir import compartment, index
from backend_stub.fhir.repository import Repository
from backend_stub.fhir.storage import Storage


def as_of(repository: Repository, lag: timedelta, every: int = 1) -> Storage:
    """Everything as it was ``lag`` ago; ``every``: only each so-manieth version is late. Meant for tests: it copies all
    that is stored."""
    cutoff = repository.now() - lag // timedelta(milliseconds=1)
    past = Storage(None)
    newest = (
        "WHERE seq IN (SELECT max(seq) FROM version WHERE at<=? OR seq%?>0 GROUP BY type, id) ORDER BY seq"
    )
    with past.transaction():
        for kept in repository.storage.many(newest, (cutoff, every)):
            body = json.loads(kept.text) if kept.text else None
            rows = index.rows(body, repository.base_url) if body else {}
            n = past.append(kept, _members(repository, body, rows))
            past.reindex(n, rows, fresh=True)
    return past


def _members(repository: Repository, body: dict[str, Any] | None, rows: index.Rows) -> frozenset[str]:
    if not body:
        return frozenset()
    return compartment.members(body, rows, repository.base_url, repository.members_of)
