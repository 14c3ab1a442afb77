"""What an expression may see: the response, its own item, variables around it, the launch context."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from app.forms.depends import EVERYTHING
from app.forms.given import Json, parts_at, words_at
from app.forms.model import Expression, Form
from app.forms.nodes import Node
from app.forms.parts import QUERY
from app.forms.queries import resources_in
from app.forms.tree import Tree

OF_PATIENT = ("%patient", "%user", "%Patient")


class Scope:
    """Evaluates expressions on a snapshot of the response; variables are kept until what they depend on changes."""

    def __init__(
        self,
        form: Form,
        tree: Tree,
        launch: Mapping[str, Any],
        items: Callable[[], list[Json]],
        now: Callable[[], datetime],
    ) -> None:
        self._form, self._tree, self._launch, self._items = form, tree, launch, items
        self._now = now
        self._values: dict[tuple[int, str, str], list[Any]] = {}
        self._under_way: set[tuple[int, str, str]] = set()
        self._response: Json = {"resourceType": "QuestionnaireResponse", "status": "in-progress", "item": []}
        self._index: dict[str, list[Json]] = {}
        self.seconds = 0.5

    def renew(self, links: set[str] | None, used: Mapping[tuple[str, str], frozenset[str]]) -> None:
        """A new snapshot; variables that depend on ``links`` (None: all) are forgotten."""
        self._response = {**self._response, "item": self._items()}
        self._index = index_of(self._response)
        if links is None:
            self._values.clear()
            return
        for key in list(self._values):
            if used.get((key[1], key[2]), frozenset({EVERYTHING})) & (links | {EVERYTHING}):
                del self._values[key]

    def evaluate(self, text: str, node: Node | None, seconds: float) -> list[Any]:
        """What ``text`` gives for the place ``node`` (None: the whole form), as plain values. Raises ``Failed``."""
        from app.forms import fhirpath

        self.seconds = seconds
        return [fhirpath.plain(one) for one in self._nodes(text, node)]

    def found(self, text: str) -> list[Json]:
        """The resources that a search has found."""
        return resources_in(self._launch.get(text, {}))

    def _nodes(self, text: str, node: Node | None) -> list[Any]:
        from app.forms import fhirpath

        focus = self._focus(node)
        names = _Names(self, node, focus)
        return fhirpath.evaluate(text, focus, names, self.seconds, self._index, self._now())

    def _focus(self, node: Node | None) -> Any:
        from app.forms import fhirpath

        return self._response if node is None else fhirpath.node(self._item_of(node))

    def _item_of(self, node: Node) -> Json:
        """The item of the response that ``node`` is, or a bare one when it has no answer."""
        same = [one for one in self._tree.by_link.get(node.item.link_id, ()) if one.shown and one.answered]
        found = self._index.get(node.item.link_id, [])
        if node in same and len(found) == len(same):
            return found[same.index(node)]
        return {"linkId": node.item.link_id}

    def variable(self, name: str, node: Node | None) -> list[Any] | None:
        """The value of a variable as ``node`` sees it; None when there is none of that name."""
        for place in [node, *node.above()] if node else []:
            if one := _named(place.item.variables, name):
                return self._value(one, place)
        one = _named(self._form.variables, name)
        return self._value(one, None) if one else None

    def _value(self, variable: Expression, place: Node | None) -> list[Any]:
        key = (place.number if place else 0, variable.name, variable.text)
        if key in self._values:
            return self._values[key]
        if variable.language == QUERY:
            return [self._launch[variable.text]] if variable.text in self._launch else []
        if key in self._under_way or variable.language != "text/fhirpath":
            return []
        self._under_way.add(key)
        try:
            self._values[key] = self._nodes(variable.text, place)
        finally:
            self._under_way.discard(key)
        return self._values[key]

    def builtin(self, name: str, node: Node | None, focus: Any) -> Any:
        """The names that every expression knows; KeyError for others."""
        from app.forms.fhirpath import well_known

        if name in ("resource", "rootResource"):
            return self._response
        if name == "context":
            return focus
        if name == "questionnaire":
            return self._form.raw
        if name == "qitem":
            return node.item.raw if node else None
        if known := well_known(name):
            return known
        if name in self._launch:
            return self._launch[name]
        if name in self._form.launch:
            return []
        raise KeyError(name)

    def source_of(self, item: Any) -> str:
        """Where the initial value of an item comes from: "patient" (own details), "record" (a
        search), else "initial"."""
        expression = item.expressions.get("initialExpression")
        text = expression.text if expression else ""
        of_form = [one for one in self._form.variables if f"%{one.name}" in text]
        named = [one.text for one in of_form]
        if (expression and expression.language == QUERY) or any(one.language == QUERY for one in of_form):
            return "record"
        return "patient" if any(mark in part for part in (text, *named) for mark in OF_PATIENT) else "initial"


class _Names(Mapping[str, Any]):
    """Variables by name, evaluated when they are asked for."""

    def __init__(self, scope: Scope, node: Node | None, focus: Any) -> None:
        self._scope, self._node, self._focus = scope, node, focus

    def __getitem__(self, name: str) -> Any:
        found = self._scope.variable(name, self._node)
        return found if found is not None else self._scope.builtin(name, self._node, self._focus)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def _named(variables: Iterable[Expression], name: str) -> Expression | None:
    return next((one for one in variables if one.name == name), None)


def index_of(response: Json) -> dict[str, list[Json]]:
    """The items of a response by linkId, in order."""
    found: dict[str, list[Json]] = {}
    _index(response, found)
    return found


def _index(part: Json, found: dict[str, list[Json]]) -> None:
    for item in parts_at(part, "item"):
        found.setdefault(words_at(item, "linkId"), []).append(item)
        _index(item, found)
        for answer in parts_at(item, "answer"):
            _index(answer, found)
