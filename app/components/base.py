"""What every component stands on: the boundary, event handlers and semantics."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Optional

import flet as ft

log = logging.getLogger("app.components")

Handler = Callable[..., Any]
Children = Sequence[ft.Control]


@ft.control("Semantics")
class Sem(ft.Semantics):
    """Semantics whose tap and hint reach the client: Flet 1.0.5 sends them by names that its client does not know."""

    on_click: Optional[ft.ControlEventHandler[Sem]] = None  # noqa: UP045 - Flet reads this annotation at run time
    hint: Optional[str] = None  # noqa: UP045


def component(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a component. When its body raises, a calm panel stands in its place and the rest of the screen lives on."""

    @functools.wraps(function)
    def body(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the component boundary
            log.error("component %s failed: %s", function.__qualname__, type(error).__name__)
            from app.components.errors import broken_panel

            return broken_panel()

    return ft.component(body)


def on(handler: Handler | None, take: Callable[[Any], tuple[Any, ...]] = lambda _: ()) -> Handler | None:
    """An event handler that calls ``handler(*take(event))``; ``handler`` may be plain or async, or None."""
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
    """``control`` under the machine name ``id``; it is, or is within, ``[flt-semantics-identifier=id]``."""
    if not id and not semantics:
        return control
    return Sem(identifier=id, content=control, **semantics)
