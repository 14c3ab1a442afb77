"""The appointment in one's own calendar: a file that replaces itself when the time changes (rows C11, I4)."""

from dataclasses import replace

import flet as ft

from app.components import button, component, radio_group, row, section, stack, text, use_text, use_ui
from app.domain.appointments import Appointment
from app.platform.calendar_file import Entry, calendar_file
from app.platform.files import save_file
from app.views.appointment_card import where, who


@component
def CalendarExport(one: Appointment, name: str) -> ft.Control:
    """How much the calendar may tell, and the file."""
    t = use_text()
    level, choose = ft.use_state("private")
    options = [("private", t("calendar.private")), ("full", t("calendar.full"))]

    made = _entry(one, name, level == "full")

    async def save() -> None:
        await save_file("digiklinikka.ics", calendar_file(made))

    return section(
        t("calendar.title"),
        [
            stack(
                [
                    radio_group("calendar.level", t("calendar.level"), options, level, choose),
                    button("calendar.save", t("calendar.save"), save, "secondary", ft.Icons.EVENT_OUTLINED),
                    text(t("calendar.hint"), "small"),
                    text(t("calendar.reminds"), "small"),
                ]
            )
        ],
    )


@component
def CalendarRemoval(one: Appointment) -> ft.Control:
    """After cancelling: a file that takes the entry out of one's own calendar."""
    t = use_text()
    gone = replace(_entry(one, t("calendar.own_matter"), False), cancelled=True)

    async def save() -> None:
        await save_file("digiklinikka.ics", calendar_file(gone))

    return row(
        [button("calendar.remove", t("calendar.remove"), save, "secondary", ft.Icons.EVENT_BUSY_OUTLINED)]
    )


def _entry(one: Appointment, name: str, full: bool) -> Entry:
    """With what, where and with whom, or only that there is something."""
    t = use_text()
    place = ", ".join(part for part in (where(one), one.place.address) if part)
    return Entry(
        id=one.id,
        sequence=int(one.version) if one.version.isdigit() else 0,
        title=name if full else t("calendar.own_matter"),
        place=place if full else "",
        details="\n".join(part for part in (who(one.who), *one.preparation) if part) if full else "",
        made=use_ui().now(),
        starts=one.starts,
        ends=one.ends,
        alarm=t("calendar.alarm", name=name if full else t("calendar.own_matter")),
    )
