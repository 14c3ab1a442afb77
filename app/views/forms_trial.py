"""A form drawn on a sheet that nobody sees: for the tool that tries forms out."""

import logging
from datetime import UTC, datetime
from typing import Any

import flet as ft

from app.components import Ui, UiContext, component, make_look, stack
from app.domain.attachments import AttachmentProblem, Prepared
from app.forms.filling import Filling
from app.forms.nodes import Node
from app.forms.steps import Step, steps
from app.i18n.catalog import Catalog
from app.i18n.format import Formatter
from app.offline.drafts import Draft
from app.platform.flet_fixes import install
from app.platform.sheet import Sheet
from app.stores.filler import Filler, Way
from app.views.forms_item import draw_node

AT_ONCE = 40
MOST_SINGLE = 150  # questions drawn one by one: whole pages show them all


class _NoDrafts:
    """Keeps nothing."""

    def save(self, draft: Draft) -> Draft:
        return draft

    def when_kept(self, done: Any) -> None:
        done(None)


async def _as_it_is(name: str, data: bytes) -> Prepared | AttachmentProblem:
    return Prepared(name, "application/octet-stream", data)


def filler_of(filling: Filling) -> Filler:
    """A filler for ``filling`` that saves nothing and waits for nothing."""
    drafts: Any = _NoDrafts()
    way = Way(drafts, _as_it_is, lambda: datetime.now(UTC), lambda _seconds, _do: lambda: None, lambda: "key")
    return Filler(filling, Draft("key", "form", "Patient/example", {}), way)


async def draw_everything(filling: Filling) -> list[Node]:
    """Draw every step, one question at a time and whole pages, then whatever is disabled too; the places drawn.

    Raises what stopped the drawing.
    """
    installed, failures = install(strict=True), Failures()
    try:
        filler = filler_of(filling)
        for one_by_one in (False, True):
            shown = steps(filling, one_by_one)
            for step in shown[:MOST_SINGLE] if one_by_one else shown:
                await _draw(filler, step)
        for node in await _forced(filler):
            node.enabled = False
        if failures.seen:
            raise RuntimeError("; ".join(failures.seen[:3]))
        return [node for node in filling.tree.walk() if node.number in filler.drawn]
    finally:
        failures.stop()
        installed.remove()


class Failures(logging.Handler):
    """What a component failed with: in the app a calm panel takes its place, here it counts."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []
        for name in ("app.components", "app.flet"):
            logging.getLogger(name).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.seen.append(record.getMessage())

    def stop(self) -> None:
        """Listen no more."""
        for name in ("app.components", "app.flet"):
            logging.getLogger(name).removeHandler(self)


async def _forced(filler: Filler) -> list[Node]:
    """Draw what no answer has brought into sight: it is enabled for as long as that takes."""
    off = [node for node in filler.filling.tree.walk() if not node.enabled]
    for node in off:
        node.enabled = True
    left = [node for node in filler.filling.tree.walk() if node.visible and node.number not in filler.drawn]
    for first in range(0, len(left), AT_ONCE):
        await _draw(filler, Step(tuple(left[first : first + AT_ONCE])))
    return off


async def _draw(filler: Filler, step: Step) -> None:
    sheet = Sheet()
    ui = Ui(Catalog("fi"), make_look(), Formatter("fi"), lambda: datetime.now(UTC))
    context: Any = UiContext
    try:
        await sheet.draw(lambda: context(ui, lambda: Trial(filler, step)))
    finally:
        await sheet.close()


@component
def Trial(filler: Filler, step: Step) -> ft.Control:
    """One step."""
    return stack([draw_node(filler, node) for node in step.nodes])
