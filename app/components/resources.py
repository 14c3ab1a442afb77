"""A Resource or an Action of ``app.stores.base`` as the resident sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.components.base import Sem
from app.components.context import use_format, use_look, use_text, use_ui
from app.components.errors import error_panel
from app.components.feedback import notice
from app.components.layout import row, stack, text
from app.errors import Refused


def resource_view(
    resource: Any, ready: Callable[[Any], ft.Control], empty: ft.Control | None = None, id: str = "resource"
) -> ft.Control:
    """``ready(value)``, or which of the other three states it is: loading, nothing (``empty``), not allowed, failed.

    The last value stays in sight, with its age, whenever there is one.
    """
    value, problem = resource.value, resource.problem
    if value is None and problem is None:
        return loading(id)
    parts: list[ft.Control] = []
    if problem is not None:
        parts.append(_problem(problem, resource, id))
    if value is not None:
        nothing = empty is not None and not value
        parts.append(empty if nothing else ready(value))
        parts += [age_line(resource.as_of)] if problem is not None and resource.as_of else []
    return stack(parts, id=id)


def _problem(problem: Any, resource: Any, id: str) -> ft.Control:
    t = use_text()
    if isinstance(problem, Refused) and problem.status == 403:
        return notice("info", t("kit.not-allowed.title"), [t("kit.not-allowed.line")], id=f"{id}.problem")
    safe = t("kit.shows-last") if resource.value is not None else ""
    return error_panel(problem, safe, resource.load, id=f"{id}.problem")


def loading(id: str = "loading") -> ft.Control:
    """Something is on its way."""
    t, look = use_text(), use_look()
    ring = ft.ProgressRing(width=24, height=24, stroke_width=3, semantics_label=t("kit.loading"))
    words = ft.Text(t("kit.loading"), style=look.style("body", colour="text_muted"))
    return Sem(identifier=f"{id}.loading", container=True, content=row([ring, words], gap="sm"))


def age_line(as_of: Any) -> ft.Control:
    """How old what is shown is."""
    t, ui = use_text(), use_ui()
    return text(t("kit.age", age=use_format().age(as_of, ui.now())), "small")


def action_notice(
    action: Any, done: str = "", waiting: str = "", safe: str = "", id: str = "notice"
) -> ft.Control | None:
    """What became of an Action: nothing while idle or running, else done, waiting to be sent, or failed."""
    t = use_text()
    state = getattr(action.status, "name", str(action.status))
    if state == "DONE" and done:
        return notice("success", done, id=id)
    if state == "WAITING":
        return notice("info", waiting or t("kit.waiting"), [t("kit.offline-keep-going")], id=id)
    if state == "FAILED":
        return error_panel(action.problem, safe or t("kit.text-safe"), None, id=id)
    return None
