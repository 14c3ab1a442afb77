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

    def find(self, threads: Iterable[Thread], query: str, about: Callable[[Thread], str]) -> tuple[Hit, ...]:
        """The conversations that fit, in their order. ``about``: words that belong to one beside its messages."""
        searched = ((thread, self._passages(thread, about(thread))) for thread in threads)
        hits = (found(thread, ready, query) for thread, ready in searched)
        return tuple(hit for hit in hits if hit is not None)

    def _passages(self, thread: Thread, about: str) -> tuple[Passage, ...]:
        before = self._ready.get(thread.id)
        if before is None or before[:2] != (thread, about):
            before = self._ready[thread.id] = (thread, about, passages(thread, about))
        return before[2]
