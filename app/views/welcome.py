"""The first screen: what this is, which language, sign in, and what can be done without signing in (rows H1, H3)."""

import flet as ft

from app import views
from app.components import (
    Screen,
    button,
    card_button,
    component,
    error_panel,
    notice,
    of_reading,
    radio_group,
    row,
    section,
    stack,
    text,
    use_text,
)
from app.errors import AppError, Offline, Refused, SignedOut
from app.i18n.catalog import LANGUAGES
from app.pathways.journey import Journey
from app.platform.window import go, here
from app.stores.base import Action, Resource, Status
from app.stores.session import Parting, Session, SessionState
from app.stores.settings import Settings
from app.stores.stores import Stores
from app.views.own_device import own_device_choice
from app.views.pictures import lake
from app.views.practice import practice_card
from app.views.support import cards, nothing, pictured, told


@component
def Welcome(stores: Stores, session: Session) -> ft.Control:
    """Shown at ``/`` while nobody is signed in."""
    t = use_text()
    region = stores.region.name(t.language)
    return Screen(
        "welcome",
        t("welcome.title"),
        [
            *_parted(session, stores.device.keeps),
            pictured(
                [lake(), text(t("welcome.lead", region=region), "lead"), *_reminders(stores)],
                [
                    LanguageChoice(stores.settings),
                    SignIn(stores, session, "/"),
                    own_device_choice(stores.device),
                ],
            ),
            section(t("welcome.can_do"), [told(mark, text(t(key))) for mark, key in _CAN]),
            _without_sign_in(stores),
        ],
        wide=True,
    )


def _reminders(stores: Stores) -> list[ft.Control]:
    """Of what was begun on this device without signing in."""
    pathways = stores.pathways
    if not stores.region.has("pathways"):
        return []
    return [Reminders(stores, pathways.guest.all, key="reminders")]


@component
def Reminders(stores: Stores, begun: Resource[tuple[Journey, ...]]) -> ft.Control:
    """Nothing, not even the pathways themselves, is looked at while nothing was begun here."""
    pathways = stores.pathways
    if not begun.value:
        return nothing()
    return views.pathway_reminders.RemindersDue(stores, pathways.guest, begun, pathways.all)


def _parted(session: Session, keeps: bool) -> list[ft.Control]:
    """Whoever has just signed out is told so, what became of the data, and what is still open elsewhere."""
    t = use_text()
    if session.parting is Parting.NONE:
        return []
    kind = "success"
    words = t("signout.done_erased") if keeps else t("signout.done")
    if session.parting is Parting.KEPT and keeps:
        words = t("signout.done_kept")
    elif session.parting is Parting.NOT_ERASED:
        kind, words = "warning", t("signout.not_erased")
    if not session.exit:
        return [notice(kind, words, id="signout.done")]
    leave = button(
        "signout.elsewhere",
        t("signout.leave_provider"),
        session.leave_provider.run,
        "secondary",
        ft.Icons.LOGOUT,
    )
    return [notice(kind, words, [t("signout.elsewhere")], [leave], id="signout.done")]


_CAN = (
    (ft.Icons.EDIT_OUTLINED, "welcome.can_message"),
    (ft.Icons.EVENT_AVAILABLE_OUTLINED, "welcome.can_promise"),
    (ft.Icons.CLOUD_OFF_OUTLINED, "welcome.can_offline"),
)


def _without_sign_in(stores: Stores) -> ft.Control:
    t = use_text()
    pathways = ("pathways", "welcome.pathways", "pathways.open_hint", ft.Icons.ROUTE_OUTLINED)
    shown = (
        ("services", "welcome.find_service", "welcome.without_sign_in_hint", ft.Icons.SEARCH),
        ("ombudsman", "welcome.ombudsman", "welcome.ombudsman_hint", ft.Icons.BALANCE),
        *([pathways] if stores.region.has("pathways") else []),
        ("first-run", "firstrun.card", "firstrun.card_hint", ft.Icons.SLIDESHOW),
    )
    made = [_way(room, t(title), t(hint), mark) for room, title, hint, mark in shown]
    return section(
        t("welcome.without_sign_in"),
        [cards([*made, practice_card(stores)]), text(t("welcome.call_instead"), "muted")],
    )


def _way(room: str, title: str, hint: str, mark: ft.IconData) -> ft.Control:
    return card_button(f"welcome.{room}", title, [hint], lambda: go(f"/{room}"), icon=mark)


@component
def LanguageChoice(settings: Settings) -> ft.Control:
    """Every language by its own name; it changes at once."""
    t = use_text()
    options = [(code, LANGUAGES[code]) for code in settings.languages]
    return radio_group(
        "welcome.language",
        t("welcome.language"),
        options,
        settings.language,
        lambda code: settings.choose("language", code),
        beside=True,
    )


@component
def SignIn(stores: Stores, session: Session, return_to: str) -> ft.Control:
    """The button to the sign-in page, and why the last try did not succeed."""
    return _SignIn(stores, session, session.sign_in, session.arrive, return_to)


@component
def _SignIn(
    stores: Stores, session: Session, sign_in: Action[[str]], arrive: Action[[str]], return_to: str
) -> ft.Control:
    """Redrawn when either action ends: a try may fail before the session changes."""
    t = use_text()
    leaving = sign_in.status is Status.RUNNING or session.state is SessionState.LEAVING
    parts: list[ft.Control] = []
    if session.problem is not None:
        parts.append(_problem(stores, session.problem))
    parts += [
        row(
            [
                button(
                    "welcome.sign-in",
                    t("signin.progress") if leaving else t("welcome.sign_in"),
                    lambda: sign_in.run(return_to),
                    icon=ft.Icons.LOGIN,
                    busy=leaving,
                )
            ]
        ),
        text(t("welcome.sign_in_hint"), "muted"),
    ]
    return stack(parts)


def _problem(stores: Stores, problem: AppError) -> ft.Control:
    t = use_text()
    if isinstance(problem, Offline):
        return error_panel(problem, t("signin.offline"))
    if isinstance(problem, Refused) and problem.code == "access_denied":
        return notice("info", t("signin.cancelled.title"), [t("signin.cancelled.body")])
    if isinstance(problem, SignedOut):
        return notice("warning", t("signin.interrupted.title"), [t("signin.interrupted.body")])
    number = stores.region.phones.technical_support.number
    return error_panel(of_reading(problem), t("signin.failed.body", number=number))


@component
def SignInNeeded(stores: Stores, session: Session) -> ft.Control:
    """Stands in the place of a screen that needs somebody signed in; signing in leads back to it."""
    t = use_text()
    return Screen(
        "sign-in",
        t("signin.title"),
        [
            lake(),
            text(t("signin.needed"), "lead"),
            SignIn(stores, session, here()),
            text(t("welcome.call_instead"), "muted"),
        ],
    )
