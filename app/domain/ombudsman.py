"""Turning to the ombudsman: what about, by which way, and the one-time code that leads to the answer (B1 to B4)."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from app.domain.base import Model

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
SECRET, GROUP = 19, 5  # characters by chance: 95 bits; and one that checks them
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


class About(StrEnum):
    """Whose ombudsman is meant; both are told when one does not know."""

    PATIENT = "patient"
    SOCIAL = "social"
    UNKNOWN = "unknown"

    @property
    def services(self) -> tuple[str, ...]:
        """Ids of the services in the county's directory."""
        return _SERVICES[self]


_SERVICES = {
    About.PATIENT: ("potilasasiavastaava",),
    About.SOCIAL: ("sosiaaliasiavastaava",),
    About.UNKNOWN: ("potilasasiavastaava", "sosiaaliasiavastaava"),
}


class Standing(StrEnum):
    """Where a talk or letter stands with the ombudsman."""

    WAITING = "waiting"
    TALK = "talk"
    ANSWERED = "answered"
    ENDED = "ended"


class Said(Model):
    """One message. ``who``: the ombudsman's name, empty for the resident's own."""

    id: str
    mine: bool
    text: str
    who: str = ""
    at: datetime | None = None


class Matter(Model):
    """A talk or a letter as the ombudsman's platform tells it. ``place``: in the queue, 0 when not waiting."""

    id: str = ""
    about: About = About.UNKNOWN
    standing: Standing = Standing.WAITING
    place: int = 0
    who: str = ""
    messages: tuple[Said, ...] = ()


class Left(Model):
    """What has left this device in one request: names of what was sent, never more than that.

    ``characters``: of the text, 0 when there was none.
    """

    what: tuple[str, ...]
    characters: int = 0


def new_code(chance: Callable[[int], int]) -> str:
    """A one-time code in groups of five: easy to read aloud, hopeless to guess. ``chance(n)``: 0 to n - 1."""
    secret = "".join(ALPHABET[chance(len(ALPHABET))] for _ in range(SECRET))
    return grouped(secret + _check(secret))


def read_code(text: str) -> str | None:
    """The code somebody wrote, however they spaced or capitalised it; None when it cannot be one."""
    plain = "".join(c for c in text.upper() if c.isalnum()).translate(_ALIKE)
    if len(plain) != SECRET + 1 or any(c not in ALPHABET for c in plain) or _check(plain[:-1]) != plain[-1]:
        return None
    return grouped(plain)


def grouped(plain: str) -> str:
    """``ABCDE-FGHJK-…``"""
    return "-".join(plain[n : n + GROUP] for n in range(0, len(plain), GROUP))


def spelled(code: str) -> str:
    """Character by character, as a screen reader or a person on the telephone says it."""
    return ". ".join(" ".join(group) for group in code.split("-"))


def _check(secret: str) -> str:
    """One character that notices a slip or two that changed places."""
    return ALPHABET[sum(n * ALPHABET.index(c) for n, c in enumerate(secret, 1)) % 31]


class Path(StrEnum):
    """Where a matter belongs."""

    TALK = "talk"  # talk about it first, where it happened
    MUISTUTUS = "muistutus"
    SOCIAL_MUISTUTUS = "social_muistutus"
    KANTELU = "kantelu"
    INJURY = "injury"
    APPEAL = "appeal"


class Choice(Model):
    """An answer of the decision helper: leads to the next question, or to where the matter belongs."""

    id: str
    next: str = ""
    path: Path | None = None


QUESTIONS: dict[str, tuple[Choice, ...]] = {
    "where": (
        Choice(id="care", next="what"),
        Choice(id="social", next="social_what"),
    ),
    "what": (
        Choice(id="harm", next="harm"),
        Choice(id="treated", next="wish"),
        Choice(id="access", next="wish"),
    ),
    "harm": (
        Choice(id="injured", path=Path.INJURY),
        Choice(id="not_injured", next="wish"),
    ),
    "social_what": (
        Choice(id="decision", path=Path.APPEAL),
        Choice(id="treated", next="social_wish"),
    ),
    "wish": (
        Choice(id="understand", path=Path.TALK),
        Choice(id="answer", path=Path.MUISTUTUS),
        Choice(id="oversight", path=Path.KANTELU),
    ),
    "social_wish": (
        Choice(id="understand", path=Path.TALK),
        Choice(id="answer", path=Path.SOCIAL_MUISTUTUS),
        Choice(id="oversight", path=Path.KANTELU),
    ),
}
"""The helper: at most four questions, each with two or three plain answers. Begins with ``where``."""
FIRST = "where"


def step(answers: tuple[str, ...]) -> tuple[str, Path | None]:
    """The question after ``answers`` (choice ids, in order) and no path, or "" and where the matter belongs.

    An answer that no question has ends the reading: the question it was for is asked again.
    """
    question = FIRST
    for answer in answers:
        choice = next((c for c in QUESTIONS[question] if c.id == answer), None)
        if choice is None:
            break
        if choice.path is not None:
            return "", choice.path
        question = choice.next
    return question, None
