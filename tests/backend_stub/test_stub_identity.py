"""Synthetic identity codes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_stub.seed.identity import birth_date, identity_code, is_synthetic

days = st.dates(min_value=date(1850, 1, 1), max_value=date(2026, 11, 23))


@given(days, st.integers(900, 999), st.integers(0, 5))
def test_every_made_code_is_valid_and_tells_its_date(born: date, number: int, sign: int) -> None:
    code = identity_code(born, number, sign)

    assert is_synthetic(code)
    assert birth_date(code) == born


def test_published_example_has_the_control_character_of_the_agency() -> None:
    """131052-308T is the agency's own example; ours differ from it only in the individual number."""
    assert identity_code(date(1952, 10, 13), 908)[:10] == "131052-908"
    assert "0123456789ABCDEFHJKLMNPRSTUVWXY"[131052308 % 31] == "T"


@pytest.mark.parametrize(("sign", "letter"), enumerate("ABCDEF"))
def test_century_signs_of_the_2000s(sign: int, letter: str) -> None:
    assert identity_code(date(2011, 5, 3), 902, sign)[6] == letter


@given(days, st.integers(900, 999), st.integers(0, 9))
def test_one_changed_character_is_noticed(born: date, number: int, place: int) -> None:
    code = identity_code(born, number)
    if place == 6:
        return
    changed = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]

    assert not is_synthetic(changed)


@pytest.mark.parametrize("code", ["", "131052-308T", "310299-9010", "131052Q9087", "131052-908"])
def test_what_is_not_synthetic(code: str) -> None:
    """Real series, impossible days, unknown signs and cut codes are all refused."""
    assert not is_synthetic(code)


def test_numbers_outside_of_the_900_series_are_refused() -> None:
    with pytest.raises(ValueError, match="900"):
        identity_code(date(1990, 1, 1), 899)
