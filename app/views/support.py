"""Lines that many screens share: how old the data is, other channels, urgent help, promises."""

import textwrap
from collections.abc import Sequence
from typing import Any

import flet as ft

from app.components import (
    Sem,
    action_notice,
    button,
    dialog,
    link_button,
    loading,
    notice,
    row,
    section,
    stack,
    text,
    text_field,
    use_cramped,
    use_format,
    use_look,
    use_text,
    use_ui,
    use_width,
)
from app.components.base import Handler
from app.components.layout import icon
from app.components.theme import ROOMY, SPACE
from app.config import Region
from app.domain.services import Service
from app.i18n.format import capital
from app.platform.window import go
from app.stores.base import Action, Resource
from app.views.pictures import signpost

STALE_AFTER_HOURS = 24


def freshness(resource: Resource[Any]) -> ft.Control:
    """How old what is shown is; older than a day is said plainly (row J1)."""
    t, formats, ui = use_text(), use_format(), use_ui()
    if resource.as_of is None:
        return text(t("common.updated_never"), "small", id="age")
    now = ui.now()
    line = text(t("common.updated", age=formats.age(resource.as_of, now)), "small", id="age")
    if (now - resource.as_of).total_seconds() < STALE_AFTER_HOURS * 3600:
        return line
    return stack([line, text(t("common.stale"), "small")], gap="xs")


def spoken(id: str, words: str, shown: ft.Control, live: bool) -> ft.Control:
    """``shown`` for the eye, ``words`` for the ear; ``live``: said aloud when they change.

    A live region says its own name only, not what is in the nodes within it.
    """
    return Sem(
        identifier=id, live_region=live, container=True, label=words, exclude_semantics=True, content=shown
    )


def read_aloud(id: str) -> str:
    """The part of a machine's number that a resident can say on the telephone."""
    return id.partition("-")[0].upper()


def kept_notice(action: Action[Any], pending: bool, waiting: str, done: str) -> ft.Control | None:
    """What became of a change that goes out by itself: on its way while ``pending``, then with the service."""
    arrived = action.status.name == "WAITING" and not pending
    return notice("success", done, id="notice") if arrived else action_notice(action, waiting=waiting)


def shortened(words: str, most: int = 40) -> str:
    """The beginning of what somebody wrote, cut between words, for the name of a control."""
    cut = textwrap.shorten(words, most, placeholder=" …")
    return cut if cut != "…" else f"{words[: most - 1]}…"


def nothing() -> ft.Control:
    """Takes no room: what a component draws when there is nothing to say."""
    return ft.Container(visible=False)


def keyed(key: str, control: ft.Control) -> ft.Control:
    """A row of a list that keeps its identity when others come and go around it."""
    return ft.Container(control, key=key)


def beside(main: Sequence[ft.Control], aside: Sequence[ft.Control]) -> ft.Control:
    """What matters most, and beside it, on a wide window with ordinary text, what else there is."""
    return _columns([(stack(main, gap="l"), 8), (stack(aside, gap="l"), 4)], "xl")


def pictured(picture: Sequence[ft.Control], choices: Sequence[ft.Control]) -> ft.Control:
    """A picture with its words and then what is chosen; on a wide window side by side."""
    return _columns([(stack(picture, gap="l"), 6), (stack(choices, gap="l"), 6)], "xl")


def facing(before: Sequence[ft.Control], main: Sequence[ft.Control]) -> ft.Control:
    """What something is, and then what there is to say about it; on a wide window side by side."""
    return _columns([(stack(before, gap="l"), 4), (stack(main, gap="l"), 8)], "xl")


def framed(before: Sequence[ft.Control], main: Sequence[ft.Control]) -> ft.Control:
    """What one must know first and then what is to be done; on a wide window side by side."""
    return _columns([(stack(before), 4), (stack(main), 8)], "xl")


def cards(shown: Sequence[ft.Control]) -> ft.Control:
    """Cards below each other; two in a row on a wide window, one as high as the other."""
    if use_look().scale > ROOMY or use_width() < TWO_FROM:
        return stack(shown, gap="s")
    return stack([_alike(shown[place : place + 2]) for place in range(0, len(shown), 2)], gap="s")


TWO_FROM = 992
"""Logical pixels of width from which a window is wide: the "lg" of columns."""


def _alike(two: Sequence[ft.Control]) -> ft.Control:
    room: list[ft.Control] = [ft.Container(expand=True)] if len(two) == 1 else []
    held: list[ft.Control] = [ft.Container(card, key=card.key, expand=True) for card in two]
    high = ft.CrossAxisAlignment.STRETCH
    return ft.Row([*held, *room], spacing=SPACE["s"], intrinsic_height=True, vertical_alignment=high)


def tiles(shown: Sequence[ft.Control]) -> ft.Control:
    """Small cards, two in a row on a phone and four on a wide window; one in a row where text is large."""
    narrow, wide = (6, 3) if use_look().scale <= ROOMY and not use_cramped() else (12, 12)
    placed: list[ft.Control] = [
        ft.Container(one, key=one.key, col={"xs": narrow, "lg": wide}) for one in shown
    ]
    return ft.ResponsiveRow(placed, spacing=SPACE["s"], run_spacing=SPACE["s"])


def _columns(parts: Sequence[tuple[ft.Control, int]], gap: str) -> ft.Control:
    """Each with how many twelfths of a wide window it takes."""
    roomy = use_look().scale <= ROOMY
    placed: list[ft.Control] = [
        ft.Container(part, key=part.key, col={"xs": 12, "lg": share} if roomy else 12)
        for part, share in parts
    ]
    return ft.ResponsiveRow(placed, spacing=SPACE[gap], run_spacing=SPACE["s" if gap == "s" else "l"])


def told(mark: ft.IconData, *words: ft.Control) -> ft.Control:
    """A decoration and the words it stands for."""
    return ft.Row(
        [icon(mark, 22), ft.Container(stack(words, gap="xs"), expand=True)],
        spacing=SPACE["sm"],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def not_for_urgent(region: Region) -> ft.Control:
    """Stands in every composer and cannot be closed (row A3); the numbers themselves are in the emergency line."""
    t = use_text()
    return told(ft.Icons.INFO_OUTLINE, text(t("emergency.not_for_urgent")))


def phone_now(service: Service) -> ft.Control:
    """Call this service."""
    t, formats = use_text(), use_format()
    number = formats.phone(service.phone)
    return link_button(
        f"call.{service.id}",
        t("common.call", number=number),
        f"tel:{service.phone.replace(' ', '')}",
        ft.Icons.PHONE,
    )


def contact(region: Region) -> list[ft.Control]:
    """The numbers for what cannot wait: health, and need of protection or care at once."""
    t, phones = use_text(), region.phones
    social = phones.social_emergency.number
    return [
        link_button("call.112", t("emergency.call_112"), f"tel:{phones.emergency}", ft.Icons.PHONE),
        link_button(
            "call.116117", t("emergency.call_116117"), f"tel:{phones.medical_helpline}", ft.Icons.PHONE
        ),
        link_button(
            "call.social",
            t("emergency.social", number=use_format().phone(social)),
            f"tel:{social.replace(' ', '')}",
            ft.Icons.PHONE,
        ),
    ]


def technical_support(region: Region) -> ft.Control:
    """Help with the app itself, apart from care (row L6)."""
    t, formats = use_text(), use_format()
    support = region.phones.technical_support
    call = link_button(
        "support.call",
        t("common.call", number=formats.phone(support.number)),
        f"tel:{support.number.replace(' ', '')}",
        ft.Icons.SUPPORT_AGENT,
    )
    return section(
        t("settings.support"),
        [
            text(t("settings.support_hint"), "muted"),
            text(capital(support.hours_text(t.language)), "small"),
            row([call]),
        ],
    )


def missing(words: str, resource: Resource[Any] | None = None) -> list[ft.Control]:
    """What an address shows that leads to nothing: ``words``, and ways on. ``resource``: what it was looked for in;
    until that is known, that it is being fetched."""
    if resource is not None and resource.value is None and resource.problem is None:
        return [loading("missing")]
    call = text(use_text()("welcome.call_instead"), "muted")
    age = [freshness(resource)] if resource is not None else []
    return [signpost(), text(words, id="missing"), home_button(), call, *age]


def search_field(id: str, label: str, hint: str) -> tuple[ft.Control, str]:
    """A field that searches while one writes, and the words in it. A hook: call it each time a component is drawn."""
    words, write = ft.use_state("")
    return text_field(id, label, words, write, description=hint), words.strip()


def sure_dialog(
    id: str,
    title: str,
    children: list[ft.Control],
    on_sure: Handler,
    on_close: Handler,
    *,
    keep: str,
    sure: str,
    label: str,
    kind: str = "danger",
) -> ft.AlertDialog:
    """Asks whether one is sure: the focus is on the answer that changes nothing.

    ``keep``, ``sure``: the buttons' names for machines; ``label`` and ``kind`` of the one that does it.
    """
    stay = button(keep, use_text()("common.cancel"), on_close, "secondary", autofocus=True)
    return dialog(id, title, children, [stay, button(sure, label, on_sure, kind)], on_close)


def home_button() -> ft.Control:
    """The way out of a dead end."""
    t = use_text()
    return button("to-home", t("nav.home"), lambda: go("/"), "secondary", ft.Icons.HOME_OUTLINED)
