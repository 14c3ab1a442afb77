"""Where does my matter belong? A few plain questions, then the way, and a text to begin with; works offline (B4)."""

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    link_button,
    notice,
    radio_group,
    row,
    section,
    stack,
    text,
    text_field,
    use_format,
    use_text,
)
from app.domain.ombudsman import QUESTIONS, Path, step
from app.platform.window import go
from app.stores.device import OwnDevice
from app.stores.helper import Helper
from app.stores.stores import Stores
from app.views.export import Copy, export_row
from app.views.own_device import memory_only
from app.views.support import keyed, nothing, sure_dialog

LINKS = {
    Path.KANTELU: "https://lvv.fi",
    Path.INJURY: "https://www.pvk.fi",
}
WITH_DRAFT = frozenset({Path.MUISTUTUS, Path.SOCIAL_MUISTUTUS, Path.KANTELU, Path.INJURY})


@component
def OmbudsmanHelperScreen(stores: Stores) -> ft.Control:
    """``/ombudsman/helper``: a guest's answers and text stay in memory, those of who is signed in on the device."""
    own, guest = stores.session.own, stores.ombudsman.helper
    helper = own.helper if own is not None and (own.helper.begun or not guest.begun) else guest
    return Helping(helper, stores.device)


@component
def Helping(helper: Helper, device: OwnDevice) -> ft.Control:
    """The questions, one after the other, and where they lead."""
    t = use_text()
    answers, shown = helper.answers, list[ft.Control]()
    for number in range(len(answers) + 1):
        question, path = step(answers[:number])
        if path is not None:
            shown.append(keyed(path.value, Belongs(helper, device, path)))
            break
        given = answers[number] if number < len(answers) else ""
        shown.append(keyed(question, _question(question, given, answers[:number], helper)))
    return Screen(
        "ombudsman.deciding",
        t("ombudsman.helper.title"),
        [text(t("ombudsman.helper.lead"), "lead"), stack(shown, gap="l")],
        back="/ombudsman",
    )


def _question(question: str, given: str, before: tuple[str, ...], helper: Helper) -> ft.Control:
    """A changed answer takes away what followed from it."""
    t = use_text()
    options = [(c.id, t(f"ombudsman.helper.{question}.{c.id}")) for c in QUESTIONS[question]]
    return radio_group(
        f"ombudsman.helper.{question}",
        t(f"ombudsman.helper.{question}"),
        options,
        given or None,
        lambda value: helper.answer(*before, value),
    )


@component
def Belongs(helper: Helper, device: OwnDevice, path: Path) -> ft.Control:
    """Where it belongs, what happens there, and how to begin."""
    t = use_text()
    links = (
        [link_button("ombudsman.helper.link", t(f"ombudsman.path.{path.value}.link"), LINKS[path])]
        if path in LINKS
        else []
    )
    ask = button("ombudsman.helper.ask", t("ombudsman.helper.ask"), lambda: go("/ombudsman"), "secondary")
    told = notice(
        "success",
        t(f"ombudsman.path.{path.value}"),
        [t(f"ombudsman.path.{path.value}.body"), t(f"ombudsman.path.{path.value}.next")],
        [*links, ask],
        id="ombudsman.path",
    )
    return stack([told, *([Draft(helper, device, path)] if path in WITH_DRAFT else [])])


@component
def Draft(helper: Helper, device: OwnDevice, path: Path) -> ft.Control:
    """A text to begin with, changed at will; where it is kept is said beside it."""
    t = use_text()
    words = helper.texts.get(path.value, t(f"ombudsman.draft.{path.value}"))
    field = text_field(
        "ombudsman.draft",
        t("ombudsman.draft"),
        words,
        lambda value: helper.write(path, value),
        description=t("ombudsman.draft.hint"),
        multiline=True,
    )
    parts = [
        ("field", field),
        ("kept", _where(helper, device)),
        ("copy", _saving(path, words)),
        ("forget", Forget(helper) if helper.begun else nothing()),
    ]
    return section(t("ombudsman.draft.title"), [keyed(key, part) for key, part in parts])


def _where(helper: Helper, device: OwnDevice) -> ft.Control:
    """In memory alone, or on the device and when; never anything that is not so."""
    t, formats = use_text(), use_format()
    if not helper.keeps:
        return notice(
            "info",
            t("ombudsman.draft.memory"),
            [t("ombudsman.draft.memory.hint")],
            live=False,
            id="ombudsman.draft.memory",
        )
    if helper.save_problem is not None:
        return notice(
            "error",
            t("messages.draft.not_saved"),
            [t("errors.device_full.next")],
            id="ombudsman.draft.not-saved",
        )
    lines = [text(t("ombudsman.draft.kept"), "small")]
    if helper.saved_at is not None:
        lines.append(
            text(
                t("messages.draft.saved", time=formats.time(helper.saved_at)),
                "small",
                id="ombudsman.draft.saved",
            )
        )
    return stack([*lines, memory_only(device)], gap="xs")


@component
def Forget(helper: Helper) -> ft.Control:
    """Throws the answers and the text away; asked first."""
    t = use_text()
    asking, ask = ft.use_state(False)

    def sure() -> None:
        ask(False)
        helper.forget()

    question = sure_dialog(
        "ombudsman.draft.forget-dialog",
        t("ombudsman.draft.forget.title"),
        [text(t("ombudsman.draft.forget.ask"))],
        sure,
        lambda: ask(False),
        keep="ombudsman.draft.keep",
        sure="ombudsman.draft.forget-sure",
        label=t("ombudsman.draft.forget"),
    )
    ft.use_dialog(question if asking else None)
    return row(
        [
            button(
                "ombudsman.draft.forget",
                t("ombudsman.draft.forget"),
                lambda: ask(True),
                "quiet",
                ft.Icons.DELETE_OUTLINE,
            )
        ]
    )


def _saving(path: Path, words: str) -> ft.Control:
    t = use_text()
    made = Copy(t(f"ombudsman.path.{path.value}"), (words,), ())
    return export_row("ombudsman.draft", made, path.value, t("ombudsman.save_copy"))
