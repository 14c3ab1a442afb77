"""What the resident permits, in plain words, with the effect told before it is saved (row E9)."""

from typing import Any

import flet as ft

from app.components import (
    Screen,
    badge,
    button,
    component,
    dialog,
    resource_view,
    section,
    stack,
    text,
    use_format,
    use_text,
)
from app.components.layout import panel
from app.domain.me import Consent
from app.stores.base import Action, Resource
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.messages import Elsewhere
from app.views.support import cards, freshness, kept_notice, keyed


@component
def PermissionsScreen(stores: Stores, own: Own) -> ft.Control:
    """``/me/permissions``."""
    t = use_text()
    return Screen(
        "me.permissions",
        t("me.permissions.title"),
        [
            text(t("me.permissions.lead"), "lead"),
            Permissions(own, own.me.consents, own.me.answer),
            section(t("me.permissions.elsewhere"), [text(t("me.permissions.kanta"), "muted")]),
            Elsewhere(stores),
        ],
        back="/record",
        wide=True,
    )


@component
def Permissions(own: Own, consents: Resource[tuple[Consent, ...]], answer: Action[Any]) -> ft.Control:
    """One for each, in one of the four states of a list."""
    ft.use_effect(lambda: answer.reset(), [])
    t = use_text()
    shown = resource_view(
        consents, lambda value: cards([_card(own, one) for one in value]), id="me.permissions.list"
    )
    pending = any(one.pending for one in consents.value or ())
    told = kept_notice(answer, pending, t("me.permissions.saved"), t("me.permissions.done"))
    return stack([*([told] if told else []), shown, freshness(consents)])


def _card(own: Own, consent: Consent) -> ft.Control:
    return keyed(consent.permission.value, Permission(own, consent))


@component
def Permission(own: Own, consent: Consent) -> ft.Control:
    """What, to whom, since when; and a button that first tells what changes."""
    t, formats = use_text(), use_format()
    asking, ask = ft.use_state(False)
    key = f"me.permission.{consent.permission.value}"
    ft.use_dialog(_preview(own, consent, lambda: ask(False)) if asking else None)
    state = "given" if consent.given else "not_given"
    marks = {True: ("success", ft.Icons.CHECK), False: ("neutral", ft.Icons.BLOCK)}
    kind, mark = marks[consent.given]
    since = (
        t("me.permissions.since", day=formats.date(formats.local(consent.since).date()))
        if consent.since and consent.given
        else ""
    )
    change = "me.permissions.withdraw" if consent.given else "me.permissions.give"
    words = [
        text(t(key), "strong"),
        badge(kind, t(f"me.permissions.{state}"), mark),
        text(t(f"{key}.what")),
        *([text(since, "small")] if since else []),
        *([text(t("kit.waiting"), "small")] if consent.pending else []),
        button(
            f"me.permission.{consent.permission.value}",
            t(change),
            lambda: ask(True),
            "secondary",
            said=f"{t(change)}: {t(key)}",
        ),
    ]
    return panel(stack(words, gap="s"))


def _preview(own: Own, consent: Consent, close: Any) -> ft.AlertDialog:
    """What changes, before anything is saved."""
    t = use_text()
    key = f"me.permission.{consent.permission.value}.{'off' if consent.given else 'on'}"

    async def save() -> None:
        close()
        await own.me.answer.run(consent, not consent.given)

    actions = [
        button(
            "me.permission.save",
            t("me.permissions.withdraw" if consent.given else "me.permissions.give"),
            save,
        ),
        button("me.permission.cancel", t("common.cancel"), close, "quiet"),
    ]
    lines = [
        text(t("me.permissions.effect"), "label"),
        text(t(key)),
        text(t("me.permissions.any_time"), "muted"),
    ]
    return dialog(
        "me.permission-dialog", t(f"me.permission.{consent.permission.value}"), lines, actions, close
    )
