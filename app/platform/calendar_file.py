"""Appointments and steps as an iCalendar file (RFC 5545) for the calendar of the device."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

ALARMS = (timedelta(days=1), timedelta(hours=2))
"""So long before the beginning the calendar reminds."""


@dataclass(frozen=True)
class Entry:
    """What goes into the calendar. ``id`` and ``sequence`` let a later file replace an earlier one.

    ``cancelled``: the file takes the entry out of the calendar. Texts are in the resident's language; what is empty is
    left out. ``alarm``: the words of the reminders; ``made``: when the file is made; ``alarms``: how long before the
    beginning they come; ``free``: it takes no time from the day.
    """

    id: str
    sequence: int
    title: str
    starts: datetime | None
    ends: datetime | None
    place: str = ""
    details: str = ""
    alarm: str = ""
    cancelled: bool = False
    made: datetime | None = None
    alarms: tuple[timedelta, ...] = ALARMS
    free: bool = False


def calendar_file(entry: Entry) -> bytes:
    """The file of one entry. Raises ValueError for an entry without a beginning."""
    return calendar_files((entry,))


def calendar_files(entries: Sequence[Entry]) -> bytes:
    """One file of some entries; either all or none of them are cancelled. Raises ValueError as above."""
    from icalendar import Calendar  # here: takes a while, and the first screen need not wait for it

    calendar = Calendar()
    calendar.add("prodid", "-//Digiklinikka//appointments//FI")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if any(one.cancelled for one in entries) else "PUBLISH")
    for entry in entries:
        if entry.starts is None:
            raise ValueError("an appointment without a time cannot be put into a calendar")
        calendar.add_component(_event(entry, entry.starts))
    return bytes(calendar.to_ical())


def _event(entry: Entry, starts: datetime) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.id}@digiklinikka")
    event.add("dtstamp", entry.made or starts)
    event.add("sequence", entry.sequence)
    event.add("dtstart", starts)
    event.add("dtend", entry.ends or starts)
    event.add("summary", entry.title)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if entry.free else "OPAQUE")
    for name, value in (("location", entry.place), ("description", entry.details)):
        if value:
            event.add(name, value)
    if not entry.cancelled:
        for before in entry.alarms:
            event.add_component(_alarm(entry.alarm or entry.title, before))
    return event


def _alarm(words: str, before: timedelta) -> Any:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -before)
    return alarm
