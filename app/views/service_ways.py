"""How to begin with a service: a simple matter by oneself, a complex one with a human being; and pathways (T3, S33)."""

from collections.abc import Callable

import flet as ft

from app.components import button, card_button, component, row, section, text, use_format, use_text
from app.components.buttons import link_button
from app.domain.services import Channel, NeedsReferral, NotForPerson, Service
from app.domain.services import Nature as Natures
from app.pathways.library import Pathway
from app.platform.window import go
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.context import use_stores
from app.views.pathway_parts import access_badge, icon_of
from app.views.support import cards, keyed, nothing, told

__all__ = ["PathwaysFor", "begin_with", "pathways_found"]

MOST = 3

Way = Callable[[Service, str], ft.Control]
"""Draws a button for a service, of this kind."""


def begin_with(services: Services, service: Service, own: Own | None) -> list[ft.Control]:
    """What comes first in this matter, and the buttons in that order."""
    t, human = use_text(), service.nature is Natures.COMPLEX
    own_ways = _own_ways(services, service, own)
    calls = [_call] if service.phone else []
    ordered = [*calls, *own_ways] if human else [*own_ways, *calls]
    made = [draw(service, "primary" if place == 0 else "secondary") for place, draw in enumerate(ordered)]
    mark = ft.Icons.RECORD_VOICE_OVER_OUTLINED if human else ft.Icons.TASK_ALT
    words = t("services.human_first") if human else t("services.nature.simple")
    return [told(mark, text(words)), *([row(made)] if made else [])]


def _own_ways(services: Services, service: Service, own: Own | None) -> list[Way]:
    """Writing and booking, for somebody signed in who may."""
    if own is None:
        return []
    closed = isinstance(services.availability(service), NeedsReferral | NotForPerson)

    def write(of: Service, kind: str) -> ft.Control:
        def start() -> None:
            go(f"/messages/draft/{own.messages.start(of.id)}")

        return button("service.write", use_text()("services.write"), start, kind, ft.Icons.EDIT_OUTLINED)

    ways = [write] if service.takes_messages and not closed else []
    books = Channel.APPOINTMENT in service.channels and use_stores().region.has("appointments")
    return [*ways, *([_book] if books else [])]


def _book(service: Service, kind: str) -> ft.Control:
    t, address = use_text(), f"/appointments/find/{service.id}"
    return button("service.book", t("booking.title"), lambda: go(address), kind, ft.Icons.EVENT_OUTLINED)


def _call(service: Service, kind: str) -> ft.Control:
    label = use_text()("common.call", number=use_format().phone(service.phone))
    address = f"tel:{service.phone.replace(' ', '')}"
    return link_button(f"call.{service.id}", label, address, ft.Icons.PHONE, kind)


@component
def PathwaysFor(stores: Stores, pathways: Resource[tuple[Pathway, ...]], service: Service) -> ft.Control:
    """Pathways whose team or contact this service is: a long matter is not left to one message."""
    t = use_text()
    found = stores.pathways.for_service(service.id) if stores.region.has("pathways") else ()
    if not found:
        return nothing()
    lead = text(t("services.pathways_hint"), "muted")
    return section(t("services.pathways"), [lead, _cards(found[:MOST])], id="service.pathways")


def pathways_found(stores: Stores, words: str) -> list[ft.Control]:
    """Pathways for the words that were searched for."""
    found = stores.pathways.find(words) if stores.region.has("pathways") and words.strip() else ()
    if not found:
        return []
    return [section(use_text()("services.pathways"), [_cards(found[:MOST])], id="services.pathways")]


def _cards(found: tuple[Pathway, ...]) -> ft.Control:
    return cards([keyed(one.id, _card(one)) for one in found])


def _card(pathway: Pathway) -> ft.Control:
    return card_button(
        "service.pathway",
        pathway.texts.title,
        [pathway.texts.summary],
        lambda: go(f"/pathways/{pathway.id}"),
        icon=icon_of(pathway),
        badge=access_badge(pathway),
    )
