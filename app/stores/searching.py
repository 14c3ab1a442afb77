"""Search over the conversations on the device (row A11): nothing is asked of the network, nothing is kept on disk."""

from collections.abc import Callable, Iterable

from app.domain.messages import Thread
from app.domain.searching import Hit, Passage, found, passages


class Search:
    """Remembers, for one session, the comparable form of each conversation, made anew when it changes.

    ``words``: what is being searched for now.
    """

    def __init__(self) -> None:
        self.words = ""
        self._ready: dict[str, tuple[Thread, str, tuple[Passage, ...]]] = {}

    def find(
        self, threads: Iterable[Thread], query: str, service_name: Callable[[str], str]
    ) -> tuple[Hit, ...]:
        """The conversations that fit, in their order. ``service_name``: the name of a service, by its id."""
        searched = ((thread, self._passages(thread, service_name(thread.service_id))) for thread in threads)
        hits = (found(thread, ready, query) for thread, ready in searched)
        return tuple(hit for hit in hits if hit is not None)

    def _passages(self, thread: Thread, service: str) -> tuple[Passage, ...]:
        before = self._ready.get(thread.id)
        if before is None or before[:2] != (thread, service):
            before = self._ready[thread.id] = (thread, service, passages(thread, service))
        return before[2]
