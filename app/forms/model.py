"""What a form is once it has been read: frozen, lenient, with everything that is not understood noted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any

from app.forms.given import Json
from app.forms.words import Words

QUESTIONS = frozenset(
    {"boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url"}
    | {"choice", "open-choice", "attachment", "reference", "quantity"}
)
TYPES = QUESTIONS | {"group", "display"}
MAX_DEPTH, MAX_ITEMS, MAX_BYTES = 40, 5_000, 8_000_000


NO_WORDS = Words()


class Unreadable(ValueError):
    """Not a form that can be shown. ``code``: not-a-questionnaire, no-items, too-deep, too-many-items, too-large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Note:
    """Something that could not be honoured: ``code`` says what, ``item`` where (linkId), ``detail`` which."""

    code: str
    item: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Expression:
    """An expression: ``language`` ("text/fhirpath"), its text, and the name of a variable."""

    text: str
    language: str = "text/fhirpath"
    name: str = ""


@dataclass(frozen=True)
class Option:
    """One answer to choose. ``value``: {"valueCoding": …}; ``score``: ordinalValue or itemWeight."""

    value: Json
    words: Words
    prefix: Words = NO_WORDS
    exclusive: bool = False
    initial: bool = False
    score: Decimal | None = None
    media: str = ""


@dataclass(frozen=True)
class Condition:
    """One enableWhen. ``answer``: (name of the value, value)."""

    question: str
    operator: str
    answer: tuple[str, Any]


@dataclass(frozen=True)
class Constraint:
    """A targetConstraint: FHIRPath that must be true. ``warning``: only a remark."""

    key: str
    human: Words
    expression: str
    warning: bool = False


@dataclass(frozen=True)
class Toggle:
    """An answerOptionsToggleExpression: these options are only offered while the expression is true."""

    values: tuple[Json, ...]
    expression: Expression


@dataclass(frozen=True)
class Limits:
    """What an answer must keep to. ``low`` and ``high``: the values of minValue and maxValue (also quantities);
    ``low_expression`` and ``high_expression``: their cqf-calculatedValue. ``size`` in bytes."""

    max_length: int | None = None
    min_length: int | None = None
    regex: str = ""
    decimals: int | None = None
    low: Any = None
    high: Any = None
    low_expression: str = ""
    high_expression: str = ""
    mime_types: tuple[str, ...] = ()
    size: int | None = None
    least: int | None = None
    most: int | None = None

    @property
    def attachable(self) -> bool:
        """Whether a file that this app sends (a picture or a PDF) can be what is asked for."""
        kinds = (one.partition("/")[0] for one in self.mime_types)
        return (
            not self.mime_types or "application/pdf" in self.mime_types or bool({"image", "*"} & set(kinds))
        )


NO_LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class Item:
    """One item. ``key`` is unique in the form (the linkId, with ~2 when the form has it twice).

    ``type``: one of TYPES, or "unknown". ``control``: the itemControl code. ``help``: texts of help and flyover
    children; ``beside``: role (prompt, unit, lower, upper, header, footer, legal, sidebar …) to text.
    """

    key: str
    link_id: str
    type: str
    words: Words = NO_WORDS
    prefix: Words = NO_WORDS
    short: Words = NO_WORDS
    help: tuple[Words, ...] = ()
    beside: Mapping[str, Words] = field(default_factory=lambda: MappingProxyType({}))
    control: str = ""
    category: str = ""
    entry_format: Words = NO_WORDS
    open_label: Words = NO_WORDS
    error_words: Words = NO_WORDS
    more_label: Words = NO_WORDS
    required: bool = False
    repeats: bool = False
    read_only: bool = False
    hidden: bool = False
    collapsible: str = ""
    horizontal: bool = False
    unit: Json = field(default_factory=dict)
    units: tuple[Json, ...] = ()
    slider_step: Decimal | None = None
    support_link: str = ""
    media: str = ""
    limits: Limits = NO_LIMITS
    conditions: tuple[Condition, ...] = ()
    any_condition: bool = False
    options: tuple[Option, ...] = ()
    value_set: str = ""
    initial: tuple[Json, ...] = ()
    expressions: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    variables: tuple[Expression, ...] = ()
    toggles: tuple[Toggle, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    code: tuple[Json, ...] = ()
    link_period: bool = False
    children: tuple["Item", ...] = ()
    raw: Json = field(default_factory=dict, repr=False)

    @property
    def is_question(self) -> bool:
        """It can have an answer."""
        return self.type in QUESTIONS

    @property
    def chosen(self) -> bool:
        """It is answered by choosing."""
        return self.type in ("choice", "open-choice")

    def walk(self) -> Iterator["Item"]:
        """Itself and everything in it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, eq=False)
class Form:
    """A questionnaire. ``canonical``: url with version; ``launch``: names of the launch context it asks for."""

    id: str
    url: str
    version: str
    language: str
    title: Words
    description: Words
    purpose: Words
    items: tuple[Item, ...]
    notes: tuple[Note, ...] = ()
    variables: tuple[Expression, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    launch: tuple[str, ...] = ()
    contained: tuple[Json, ...] = ()
    raw: Json = field(default_factory=dict, repr=False)

    @property
    def canonical(self) -> str:
        """What a response names it by; empty when it has no url and no id."""
        base = self.url or (f"Questionnaire/{self.id}" if self.id else "")
        return f"{base}|{self.version}" if base and self.version and self.url else base

    @cached_property
    def all(self) -> tuple[Item, ...]:
        """Every item in order."""
        return tuple(item for top in self.items for item in top.walk())

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages it can be read in: its own, and those that at least half of its texts are translated into."""
        texts = [
            words for item in self.all for words in (item.words, *(o.words for o in item.options)) if words
        ]
        tags = {tag for words in texts for tag in words.languages}
        half = {tag for tag in tags if 2 * sum(tag in words.languages for words in texts) >= len(texts)}
        own = [self.language] if self.language else []
        return (*own, *sorted(half - set(own)))
