"""Where a matter belongs: the answers, and the text that was begun for each way (row B4)."""

from datetime import datetime

from app.domain.ombudsman import Path, step
from app.errors import AppError
from app.stores.base import observable


@observable
class Helper:
    """Nothing of a guest's leaves the memory; see ``kept_helper`` for who is signed in.

    ``answers``: choice ids in order; ``texts``: what was written, by ``Path``.
    """

    keeps = False

    def __init__(self) -> None:
        self.answers: tuple[str, ...] = ()
        self.texts: dict[str, str] = {}
        self.saved_at: datetime | None = None
        self.save_problem: AppError | None = None

    @property
    def begun(self) -> bool:
        """Something that would be a pity to lose."""
        return bool(self.answers or self.texts)

    @property
    def path(self) -> Path | None:
        """Where the matter belongs, once that is known."""
        return step(self.answers)[1]

    def answer(self, *answers: str) -> None:
        """All answers so far; a changed one takes away what followed from it."""
        self.answers = answers
        self._changed()

    def write(self, path: Path, text: str) -> None:
        """The text of one way was changed."""
        self.texts = {**self.texts, path.value: text}
        self._changed()

    def forget(self) -> None:
        """Nothing of it stays."""
        self.answers, self.texts, self.saved_at = (), {}, None

    def _changed(self) -> None:
        """Where it is kept, it is kept soon."""
