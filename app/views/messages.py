"""Messages: conversations, drafts, and the way to a new one (rows A6, A8, A9, A12)."""

import flet as ft

from app.components import (
    Screen,
    button,
    card_button,
    component,
    link_button,
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
from app.domain.messages import Thread
from app.platform.window import go
from app.stores.base import Resource
from app.stores.messages import Draft
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.pictures import letter
from app.views.support import beside, freshness, keyed, nothing
from app.views.take_along import show_hidden
from app.views.talk_search import Talks, searched, talks_of
from app.views.thread_card import thread_card


@component
def MessagesScreen(stores: Stores, own: Own) -> ft.Control:
    """``/messages``: what is unfinished first, then every conversation, newest first."""
    t = use_text()
    new = button("messages.new", t("messages.new"), lambda: go("/messages/new"), icon=ft.Icons.EDIT_OUTLINED)
    outbox = button(
        "messages.outbox", t("nav.outbox"), lambda: go("/outbox"), kind="quiet", icon=ft.Icons.OUTBOX_OUTLINED
    )
    return Screen(
        "messages",
        t("messages.title"),
        [
            text(t("messages.lead"), "lead"),
            row([new, outbox]),
            beside(
                [
                    Drafts(own.messages.drafts, stores.services),
                    Threads(talks_of(own, stores.services), own.messages.threads, own.messages.hidden),
                ],
                [panel(Elsewhere(stores))],
            ),
        ],
        wide=True,
    )


@component
def Drafts(drafts: Resource[tuple[Draft, ...]], services: Services) -> ft.Control:
    """Unfinished messages; nothing at all when there are none."""
    t = use_text()
    if not drafts.value:
        return nothing()
    return section(t("messages.drafts"), [_draft(draft, services) for draft in drafts.value])


def _draft(draft: Draft, services: Services) -> ft.Control:
    t, formats = use_text(), use_format()
    subject = draft.body.get("subject") or t("messages.no_subject")
    service = services.name(draft.body.get("service_id", ""))
    card = card_button(
        "messages.draft",
        subject,
        [service, t("messages.draft.saved", time=formats.moment(draft.saved_at, use_ui().now()))],
        lambda: go(f"/messages/draft/{draft.key}"),
        icon=ft.Icons.EDIT_NOTE,
    )
    return keyed(draft.key, card)


@component
def Threads(
    talks: Talks, threads: Resource[tuple[Thread, ...]], hidden: Resource[frozenset[str]]
) -> ft.Control:
    """The conversations, in one of the four states of a list, or those with the words that are searched for."""
    t = use_text()
    shown, show = ft.use_state(False)
    away = hidden.value or frozenset()

    def all() -> ft.Control:
        listed = resource_view(
            threads,
            lambda value: _all(talks.services, value, frozenset() if shown else away),
            empty=stack([letter(), text(t("messages.empty"), "muted")], gap="s"),
            id="messages.threads",
        )
        return stack([listed, *show_hidden("messages", len(away), shown, show)])

    return section(t("messages.conversations"), [searched("messages", talks, all), freshness(threads)])


def _all(services: Services, threads: tuple[Thread, ...], away: frozenset[str]) -> ft.Control:
    listed = [thread_card(thread, services) for thread in threads if thread.id not in away]
    return stack(listed or [text(use_text()("hide.all"), "muted")], gap="s")


@component
def Elsewhere(stores: Stores) -> ft.Control:
    """What is not here and where it is (row A12)."""
    t = use_text()
    links = [
        link_button(
            f"elsewhere.{link.id}", link.label(t.language), link.url(t.language), ft.Icons.OPEN_IN_NEW
        )
        for link in stores.region.elsewhere
    ]
    return section(t("elsewhere.title"), [text(t("elsewhere.lead"), "muted"), row(links, gap="xs")])
