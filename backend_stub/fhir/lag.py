"""The past as a repository: what a search sees on a server whose index lags behind."""

import json
from datetime import timedelta

from backend_stub.fhir import index
from backend_stub.fhir.repository import Repository
from backend_stub.fhir.storage import Storage

_LATE = "SELECT n, type, id FROM current WHERE at>? AND seq%?=0"
_SEEN = "WHERE seq=(SELECT max(seq) FROM version WHERE type=? AND id=? AND (at<=? OR seq%?>0))"


def as_of(repository: Repository, lag: timedelta, every: int = 1) -> Storage:
    """Everything as it was ``lag`` ago; ``every``: only each so-manieth version is late. A copy: what is newer is taken
    back in it, one by one."""
    cutoff = repository.now() - lag // timedelta(milliseconds=1)
    past = Storage(None)
    repository.storage.db.backup(past.db)
    with past.transaction():
        for n, type, id in past.db.execute(_LATE, (cutoff, every)).fetchall():
            seen = past.one(_SEEN, (type, id, cutoff, every))
            past.point(n, seen)
            body = json.loads(seen.text) if seen and seen.text else None
            past.reindex(n, index.rows(body, repository.base_url) if body else {}, fresh=False)
    return past
