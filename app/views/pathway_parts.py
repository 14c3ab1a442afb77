"""What the screens of pathways share: prose, pictures, charts, contacts, urgent help, states in words."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import flet as ft

from app.components import (
    Sem,
    badge,
    button,
    card_button,
    heading,
    link_button,
    row,
    section,
    stack,
    text,
    use_format,
    use_look,
    use_text,
)
from app.components.base import silent
from app.components.layout import icon, panel, plain
from app.components.theme import RADIUS, SPACE
from app.i18n.format import capital
from app.pathways.drawings import painted
from app.pathways.library import Pathway
from app.pathways.model import Chart, Contact, Icon, Kind, Readers
from app.pathways.planner import Turn
from app.pathways.progress import State
from app.pathways.texts import PictureText
from app.platform.window import go
from app.stores.stores import Stores
from app.views.support import told

KINDS = {
    Kind.READ: ft.Icons.ARTICLE_OUTLINED,
    Kind.DO: ft.Icons.TASK_ALT,
    Kind.FORM: ft.Icons.ASSIGNMENT_OUTLINED,
    Kind.MEASURE: ft.Icons.MONITOR_HEART_OUTLINED,
    Kind.MESSAGE: ft.Icons.MAIL_OUTLINE,
    Kind.BOOK: ft.Icons.EVENT_OUTLINED,
    Kind.ASK: ft.Icons.HELP_OUTLINE,
    Kind.VIDEO: ft.Icons.PLAY_CIRCLE_OUTLINE,
    Kind.AUDIO: ft.Icons.HEADPHONES,
}
_STATES: dict[State, tuple[str, Any]] = {
    State.DONE: ("success", ft.Icons.CHECK_CIRCLE_OUTLINE),
    State.SKIPPED: ("neutral", ft.Icons.REDO),
    State.NOW: ("info", ft.Icons.PLAY_ARROW),
    State.NEXT: ("neutral", ft.Icons.SCHEDULE),
    State.PASSED: ("neutral", ft.Icons.HISTORY),
    State.ANY: ("info", ft.Icons.ALL_INCLUSIVE),
    State.WAITING: ("warning", ft.Icons.EVENT_OUTLINED),
    State.COMING: ("info", ft.Icons.OUTBOX_OUTLINED),
}
_ICONS: dict[Icon, Any] = {
    "path": ft.Icons.ROUTE_OUTLINED,
    "sleep": ft.Icons.BEDTIME_OUTLINED,
    "movement": ft.Icons.DIRECTIONS_WALK,
    "smoke-free": ft.Icons.SMOKE_FREE,
    "mind": ft.Icons.SELF_IMPROVEMENT,
    "work": ft.Icons.WORK_OUTLINE,
    "family": ft.Icons.FAMILY_RESTROOM,
    "pregnancy": ft.Icons.PREGNANT_WOMAN,
    "breathing": ft.Icons.AIR,
    "surgery": ft.Icons.MEDICAL_SERVICES_OUTLINED,
    "cancer": ft.Icons.VOLUNTEER_ACTIVISM_OUTLINED,
    "heart": ft.Icons.FAVORITE_BORDER,
    "diabetes": ft.Icons.BLOODTYPE_OUTLINED,
    "food": ft.Icons.RESTAURANT_OUTLINED,
    "home": ft.Icons.HOME_OUTLINED,
    "older": ft.Icons.ELDERLY,
    "mobility": ft.Icons.ACCESSIBLE,
    "child": ft.Icons.CHILD_FRIENDLY_OUTLINED,
    "nature": ft.Icons.YARD_OUTLINED,
}
CHART_HEIGHT = 140
_DIGITS = re.compile(r"(?<=\d) (?=\d)")
FEW_BARS = 5


def state_badge(state: State) -> ft.Control:
    """Done, now, next …: a word, an icon and a colour."""
    kind, mark = _STATES[state]
    return badge(kind, use_text()(f"pathways.state.{state.value}"), mark)


def icon_of(pathway: Pathway | None) -> Any:
    """Its own mark in lists."""
    return _ICONS[pathway.structure.icon] if pathway is not None else ft.Icons.ROUTE_OUTLINED


def kept(stores: Stores) -> str:
    """Where what is written stays, as texts name it: ``own`` (with the person signed in), ``guest`` (on the device) or
    ``memory`` (in a browser that keeps nothing)."""
    if not stores.pathways.is_guest:
        return "own"
    return "guest" if stores.device.keeps else "memory"


def who_sees(stores: Stores, pathway: Pathway) -> str:
    """Who reads what is written; one's own pathway is on the device only as long as nobody is signed in."""
    if stores.pathways.is_guest or pathway.structure.readers is Readers.TEAM:
        return pathway.texts.who_sees
    return use_text()("pathways.sees_own")


def access_badge(pathway: Pathway) -> ft.Control:
    """Open to everybody, or begun by a professional."""
    t = use_text()
    if pathway.is_open:
        return badge("success", t("pathways.badge.open"), ft.Icons.LOCK_OPEN)
    return badge("info", t("pathways.badge.referral"), ft.Icons.ASSIGNMENT_OUTLINED)


def prose(paragraphs: Sequence[str], level: int = 2) -> list[ft.Control]:
    """Paragraphs, headings (``## ``) and lists (``- ``)."""
    return [_block(one, level) for one in paragraphs]


def unbroken(words: str) -> str:
    """Telephone numbers and other groups of digits stay on one line."""
    return _DIGITS.sub("\u00a0", words)


def _block(words: str, level: int) -> ft.Control:
    words = unbroken(words)
    if words.startswith("## "):
        return heading(words[3:], level)
    if words.startswith("- "):
        dot = ft.Text("•", style=use_look().style("body", bold=True, colour="primary"))
        start = ft.CrossAxisAlignment.START
        return ft.Row(
            [silent(dot), ft.Container(text(words[2:]), expand=True)],
            spacing=SPACE["sm"],
            vertical_alignment=start,
        )
    return text(words)


def picture(pathway: Pathway, name: str, words: PictureText | None) -> ft.Control:
    """A drawing in the colours of the look; its words are there for those who do not see it."""
    drawing = pathway.pictures.get(name)
    if drawing is None:
        return ft.Container(visible=False)
    image = ft.Image(
        painted(drawing, asdict(use_look().colours)),
        fit=ft.BoxFit.CONTAIN,
        exclude_from_semantics=True,
        border_radius=RADIUS["l"],
    )
    shown = ft.Row(
        [ft.Container(ft.Container(image, aspect_ratio=2), width=360)], wrap=True
    )  # in line with the words
    return Sem(
        image=True, label=words.alt if words else "", container=True, exclude_semantics=True, content=shown
    )


def chart(made: Chart, words: PictureText) -> ft.Control:
    """Bars with their values in words; all of it is one picture with a text for screen readers.

    Where there are many the unit stands in the title, for a narrow bar has no room for it."""
    many = len(made.values) > FEW_BARS
    unit = "" if many else made.unit
    title = f"{words.title} ({made.unit})" if many and made.unit else words.title
    top = max((*made.values, 0.001))
    bars = [_bar(value / top, f"{use_format().number(value)} {unit}".strip()) for value in made.values]
    style, middle = use_look().style("small"), ft.TextAlign.CENTER
    names: list[ft.Control] = [
        ft.Text(label, style=style, text_align=middle, expand=True) for label in words.labels
    ]
    gap, start, end = SPACE["xs" if many else "s"], ft.CrossAxisAlignment.START, ft.CrossAxisAlignment.END
    lines = [
        ft.Row(bars, spacing=gap, vertical_alignment=end),
        ft.Row(names, spacing=gap, vertical_alignment=start),
    ]
    box = panel(stack([plain(title, "label"), stack(lines, gap="xs")], gap="s"))
    return Sem(image=True, label=words.alt, container=True, exclude_semantics=True, content=box)


def _bar(share: float, value: str) -> ft.Control:
    look = use_look()
    bar = ft.Container(
        height=max(4, CHART_HEIGHT * share),
        bgcolor=look.colours.primary,
        border_radius=ft.BorderRadius(6, 6, 0, 0),
    )
    over = ft.Text(value, style=look.style("small", bold=True), text_align=ft.TextAlign.CENTER)
    stretch = ft.CrossAxisAlignment.STRETCH
    return ft.Column([over, bar], spacing=4, tight=True, expand=True, horizontal_alignment=stretch)


def days_of(turn: Turn, today: date) -> str:
    """Its days in words; empty when it has none."""
    t, formats = use_text(), use_format()
    if turn.waits:
        return t("pathways.waits")
    if turn.since is None or turn.until is None:
        return ""
    if turn.since == turn.until:
        return capital(formats.day(turn.since, today))
    return t("pathways.days", since=formats.date(turn.since), until=formats.date(turn.until))


def step_card(
    pathway: Pathway, turn: Turn, state: State | None, today: date, more: str = "", id: str = "pathway.step"
) -> ft.Control:
    """One step of a list. ``state`` None: it is only looked at."""
    words = pathway.texts.steps[turn.step]
    kind = next(step.kind for step in pathway.structure.steps if step.id == turn.step)
    lines = [line for line in (days_of(turn, today) if state else "", more) if line]
    return card_button(
        id,
        words.title,
        lines,
        lambda: go(f"/pathways/{pathway.id}/step/{turn.key}"),
        icon=KINDS[kind],
        badge=state_badge(state) if state else None,
    )


def help_sections(stores: Stores, pathway: Pathway) -> list[ft.Control]:
    """Urgent signs and whom to turn to: at the foot of every page of a pathway."""
    return [urgent(stores, pathway), contacts(stores, pathway)]


def urgent(stores: Stores, pathway: Pathway) -> ft.Control:
    """What must not wait, each with whom to call."""
    t = use_text()
    signs = [_urgent(stores, pathway, one.id, one.call) for one in pathway.structure.urgent]
    return section(
        t("pathways.urgent"), [panel(stack(signs), "error_soft", "error_soft")], id="pathway.urgent"
    )


def _urgent(stores: Stores, pathway: Pathway, id: str, call: str) -> ft.Control:
    words = pathway.texts.urgent.get(id, "")
    way = call_button(stores, pathway, call, id=f"pathway.urgent.{id}")
    return stack([told(ft.Icons.PRIORITY_HIGH, text(unbroken(words))), *([way] if way else [])], gap="xs")


def call_button(stores: Stores, pathway: Pathway, call: str, id: str) -> ft.Control | None:
    """Call 112, the helpline, or a contact that has a telephone."""
    t, formats, phones = use_text(), use_format(), stores.region.phones
    number = {"emergency": phones.emergency, "helpline": phones.medical_helpline}.get(call)
    if number is None:
        contact = next((one for one in pathway.structure.contacts if one.id == call), None)
        number = phone_of(stores, pathway, contact) if contact else ""
    if not number:
        return None
    label = t("common.call", number=formats.phone(number))
    return link_button(id, label, f"tel:{number.replace(' ', '')}", ft.Icons.PHONE)


def contacts(stores: Stores, pathway: Pathway) -> ft.Control:
    """Who helps with this, how and when; telephone and visit are never missing (row P1)."""
    t = use_text()
    told_ = [_contact(stores, pathway, one) for one in pathway.structure.contacts]
    return section(t("pathways.contact"), told_, id="pathway.contacts")


def phone_of(stores: Stores, pathway: Pathway, contact: Contact) -> str:
    """The county's own number, the service's, or a national one."""
    region = stores.region.pathways
    own = region.phones.get(f"{pathway.id}.{contact.id}")
    service = stores.services.service(region.service(contact.service))
    return own or (service.phone if service else "") or contact.phone or ""


def _contact(stores: Stores, pathway: Pathway, contact: Contact) -> ft.Control:
    t, formats = use_text(), use_format()
    words = pathway.texts.contacts[contact.id]
    service_id = stores.region.pathways.service(contact.service)
    service = stores.services.service(service_id)
    hours = "; ".join(formats.hours_lines(service.hours)) if service else ""
    lines = [line for line in (hours or words.hours, words.promise if service else "") if line]
    ways = []
    if number := phone_of(stores, pathway, contact):
        label = t("common.call", number=formats.phone(number))
        link = f"tel:{number.replace(' ', '')}"
        ways.append(link_button(f"pathway.call.{contact.id}", label, link, ft.Icons.PHONE))
    if service is not None:
        more = button(
            f"pathway.service.{contact.id}",
            t("pathways.service"),
            lambda: go(f"/services/{service_id}"),
            "quiet",
            ft.Icons.INFO_OUTLINE,
        )
        ways.append(more)
    if contact.url:
        ways.append(link_button(f"pathway.link.{contact.id}", t("pathways.website"), contact.url))
    name = service.name if service else words.name
    return panel(stack([text(name, "label"), *(text(line, "muted") for line in lines), row(ways)], gap="xs"))


def confirm_marks(stores: Stores, pathway: Pathway, step: str, marks: Sequence[str]) -> list[ft.Control]:
    """What the unit has to decide: its own words once it has, else a mark that it has not."""
    return [_confirm(stores, pathway, step, one) for one in marks]


def _confirm(stores: Stores, pathway: Pathway, step: str, id: str) -> ft.Control:
    t = use_text()
    decided = stores.region.pathways.confirmed.get(f"{pathway.id}.{step}.{id}")
    asked = pathway.texts.steps[step].confirm.get(id, "")
    if decided is not None:
        return told(ft.Icons.VERIFIED_OUTLINED, text(decided(t.language), "strong"))
    mark = icon(ft.Icons.HELP_OUTLINE, 22, "warning")
    words = stack([text(t("pathways.confirm"), "strong"), text(asked)], gap="xs")
    line = ft.Row(
        [mark, ft.Container(words, expand=True)],
        spacing=SPACE["sm"],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return panel(line, "warning_soft", "warning_soft")
