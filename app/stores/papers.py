"""Documents that were opened stay on the device, sealed, so that they open without a connection too (row E7)."""

import base64
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from app.api.attachments import bytes_of
from app.domain.attachments import Attachment
from app.errors import BadData
from app.offline.store import Store
from app.stores.base import Known, Resource

KEPT = 20
LARGEST = 6 * 1024 * 1024  # bytes; what is larger is fetched each time
_INDEX = "papers"
Read = Callable[[str, str], Awaitable[dict[str, Any]]]


class Papers:
    """Files of documents and decisions: from this device where they were opened before, else from the platform."""

    def __init__(self, store: Store, read: Read) -> None:
        self._store, self._read = store, read
        self._large: dict[str, bytes] = {}

    def is_kept(self, id: str) -> bool:
        """Whether the file opens without a connection."""
        return id in self._kept()

    def file(self, named: Attachment) -> Resource[bytes]:
        """The file that a document names; ``load`` fetches it when its value is None."""
        return Resource(partial(self._known, named), partial(self._fetch, named))

    def _known(self, named: Attachment) -> Known[bytes] | None:
        if named.id in self._large:
            return Known(self._large[named.id], None)
        note = self._store.recall(_key(named.id)) if self.is_kept(named.id) else None
        if note is None:
            return None
        try:
            return Known(bytes_of(note, named), None)
        except BadData:
            return None

    async def _fetch(self, named: Attachment) -> None:
        data = bytes_of(await self._read("Binary", named.id), named)
        if len(data) > LARGEST:
            self._large = {named.id: data}
            return
        kept = [id for id in self._kept() if id != named.id]
        self._store.remember(_key(named.id), {"data": base64.b64encode(data).decode("ascii")})
        for old in kept[: 1 - KEPT] if len(kept) >= KEPT else ():
            self._store.remember(_key(old), {})
        self._store.remember(_INDEX, {"ids": [*kept[1 - KEPT :], named.id]})

    def _kept(self) -> list[str]:
        ids = (self._store.recall(_INDEX) or {}).get("ids", [])
        return [str(id) for id in ids] if isinstance(ids, list) else []


def _key(id: str) -> str:
    return f"paper|{id}"
