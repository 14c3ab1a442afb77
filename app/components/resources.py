"""A Resource or an Action of ``app.stores.base`` as the resident sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.components.base import Sem, silent
from app.components.buttons import button
from app.components.context import use_format, use_look, use_text, use_ui
from app.components.errors import error_panel, of_reading, problem_key
from app.components.feedback import notice
from app.components.layout import plain, row, stack
from app.errors import AppError, Refused


def resource_view(
    resource: Any,
    ready: Callable[[Any], ft.Control],
    empty: ft.Control | None = None,
    id: str = "resource",
) -> ft.Control:
    """``ready(value)``, or which of the other three it is: loading, nothing (``empty``), not allowed, failed.

    The last value stays in sight, with its age, whenever there is one.
    """
    value, problem = resource.value, resource.problem
    if value is None and problem is None:
        return loading(id)
    if value is None:
        return stack([_failed(problem, resource, id)], id=id)
    shown = ready(value) if value or empty is None else empty
    return stack([*([_outdated(problem, resource, id)] if problem else []), shown], id=id)


def _failed(problem: AppError, resource: Any, id: str) -> ft.Control:
    t = use_text()
    if isinstance(problem, Refused) and problem.status == 403:
        lines = [t("kit.not-allowed.line")]
        return notice("info", t("kit.not-allowed.title"), lines, id=f"{id}.problem")
    return error_panel(of_reading(problem), "", resource.load, id=f"{id}.problem")


def _outdated(problem: AppError, resource: Any, id: str) -> ft.Control:
    t = use_text()
    lines = [t("kit.shows-last"), *([age_of(resource.as_of)] if resource.as_of else [])]
    again = button(f"{id}.retry", t("kit.retry"), resource.load, kind="secondary", busy=resource.busy)
    return notice(
        "warning", t(f"kit.error.{problem_key(of_reading(problem))}.what"), lines, [again], id=f"{id}.problem"
    )


def loading(id: str = "loading") -> ft.Control:
    """Something is on its way."""
    t, look = use_text(), use_look()
    ring = ft.ProgressRing(width=24, height=24, stroke_width=3, color=look.colours.primary)
    line = row([silent(ring), plain(t("kit.loading"), "muted")], gap="sm")
    return Sem(identifier=f"{id}.loading", container=True, content=line)


def age_of(as_of: Any) -> str:
    """How old what was fetched at ``as_of`` is, in words."""
    return use_text()("kit.age", age=use_format().age(as_of, use_ui().now()))


def age_line(as_of: Any) -> ft.Control:
    """How old what is shown is."""
    return Sem(container=True, content=plain(age_of(as_of), "small"))


def action_notice(
    action: Any, done: str = "", waiting: str = "", safe: str = "", id: str = "notice"
) -> ft.Control | None:
    """What became of an Action: None while idle or running, else done, waiting to be sent, or failed.

    ``safe`` says whether what was written is kept; without it, that it is on this device.
    """
    t = use_text()
    state = action.status.name
    if state == "DONE" and done:
        return notice("success", done, id=id)
    if state == "WAITING":
        return notice("info", waiting or t("kit.waiting"), [t("kit.offline-keep-going")], id=id)
    if state == "FAILED":
        return error_panel(action.problem, safe or t("kit.text-safe"), None, id=id)
    return None
