"""Working days in Finland, and the day an answer is promised by (feature A2)."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

HELSINKI = "Europe/Helsinki"
DAY_ENDS = time(16)
"""From this hour on a message counts as sent on the next working day."""

_LANGUAGES = MappingProxyType({"fi": "fi", "fi_selko": "fi", "sv": "sv_FI", "en": "en_US"})
_DAY = timedelta(days=1)
_FRIDAY, _SUNDAY = 4, 6


def is_working_day(day: date) -> bool:
    """Monday to Friday, except public holidays, Midsummer Eve and Christmas Eve."""
    return day.weekday() <= _FRIDAY and not is_holiday(day)


def is_holiday(day: date) -> bool:
    """A public holiday, or one of the two eves on which offices are closed as if it were one."""
    return day in _holidays(day.year) or _is_eve(day)


def holiday_name(day: date, language: str = "fi") -> str:
    """Name of a public holiday in ``language`` (fi, fi_selko, sv, en); empty on other days and eves."""
    return _holidays(day.year, _LANGUAGES.get(language, "fi")).get(day, "")


def opening_weekday(day: date) -> int:
    """Which weekday's opening hours hold on ``day`` (0 is Monday): on holidays and eves those of Sunday."""
    return _SUNDAY if is_holiday(day) else day.weekday()


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``. 0: ``day``, or the next working day if it is none."""
    if count == 0:
        return day if is_working_day(day) else add_working_days(day, 1)
    while count:
        day += _DAY
        count -= is_working_day(day)
    return day


def promise_date(sent: datetime, working_days: int, tz: str = HELSINKI) -> date:
    """The last day on which an answer is promised to a message sent at ``sent`` (with a time zone).

    A message sent on a weekend or a holiday, or on a working day at 16.00 or later, counts as sent on the
    next working day. From that day on ``working_days`` are counted; the day of sending is not one of them.
    All on the clocks of ``tz``: Monday 10.00 and 3 working days promise Thursday, Monday 16.30 Friday.
    """
    local = sent.astimezone(ZoneInfo(tz))
    day = local.date()
    if local.time() >= DAY_ENDS:
        day += _DAY
    return add_working_days(add_working_days(day, 0), working_days)


def is_overdue(promised: date, now: datetime, tz: str = HELSINKI) -> bool:
    """Whether the promised day has ended without an answer."""
    return now.astimezone(ZoneInfo(tz)).date() > promised


def _is_eve(day: date) -> bool:
    """Christmas Eve; Midsummer Eve, the Friday between 19 and 25 June."""
    christmas = (day.month, day.day) == (12, 24)
    return christmas or (day.month == 6 and 19 <= day.day <= 25 and day.weekday() == _FRIDAY)


@lru_cache(maxsize=32)
def _holidays(year: int, language: str = "fi") -> MappingProxyType[date, str]:
    """Public holidays of a year and their names."""
    from holidays.countries.finland import (
        Finland,
    )  # here: takes 0.1 s, which the first screen need not wait for

    return MappingProxyType(dict(Finland(years=year, language=language).items()))
