"""Looking a form over before it is sent: what must be mended, every answer, and the button (rows F4, F5, F8)."""

import flet as ft

from app.components import button, component, heading, notice, row, stack, text, use_look, use_text
from app.components.layout import panel
from app.forms.nodes import Node
from app.platform.window import go
from app.stores.base import Action, Status
from app.stores.filler import Filler
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.forms_words import answer_words, earlier_words, label_of, problem_words, short_label
from app.views.support import contact, keyed, nothing

MOST_LINKS = 20


@component
def Review(stores: Stores, own: Own, filler: Filler, back: str) -> ft.Control:
    """Everything on one page."""
    t = use_text()
    return stack(
        [
            heading(t("forms.review.title"), 2),
            text(t("forms.review.lead"), "muted"),
            keyed("mistakes", Summary(filler)),
            keyed("answers", Answers(filler)),
            keyed("send", Send(stores, own, filler, own.forms.send, back)),
        ]
    )


@component
def Summary(filler: Filler) -> ft.Control:
    """What must be mended before sending, each with a way there. The first link has the focus (row F5)."""
    t, issues = use_text(), filler.issues()
    if not (filler.tried and issues):
        return nothing()
    links = [_link(filler, place) for place in range(min(len(issues), MOST_LINKS))]
    more = [t("forms.mistakes.more", n=len(issues) - MOST_LINKS)] if len(issues) > MOST_LINKS else []
    return notice(
        "error",
        t("forms.mistakes", n=len(issues)),
        [t("forms.mistakes.how"), *more],
        links,
        id="forms.mistakes",
    )


def _link(filler: Filler, place: int) -> ft.Control:
    issue = filler.issues()[place]
    words = f"{label_of(filler.filling, issue.node)}: {problem_words(filler.filling, issue)}"
    return button(
        "forms.mistake",
        words,
        lambda: filler.show(issue.node),
        "quiet",
        ft.Icons.ARROW_FORWARD if use_look().scale <= 1.25 else None,  # large words need the room
        autofocus=place == 0,
    )


@component
def Answers(filler: Filler) -> ft.Control:
    """What was answered, with a way back to each; how many were left out."""
    t = use_text()
    questions = filler.filling.questions
    answered = [node for node in questions if answer_words(filler.filling, node)]
    left = sum(not node.item.read_only for node in questions) - sum(
        not node.item.read_only for node in answered
    )
    rows = [_answered(filler, node) for node in answered]
    rest = [text(t("forms.review.left", n=left), "muted", id="forms.left")] if left > 0 else []
    return stack([*rows, *rest], gap="s")


def _answered(filler: Filler, node: Node) -> ft.Control:
    t, label = use_text(), short_label(filler.filling, node)
    words = stack(
        [
            text(label, "label"),
            *(text(one) for one in answer_words(filler.filling, node)),
            *([text(earlier_words(filler), "small")] if node.source == "earlier" else []),
        ],
        gap="xs",
    )
    edit = button(
        "forms.edit", t("forms.edit", label=label), lambda: filler.show(node), "quiet", ft.Icons.EDIT_OUTLINED
    )
    return panel(
        stack([words, *([] if node.item.read_only else [edit])], gap="xs"),
        padding=12,
        key=f"answer:{node.number}",
    )


@component
def Send(stores: Stores, own: Own, filler: Filler, send: Action[[Filler]], back: str) -> ft.Control:
    """Send, or go back."""
    t = use_text()

    async def on_send() -> None:
        filler.finish_work()
        filler.tried = True
        if filler.issues():
            return
        await send.run(filler)
        if send.status is Status.WAITING:
            go(f"/forms/answer/{filler.key}" + (f"?back={back}" if back != "/forms" else ""))

    lines = [t("errors.safe.not_saved"), t("errors.device_full.next"), t("errors.urgent")]
    problem = notice("error", t("errors.device_full.title"), lines, contact(stores.region), id="forms.failed")
    press = button(
        "forms.send",
        t("forms.send"),
        on_send,
        icon=ft.Icons.SEND_OUTLINED,
        busy=send.status is Status.RUNNING,
    )
    return stack(
        [
            *([problem] if send.status is Status.FAILED else []),
            row(
                [
                    press,
                    button("forms.back", t("forms.back"), filler.go_back, "secondary", ft.Icons.ARROW_BACK),
                ]
            ),
        ]
    )
