"""The answers of one resident as a tree of places: each item once, repeated ones as often as there are repetitions."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.forms.given import Json
from app.forms.model import Item


@dataclass(eq=False)
class Answer:
    """One answer. ``value``: {"valueString": …}, or empty; ``raw``: what was written while it is no value yet;
    ``more``: other elements that came with it."""

    value: Json = field(default_factory=dict)
    raw: str = ""
    children: list["Node"] = field(default_factory=list)
    more: Json = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """There is nothing in it."""
        return not self.value and not self.raw


@dataclass(eq=False)
class Node:
    """The place of an item. ``turn``: which repetition of a repeating group (0 first). ``enabled``: as its own
    conditions say; ``shown`` also asks those above it. ``source``: where a prefilled answer came from."""

    item: Item
    parent: "Node | None" = None
    turn: int = 0
    answers: list[Answer] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    enabled: bool = True
    source: str = ""
    touched: bool = False
    number: int = 0
    text: str = ""
    more: Json = field(default_factory=dict)
    strangers: list[Json] = field(default_factory=list)

    @property
    def shown(self) -> bool:
        """Whether it and everything above it is enabled."""
        return self.enabled and (self.parent is None or self.parent.shown)

    @property
    def visible(self) -> bool:
        """Shown, and not hidden by its form."""
        return not self.item.hidden and self.enabled and (self.parent is None or self.parent.visible)

    @property
    def name(self) -> str:
        """Its name for machines: the key of its item, with #2 in the second repetition, #2.1 within one."""
        turns = self._turns()
        return f"{self.item.key}#{'.'.join(str(turn + 1) for turn in turns)}" if any(turns) else self.item.key

    def _turns(self) -> list[int]:
        above = self.parent._turns() if self.parent else []
        return [*above, self.turn] if self.item.repeats and self.item.type == "group" else above

    @property
    def values(self) -> list[Json]:
        """Its answers that are values."""
        return [answer.value for answer in self.answers if answer.value]

    @property
    def answered(self) -> bool:
        """Whether something was answered here, or in it."""
        own = any(not answer.empty for answer in self.answers)
        return own or any(child.answered for child in self.inside())

    def inside(self) -> Iterator["Node"]:
        """The places directly in it: of a group its children, of a question those under its answers."""
        yield from self.children
        for answer in self.answers:
            yield from answer.children

    def walk(self) -> Iterator["Node"]:
        """Itself and everything in it, in order."""
        yield self
        for child in self.inside():
            yield from child.walk()

    def above(self) -> Iterator["Node"]:
        """Those it is in, the nearest first."""
        step = self.parent
        while step is not None:
            yield step
            step = step.parent
