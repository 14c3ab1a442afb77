"""Writing a non-urgent message: to whom, what about, files, when the answer comes (rows A1 to A8)."""

from collections.abc import Sequence

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    dialog,
    notice,
    row,
    stack,
    text,
    text_field,
    use_format,
    use_text,
    use_ui,
)
from app.components.base import Handler
from app.components.layout import panel
from app.domain.opening import Closed
from app.domain.services import Service
from app.platform.window import go
from app.stores.base import Action, Status
from app.stores.composer import MAX_BODY, MAX_SUBJECT, Composer, Missing
from app.stores.messages import Messages
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.attachments import AttachmentField
from app.views.feedback import DuplicateGuard
from app.views.haste import haste
from app.views.own_device import memory_only
from app.views.promises import promise_before
from app.views.support import contact, framed, keyed, missing, not_for_urgent, nothing, phone_now, told


@component
def ComposeScreen(stores: Stores, own: Own, key: str) -> ft.Control:
    """``/messages/draft/<key>``."""
    t = use_text()
    composer = own.messages.composer(key)
    if composer is None:
        gone = _gone(own.messages.thread_of(key))
        return Screen("messages.compose", t("messages.compose.title"), gone, back="/messages")
    return Compose(stores, own, composer)


def _gone(thread_id: str) -> list[ft.Control]:
    """The draft is no more: it was sent, or thrown away."""
    t = use_text()
    if not thread_id:
        return missing(t("messages.draft.deleted"))
    there = button(
        "messages.to-thread",
        t("messages.draft.sent.open"),
        lambda: go(f"/messages/thread/{thread_id}"),
        icon=ft.Icons.FORUM_OUTLINED,
    )
    return [notice("info", t("messages.draft.sent"), actions=[there], id="messages.gone")]


@component
def Compose(stores: Stores, own: Own, composer: Composer) -> ft.Control:
    """The frame of the form: leaving saves what was written."""
    t = use_text()
    ft.use_effect(lambda: None, [], lambda: own.messages.leave(composer))
    title = t("messages.compose.title_reply") if composer.thread_id else t("messages.compose.title")
    return Screen(
        "messages.compose",
        title,
        [
            framed(
                [
                    Recipient(stores.services, own.messages, composer),
                    *_duplicate(stores, own, composer),
                    not_for_urgent(stores.region),
                ],
                [Form(stores, own, composer, own.messages.send)],
            )
        ],
        back="/messages",
        wide=True,
    )


def _duplicate(stores: Stores, own: Own, composer: Composer) -> list[ft.Control]:
    """A new contact about what may be open already: its state and promise first (row L3)."""
    if composer.thread_id:
        return []
    return [DuplicateGuard(stores.counts, own, stores.services, composer.service_id)]


@component
def Recipient(services: Services, messages: Messages, composer: Composer) -> ft.Control:
    """Who will read it, what it is for, and when the answer comes (row A2)."""
    t = use_text()
    service = services.service(composer.service_id)
    if service is None:
        return text(t("messages.to", service=services.name(composer.service_id)), "strong")
    change = button(
        "messages.recipient.change", t("messages.recipient.change"), lambda: go("/messages/new"), "quiet"
    )
    shown = stack(
        [
            told(ft.Icons.MEDICAL_SERVICES_OUTLINED, text(t("messages.to", service=service.name), "strong")),
            told(ft.Icons.EVENT_AVAILABLE_OUTLINED, promise_before(services, service)),
            *([] if composer.thread_id else [row([change])]),
        ],
        gap="sm",
    )
    return stack([panel(shown), *_closed_now(services, service)])


def _closed_now(services: Services, service: Service) -> list[ft.Control]:
    """It closed while this was being written: the text is kept, and there is a choice (row A5)."""
    t, formats = use_text(), use_format()
    state = services.availability(service)
    if not (service.message_hours and isinstance(state, Closed)):
        return []
    opens = formats.moment(state.opens, use_ui().now()) if state.opens else t("common.not_known")
    return [
        notice(
            "warning",
            t("messages.closing.title"),
            [t("messages.closing.body", opens=opens)],
            [phone_now(service)] if service.phone else [],
            id="messages.closed",
        )
    ]


@component
def Form(stores: Stores, own: Own, composer: Composer, send: Action[[Composer]]) -> ft.Control:
    """Subject, text, files, and the button."""
    parts: tuple[tuple[str, Sequence[ft.Control]], ...] = (
        ("mistakes", _mistakes(composer)),
        ("subject", [] if composer.thread_id else [_subject(composer)]),
        ("body", [_body(composer)]),
        ("red-flags", haste(stores.region, f"{composer.subject} {composer.text}", id="messages.red-flag")),
        ("files", [AttachmentField(stores, composer)]),
        ("saved", [_saved(composer)]),
        ("memory-only", [memory_only(stores.device)]),
        ("sent-once", _sent_once(own, composer)),
        ("failed", [_failed(stores, composer, send)]),
        ("send", [SendRow(stores, own, composer, send)]),
    )
    # Keyed, so that a part that comes or goes never takes the focus or a key press from the field being written in.
    return stack([keyed(key, part) for key, shown in parts for part in shown])


def _mistakes(composer: Composer) -> list[ft.Control]:
    """After a try that could not be sent: what to mend, in one place and said aloud."""
    t = use_text()
    if not (composer.tried and composer.missing):
        return []
    lines = [t(_MISSING[what], n=len(composer.text) - MAX_BODY) for what in composer.missing]
    return [notice("error", t("messages.compose.check"), lines, id="messages.mistakes")]


_MISSING = {
    Missing.RECIPIENT: "messages.compose.recipient_missing",
    Missing.SUBJECT: "messages.compose.subject_missing",
    Missing.BODY: "messages.compose.body_missing",
    Missing.TOO_LONG: "messages.compose.too_long",
}


def _error(composer: Composer, *what: Missing) -> str:
    t = use_text()
    found = next((m for m in composer.missing if m in what and composer.tried), None)
    return t(_MISSING[found], n=len(composer.text) - MAX_BODY) if found else ""


def _subject(composer: Composer) -> ft.Control:
    t = use_text()
    return text_field(
        "messages.subject",
        t("messages.compose.subject"),
        composer.subject,
        lambda value: composer.write("subject", value),
        description=t("messages.compose.subject_hint"),
        error=_error(composer, Missing.SUBJECT),
        max_length=MAX_SUBJECT,
        required=True,
        key=f"subject:{composer.key}",
    )


def _body(composer: Composer) -> ft.Control:
    t = use_text()
    return text_field(
        "messages.body",
        t("messages.compose.body"),
        composer.text,
        lambda value: composer.write("text", value),
        description=t("messages.compose.body_hint"),
        error=_error(composer, Missing.BODY, Missing.TOO_LONG),
        multiline=True,
        required=True,
        key=f"body:{composer.key}",
    )


def _saved(composer: Composer) -> ft.Control:
    t, formats = use_text(), use_format()
    if composer.save_problem is not None:
        return notice(
            "error", t("messages.draft.not_saved"), [t("errors.device_full.next")], id="messages.not-saved"
        )
    if composer.saved_at is None:
        return nothing()
    return text(t("messages.draft.saved", time=formats.time(composer.saved_at)), "small", id="messages.saved")


def _failed(stores: Stores, composer: Composer, send: Action[[Composer]]) -> ft.Control:
    t = use_text()
    if send.status is not Status.FAILED:
        return nothing()
    return notice(
        "error",
        t("errors.device_full.title"),
        [t("errors.safe.not_saved"), t("errors.device_full.next"), t("errors.urgent")],
        contact(stores.region),
        id="messages.failed",
    )


def _sent_once(own: Own, composer: Composer) -> list[ft.Control]:
    """This server cannot tell later whether a lost message arrived: that is said before it is sent."""
    t = use_text()
    types = ("Communication", *(["Binary"] if composer.files else []))
    return (
        [notice("info", t("messages.sent_once"), live=False, id="messages.sent-once")]
        if own.sent_once(*types)
        else []
    )


@component
def SendRow(stores: Stores, own: Own, composer: Composer, send: Action[[Composer]]) -> ft.Control:
    """Send, or throw the draft away after a question."""
    t = use_text()
    asking, ask = ft.use_state(False)
    ft.use_dialog(_delete_dialog(own, composer, lambda: ask(False)) if asking else None)

    async def on_send() -> None:
        composer.tried = True
        if composer.missing:
            return
        await send.run(composer)
        if send.status is Status.WAITING:
            stores.counts.add("contact.message")
            go(f"/messages/thread/{composer.thread_id}")

    return row(
        [
            button(
                "messages.send",
                t("messages.compose.send"),
                on_send,
                icon=ft.Icons.SEND_OUTLINED,
                busy=send.status is Status.RUNNING,
            ),
            button(
                "messages.delete",
                t("messages.draft.delete"),
                lambda: ask(True),
                "quiet",
                ft.Icons.DELETE_OUTLINE,
            ),
        ]
    )


def _delete_dialog(own: Own, composer: Composer, close: Handler) -> ft.AlertDialog:
    t = use_text()

    def delete() -> None:
        own.messages.delete(composer)
        go("/messages")

    return dialog(
        "messages.delete-dialog",
        t("messages.draft.delete_title"),
        [text(t("messages.draft.delete_ask"))],
        [
            button("messages.keep", t("messages.draft.keep"), close, "secondary", autofocus=True),
            button("messages.delete-sure", t("common.delete"), delete, "danger"),
        ],
        close,
    )
