"""How old somebody is."""

from datetime import date

import pytest

from app.domain.people import Resident


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1980, 5, 17), date(2026, 5, 16), 45),
        (date(1980, 5, 17), date(2026, 5, 17), 46),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (None, date(2026, 1, 1), None),
    ],
)
def test_age_in_whole_years(born: date | None, on: date, age: int | None) -> None:
    assert Resident(id="x", birth_date=born).age(on) == age
