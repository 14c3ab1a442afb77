"""Conversations out of the list of this device: nothing is deleted, and a new message brings one back (row A11)."""

from collections.abc import Iterable

from app.domain.messages import Thread
from app.offline.store import Store


class Hiding:
    """What one person has hidden on this device. ``name``: of the note in which it is kept.

    Kept is which messages there were, so that any other message makes the conversation come back by itself.
    """

    def __init__(self, store: Store, name: str) -> None:
        self._store, self._name = store, name

    def hide(self, thread: Thread) -> None:
        """Out of the list."""
        self._keep({**self._known(), thread.id: sorted(_ids(thread))})

    def show(self, thread: Thread) -> None:
        """Back into the list."""
        self._keep({id: known for id, known in self._known().items() if id != thread.id})

    def among(self, threads: Iterable[Thread]) -> frozenset[str]:
        """Ids of those that are hidden: they were, and nothing new has been said since."""
        seen = self._known()
        return frozenset(one.id for one in threads if one.id in seen and _ids(one) <= set(seen[one.id]))

    def _known(self) -> dict[str, list[str]]:
        return dict((self._store.recall(self._name) or {}).get("seen", {}))

    def _keep(self, seen: dict[str, list[str]]) -> None:
        self._store.remember(self._name, {"seen": seen})


def _ids(thread: Thread) -> frozenset[str]:
    return frozenset(message.id for message in thread.messages)
