"""Every component in every state, for testers: the tests and the screenshots walk it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import flet as ft

from app.components import (
    FileRow,
    Screen,
    attachment_picker,
    badge,
    button,
    card_button,
    checkbox,
    component,
    date_field,
    dialog,
    disclosure,
    error_panel,
    heading,
    icon_button,
    link_button,
    notice,
    radio_group,
    resource_view,
    row,
    section,
    select,
    stack,
    stepper,
    text,
    text_field,
    tile,
    time_field,
    use_text,
    use_ui,
)
from app.errors import Offline, Refused, ServiceDown, SignedOut

Words = Callable[..., str]


@component
def Gallery(part: str = "texts") -> ft.Control:
    """The gallery. ``part``: which of PARTS is shown first."""
    t = use_text()
    shown, show = ft.use_state(part)
    names = [(key, t(f"kit.gallery.{key}")) for key in PARTS]
    return Screen(
        "gallery",
        t("kit.gallery.title"),
        [
            text(t("kit.gallery.lead"), "lead"),
            select("gallery.part", t("kit.gallery.section"), names, shown, show),
            section(t(f"kit.gallery.{shown}"), [PARTS[shown](key=shown)], id=f"gallery.{shown}"),
        ],
    )


@component
def Texts() -> ft.Control:
    t = use_text()
    words = t("kit.gallery.paragraph")
    kinds = ("lead", "body", "strong", "muted", "small")
    badges = (
        ("success", "sent"),
        ("info", "open-now"),
        ("warning", "closed"),
        ("error", "broken"),
        ("neutral", "save"),
    )
    return stack(
        [
            heading(t("kit.gallery.information"), 2),
            heading(t("kit.gallery.nurse"), 3),
            *(text(words, kind) for kind in kinds),
            row([badge(kind, t(f"kit.gallery.{key}")) for kind, key in badges]),
        ]
    )


@component
def Buttons() -> ft.Control:
    t = use_text()
    pressed, press = ft.use_state(0)
    opened, set_opened = ft.use_state(False)
    count = lambda: press(lambda n: n + 1)  # noqa: E731
    send, cancel = t("kit.gallery.send"), t("kit.gallery.cancel")
    return stack(
        [
            row(
                [
                    button("gallery.primary", send, count, icon=ft.Icons.SEND),
                    button("gallery.secondary", t("kit.gallery.save"), count, kind="secondary"),
                    button("gallery.quiet", cancel, count, kind="quiet"),
                    button("gallery.danger", t("kit.gallery.delete"), count, kind="danger"),
                ]
            ),
            row(
                [
                    button("gallery.busy", send, count, busy=True),
                    icon_button("gallery.icon", ft.Icons.REFRESH, t("kit.retry"), count),
                    link_button("gallery.link", "116117", "tel:116117", icon=ft.Icons.PHONE),
                ]
            ),
            button("gallery.disabled", send, count, disabled_because=t("kit.gallery.because")),
            button("gallery.wide", send, count, expand=True),
            text(str(pressed), "muted", id="gallery.pressed"),
            disclosure(
                "gallery.more",
                t("kit.gallery.show"),
                opened,
                lambda: set_opened(not opened),
                [text(t("kit.gallery.paragraph"))],
            ),
        ]
    )


@component
def Fields() -> ft.Control:
    t = use_text()
    name, set_name = ft.use_state("")
    words, set_words = ft.use_state("")
    wrong = "" if name.strip() else t("kit.gallery.name-wrong")
    label, about = t("kit.gallery.message"), t("kit.gallery.message-help")
    return stack(
        [
            text_field("gallery.plain", t("kit.gallery.name"), name, set_name),
            text_field("gallery.required", t("kit.gallery.name"), name, set_name, required=True, error=wrong),
            text_field("gallery.long", label, words, set_words, about, multiline=True, max_length=500),
        ],
        gap="l",
    )


@component
def Choices() -> ft.Control:
    t = use_text()
    town, set_town = ft.use_state("")
    way, set_way = ft.use_state("")
    agreed, set_agreed = ft.use_state(False)
    towns = [
        (name.lower(), name) for name in ("Asikkala", "Hartola", "Heinola", "Lahti", "Orimattila", "Sysmä")
    ]
    ways = [("message", t("kit.gallery.by-message")), ("phone", t("kit.gallery.by-phone"))]
    wrong = "" if way else t("kit.gallery.choose-one")
    return stack(
        [
            select("gallery.town", t("kit.gallery.town"), towns, town, set_town),
            select(
                "gallery.town-wrong",
                t("kit.gallery.town"),
                towns,
                "",
                set_town,
                error=t("kit.gallery.choose-one"),
            ),
            radio_group(
                "gallery.way", t("kit.gallery.reply"), ways, way, set_way, error=wrong, required=True
            ),
            checkbox("gallery.agree", t("kit.gallery.agree"), agreed, set_agreed),
        ],
        gap="l",
    )


@component
def Dates() -> ft.Control:
    t = use_text()
    day: date | None = date(1956, 5, 17)
    born, set_born = ft.use_state(day)
    half_past: time | None = time(9, 30)
    clock, set_clock = ft.use_state(half_past)
    count, set_count = ft.use_state(1)
    return stack(
        [
            date_field("gallery.born", t("kit.gallery.born"), born, set_born, required=True),
            time_field("gallery.clock", t("kit.gallery.clock"), clock, set_clock),
            stepper("gallery.people", t("kit.gallery.people"), count, set_count, 1, 5),
        ],
        gap="l",
    )


@component
def Messages() -> ft.Control:
    t = use_text()
    asking, ask = ft.use_state(False)
    close = lambda: ask(False)  # noqa: E731
    ft.use_dialog(_question(t, close) if asking else None)
    return stack(
        [
            notice("info", t("kit.gallery.information"), [t("kit.error.urgent")], id="gallery.info"),
            notice("success", t("kit.gallery.sent"), [t("kit.gallery.promise")], id="gallery.success"),
            notice("warning", t("kit.offline-title"), [t("kit.offline-waiting", n=2)], id="gallery.warning"),
            notice(
                "error",
                t("kit.error.down.what"),
                [t("kit.error.down.try")],
                [button("gallery.again", t("kit.retry"), close, kind="secondary")],
                id="gallery.error",
            ),
            row([button("gallery.ask", t("kit.gallery.open-dialog"), lambda: ask(True), kind="secondary")]),
        ]
    )


def _question(t: Words, close: Callable[[], None]) -> ft.AlertDialog:
    actions = [
        button("gallery.no", t("kit.gallery.cancel"), close, kind="quiet", autofocus=True),
        button("gallery.yes", t("kit.gallery.delete"), close, kind="danger"),
    ]
    return dialog(
        "gallery.dialog", t("kit.gallery.dialog"), [text(t("kit.gallery.dialog-line"))], actions, close
    )


@dataclass
class _Known:
    """Looks like a Resource that will not change."""

    value: Any = None
    as_of: Any = None
    problem: Any = None
    busy: bool = False

    def load(self) -> None:
        """Nothing to ask."""


@component
def States() -> ft.Control:
    t, ui = use_text(), use_ui()
    before = ui.now() - timedelta(minutes=5)
    ready = lambda value: text(", ".join(value))  # noqa: E731
    empty = text(t("kit.gallery.nothing"), "muted")
    shown = (
        ("ready", _Known((t("kit.gallery.nurse"),), before)),
        ("loading", _Known(busy=True)),
        ("empty", _Known((), before)),
        ("not-allowed", _Known(problem=Refused(403))),
        ("failed", _Known(problem=ServiceDown())),
        ("old", _Known((t("kit.gallery.nurse"),), before, Offline())),
    )
    return stack([resource_view(known, ready, empty, f"gallery.{name}") for name, known in shown], gap="l")


@component
def Cards() -> ft.Control:
    t = use_text()
    files, set_files = ft.use_state(_files(t))
    nurse, what = t("kit.gallery.nurse"), t("kit.gallery.nurse-what")
    remove = lambda place: set_files([f for i, f in enumerate(files) if i != place])  # noqa: E731
    return stack(
        [
            card_button(
                "gallery.card",
                nurse,
                [what, t("kit.gallery.promise")],
                lambda: None,
                icon=ft.Icons.MEDICAL_SERVICES_OUTLINED,
                badge=badge("success", t("kit.gallery.open-now")),
            ),
            card_button("gallery.card-plain", nurse, [what], lambda: None),
            card_button(
                "gallery.card-closed",
                nurse,
                [],
                lambda: None,
                icon=ft.Icons.SCHEDULE,
                badge=badge("neutral", t("kit.gallery.closed"), ft.Icons.LOCK_CLOCK_OUTLINED),
            ),
            row(
                [
                    ft.Container(tile("gallery.tile", what, lambda: None, ft.Icons.EDIT_OUTLINED), width=160),
                    ft.Container(
                        tile("gallery.tile", nurse, lambda: None, ft.Icons.CHAT_OUTLINED), width=160
                    ),
                ]
            ),
            attachment_picker("gallery.attach", files, t("kit.gallery.limits"), lambda: None, remove),
        ]
    )


def _files(t: Words) -> list[FileRow]:
    return [
        FileRow("ihottuma-kasivarressa.jpg", 812_000),
        FileRow("lausunto_2026-11-02_tyoterveys_pitka_nimi_joka_ei_mahdu_riville.pdf", 2_400_000, "waiting"),
        FileRow("video.jpg", 19_000_000, "bad", t("kit.gallery.too-big")),
    ]


@component
def Faults() -> ft.Control:
    t = use_text()
    broken, set_broken = ft.use_state(False)
    problems = (("offline", Offline()), ("signed-out", SignedOut()), ("refused", Refused(422)))
    return stack(
        [
            *(
                error_panel(problem, t("kit.text-safe"), lambda: None, id=f"gallery.problem.{name}")
                for name, problem in problems
            ),
            row(
                [
                    button(
                        "gallery.break", t("kit.gallery.break"), lambda: set_broken(True), kind="secondary"
                    ),
                    button("gallery.fail", t("kit.gallery.fail"), _fail, kind="secondary"),
                ]
            ),
            Fragile(broken),
        ]
    )


def _fail() -> None:
    raise ArithmeticError("meant to fail: the gallery shows what the resident then sees")


@component
def Fragile(broken: bool) -> ft.Control:
    """Fails when asked to."""
    if broken:
        _fail()
    return text("✓", "muted", id="gallery.whole")


PARTS: dict[str, Callable[..., ft.Control]] = {
    "texts": Texts,
    "buttons": Buttons,
    "fields": Fields,
    "choices": Choices,
    "dates": Dates,
    "messages": Messages,
    "states": States,
    "cards": Cards,
    "broken": Faults,
}
