"""The structure of a pathway: ``pathway.json``. It has no sentence in any language; those are in ``texts``."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt

from app.pathways.span import Span

__all__ = [
    "START",
    "Access",
    "Anchor",
    "Book",
    "Chart",
    "Contact",
    "Icon",
    "Kind",
    "Limit",
    "Measure",
    "Media",
    "Readers",
    "Repeat",
    "Stage",
    "Step",
    "Structure",
    "Urgent",
    "When",
]

START = "start"
"""The anchor that every pathway has: the day the resident began."""

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Icon = Literal[
    "path",
    "sleep",
    "movement",
    "smoke-free",
    "mind",
    "work",
    "family",
    "pregnancy",
    "breathing",
    "surgery",
    "cancer",
    "heart",
    "diabetes",
    "food",
    "home",
    "older",
    "mobility",
    "child",
    "nature",
]
"""What lists draw beside a pathway: a closed set, so that every client has it."""
Language = Literal["fi", "sv", "en", "fi_selko", "se"]


class Strict(BaseModel):
    """A part of the format: frozen, and a misspelt name in it is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Access(StrEnum):
    """Open to everybody, or begun by a professional (then ``how_to_get_in`` tells the way)."""

    OPEN = "open"
    REFERRAL = "referral"


class Readers(StrEnum):
    """Who reads what the resident enters: nobody else, or the team that treats or supports them."""

    SELF = "self"
    TEAM = "team"


class Kind(StrEnum):
    """What a step asks for."""

    READ = "read"
    DO = "do"
    FORM = "form"
    MEASURE = "measure"
    MESSAGE = "message"
    BOOK = "book"
    ASK = "ask"
    VIDEO = "video"
    AUDIO = "audio"


class Anchor(Strict):
    """A date the plan hangs on. ``every`` and ``times`` make it a cycle, e.g. treatments every 3 weeks.

    Steps of an anchor without a date wait for it. ``required``: the date is asked for from the beginning; otherwise it
    may well stay unknown (a birth, a treatment that not everybody has).
    ``cancellable``: it may be called off (an operation); steps marked ``keep`` then stay.
    """

    id: Id
    required: StrictBool = True
    cancellable: StrictBool = False
    every: Span | None = None
    times: StrictInt | None = Field(default=None, ge=1, le=60)


class Repeat(Strict):
    """Again and again: ``every`` 1d, 2w …, ``times`` in all, or as long as ``until`` (from the anchor)."""

    every: Span
    times: StrictInt | None = Field(default=None, ge=1, le=400)
    until: Span | None = None


class When(Strict):
    """Days from an anchor: a step can be done from ``from`` until ``until`` (the same day if left out).

    ``before``: an anchor whose day ends it, e.g. what belongs to pregnancy ends when the baby is born.
    ``remind``: a time of day at which the resident may be reminded if they wish, e.g. 18:00.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    anchor: Id = START
    since: Span = Field(default="0d", alias="from")
    until: Span | None = None
    repeat: Repeat | None = None
    before: Id | None = None
    remind: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None


class Contact(Strict):
    """Whom to turn to. Phones belong to a county: its profile gives them, ``phone`` is for national numbers.

    ``service``: id in the county's directory; ``url``: https.
    """

    id: Id
    service: Id | None = None
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ]{3,20}$")] | None = None
    url: Annotated[str, Field(pattern=r"^https://")] | None = None


class Urgent(Strict):
    """A sign that must not wait. ``call``: ``emergency`` (112), ``helpline`` (116 117) or a contact's id."""

    id: Id
    call: Id = "emergency"


class Limit(Strict):
    """The pathway's own instruction for a value ``above`` or ``below`` (exclusive); texts under ``limits``.

    ``part``: systolic or diastolic of blood pressure; ``call`` as in Urgent. It is no diagnosis.
    """

    id: Id
    part: Id | None = None
    above: StrictFloat | None = None
    below: StrictFloat | None = None
    call: Id | None = None


class Measure(Strict):
    """What to measure, and what is said of values out of range."""

    what: Literal[
        "blood-pressure",
        "pulse",
        "weight",
        "temperature",
        "glucose",
        "sleep-hours",
        "steps",
        "pain",
        "mood",
        "mask-hours",
        "cigarettes",
        "oxygen",
        "waist",
    ]
    limits: tuple[Limit, ...] = ()


class Book(Strict):
    """An appointment to book. ``service``: id in the county's directory; None: the pathway's first contact."""

    service: Id | None = None
    visit: Literal["visit", "video", "phone"] | None = None


class Media(Strict):
    """A film or a recording elsewhere; its transcript is in the texts, so nobody has to play it."""

    url: Annotated[str, Field(pattern=r"^https://")] | None = None
    minutes: StrictInt = Field(ge=1, le=180)


class Chart(Strict):
    """A chart of our own making; its words (title, labels, alt) are in the texts under ``pictures``."""

    kind: Literal["bars", "line"]
    values: tuple[StrictFloat, ...] = Field(min_length=2, max_length=24)
    unit: str = ""


class Step(Strict):
    """One thing to read, do, answer, measure, say, book, ask, watch or hear.

    ``form``: name of a Questionnaire; ``contact``: who helps with it, the pathway's first one if left out;
    ``pictures``: names of files in ``pictures/`` or of ``charts``; ``confirm``: what the unit has to decide;
    ``if_cancelled``: what becomes of it when its anchor is called off; ``optional``: may well be left out.
    """

    id: Id
    kind: Kind
    when: When | None = None
    form: Id | None = None
    measure: Measure | None = None
    book: Book | None = None
    media: Media | None = None
    contact: Id | None = None
    pictures: tuple[Id, ...] = ()
    charts: dict[Id, Chart] = Field(default_factory=dict)
    confirm: tuple[Id, ...] = ()
    optional: StrictBool = False
    if_cancelled: Literal["drop", "keep"] = "drop"


class Stage(Strict):
    """A phase or a theme. Its dates are those of its steps."""

    id: Id
    steps: tuple[Step, ...] = Field(min_length=1)
    picture: Id | None = None


class Structure(Strict):
    """A whole pathway without its texts.

    ``goals``: what people on it aim at, by id; their words are in the texts. A team's plan begins with them, and a
    resident may take one as their own.

    ``version``: semantic; ``sector``: as in the service directory; ``contacts``: the first one is the team;
    ``reviewed``: the day the content was last gone through; ``icon``: how it is told apart in lists.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    schema_address: str = Field(default="", alias="$schema")
    id: Id
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    languages: tuple[Language, ...] = Field(min_length=1)
    access: Access
    readers: Readers
    sector: Literal["PESO", "IKU", "TESA", "PELA"]
    reviewed: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    anchors: tuple[Anchor, ...] = ()
    goals: tuple[Id, ...] = ()
    contacts: tuple[Contact, ...] = Field(min_length=1)
    urgent: tuple[Urgent, ...] = Field(min_length=1)
    icon: Icon = "path"
    picture: Id | None = None
    stages: tuple[Stage, ...] = Field(min_length=1)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in the order of the stages."""
        return tuple(step for stage in self.stages for step in stage.steps)
