"""The catalogue of pathways: open ones, those that a professional begins, and one's own (rows G1, S30, F8)."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.components import (
    Screen,
    action_notice,
    badge,
    button,
    card_button,
    component,
    heading,
    notice,
    resource_view,
    section,
    stack,
    text,
    use_text,
)
from app.components.layout import panel
from app.pathways.foreign import OtherPlan
from app.pathways.journey import Journey
from app.pathways.library import Pathway
from app.platform.window import go
from app.stores.base import Action, Resource
from app.stores.journeys import Journeys
from app.stores.stores import Stores
from app.views.haste import searched
from app.views.none_found import none_found
from app.views.pathway_parts import access_badge, icon_of
from app.views.pathway_reminders import RemindersDue
from app.views.support import cards, freshness, keyed, nothing, search_field, told

PAGE = 20


@component
def PathwaysScreen(stores: Stores) -> ft.Control:
    """``/pathways``."""
    t, pathways = use_text(), stores.pathways
    return Screen(
        "pathways",
        t("pathways.title"),
        [
            text(t("pathways.lead"), "lead"),
            RemindersDue(stores, pathways.journeys, pathways.journeys.all, pathways.all),
            GuestNotice(stores, pathways.guest.all, pathways.bring),
            Listed(stores, pathways.all, pathways.journeys, pathways.journeys.all),
        ],
        wide=True,
    )


@component
def GuestNotice(
    stores: Stores, guest: Resource[tuple[Journey, ...]], bring: Action[[]], key: str = "guest"
) -> ft.Control:
    """Somebody signed in began something on this device before: take it along, leave it or remove it."""
    t = use_text()
    ft.use_effect(stores.pathways.look.run, [])
    waiting = stores.pathways.waiting_here()
    if not waiting:
        return nothing()
    names = ", ".join(title_of(stores, one) for one in waiting)
    ways = [
        button("pathways.bring", t("pathways.bring"), bring.run, icon=ft.Icons.UPLOAD_OUTLINED),
        button("pathways.leave-behind", t("pathways.forget"), stores.pathways.leave_behind, "quiet"),
    ]
    failed = action_notice(bring, safe=t("pathways.bring_failed"))
    told = notice(
        "info", t("pathways.here", names=names), [t("pathways.here_hint")], ways, id="pathways.here"
    )
    return stack([told, *([failed] if failed else [])], gap="s")


def title_of(stores: Stores, journey: Journey) -> str:
    """Its name in the language of the app; as it was begun where it is not known any more."""
    pathway = stores.pathways.get(journey.pathway)
    return pathway.texts.title if pathway else journey.title


@component
def Listed(
    stores: Stores,
    pathways: Resource[tuple[Pathway, ...]],
    journeys: Journeys,
    own: Resource[tuple[Journey, ...]],
) -> ft.Control:
    """Search and what there is."""
    t = use_text()
    field, words = search_field("pathways.search", t("pathways.search"), t("pathways.search_hint"))
    mine = resource_view(own, lambda value: _mine(stores, journeys, value), id="pathways.own")
    listed = resource_view(pathways, lambda _: _all(stores, words), id="pathways.list")
    age = [freshness(own)] if own.value and not stores.pathways.is_guest else []
    nothing_yet = own.value == () and own.problem is None and not journeys.others
    asked = searched(stores.region, field, words, id="pathways.red-flag")
    return stack([*([] if nothing_yet else [mine]), *age, *asked, listed], gap="l")


def _mine(stores: Stores, journeys: Journeys, own: tuple[Journey, ...]) -> ft.Control:
    others = journeys.others
    return stack([_own(stores, own), *([_others(others)] if others else [])], gap="l")


def _others(plans: tuple[OtherPlan, ...]) -> ft.Control:
    """Plans made elsewhere: what can be shown of them, and what cannot is said."""
    t = use_text()
    made = [keyed(plan.id, _other(plan)) for plan in plans]
    return section(
        t("pathways.others"), [text(t("pathways.others_hint"), "muted"), *made], id="pathways.others"
    )


def _other(plan: OtherPlan) -> ft.Control:
    t = use_text()
    by = [text(t("pathways.other_by", name=plan.by), "small")] if plan.by else []
    about = [text(plan.description)] if plan.description else []
    items = [told(ft.Icons.CHEVRON_RIGHT, text(item.title)) for item in plan.items]
    notes = [text(t(f"pathways.other_note.{note}"), "small") for note in plan.notes]
    title = plan.title or t("pathways.other_untitled")
    return panel(stack([heading(title, 3), *by, *about, *items, *notes], gap="s"))


def _own(stores: Stores, journeys: tuple[Journey, ...]) -> ft.Control:
    """One's own, those that go on first."""
    t = use_text()
    shown = sorted(journeys, key=lambda one: one.state != "active")
    if not shown:
        return nothing()
    made = [keyed(one.id, _own_card(stores, one)) for one in shown]
    return section(t("pathways.own"), [cards(made)])


def _own_card(stores: Stores, journey: Journey) -> ft.Control:
    t = use_text()
    kind = {"active": "success", "paused": "neutral", "left": "neutral"}[journey.state]
    icon = {"active": ft.Icons.PLAY_ARROW, "paused": ft.Icons.PAUSE, "left": ft.Icons.STOP}[journey.state]
    pathway = stores.pathways.get(journey.pathway)
    lines = [pathway.texts.goal] if pathway else [t("pathways.not_here")]
    return card_button(
        "pathways.journey",
        title_of(stores, journey),
        lines,
        lambda: go(f"/pathways/{journey.pathway}"),
        icon=icon_of(pathway),
        badge=badge(kind, t(f"pathways.journey.{journey.state}"), icon),
    )


def _all(stores: Stores, words: str) -> ft.Control:
    t = use_text()
    found = stores.pathways.find(words)
    if not found:
        services = button("pathways.services", t("pathways.to_services"), lambda: go("/services"), "quiet")
        return none_found(stores.region, "pathways.none", words, [services], id="pathways.none")
    groups = (
        ("pathways.open", "pathways.open_hint", [one for one in found if one.is_open]),
        ("pathways.referral", "pathways.referral_hint", [one for one in found if not one.is_open]),
    )
    return stack(
        [
            section(t(title), [text(t(hint), "muted"), Many(tuple(members), _card, key=f"{title} {words}")])
            for title, hint, members in groups
            if members
        ],
        gap="l",
    )


@component
def Many(rows: tuple[Any, ...], draw: Callable[[Any], ft.Control]) -> ft.Control:
    """A long list as cards, a page at a time: only what is shown is drawn."""
    t = use_text()
    shown, show = ft.use_state(PAGE)
    left = len(rows) - shown
    step = button(
        "pathways.more",
        t("pathways.more", n=left),
        lambda: show(shown + PAGE),
        "secondary",
        ft.Icons.EXPAND_MORE,
    )
    return stack([cards([draw(row) for row in rows[:shown]]), *([step] if left > 0 else [])], gap="s")


def _card(pathway: Pathway) -> ft.Control:
    texts = pathway.texts
    card = card_button(
        "pathways.card",
        texts.title,
        [texts.summary],
        lambda: go(f"/pathways/{pathway.id}"),
        icon=icon_of(pathway),
        badge=access_badge(pathway),
    )
    return keyed(pathway.id, card)
