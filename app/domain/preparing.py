"""What the resident keeps for themselves about their appointments; it stays on the device unless they send it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import Field, ValidationError

from app.domain.appointments import Appointment
from app.domain.base import Model
from app.domain.me import Need
from app.domain.me import Needs as KnownNeeds

REMINDS_BEFORE = timedelta(hours=24)
SNOOZE = timedelta(hours=2)


class Own(Model):
    """About one appointment. ``ticked``: things of the checklist that are done; ``quiet_until``: of its reminder."""

    questions: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()
    quiet_until: datetime | None = None
    done: bool = False


class Needs(Model):
    """Stored once, attached to each booking. ``interpreter``: a language, empty for none; ``other``: own words."""

    interpreter: str = ""
    mobility: bool = False
    hearing: bool = False
    sight: bool = False
    companion: bool = False
    other: str = ""

    def codes(self) -> tuple[str, ...]:
        """As they are attached: ``interpreter:so``, ``mobility``, …, and the own words."""
        asked = (f"interpreter:{self.interpreter}",) if self.interpreter else ()
        flags = tuple(name for name in FLAGS if getattr(self, name))
        return (*asked, *flags, *((f"other:{self.other}",) if self.other.strip() else ()))


FLAGS = ("mobility", "hearing", "sight", "companion")


def needs_of(known: KnownNeeds) -> Needs:
    """What is known of the resident at the county already: one's needs begin with that."""
    has = frozenset(known.needs)
    signs = "sgn" if Need.SIGN_LANGUAGE in has else ""
    return Needs(
        interpreter=known.language if known.interpreter else signs,
        mobility=Need.STEP_FREE in has,
        hearing=Need.HEARING in has,
        sight=Need.LARGE_PRINT in has,
        companion=Need.COMPANION in has,
    )


class Notes(Model):
    """All of it: by the appointment's id, and the needs."""

    about: Mapping[str, Own] = Field(default_factory=dict)
    needs: Needs = Needs()

    def of(self, id: str) -> Own:
        """About the appointment called ``id``."""
        return self.about.get(id, Own())

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
