"""Where does my matter belong? A few plain questions, then the way, and a text to begin with; works offline (B4)."""

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    link_button,
    notice,
    radio_group,
    section,
    stack,
    text,
    text_field,
    use_text,
)
from app.domain.ombudsman import QUESTIONS, Path, step
from app.platform.window import go
from app.stores.stores import Stores
from app.views.export import Copy, export_row
from app.views.support import keyed

LINKS = {
    Path.KANTELU: "https://valvira.fi",
    Path.INJURY: "https://www.pvk.fi",
}
WITH_DRAFT = frozenset({Path.MUISTUTUS, Path.SOCIAL_MUISTUTUS, Path.KANTELU, Path.INJURY})


@component
def OmbudsmanHelperScreen(stores: Stores) -> ft.Control:
    """``/ombudsman/helper``."""
    t = use_text()
    answers, answer = ft.use_state(())
    shown: list[ft.Control] = []
    for number in range(len(answers) + 1):
        question, path = step(answers[:number])
        if path is not None:
            shown.append(keyed(path.value, Belongs(path)))
            break
        given = answers[number] if number < len(answers) else ""
        shown.append(keyed(question, _question(question, given, answers[:number], answer)))
    return Screen(
        "ombudsman.deciding",
        t("ombudsman.helper.title"),
        [text(t("ombudsman.helper.lead"), "lead"), stack(shown, gap="l")],
        back="/ombudsman",
    )


def _question(question: str, given: str, before: tuple[str, ...], answer: object) -> ft.Control:
    """A changed answer takes away what followed from it."""
    t = use_text()
    options = [(c.id, t(f"ombudsman.helper.{question}.{c.id}")) for c in QUESTIONS[question]]
    return radio_group(
        f"ombudsman.helper.{question}",
        t(f"ombudsman.helper.{question}"),
        options,
        given or None,
        lambda value: answer((*before, value)),  # type: ignore[operator]
    )


@component
def Belongs(path: Path) -> ft.Control:
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
    return stack([told, *([Draft(path)] if path in WITH_DRAFT else [])])


@component
def Draft(path: Path) -> ft.Control:
    """A text to begin with, changed at will; it stays in memory until it is saved to the device."""
    t = use_text()
    words, write = ft.use_state(t(f"ombudsman.draft.{path.value}"))
    field = text_field(
        "ombudsman.draft",
        t("ombudsman.draft"),
        words,
        write,
        description=t("ombudsman.draft.hint"),
        multiline=True,
    )
    return section(t("ombudsman.draft.title"), [field, _saving(path, words)])


def _saving(path: Path, words: str) -> ft.Control:
    t = use_text()
    made = Copy(t(f"ombudsman.path.{path.value}"), (words,), ())
    return export_row("ombudsman.draft", made, path.value)
