"""Trends, units, home measurements and the glossary: pure rules (rows E2, E6, E11)."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.glossary import spans
from app.domain.measurements import (
    SPECS,
    Doubt,
    MeasureKind,
    Reading,
    doubts,
    median,
    number,
    rounded,
    summaries,
    too_big,
    valid,
)
from app.domain.results import Amount, Flag, Limits, flag_of
from app.domain.trends import Direction, Measured, trend
from app.domain.units import converted
from app.i18n.glossary import explanations

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def amount(value: str, code: str = "mmol/L", comparator: str = "") -> Amount:
    return Amount(value=Decimal(value), unit=code, code=code, comparator=comparator)


def series(*values: str, code: str = "mmol/L") -> list[Measured]:
    return [Measured(at=NOW + timedelta(days=n), amount=amount(v, code)) for n, v in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "direction", "times"),
    [
        (("5",), Direction.ONE, 0),
        (("7", "6"), Direction.FALLING, 1),
        (("9", "8", "7", "6"), Direction.FALLING, 3),
        (("5", "9", "8", "6"), Direction.FALLING, 2),
        (("5", "6", "7"), Direction.RISING, 2),
        (("6.0", "6.1", "6.0"), Direction.STEADY, 3),
        (("6", "6"), Direction.STEADY, 2),
    ],
)
def test_what_happened_in_words(values: tuple[str, ...], direction: Direction, times: int) -> None:
    """From the last values; small wobbles are steady."""
    made = trend(series(*values))
    assert (made.direction, made.times) == (direction, times)


def test_another_unit_is_converted_or_kept_apart() -> None:
    """Never two units on one axis: HbA1c by the IFCC-NGSP equation, the unknown beside."""
    old, new = (
        series("7.5", code="%"),
        [Measured(at=NOW + timedelta(days=9), amount=amount("51", "mmol/mol"))],
    )
    both = trend([*old, *new], "59261-8")
    assert [str(p.value) for p in both.points] == ["58.5", "51"]
    assert both.points[0].original == amount("7.5", "%")
    apart = trend([*old, *new], "1234-5")
    assert len(apart.points) == 1
    assert [other.unit for other in apart.others] == ["%"]


@pytest.mark.parametrize(
    ("values", "direction", "times"),
    [
        (("<3", "5"), Direction.RISING, 1),
        (("9", "7", "<5"), Direction.FALLING, 2),
        (("5", "<5"), Direction.FALLING, 1),
        (("5", "<=5"), Direction.APART, 0),
        (("150", "190", "200", ">200"), Direction.RISING, 3),
        ((">200", "150"), Direction.FALLING, 1),
        (("5", "6", "7", "<9"), Direction.APART, 0),
        (("7", "<5", "<5"), Direction.APART, 0),
        (("<5", "<4"), Direction.APART, 0),
        (("0", "0", "0"), Direction.STEADY, 3),
        (("-3", "-5"), Direction.FALLING, 1),
    ],
)
def test_less_or_more_tells_only_what_is_sure(
    values: tuple[str, ...], direction: Direction, times: int
) -> None:
    """It is drawn as what it is; where it may lie on either side, no direction is told."""
    found = [re.fullmatch(r"([<>=]*)(.+)", one) for one in values]
    amounts = [amount(one[2], comparator=one[1]) for one in found if one]
    made = trend(Measured(at=NOW + timedelta(days=n), amount=one) for n, one in enumerate(amounts))
    assert (made.direction, made.times) == (direction, times)


def test_of_one_moment_no_direction_is_told() -> None:
    """Two values of one minute, or of a day without a time: which was first is not known."""
    made = trend(Measured(at=NOW, amount=amount(value), key=value) for value in ("9", "5"))
    assert made.direction is Direction.APART
    assert [point.key for point in made.points] == ["5", "9"]


def limits(low: str = "", high: str = "", unit: str = "mmol/L") -> Limits:
    return Limits(low=Decimal(low) if low else None, high=Decimal(high) if high else None, unit=unit)


@pytest.mark.parametrize(
    ("value", "comparator", "told", "flag"),
    [
        ("200", ">", limits("", "200"), Flag.HIGH),
        ("200", ">=", limits("", "200"), Flag.NONE),
        ("4", "<", limits("4", "6"), Flag.LOW),
        ("5", "<", limits("", "5"), Flag.NORMAL),
        ("5", "<", limits("4", "6"), Flag.NONE),
        ("60", ">", limits("60"), Flag.NORMAL),
        ("90", ">", limits("60", "200"), Flag.NONE),
        ("7", "", limits("", "7"), Flag.NORMAL),
        ("7", "", limits("0", "9000", "umol/L"), Flag.NONE),
    ],
)
def test_limits_say_only_what_is_sure(value: str, comparator: str, told: Limits, flag: Flag) -> None:
    """Also of values that are only known to be less or more; never across units."""
    assert flag_of(amount(value, comparator=comparator), told) is flag


def test_limits_are_drawn_in_the_unit_of_the_values() -> None:
    """Converted, or not at all; and earlier limits are known as others."""
    old = Measured(at=NOW, amount=amount("5"), limits=limits("3", "5"))
    new = Measured(at=NOW + timedelta(days=9), amount=amount("6"), limits=limits("4000", "7000", "umol/L"))
    made = trend([old, new])
    assert (made.limits.low, made.limits.high, made.limits.unit) == (
        Decimal("4.00"),
        Decimal("7.00"),
        "mmol/L",
    )
    assert [made.has_newest_limits(point) for point in made.points] == [False, True]
    unknown = new.model_copy(update={"limits": limits("4", "7", "mg/dL")})
    assert not trend([unknown]).limits.known


def test_values_out_of_all_bounds_are_kept_as_they_are() -> None:
    """A slip of a keyboard is no reason to lose the others."""
    made = trend([Measured(at=NOW, amount=amount("1E30", "umol/L")), *series("5", "6")])
    assert len(made.points) == 3
    assert max(point.value for point in made.points) == Decimal("1E27")


@pytest.mark.parametrize(
    ("value", "code", "like", "analyte", "expected"),
    [
        ("126", "mg/dL", "mmol/L", "14771-0", "6.99"),
        ("1.2", "g/dL", "g/L", "", "12.0"),
        ("0.094", "mmol/L", "umol/L", "14682-9", "94.0"),
        ("98.6", "[degF]", "Cel", "", "37.0"),
        ("154", "[lb_av]", "kg", "", "69.9"),
    ],
)
def test_conversions(value: str, code: str, like: str, analyte: str, expected: str) -> None:
    """Each with its source in the module."""
    assert converted(amount(value, code), amount("1.0", like), analyte) == Decimal(expected)


@pytest.mark.parametrize(
    ("code", "like"), [("mg/dL", "mmol/L"), ("mg", "mmol/L"), ("{score}", "kg"), ("", "kg")]
)
def test_what_is_not_known_is_not_converted(code: str, like: str) -> None:
    """Mass to amount without the substance, different dimensions, no unit."""
    assert converted(amount("5", code), amount("1", like)) is None


@given(st.text(max_size=12))
def test_numbers_are_read_as_people_write_them(words: str) -> None:
    """Never an error; what is read is finite."""
    made = number(words)
    assert made is None or made.is_finite()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("6,4", "6.4"),
        (" 128 ", "128"),
        ("-0,5", "-0.5"),
        ("\u22122.5", "-2.5"),
        ("+7", "7"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u202f567,5", "1234567.5"),
        ("1'234", "1234"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        (",5", "0.5"),
        ("5,", "5"),
        ("x", None),
        ("", None),
        ("-", None),
        (",", None),
        ("1e5", None),
        ("nan", None),
        ("120/80", None),
        ("1,2,3", None),
    ],
)
def test_numbers_in_the_ways_they_are_written(words: str, meant: str | None) -> None:
    """Comma or point, any minus, thousands apart; what is no number is none."""
    assert number(words) == (None if meant is None else Decimal(meant))


def test_every_number_can_be_carried() -> None:
    """Of too many digits the first ones; only what no computer holds is too big."""
    assert number("9" * 40) == Decimal("1E40")
    assert number("6,1234567890123456789") == Decimal("6.12345678901235")
    assert number("0," + "0" * 400 + "1") == 0
    assert rounded("6,1234567890123456789")
    assert not rounded("100000")
    assert number("9" * 400) is None
    assert too_big("9" * 400)
    assert not too_big("9" * 40)


def reading(kind: MeasureKind, *values: str, days: int = 0, **more: object) -> Reading:
    made = {
        "id": f"{kind}{days}",
        "kind": kind,
        "values": tuple(map(Decimal, values)),
        "at": NOW - timedelta(days=days),
    }
    return Reading.model_validate({**made, **more})


def test_what_is_asked_about() -> None:
    """Unusual, swapped, in the future, far from the last; ordinary values are not."""
    pressure, weight = SPECS[MeasureKind.BLOOD_PRESSURE], SPECS[MeasureKind.WEIGHT]
    ok = (Decimal(128), Decimal(82))
    assert doubts(pressure, ok, NOW, NOW, None) == ()
    assert doubts(pressure, (Decimal(82), Decimal(128)), NOW, NOW, None) == (Doubt.SWAPPED,)
    assert doubts(pressure, (Decimal(1280), Decimal(82)), NOW, NOW, None) == (Doubt.UNUSUAL,)
    assert doubts(weight, (Decimal(70),), NOW + timedelta(hours=1), NOW, None) == (Doubt.FUTURE,)
    last = reading(MeasureKind.WEIGHT, "85")
    assert doubts(weight, (Decimal(70),), NOW, NOW, last) == (Doubt.FAR,)


def test_summary_counts_what_counts() -> None:
    """Deleted ones are out; the middle of an even number is between."""
    kind = MeasureKind.PULSE
    readings = [reading(kind, v, days=n) for n, v in enumerate(("60", "70", "80", "90"))]
    readings.append(reading(kind, "200", days=5, deleted=True))
    (told,) = summaries(readings, NOW - timedelta(days=30))
    assert (told.count, told.low, told.middle, told.high) == (4, 60, 75, 90)
    assert [one.values[0] for one in valid(readings, kind)] == [60, 70, 80, 90]
    assert median([Decimal(1), Decimal(2), Decimal(9)]) == 2


@given(st.text())
def test_explaining_changes_no_letter(text: str) -> None:
    """The pieces are the text."""
    assert "".join(span.text for span in spans(text, explanations("fi"))) == text


def test_hard_words_are_found_in_their_forms() -> None:
    """Inflected, abbreviated, with a prefix."""
    found = {
        s.text: s.meaning
        for s in spans("Anamneesi: B-Hb 112, INR-arvot, statiinit", explanations("sv"))
        if s.meaning
    }
    assert set(found) == {"Anamneesi", "B-Hb", "INR-arvot", "statiinit"}
    assert "Blod" in found["INR-arvot"] or "blod" in found["INR-arvot"]


@pytest.mark.parametrize("language", ["fi", "sv", "en", "fi_selko"])
def test_every_word_is_explained_in_every_language(language: str) -> None:
    """Plain Finnish uses the Finnish explanations."""
    assert all(forms and meaning for forms, meaning in explanations(language))
