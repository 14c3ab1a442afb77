"""What the resident keeps for themselves about their appointments; it stays on the device unless they send it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field, ValidationError

from app.domain.appointments import Appointment
from app.domain.base import Model

REMINDS_BEFORE = timedelta(hours=24)
SNOOZE = timedelta(hours=2)
NOTE = "appointments"
"""Under what name the device keeps it."""


class Own(Model):
    """About one appointment. ``ticked``: things of the checklist that are done; ``quiet_until``: of its reminder."""

    questions: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()
    quiet_until: datetime | None = None
    done: bool = False


class Notes(Model):
    """All of it: by the appointment's id. ``needs``: what earlier versions kept here, until it has been moved to the
    resident's own particulars."""

    about: Mapping[str, Own] = Field(default_factory=dict)
    needs: Mapping[str, Any] = Field(default_factory=dict)

    def of(self, id: str) -> Own:
        """About the appointment called ``id``."""
        return self.about.get(id, Own())

    @property
    def to_move(self) -> bool:
        """Whether there are needs in it that have not been moved."""
        return any(self.needs.values())

    def with_own(self, id: str, own: Own) -> "Notes":
        """The same with something else about one appointment."""
        return self.model_copy(update={"about": {**self.about, id: own}})


def notes_from(kept: object) -> Notes:
    """What was kept on the device; nothing where it cannot be read any more."""
    try:
        return Notes.model_validate(kept)
    except ValidationError:
        return Notes()


def to_remind(appointments: tuple[Appointment, ...], notes: Notes, now: datetime) -> tuple[Appointment, ...]:
    """Of what is ahead: those that begin within a day and have not been put off or done with (row I4)."""

    def due(one: Appointment) -> bool:
        own = notes.of(one.id)
        near = one.starts is not None and now <= one.starts <= now + REMINDS_BEFORE
        return near and not own.done and (own.quiet_until is None or own.quiet_until <= now)

    return tuple(one for one in appointments if due(one))
