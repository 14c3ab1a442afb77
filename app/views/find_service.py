"""For what do you need a time: services that give times, what they ask for, and tickets (rows C2, C3)."""

import flet as ft

from app.components import (
    Screen,
    badge,
    button,
    card_button,
    component,
    notice,
    resource_view,
    row,
    section,
    stack,
    text,
    use_text,
)
from app.config import Region
from app.domain.appointments import CareRequest
from app.domain.services import Channel, NeedsReferral, NotForPerson, Service, grouped
from app.platform.window import go
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.appointments import ticket_card
from app.views.doubt import Doubt
from app.views.haste import searched
from app.views.none_found import all_services, none_found
from app.views.services import availability_reason, sector_icon, state_badge
from app.views.support import cards, freshness, keyed, phone_now, search_field


@component
def FindServiceScreen(stores: Stores, own: Own) -> ft.Control:
    """``/appointments/find``."""
    t = use_text()
    return Screen(
        "booking.services",
        t("booking.title"),
        [
            text(t("booking.lead"), "lead"),
            Doubt(own.booking, own.booking.settle),
            Tickets(own, own.appointments.requests),
            Bookable(stores.region, stores.services, stores.services.all, own, own.appointments.requests),
        ],
        back="/appointments",
        wide=True,
    )


@component
def Tickets(own: Own, requests: Resource[tuple[CareRequest, ...]]) -> ft.Control:
    """Tickets come first: with them one may book what others may not."""
    t = use_text()
    found = own.appointments.tickets()
    if not found:
        return stack([])
    return section(t("appointments.tickets"), [cards([ticket_card(one) for one in found])])


@component
def Bookable(
    region: Region,
    services: Services,
    all: Resource[tuple[Service, ...]],
    own: Own,
    requests: Resource[tuple[CareRequest, ...]],
) -> ft.Control:
    """The services, by everyday words; each says whether one can book there, and if not, why."""
    t = use_text()
    field, words = search_field("booking.search", t("booking.search"), t("services.search_hint"))

    def ready(known: tuple[Service, ...]) -> ft.Control:
        ours = tuple(one for one in known if Channel.APPOINTMENT in one.channels)
        if words:
            shown = [_card(services, own, one) for one in services.among(ours, words)]
            if shown:
                return cards(shown)
            return none_found(region, "booking.no_service", words, [all_services()], id="booking.none")
        groups = [
            section(g.name, [cards([_card(services, own, one) for one in g.services])]) for g in grouped(ours)
        ]
        return stack(groups, gap="l")

    asked = searched(region, field, words, id="booking.red-flag")
    return stack([*asked, resource_view(all, ready, id="booking.list"), freshness(all)])


def _card(services: Services, own: Own, service: Service) -> ft.Control:
    t = use_text()
    free = may_book(services, own, service)
    mark = (
        badge("success", t("booking.open"), ft.Icons.EVENT_AVAILABLE_OUTLINED)
        if free
        else _closed(services, service)
    )
    card = card_button(
        "booking.service",
        service.name,
        [service.comment] if service.comment else [],
        lambda: go(f"/appointments/find/{service.id}"),
        icon=sector_icon(service),
        badge=mark,
    )
    return keyed(service.id, card)


def _closed(services: Services, service: Service) -> ft.Control:
    """What is asked for: a referral or ticket, or that it is meant for others."""
    state = services.availability(service)
    if isinstance(state, NotForPerson):
        return state_badge(state)
    return badge("info", use_text()("booking.needs_basis"), ft.Icons.ASSIGNMENT_OUTLINED)


def may_book(services: Services, own: Own, service: Service) -> bool:
    """Whether the person may book there: nothing is asked for, they are a client, or they have a ticket."""
    if any(one.service_id == service.id for one in own.appointments.tickets()):
        return True
    known = {one.service_id for one in own.appointments.all.value or () if one.state.value != "cancelled"}
    if service.id in known and not isinstance(services.availability(service), NeedsReferral):
        return True
    return not isinstance(services.availability(service), NeedsReferral | NotForPerson)


def why_not(services: Services, own: Own, service: Service) -> ft.Control:
    """What is asked for, who gives it, and a way to ask (row C3)."""
    t = use_text()
    other = isinstance(services.availability(service), NotForPerson)
    title = t("services.not_for_you") if other else t("booking.needs_basis")
    asked = next((rule.ask_at for rule in service.eligibility if rule.ask_at), "")
    helper = services.service(asked) or service

    def ask() -> None:
        words = t("booking.ask_text", service=service.name)
        go(f"/messages/draft/{own.messages.start(helper.id, subject=service.name, text=words)}")

    actions = [button("booking.ask", t("booking.ask", name=helper.name), ask, icon=ft.Icons.EDIT_OUTLINED)]
    actions += [phone_now(service)] if service.phone else []
    return stack(
        [
            notice(
                "info",
                title,
                [availability_reason(services, service)],
                live=False,
                id="booking.basis",
            ),
            row(actions),
        ]
    )
