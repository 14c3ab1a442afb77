"""The calendar file: read back by the library, replaced by a later one, taken out by a cancelled one (row C11)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

from app.platform.calendar_file import Entry, calendar_file

START = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
ENTRY = Entry(
    "a1",
    3,
    "Oma meno",
    START,
    START + timedelta(minutes=30),
    alarm="Muistutus",
    made=START - timedelta(days=2),
)


def read(entry: Entry) -> tuple[Any, Any]:
    """The calendar and its event."""
    calendar = icalendar.Calendar.from_ical(calendar_file(entry))
    return calendar, calendar.walk("VEVENT")[0]


def test_it_says_when_and_reminds() -> None:
    calendar, event = read(ENTRY)

    assert str(calendar["method"]) == "PUBLISH"
    assert (event["dtstart"].dt, event["dtend"].dt) == (START, START + timedelta(minutes=30))
    assert [alarm["trigger"].dt for alarm in event.walk("VALARM")] == [
        -timedelta(days=1),
        -timedelta(hours=2),
    ]
    assert "location" not in event
    assert "description" not in event


def test_a_later_one_replaces_an_earlier_one() -> None:
    (_, first), (_, later) = read(ENTRY), read(replace(ENTRY, sequence=4, starts=START + timedelta(days=1)))

    assert first["uid"] == later["uid"]
    assert int(later["sequence"]) > int(first["sequence"])


def test_a_cancelled_one_takes_it_out() -> None:
    calendar, event = read(replace(ENTRY, cancelled=True, sequence=5))

    assert (str(calendar["method"]), str(event["status"])) == ("CANCEL", "CANCELLED")
    assert event.walk("VALARM") == []


def test_odd_words_come_through_whole() -> None:
    _, event = read(replace(ENTRY, title="Äiti; \\ ja, isä", details="1\n2", place="Katu 1, Lahti"))

    assert (str(event["summary"]), str(event["description"]), str(event["location"])) == (
        "Äiti; \\ ja, isä",
        "1\n2",
        "Katu 1, Lahti",
    )


def test_without_a_time_there_is_no_file() -> None:
    with pytest.raises(ValueError, match="without a time"):
        calendar_file(replace(ENTRY, starts=None))
