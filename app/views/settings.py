"""Settings: language, text, contrast, brightness; who is signed in; signing out in two taps (rows K1-K5, M3, J4)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.components import (
    Screen,
    button,
    checkbox,
    component,
    dialog,
    notice,
    radio_group,
    row,
    section,
    stack,
    text,
    use_text,
)
from app.components.base import Handler
from app.i18n.catalog import LANGUAGES
from app.platform.window import go
from app.stores.base import Status
from app.stores.device import OwnDevice
from app.stores.own import Own
from app.stores.session import Session
from app.stores.settings import SCALES, Settings
from app.stores.stores import Stores
from app.views.accessibility import about_links
from app.views.diagnostics import DiagnosticsCopy
from app.views.feedback import feedback_link
from app.views.own_device import own_device_choice
from app.views.support import beside, technical_support
from app.views.unlock_settings import unlock_settings


@component
def SettingsScreen(stores: Stores, session: Session) -> ft.Control:
    """Everything that can be chosen, whether signed in or not."""
    t = use_text()
    return Screen(
        "settings",
        t("settings.title"),
        [
            beside(
                [
                    Choices(stores.settings),
                    section(
                        t("settings.device"), [_person(stores, session), own_device_choice(stores.device)]
                    ),
                    *unlock_settings(session, stores.unlock),
                ],
                [
                    technical_support(stores.region),
                    about_links(),
                    DiagnosticsCopy(stores),
                    feedback_link(),
                    text(t("settings.version", version=stores.version), "small"),
                ],
            )
        ],
        back="/",
        wide=True,
    )


@component
def Choices(settings: Settings) -> ft.Control:
    """Each choice takes effect at once."""
    t = use_text()

    def group(
        name: str, title: str, options: list[tuple[str, str]], value: str, hint: str = ""
    ) -> ft.Control:
        return radio_group(
            f"settings.{name.replace('_', '-')}",
            title,
            options,
            value,
            lambda chosen: settings.choose(name, chosen),
            description=hint,
            beside=True,
        )

    contrast = [("no", t("settings.contrast.normal")), ("yes", t("settings.contrast.high"))]
    languages = [(code, LANGUAGES[code]) for code in settings.languages]
    sizes = [(size, t(f"settings.text_size.{size}")) for size in SCALES]
    brightness = [(b, t(f"settings.brightness.{b}")) for b in ("system", "light", "dark")]
    return stack(
        [
            group(
                "language", t("settings.language"), languages, settings.language, t("settings.language_hint")
            ),
            group("text_size", t("settings.text_size"), sizes, settings.text_size),
            group(
                "high_contrast", t("settings.contrast"), contrast, "yes" if settings.high_contrast else "no"
            ),
            group("brightness", t("settings.brightness"), brightness, settings.brightness),
        ],
        gap="l",
    )


def _person(stores: Stores, session: Session) -> ft.Control:
    t = use_text()
    if session.own is None:
        return text(t("settings.not_signed_in"))
    return SignedIn(session, session.own, stores.device)


@component
def SignedIn(session: Session, own: Own, device: OwnDevice) -> ft.Control:
    """Who is signed in, and the way out."""
    t = use_text()
    asking, ask = ft.use_state(False)
    sure, set_sure = ft.use_state(False)
    sending, set_sending = ft.use_state(Status.IDLE)

    def close() -> None:
        ask(False)
        set_sure(False)
        set_sending(Status.IDLE)

    async def send() -> None:
        set_sending(Status.RUNNING)
        await own.send_now()
        set_sending(Status.DONE)

    tick = Leaving(sure, set_sure, sending, send)
    ft.use_dialog(sign_out_dialog(session, own, device, tick, close) if asking else None)
    name = own.resident.value.name if own.resident.value else ""
    return stack(
        [
            text(t("settings.signed_in_as", name=name)),
            text(t("settings.device_stores" if device.on else "device.memory"), "muted"),
            row(
                [
                    button(
                        "settings.sign-out",
                        t("settings.sign_out"),
                        lambda: ask(True),
                        kind="secondary",
                        icon=ft.Icons.LOGOUT,
                    )
                ]
            ),
        ]
    )


@dataclass(frozen=True)
class Leaving:
    """Where the question stands: what would be lost is ticked (``sure``), what waits is being sent or was tried."""

    sure: bool
    set_sure: Callable[[bool], Any]
    sending: Status
    send: Handler


def sign_out_dialog(
    session: Session, own: Own, device: OwnDevice, leaving: Leaving, close: Handler
) -> ft.AlertDialog:
    """Send what waits, keep, or erase; what would be lost is named, and erasing it needs a tick of its own (row J4).

    A browser that keeps nothing has nothing to choose. No component inside: it would lose its place in the tree when
    what stands around the dialog goes away.
    """
    t = use_text()

    async def leave(erase: bool) -> None:
        close()
        await session.sign_out.run(erase)
        go("/")

    return dialog(
        "signout",
        t("signout.title"),
        [
            text(t("signout.lead" if device.keeps else "signout.memory_lead")),
            _sign_out_choices(own, leave, leaving, device.keeps),
        ],
        [button("signout.stay", t("signout.stay"), close, kind="quiet")],
        close,
    )


def _send_first(own: Own, leaving: Leaving) -> list[ft.Control]:
    """What waits can be sent before leaving; what is still left then is said."""
    t = use_text()
    waiting = own.outbox.waiting()
    if leaving.sending is Status.DONE:
        words = t("signout.send_left", n=waiting) if waiting else t("signout.send_done")
        return [notice("warning" if waiting else "success", words, id="signout.sent")]
    if not waiting:
        return []
    busy = leaving.sending is Status.RUNNING
    send = button("signout.send", t("signout.send", n=waiting), leaving.send, busy=busy)
    return [send, text(t("signout.send_hint"), "small")]


def _sign_out_choices(own: Own, leave: Callable[[bool], Any], leaving: Leaving, keeps: bool) -> ft.Control:
    """The ways out; one where nothing is kept anyway."""
    t = use_text()
    drafts, waiting = own.unsent()
    blocked = t("signout.lose_confirm_missing") if (drafts or waiting) and not leaving.sure else ""
    erase_words = t("signout.erase" if keeps else "signout.leave")
    erase = button("signout.erase", erase_words, lambda: leave(True), kind="danger", disabled_because=blocked)
    hint = [text(t("signout.erase_hint"), "small")] if keeps else []
    keep = _keep(waiting, leave) if keeps else []
    return stack(
        [*_send_first(own, leaving), *keep, *_losing(drafts, waiting, leaving), erase, *hint], gap="s"
    )


def _losing(drafts: int, waiting: int, leaving: Leaving) -> list[ft.Control]:
    """What would be lost, to be agreed to before it is."""
    t = use_text()
    losing = [
        *([t("signout.lose_drafts", n=drafts)] if drafts else []),
        *([t("signout.lose_waiting", n=waiting)] if waiting else []),
    ]
    if not losing:
        return []
    lines, title = [t("signout.lose"), *losing], t("signout.lose_title")
    return [
        notice("warning", title, lines, live=False, id="signout.lose"),
        checkbox("signout.sure", t("signout.lose_confirm"), leaving.sure, leaving.set_sure),
    ]


def _keep(waiting: int, leave: Callable[[bool], Any]) -> list[ft.Control]:
    """Everything stays on the device; the main way unless something should be sent first."""
    t = use_text()
    kind = "secondary" if waiting else "primary"
    keep = button("signout.keep", t("signout.keep"), lambda: leave(False), kind, autofocus=True)
    return [keep, text(t("signout.keep_hint"), "small")]
