"""Practising: whether this session is played with fictional people, going in and out, and what has been tried."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.stores.base import Action, Status, observable

EXERCISES: tuple[tuple[str, str], ...] = (
    ("message", "/messages/new"),
    ("service", "/services"),
    ("appointment", "/appointments/find"),
    ("pathway", "/pathways"),
    ("form", "/forms"),
    ("chat", "/chat"),
    ("settings", "/settings"),
)
"""What a learner can try, and where each begins; their words are ``practice.exercise.<id>``."""

Inside = tuple[Any, Any]
Enter = Callable[[str], Awaitable[tuple[Inside, Callable[[], Awaitable[None]]]]]


@observable
class Practice:
    """``people``: whose life can be practised with. ``inside``: the session that is played (its Ui and Stores).

    In the session that is played, ``within`` is True and ``leave`` goes back to the real one.
    """

    def __init__(self, people: tuple[str, ...], enter: Enter, outer: "Practice | None" = None) -> None:
        self.people, self._enter, self._outer = people, enter, outer
        self.inside: Inside | None = None
        self.person = ""
        self.tried: frozenset[str] = frozenset()
        self._stop: Callable[[], Awaitable[None]] | None = None
        self.enter = Action(self._go_in)
        self.leave = Action(self._go_out)

    @property
    def within(self) -> bool:
        """Whether everything that is seen now is made up."""
        return self._outer is not None

    def set_tried(self, exercise: str, tried: bool) -> None:
        """The learner has tried an exercise, or wants to try it again."""
        self.tried = self.tried | {exercise} if tried else self.tried - {exercise}

    async def _go_in(self, person: str) -> Status:
        self.inside, self._stop = await self._enter(person)
        self.person = person
        return Status.DONE

    async def _go_out(self) -> Status:
        if self._outer is not None:
            return await self._outer._go_out()
        stop, self._stop, self.inside = self._stop, None, None
        if stop is not None:
            await stop()
        return Status.DONE
