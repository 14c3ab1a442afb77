"""Opening hours as people write them: ``mon-thu 8.00-15.30; fri 8.00-14.00``."""

import re
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"([a-z,-]+) (\d{1,2})\.(\d\d)-(\d{1,2})\.(\d\d)")


def opening_hours(text: str) -> list[dict[str, Any]]:
    """HealthcareService.availableTime; times are Finnish wall times. Raises ValueError for anything else."""
    return [_part(part.strip()) for part in text.split(";")]


def _part(part: str) -> dict[str, Any]:
    match = _PART.fullmatch(part)
    if match is None:
        raise ValueError(f"not opening hours: {part!r}")
    days, start, start_minute, end, end_minute = match.groups()
    return {
        "daysOfWeek": [day for group in days.split(",") for day in _days(group)],
        "availableStartTime": f"{int(start):02d}:{start_minute}:00",
        "availableEndTime": f"{int(end):02d}:{end_minute}:00",
    }


def _days(group: str) -> tuple[str, ...]:
    if group == "every":
        return DAYS
    first, _, last = group.partition("-")
    return DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]
