"""Working days, holidays and promised days (feature A2)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from holidays.countries.finland import Finland
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import (
    add_working_days,
    holiday_name,
    is_holiday,
    is_overdue,
    is_working_day,
    opening_weekday,
    promise_date,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
days = st.dates(date(2024, 1, 1), date(2035, 12, 31))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 1)).map(lambda m: m.replace(tzinfo=UTC))
counts = st.integers(0, 30)


def at(day: str, clock: str = "10:00") -> datetime:
    """A moment on Finnish clocks."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-25", True),
        ("2026-11-28", False),  # Saturday
        ("2026-11-29", False),  # Sunday
        ("2026-01-06", False),  # Epiphany
        ("2026-04-03", False),  # Good Friday
        ("2026-05-14", False),  # Ascension Day
        ("2026-06-19", False),  # Midsummer Eve
        ("2027-06-25", False),  # Midsummer Eve at its latest
        ("2027-06-18", True),  # the Friday before
        ("2026-12-24", False),  # Christmas Eve
        ("2026-12-31", True),
    ],
)
def test_working_days(day: str, works: bool) -> None:
    """Weekends, public holidays and the two eves are not working days."""
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("sent", "working_days", "promised"),
    [
        (at("2026-11-23"), 2, "2026-11-25"),
        (at("2026-11-23"), 0, "2026-11-23"),
        (at("2026-11-23", "15:59"), 1, "2026-11-24"),
        (at("2026-11-23", "16:00"), 1, "2026-11-25"),
        (at("2026-11-27"), 3, "2026-12-02"),  # Friday, over a weekend
        (at("2026-11-28", "23:00"), 1, "2026-12-01"),  # Saturday counts as Monday
        (at("2026-11-27", "17:00"), 1, "2026-12-01"),  # so does Friday evening
        (at("2026-12-23"), 1, "2026-12-28"),  # over Christmas
        (at("2026-12-23", "16:30"), 1, "2026-12-29"),
        (at("2026-12-04"), 1, "2026-12-07"),  # Independence Day on a Sunday takes no working day
    ],
)
def test_promised_day(sent: datetime, working_days: int, promised: str) -> None:
    """Counted from the day of sending; evenings, weekends and holidays count as the next working day."""
    assert promise_date(sent, working_days) == date.fromisoformat(promised)


def test_promise_is_reckoned_on_the_countys_clocks() -> None:
    """14.30 UTC is past four in Finland in winter, and also when the device is elsewhere."""
    sent = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)

    assert promise_date(sent, 1) == date(2026, 11, 25)
    assert promise_date(sent.astimezone(ZoneInfo("Asia/Tokyo")), 1) == date(2026, 11, 25)
    assert promise_date(sent, 1, "Europe/London") == date(2026, 11, 24)


@given(moments, counts)
def test_promise_is_always_a_working_day_not_before_sending(sent: datetime, count: int) -> None:
    """Whatever the moment, the promised day is one on which somebody works."""
    promised = promise_date(sent, count)

    assert is_working_day(promised)
    assert promised >= sent.astimezone(HELSINKI).date()


@given(moments, st.integers(0, 29))
def test_a_longer_promise_is_later(sent: datetime, count: int) -> None:
    """One working day more is at least one day more."""
    assert promise_date(sent, count) < promise_date(sent, count + 1)


@given(moments, st.integers(0, 10_000), counts)
def test_sending_later_never_promises_earlier(sent: datetime, minutes: int, count: int) -> None:
    """Waiting with a message gains nothing."""
    assert promise_date(sent, count) <= promise_date(sent + timedelta(minutes=minutes), count)


@given(days, st.integers(1, 30))
def test_working_days_between_are_the_promised_number(day: date, count: int) -> None:
    """Counting the days one by one gives the same."""
    end = add_working_days(day, count)

    assert sum(is_working_day(day + timedelta(n)) for n in range(1, (end - day).days + 1)) == count


@given(days)
def test_every_public_holiday_is_known(day: date) -> None:
    """The calendar of the library, and two eves."""
    eves = is_holiday(day) and day not in Finland(years=day.year)

    assert day not in Finland(years=day.year) or is_holiday(day)
    assert not eves or day.month in (6, 12)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("fi", "Itsenäisyyspäivä"),
        ("sv", "Självständighetsdagen"),
        ("en", "Independence Day"),
        ("se", "Itsenäisyyspäivä"),
    ],
)
def test_holidays_have_names(language: str, name: str) -> None:
    """A closed door says which holiday it is, in the reader's language."""
    assert holiday_name(date(2026, 12, 6), language) == name


def test_other_days_have_no_name() -> None:
    """An ordinary day is not a holiday."""
    assert holiday_name(date(2026, 12, 7)) == ""


def test_holidays_keep_the_hours_of_sunday() -> None:
    """Independence Day of 2028 is a Wednesday with Sunday's hours."""
    assert opening_weekday(date(2028, 12, 6)) == 6
    assert opening_weekday(date(2028, 12, 7)) == 3


def test_promise_is_overdue_when_its_day_has_ended() -> None:
    """The whole of the promised day is still in time."""
    promised = date(2026, 11, 25)

    assert not is_overdue(promised, at("2026-11-25", "23:59"))
    assert is_overdue(promised, at("2026-11-26", "00:00"))
