"""Home: what do you need, what is open and by when it is answered, what has not been sent (rows A1, A2, T1, F8)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.components import (
    Screen,
    card_button,
    component,
    link_button,
    notice,
    resource_view,
    row,
    section,
    stack,
    text,
    tile,
    use_format,
    use_text,
)
from app.components.layout import panel
from app.domain.messages import Thread
from app.domain.people import Resident
from app.i18n.format import capital
from app.offline.outbox import EntryState
from app.platform.window import go
from app.stores.base import Resource
from app.stores.messages import Draft
from app.stores.outbox import OutboxItem
from app.stores.outbox_kinds import BACKGROUND
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.forms import forms_news
from app.views.home_appointments import appointment_news, appointment_now
from app.views.me import still_yours_news
from app.views.messages import Elsewhere
from app.views.pathway_home import pathways_today
from app.views.pathway_reminders import reminders_now
from app.views.pictures import letter
from app.views.support import beside, freshness, nothing, tiles
from app.views.thread_card import thread_card


@component
def Home(stores: Stores, own: Own, resident: Resource[Resident]) -> ft.Control:
    """Tasks first, then what is under way."""
    t = use_text()
    name = resident.value.first_name if resident.value else ""
    title = t("home.greeting", name=name) if name else t("home.greeting_nameless")
    return Screen(
        "home",
        title,
        [
            Unsent(own.outbox.items, own.outbox.late),
            *[tell(stores, own) for tell in NOW],
            section(t("home.what_do_you_need"), [_tasks(stores)]),
            beside(
                [
                    *[tell(stores, own) for tell in NEWS],
                    OpenMatters(stores, own.messages.threads, own.messages.hidden),
                    DraftsNotice(own.messages.drafts),
                ],
                [panel(_other_ways(stores)), panel(Elsewhere(stores))],
            ),
        ],
        wide=True,
    )


@dataclass(frozen=True)
class Task:
    """Something that can be done here, named by need: ``home.<id>`` for machines, the text ``home.<words>``.

    ``feature``: the region can switch it off by that name.
    """

    id: str
    words: str
    icon: Any
    address: str
    feature: str = ""


TASKS = (
    Task("new-message", "new_message", ft.Icons.EDIT_OUTLINED, "/messages/new", "messages"),
    Task("chat", "chat", ft.Icons.CHAT_OUTLINED, "/chat", "chat"),
    Task("fill-form", "fill_form", ft.Icons.ASSIGNMENT_OUTLINED, "/forms", "forms"),
    Task("book", "book", ft.Icons.EVENT_OUTLINED, "/appointments/find", "appointments"),
    Task("pathways", "pathways", ft.Icons.ROUTE_OUTLINED, "/pathways", "pathways"),
    Task("measure", "measure", ft.Icons.MONITOR_HEART_OUTLINED, "/measurements", "record"),
    Task("services", "find_service", ft.Icons.SEARCH, "/services"),
    Task("ombudsman", "ombudsman", ft.Icons.BALANCE, "/ombudsman"),
)
"""In the order of how often they are needed."""

Tell = Callable[[Stores, Own], ft.Control]
NOW: tuple[Tell, ...] = (appointment_now, reminders_now)
"""What cannot wait, before everything else. Each draws ``nothing()`` when it has nothing to say; so do the NEWS."""
NEWS: tuple[Tell, ...] = (appointment_news, forms_news, pathways_today, still_yours_news)
"""What the rooms have to say today, after the tasks."""


def _tasks(stores: Stores) -> ft.Control:
    t, features = use_text(), stores.region.features
    shown = [task for task in TASKS if features.get(task.feature, not task.feature)]
    return tiles([_task(t(f"home.{task.words}"), task) for task in shown])


def _task(words: str, task: Task) -> ft.Control:
    return tile(f"home.{task.id}", words, lambda: go(task.address), task.icon)


@component
def Unsent(items: Resource[tuple[OutboxItem, ...]], late: Resource[tuple[OutboxItem, ...]]) -> ft.Control:
    """What was not sent, what should have left long ago, and what waits; nothing while all is well (rows F8, I5)."""
    t = use_text()
    asked_for = [item for item in items.value or () if item.kind not in BACKGROUND]
    refused = sum(item.state is EntryState.REFUSED for item in asked_for)
    overdue = sum(item.state is not EntryState.REFUSED for item in late.value or ())
    waiting = len(asked_for) - refused - overdue
    cards: list[ft.Control] = []
    if refused:
        cards.append(_unsent("error", t("home.not_sent", n=refused)))
    if overdue:
        cards.append(_unsent("warning", t("outbox.late_waiting", n=overdue)))
    if waiting:
        cards.append(_unsent("info", t("home.unsent", n=waiting)))
    return stack(cards, gap="s") if cards else nothing()


def _unsent(kind: str, words: str) -> ft.Control:
    t = use_text()
    from app.components import button

    return notice(
        kind,
        words,
        actions=[button(f"home.outbox.{kind}", t("nav.outbox"), lambda: go("/outbox"), "secondary")],
        id=f"home.{kind}",
    )


@component
def OpenMatters(
    stores: Stores, threads: Resource[tuple[Thread, ...]], hidden: Resource[frozenset[str]]
) -> ft.Control:
    """What was asked, from whom, and by when the answer comes (the promise tracker); not what is hidden here."""
    t = use_text()
    listed = resource_view(
        threads, lambda value: _matters(stores, value, hidden.value or frozenset()), id="home.matters"
    )
    return section(t("home.open_matters"), [listed, freshness(threads)])


def _matters(stores: Stores, threads: tuple[Thread, ...], hidden: frozenset[str]) -> ft.Control:
    shown = (thread for thread in threads if thread.id not in hidden)
    matters = [_matter(stores, thread) for thread in shown if not thread.closed and _open(thread)]
    if matters:
        return stack(matters, gap="s")
    return stack([letter(), text(use_text()("home.no_open_matters"), "muted")], gap="s")


def _open(thread: Thread) -> bool:
    return bool(thread.unread or thread.pending or thread.unanswered_since)


def _matter(stores: Stores, thread: Thread) -> ft.Control:
    return thread_card(thread, stores.services)


@component
def DraftsNotice(drafts: Resource[tuple[Draft, ...]]) -> ft.Control:
    """Unfinished messages are a tap away."""
    t = use_text()
    if not drafts.value:
        return nothing()
    return card_button(
        "home.drafts",
        t("home.drafts", n=len(drafts.value)),
        [],
        lambda: go("/messages"),
        icon=ft.Icons.EDIT_NOTE,
    )


def _other_ways(stores: Stores) -> ft.Control:
    """Digital is never the only way (row L4)."""
    t, formats = use_text(), use_format()
    exchange = stores.region.phones.exchange
    call = t("common.call_named", name=t("home.medical_exchange"), number=formats.phone(exchange.number))
    link = link_button("home.exchange", call, f"tel:{exchange.number.replace(' ', '')}", ft.Icons.PHONE)
    return section(
        t("home.contact_other_ways"), [text(capital(exchange.hours_text(t.language)), "muted"), row([link])]
    )
