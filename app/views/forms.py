"""A resident's forms: what was sent, what is unfinished, what anyone may fill in, what was answered (rows F1, F7)."""

from urllib.parse import parse_qs, urlsplit

import flet as ft

from app.components import (
    Screen,
    badge,
    button,
    card_button,
    component,
    resource_view,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import panel
from app.domain.forms import Answered, FormCard, SentForm, SentState
from app.domain.messages import MessageState
from app.domain.services import Service
from app.forms.filling import Filling
from app.forms.nodes import Node
from app.offline.drafts import Draft
from app.platform.window import go, here
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.attachments import AttachmentLink
from app.views.context import use_stores
from app.views.forms_words import answer_words, draft_address, label_of, sender_of
from app.views.ledger import state_badge
from app.views.support import cards, freshness, missing, nothing, read_aloud


@component
def FormsScreen(stores: Stores, own: Own) -> ft.Control:
    """``/forms``. A county without forms of its own offers none; what a professional has sent is there all the same."""
    t, offers = use_text(), stores.region.has("forms")
    offered = section(
        t("forms.open.title"),
        [text(t("forms.open.lead"), "muted"), Catalogue(own, own.forms.catalogue)],
    )
    return Screen(
        "forms",
        t("forms.title"),
        [
            section(
                t("forms.sent.title"),
                [ToDo(stores.services, stores.services.all, own, own.forms.sent), freshness(own.forms.sent)],
            ),
            Unfinished(own, own.forms.drafts),
            offered if offers else text(t("forms.only-sent"), "muted", id="forms.only-sent"),
            section(t("forms.answered.title"), [Sent(own, own.forms.answers)]),
        ],
        wide=True,
    )


@component
def ToDo(
    services: Services, all: Resource[tuple[Service, ...]], own: Own, sent: Resource[tuple[SentForm, ...]]
) -> ft.Control:
    """The forms that a professional asks to fill in."""
    empty = text(use_text()("forms.sent.none"), "muted")
    shown = own.forms.to_do() if sent.value else ()
    listed = cards([_to_do(services, own, one) for one in shown]) if shown else empty
    return resource_view(sent, lambda _: listed, empty=empty, id="forms.sent")


def _to_do(services: Services, own: Own, one: SentForm) -> ft.Control:
    t, formats, card = use_text(), use_format(), own.forms.card(one.canonical)
    late = one.is_late(use_ui().now().date())
    lines = [
        t("forms.from", sender=sender) if (sender := sender_of(services, one)) else "",
        one.purpose,
        t("forms.due-late" if late else "forms.due", day=formats.day(one.due)) if one.due else "",
        t("forms.minutes", n=minutes) if (minutes := one.minutes or (card.minutes if card else None)) else "",
        t("forms.reader", reader=reader) if (reader := one.reader or (card.reader if card else "")) else "",
    ]
    address = f"/forms/fill/{card.id}?task={one.id}" if card else f"/forms/fill/{one.id}"
    return card_button(
        "forms.task",
        card.title if card else t("forms.form"),
        [line for line in lines if line],
        lambda: go(address),
        icon=ft.Icons.ASSIGNMENT_OUTLINED,
        badge=badge("warning", t("forms.late")) if late else None,
    )


@component
def Unfinished(own: Own, drafts: Resource[tuple[Draft, ...]]) -> ft.Control:
    """What was begun here or on another device."""
    t, formats = use_text(), use_format()
    if not drafts.value:
        return nothing()
    shown = []
    for draft in drafts.value:
        card = own.forms.card(str(draft.body.get("form", "")))
        when = (
            t("forms.saved-at", moment=formats.moment(draft.saved_at, use_ui().now()))
            if draft.saved_at
            else ""
        )
        title = (card.title if card else "") or str(draft.body.get("title") or t("forms.form"))
        shown.append(_draft_card(title, when, draft_address(draft)))
    return section(t("forms.drafts.title"), [cards(shown)])


def _draft_card(title: str, when: str, address: str) -> ft.Control:
    return card_button(
        "forms.draft", title, [when] if when else [], lambda: go(address), icon=ft.Icons.EDIT_NOTE
    )


FIRST = 8  # forms of the catalogue that are shown before more are asked for


@component
def Catalogue(own: Own, catalogue: Resource[tuple[FormCard, ...]]) -> ft.Control:
    """The forms that anyone may fill in: the first few, then all."""
    t = use_text()
    whole, show_whole = ft.use_state(False)
    empty = text(t("forms.open.none"), "muted")

    def listed(value: tuple[FormCard, ...]) -> ft.Control:
        shown = cards([_card(one) for one in (value if whole else value[:FIRST])])
        if whole or len(value) <= FIRST:
            return shown
        more = button("forms.more", t("forms.open.all", n=len(value)), lambda: show_whole(True), "secondary")
        return stack([shown, more])

    return resource_view(catalogue, listed, empty=empty, id="forms.open")


def _card(one: FormCard) -> ft.Control:
    t = use_text()
    minutes = t("forms.minutes", n=one.minutes) if one.minutes else ""
    first = one.description.partition(". ")
    about = first[0] + ("." if first[1] else "")
    lines = [line for line in (about, minutes) if line]
    return card_button(
        "forms.card",
        one.title,
        lines,
        lambda: go(f"/forms/fill/{one.id}"),
        icon=ft.Icons.DESCRIPTION_OUTLINED,
    )


@component
def Sent(own: Own, answers: Resource[tuple[Answered, ...]]) -> ft.Control:
    """What was answered."""
    empty = text(use_text()("forms.answered.none"), "muted")
    done = [one for one in answers.value or () if not one.unfinished]
    listed = cards([_answer_card(own, one) for one in done]) if done else empty
    return resource_view(answers, lambda _: listed, empty=empty, id="forms.answers")


def _answer_card(own: Own, one: Answered) -> ft.Control:
    formats = use_format()
    when = (
        formats.moment(one.receipt_at or one.authored, use_ui().now())
        if one.receipt_at or one.authored
        else ""
    )
    return card_button(
        "forms.answer",
        title_of(own, one),
        [when] if when else [],
        lambda: go(f"/forms/answer/{one.id}"),
        icon=ft.Icons.TASK_OUTLINED,
        badge=state_badge(one.state),
    )


def title_of(own: Own, one: Answered) -> str:
    """The name of the form that was answered, in the language of the app when the form is known."""
    card = own.forms.card(one.canonical)
    return (card.title if card else "") or one.title or use_text()("forms.form")


# --- one answer ----------------------------------------------------------------------------------------------------


@component
def AnswerScreen(stores: Stores, own: Own, id: str) -> ft.Control:
    """``/forms/answer/<id>``."""
    back = parse_qs(urlsplit(here()).query).get("back", [""])[0]
    return AnswerPage(own, own.forms.answers, id, back if back.startswith("/") else "/forms")


@component
def AnswerPage(own: Own, answers: Resource[tuple[Answered, ...]], id: str, back: str) -> ft.Control:
    """The receipt and what was answered, as long as the resident wants to see it."""
    t = use_text()
    one = own.forms.answered(id)
    if one is None:
        return Screen(
            "forms.answered",
            t("forms.form"),
            missing(t("errors.not_found.title")),
            back="/forms",
        )
    return Screen(
        "forms.answered",
        title_of(own, one),
        [_receipt(own, one), _content(own, one), _what_next(own, one, back)],
        back=back,
    )


_STATES = {
    MessageState.WAITING: "waiting",
    MessageState.SENDING: "sending",
    MessageState.REFUSED: "refused",
}


def _receipt(own: Own, one: Answered) -> ft.Control:
    """Whether the service has it: with its number and time, or that it has not (row F8)."""
    t, formats = use_text(), use_format()
    lines = [text(t(f"forms.state.{_STATES.get(one.state, 'sent')}"))]
    if one.receipt_at is not None:
        lines.append(
            text(
                t(
                    "forms.receipt",
                    moment=formats.moment(one.receipt_at, use_ui().now()),
                    number=read_aloud(one.id),
                ),
                "small",
            )
        )
    to_outbox = button("forms.to-outbox", t("nav.outbox"), lambda: go("/outbox"), "secondary")
    pending = one.state in (MessageState.WAITING, MessageState.SENDING, MessageState.REFUSED)

    def mend() -> None:
        draft = own.forms.take_back(one.id)
        go(draft_address(draft) if draft else "/outbox")

    again = button("forms.mend", t("forms.mend"), mend, icon=ft.Icons.EDIT_OUTLINED)
    ways = [*([again] if own.forms.can_take_back(one.id) else []), to_outbox]
    return stack(
        [state_badge(one.state), *lines, *([row(ways)] if pending else [])],
        gap="s",
        id="forms.receipt",
    )


def _content(own: Own, one: Answered) -> ft.Control:
    t = use_text()
    filling = own.forms.answer_of(one.id)
    if filling is None:
        return text(t("forms.answered.no-form"), "muted")
    rows = [_line(own, filling, node) for node in filling.questions if answer_words(filling, node)]
    return section(t("forms.your-answers"), [stack(rows, gap="s", id="forms.content")])


def _line(own: Own, filling: Filling, node: Node) -> ft.Control:
    files = own.forms.files_in(node)
    links: list[ft.Control] = [AttachmentLink(own.attachments, file, key=file.id) for file in files]
    words = links or [text(one) for one in answer_words(filling, node)]
    return panel(stack([text(label_of(filling, node), "label"), *words], gap="xs"), padding=12)


def _what_next(own: Own, one: Answered, back: str) -> ft.Control:
    t = use_text()

    def again() -> None:
        form = own.forms.again(one.id)
        if form:
            go(f"/forms/fill/{form}")

    ready = button("forms.ready", t("forms.ready"), lambda: go(back))
    more = button("forms.again", t("forms.again"), again, "secondary", ft.Icons.REPLAY)
    offered = own.forms.card(one.canonical) and use_stores().region.has("forms")
    return row([ready, *([more] if offered else [])])


def forms_news(stores: Stores, own: Own) -> ft.Control:
    """On Home: how many forms wait to be filled in."""
    return FormsNews(own, own.forms.sent)


@component
def FormsNews(own: Own, sent: Resource[tuple[SentForm, ...]]) -> ft.Control:
    """See forms_news."""
    t, formats = use_text(), use_format()
    waiting = [one for one in own.forms.to_do() if one.state is SentState.TO_DO]
    if not waiting:
        return nothing()
    first = waiting[0]
    known = own.forms.card(first.canonical)
    title = known.title if known else t("forms.form")
    due = (
        t(
            "forms.due-late" if first.is_late(use_ui().now().date()) else "forms.due",
            day=formats.day(first.due),
        )
        if first.due
        else ""
    )
    lines = [line for line in (title, due) if line]
    go_there = f"/forms/fill/{known.id}?task={first.id}" if known and len(waiting) == 1 else "/forms"
    card = card_button(
        "home.forms",
        t("forms.home", n=len(waiting)),
        lines,
        lambda: go(go_there),
        icon=ft.Icons.ASSIGNMENT_OUTLINED,
    )
    return section(t("forms.sent.title"), [card])
