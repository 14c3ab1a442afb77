"""An appointment as an iCalendar file (RFC 5545) for the calendar of the device."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

ALARMS = (timedelta(days=1), timedelta(hours=2))
"""So long before the beginning the calendar reminds."""


@dataclass(frozen=True)
class Entry:
    """What goes into the calendar. ``id`` and ``sequence`` let a later file replace an earlier one.

    ``cancelled``: the file takes the entry out of the calendar. Texts are in the resident's language; what is empty is
    left out. ``alarm``: the words of the reminders; ``made``: when the file is made.
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


def calendar_file(entry: Entry) -> bytes:
    """The file. Raises ValueError for an entry without a beginning."""
    from icalendar import Calendar  # here: takes a while, and the first screen need not wait for it

    if entry.starts is None:
        raise ValueError("an appointment without a time cannot be put into a calendar")
    calendar = Calendar()
    calendar.add("prodid", "-//Digiklinikka//appointments//FI")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
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
    for name, value in (("location", entry.place), ("description", entry.details)):
        if value:
            event.add(name, value)
    if not entry.cancelled:
        for before in ALARMS:
            event.add_component(_alarm(entry.alarm or entry.title, before))
    return event


def _alarm(words: str, before: timedelta) -> Any:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -before)
    return alarm
