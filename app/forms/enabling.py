"""enableWhen: which places are enabled, kept up to date as answers change.

A condition looks at the answers of the same repetition first. What is disabled has no answer for others. A circle of
conditions is cut off after a bounded number of rounds.
"""

from collections import deque
from collections.abc import Iterable

from app.forms.model import Condition, Form, Item, Note
from app.forms.nodes import Node
from app.forms.tree import Tree
from app.forms.values import holds

MOST_ROUNDS = 12  # how often one place may change before it is taken for part of a circle


class Enabling:
    """``watchers``: which items have a condition on a linkId. ``rules``: what enableWhenExpressions have said, by the
    number of the place."""

    def __init__(self, form: Form, tree: Tree) -> None:
        self._tree = tree
        self.rules: dict[int, bool] = {}
        self.watchers: dict[str, list[str]] = {}
        for item in form.all:
            for condition in item.conditions:
                self.watchers.setdefault(condition.question, []).append(item.link_id)

    def begin(self) -> None:
        """Ask all, and then those that watch what has changed, until nothing changes any more."""
        changed = [node for node in self._tree.walk() if self._ask(node)]
        self.after(one for node in changed for one in node.walk())

    def after(self, nodes: Iterable[Node]) -> set[Node]:
        """Answers of ``nodes`` have changed: the places whose being enabled has changed with them."""
        waiting, changed = deque(nodes), set[Node]()
        times: dict[int, int] = {}
        while waiting:
            for node in self._watching(waiting.popleft()):
                times[node.number] = times.get(node.number, 0) + 1
                if times[node.number] <= MOST_ROUNDS and self._ask(node):
                    changed.add(node)
                    waiting.extend(node.walk())
        return changed

    def set_rule(self, node: Node, true: bool) -> set[Node]:
        """What the enableWhenExpression of ``node`` says; the places that change with it."""
        self.rules[node.number] = true
        if not self._ask(node):
            return set()
        return {node} | self.after(node.walk())

    def _watching(self, node: Node) -> Iterable[Node]:
        for link_id in self.watchers.get(node.item.link_id, ()):
            yield from self._tree.by_link.get(link_id, ())

    def _ask(self, node: Node) -> bool:
        """Whether it has changed."""
        enabled = self._is_enabled(node)
        if enabled == node.enabled:
            return False
        node.enabled = enabled
        return True

    def _is_enabled(self, node: Node) -> bool:
        item = node.item
        if "enableWhenExpression" in item.expressions and not self.rules.get(node.number, False):
            return False
        if not item.conditions:
            return True
        answers = (self._true(condition, node) for condition in item.conditions)
        return any(answers) if item.any_condition and len(item.conditions) > 1 else all(answers)

    def _true(self, condition: Condition, node: Node) -> bool:
        values = [v for one in self._tree.nearest(condition.question, node) if one.shown for v in one.values]
        if condition.operator == "exists":
            return bool(values) == (condition.answer[1] is True)
        return any(holds(condition.operator, value, condition.answer) for value in values)


def circles(form: Form) -> list[Note]:
    """Items whose conditions lead back to themselves, and conditions on what is not there."""
    asks: dict[str, set[str]] = {}
    for item in form.all:
        asks.setdefault(item.link_id, set()).update(condition.question for condition in item.conditions)
    missing = [Note("condition-on-nothing", item.link_id) for item in form.all if _asks_nothing(item, asks)]
    return [*missing, *(Note("circle", link_id) for link_id in sorted(_in_circles(asks)))]


def _asks_nothing(item: Item, asks: dict[str, set[str]]) -> bool:
    return any(condition.question not in asks for condition in item.conditions)


def _in_circles(asks: dict[str, set[str]]) -> set[str]:
    """What is left when all that ask nothing, and then all that nobody asks, have been taken away."""
    left = _without_ends(
        {link: {other for other in others if other in asks} for link, others in asks.items()}
    )
    return set(_without_ends(_turned(left)))


def _turned(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """The same with each arrow the other way."""
    turned: dict[str, set[str]] = {link: set() for link in graph}
    for link, others in graph.items():
        for other in others:
            turned[other].add(link)
    return turned


def _without_ends(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Without those that lead nowhere, and those that lead only to such, and so on; each arrow is looked at once."""
    back, ahead = _turned(graph), {link: len(others) for link, others in graph.items()}
    ends = deque(link for link, count in ahead.items() if not count)
    while ends:
        for before in back[ends.popleft()]:
            ahead[before] -= 1
            if not ahead[before]:
                ends.append(before)
    left = {link for link, count in ahead.items() if count}
    return {link: graph[link] & left for link in graph if link in left}
