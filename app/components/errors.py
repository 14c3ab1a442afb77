"""Failures in the resident's words."""

from __future__ import annotations

import flet as ft

from app.components.base import Handler
from app.components.buttons import button
from app.components.context import use_text
from app.components.feedback import notice
from app.errors import AppError, Conflict, DeviceFull, Locked, Offline, Refused, ServiceDown, SignedOut

_KEYS: tuple[tuple[type[AppError], str], ...] = (
    (Offline, "offline"),
    (SignedOut, "signed-out"),
    (ServiceDown, "down"),
    (Refused, "refused"),
    (Conflict, "conflict"),
    (DeviceFull, "full"),
    (Locked, "locked"),
)


def problem_key(problem: AppError | None) -> str:
    """The middle of the text keys ``kit.error.<key>.what`` and ``.try`` for ``problem``."""
    return next((key for kind, key in _KEYS if isinstance(problem, kind)), "other")


def of_reading(problem: AppError) -> AppError:
    """``problem`` where the resident gave nothing to check: what a service refuses to tell is the service's fault."""
    return ServiceDown() if isinstance(problem, Refused) else problem


def error_panel(
    problem: AppError | None,
    safe: str,
    retry: Handler | None = None,
    other_channel: str = "",
    actions: tuple[ft.Control, ...] = (),
    id: str = "notice",
) -> ft.Control:
    """What happened, whether what was written is safe (``safe``), what to try, another channel, urgent help."""
    t = use_text()
    key = problem_key(problem)
    lines = [safe, t(f"kit.error.{key}.try"), other_channel or t("kit.error.channel"), t("kit.error.urgent")]
    again = [button(f"{id}.retry", t("kit.retry"), retry, kind="secondary")] if retry else []
    return notice(
        "error", t(f"kit.error.{key}.what"), [line for line in lines if line], [*again, *actions], id=id
    )


def broken_panel() -> ft.Control:
    """Stands where a component failed."""
    return error_panel(None, "")
