"""One form being filled by one resident: every change goes through here, and tells which places changed with it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Any

from app.forms import options as choices
from app.forms.calculating import Calculator
from app.forms.enabling import Enabling, circles
from app.forms.given import HL7, Json, value_of
from app.forms.model import Constraint, Form, Note, Option
from app.forms.nodes import Answer, Node
from app.forms.observing import answers_from
from app.forms.queries import may_ask, queries_in
from app.forms.reading import terminology_servers
from app.forms.response import Way, fill, to_items, to_response
from app.forms.tree import Tree
from app.forms.validating import Issue, issues_of
from app.forms.values import NAMES, at_home, json_number
from app.forms.words import chain_of
from app.forms.written import from_words

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Known:
    """What is known beforehand. ``launch``: resources by their name in the launch context ("patient"); ``sets``: value
    sets from a server by canonical; ``observations``: of this resident, for questions that ask for the last value;
    ``queries``: answers to the form's searches by their text, which of them are ``from_device`` or were ``refused``;
    ``servers``: terminology servers that the county's own one may ask."""

    launch: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    sets: Mapping[str, Json] = field(default_factory=lambda: NOTHING)
    observations: tuple[Json, ...] = ()
    queries: Mapping[str, Json] = field(default_factory=lambda: NOTHING)
    from_device: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    servers: frozenset[str] = frozenset()
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    zone: tzinfo = UTC


class Filling:
    """The answers of one form. ``language``: as the app names it ("fi_selko")."""

    def __init__(
        self, form: Form, known: Known | None = None, response: Json | None = None, language: str = "fi"
    ) -> None:
        self.form, self.known, self.language = form, known or Known(), language
        self._options: dict[str, tuple[Option, ...] | None] = {}
        self.tree = Tree(form)
        if response is not None:
            fill(self.tree, response)
        else:
            self._observe()
        self._enabling = Enabling(form, self.tree)
        self._enabling.begin()
        given = {**self.known.queries, **self.known.launch}
        self.calculator = Calculator(form, self.tree, self._enabling, given, self.weighed_items, self._moment)
        self.calculator.begin(fresh=response is None)

    def _moment(self) -> datetime:
        """Now, where the resident is."""
        return self.known.now().astimezone(self.known.zone)

    def reuse(self, response: Json) -> None:
        """Begin with the answers of an earlier ``response``, each marked with where it comes from. What is known or
        calculated now, and files, are not taken from it; nor is what this form does not ask."""
        fill(self.tree, response)
        self.tree.strangers = []
        for node in list(self.tree.walk()):
            node.more, node.strangers = {}, []
            if node.values:
                self.tree.put(node, [Answer(one.value, children=one.children) for one in node.answers])
            if node.values and not _reusable(node):
                self.tree.put(node, [])
            node.source = "earlier" if node.values else ""
        self._observe()
        self._enabling.begin()
        self.calculator.begin(fresh=True)

    def weighed_items(self) -> list[Json]:
        """The answers as expressions see them: chosen codings carry their scores."""
        return to_items(self.tree.roots, Way(lambda _: "", value=self._weighed))

    def _weighed(self, node: Node, value: Json) -> Json:
        """A chosen coding with the score of its option: what weight() reads."""
        coding = value.get("valueCoding")
        if not isinstance(coding, dict) or "extension" in coding:
            return value
        found = next((o.score for o in self.options(node) or () if choices.same_option(o.value, value)), None)
        if found is None:
            return value
        points = {"url": f"{HL7}ordinalValue", "valueDecimal": json_number(found)}
        return {"valueCoding": {**coding, "extension": [points]}}

    def _observe(self) -> None:
        for node in self.tree.walk():
            if not node.item.link_period or node.values:
                continue
            if found := answers_from(node.item, self.known.observations, self.known.now()):
                self.tree.put(node, [Answer(at_home(found, self.known.zone))])
                node.source = "observation"

    # --- looking ---------------------------------------------------------------------------------------------------

    @property
    def chain(self) -> tuple[str, ...]:
        """The languages to show its texts in, best first."""
        return chain_of(self.language)

    def say(self, node: Node) -> str:
        """The text of an item, as it is shown."""
        return node.text or node.item.words.say(self.chain)

    def options(self, node: Node) -> tuple[Option, ...] | None:
        """What can be chosen there now; None when it is not known."""
        found = self.calculator.offered.get(node.number)
        if found is None:
            if node.item.key not in self._options:
                self._options[node.item.key] = choices.options_of(self.form, node.item, self.known.sets)
            found = self._options[node.item.key]
        withheld = self.calculator.withheld.get(node.number, ())
        if found is None or not withheld:
            return found
        return tuple(o for o in found if not any(choices.same_option(o.value, value) for value in withheld))

    def is_partial(self, node: Node) -> bool:
        """Whether more could be chosen there than is known here: own words are taken too."""
        return node.number not in self.calculator.offered and choices.is_partial(
            self.form, node.item, self.known.sets
        )

    def bounds(self, node: Node) -> tuple[Any, Any]:
        """The least and the greatest value, calculated ones first."""
        low, high = self.calculator.bounds.get(node.number, (None, None))
        return (node.item.limits.low if low is None else low), (
            node.item.limits.high if high is None else high
        )

    def find(self, number: int) -> Node | None:
        """The place with this number."""
        return self.tree.by_number.get(number)

    @property
    def notes(self) -> tuple[Note, ...]:
        """Everything that could not be honoured, of the form and while it was being filled."""
        unknown = [
            Note("value-set", node.item.link_id, node.item.value_set[:200])
            for node in self.tree.walk()
            if node.item.chosen and node.turn == 0 and self.options(node) is None
        ]
        outside = (*self._of_queries(), *self._of_servers(), *self._of_long_sets())
        return (*self.form.notes, *circles(self.form), *unknown, *outside, *self.calculator.notes.values())

    def _of_queries(self) -> Iterator[Note]:
        """What became of the searches that the form asks for."""
        for text in queries_in(self.form):
            if text in self.known.refused or not may_ask(text):
                yield Note("query-refused", "", text[:160])
            elif text not in self.known.queries:
                yield Note("query", "", text[:160])
            elif text in self.known.from_device:
                yield Note("query-from-device", "", text[:160])

    def _of_long_sets(self) -> Iterator[Note]:
        """Value sets of which only the beginning is known."""
        for item in self.form.all:
            if item.value_set and choices.is_partial(self.form, item, self.known.sets):
                yield Note("value-set-part", item.link_id, item.value_set[:200])

    def _of_servers(self) -> Iterator[Note]:
        """Terminology servers that are not asked: they would learn what residents fill in."""
        if choices.sets_needed(self.form):
            others = [one for one in terminology_servers(self.form.raw) if one not in self.known.servers]
            yield from (Note("terminology-server", "", one[:160]) for one in others)

    # --- changing --------------------------------------------------------------------------------------------------

    def give(self, node: Node, values: list[Json]) -> set[Node]:
        """These are its answers now; what else changes with it."""
        return self._put(node, [Answer(value) for value in values])

    def write(self, node: Node, words: str, turn: int = 0) -> set[Node]:
        """The resident has written ``words`` as answer number ``turn``: a value, or kept as it is until it is one."""
        answers = [Answer(one.value, one.raw, one.children, one.more) for one in node.answers]
        while len(answers) <= turn:
            answers.append(Answer())
        value, raw = from_words(node.item, words, self.known.zone)
        answers[turn] = Answer(value, raw, answers[turn].children)
        return self._put(node, answers if node.item.repeats else answers[:1])

    def choose(self, node: Node, option: Option, chosen: bool) -> set[Node]:
        """An option is chosen or not any more; one that excludes the others takes them away."""
        others = [v for v in node.values if not choices.same_option(v, option.value)]
        if not node.item.repeats:
            return self.give(node, [option.value] if chosen else [])
        if chosen and option.exclusive:
            others = []
        elif chosen:
            offered = self.options(node) or ()
            others = [v for v in others if not _excludes(offered, v)]
        kept = {id(v) for v in others}
        order = [v for v in node.values if id(v) in kept]
        return self.give(node, [*order, option.value] if chosen else order)

    def remove_answer(self, node: Node, turn: int) -> set[Node]:
        """Take one of several answers away."""
        return self._put(node, node.answers[:turn] + node.answers[turn + 1 :])

    def _put(self, node: Node, answers: list[Answer]) -> set[Node]:
        node.touched, node.source = True, ""
        self.tree.put(node, answers)
        changed = {node} | self._enabling.after([node])
        for answer in node.answers:
            for child in answer.children:
                changed |= self._enabling.after(child.walk())
        self.calculator.touch(changed)
        return changed

    def repeat(self, node: Node) -> Node | None:
        """One more repetition of a group."""
        made = self.tree.repeat(node)
        if made is not None:
            self._grown(made)
        return made

    def take_away(self, node: Node) -> None:
        """One repetition less."""
        self.tree.take_away(node)
        self.calculator.touch([node])
        self._enabling.begin()

    def _grown(self, made: Node) -> None:
        self._enabling.begin()
        self.calculator.touch(made.walk())

    def calculate(self) -> set[Node]:
        """Do all work of the expressions now; the places that changed."""
        return {node for changed in self.calculator.work() for node in changed}

    # --- judging ---------------------------------------------------------------------------------------------------

    def issues(self) -> list[Issue]:
        """What must be mended before sending, in the order of the form."""
        found = [issue for node in self.tree.walk() for issue in self.issues_at(node)]
        broken = self.calculator.broken.get(0, frozenset())
        rules = [c for place, c in enumerate(self.form.constraints) if str(place) in broken and not c.warning]
        whole = [Issue(self.tree.roots[0], "constraint", None, c.human.say(self.chain)) for c in rules]
        return [*found, *whole]

    def issues_at(self, node: Node) -> Iterator[Issue]:
        """Those of one place."""
        yield from issues_of(node, *self.calculator.bounds.get(node.number, (None, None)))
        for constraint in self._broken_at(node):
            if not constraint.warning:
                yield Issue(node, "constraint", None, constraint.human.say(self.chain))

    def remarks_at(self, node: Node) -> list[str]:
        """What the form remarks about the answers of one place: worth a second look, and no hindrance."""
        said = [one.human.say(self.chain) for one in self._broken_at(node) if one.warning]
        return [words for words in said if words]

    def _broken_at(self, node: Node) -> Iterator[Constraint]:
        broken = self.calculator.broken.get(node.number, frozenset())
        for place, constraint in enumerate(node.item.constraints if node.visible else ()):
            if str(place) in broken:
                yield constraint

    # --- handing over ----------------------------------------------------------------------------------------------

    def response(
        self, id: str, subject: str, source: str, status: str = "completed", draft: bool = False
    ) -> Json:
        """The answers as an R4 QuestionnaireResponse; ``draft``: everything, for this device."""
        language = self.shown_language
        return to_response(
            self.form,
            self.tree,
            id=id,
            subject=subject,
            source=source,
            authored=self.known.now(),
            language=language,
            say=lambda node: self.say(node)[:2000],
            status=status,
            draft=draft,
        )

    @property
    def shown_language(self) -> str:
        """The language of the texts that the resident saw."""
        return next(
            (tag for tag in self.chain if tag in self.form.languages), self.form.language or self.chain[0]
        )

    @property
    def questions(self) -> list[Node]:
        """The questions in sight, in order."""
        return [node for node in self.tree.walk() if node.item.is_question and node.visible]


_NEVER_REUSED = frozenset({"initialExpression", "calculatedExpression"})


def _reusable(node: Node) -> bool:
    item = node.item
    known = item.link_period or item.read_only or _NEVER_REUSED & item.expressions.keys()
    fits = item.chosen or all(NAMES[item.type] in value for value in node.values)
    return fits and not known and item.type != "attachment"


def _excludes(offered: tuple[Option, ...], value: Json) -> bool:
    return any(one.exclusive and choices.same_option(one.value, value) for one in offered)


def chosen_word(options: tuple[Option, ...], value: Json, chain: tuple[str, ...]) -> str:
    """What a chosen answer is called in the language of ``chain``."""
    for option in options:
        if choices.same_option(option.value, value):
            return option.words.say(chain)
    return choices.words_of_value(*value_of(value)).say(chain)
