"""A person's own copy of everything, and what is stored where (rows E1, M6)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from app.api.copying import bundle, unsent, written
from app.offline.drafts import Draft, Drafts
from app.offline.store import Store
from app.stores.base import Action, Status


class Copying:
    """Makes the copy from what is on the device; nothing is fetched for it."""

    def __init__(self, store: Store, drafts: Drafts, base_url: str, now: Callable[[], datetime]) -> None:
        self._store, self._drafts, self._base_url, self._now = store, drafts, base_url, now
        self.save = Action(self._save)

    def counts(self) -> dict[str, int]:
        """How many resources of each type are on the device."""
        return {type: count for type in self._store.types() if (count := len(self._store.all(type)))}

    def as_json(self) -> bytes:
        """Everything, what is not sent yet or only being written too, as one R4 Bundle."""
        resources = [one for type in self._store.types() for one in self._store.all(type)]
        resources += (one for draft in self._drafts.all() for one in _unsent(draft))
        return written(bundle(resources, self._base_url, self._now()))

    async def _save(self, make: Callable[[], Awaitable[None]]) -> Status:
        """Make the readable copy and hand it to the resident."""
        await make()
        return Status.DONE


def _unsent(draft: Draft) -> tuple[dict[str, Any], ...]:
    files = [(file.name, file.content_type, file.data) for file in draft.files]
    return unsent(key=draft.key, kind=draft.kind, person=draft.person, body=draft.body, files=files)
