"""Expressions of a form, evaluated when what they depend on has changed, in small pieces between which others may work.

``begin`` and ``touch`` say what is to be done; ``work`` does it: a generator that yields, after each piece, the places
that have changed. A circle is cut off after ``MOST_ROUNDS``; an expression that is too slow is not asked again.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from app.forms.convert import to_options, to_values, truth
from app.forms.depends import EVERYTHING, links_of
from app.forms.enabling import Enabling
from app.forms.given import Json
from app.forms.model import Expression, Form, Item, Note, Option
from app.forms.nodes import Answer, Node
from app.forms.options import same_option
from app.forms.parts import QUERY
from app.forms.scope import Scope
from app.forms.tree import Tree
from app.forms.values import at_home

SLICE, MOST_SECONDS, MOST_ROUNDS = 0.008, 0.5, 8
Job = tuple[str, Item, Expression]


class Calculator:
    """``offered``: options from an answerExpression, ``withheld``: options that a toggle takes away, ``bounds``:
    calculated (low, high), ``broken``: keys of constraints that do not hold; all by the number of the place."""

    def __init__(
        self,
        form: Form,
        tree: Tree,
        enabling: Enabling,
        launch: Mapping[str, Any],
        items: Callable[[], list[Json]],
        now: Callable[[], datetime],
    ) -> None:
        self.form, self._tree, self._enabling, self._now = form, tree, enabling, now
        self._scope = Scope(form, tree, launch, items, now)
        self.offered: dict[int, tuple[Option, ...]] = {}
        self.withheld: dict[int, tuple[Json, ...]] = {}
        self.bounds: dict[int, tuple[Any, Any]] = {}
        self.broken: dict[int, frozenset[str]] = {}
        self.notes: dict[tuple[str, str], Note] = {}
        self._slow: set[str] = set()
        self._jobs = list(_jobs(form))
        variables = _variables(form)
        self._links = {id(job[2]): links_of(job[2].text, variables) for job in self._jobs}
        self._variable_links = {
            (name, one.text): links_of(one.text, variables) for name, all in variables.items() for one in all
        }
        self._pending: set[str] = set()

    @property
    def needed(self) -> bool:
        """There are expressions at all."""
        return bool(self._jobs)

    @property
    def waiting(self) -> bool:
        """There is work."""
        return bool(self._pending) and self.needed

    def begin(self, fresh: bool) -> None:
        """Everything is to be evaluated; ``fresh``: initial values too. Else answers that came are left as they are."""
        self._pending = {EVERYTHING, "initial" if fresh else "opened"}

    def begin_again(self) -> None:
        """What was answered before is gone on with: calculated values too are made anew, unless they were changed."""
        for node in self._tree.walk():
            if node.values and not node.item.read_only and "calculatedExpression" in node.item.expressions:
                node.touched = True
        self._pending = {EVERYTHING}

    def touch(self, nodes: Iterable[Node]) -> None:
        """The answers of ``nodes`` have changed."""
        for node in nodes:
            self._pending |= {node.item.link_id, *(above.item.link_id for above in node.above())}

    def work(self) -> Iterator[set[Node]]:
        """Until nothing is left to do."""
        rounds = 0
        while self._pending and self.needed and rounds < MOST_ROUNDS:
            rounds += 1
            links, self._pending = self._pending, set()
            yield from self._round(links)
        if self._pending and self.needed:
            self._note("circle", self._jobs[0][1].link_id, "")
        self._pending = set()

    def _round(self, links: set[str]) -> Iterator[set[Node]]:
        self._scope.renew(None if EVERYTHING in links else links, self._variable_links)
        changed, until = set[Node](), time.monotonic() + SLICE
        for job in self._due(links):
            for node in self._places(job):
                changed |= self._do(job, node)
                if time.monotonic() > until:
                    yield changed
                    changed, until = set(), time.monotonic() + SLICE
        yield changed

    def _due(self, links: set[str]) -> list[Job]:
        everything = EVERYTHING in links
        due = [job for job in self._jobs if everything or self._links[id(job[2])] & (links | {EVERYTHING})]
        if "initial" not in links:
            due = [job for job in due if job[0] != "initial"]
        return [job for job in due if job[0] != "calculated"] if "opened" in links else due

    def _places(self, job: Job) -> list[Node | None]:
        if job[1] is NOWHERE:
            return [None]
        return list(self._tree.by_link.get(job[1].link_id, ()))

    def _do(self, job: Job, node: Node | None) -> set[Node]:
        kind, item, expression = job
        if node is not None and node.item is not item:
            return set()
        if expression.text in self._slow:
            return set()
        found = self._evaluate(job, node)
        if found is None:
            return set()
        changed = self._apply(kind, item, expression, node, found)
        if changed and kind in ("calculated", "initial"):
            changed |= self._enabling.after(changed)
        if kind in ("calculated", "initial", "enable"):
            self.touch(changed)
        return changed

    def _evaluate(self, job: Job, node: Node | None) -> list[Any] | None:
        if job[2].language == QUERY:
            return list(self._scope.found(job[2].text))
        try:
            from app.forms.fhirpath import Failed, TooSlow
        except ImportError:  # a browser that has not been connected since FHIRPath was first needed
            self._note("expression-engine", "", "")
            return [True] if job[0] == "enable" else None  # rather a question too many than one too few
        try:
            return self._scope.evaluate(job[2].text, node, MOST_SECONDS)
        except TooSlow:
            self._slow.add(job[2].text)
            self._note("expression-slow", job[1].link_id, job[2].text[:120])
        except Failed as problem:
            self._note("expression-failed", job[1].link_id, str(problem)[:160])
        return None

    def _note(self, code: str, link_id: str, detail: str) -> None:
        self.notes.setdefault((code, link_id), Note(code, link_id, detail))

    def _apply(
        self, kind: str, item: Item, expression: Expression, node: Node | None, found: list[Any]
    ) -> set[Node]:
        if kind == "constraint":
            return self._set_broken(node, expression.name, truth(found) is False)
        assert node is not None, "only constraints belong to the whole form"
        if kind == "enable":
            return self._enabling.set_rule(node, truth(found) is True)
        if kind in ("calculated", "initial"):
            return self._set_answers(kind, node, found)
        if kind == "text":
            text = str(found[0]) if found else ""
            changed, node.text = text != node.text, text
            return {node} if changed else set()
        return self._set_choice(kind, expression, node, found)

    def _set_answers(self, kind: str, node: Node, found: list[Any]) -> set[Node]:
        if (
            node.touched
            or not node.item.is_question
            or (kind == "initial" and node.values and node.source != "initial")
        ):
            return set()
        zone = self._now().tzinfo
        values = [at_home(value, zone) for value in to_values(node.item.type, found)]
        if not node.item.repeats:
            values = values[:1]
        if not values and any(one not in ("", None) for one in found):
            self._note("expression-type", node.item.link_id, kind)
        if values == node.values or (kind == "initial" and not values):
            return set()
        self._tree.put(node, [Answer(value) for value in values])
        node.source = "calculated" if kind == "calculated" else self._scope.source_of(node.item)
        return {node}

    def _set_choice(self, kind: str, expression: Expression, node: Node, found: list[Any]) -> set[Node]:
        before = (self.offered.get(node.number), self.withheld.get(node.number), self.bounds.get(node.number))
        if kind == "answers":
            self.offered[node.number] = to_options(found)
        elif kind == "toggle":
            self._toggle(expression, node, truth(found) is True)
        else:
            low, high = self.bounds.get(node.number, (None, None))
            value = found[0] if found else None
            self.bounds[node.number] = (value, high) if kind == "low" else (low, value)
        after = (self.offered.get(node.number), self.withheld.get(node.number), self.bounds.get(node.number))
        return {node} if _differs(before, after) else set()

    def _toggle(self, expression: Expression, node: Node, offered: bool) -> None:
        mine = next(t.values for t in node.item.toggles if t.expression is expression)
        kept = tuple(
            v for v in self.withheld.get(node.number, ()) if not any(same_option(v, one) for one in mine)
        )
        self.withheld[node.number] = kept if offered else (*kept, *mine)

    def _set_broken(self, node: Node | None, key: str, broken: bool) -> set[Node]:
        number = node.number if node else 0
        before = self.broken.get(number, frozenset())
        after = before | {key} if broken else before - {key}
        self.broken[number] = after
        return {node} if node and after != before else set()


NOWHERE = Item(key="", link_id="", type="group")
_SHORT = {
    "enableWhenExpression": "enable",
    "initialExpression": "initial",
    "calculatedExpression": "calculated",
    "text": "text",
    "answerExpression": "answers",
    "candidateExpression": "answers",
}


def _jobs(form: Form) -> Iterator[Job]:
    """What there is to evaluate, in the order in which it is done."""
    for kinds in (
        ("initial",),
        ("enable",),
        ("calculated",),
        ("text", "answers"),
        ("toggle", "low", "high"),
        ("constraint",),
    ):
        for item in form.all:
            yield from (job for job in _of_item(item) if job[0] in kinds)
    for place, constraint in enumerate(form.constraints):
        yield "constraint", NOWHERE, Expression(constraint.expression, name=str(place))


def _of_item(item: Item) -> Iterator[Job]:
    for name, expression in item.expressions.items():
        yield _SHORT[name], item, expression
    for toggle in item.toggles:
        yield "toggle", item, toggle.expression
    if item.limits.low_expression:
        yield "low", item, Expression(item.limits.low_expression)
    if item.limits.high_expression:
        yield "high", item, Expression(item.limits.high_expression)
    for place, constraint in enumerate(item.constraints):
        yield "constraint", item, Expression(constraint.expression, name=str(place))


def _variables(form: Form) -> dict[str, list[Expression]]:
    found: dict[str, list[Expression]] = {}
    for one in (*form.variables, *(v for item in form.all for v in item.variables)):
        found.setdefault(one.name, []).append(one)
    return found


def _differs(before: Any, after: Any) -> bool:
    return bool(repr(before) != repr(after))
