"""What every component stands on: the boundary, event handlers and semantics."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Optional

import flet as ft
from flet.controls.base_control import BaseControl

log = logging.getLogger("app.components")

Handler = Callable[..., Any]
Children = Sequence[ft.Control]


@ft.control("Semantics")  # type: ignore[arg-type]
class Sem(ft.Semantics):
    """Semantics whose tap and hint reach the client: Flet 1.0.5 sends them under names its client ignores."""

    on_click: Optional[ft.ControlEventHandler[Sem]] = None  # noqa: UP045 - Flet reads this at run time
    hint: Optional[str] = None  # noqa: UP045


def component(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a component. When its body raises, a calm panel takes its place; the rest of the screen lives on."""

    @functools.wraps(function)
    def body(*args: Any, **kwargs: Any) -> Any:
        _no_controls((*args, *kwargs.values()), function.__qualname__)
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the component boundary
            log.error("component %s failed: %s", function.__qualname__, type(error).__name__)
            return _broken()

    return ft.component(body)


def _no_controls(handed: tuple[Any, ...], name: str) -> None:
    """A control drawn by one component and shown by another is lost when only the other is drawn again."""
    if any(isinstance(value, BaseControl) for value in handed):
        raise TypeError(f"{name}: hand over a function that draws, not a control")


def _broken() -> ft.Control:
    from app.components.errors import broken_panel

    return broken_panel()


def on(handler: Handler | None, take: Callable[[Any], tuple[Any, ...]] = lambda _: ()) -> Handler | None:
    """An event handler that calls ``handler(*take(event))``; ``handler`` may be plain or async, or None.

    What is done before the first ``await`` happens at once: an input never loses what is being written.
    """
    if handler is None:
        return None

    async def handle(event: Any) -> None:
        answer = handler(*take(event))
        if inspect.isawaitable(answer):
            await answer

    return handle


def on_value(handler: Callable[[Any], Any | Awaitable[Any]] | None) -> Handler | None:
    """An event handler that calls ``handler`` with the control's value."""
    return on(handler, lambda event: (event.control.value,))


def identified(id: str | None, control: ft.Control, **semantics: Any) -> ft.Control:
    """``control`` under the machine name ``id``: in the browser within ``[flt-semantics-identifier="id"]``."""
    if not id and not semantics:
        return control
    return Sem(identifier=id, content=control, **semantics)


def merged(id: str | None, control: ft.Control, **semantics: Any) -> ft.Control:
    """``control`` and all words in it as one node, which itself carries the machine name ``id``.

    This is what makes an icon's tip the name of its button, and the label above a field the name of the field.
    """
    return ft.MergeSemantics(content=Sem(identifier=id, content=control, **semantics))


def silent(control: ft.Control) -> ft.Control:
    """``control`` for the eye only. Never put something that takes the focus in it."""
    return Sem(exclude_semantics=True, content=control)
