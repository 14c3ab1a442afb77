"""The team of a pathway: writing to it, the conversations that belong to the pathway, and the way back (row G5)."""

import flet as ft

from app.components import button, component, row, section, stack, text, use_text
from app.components.context import Catalog
from app.domain.messages import Thread
from app.pathways.journey import Journey
from app.pathways.library import Pathway
from app.platform.window import go
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.messages import thread_card
from app.views.promises import promise_before
from app.views.support import nothing

__all__ = ["PathwayOf", "Team", "start_message"]


def start_message(
    t: Catalog,
    stores: Stores,
    pathway: Pathway,
    journey: Journey | None,
    service: str,
    about: str = "",
    words: str = "",
) -> None:
    """Open a message that is bound to the plan. ``about``: what in the pathway; ``words``: how it begins."""
    own = stores.session.own
    assert own is not None
    title = pathway.texts.title
    subject = t("pathways.subject", pathway=title, step=about) if about else title
    plan = journey.id if journey is not None else ""
    key = own.messages.start(service, subject=subject[:120], text=words, plan_id=plan)
    go(f"/messages/draft/{key}")


@component
def Team(
    stores: Stores, pathway: Pathway, journey: Journey, own: Own, threads: Resource[tuple[Thread, ...]]
) -> ft.Control:
    """Conversations about the pathway; on one that a team began also a way to write to them, with its promise."""
    t = use_text()
    found = [one for one in threads.value or () if one.plan_id == journey.id]
    id = stores.region.pathways.service(pathway.structure.contacts[0].service)
    service = stores.services.service(id)
    writes = journey.by_team and service is not None and service.takes_messages
    if not found and not writes:
        return nothing()
    write = button(
        "pathway.write",
        t("pathways.write"),
        lambda: start_message(t, stores, pathway, journey, id),
        "secondary",
        ft.Icons.EDIT_OUTLINED,
    )
    promise = [promise_before(stores.services, service)] if service is not None else []
    ways = [row([write]), *promise] if writes else []
    none = [] if found else [text(t("pathways.no_threads"), "muted")]
    cards = [thread_card(one, stores.services) for one in found]
    return section(t("pathways.threads"), [*none, stack(cards, gap="s"), *ways], id="pathway.threads")


@component
def PathwayOf(stores: Stores, journeys: Resource[tuple[Journey, ...]], plan_id: str) -> ft.Control:
    """On a conversation: the pathway it belongs to."""
    t = use_text()
    journey = next((one for one in journeys.value or () if one.id == plan_id), None)
    if journey is None:
        return nothing()
    pathway = stores.pathways.get(journey.pathway)
    title = pathway.texts.title if pathway else journey.title
    return row(
        [
            button(
                "messages.pathway",
                t("pathways.thread_of", pathway=title),
                lambda: go(f"/pathways/{journey.pathway}"),
                "quiet",
                ft.Icons.ROUTE_OUTLINED,
            )
        ]
    )
