"""Feedback and failure demand: never in the way, once for each case, numbers only and only with leave (L1 to L3)."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.components import (
    Screen,
    button,
    checkbox,
    component,
    disclosure,
    notice,
    radio_group,
    row,
    section,
    stack,
    text,
    use_text,
)
from app.components.layout import panel
from app.domain.counts import Mark, Reason
from app.domain.messages import Thread
from app.platform.window import go
from app.stores.counts import Counts
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.chat_card import chat_card
from app.views.support import nothing, technical_support
from app.views.thread_card import thread_card


@component
def FeedbackScreen(stores: Stores) -> ft.Control:
    """``/feedback``: on the app and on the service, apart; and whether anything may be counted at all."""
    t = use_text()
    return Screen(
        "feedback",
        t("feedback.title"),
        [
            text(t("feedback.lead"), "lead"),
            Allow(stores.counts),
            Rating(stores.counts, "app"),
            Rating(stores.counts, "service"),
            technical_support(stores.region),
        ],
        back="/settings",
    )


@component
def Allow(counts: Counts) -> ft.Control:
    """Off until the resident says so; what is counted can be read."""
    t = use_text()
    opened, toggle = ft.use_state(False)
    lines = [f"{_counted(name)}: {n}" for name, n in sorted(counts.counts.items())]
    shown = disclosure(
        "feedback.counted",
        t("feedback.counted"),
        opened,
        lambda: toggle(not opened),
        [text(line, "small") for line in lines] or [text(t("feedback.counted.none"), "muted")],
    )
    return stack(
        [
            checkbox(
                "feedback.allow", t("feedback.allow"), counts.on, counts.allow, t("feedback.allow.hint")
            ),
            shown,
        ],
        gap="s",
    )


def _counted(name: str) -> str:
    """What is counted under ``name``, one of ``NAMES``, in the words that the resident pressed."""
    t = use_text()
    kind, _, answer = name.partition(".")
    if kind == "returned":
        return f"{t('feedback.return')} – {t(f'feedback.return.{answer}')}"
    if kind in ("app", "service"):
        return f"{t(f'feedback.{kind}')} {t(f'feedback.mark.{answer}')}"
    return str(t(f"feedback.counted.{name}"))


@component
def Rating(counts: Counts, what: str) -> ft.Control:
    """One question, one tap."""
    t = use_text()
    value, choose = ft.use_state("")

    def rate(mark: str) -> None:
        if not value:
            counts.add(f"{what}.{mark}")
        choose(mark)

    options = [(mark.value, t(f"feedback.mark.{mark.value}")) for mark in Mark]
    asked = radio_group(
        f"feedback.{what}", t(f"feedback.{what}"), options, value or None, rate, t(f"feedback.{what}.hint")
    )
    thanks = [text(t("feedback.thanks" if counts.on else "feedback.not_sent"), "muted")] if value else []
    return stack([asked, *thanks], gap="s")


@component
def AskOnce(counts: Counts, case: str) -> ft.Control:
    """Beside a case that has ended: asked once, closed with one tap, blocks nothing."""
    t = use_text()
    if not counts.once(case):
        return nothing()

    def close() -> None:
        counts.asked(case)

    options = [(mark.value, t(f"feedback.mark.{mark.value}")) for mark in Mark]

    def rate(mark: str) -> None:
        counts.add(f"service.{mark}")
        close()

    return panel(
        stack(
            [
                radio_group("feedback.service", t("feedback.service"), options, None, rate, beside=True),
                row([button("feedback.close", t("feedback.close"), close, "quiet")]),
            ],
            gap="s",
            id="feedback.asked",
        )
    )


@component
def ComeBack(counts: Counts, on_reason: Callable[[str], Any]) -> ft.Control:
    """ "I come back to the same matter", and why: the resident goes on, the county gets a number (row L2)."""
    t = use_text()
    opened, toggle = ft.use_state(False)

    def choose(reason: str) -> None:
        counts.add(f"returned.{reason}")
        on_reason(reason)

    options = [(reason.value, t(f"feedback.return.{reason.value}")) for reason in Reason]
    return disclosure(
        "feedback.return",
        t("feedback.return"),
        opened,
        lambda: toggle(not opened),
        [
            radio_group("feedback.reason", t("feedback.return.why"), options, None, choose),
            text(t("feedback.return.hint"), "small"),
        ],
    )


def open_case(own: Own, service_id: str, draft_thread: str) -> Thread | None:
    """A conversation with this service that waits for an answer, when a new one is being begun (row L3)."""
    if draft_thread:
        return None
    threads = own.messages.threads.value or ()
    waiting = (t for t in threads if t.service_id == service_id and not t.closed and t.unanswered_since)
    return next(waiting, None)


@component
def DuplicateGuard(counts: Counts, own: Own, services: Services, service_id: str) -> ft.Control:
    """Before a new contact by message or chat: what is open with the service, and its promise, then the choice;
    nothing is hindered."""
    t = use_text()
    done, close = ft.use_state(False)
    thread, chat = open_case(own, service_id, ""), own.chat.open_with(service_id)
    if done or (thread is None and chat is None):
        return nothing()

    def add() -> None:
        counts.add("duplicate.avoided")
        if chat is not None:
            go(f"/chat/{chat.id}")
        elif thread is not None:
            go(f"/messages/draft/{own.messages.reply_to(thread)}")

    return stack(
        [
            notice(
                "info",
                t("feedback.duplicate"),
                [t("feedback.duplicate.hint")],
                live=False,
                id="feedback.duplicate",
            ),
            *([chat_card(services, chat)] if chat is not None else []),
            *([thread_card(thread, services)] if thread is not None else []),
            row(
                [
                    button("feedback.add", t("feedback.add"), add, "secondary"),
                    button("feedback.new-matter", t("feedback.new_matter"), lambda: close(True), "quiet"),
                ]
            ),
        ],
        gap="s",
    )


def feedback_link() -> ft.Control:
    """To the feedback, from the settings."""
    t = use_text()
    return section(
        t("feedback.title"),
        [row([button("settings.feedback", t("feedback.open"), lambda: go("/feedback"), "secondary")])],
    )
