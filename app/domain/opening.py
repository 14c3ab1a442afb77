"""Opening hours: whether something is open now, until when, and if not, why and when it opens (feature A5).

Reckoned on local clocks, compared in UTC, so that the days when clocks are changed come out right.
On public holidays the hours of Sunday hold.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.base import Model
from app.domain.calendar import HELSINKI, is_holiday, opening_weekday

SOON = timedelta(minutes=30)
_DAY = timedelta(days=1)
_LOOK_AHEAD = 14
_LONGEST_CLOSURE = 366
_SATURDAY = 5


class OpeningHours(Model):
    """Open on ``days`` (0 is Monday) from ``opens`` to ``closes``, local time.

    ``closes`` at or before ``opens`` is on the next day: 0.00 to 0.00 is the whole day.
    """

    days: tuple[int, ...]
    opens: time = time(0)
    closes: time = time(0)


ALWAYS = (OpeningHours(days=(0, 1, 2, 3, 4, 5, 6)),)
"""Every day around the clock."""


class Closure(Model):
    """An exception to the hours. ``starts`` and ``ends`` carry a time zone; None: without that end."""

    starts: datetime | None = None
    ends: datetime | None = None
    reason: str = ""

    def covers(self, moment: datetime) -> bool:
        """Whether it is closed by this at ``moment``."""
        return (self.starts is None or self.starts <= moment) and (self.ends is None or moment < self.ends)


class ClosedReason(StrEnum):
    """Why it is closed."""

    NOTICE = "notice"  # by a notice of its own
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    DAY_OFF = "day_off"  # no hours on this weekday
    NOT_YET = "not_yet"  # opens later today: in the morning, or after a break
    OVER = "over"  # was open today
    UNKNOWN = "unknown"  # nobody has told the hours


class Open(Model):
    """Open now. ``until`` in UTC, None: no end in sight; ``closing_soon``: within half an hour."""

    until: datetime | None = None
    closing_soon: bool = False


class Closed(Model):
    """Closed now. ``opens`` in UTC, None: not known; ``notice``: the words of the closure, when it is one."""

    reason: ClosedReason
    opens: datetime | None = None
    notice: str = ""


def opening(
    hours: Sequence[OpeningHours], closures: Sequence[Closure], now: datetime, tz: str = HELSINKI
) -> Open | Closed:
    """What holds at ``now`` (with a time zone). Looks two weeks beyond the closures."""
    if not hours:
        return shut_by(closures, now) or Closed(reason=ClosedReason.UNKNOWN)
    zone = ZoneInfo(tz)
    today = now.astimezone(zone).date()
    last = today + timedelta(days=_days_ahead(closures, now))
    spans = [s for s in _open_spans(hours, closures, today - _DAY, last, zone) if s[1] > now]
    if spans and spans[0][0] <= now:
        return _open(spans[0][1], now, last, zone)
    opens = spans[0][0] if spans else None
    shut = shut_by(closures, now)
    return shut.model_copy(update={"opens": opens}) if shut else _closed(hours, opens, today, zone)


def shut_by(closures: Sequence[Closure], now: datetime) -> Closed | None:
    """The state that a closure at ``now`` brings, if there is one; ``opens`` is when the closure ends."""
    found = next((closure for closure in closures if closure.covers(now)), None)
    if found is None:
        return None
    opens = found.ends.astimezone(UTC) if found.ends else None
    return Closed(reason=ClosedReason.NOTICE, opens=opens, notice=found.reason)


Span = tuple[datetime, datetime]


def _days_ahead(closures: Sequence[Closure], now: datetime) -> int:
    """How far to look: past the last closure's end, at most a year."""
    ends = [closure.ends for closure in closures if closure.ends and closure.ends > now]
    longest = max((end - now).days for end in ends) if ends else 0
    return min(longest, _LONGEST_CLOSURE) + _LOOK_AHEAD


def _open(until: datetime, now: datetime, last: date, zone: ZoneInfo) -> Open:
    endless = until.astimezone(zone).date() > last
    return Open() if endless else Open(until=until, closing_soon=until - now <= SOON)


def _closed(hours: Sequence[OpeningHours], opens: datetime | None, today: date, zone: ZoneInfo) -> Closed:
    if opens is not None and opens.astimezone(zone).date() == today:
        return Closed(reason=ClosedReason.NOT_YET, opens=opens)
    if any(opening_weekday(today) in span.days for span in hours):
        return Closed(reason=ClosedReason.OVER, opens=opens)
    if is_holiday(today):
        return Closed(reason=ClosedReason.HOLIDAY, opens=opens)
    weekend = today.weekday() >= _SATURDAY
    return Closed(reason=ClosedReason.WEEKEND if weekend else ClosedReason.DAY_OFF, opens=opens)


def _open_spans(
    hours: Sequence[OpeningHours], closures: Sequence[Closure], first: date, last: date, zone: ZoneInfo
) -> list[Span]:
    """All spans of opening from ``first`` to ``last`` in UTC, in order, joined where they touch."""
    spans = _joined(sorted(_spans(hours, first, last, zone)))
    for closure in closures:
        spans = [part for span in spans for part in _without(span, closure)]
    return spans


def _spans(hours: Sequence[OpeningHours], first: date, last: date, zone: ZoneInfo) -> Iterator[Span]:
    for count in range((last - first).days + 1):
        day = first + count * _DAY
        weekday = opening_weekday(day)
        for span in hours:
            if weekday in span.days:
                ends_on = day if span.closes > span.opens else day + _DAY
                yield _utc(day, span.opens, zone), _utc(ends_on, span.closes, zone)


def _utc(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for starts, ends in spans:
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((starts, ends))
    return joined


def _without(span: Span, closure: Closure) -> Iterator[Span]:
    """What a closure leaves of a span."""
    starts, ends = span
    if closure.starts is not None and closure.starts > starts:
        yield starts, min(ends, closure.starts.astimezone(UTC))
    if closure.ends is not None and closure.ends < ends:
        yield max(starts, closure.ends.astimezone(UTC)), ends
