"""Free times: which of them fit, those of one week, and the nearest to one that was lost (row C2)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from app.domain.appointments import Mode, Place
from app.domain.base import Model
from app.domain.calendar import HELSINKI
from app.domain.people import Professional


class PartOfDay(StrEnum):
    """Before noon, noon to four, from four on; by local clocks."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class FreeTime(Model):
    """A time that could be booked. ``id``: of its slot; ``languages``: that the professional speaks (fi, sv, en)."""

    id: str
    service_id: str
    starts: datetime
    ends: datetime
    mode: Mode = Mode.IN_PERSON
    who: Professional = Professional(id="")
    place: Place = Place()
    languages: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self.ends - self.starts).total_seconds() // 60)


class Filters(Model):
    """What the resident wishes; empty means anything. ``place`` and ``who`` are ids."""

    mode: Mode | None = None
    place: str = ""
    who: str = ""
    language: str = ""
    part: PartOfDay | None = None

    @property
    def count(self) -> int:
        """How many wishes there are."""
        return sum(bool(wish) for wish in (self.mode, self.place, self.who, self.language, self.part))

    def fits(self, time: FreeTime, tz: str = HELSINKI) -> bool:
        """Whether a time is as wished."""
        return (
            self.mode in (None, time.mode)
            and self.place in ("", time.place.id)
            and self.who in ("", time.who.id)
            and (not self.language or not time.languages or self.language in time.languages)
            and self.part in (None, part_of_day(time.starts, tz))
        )


def time_from(kept: object) -> FreeTime | None:
    """A time that was kept on the device; None where it cannot be read any more."""
    try:
        return FreeTime.model_validate(kept)
    except ValidationError:
        return None


def part_of_day(moment: datetime, tz: str = HELSINKI) -> PartOfDay:
    """Which part of the day it is, on the clocks of ``tz``."""
    hour = moment.astimezone(ZoneInfo(tz)).hour
    if hour < 12:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if hour < 16 else PartOfDay.EVENING


def fitting(times: Iterable[FreeTime], wishes: Filters, tz: str = HELSINKI) -> tuple[FreeTime, ...]:
    """The times that are as wished, the earliest first."""
    return tuple(sorted((t for t in times if wishes.fits(t, tz)), key=lambda t: (t.starts, t.who.name, t.id)))


def by_day(times: Iterable[FreeTime], tz: str = HELSINKI) -> dict[date, tuple[FreeTime, ...]]:
    """Times in order under their local days."""
    days: dict[date, list[FreeTime]] = {}
    for time in times:
        days.setdefault(time.starts.astimezone(ZoneInfo(tz)).date(), []).append(time)
    return {day: tuple(found) for day, found in days.items()}


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def nearest(
    times: Iterable[FreeTime], lost: FreeTime, wishes: Filters, count: int = 3
) -> tuple[FreeTime, ...]:
    """The times as wished that are nearest to a lost one, in order of time."""
    others = (time for time in fitting(times, wishes) if time.id != lost.id)
    best = sorted(others, key=lambda time: (abs(time.starts - lost.starts), time.starts, time.id))[:count]
    return tuple(sorted(best, key=lambda time: (time.starts, time.id)))
