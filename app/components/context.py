"""What every component may ask for: texts, look, formats, the time, whether there is a connection.

``use_text()`` and its sisters look the session's :class:`Ui` up through the component tree and subscribe the
component that is being drawn. They take no hook slot, so plain functions may call them anywhere while drawing, also
in an ``if``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import flet as ft
from flet.components.utils import current_component

from app.components.theme import Look


class Catalog(Protocol):
    """The texts of one language (``app.i18n.catalog.Catalog``)."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """The text of ``key`` with ``{placeholders}`` filled in."""
        ...


@ft.observable
@dataclass
class Ui:
    """What the screens of one session share. One per session, never shared: see flet_fixes.

    ``now`` is the device's time, with a time zone; ``fault``: something the resident did has failed unexpectedly.
    ``width``: of the window, in logical pixels, once it has changed; ask ``use_width``.
    """

    catalog: Any
    look: Look
    format: Any
    now: Callable[[], datetime]
    online: bool = True
    fault: bool = False
    width: float = 0


CRAMPED = 240  # logical pixels of width, at the ordinary text size
NARROW = 388  # the same: a small phone, or large text on an ordinary one
UiContext = ft.create_context(None)


def use_ui() -> Ui:
    """The session's Ui. Raises LookupError outside of ``UiContext(ui, …)``."""
    component = current_component()
    ui: Any = _find(component)
    seen = component._state.observable_subscriptions
    if not any(getattr(s, "of_ui", None) is ui for s in seen):
        component._attach_observable_subscription(ui).of_ui = ui
    return ui


def use_text() -> Catalog:
    """The texts: ``t = use_text()``, then ``t("home.title")``."""
    return use_ui().catalog


def use_look() -> Look:
    """Colours, sizes and styles."""
    return use_ui().look


def use_width() -> float:
    """Logical pixels of the window's width; 0 while nobody knows. Who asks is drawn again when it changes: the page's
    own width is told later than that it has changed."""
    return use_ui().width or float(ft.context.page.width or 0)


def use_cramped() -> bool:
    """Whether there is so little room for so large a text that decorations must give way."""
    return (use_width() or 400) / use_look().scale < CRAMPED


def use_narrow() -> bool:
    """Whether words need the room that is usual between and around things."""
    return (use_width() or 400) / use_look().scale < NARROW


def use_format() -> Any:
    """How dates, times, sizes and numbers are written (``app.i18n.format.Formatter``)."""
    return use_ui().format


def _find(component: Any) -> Any:
    while component:
        if UiContext._key in component._contexts:
            return component._contexts[UiContext._key]
        component = component._parent_component() if component._parent_component else None
    raise LookupError("no UiContext above this component")
