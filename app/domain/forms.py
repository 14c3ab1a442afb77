"""Forms as a resident meets them: those anyone may fill in, those that were sent, and what was answered (F1, F7)."""

from datetime import date, datetime
from enum import StrEnum

from app.domain.base import Model
from app.domain.messages import MessageState


class FormCard(Model):
    """A form of the catalogue, in one language. ``minutes``: about how long; ``reader``: who reads the answers."""

    id: str
    canonical: str
    title: str
    description: str = ""
    minutes: int | None = None
    reader: str = ""
    open: bool = False


class SentState(StrEnum):
    """Where a form that a professional sent stands."""

    TO_DO = "to-do"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class SentForm(Model):
    """A form that a professional asks to fill in. ``canonical``: which; ``answer_id``: of the response, when done.
    ``sender``: as it was written, in whatever language; ``sender_id``: of the service that asks, if one does.
    ``appointment_id``: the appointment that it prepares for, if for one."""

    id: str
    canonical: str
    sender: str = ""
    sender_id: str = ""
    purpose: str = ""
    reader: str = ""
    minutes: int | None = None
    due: date | None = None
    asked: datetime | None = None
    state: SentState = SentState.TO_DO
    answer_id: str = ""
    appointment_id: str = ""

    def is_late(self, today: date) -> bool:
        """Its day has passed and it is not done."""
        return self.state is SentState.TO_DO and self.due is not None and self.due < today


class Answered(Model):
    """An answer that was sent, or is on its way. ``state`` as for messages; ``receipt_at``: when the server took it."""

    id: str
    canonical: str
    title: str = ""
    authored: datetime | None = None
    receipt_at: datetime | None = None
    state: MessageState = MessageState.SENT
    unfinished: bool = False


def same_form(one: str, other: str) -> bool:
    """Whether two canonicals name the same form: by url, the version does not matter."""
    return bool(one) and one.partition("|")[0] == other.partition("|")[0]


def in_order(forms: tuple[SentForm, ...]) -> tuple[SentForm, ...]:
    """What is to be done first: by its day, then by when it was asked; what is done last."""
    return tuple(
        sorted(
            forms,
            key=lambda f: (f.state is not SentState.TO_DO, f.due or date.max, f.asked is None, f.asked, f.id),
        )
    )
