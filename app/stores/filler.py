"""One form being filled in: its answers, where the resident is in it, and its draft (rows F2, F4, F5).

Each answer is on disk at most ``SAVE_AFTER`` seconds after it was given, and when the screen is left. Expressions are
evaluated in small pieces between the turns of the loop, so that writing never waits for them.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.api.forms import file_value
from app.api.steps import asked_in, bound
from app.domain.attachments import AttachmentProblem, Prepared
from app.errors import AppError
from app.forms.filling import Filling
from app.forms.given import Json
from app.forms.model import Option
from app.forms.nodes import Node
from app.forms.steps import Step, steps
from app.forms.validating import Issue
from app.offline.drafts import Draft, DraftFile, Drafts
from app.stores.base import observable
from app.stores.filler_parts import Cell, Keeping, Stage

KIND = "form"
SAVE_AFTER = 1.0
Later = Callable[[float, Callable[[], None]], Callable[[], None]]
Prepare = Callable[[str, bytes], Awaitable[Prepared | AttachmentProblem]]


@dataclass(frozen=True)
class Way:
    """What a filler works with."""

    drafts: Drafts
    prepare: Prepare
    now: Callable[[], datetime]
    later: Later
    new_key: Callable[[], str]


@observable
class Filler:
    """``form_id``: of the Questionnaire; ``task_id``: of the Task that asked for it; ``asked``: the step of a pathway
    that did; ``back``: where it leads.

    ``layout`` changes when places come or go. ``online``: the server has an unfinished copy.
    """

    def __init__(self, filling: Filling, draft: Draft, way: Way) -> None:
        self._filling, self._way, self._cells = filling, way, dict[int, Cell]()
        self._cancel: Callable[[], None] | None = None
        self._working: Iterator[set[Node]] | None = None
        self._visible: tuple[int, ...] = ()
        self._checked: set[int] = set()
        self._steps: tuple[int, tuple[Step, ...]] = (-1, ())
        self.key, self.person = draft.key, draft.person
        body = draft.body
        self.form_id, self.task_id = str(body.get("form", "")), str(body.get("task", ""))
        self.one_by_one = body.get("style") != "whole"
        self.online = body.get("online") is True
        self.language = str(body.get("language", ""))
        self.at = body["at"] if isinstance(body.get("at"), int) else 0
        self.stage = Stage.START
        self.back = ""
        self.tried = False
        self.files: tuple[DraftFile, ...] = draft.files
        self.asked = asked_in(body.get("response") or {})
        self.earlier = self._marks(body)
        self._keeping = Keeping(draft.saved_at)
        self.layout = 0
        self.warned = 0
        self._look()
        self._calculate()

    # --- looking ---------------------------------------------------------------------------------------------------

    @property
    def filling(self) -> Filling:
        """The answers."""
        return self._filling

    @property
    def keeping(self) -> Keeping:
        """Whether it is on disk."""
        return self._keeping

    @property
    def saved_at(self) -> datetime | None:
        """When it was last put on disk."""
        return self._keeping.saved_at

    @property
    def has_content(self) -> bool:
        """The resident has answered something."""
        touched = any(node.touched for node in self._filling.tree.walk())
        return touched or bool(self.saved_at) or bool(self.earlier)

    def steps(self) -> tuple[Step, ...]:
        """The steps there are now."""
        key = self.layout * 2 + self.one_by_one
        if self._steps[0] != key:
            self._steps = (key, steps(self._filling, self.one_by_one))
        return self._steps[1]

    @property
    def place(self) -> int:
        """Which step is shown: never beyond the last."""
        return max(0, min(self.at, len(self.steps()) - 1))

    def cell(self, node: Node) -> Cell:
        """What the component of a place watches."""
        return self._cells.setdefault(node.number, Cell(node.number))

    @property
    def drawn(self) -> frozenset[int]:
        """The numbers of the places that have been on the screen."""
        return frozenset(number for number, cell in self._cells.items() if cell.drawn)

    def issues(self) -> list[Issue]:
        """What must be mended."""
        return self._filling.issues()

    def told(self, node: Node) -> list[Issue]:
        """What is told of one place now: after a try to send, or when its step was left with a mistake in it."""
        if not self.tried and node.number not in self._checked:
            return []
        return list(self._filling.issues_at(node))

    # --- answering -------------------------------------------------------------------------------------------------

    def write(self, node: Node, words: str, turn: int = 0) -> None:
        """The resident writes."""
        self._changed(self._filling.write(node, words, turn))

    def choose(self, node: Node, option: Option, chosen: bool) -> None:
        """The resident chooses, or takes it back."""
        self._changed(self._filling.choose(node, option, chosen))

    def give(self, node: Node, values: list[Json]) -> None:
        """The resident gives these answers."""
        self._changed(self._filling.give(node, values))

    def remove_answer(self, node: Node, turn: int) -> None:
        """One of several answers is taken away."""
        self._changed(self._filling.remove_answer(node, turn))

    def reuse(self, response: Json) -> None:
        """Begin with the answers of an earlier response (row F6)."""
        self._filling.reuse(response)
        self.earlier = str(response.get("authored", ""))
        self._moved()

    def _marks(self, body: dict[str, Any]) -> str:
        """When the answers that were taken from an earlier time were given; their places are marked again."""
        names = body.get("reused")
        marked = frozenset(names) if isinstance(names, list) else frozenset[str]()
        for node in self._filling.tree.walk() if marked else ():
            if node.values and node.name in marked:
                node.source = "earlier"
        return str(body.get("earlier", ""))

    def repeat(self, node: Node) -> None:
        """One more of the same group."""
        self._filling.repeat(node)
        self._moved()

    def take_away(self, node: Node) -> None:
        """One less."""
        self._filling.take_away(node)
        self._moved()

    def speak(self, language: str) -> None:
        """Show the form's texts in this language."""
        self.language, self._filling.language = language, language
        self._moved()

    def _moved(self) -> None:
        self._visible = ()
        self._changed(set())

    def _changed(self, nodes: set[Node]) -> None:
        """Draw what has changed, save soon, calculate soon."""
        self._redraw(nodes)
        if self._cancel is None:
            self._cancel = self._way.later(SAVE_AFTER, self.save)
        self._calculate()

    def _redraw(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if node.number in self._cells:
                self._cells[node.number].tick += 1
        self._look()

    def _look(self) -> None:
        """When other places are in sight than before, the steps are others."""
        visible = tuple(node.number for node in self._filling.tree.walk() if node.visible)
        if visible != self._visible:
            self._visible = visible
            self.layout += 1

    def _calculate(self) -> None:
        if self._working is None and self._filling.calculator.waiting:
            self._working = self._filling.calculator.work()
            self._way.later(0, self._slice)

    def _slice(self) -> None:
        """One piece of work."""
        if self._working is None:
            return
        changed = next(self._working, None)
        if changed is None:
            self._working = None
            self._calculate()
            return
        self._redraw(changed)
        self._way.later(0, self._slice)

    def finish_work(self) -> None:
        """Evaluate everything now: before it is looked over or sent."""
        self._working = None
        self._redraw(self._filling.calculate())

    # --- files -----------------------------------------------------------------------------------------------------

    async def add_file(self, node: Node, name: str, data: bytes) -> None:
        """Make a picked file ready and answer with it, or say at its place why not."""
        cell = self.cell(node)
        cell.checking, cell.bad_file = True, None
        try:
            made = await self._way.prepare(name, data)
        finally:
            cell.checking = False
        if isinstance(made, AttachmentProblem):
            cell.bad_file = (name, made)
            return
        id = self._way.new_key()
        self.files = (*self.files, DraftFile(id, made.content_type, len(made.data), made.data))
        value: Json = file_value(id, made.name, made.content_type, made.data)
        others = node.values if node.item.repeats else []
        self.give(node, [*others, {"valueAttachment": value}])
        self.save()

    def kept_files(self) -> list[DraftFile]:
        """The files that are still answers."""
        used = {
            str(value["valueAttachment"].get("url", "")).removeprefix("Binary/")
            for node in self._filling.tree.walk()
            for value in node.values
            if isinstance(value.get("valueAttachment"), dict)
        }
        return [file for file in self.files if file.name in used]

    # --- going about -----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """To the questions."""
        self.stage = Stage.QUESTIONS

    def choose_style(self, one_by_one: bool) -> None:
        """One question at a time, or whole pages; the place is kept as well as can be."""
        here = self.steps()[self.place].nodes[-1] if self.steps() else None
        self.one_by_one = one_by_one
        if here is not None:
            self.at = self._step_of(here)
        self._later_save()

    def mistakes_here(self) -> list[Issue]:
        """What is wrong in this step; what is only missing may be answered later."""
        shown = self.steps()[self.place : self.place + 1]
        nodes = [node for step in shown for node in step.inside()]
        return [i for node in nodes for i in self._filling.issues_at(node) if i.code != "required"]

    def go_on(self) -> None:
        """The next step, or the review after the last; first what is wrong here is told."""
        if wrong := self.mistakes_here():
            self._checked |= {issue.node.number for issue in wrong}
            self.warned += 1
            self._redraw([issue.node for issue in wrong])
            return
        if self.place + 1 < len(self.steps()):
            self.at = self.place + 1
        else:
            self.look_over()
        self._later_save()

    def go_back(self) -> None:
        """The step before, or the beginning."""
        if self.stage is Stage.REVIEW:
            self.stage = Stage.QUESTIONS
        elif self.place > 0:
            self.at = self.place - 1
        else:
            self.stage = Stage.START

    def look_over(self) -> None:
        """Everything on one page before it is sent."""
        self.finish_work()
        self.stage = Stage.REVIEW

    def show(self, node: Node) -> None:
        """The step in which ``node`` is."""
        self.at = self._step_of(node)
        self.stage = Stage.QUESTIONS

    def _step_of(self, node: Node) -> int:
        around = {node.number, *(one.number for one in node.above())}
        exact = [n for n, step in enumerate(self.steps()) if any(one is node for one in step.nodes)]
        inside = [n for n, step in enumerate(self.steps()) if any(one.number in around for one in step.nodes)]
        return next(iter([*exact, *inside]), 0)

    # --- keeping ---------------------------------------------------------------------------------------------------

    def _later_save(self) -> None:
        if self._cancel is None and self.has_content:
            self._cancel = self._way.later(SAVE_AFTER, self.save)

    def save(self) -> None:
        """Put the draft on disk now; a full device is told and nothing on the screen is lost."""
        self.settle()
        try:
            self._way.drafts.save(self.draft())
        except AppError as problem:
            self._keeping.problem = problem
        else:
            self._way.drafts.when_kept(self._kept)

    def _kept(self, problem: AppError | None) -> None:
        self._keeping.problem = problem
        if problem is None:
            self._keeping.saved_at = self._way.now()

    def settle(self) -> None:
        """No save is to come any more."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    def leave(self) -> None:
        """The screen is left."""
        if self._cancel is not None and self.has_content:
            self.save()
        self.settle()

    def response(self, status: str, source: str, *, draft: bool = False) -> Json:
        """The answers as R4, for the step of a pathway that asks for them (``asked``), if one does."""
        return bound(self._filling.response(self.key, self.person, source, status, draft=draft), self.asked)

    def draft(self) -> Draft:
        """What is kept on disk: everything, also what is not yet a value."""
        body: dict[str, Any] = {
            "form": self.form_id,
            "task": self.task_id,
            "style": "one" if self.one_by_one else "whole",
            "language": self.language,
            "online": self.online,
            "at": self.at,
            "title": self._filling.form.title.say(self._filling.chain),
            "response": self.response("in-progress", self.person, draft=True),
        }
        if self.earlier:
            nodes = self._filling.tree.walk()
            body |= {"earlier": self.earlier, "reused": [n.name for n in nodes if n.source == "earlier"]}
        return Draft(self.key, KIND, self.person, body, tuple(self.kept_files()))
