"""The ombudsman: what they do, what they do not, and every way to them; also without signing in (B1 to B4)."""

from typing import Any

import flet as ft

from app.components import (
    Screen,
    badge,
    button,
    card,
    card_button,
    component,
    notice,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import panel
from app.domain.ombudsman import About
from app.domain.opening import Closed, Open
from app.domain.services import Service
from app.platform.window import go
from app.stores.base import Resource
from app.stores.ombudsman import Ombudsman
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.promises import called_back
from app.views.support import beside, cards, freshness, phone_now, told

ROLE = (
    (ft.Icons.CHECK, "ombudsman.does"),
    (ft.Icons.CLOSE, "ombudsman.does_not"),
    (ft.Icons.LOCK_OUTLINE, "ombudsman.confidential"),
    (ft.Icons.EURO, "ombudsman.free"),
)


@component
def OmbudsmanScreen(stores: Stores) -> ft.Control:
    """``/ombudsman``."""
    t = use_text()
    return Screen(
        "ombudsman",
        t("ombudsman.title"),
        [
            stack([told(mark, text(t(key))) for mark, key in ROLE], gap="s", id="ombudsman.role"),
            beside(
                [
                    Ways(stores, stores.ombudsman, stores.services.all),
                    section(
                        t("ombudsman.answer_waits"),
                        [
                            card_button(
                                "ombudsman.collect",
                                t("ombudsman.collect"),
                                [t("ombudsman.collect_hint")],
                                lambda: go("/ombudsman/answer"),
                                icon=ft.Icons.KEY_OUTLINED,
                            )
                        ],
                    ),
                    section(
                        t("ombudsman.helper"),
                        [
                            card_button(
                                "ombudsman.helper",
                                t("ombudsman.helper.open"),
                                [t("ombudsman.helper.hint")],
                                lambda: go("/ombudsman/helper"),
                                icon=ft.Icons.SIGNPOST_OUTLINED,
                            )
                        ],
                    ),
                ],
                [Reach(stores.services, stores.services.all)],
            ),
        ],
        back="/",
        wide=True,
    )


def is_open(services: Services) -> Service | None:
    """The first of both ombudsmen who is there now."""
    known = (services.service(id) for id in About.UNKNOWN.services)
    return next((s for s in known if s is not None and isinstance(services.hours(s), Open)), None)


@component
def Ways(stores: Stores, store: Ombudsman, all: Resource[Any]) -> ft.Control:
    """Without a name, now or later; or in one's own name. The two are clearly apart."""
    t = use_text()
    going_on = store.talk is not None
    here = is_open(stores.services) is not None
    chat = (
        card_button(
            "ombudsman.talk.return" if going_on else "ombudsman.chat",
            t("ombudsman.chat.return") if going_on else t("ombudsman.chat"),
            [t("ombudsman.chat.hint")],
            lambda: go("/ombudsman/chat"),
            icon=ft.Icons.CHAT_OUTLINED,
            badge=badge("success", t("services.open")),
        )
        if here or going_on
        else _closed(stores.services)
    )
    letter = card_button(
        "ombudsman.letter",
        t("ombudsman.letter"),
        [t("ombudsman.letter.hint")],
        lambda: go("/ombudsman/letter"),
        icon=ft.Icons.MAIL_LOCK_OUTLINED,
    )
    signed = card_button(
        "ombudsman.signed",
        t("ombudsman.signed_letter"),
        [t("ombudsman.signed_letter.hint")],
        lambda: go("/ombudsman/mine"),
        icon=ft.Icons.BADGE_OUTLINED,
    )
    return stack(
        [
            section(t("ombudsman.anonymous"), [cards([chat, letter])]),
            section(t("ombudsman.signed"), [signed]),
        ],
        gap="l",
    )


def _closed(services: Services) -> ft.Control:
    """The chat is closed: when it opens; a message can always be written."""
    t, formats = use_text(), use_format()
    known = [services.service(id) for id in About.UNKNOWN.services]
    states = [services.hours(service) for service in known if service is not None]
    opens = [state.opens for state in states if isinstance(state, Closed) and state.opens]
    words = (
        t("chat.opens", time=formats.moment(min(opens), use_ui().now())) if opens else t("services.closed")
    )
    told = [badge("neutral", words, ft.Icons.SCHEDULE), text(t("ombudsman.chat.closed"), "muted")]
    return card("ombudsman.chat.closed", t("ombudsman.chat"), told, ft.Icons.SPEAKER_NOTES_OFF_OUTLINED)


@component
def Reach(services: Services, all: Resource[Any]) -> ft.Control:
    """Telephone, hours, call-back and address of both: digital is never the only way (row L4)."""
    t = use_text()
    known = [service for id in About.UNKNOWN.services if (service := services.service(id)) is not None]
    parts = [_one(service) for service in known] or [text(t("common.not_known"), "muted")]
    return section(t("ombudsman.reach"), [*parts, freshness(all)])


def _one(service: Service) -> ft.Control:
    formats = use_format()
    lines = [*formats.hours_lines(service.hours), service.address, called_back(service)]
    call = [row([phone_now(service)])] if service.phone else []
    return panel(
        stack([text(service.name, "label"), *(text(line) for line in lines if line), *call], gap="xs")
    )


def no_connection(id: str = "ombudsman.problem") -> ft.Control:
    """It did not get through: nothing was sent, and what else can be done."""
    t = use_text()
    return notice(
        "error",
        t("ombudsman.problem"),
        [t("ombudsman.problem.safe"), t("ombudsman.problem.call")],
        [to_reach()],
        id=id,
    )


def to_reach() -> ft.Control:
    """To telephone, hours and address, from where nothing more can be done (row L4)."""
    return button("ombudsman.to-reach", use_text()("ombudsman.reach"), lambda: go("/ombudsman"), "secondary")
