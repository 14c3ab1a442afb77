"""Find a service: everyday words, whether it is open, how to reach it; also without signing in (rows H3, A4, L4)."""

from collections.abc import Sequence
from typing import Any

import flet as ft

from app.components import (
    Screen,
    Sem,
    badge,
    button,
    card_button,
    component,
    heading,
    resource_view,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import panel, plain
from app.domain.calendar import holiday_name
from app.domain.messages import Thread
from app.domain.opening import Closed, ClosedReason, Open
from app.domain.people import Resident
from app.domain.services import (
    Availability,
    Group,
    NeedsReferral,
    NotForPerson,
    Sector,
    Service,
    WhyNot,
    grouped,
    is_for,
)
from app.platform.window import go
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.haste import searched
from app.views.municipality import municipality_of_list
from app.views.none_found import in_haste, none_found
from app.views.promises import answered_within, called_back
from app.views.service_ways import PathwaysFor, begin_with, pathways_found
from app.views.support import beside, cards, freshness, keyed, missing, search_field, told


@component
def ServicesScreen(stores: Stores) -> ft.Control:
    """``/services``."""
    t, own = use_text(), stores.session.own
    resident = own.resident if own is not None else None
    return Screen(
        "services",
        t("services.title"),
        [text(t("services.lead"), "lead"), Finder(stores, stores.services, stores.services.all, resident)],
        wide=True,
    )


@component
def Finder(
    stores: Stores,
    services: Services,
    all: Resource[tuple[Service, ...]],
    resident: Resource[Resident] | None,
) -> ft.Control:
    """The search field and what it finds; without words everything, under everyday headings. What is in the resident's
    municipality comes first."""
    t = use_text()
    field, words = search_field("services.search", t("services.search"), t("services.search_hint"))
    town = municipality_of_list(stores)
    listed = resource_view(
        all,
        lambda _: _found(stores, services, words) if words else _all(stores, services),
        empty=text(t("services.empty"), "muted"),
        id="services.list",
    )
    asked = searched(stores.region, field, words, id="services.red-flag")
    return stack([*asked, keyed("town", town), listed, freshness(all)])


def _all(stores: Stores, services: Services) -> ft.Control:
    """Everything under everyday headings; by municipality where that is known."""
    t, town = use_text(), services.municipality
    if not town:
        return stack(_groups(services, services.groups()), gap="l")
    here, around, elsewhere = services.towns()
    parts = (
        (t("services.town_here", name=stores.region.municipality(town, t.language)), here),
        (t("services.town_around"), around),
        (t("services.town_elsewhere"), elsewhere),
    )
    made = [section(title, _groups(services, grouped(part), 3)) for title, part in parts if part]
    none = [] if here else [text(t("services.town_none"), "muted", id="services.town-none")]
    return stack([*none, *made], gap="l")


def _groups(services: Services, groups: tuple[Group, ...], level: int = 2) -> list[ft.Control]:
    return [
        section(group.name, [cards([service_card(services, s) for s in group.services])], level=level)
        for group in groups
    ]


def _found(stores: Stores, services: Services, words: str) -> ft.Control:
    t = use_text()
    found = services.find(words)
    pathways = pathways_found(stores, words)
    if not found and pathways:
        return stack(pathways)
    if not found:
        return none_found(
            stores.region, "services.no_results", words, _other_ways(stores), id="services.none"
        )
    flagged = in_haste(stores.region, words)
    title = t("services.if_no_haste") if flagged else t("services.results", n=len(found))
    return stack(
        [
            heading(title, 2),
            cards([service_card(services, service) for service in found]),
            *pathways,
        ],
        gap="s",
    )


def _other_ways(stores: Stores) -> list[ft.Control]:
    """Beside the telephone: to write, and pathways."""
    t, signed_in = use_text(), stores.session.own is not None
    write = button("services.none.write", t("messages.new"), lambda: go("/messages/new"), "quiet")
    paths = button("services.none.pathways", t("pathways.title"), lambda: go("/pathways"), "quiet")
    return [*([write] if signed_in else []), *([paths] if stores.region.has("pathways") else [])]


def service_card(services: Services, service: Service) -> ft.Control:
    """One service of a list; of one that is for the people of another municipality, that it is."""
    others = not is_for(service, services.municipality)
    lines = [service.comment, availability_reason(services, service) if others else ""]
    card = card_button(
        "services.service",
        service.name,
        [line for line in lines if line],
        lambda: go(f"/services/{service.id}"),
        icon=sector_icon(service),
        badge=hours_badge(services, service),
    )
    return keyed(service.id, card)


_SECTORS = {
    Sector.PESO: ft.Icons.FAMILY_RESTROOM,
    Sector.IKU: ft.Icons.ELDERLY,
    Sector.PELA: ft.Icons.LOCAL_FIRE_DEPARTMENT_OUTLINED,
}


def sector_icon(service: Service) -> Any:
    """What kind of help it is, for who looks rather than reads."""
    health = ft.Icons.MEDICAL_SERVICES_OUTLINED
    return _SECTORS.get(service.sector, health) if service.sector else health


def availability_badge(services: Services, service: Service) -> ft.Control:
    """Whether the resident can write to it now: word, icon and colour."""
    state = services.availability(service)
    if isinstance(state, Open) and service.takes_messages and not service.message_hours:
        return badge("success", use_text()("services.takes_messages"), _OPEN)
    return state_badge(state)


def hours_badge(services: Services, service: Service) -> ft.Control:
    """Whether its telephone and door are open now."""
    return state_badge(services.hours(service))


_OPEN = ft.Icons.CHECK_CIRCLE_OUTLINE


def state_badge(state: Availability) -> ft.Control:
    """Open, closed until, needs a referral or not for you: word, icon and colour."""
    t = use_text()
    match state:
        case Open():
            return _open_badge(state)
        case Closed(opens=opens) if opens is not None:
            moment = use_format().moment(opens, use_ui().now())
            return badge("neutral", t("services.closed_until", opens=moment), ft.Icons.SCHEDULE)
        case Closed():
            return badge("neutral", t("services.closed"), ft.Icons.SCHEDULE)
        case NeedsReferral():
            return badge("info", t("services.needs_referral"), ft.Icons.ASSIGNMENT_OUTLINED)
        case _:
            return badge("neutral", t("services.not_for_you"), ft.Icons.LOCK_OUTLINE)


def _open_badge(state: Open) -> ft.Control:
    t, formats = use_text(), use_format()
    if state.until is None:
        return badge("success", t("services.open"), _OPEN)
    if state.closing_soon:
        return badge(
            "warning", t("services.closing_soon", time=formats.time(state.until)), ft.Icons.TIMELAPSE
        )
    return badge("success", t("services.open_until", time=formats.time(state.until)), _OPEN)


def availability_reason(services: Services, service: Service) -> str:
    """Why it cannot be used now, in one sentence; empty when it can."""
    t = use_text()
    match services.availability(service):
        case Closed(notice=words) if words:
            return t("services.closed.notice", reason=words)
        case Closed(reason=ClosedReason.HOLIDAY):
            today = use_format().local(use_ui().now()).date()
            return t("services.closed.holiday", name=holiday_name(today, t.language))
        case Closed(reason=reason) if reason is not ClosedReason.NOTICE:
            return t(f"services.closed.{reason.value}")
        case NeedsReferral(comment=comment):
            return comment or t("services.needs_referral_hint")
        case NotForPerson() as refusal:
            return refusal.comment or _why_not(refusal)
        case _:
            return ""


def _why_not(refusal: NotForPerson) -> str:
    t = use_text()
    if refusal.why in (WhyNot.TOO_YOUNG, WhyNot.TOO_OLD):
        return t(f"services.not_for_you.{refusal.why.value}", age=refusal.age or "")
    return t(f"services.not_for_you.{refusal.why.value}")


@component
def ServiceScreen(stores: Stores, own: Own | None, id: str) -> ft.Control:
    """``/services/<id>``."""
    resident = own.resident if own is not None else None
    threads = own.messages.threads if own is not None else None
    return ServicePage(stores, stores.services, stores.services.all, own, id, resident, threads)


@component
def ServicePage(
    stores: Stores,
    services: Services,
    all: Resource[tuple[Service, ...]],
    own: Own | None,
    id: str,
    resident: Resource[Resident] | None,
    threads: Resource[tuple[Thread, ...]] | None,
) -> ft.Control:
    """Everything about one service, every way to reach it; what is not known says so. Drawn anew when it becomes
    known who asks, for that decides whether they may write."""
    t = use_text()
    service = services.service(id)
    if service is None:
        return Screen(
            "service",
            t("services.title"),
            missing(t("errors.not_found.what"), all),
            back="/services",
        )
    return Screen(
        "service",
        service.name,
        [
            text(service.comment, "lead"),
            stack([_badges(services, service), *_reason(services, service)], gap="s"),
            beside(
                [_reach(services, service, own), PathwaysFor(stores, stores.pathways.all, service)],
                [stack([_facts(service), freshness(all)])],
            ),
        ],
        back="/services",
        wide=True,
    )


def _badges(services: Services, service: Service) -> ft.Control:
    """Whether it is open now, and whether it can be written to where that differs."""
    badges = [hours_badge(services, service)]
    if service.takes_messages and services.availability(service) != services.hours(service):
        badges.append(availability_badge(services, service))
    return row(badges)


def _reason(services: Services, service: Service) -> list[ft.Control]:
    reason = availability_reason(services, service)
    return [text(reason)] if reason else []


def _reach(services: Services, service: Service, own: Own | None) -> ft.Control:
    t = use_text()
    told_of = (
        (ft.Icons.EVENT_AVAILABLE_OUTLINED, answered_within(service)),
        (ft.Icons.PHONE_CALLBACK, called_back(service)),
    )
    channels = [
        badge("neutral", t(f"services.channel.{c.value}"), _CHANNELS[c.value]) for c in service.channels
    ]
    return section(
        t("services.channels"),
        [
            *begin_with(services, service, own),
            row(channels),
            *(told(mark, text(words)) for mark, words in told_of if words),
        ],
    )


_CHANNELS = {
    "message": ft.Icons.MAIL_OUTLINE,
    "phone": ft.Icons.PHONE,
    "visit": ft.Icons.PLACE_OUTLINED,
    "chat": ft.Icons.CHAT_OUTLINED,
    "video": ft.Icons.VIDEOCAM_OUTLINED,
    "appointment": ft.Icons.EVENT_OUTLINED,
}


def _facts(service: Service) -> ft.Control:
    t, formats = use_text(), use_format()
    unknown = t("common.not_known")
    facts = (
        (ft.Icons.SCHEDULE, t("services.hours"), formats.hours_lines(service.hours) or (unknown,)),
        *([] if service.phone else [(ft.Icons.PHONE, t("services.phone"), (unknown,))]),
        (ft.Icons.PLACE_OUTLINED, t("services.address"), (service.address or unknown,)),
        (ft.Icons.DOOR_FRONT_DOOR_OUTLINED, t("services.entrance"), (service.entrance or unknown,)),
        (ft.Icons.APARTMENT, t("services.provider"), (service.provider or unknown,)),
    )
    return panel(stack([_fact(*fact) for fact in facts]))


def _fact(mark: ft.IconData, name: str, lines: Sequence[str]) -> ft.Control:
    """``name`` is a heading that looks like a label."""
    title = Sem(header=True, heading_level=2, container=True, content=plain(name, "label"))
    return told(mark, title, *(text(line) for line in lines))
