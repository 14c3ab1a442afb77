"""Growing the tree of places: at the beginning, and when something is repeated or taken away."""

from collections.abc import Iterator
from itertools import count

from app.forms.convert import to_value
from app.forms.given import Json
from app.forms.model import Form, Item
from app.forms.nodes import Answer, Node
from app.forms.values import NAMES

MOST_TURNS, MOST_NODES = 100, 20_000


class Tree:
    """All places of a filling. ``by_link``: the places of each linkId."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._numbers = count(1)
        self.by_link: dict[str, list[Node]] = {}
        self.by_number: dict[int, Node] = {}
        self.roots = self.grow(form.items, None)
        self.strangers: list[Json] = []

    def grow(self, items: tuple[Item, ...], parent: Node | None) -> list[Node]:
        """The places of ``items``, each once."""
        return [self.plant(item, parent) for item in items]

    def plant(self, item: Item, parent: Node | None, turn: int = 0) -> Node:
        """One place of ``item``, with everything in it; its initial answers are given."""
        node = Node(item, parent, turn, number=next(self._numbers))
        self.by_link.setdefault(item.link_id, []).append(node)
        self.by_number[node.number] = node
        if item.is_question:
            wanted = item.initial if item.repeats else item.initial[:1]
            self.put(node, [Answer(_fitting(item, value)) for value in wanted])
            node.source = "initial" if wanted else ""
        else:
            node.children = self.grow(item.children, node)
        return node

    def put(self, node: Node, answers: list[Answer]) -> None:
        """Give a question these answers. The places under a question are kept with its first answer."""
        if not answers and node.item.children:  # a question without an answer still shows what is under it
            answers = [Answer()]
        kept = [answer.children for answer in node.answers]
        for place, answer in enumerate(answers):
            if not answer.children:
                answer.children = kept[place] if place < len(kept) else []
            if not answer.children and node.item.children:
                answer.children = self.grow(node.item.children, node)
        in_use = {id(child) for answer in answers for child in answer.children}
        for child in [child for children in kept for child in children if id(child) not in in_use]:
            self.forget(child)
        node.answers = answers

    def forget(self, node: Node) -> None:
        """It is not part of the tree any more."""
        for one in list(node.walk()):
            self.by_number.pop(one.number, None)
            places = self.by_link.get(one.item.link_id, [])
            if one in places:
                places.remove(one)

    def siblings(self, node: Node) -> list[Node]:
        """The list that ``node`` is in."""
        if node.parent is None:
            return self.roots
        for answer in node.parent.answers:
            if node in answer.children:
                return answer.children
        return node.parent.children

    def turns(self, node: Node) -> list[Node]:
        """All repetitions of a repeating group beside it."""
        return [one for one in self.siblings(node) if one.item is node.item]

    def repeat(self, node: Node) -> Node | None:
        """One more repetition after the last; None when there are too many."""
        turns = self.turns(node)
        if len(turns) >= (node.item.limits.most or MOST_TURNS) or len(self.by_number) > MOST_NODES:
            return None
        beside = self.siblings(node)
        made = self.plant(node.item, node.parent, len(turns))
        beside.insert(beside.index(turns[-1]) + 1, made)
        return made

    def take_away(self, node: Node) -> None:
        """Remove a repetition; the last one is only emptied."""
        beside, turns = self.siblings(node), self.turns(node)
        if len(turns) == 1:
            beside[beside.index(node)] = self.plant(node.item, node.parent)
        else:
            beside.remove(node)
        self.forget(node)
        for turn, one in enumerate(one for one in beside if one.item is node.item):
            one.turn = turn

    def walk(self) -> Iterator[Node]:
        """Every place in order."""
        for root in self.roots:
            yield from root.walk()

    def nearest(self, link_id: str, node: Node) -> list[Node]:
        """The places of ``link_id`` that belong to the same repetition as ``node``, as far up as there is one."""
        found = self.by_link.get(link_id, [])
        if len(found) < 2:
            return found
        mine = [node, *node.above()]
        for above in mine:
            inside = [one for one in found if above in one.above() or one is above]
            if inside:
                return inside
        return found


def _fitting(item: Item, value: Json) -> Json:
    """An initial answer as the kind of value that the question holds; what cannot be one is kept as it is."""
    right = item.chosen or NAMES[item.type] in value
    return dict(value) if right else to_value(item.type, value) or dict(value)
