"""Regular expressions of strangers, matched in time that grows with the text only.

The pattern is parsed by Python and run as a set of states (Thompson's way), so that no pattern can hang the app. What
this way cannot do (back references, look-behind) raises ``Unsupported``.
"""

import re
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST_STATES, LONGEST_TEXT, MOST_STEPS = 4_000, 20_000, 3_000_000


class Unsupported(ValueError):
    """A pattern that cannot be run safely, or is not one."""


Node = tuple[str, Any, list[int]]
"""kind ("split", "char", "at", "look", "end"), what it needs, where it leads."""


class Pattern:
    """A compiled pattern."""

    def __init__(self, tree: Any, flags: int) -> None:
        self.nodes: list[Node] = []
        self._flags = flags
        self._start = self._build(list(tree), self._add("end", None))

    def matches(self, text: str, whole: bool = True) -> bool:
        """Whether all of ``text`` (or, without ``whole``, any part of it) is what the pattern says."""
        if len(text) > LONGEST_TEXT:
            raise Unsupported("text too long")
        return self._run(text, 0, whole, anchored=whole)

    def _run(self, text: str, begin: int, whole: bool, anchored: bool) -> bool:
        steps, states = 0, self._closure({self._start}, text, begin)
        for place in range(begin, len(text) + 1):
            ended = any(self.nodes[state][0] == "end" for state in states)
            if ended and (not whole or place == len(text)):
                return True
            if place == len(text):
                return False
            steps += len(states) + 1
            if steps > MOST_STEPS:
                raise Unsupported("too slow")
            moved = {self.nodes[s][2][0] for s in states if self._takes(s, text[place])}
            if not anchored:
                moved.add(self._start)
            states = self._closure(moved, text, place + 1)
            if not states and anchored:
                return False
        return False

    def _takes(self, state: int, character: str) -> bool:
        kind, test, _ = self.nodes[state]
        return kind == "char" and test.match(character) is not None

    def _closure(self, states: set[int], text: str, place: int) -> set[int]:
        """Every state that is reached without taking a character."""
        seen, waiting = set(states), list(states)
        while waiting:
            kind, test, onward = self.nodes[waiting.pop()]
            free = kind == "split" or (kind == "at" and _stands(test, text, place))
            if kind == "look":
                inner, wanted = test
                free = inner._run(text, place, whole=False, anchored=True) == wanted
            for state in onward if free else ():
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)
        return seen

    def _add(self, kind: str, test: Any, onward: list[int] | None = None) -> int:
        if len(self.nodes) >= MOST_STATES:
            raise Unsupported("too large")
        self.nodes.append((kind, test, onward or []))
        return len(self.nodes) - 1

    def _build(self, parts: list[Any], after: int) -> int:
        """The state where ``parts`` begin, when ``after`` follows them."""
        for op, value in reversed(parts):
            after = self._part(op, value, after)
        return after

    def _part(self, op: Any, value: Any, after: int) -> int:
        if op in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            return self._add("char", _character(op, value, self._flags), [after])
        if op is sre.BRANCH:
            return self._add("split", None, [self._build(list(branch), after) for branch in value[1]])
        if op is sre.SUBPATTERN:
            return self._build(list(value[3]), after)
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            return self._repeat(value[0], value[1], value[2], after)
        if op is sre.AT:
            return self._add("at", value, [after])
        if op in (sre.ASSERT, sre.ASSERT_NOT) and value[0] > 0:
            return self._add("look", (Pattern(value[1], self._flags), op is sre.ASSERT), [after])
        raise Unsupported(str(op))

    def _repeat(self, least: int, most: int, body: Any, after: int) -> int:
        parts = list(body)
        if most is sre.MAXREPEAT:
            loop = self._add("split", None, [])
            self.nodes[loop] = ("split", None, [self._build(parts, loop), after])
            after = loop
        else:
            end = after
            for _ in range(most - least):
                after = self._add("split", None, [self._build(parts, after), end])
        for _ in range(least):
            after = self._build(parts, after)
        return after


def _character(op: Any, value: Any, flags: int) -> re.Pattern[str]:
    """One character's test, by Python's own matcher: a single character cannot be slow."""
    if op is sre.ANY:
        return re.compile("(?s:.)" if flags & re.DOTALL else ".")
    if op is sre.IN:
        return re.compile(f"[{''.join(_member(*member) for member in value)}]", flags & re.IGNORECASE)
    escaped = re.escape(chr(value))
    return re.compile(escaped if op is sre.LITERAL else f"[^{escaped}]", flags & re.IGNORECASE | re.DOTALL)


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def _member(op: Any, value: Any) -> str:
    if op is sre.NEGATE:
        return "^"
    if op is sre.LITERAL:
        return re.escape(chr(value))
    if op is sre.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return _CATEGORIES[value]


def _stands(where: Any, text: str, place: int) -> bool:
    if where in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
        return place == 0
    if where in (sre.AT_END, sre.AT_END_STRING):
        return place == len(text)
    before = place > 0 and (text[place - 1].isalnum() or text[place - 1] == "_")
    after = place < len(text) and (text[place].isalnum() or text[place] == "_")
    return (before != after) == (where is sre.AT_BOUNDARY)


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: int = 0) -> Pattern:
    """The pattern ready to run. Raises ``Unsupported``."""
    try:
        tree = parser.parse(python_of(pattern), flags)
        return Pattern(tree, tree.state.flags)
    except (re.error, RecursionError, OverflowError, KeyError) as problem:
        raise Unsupported(str(problem)) from None


def matches(pattern: str, text: str) -> bool:
    """Whether the whole of ``text`` is what ``pattern`` says. Raises ``Unsupported``."""
    return compiled(pattern).matches(text)


def python_of(pattern: str) -> str:
    """What JavaScript and XML write otherwise: ``/…/`` around it, and classes of letters."""
    bare = pattern[1:-1] if len(pattern) > 2 and pattern[0] == pattern[-1] == "/" else pattern
    bare = re.sub(r"\(\?<(?=[A-Za-z_]\w*>)", "(?P<", bare).replace("\\h", r"[ \t]")
    bare = re.sub(r"\\p\{(L|Letter|Alphabetic)\}", r"[^\\W\\d_]", bare)
    bare = re.sub(r"\\p\{(Lu|Ll)\}", r"[^\\W\\d_]", bare)
    return re.sub(r"\\p\{(N|Nd)\}", r"\\d", bare)
