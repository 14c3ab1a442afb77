"""Dates, times, amounts, opening hours and telephone numbers in the four languages."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest

from app.i18n.format import Formatter, capital, phone

WEDNESDAY = dt.date(2026, 11, 25)
NOW = dt.datetime(2026, 11, 25, 12, 30, tzinfo=dt.UTC)  # 14.30 in Finland
FOUR = ("fi", "sv", "en", "fi_selko")


@dataclass(frozen=True)
class Span:
    """Opening hours as the formatter sees them."""

    days: tuple[int, ...]
    opens: dt.time = dt.time(0)
    closes: dt.time = dt.time(0)


def in_four(*texts: str) -> list[tuple[str, str]]:
    """A text for each language."""
    return list(zip(FOUR, texts, strict=True))


@pytest.mark.parametrize(
    ("language", "text"), in_four("ke 25.11.", "ons 25.11.", "Wed 25 Nov", "keskiviikkona 25.11.")
)
def test_day(language: str, text: str) -> None:
    """A day is short, with its weekday; plain Finnish spells it as in a sentence: "on Wednesday"."""
    assert Formatter(language).day(WEDNESDAY) == text


@pytest.mark.parametrize(
    ("language", "text"),
    in_four("ti 25.11.2025", "tis 25.11.2025", "Tue 25 Nov 2025", "tiistaina 25.11.2025"),
)
def test_day_of_another_year_has_its_year(language: str, text: str) -> None:
    """An old date is never mistaken for this year's."""
    assert Formatter(language).day(dt.date(2025, 11, 25), today=WEDNESDAY) == text


@pytest.mark.parametrize(
    ("language", "text"),
    in_four(
        "keskiviikko 25. marraskuuta",
        "onsdag 25 november",
        "Wednesday 25 November",
        "keskiviikko 25. marraskuuta",
    ),
)
def test_day_long(language: str, text: str) -> None:
    """The long form has no abbreviations."""
    assert Formatter(language).day_long(WEDNESDAY) == text


@pytest.mark.parametrize(("language", "text"), in_four("14.30", "14.30", "14:30", "14.30"))
def test_time_is_on_the_countys_clocks(language: str, text: str) -> None:
    """12.30 UTC is 14.30 in Finland in winter; a bare time stays."""
    assert Formatter(language).time(NOW) == text
    assert Formatter(language).time(dt.time(14, 30)) == text


def test_summer_time_is_kept() -> None:
    """The same hour in UTC is 15.30 in July."""
    assert Formatter("fi").time(dt.datetime(2026, 7, 1, 12, 30, tzinfo=dt.UTC)) == "15.30"


@pytest.mark.parametrize(
    ("language", "text"),
    in_four(
        "ke 25.11. klo 14.30",
        "ons 25.11. kl. 14.30",
        "Wed 25 Nov at 14:30",
        "keskiviikkona 25.11. kello 14.30",
    ),
)
def test_moment(language: str, text: str) -> None:
    """Day and time together."""
    assert Formatter(language).moment(NOW) == text


def test_what_begins_a_line_has_a_large_letter() -> None:
    """The rest stays as it is."""
    assert [capital(words) for words in ("ti 1.12. klo 8", "Åbo", "")] == ["Ti 1.12. klo 8", "Åbo", ""]


@pytest.mark.parametrize(("days", "text"), [(0, "tänään"), (-1, "eilen"), (1, "huomenna"), (-2, "ma 23.11.")])
def test_near_days_have_names(days: int, text: str) -> None:
    """With the present time known, near days are called what people call them."""
    assert Formatter("fi").moment(NOW + dt.timedelta(days=days), NOW) == f"{text} klo 14.30"


def test_day_changes_at_the_countys_midnight() -> None:
    """22.30 UTC is already the next day in Finland."""
    late = dt.datetime(2026, 11, 25, 22, 30, tzinfo=dt.UTC)

    assert Formatter("fi").moment(late, NOW) == "huomenna klo 0.30"


@pytest.mark.parametrize(
    ("language", "text"),
    in_four("5 minuuttia sitten", "för 5 minuter sedan", "5 minutes ago", "5 minuuttia sitten"),
)
def test_age(language: str, text: str) -> None:
    """How old data is, in words."""
    assert Formatter(language).age(NOW - dt.timedelta(minutes=5), NOW) == text


@pytest.mark.parametrize(
    ("past", "text"),
    [
        (dt.timedelta(seconds=59), "juuri nyt"),
        (dt.timedelta(hours=-3), "juuri nyt"),
        (dt.timedelta(minutes=1), "1 minuutti sitten"),
        (dt.timedelta(hours=23), "23 tuntia sitten"),
        (dt.timedelta(days=3), "3 päivää sitten"),
        (dt.timedelta(days=30), "ma 26.10."),
        (dt.timedelta(days=365), "ti 25.11.2025"),
    ],
)
def test_age_from_now_to_long_ago(past: dt.timedelta, text: str) -> None:
    """A clock that is ahead counts as now; after a week the day is told instead."""
    assert Formatter("fi").age(NOW - past, NOW) == text


@pytest.mark.parametrize(
    ("language", "text"), in_four("12\xa0345,5", "12\xa0345,5", "12,345.5", "12\xa0345,5")
)
def test_number(language: str, text: str) -> None:
    """Decimal comma in Finland, decimal point in English."""
    assert Formatter(language).number(12345.5) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 tavu"), (512, "512 tavua"), (348_160, "340 kt"), (6 * 1024**2, "6 Mt"), (3 * 1024**3, "3 Gt")],
)
def test_size(count: int, text: str) -> None:
    """Sizes of files in the largest unit that gives at least one."""
    assert Formatter("fi").size(count) == text


@pytest.mark.parametrize(
    ("language", "text"),
    in_four(
        "ma–to 8–16, pe 8–15.30",
        "mån–tors 8–16, fre 8–15.30",
        "Mon–Thu 8:00–16:00, Fri 8:00–15:30",
        "maanantai–torstai 8–16, perjantai 8–15.30",
    ),
)
def test_hours_join_days_that_are_alike(language: str, text: str) -> None:
    """A week is told in as few lines as it takes."""
    week = [Span((0, 1, 2, 3), dt.time(8), dt.time(16)), Span((4,), dt.time(8), dt.time(15, 30))]

    assert Formatter(language).hours(week) == text


@pytest.mark.parametrize(
    ("language", "text"),
    in_four(
        "joka päivä ympäri vuorokauden",
        "alla dagar dygnet runt",
        "every day around the clock",
        "joka päivä aina auki",
    ),
)
def test_hours_around_the_clock(language: str, text: str) -> None:
    """From midnight to midnight every day is told in words."""
    assert Formatter(language).hours([Span(tuple(range(7)))]) == text


def test_hours_with_a_break_and_past_midnight() -> None:
    """Two spans of one day, and closing at midnight."""
    week = [
        Span((0,), dt.time(12), dt.time(16)),
        Span((0,), dt.time(8), dt.time(11)),
        Span((5,), dt.time(18), dt.time(0)),
    ]

    assert Formatter("fi").hours_lines(week) == ("ma 8–11 ja 12–16", "la 18–24")


def test_no_hours_are_no_text() -> None:
    """What is not known is left to the view to say."""
    assert Formatter("fi").hours([]) == ""


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("112", "112"),
        ("116117", "116117"),
        ("038192211", "03 819 2211"),
        ("0401234567", "040 123 4567"),
        ("0295532000", "029 553 2000"),
        ("+358408312345", "+358 40 831 2345"),
        ("03 819 11", "03 819 11"),
    ],
)
def test_phone_is_readable(written: str, text: str) -> None:
    """Numbers are in groups; short ones and those grouped by hand are left alone."""
    assert phone(written) == text
    assert Formatter("fi").phone(written) == text


def test_unknown_language_is_written_as_finnish() -> None:
    """No language makes a screen fail."""
    assert Formatter("se").day(WEDNESDAY) == "ke 25.11."


@pytest.mark.parametrize(
    ("written", "text"),
    [("2019-05", "toukokuu 2019"), ("2019", "2019"), ("2019-13", "2019-13"), ("", "")],
)
def test_a_day_of_which_little_is_known(written: str, text: str) -> None:
    """Never made more exact than it is."""
    assert Formatter("fi").partial(written) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5.10", "5,10"),
        ("1E9", "1\xa0000\xa0000\xa0000"),
        ("-1E30", "\u22121E30"),
        ("-0.5", "\u22120,5"),
        ("0E-7", "0,0000000"),
    ],
)
def test_any_number_can_be_told(value: str, text: str) -> None:
    """With the decimals it was given with, however large; a minus is no hyphen in any language."""
    assert Formatter("fi").exactly(Decimal(value)) == text
    for language in ("sv", "en", "fi_selko"):
        told = Formatter(language)
        assert "-" not in told.exactly(Decimal(value)) + told.number(float(value))
        assert "-" not in told.money(-56.7)
    assert Formatter("fi").typed(Decimal("-1234.50")) == "-1234,5"
    assert Formatter("en").typed(Decimal("-1234.50")) == "-1234.5"
