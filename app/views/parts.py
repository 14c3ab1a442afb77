"""Parts that the screens of a person's own data share: facts in pairs, long lists a page at a time, languages."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import flet as ft

from app.components import Sem, button, component, stack, text, use_look, use_narrow, use_text
from app.components.layout import plain
from app.components.theme import ROOMY, SPACE
from app.stores.base import Action

PAGE = 40
NAMED = frozenset({"fi", "sv", "en", "und"})


def pairs(told: Iterable[tuple[str, str]]) -> ft.Control:
    """Names and what they say, one below the other; each pair is one thing for a screen reader. Empty ones are left
    out, and where all are, it takes no room."""
    shown = [_pair(name, value) for name, value in told if value]
    return stack(shown, gap="sm", visible=bool(shown))


def grid(told: Sequence[tuple[str, str]], wide: Sequence[int] = ()) -> ft.Control:
    """The same with two beside each other, where the text is not large; on a wide window as many twelfths as ``wide``
    says, in one line."""
    large = use_look().scale > ROOMY
    half = 6 if not large and not use_narrow() else 12
    shares = wide if wide and not large else (half,) * len(told)
    placed: list[ft.Control] = [
        ft.Container(_pair(name, value), col={"xs": half, "lg": share})
        for (name, value), share in zip(told, shares, strict=True)
        if value
    ]
    return ft.ResponsiveRow(placed, spacing=SPACE["m"], run_spacing=SPACE["sm"])


def _pair(name: str, value: str) -> ft.Control:
    shown = stack([plain(name, "muted"), plain(value)], gap="xs")
    return Sem(container=True, label=f"{name}: {value}", exclude_semantics=True, content=shown)


def named_language(language: str) -> str:
    """ "(englanniksi)": the language that words are in, when it is not the reader's; nothing for one's own."""
    t = use_text()
    if not language:
        return ""
    known = language in NAMED
    return t(f"record.language.{language}") if known else t("record.language.other", code=language)


def with_language(words: str, language: str) -> str:
    """The words, and which language they are in when it is not the reader's."""
    told = named_language(language)
    return f"{words} ({told})" if words and told else words


@component
def Pages(id: str, rows: Sequence[Any], draw: Callable[[Any], ft.Control], more: str) -> ft.Control:
    """A long list, a page at a time: only what is shown is drawn. ``more``: key of the button's text, takes ``n``."""
    t = use_text()
    shown, show = ft.use_state(PAGE)
    drawn = [draw(row) for row in rows[:shown]]
    left = len(rows) - shown
    if left > 0:
        step = button(id, t(more, n=left), lambda: show(shown + PAGE), "secondary", ft.Icons.EXPAND_MORE)
        drawn.append(step)
    return stack(drawn, gap="s")


def forget(*actions: Action[Any]) -> None:
    """How they ended the last time is not this screen's business."""
    for action in actions:
        action.reset()


def ruled(rows: Sequence[ft.Control]) -> ft.Control:
    """Rows with a thin line between them."""
    look = use_look()
    edge = ft.BorderSide(look.border, look.colours.outline_soft)
    placed: list[ft.Control] = [
        ft.Container(
            one,
            key=one.key,
            padding=ft.Padding(0, SPACE["s"], 0, SPACE["s"]),
            border=ft.Border(bottom=edge) if place < len(rows) - 1 else None,
        )
        for place, one in enumerate(rows)
    ]
    return ft.Column(placed, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def line(words: str, kind: str = "body") -> ft.Control:
    """A paragraph; nothing where there are no words."""
    return text(words, kind) if words else ft.Container(visible=False)
