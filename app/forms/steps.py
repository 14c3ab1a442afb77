"""How a form is divided on the screen: one question at a time, or its pages.

A step is a list of places that are drawn together, each with everything in it. A table, and a group whose form wants it
whole, is never divided.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.forms.filling import Filling
from app.forms.nodes import Node

WHOLE = frozenset({"table", "htable", "gtable", "atable", "grid", "list"})
LARGE = 40  # items on one page; a longer form is divided by its groups
_PAGES = frozenset({"page", "tab", "tab-container", "step"})


@dataclass(frozen=True)
class Step:
    """``nodes`` drawn together; ``single``: only themselves, without what is in them (one question at a time)."""

    nodes: tuple[Node, ...]
    title: str = ""
    single: bool = False

    def inside(self) -> list[Node]:
        """Every place that is drawn in it."""
        return list(self.nodes) if self.single else [one for node in self.nodes for one in node.walk()]

    @property
    def key(self) -> int:
        """What tells it apart while the form changes around it."""
        return self.nodes[0].number


def steps(filling: Filling, one_by_one: bool) -> tuple[Step, ...]:
    """The steps there are now. What is disabled, hidden or empty is no step."""
    found = _questions(filling) if one_by_one else _pages(filling)
    return tuple(step for step in found if any(_seen(node) for node in step.nodes))


def _seen(node: Node) -> bool:
    return node.visible


def _questions(filling: Filling) -> Iterator[Step]:
    """Each question with the texts before it; groups that are whole in one step."""
    waiting: list[Node] = []
    for node in _units(filling.tree.roots):
        if node.item.type == "display":
            waiting.append(node)
            continue
        yield Step((*waiting, node), _title(filling, node), single=node.item.is_question)
        waiting = []
    if waiting:
        yield Step(tuple(waiting))


def _units(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        if not node.visible:
            continue
        if node.item.type == "group" and node.item.control not in WHOLE and not _repeats_shortly(node):
            yield from _units(node.children)
        else:
            yield node
            if node.item.is_question:
                for answer in node.answers[:1]:
                    yield from _units(answer.children)


def _repeats_shortly(node: Node) -> bool:
    """A repeating group is one step: its rows belong together, and one can be added there."""
    return node.item.repeats


def _title(filling: Filling, node: Node) -> str:
    """The heading of the group around it."""
    around = next((one for one in node.above() if filling.say(one)), None)
    return filling.say(around) if around else ""


def _pages(filling: Filling) -> Iterator[Step]:
    """The form's own pages or tabs; else its groups when it is long; else all of it."""
    roots = [node for node in filling.tree.roots if node.visible]
    while len(roots) == 1 and roots[0].item.type == "group" and _is_long(roots) and roots[0].children:
        roots = [node for node in roots[0].children if node.visible]
    if any(node.item.control in _PAGES for node in roots) or _is_long(roots):
        yield from _divided(filling, roots)
    elif roots:
        yield Step(tuple(roots))


def _is_long(roots: list[Node]) -> bool:
    return sum(1 for root in roots for _ in root.walk()) > LARGE


def _divided(filling: Filling, roots: list[Node]) -> Iterator[Step]:
    """Groups are steps of their own, what stands between them goes together; long groups are divided again."""
    together: list[Node] = []
    for node in roots:
        large = node.item.type == "group" and (node.item.control in _PAGES or _size(node) > 6)
        if large or len(together) >= LARGE or sum(map(_size, together)) > LARGE:
            if together:
                yield Step(tuple(together))
            together = []
        if large and _size(node) > LARGE and node.item.control not in WHOLE and not node.item.repeats:
            yield from _named(filling, node)
        elif large:
            yield Step((node,))
        else:
            together.append(node)
    if together:
        yield Step(tuple(together))


def _named(filling: Filling, node: Node) -> Iterator[Step]:
    for step in _divided(filling, [child for child in node.children if child.visible]):
        yield Step(step.nodes, step.title or filling.say(node))


def _size(node: Node) -> int:
    return sum(1 for _ in node.walk())
