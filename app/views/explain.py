"""A text as professionals wrote it, its hard words to be tapped for a plain explanation (row E6)."""

import flet as ft

from app.components import Sem, button, component, dialog, row, stack, text, use_look, use_text
from app.components.base import Handler
from app.components.theme import Look
from app.domain.glossary import Span, spans
from app.i18n.glossary import explanations


@component
def Explained(words: str) -> ft.Control:
    """The text untouched; explained words are underlined, and stand below as buttons for keyboard and screen reader."""
    t, look = use_text(), use_look()
    opened, open_ = ft.use_state(None)
    parts = spans(words, explanations(t.language))
    hard = list(dict.fromkeys(part for part in parts if part.meaning))
    ft.use_dialog(_meaning(opened, lambda: open_(None)) if opened else None)
    shown = ft.Text(spans=[_span(look, part) for part in parts])
    body: list[ft.Control] = [Sem(container=True, label=words, exclude_semantics=True, content=shown)]
    if hard:
        buttons = [
            button("record.explain", part.text, lambda part=part: open_(part), "quiet", ft.Icons.HELP_OUTLINE)
            for part in hard
        ]
        body += [text(t("record.explain.hint"), "muted"), row(buttons, gap="xs")]
    return stack(body, gap="sm")


def _span(look: Look, part: Span) -> ft.TextSpan:
    style = look.style("body")
    if part.meaning:
        style.decoration = ft.TextDecoration.UNDERLINE
        style.decoration_style = ft.TextDecorationStyle.DOTTED
    return ft.TextSpan(part.text, style=style)


def _meaning(part: Span, close: Handler) -> ft.AlertDialog:
    t = use_text()
    done = button("record.explanation.close", t("common.close"), close, "secondary", autofocus=True)
    return dialog("record.explanation", part.text, [text(part.meaning)], [done], close)
