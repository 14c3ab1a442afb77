"""Whether this browser is the resident's own, and what follows from it (row J5)."""

from collections.abc import Awaitable, Callable

from app.errors import AppError
from app.stores.base import Action, Status, observable

Turn = Callable[[], Awaitable[None]]


@observable
class OwnDevice:
    """``asked``: whether the resident is asked at all (a browser that would not keep anything by itself). ``on``: what
    they said. ``elsewhere``: another tab keeps what is kept, this one keeps nothing until that is closed. ``problem``:
    why nothing can be kept at the moment.
    """

    def __init__(self, asked: bool = False, on: bool = True) -> None:
        self.asked, self.on = asked, on
        self.elsewhere = False
        self.problem: AppError | None = None
        self._on: Turn = _nothing
        self._off: Turn = _nothing
        self.turn = Action(self._turn)

    @property
    def keeps(self) -> bool:
        """Whether what is written in this session is found at the next visit."""
        return self.on and not self.elsewhere and self.problem is None

    def follows(self, on: Turn, off: Turn) -> None:
        """What is to be done at either answer; both raise ``AppError``."""
        self._on, self._off = on, off

    async def _turn(self, on: bool) -> Status:
        await (self._on() if on else self._off())
        self.on = on
        return Status.DONE


async def _nothing() -> None:
    return
