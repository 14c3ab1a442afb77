"""The promised answer date: working days in Finland, the same rule as the app tells the resident (row A2)."""

from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

DAY_ENDS = time(16)
_DAY = timedelta(days=1)
_FRIDAY = 4


def promised(asked: datetime, working_days: int) -> date:
    """The day by which an answer is promised to what was asked at ``asked`` (Finnish time).

    What comes at 16.00 or later, or on a day off, counts as asked on the next working day.
    """
    day = asked.date() + (_DAY if asked.time() >= DAY_ENDS else timedelta())
    day = _working_day(day)
    for _ in range(working_days):
        day = _working_day(day + _DAY)
    return day


def _working_day(day: date) -> date:
    """The first working day from ``day`` on."""
    while day.weekday() > _FRIDAY or day in _holidays(day.year) or _is_eve(day):
        day += _DAY
    return day


def _is_eve(day: date) -> bool:
    """Christmas Eve, and the Friday between 19 and 25 June: offices are closed though it is no public holiday."""
    midsummer = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == _FRIDAY
    return midsummer or (day.month, day.day) == (12, 24)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FI", years=year))
