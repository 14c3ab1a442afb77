"""Messages: conversations, drafts, and the way to a new one (rows A6, A8, A9, A12)."""

import flet as ft

from app.components import (
    Screen,
    badge,
    button,
    card_button,
    component,
    link_button,
    resource_view,
    row,
    section,
    stack,
    text,
    text_field,
    use_format,
    use_text,
    use_ui,
)
from app.domain.messages import Thread
from app.domain.searching import Hit
from app.platform.window import go
from app.stores.base import Resource
from app.stores.messages import Draft
from app.stores.own import Own
from app.stores.searching import Search
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.ledger import state_badge
from app.views.pictures import letter
from app.views.support import beside, freshness, keyed, nothing, spoken


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
                    Threads(own.messages.threads, own.messages.search, stores.services),
                ],
                [Elsewhere(stores)],
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
def Threads(threads: Resource[tuple[Thread, ...]], search: Search, services: Services) -> ft.Control:
    """The conversations, in one of the four states of a list, or those with the words that are searched for."""
    t = use_text()
    typed, set_typed = ft.use_state(search.words)

    def look_for(words: str) -> None:
        search.words = words
        set_typed(words)

    def shown(value: tuple[Thread, ...]) -> ft.Control:
        if not typed.strip():
            return _all(value, services)
        return _found(search.find(value, typed, services.name), typed, services)

    listed = resource_view(
        threads,
        shown,
        empty=stack([letter(), text(t("messages.empty"), "muted")], gap="s"),
        id="messages.threads",
    )
    field = text_field("messages.search", t("messages.search"), typed, look_for, t("messages.search_hint"))
    return section(
        t("messages.conversations"), [*([field] if threads.value else []), listed, freshness(threads)]
    )


def _all(threads: tuple[Thread, ...], services: Services) -> ft.Control:
    return stack([thread_card(thread, services) for thread in threads], gap="s")


def _found(hits: tuple[Hit, ...], typed: str, services: Services) -> ft.Control:
    """How many there are, said aloud, and each with the place where the words are."""
    t = use_text()
    many = t("messages.found", n=len(hits)) if hits else t("messages.found_none", words=typed.strip())
    line = spoken("messages.found", many, text(many, "muted"), live=True)
    return stack([line, *(thread_card(hit.thread, services, snippet=hit.snippet) for hit in hits)], gap="s")


def thread_card(thread: Thread, services: Services, promise: str = "", snippet: str = "") -> ft.Control:
    """One conversation: subject, service, when, ``promise`` or ``snippet`` if any, and where its newest message
    stands."""
    t, formats = use_text(), use_format()
    last = thread.last
    at = formats.moment(thread.last_activity, use_ui().now()) if thread.last_activity else ""
    card = card_button(
        "messages.thread",
        thread.subject or t("messages.no_subject"),
        [line for line in (services.name(thread.service_id), at, promise, snippet) if line],
        lambda: go(f"/messages/thread/{thread.id}"),
        icon=ft.Icons.MARK_EMAIL_UNREAD_OUTLINED if thread.unread else ft.Icons.FORUM_OUTLINED,
        badge=_thread_badge(thread) if last else None,
    )
    return keyed(thread.id, card)


def _thread_badge(thread: Thread) -> ft.Control:
    t = use_text()
    if thread.unread:
        return badge("success", t("messages.unread"), ft.Icons.MARK_EMAIL_UNREAD_OUTLINED)
    mine = next((message for message in reversed(thread.messages) if message.mine), None)
    return state_badge(mine.state if mine else thread.messages[-1].state)


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
