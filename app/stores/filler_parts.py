"""Small parts of a form being filled in that screens watch one by one."""

from datetime import datetime
from enum import StrEnum

from app.domain.attachments import AttachmentProblem
from app.errors import AppError
from app.stores.base import observable


class Stage(StrEnum):
    """Where the resident is: before the questions, in them, or looking them over."""

    START = "start"
    QUESTIONS = "questions"
    REVIEW = "review"


@observable
class Cell:
    """One place on the screen: drawn again when ``tick`` changes."""

    def __init__(self, number: int) -> None:
        self._number, self._drawn = number, False
        self.tick = 0
        self.bad_file: tuple[str, AttachmentProblem] | None = None
        self.checking = False

    @property
    def number(self) -> int:
        """The number of the place."""
        return self._number

    @property
    def drawn(self) -> bool:
        """Whether it has been on the screen."""
        return self._drawn

    def mark_drawn(self) -> None:
        """It is on the screen."""
        self._drawn = True


@observable
class Keeping:
    """Whether the draft is on disk: apart from the rest, so that a save does not draw the questions again."""

    def __init__(self, saved_at: datetime | None) -> None:
        self.saved_at = saved_at
        self.problem: AppError | None = None
