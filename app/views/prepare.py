"""How to prepare: what to do, own questions, needs (row C10). It stays on the device unless it is sent."""

import flet as ft

from app.components import (
    badge,
    button,
    card_button,
    checkbox,
    component,
    icon_button,
    notice,
    row,
    section,
    stack,
    text,
    text_field,
    use_format,
    use_text,
)
from app.components.layout import plain
from app.domain.appointments import Appointment
from app.domain.forms import SentForm, SentState
from app.domain.me import Need
from app.domain.preparing import Notes
from app.platform.window import go
from app.stores.appointments import Appointments
from app.stores.base import Action, Resource, Status
from app.stores.forms import Forms
from app.views.support import keyed

LONGEST = 500


@component
def Prepare(
    appointments: Appointments,
    notes: Resource[Notes],
    send: Action[[str]],
    one: Appointment,
    room: Forms,
    sent: Resource[tuple[SentForm, ...]],
) -> ft.Control:
    """The checklist, the resident's own questions, and what they need to take part."""
    t = use_text()
    return stack(
        [
            section(t("appointments.prepare"), [_checklist(appointments, one), *_forms(room, sent, one)]),
            section(
                t("appointments.questions"),
                [text(t("appointments.questions_hint"), "muted"), Questions(appointments, notes, send, one)],
            ),
            section(t("appointments.needs"), [_needs(appointments, one)]),
        ],
        gap="l",
    )


def _forms(room: Forms, sent: Resource[tuple[SentForm, ...]], one: Appointment) -> list[ft.Control]:
    """The forms of this visit, each a tap away; what is done is said to be done."""
    mine = [form for form in sent.value or () if form.appointment_id == one.id]
    return [_form(room, form) for form in mine if form.state is not SentState.WITHDRAWN]


def _form(room: Forms, form: SentForm) -> ft.Control:
    t, formats, card = use_text(), use_format(), room.card(form.canonical)
    name = card.title if card else t("forms.form")
    if form.state is SentState.DONE:
        done = stack([text(name), badge("success", t("appointments.form_done"), ft.Icons.CHECK)], gap="xs")
        return keyed(form.id, done)
    address = f"/forms/fill/{card.id}?task={form.id}" if card else f"/forms/fill/{form.id}"
    lines = [t("forms.due", day=formats.day(form.due))] if form.due else []
    mark = ft.Icons.ASSIGNMENT_OUTLINED
    return keyed(form.id, card_button("appointment.form", name, lines, lambda: go(address), icon=mark))


def _checklist(appointments: Appointments, one: Appointment) -> ft.Control:
    t = use_text()
    if not one.preparation:
        return text(t("appointments.prepare_nothing"), "muted")
    ticked = appointments.own(one.id).ticked

    def turn(words: str, on: bool) -> None:
        rest = tuple(item for item in ticked if item != words)
        appointments.keep(one.id, ticked=(*rest, words) if on else rest)

    boxes = [_box(words, words in ticked, turn) for words in one.preparation]
    return stack(boxes, gap="xs", id="appointment.checklist")


def _box(words: str, on: bool, turn: object) -> ft.Control:
    assert callable(turn)
    return checkbox("appointment.todo", words, on, lambda new: turn(words, new))


@component
def Questions(
    appointments: Appointments, notes: Resource[Notes], send: Action[[str]], one: Appointment
) -> ft.Control:
    """Own questions: written down here, shown in the waiting room, sent to the professional if one wants."""
    t = use_text()
    words, write = ft.use_state("")
    own = appointments.own(one.id).questions

    def add() -> None:
        if words.strip():
            appointments.keep(one.id, questions=(*own, words.strip()))
            write("")

    async def send_now() -> None:
        await send.run(one.id)

    rows = [_question(appointments, one.id, own, place) for place in range(len(own))]
    field = text_field("appointment.question", t("appointments.question"), words, write, max_length=LONGEST)
    added = button("appointment.add-question", t("appointments.add_question"), add, "secondary", ft.Icons.ADD)
    return stack([*rows, field, row([added]), *_sending(one, own, send, send_now)], gap="s")


def _question(appointments: Appointments, id: str, own: tuple[str, ...], place: int) -> ft.Control:
    t = use_text()

    def remove() -> None:
        appointments.keep(id, questions=own[:place] + own[place + 1 :])

    words = ft.Container(plain(f"{place + 1}. {own[place]}"), expand=True)
    gone = icon_button(
        "appointment.remove-question",
        ft.Icons.DELETE_OUTLINE,
        t("appointments.remove_question", n=place + 1),
        remove,
    )
    return ft.Row([words, gone])


def _sending(
    one: Appointment, own: tuple[str, ...], send: Action[[str]], send_now: object
) -> list[ft.Control]:
    t = use_text()
    assert callable(send_now)
    if not own:
        return []
    if own == one.questions:
        return [notice("success", t("appointments.questions_sent"), id="appointment.questions-sent")]
    failed = (
        [notice("warning", t("appointments.questions_not_sent"), [t("appointments.questions_kept")])]
        if send.problem
        else []
    )
    busy = send.status is Status.RUNNING
    return [
        *failed,
        row(
            [
                button(
                    "appointment.send-questions",
                    t("appointments.send_questions"),
                    send_now,
                    "secondary",
                    ft.Icons.SEND_OUTLINED,
                    busy=busy,
                )
            ]
        ),
    ]


def _needs(appointments: Appointments, one: Appointment) -> ft.Control:
    """What the professional sees of one's needs, and the way to where they are stored; changes since the booking are
    seen too."""
    t = use_text()
    known = appointments.needs.codes()
    told = [text(need_words(code)) for code in known] or [text(t("appointments.needs_none"), "muted")]
    if one.needs != known:
        told.append(text(t("appointments.needs_since"), "small"))
    edit = button(
        "appointment.needs",
        t("appointments.needs_edit"),
        lambda: go("/appointments/needs"),
        "quiet",
        ft.Icons.ACCESSIBILITY_NEW,
    )
    return stack([*told, edit], gap="s")


def need_words(code: str) -> str:
    """A need as it is attached, in words."""
    t = use_text()
    kind, _, more = code.partition(":")
    if kind == "interpreter":
        return t("me.needs.interpreter_is", language=use_format().spoken(more))
    known = code in {need.value for need in Need}
    return more if kind == "other" else t(f"me.need.{kind}") if known else code
