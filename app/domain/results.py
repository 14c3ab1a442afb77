"""Laboratory and other results: values in every form, limits, flags, and where a result stands (rows E1, E3)."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.base import Model


class Flag(StrEnum):
    """How a value relates to its limits. CRITICAL_…: far beyond; ABNORMAL: without a direction (a code)."""

    NONE = "none"
    NORMAL = "normal"
    LOW = "low"
    HIGH = "high"
    CRITICAL_LOW = "critical-low"
    CRITICAL_HIGH = "critical-high"
    ABNORMAL = "abnormal"

    @property
    def abnormal(self) -> bool:
        """Outside of the limits."""
        return self not in (Flag.NONE, Flag.NORMAL)


class ResultState(StrEnum):
    """Where a result stands.

    WITHHELD: a professional handles it first, it is shown from ``release`` on. UNCOMMENTED: the resident chose to
    wait for a professional's comment. PENDING: taken, not ready.
    """

    FINAL = "final"
    PRELIMINARY = "preliminary"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    WRONG = "wrong"
    PENDING = "pending"
    WITHHELD = "withheld"
    UNCOMMENTED = "uncommented"
    UNKNOWN = "unknown"

    @property
    def shown(self) -> bool:
        """Whether a value may be on the screen."""
        return self not in (ResultState.WITHHELD, ResultState.UNCOMMENTED)


class Amount(Model):
    """A number with its unit. ``comparator``: "<", "<=", ">=", ">" or empty; ``code``: the unit in UCUM."""

    value: Decimal
    unit: str = ""
    code: str = ""
    comparator: str = ""


class Limits(Model):
    """Between which values a result is usual, in ``unit`` (UCUM code where it has one). ``text``: in words."""

    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    text: str = ""

    @property
    def known(self) -> bool:
        """Whether there is anything to show."""
        return self.low is not None or self.high is not None or bool(self.text)


class Form(StrEnum):
    """How the text of a value is to be read: WORDS as they are; TRUTH: "true" or "false"; TIMES: one or two days or
    moments as FHIR writes them, with " – " between."""

    WORDS = "words"
    TRUTH = "truth"
    TIMES = "times"


class Part(Model):
    """One value of a result that has several, such as both pressures. ``text``: what is not a number, see ``form``."""

    name: str = ""
    name_language: str = ""
    code: str = ""
    amount: Amount | None = None
    text: str = ""
    text_language: str = ""
    form: Form = Form.WORDS
    limits: Limits = Limits()
    flag: Flag = Flag.NONE


class Result(Part):
    """One result. ``series``: results with the same are the same measurement at other times. ``notes``: what the
    laboratory or a professional wrote. ``home``: measured by the resident."""

    state: ResultState = ResultState.FINAL
    series: str = ""
    release: date | None = None
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    laboratory: bool = True
    home: bool = False

    @property
    def value_known(self) -> bool:
        """Whether it says anything yet."""
        return self.amount is not None or bool(self.text) or any(p.amount or p.text for p in self.parts)

    def hidden(self, state: ResultState = ResultState.UNCOMMENTED) -> "Result":
        """The same without what it says: the resident wants to wait for a comment, or it is not to be seen yet."""
        bare = {"amount": None, "text": "", "parts": (), "notes": (), "flag": Flag.NONE}
        return self.model_copy(update={**bare, "state": state})


class FileOf(Model):
    """A file that a resource names. ``file``: id of its Binary; ``text``: what stands in it when that came along;
    ``inline``: its bytes came along in the resource, ``place``: the how many-th of its files it is; ``external``: an
    address elsewhere."""

    file: str = ""
    name: str = ""
    content_type: str = ""
    size: int = 0
    digest: str = ""
    language: str = ""
    text: str = ""
    external: str = ""
    inline: bool = False
    place: int = 0


class Panel(Model):
    """Results taken together. ``results``: ids of their Observations; ``comment``: a professional's words; ``files``:
    the answer as the laboratory wrote it."""

    results: tuple[str, ...] = ()
    comment: str = ""
    comment_language: str = ""
    comment_by: str = ""
    state: ResultState = ResultState.FINAL
    category: str = ""
    files: tuple[FileOf, ...] = ()


def flag_of(amount: Amount | None, limits: Limits) -> Flag:
    """What the limits say of a value, when they are in the same unit; NONE where that cannot be known."""
    if amount is None or (limits.low is None and limits.high is None):
        return Flag.NONE
    if limits.unit and limits.unit not in (amount.code, amount.unit):
        return Flag.NONE
    value, sign, low, high = amount.value, amount.comparator, limits.low, limits.high
    below, above = sign.startswith("<"), sign.startswith(">")
    if low is not None and not above and (value < low or (sign == "<" and value == low)):
        return Flag.LOW
    if high is not None and not below and (value > high or (sign == ">" and value == high)):
        return Flag.HIGH
    return Flag.NORMAL if not sign or _keeps(amount, limits) else Flag.NONE


def _keeps(amount: Amount, limits: Limits) -> bool:
    """Whether a value that is only known to be less, or more, surely keeps the limits: there is none on that side,
    and the other is not passed."""
    if amount.comparator.startswith("<"):
        return limits.low is None and limits.high is not None and amount.value <= limits.high
    return limits.high is None and limits.low is not None and amount.value >= limits.low
