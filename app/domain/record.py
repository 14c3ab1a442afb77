"""What the services have recorded of a person: one entry for each thing, whatever its kind (rows E1 to E7, C13)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from app.domain.base import LONG_AGO, Model
from app.domain.finding import plainly as normal
from app.domain.medicines import Medicine, MedicineState
from app.domain.results import FileOf, Panel, Result


class Kind(StrEnum):
    """What kind of thing an entry is: each has a view of its own."""

    RESULT = "results"
    MEDICINE = "medicines"
    VACCINATION = "vaccinations"
    DIAGNOSIS = "diagnoses"
    ALLERGY = "allergies"
    VISIT = "visits"
    DOCUMENT = "documents"
    DECISION = "decisions"
    REFERRAL = "referrals"
    OTHER = "other"


class Term(Model):
    """Words for something coded. ``language``: the language they are in when it is not the resident's own (else
    empty); ``code``: how professionals write it ("B -HbA1c", "E11.9")."""

    text: str = ""
    language: str = ""
    code: str = ""


class Fact(Model):
    """One element of a resource as it came: where it stands and what it says. For whoever wants to see everything."""

    path: str
    value: str


class Vaccination(Model):
    """``against``: the diseases; ``given`` False: it was not given, ``why_not`` says why."""

    against: tuple[Term, ...] = ()
    given: bool = True
    why_not: str = ""
    lot: str = ""
    dose: str = ""
    site: Term = Term()


class Diagnosis(Model):
    """``sure`` False: suspected. ``ended``: when it was over, if it is."""

    active: bool = True
    sure: bool = True
    refuted: bool = False
    ended: date | None = None
    severity: Term = Term()
    note: str = ""


class Allergy(Model):
    """An allergy or a risk. ``refuted``: found not to be one; ``severe``: could be dangerous; ``group``: medication,
    food, environment, biologic or empty (a risk)."""

    group: str = ""
    severe: bool = False
    active: bool = True
    sure: bool = True
    refuted: bool = False
    reactions: tuple[Term, ...] = ()
    note: str = ""


class Note(Model):
    """What was written down at a visit, untouched; ``language`` as it was declared."""

    text: str
    language: str = ""
    by: str = ""


class Visit(Model):
    """``reasons``: why; ``notes``: what was written; ``done`` False: it has not been yet, or was cancelled."""

    reasons: tuple[Term, ...] = ()
    notes: tuple[Note, ...] = ()
    done: bool = True
    cancelled: bool = False


class Paper(FileOf):
    """A document or a decision: its first file, and ``more`` of them.

    ``appeal_by``: last day to ask for a change; ``superseded``: a newer one has taken its place.
    """

    about: str = ""
    appeal_by: date | None = None
    superseded: bool = False
    more: tuple[FileOf, ...] = ()


class Step(Model):
    """One step that a referral has taken. ``code``: sent, received, assessed, queued, booked, done."""

    code: str
    at: datetime | None = None


class Referral(Model):
    """``to``: who should see the resident; ``due``: last day of the care guarantee."""

    to: str = ""
    reasons: tuple[Term, ...] = ()
    steps: tuple[Step, ...] = ()
    due: date | None = None
    over: bool = False
    cancelled: bool = False

    @property
    def changed(self) -> datetime | None:
        """When something last happened."""
        return max((step.at for step in self.steps if step.at), default=None)


About = Result | Panel | Medicine | Vaccination | Diagnosis | Allergy | Visit | Paper | Referral | None


class Entry(Model):
    """One thing recorded. ``at``: when it was, aware; ``day_only``: only its day is known, ``partial``: not even
    that ("2019-05"). ``wrong``: entered in error, to be shown as such; ``undone``: the status of what was not done."""

    type: str
    id: str
    kind: Kind
    title: Term = Term()
    at: datetime | None = None
    day_only: bool = False
    partial: str = ""
    unit: str = ""
    who: str = ""
    wrong: bool = False
    undone: str = ""
    about: About = None

    @property
    def key(self) -> str:
        """``Type/id``."""
        return f"{self.type}/{self.id}"


def newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries by their time, those without one last."""
    return tuple(sorted(entries, key=lambda entry: (entry.at or LONG_AGO, entry.id), reverse=True))


def current_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """What still holds before what is over (an illness that has passed, a medicine that was ended), each in the order
    given."""
    return tuple(sorted(entries, key=lambda entry: _over(entry.about)))


def _over(about: object) -> bool:
    if isinstance(about, Medicine):
        return about.state is MedicineState.ENDED
    return isinstance(about, Diagnosis | Allergy) and not about.active


def years(entries: Iterable[Entry], zone: tzinfo = UTC) -> tuple[int, ...]:
    """The years in which there is something, newest first, by the clocks of ``zone``."""
    return tuple(sorted({_year(entry.at, zone) for entry in entries if entry.at}, reverse=True))


def _year(at: datetime, zone: tzinfo) -> int:
    """The year on the clocks of ``zone``; only about New Year can it be another than the one that is written."""
    return at.astimezone(zone).year if (at.month, at.day) in ((1, 1), (12, 31)) else at.year


def found(entries: Iterable[Entry], words: str, year: int = 0, zone: tzinfo = UTC) -> tuple[Entry, ...]:
    """Entries of a year (0: all) in which every one of ``words`` occurs, in the order given."""
    wanted = normal(words).split()
    return tuple(
        entry
        for entry in entries
        if (not year or (entry.at is not None and _year(entry.at, zone) == year))
        and (not wanted or all(word in _searched(entry) for word in wanted))
    )


def _searched(entry: Entry) -> str:
    """Everything an entry can be found by."""
    parts = [entry.title.text, entry.title.code, entry.unit, entry.who]
    about = entry.about
    if isinstance(about, Visit):
        parts += [reason.text for reason in about.reasons] + [note.text for note in about.notes]
    if isinstance(about, Medicine):
        parts += [about.purpose, about.dose]
    if isinstance(about, Vaccination):
        parts += [term.text for term in about.against]
    if isinstance(about, Paper):
        parts += [about.about, about.text, about.name]
    if isinstance(about, Result):
        parts += [about.text, *about.notes]
    if isinstance(about, Panel):
        parts += [about.comment]
    if isinstance(about, Diagnosis):
        parts += [about.severity.text, about.note]
    if isinstance(about, Allergy):
        parts += [*(reaction.text for reaction in about.reactions), about.note]
    if isinstance(about, Referral):
        parts += [about.to, *(reason.text for reason in about.reasons)]
    return normal(" ".join(parts))
