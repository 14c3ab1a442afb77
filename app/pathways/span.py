"""Lengths of time as authors write them: ``-14d``, ``2w``, ``3m``. A month is a calendar month."""

import calendar
import re
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

__all__ = ["Span", "shift", "split"]

_SHAPE = re.compile(r"^([+-]?\d{1,4})([dwm])$")
_DAYS = {"d": 1, "w": 7}


def _checked(text: str) -> str:
    if _SHAPE.match(text) is None:
        raise ValueError(f"must be a number and d, w or m (days, weeks, months) such as -14d, not {text!r}")
    return text


Span = Annotated[str, AfterValidator(_checked), Field(json_schema_extra={"pattern": r"^[+-]?\d{1,4}[dwm]$"})]


def split(span: str) -> tuple[int, str]:
    """The number and the unit (``d``, ``w`` or ``m``) of a span. ValueError: not one."""
    found = _SHAPE.match(span)
    if found is None:
        raise ValueError(span)
    return int(found[1]), found[2]


def shift(day: date, span: str) -> date:
    """``day`` moved by ``span``. The last day of a shorter month stands for days it does not have."""
    number, unit = split(span)
    if unit in _DAYS:
        return day + timedelta(days=number * _DAYS[unit])
    months = day.year * 12 + day.month - 1 + number
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
