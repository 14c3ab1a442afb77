"""An anonymous letter to the ombudsman, and its answer by a one-time code (row B2)."""

from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from app.components import (
    Screen,
    Sem,
    button,
    component,
    heading,
    notice,
    row,
    section,
    stack,
    text,
    text_field,
    use_look,
    use_text,
    use_ui,
)
from app.components.base import Handler
from app.components.layout import panel
from app.domain.ombudsman import Matter, Standing, spelled
from app.errors import Refused, ServiceDown
from app.platform.window import go
from app.stores.base import Action, Status
from app.stores.ombudsman import MAX_TEXT, Letter, Ombudsman
from app.stores.stores import Stores
from app.views.chat_messages import said
from app.views.export import copy_of, export_row
from app.views.leaves import anonymity, leaves
from app.views.ombudsman import no_connection, to_reach
from app.views.ombudsman_talk import about_choice, messages_of, who
from app.views.support import home_button, keyed, nothing, sure_dialog


@component
def OmbudsmanLetterScreen(stores: Stores) -> ft.Control:
    """``/ombudsman/letter``."""
    days = stores.region.promises.message_days
    return Writing(stores.ombudsman, stores.ombudsman.letter, stores.ombudsman.send, days)


@component
def Writing(store: Ombudsman, letter: Letter, send: Action[[]], days: int) -> ft.Control:
    """The letter; once it has been received, its code. ``days``: working days in which it is answered."""
    t = use_text()
    if letter.code:
        body: list[ft.Control] = [CodeCard(store, letter.code, days), leaves(letter.left)]
    else:
        body = [_form(letter, send)]
    return Screen("ombudsman.writing", t("ombudsman.letter"), [anonymity(True), *body], back="/ombudsman")


def _form(letter: Letter, send: Action[[]]) -> ft.Control:
    t = use_text()
    press = _trying(letter, lambda: letter.about is not None and bool(letter.text.strip()), send)
    wrong = t("ombudsman.text.missing") if letter.tried and not letter.text.strip() else ""
    label, hint = t("ombudsman.text"), t("ombudsman.write_hint")
    sending = send.status is Status.RUNNING
    more = {"multiline": True, "max_length": MAX_TEXT, "read_only": sending}
    field = _field(letter, "text", label, hint, wrong, **more)
    parts = [
        ("about", about_choice(letter.about.value if letter.about else "", letter.choose, letter.tried)),
        ("text", field),
        ("memory", text(t("ombudsman.letter.memory"), "muted")),
        ("send", row([_send(press, send)])),
        ("problem", no_connection() if send.status is Status.FAILED else nothing()),
        ("leaves", leaves(letter.left)),
    ]
    return stack([keyed(key, part) for key, part in parts])


def _trying(letter: Letter, ready: Callable[[], bool], do: Action[[]]) -> Callable[[], Awaitable[None]]:
    """Does it once nothing is missing; until then the fields say what is."""

    async def press() -> None:
        letter.tried = True
        if ready():
            await do.run()

    return press


def _field(letter: Letter, name: str, label: str, hint: str, wrong: str, **more: Any) -> ft.Control:
    """Where ``name`` of the letter is written; it is kept nowhere else."""
    return text_field(
        f"ombudsman.{name}",
        label,
        getattr(letter, name),
        lambda value: letter.write(name, value),
        description=hint,
        error=wrong,
        required=True,
        **more,
    )


def _send(press: Handler, send: Action[[]]) -> ft.Control:
    t = use_text()
    return button(
        "ombudsman.letter-send",
        t("ombudsman.letter.send"),
        press,
        icon=ft.Icons.SEND_OUTLINED,
        busy=send.status is Status.RUNNING,
    )


@component
def CodeCard(store: Ombudsman, code: str, days: int) -> ft.Control:
    """The code is the only way back: shown large, said aloud character by character, saved only if one asks."""
    t, ui = use_text(), use_ui()
    shown = Sem(
        identifier="ombudsman.code",
        label=t("ombudsman.code.spoken", code=spelled(code)),
        container=True,
        exclude_semantics=True,
        content=_in_groups(code),
    )
    hint = t("ombudsman.code.hint", n=days)
    made = copy_of(t("ombudsman.code.title"), [code, hint], (), (), ui)

    async def done() -> None:
        go("/ombudsman")
        await store.forget_letter()

    return panel(
        stack(
            [
                heading(t("ombudsman.code.title"), 2),
                shown,
                text(hint),
                text(t("ombudsman.code.lost"), "strong"),
                export_row("ombudsman.code", made, "koodi", t("ombudsman.code.save")),
                row([button("ombudsman.code.done", t("ombudsman.code.done"), done)]),
            ]
        ),
        "success_soft",
    )


def _in_groups(code: str) -> ft.Control:
    """Large, and never broken within a group: it is copied by hand from narrow screens too."""
    style, groups = use_look().style("title", bold=True), code.split("-")
    shown: list[ft.Control] = [ft.Text(f"{one}-", style=style) for one in groups[:-1]]
    return ft.Row([*shown, ft.Text(groups[-1], style=style)], wrap=True, spacing=0, run_spacing=0)


@component
def OmbudsmanAnswerScreen(stores: Stores) -> ft.Control:
    """``/ombudsman/answer``."""
    store = stores.ombudsman
    return Collecting(store, store.answer, store.collect, store.erase)


@component
def Collecting(store: Ombudsman, letter: Letter, collect: Action[[]], erase: Action[[Letter]]) -> ft.Control:
    """The code in, the answer out."""
    t = use_text()
    if letter.matter is not None:
        body: list[ft.Control] = [Answer(store, letter, letter.matter)]
    elif erase.status is Status.DONE:
        body = [notice("success", t("ombudsman.erased"), id="ombudsman.erased"), home_button()]
    else:
        body = [_ask(letter, collect)]
    return Screen("ombudsman.answer", t("ombudsman.collect"), [anonymity(True), *body], back="/ombudsman")


def _ask(letter: Letter, collect: Action[[]]) -> ft.Control:
    t = use_text()
    press = _trying(letter, lambda: bool(letter.asked.strip()), collect)
    label, hint = t("ombudsman.code.field"), t("ombudsman.code.field_hint")
    field = _field(letter, "asked", label, hint, _wrong(letter, collect), on_submit=lambda _: press())
    look = button(
        "ombudsman.look",
        t("ombudsman.look"),
        press,
        icon=ft.Icons.KEY_OUTLINED,
        busy=collect.status is Status.RUNNING,
    )
    parts = [("field", field), ("look", row([look])), ("problem", _problem(collect))]
    return stack([keyed(key, part) for key, part in parts])


def _wrong(letter: Letter, collect: Action[[]]) -> str:
    t = use_text()
    if letter.tried and not letter.asked.strip():
        return t("ombudsman.code.missing")
    wrong = collect.status is Status.FAILED and isinstance(collect.problem, Refused)
    return t("ombudsman.code.wrong") if wrong else ""


def _problem(collect: Action[[]]) -> ft.Control:
    t = use_text()
    if collect.status is not Status.FAILED:
        return nothing()
    if isinstance(collect.problem, Refused):
        return row([to_reach()])
    if isinstance(collect.problem, ServiceDown) and collect.problem.retry_after:
        minutes = max(1, round(collect.problem.retry_after / 60))
        words = t("ombudsman.code.too_many", n=minutes)
        return notice("warning", words, actions=[to_reach()], id="ombudsman.limited")
    return no_connection()


@component
def Answer(store: Ombudsman, letter: Letter, matter: Matter) -> ft.Control:
    """What was asked and answered; then it may be erased everywhere."""
    t, ui = use_text(), use_ui()
    messages = messages_of(matter.messages)
    made = copy_of(t("ombudsman.title"), [t("ombudsman.anonymous")], messages, [who(m) for m in messages], ui)
    waits = matter.standing is Standing.WAITING
    title = t("ombudsman.answer.waits") if waits else t("ombudsman.answer.here")
    hint = t("ombudsman.answer.waits_hint") if waits else t("ombudsman.answer.hint")
    return stack(
        [
            notice("info" if waits else "success", title, [hint], id="ombudsman.standing"),
            said(messages, who, lambda m: m.state),
            export_row("ombudsman", made, "vastaus", t("ombudsman.save_copy")),
            section(
                t("ombudsman.erase.title"), [text(t("ombudsman.erase.hint"), "muted"), Erase(store, letter)]
            ),
            leaves(letter.left),
        ]
    )


@component
def Erase(store: Ombudsman, letter: Letter) -> ft.Control:
    """Asked first."""
    t = use_text()
    asking, ask = ft.use_state(False)
    ft.use_dialog(_erase_dialog(store, letter, lambda: ask(False)) if asking else None)
    return row(
        [
            button(
                "ombudsman.erase",
                t("ombudsman.erase"),
                lambda: ask(True),
                "secondary",
                ft.Icons.DELETE_OUTLINE,
            )
        ]
    )


def _erase_dialog(store: Ombudsman, letter: Letter, close: Handler) -> ft.AlertDialog:
    t = use_text()

    async def erase() -> None:
        close()
        await store.erase.run(letter)

    return sure_dialog(
        "ombudsman.erase-dialog",
        t("ombudsman.erase.title"),
        [text(t("ombudsman.erase.ask"))],
        erase,
        close,
        keep="ombudsman.keep",
        sure="ombudsman.erase-sure",
        label=t("ombudsman.erase"),
    )
