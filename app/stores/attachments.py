"""The files of messages that were sent or came, opened when they are asked for (feature A7)."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from app.api.attachments import bytes_of
from app.domain.attachments import Attachment
from app.errors import BadData
from app.offline.store import Store
from app.stores.base import Known, Resource

KEPT = 4
Read = Callable[[str, str], Awaitable[dict[str, Any]]]


class Attachments:
    """Files from this device where it has them, else from the platform; those are kept in memory only, a few."""

    def __init__(self, store: Store, read: Read) -> None:
        self._store, self._read = store, read
        self._fetched: dict[str, bytes] = {}

    def file(self, named: Attachment) -> Resource[bytes]:
        """The file that a message names; ``load`` fetches it when its value is None."""
        return Resource(partial(self._known, named), partial(self._fetch, named))

    def _known(self, named: Attachment) -> Known[bytes] | None:
        if named.id in self._fetched:
            return Known(self._fetched[named.id], None)
        here = self._store.get("Binary", named.id)
        if here is None:
            return None
        try:
            return Known(bytes_of(here, named), None)
        except BadData:
            return None

    async def _fetch(self, named: Attachment) -> None:
        data = bytes_of(await self._read("Binary", named.id), named)
        self._fetched = dict(list(self._fetched.items())[1 - KEPT :]) | {named.id: data}
