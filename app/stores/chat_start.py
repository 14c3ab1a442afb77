"""What is told before a chat begins: whom it concerns, short questions or own words; kept like every draft."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from app.domain.chat import Answer, Question
from app.errors import AppError
from app.offline.drafts import Draft, Drafts
from app.stores.base import observable
from app.stores.composer import SAVE_AFTER, Later

START = "chat-start"
MAX_TEXT = 2000


class Lacks(StrEnum):
    """What a chat cannot begin without."""

    PERSON = "person"
    TEXT = "text"


@observable
class ChatStart:
    """One beginning. ``whose``: "me", "other" or "" while it is not told; ``answers`` by the question's id."""

    def __init__(self, draft: Draft, drafts: Drafts, now: Callable[[], datetime], later: Later) -> None:
        self._drafts, self._now, self._later = drafts, now, later
        self._cancel: Callable[[], None] | None = None
        self.key, self.person = draft.key, draft.person
        self.service_id = str(draft.body.get("service_id", ""))
        self.continues = str(draft.body.get("continues", ""))
        self.whose = str(draft.body.get("whose", ""))
        self.text = str(draft.body.get("text", ""))
        self.answers: dict[str, str] = dict(draft.body.get("answers", {}))
        self.questions: tuple[Question, ...] = ()
        self.tried = False
        self.joined = ""
        self.save_problem: AppError | None = None

    @property
    def lacks(self) -> tuple[Lacks, ...]:
        """What must be told before the queue can be joined. Questions may all be skipped."""
        checks = ((self.whose != "me", Lacks.PERSON), (not self.text.strip(), Lacks.TEXT))
        return tuple(what for is_lacking, what in checks if is_lacking)

    @property
    def subject(self) -> str:
        """The first words, for lists."""
        first = self.text.strip().splitlines()[0] if self.text.strip() else ""
        return first if len(first) <= 60 else f"{first[:59].rstrip()}…"

    def answered(self) -> tuple[Answer, ...]:
        """The questions that were answered, in their order."""
        return tuple(
            Answer(question=q.text, answer=self.answers[q.id])
            for q in self.questions
            if self.answers.get(q.id)
        )

    def write(self, name: str, value: str) -> None:
        """The resident changed ``whose`` or ``text``: shown at once, saved soon."""
        setattr(self, name, value)
        self._soon()

    def answer(self, question: str, value: str) -> None:
        """The resident answered a question."""
        self.answers = {**self.answers, question: value}
        self._soon()

    def save(self) -> None:
        """Put it on disk now, when there is something to keep."""
        self.settle()
        if not (self.text.strip() or self.answers):
            return
        body = {
            "service_id": self.service_id,
            "continues": self.continues,
            "whose": self.whose,
            "text": self.text,
            "answers": self.answers,
        }
        try:
            self._drafts.save(Draft(self.key, START, self.person, body))
            self.save_problem = None
        except AppError as problem:
            self.save_problem = problem

    def settle(self) -> None:
        """No save is to come any more."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    def forget(self) -> None:
        """The resident does not want it kept."""
        self.settle()
        self.text, self.answers = "", {}
        self._drafts.delete(self.key)

    def _soon(self) -> None:
        if self._cancel is None:
            self._cancel = self._later(SAVE_AFTER, self.save)
