"""Appointments: what is coming, offers, tickets and referrals, what has been (rows C1, C3, C8, C13, C14)."""

import flet as ft

from app.components import (
    Screen,
    badge,
    button,
    card_button,
    component,
    disclosure,
    link_button,
    notice,
    resource_view,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import panel
from app.domain.appointments import STEPS, Appointment, CareRequest, Gap
from app.platform.window import go
from app.stores.appointments import Appointments
from app.stores.base import Action, Resource, Status
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.appointment_card import appointment_card, title, when
from app.views.booking_problem import problem_notice
from app.views.doubt import Doubt
from app.views.parts import Pages
from app.views.pictures import letter
from app.views.promises import called_back
from app.views.support import cards, freshness, keyed, nothing, phone_now, told
from app.views.visit_bar import VisitBar


@component
def AppointmentsScreen(stores: Stores, own: Own) -> ft.Control:
    """``/appointments``."""
    t = use_text()
    appointments = own.appointments
    book = button(
        "appointments.book",
        t("appointments.book"),
        lambda: go("/appointments/find"),
        icon=ft.Icons.EVENT_OUTLINED,
    )
    return Screen(
        "appointments",
        t("appointments.title"),
        [
            Doubt(own.booking, own.booking.settle),
            VisitBar(appointments, appointments.all, stores.services),
            Offers(appointments, appointments.all, stores.services),
            Gaps(appointments.gaps, own.silence.types),
            row([book]),
            Upcoming(appointments, appointments.all, stores.services),
            Requests(appointments.requests, stores.services, own),
            Past(appointments, appointments.all, stores.services),
        ],
        wide=True,
    )


@component
def Gaps(gaps: Resource[tuple[Gap, ...]], silent: Resource[frozenset[str]]) -> ft.Control:
    """A source that does not answer is named, with its telephone: the list is never shown as whole then (row C14)."""
    t = use_text()
    shown = [_gap(gap) for gap in gaps.value or ()]
    if not shown and "Appointment" in (silent.value or ()):
        lines = [t("appointments.gap_hint")]
        shown = [notice("warning", t("appointments.gap_unnamed"), lines, id="appointments.gap")]
    return stack(shown, gap="s") if shown else nothing()


def _gap(gap: Gap) -> ft.Control:
    t, number = use_text(), use_format().phone(gap.phone)
    address = f"tel:{gap.phone.replace(' ', '')}"
    calls = (
        [link_button("appointments.gap-call", t("common.call", number=number), address)] if gap.phone else []
    )
    lines = [t("appointments.gap_hint")]
    return notice("warning", t("appointments.gap", name=gap.name), lines, calls, id="appointments.gap")


@component
def Upcoming(
    appointments: Appointments, all: Resource[tuple[Appointment, ...]], services: Services
) -> ft.Control:
    """What is ahead, the next first, in one of the four states of a list."""
    t = use_text()

    def ready(_: tuple[Appointment, ...]) -> ft.Control:
        coming = appointments.upcoming()
        if not coming:
            return stack([letter(), text(t("appointments.none"), "muted")], gap="s")
        return cards([appointment_card(one, services) for one in coming])

    listed = resource_view(all, ready, id="appointments.list")
    return section(t("appointments.upcoming"), [listed, freshness(all)])


@component
def Past(
    appointments: Appointments, all: Resource[tuple[Appointment, ...]], services: Services
) -> ft.Control:
    """What has been, folded away; nothing of it is drawn before it is opened."""
    t = use_text()
    opened, toggle = ft.use_state(False)
    gone = appointments.past()

    def card(one: Appointment) -> ft.Control:
        return appointment_card(one, services, id="appointments.past-card")

    if not gone:
        return nothing()
    label = t("appointments.past", n=len(gone))
    shown = [Pages("appointments.more-past", gone, card, "record.more")] if opened else []
    return disclosure("appointments.past", label, opened, lambda: toggle(not opened), shown)


@component
def Offers(
    appointments: Appointments, all: Resource[tuple[Appointment, ...]], services: Services
) -> ft.Control:
    """Earlier times that are offered: until when, instead of what, and a yes or a no (row C8)."""
    found = appointments.offers()
    if not found:
        return nothing()
    return stack(
        [
            Offer(appointments, appointments.accept, appointments.decline, services, one, key=one.id)
            for one in found
        ]
    )


@component
def Offer(
    appointments: Appointments,
    accept: Action[[str]],
    decline: Action[[str]],
    services: Services,
    offer: Appointment,
) -> ft.Control:
    """One offer. Nothing changes until it is accepted."""
    t, formats, now = use_text(), use_format(), use_ui().now()
    old = appointments.get(offer.replaces)
    until = formats.moment(offer.expires, now) if offer.expires else ""
    lines = [when(offer)]
    if old is not None and old.starts is not None:
        lines.append(t("appointments.offer.instead", moment=formats.moment(old.starts, now)))
    lines.append(t("appointments.offer.until", moment=until))
    busy = accept.status is Status.RUNNING

    async def yes() -> None:
        await accept.run(offer.id)

    async def no() -> None:
        await decline.run(offer.id)

    actions = [
        button("appointments.accept", t("appointments.offer.accept"), yes, busy=busy),
        button("appointments.decline", t("appointments.offer.decline"), no, "secondary"),
    ]
    failed = accept.problem or decline.problem
    parts = [
        notice(
            "info",
            t("appointments.offer", what=title(offer, services)),
            lines,
            actions,
            id="appointments.offer",
        )
    ]
    if failed is not None:
        parts.append(problem_notice(failed, services.service(offer.service_id)))
    return stack(parts, gap="s")


@component
def Requests(requests: Resource[tuple[CareRequest, ...]], services: Services, own: Own) -> ft.Control:
    """Tickets with which one can book now, and referrals on their way."""
    t = use_text()
    known = requests.value or ()
    if not known:
        return nothing()
    shown = [
        ticket_card(one) if one.kind.value == "ticket" else referral(one, services, own) for one in known
    ]
    return section(t("appointments.requests"), [stack(shown, gap="s")])


def ticket_card(ticket: CareRequest, id: str = "appointments.ticket") -> ft.Control:
    """One may book with it: until when, and who wrote it."""
    t, formats = use_text(), use_format()
    lines = [t("appointments.ticket.by", name=ticket.by)] if ticket.by else []
    if ticket.until:
        lines.append(t("appointments.ticket.until", day=formats.date(ticket.until)))
    card = card_button(
        id,
        ticket.title or t("appointments.ticket"),
        [*lines, t("appointments.ticket.use")],
        lambda: go(f"/appointments/find/{ticket.service_id}"),
        icon=ft.Icons.CONFIRMATION_NUMBER_OUTLINED,
        badge=badge("info", t("appointments.ticket"), ft.Icons.CONFIRMATION_NUMBER_OUTLINED),
    )
    return keyed(ticket.id, card)


def referral(one: CareRequest, services: Services, own: Own) -> ft.Control:
    """Where a referral is, what comes next, by when care must begin, and whom to ask (row C13)."""
    t, formats = use_text(), use_format()
    current = one.current
    lines: list[ft.Control] = [text(one.title or t("appointments.referral"), "label")]
    lines += [_step(one, name) for name in STEPS]
    if current and current.at:
        lines.append(
            text(
                t("appointments.referral.changed", day=formats.date(formats.local(current.at).date())),
                "small",
            )
        )
    if one.guarantee:
        lines.append(text(t("appointments.referral.guarantee", day=formats.date(one.guarantee))))
    service = services.service(one.service_id)
    if service is not None:
        lines.append(text(t("appointments.referral.ask", name=service.name), "small"))
        lines += [text(called_back(service), "small")] if called_back(service) else []
        lines.append(row([phone_now(service)] if service.phone else []))
    return panel(stack(lines, gap="s", id="appointments.referral"))


def _step(one: CareRequest, name: str) -> ft.Control:
    t, formats = use_text(), use_format()
    current = one.current.name if one.current else ""
    at = next((step.at for step in one.steps if step.name == name and step.at), None)
    words = t(f"appointments.step.{name}")
    if name == current:
        return told(ft.Icons.MY_LOCATION, text(t("appointments.step.now", step=words), "strong"))
    if at is not None:
        day = formats.date(formats.local(at).date())
        return told(
            ft.Icons.CHECK_CIRCLE_OUTLINE, text(t("appointments.step.done", step=words, day=day), "muted")
        )
    key = "appointments.step.next" if name == one.next_step else "appointments.step.later"
    return told(ft.Icons.CIRCLE_OUTLINED, text(t(key, step=words), "muted"))
