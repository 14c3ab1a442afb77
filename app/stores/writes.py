"""How the rooms of a person's own data write: through the outbox, so that nothing is lost."""

from collections.abc import Callable

from app.offline.intents import Intent
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.stores.base import Status


class Writes:
    """Keeps what one person asks for. ``refresh`` shows it on the screen, ``nudge`` wakes what sends it.

    Both methods are what an ``Action`` does: they return where it stands, and raise ``DeviceFull`` when there is no
    room; then nothing has changed.
    """

    def __init__(
        self, store: Store, outbox: Outbox, refresh: Callable[[], None], nudge: Callable[[], None]
    ) -> None:
        self._store, self._outbox, self._refresh, self._nudge = store, outbox, refresh, nudge

    async def put(self, *intents: Intent) -> Status:
        """WAITING once they are on disk, where nothing can lose them."""
        self._outbox.put(*intents)
        await self._store.kept()
        self._refresh()
        self._nudge()
        return Status.WAITING

    async def take_back(self, created: str, otherwise: Intent) -> Status:
        """What was ``created`` under that key and has not left yet never leaves; of what has, ``otherwise`` tells."""
        if not self._outbox.cancel(created):
            return await self.put(otherwise)
        self._refresh()
        return Status.DONE
