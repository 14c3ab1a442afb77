"""FHIR dates of any precision as ranges of milliseconds, both ends included."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from backend_stub.fhir.codec import to_millis

LOCAL = ZoneInfo("Europe/Helsinki")  # what a date without a zone means (R4 search, "server's local timezone")
MIN, MAX = -(2**60), 2**60
_DATE = re.compile(
    r"^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$"
)
Range = tuple[int, int]


def parse(text: str) -> Range:
    """First and last millisecond that a date, dateTime or instant can mean. Raises ValueError."""
    found = _DATE.match(text)
    if not found:
        raise ValueError("not a date")
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    zone = _zone(found[8])
    start = datetime(
        year or 0, month or 1, day or 1, hour or 0, minute or 0, min(second or 0, 59), tzinfo=zone
    )
    if found[7]:
        exact = to_millis(start) + int(found[7][:3].ljust(3, "0"))
        return exact, exact
    return to_millis(start), _end(start, month, day, hour, second)


def _end(start: datetime, month: int | None, day: int | None, hour: int | None, second: int | None) -> int:
    if second is not None:
        return to_millis(start) + 999
    if hour is not None:
        return to_millis(start) + 59_999
    if start.year == 9999:
        return MAX
    if day is not None:
        return to_millis(_midnight(start + timedelta(days=1))) - 1
    if month is not None and month < 12:
        return to_millis(start.replace(month=month + 1)) - 1
    return to_millis(start.replace(year=start.year + 1, month=1)) - 1


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _zone(text: str | None) -> tzinfo:
    if not text:
        return LOCAL
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    shift = timedelta(hours=hours, minutes=minutes)
    if shift > timedelta(hours=14) or minutes > 59:
        raise ValueError("not a zone")
    return datetime.strptime(text, "%z").tzinfo or UTC


def period(start: object, end: object) -> Range:
    """A Period, open where an end is missing. Raises ValueError."""
    low = parse(start)[0] if isinstance(start, str) else MIN
    high = parse(end)[1] if isinstance(end, str) else MAX
    return low, high
