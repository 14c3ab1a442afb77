"""The promised answer date: working days in Finland (row A2)."""

from datetime import date, timedelta
from functools import cache

import holidays


def promised(asked: date, working_days: int) -> date:
    """The day by which an answer is promised: the given number of working days after ``asked``."""
    day, left = asked, working_days
    while left > 0:
        day += timedelta(days=1)
        left -= _is_working_day(day)
    return day


def _is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FI", years=year))
