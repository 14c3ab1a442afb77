"""A person's records and permissions: what counts, in which year, and what can be searched."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.me import Consent, Permission, current
from app.domain.record import About, Allergy, Diagnosis, Entry, Kind, Referral, Term, found, years
from app.domain.results import Panel, Result


def test_the_newest_answer_counts_whatever_clock_it_was_given_by() -> None:
    """12.00 in Finland is earlier than 11.00 in London; an answer without a time is older than any."""
    told = [
        Consent(permission=Permission.RESEARCH, given=False, since=datetime.fromisoformat(at) if at else None)
        for at in ("2026-11-23T12:00:00+02:00", "")
    ]
    newest = datetime.fromisoformat("2026-11-23T11:00:00+00:00")
    told.insert(1, Consent(permission=Permission.RESEARCH, given=True, since=newest))
    assert [one.given for one in current(told) if one.permission is Permission.RESEARCH] == [True]


def test_the_years_of_a_record_are_those_of_its_own_clocks() -> None:
    """Half past midnight on New Year's Day is in the new year, as it is shown."""
    at = datetime.fromisoformat("2025-12-31T22:30:00+00:00")
    entry = Entry(type="Observation", id="o1", kind=Kind.RESULT, title=Term(text="Hb"), at=at)
    zone = ZoneInfo("Europe/Helsinki")
    assert years([entry], zone) == (2026,)
    assert found([entry], "hb", 2026, zone) == (entry,)
    assert found([entry], "hb", 2025, zone) == ()


@pytest.mark.parametrize(
    ("about", "word"),
    [
        (Allergy(reactions=(Term(text="Nokkosihottuma"),)), "nokkos"),
        (Diagnosis(note="Todettu kotona"), "kotona"),
        (Referral(to="Keuhkopoliklinikka"), "keuhko"),
        (Panel(comment="Arvot ovat hyvät"), "hyvat"),
        (Result(notes=("Näyte hemolyysi",)), "hemolyysi"),
    ],
)
def test_what_is_shown_of_an_entry_can_be_searched(about: About, word: str) -> None:
    """Not its name alone."""
    entry = Entry(type="Basic", id="b1", kind=Kind.OTHER, about=about)
    assert found([entry], word) == (entry,)
