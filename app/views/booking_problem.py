"""When booking, moving or cancelling does not succeed: what happened, that nothing was lost, and the telephone (L4)."""

import flet as ft

from app.components import notice, use_text
from app.components.errors import problem_key
from app.domain.services import Service
from app.errors import AppError, Conflict, Offline, Refused
from app.views.promises import called_back
from app.views.support import phone_now


def problem_notice(problem: Exception, service: Service | None, id: str = "booking.problem") -> ft.Control:
    """Says which of them it is."""
    t = use_text()
    calls = [phone_now(service)] if service is not None and service.phone else []
    back = called_back(service) if service is not None and calls else ""
    more = [back] if back else []
    if isinstance(problem, Offline):
        return notice("warning", t("booking.offline"), [t("booking.offline_hint"), *more], calls, id=id)
    if isinstance(problem, Conflict):
        return notice("warning", t("booking.changed"), [t("booking.changed_hint"), *more], calls, id=id)
    if isinstance(problem, Refused):
        lines = [t("booking.refused_hint"), t("booking.as_before"), *more]
        return notice("warning", t("booking.refused"), lines, calls, id=id)
    key = problem_key(problem) if isinstance(problem, AppError) else "service-down"
    lines = [t(f"kit.error.{key}.what"), t("booking.as_before"), *more]
    return notice("error", t("booking.failed"), lines, calls, id=id)
