"""What a service promises, and whether it was kept: the same words in every channel, from the one record of the
service (row L5)."""

from dataclasses import dataclass
from datetime import date, datetime

import flet as ft

from app.components import stack, text, use_format, use_text, use_ui
from app.domain.calendar import is_overdue, promise_date
from app.domain.services import Service
from app.stores.services import Services


@dataclass(frozen=True)
class Answer:
    """An answer that somebody waits for. ``by``: the last day promised (None: nothing was), ``late``: it has passed;
    ``words``: where it stands, in a line."""

    by: date | None
    late: bool
    words: str


def answered_within(service: Service) -> str:
    """By when a message is answered; empty where the service takes none or promises nothing."""
    if not service.takes_messages or service.promise_days is None:
        return ""
    return use_text()("services.promise", n=service.promise_days)


def called_back(service: Service) -> str:
    """Within which time they call back; empty where nothing is promised."""
    return "" if service.callback_hours is None else use_text()("services.callback", n=service.callback_hours)


def promises(service: Service) -> list[str]:
    """Everything it promises, a sentence each."""
    return [words for words in (answered_within(service), called_back(service)) if words]


def answer_to(services: Services, service: Service, since: datetime) -> Answer:
    """Where the answer stands to what the service got at ``since`` and has not answered."""
    t, formats, now = use_text(), use_format(), use_ui().now()
    if service.promise_days is None:
        return Answer(None, False, t("messages.promise.none"))
    day = promise_date(since, service.promise_days, services.timezone)
    if is_overdue(day, now, services.timezone):
        return Answer(day, True, t("messages.promise.overdue_title"))
    today = day == formats.local(now).date()
    words = t("messages.promise.today") if today else t("messages.promise.before", day=formats.day(day))
    return Answer(day, False, words)


def answer_line(services: Services, service_id: str, since: datetime | None) -> str:
    """The same as a line of a card; empty where nobody waits or nothing was promised."""
    service = services.service(service_id)
    if service is None or since is None or service.promise_days is None:
        return ""
    return answer_to(services, service, since).words


def promise_before(services: Services, service: Service) -> ft.Control:
    """By which day an answer comes if it is sent now (row A2)."""
    t, formats, ui = use_text(), use_format(), use_ui()
    if service.promise_days is None:
        return text(t("messages.promise.none"), "muted", id="messages.promise")
    day = formats.day(promise_date(ui.now(), service.promise_days, services.timezone))
    key = "messages.promise.before" if services.online else "messages.promise.offline"
    return stack(
        [
            text(t(key, day=day), "strong", id="messages.promise"),
            text(t("messages.promise.before_hint"), "small"),
        ],
        gap="xs",
    )
