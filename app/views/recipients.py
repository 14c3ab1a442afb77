"""To whom: a list of services that explains itself (rows A1, A4, A5)."""

import flet as ft

from app.components import (
    Screen,
    card_button,
    component,
    resource_view,
    section,
    stack,
    text,
    use_text,
)
from app.domain.messages import Thread
from app.domain.people import Resident
from app.domain.services import NeedsReferral, NotForPerson, Service
from app.platform.window import go
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.haste import searched
from app.views.none_found import all_services, in_haste, none_found
from app.views.promises import answered_within
from app.views.services import availability_badge, availability_reason, sector_icon
from app.views.support import cards, freshness, keyed, search_field


@component
def RecipientsScreen(stores: Stores, own: Own) -> ft.Control:
    """``/messages/new``."""
    t = use_text()
    return Screen(
        "messages.recipients",
        t("messages.recipient.title"),
        [
            text(t("messages.recipient.lead"), "lead"),
            Recipients(stores, own, stores.services, stores.services.all, own.resident, own.messages.threads),
        ],
        back="/messages",
        wide=True,
    )


@component
def Recipients(
    stores: Stores,
    own: Own,
    services: Services,
    all: Resource[tuple[Service, ...]],
    resident: Resource[Resident],
    threads: Resource[tuple[Thread, ...]],
) -> ft.Control:
    """The search and what it finds; services used lately come first. Drawn anew when it becomes known who asks: age,
    municipality and earlier conversations decide who may write where."""
    t = use_text()
    field, words = search_field(
        "messages.recipient.search", t("messages.recipient.search"), t("messages.recipient.search_hint")
    )
    return stack(
        [
            *searched(stores.region, field, words, id="messages.recipient.red-flag"),
            resource_view(
                all,
                lambda _: _found(stores, own, services, words),
                empty=text(t("services.empty"), "muted"),
                id="messages.recipients.list",
            ),
            freshness(all),
        ]
    )


def _found(stores: Stores, own: Own, services: Services, words: str) -> ft.Control:
    t = use_text()
    found = services.recipients(words)
    if not found:
        key = "messages.recipient.no_results"
        return none_found(stores.region, key, words, [all_services()], id="messages.recipient.none")
    recent = {thread.service_id for thread in own.messages.threads.value or ()}
    first = [service for service in found if service.id in recent and not words]
    rest = [service for service in found if service not in first]
    title = t("messages.recipient.results", n=len(found)) if words else t("messages.recipient.all")
    title = t("services.if_no_haste") if in_haste(stores.region, words) else title
    parts = [section(title, [cards([_recipient(own, services, s) for s in rest])])]
    if first:
        shown = cards([_recipient(own, services, s) for s in first])
        parts.insert(0, section(t("messages.recipient.recent"), [shown]))
    return stack(parts, gap="l")


def _recipient(own: Own, services: Services, service: Service) -> ft.Control:
    """A service to choose, or the reason why it cannot be chosen and what to do instead."""
    t = use_text()
    state = services.availability(service)
    closed_to_me = isinstance(state, NeedsReferral | NotForPerson)

    def choose() -> None:
        if closed_to_me:
            go(f"/services/{service.id}")
        else:
            go(f"/messages/draft/{own.messages.start(service.id)}")

    lines = [service.comment, availability_reason(services, service)]
    if closed_to_me:
        lines.append(t("messages.recipient.cannot_choose"))
    else:
        lines.append(answered_within(service))
    card = card_button(
        "messages.recipient.closed" if closed_to_me else "messages.recipient",
        service.name,
        [line for line in lines if line],
        choose,
        icon=ft.Icons.LOCK_OUTLINE if closed_to_me else sector_icon(service),
        badge=availability_badge(services, service),
    )
    return keyed(service.id, card)
