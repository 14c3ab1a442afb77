"""Appointments: what is coming, what may be done and until when; free times: wishes, days, the nearest."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.appointments import (
    Appointment,
    CareRequest,
    CheckIn,
    Mode,
    RequestKind,
    Rules,
    State,
    Step,
    offers,
    past,
    upcoming,
    waiting,
)
from app.domain.booking import (
    Filters,
    FreeTime,
    PartOfDay,
    by_day,
    fitting,
    monday_of,
    nearest,
    part_of_day,
    time_from,
)
from app.domain.me import Need, Needs
from app.domain.people import Professional
from app.domain.preparing import Notes, Own, notes_from, to_remind

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def one(id: str = "a", hours: float = 24, **more: object) -> Appointment:
    """Booked, so many hours from now, half an hour long."""
    start = NOW + hours * HOUR
    told = {"state": State.BOOKED, "starts": start, "ends": start + HOUR / 2, **more}
    return Appointment.model_validate({"id": id, **told})


def free(id: str, hours: float, **more: object) -> FreeTime:
    """A free time so many hours from now."""
    start = NOW + hours * HOUR
    return FreeTime.model_validate(
        {"id": id, "service_id": "s", "starts": start, "ends": start + HOUR / 2, **more}
    )


def test_the_next_comes_first_and_what_is_over_is_elsewhere() -> None:
    mine = [
        one("late", 48),
        one("soon", 2),
        one("gone", -3),
        one("none", state=State.CANCELLED),
        one("was", -9, state=State.DONE),
    ]

    assert [a.id for a in upcoming(mine, NOW)] == ["soon", "late"]
    assert [a.id for a in past(mine, NOW)] == ["none", "gone", "was"]


def test_what_has_no_time_comes_last() -> None:
    assert [a.id for a in upcoming([one("x", starts=None, ends=None), one("y", 2)], NOW)] == ["y", "x"]


def test_a_hold_that_ended_is_nothing_to_remember() -> None:
    held = one("h", 3, state=State.CANCELLED, expires=NOW)

    assert past([held], NOW) == ()


def test_what_was_started_stays_open_a_while_after_its_end() -> None:
    begun = one("v", -1, state=State.STARTED, mode=Mode.VIDEO)

    assert upcoming([begun], NOW) == (begun,)
    assert begun.can_join(NOW)
    assert not begun.can_join(NOW + HOUR)


@pytest.mark.parametrize(
    ("rules", "cancels", "moves"),
    [
        (Rules(), True, True),
        (Rules(not_after=NOW), True, True),
        (Rules(not_after=NOW - HOUR), False, False),
        (Rules(cancellable=False), False, True),
        (Rules(reschedulable=False), True, False),
    ],
)
def test_rules(rules: Rules, cancels: bool, moves: bool) -> None:
    assert (one(rules=rules).can_cancel(NOW), one(rules=rules).can_move(NOW)) == (cancels, moves)


def test_what_is_over_is_neither_cancelled_nor_moved() -> None:
    for state in (State.DONE, State.CANCELLED, State.MISSED, State.STARTED):
        assert not one(state=state).can_cancel(NOW)
        assert not one(state=state).can_move(NOW)


def test_checking_in_has_its_window() -> None:
    window = CheckIn(opens=NOW, closes=NOW + HOUR)

    assert one(check_in=window).can_check_in(NOW)
    assert not one(check_in=window).can_check_in(NOW - timedelta(seconds=1))
    assert not one(check_in=window).can_check_in(NOW + 2 * HOUR)
    assert not one(check_in=window, state=State.CHECKED_IN).can_check_in(NOW)
    assert not one().can_check_in(NOW)


def test_a_visit_opens_half_an_hour_before() -> None:
    visit = one("v", 0.5, mode=Mode.VIDEO)

    assert visit.can_join(NOW)
    assert not visit.can_join(NOW - timedelta(seconds=1))
    assert not one("p", 0.5).can_join(NOW)


def test_offers_end_and_places_wait() -> None:
    offer = one("o", state=State.HELD, offer=True, expires=NOW + HOUR)
    place = Appointment(id="w", state=State.WAITING, waits_for="a")

    assert offers([offer, one("h", state=State.HELD, expires=NOW + HOUR)], NOW) == (offer,)
    assert offers([offer], NOW + HOUR) == ()
    assert waiting([offer, place]) == (place,)


def test_a_referral_knows_where_it_is() -> None:
    sent = CareRequest(
        id="r", kind=RequestKind.REFERRAL, steps=(Step(name="sent", at=NOW), Step(name="received", at=NOW))
    )

    assert sent.current == Step(name="received", at=NOW)
    assert sent.next_step == "assessed"
    assert CareRequest(id="r", kind=RequestKind.REFERRAL).next_step == "sent"
    assert CareRequest(id="r", kind=RequestKind.REFERRAL, steps=(Step(name="offered"),)).next_step == ""


def test_overlapping() -> None:
    at_ten = one("a", 0)

    assert at_ten.overlaps(NOW, NOW + HOUR)
    assert not at_ten.overlaps(NOW + HOUR / 2, NOW + HOUR)
    assert not at_ten.overlaps(NOW - HOUR, NOW)


def test_wishes() -> None:
    times = [
        free("1", 24, who=Professional(id="k", name="Kaisa"), languages=("fi",)),
        free("2", 28, mode=Mode.VIDEO, languages=("fi", "sv")),
        free("3", 20),
    ]

    assert [t.id for t in fitting(times, Filters())] == ["3", "1", "2"]
    assert [t.id for t in fitting(times, Filters(mode=Mode.VIDEO))] == ["2"]
    assert [t.id for t in fitting(times, Filters(who="k"))] == ["1"]
    assert [t.id for t in fitting(times, Filters(language="sv"))] == ["3", "2"]
    assert [t.id for t in fitting(times, Filters(part=PartOfDay.AFTERNOON))] == ["1"]
    assert Filters(mode=Mode.VIDEO, who="k").count == 2


def test_parts_of_the_day_are_those_of_the_place() -> None:
    assert part_of_day(datetime(2026, 11, 23, 9, 59, tzinfo=UTC)) is PartOfDay.MORNING
    assert part_of_day(datetime(2026, 11, 23, 10, 0, tzinfo=UTC)) is PartOfDay.AFTERNOON
    assert part_of_day(datetime(2026, 11, 23, 14, 0, tzinfo=UTC)) is PartOfDay.EVENING


def test_days_are_local() -> None:
    late = free("x", 12.5)

    assert [day.day for day in by_day([late])] == [24]
    assert monday_of(next(iter(by_day([late])))).day == 23


@given(st.lists(st.integers(1, 300), unique=True, max_size=30), st.integers(1, 300))
def test_the_nearest_are_the_nearest(hours: list[int], lost: int) -> None:
    times = [free(str(hour), hour) for hour in hours]
    found = nearest(times, free("lost", lost), Filters())
    away = sorted(abs(hour - lost) for hour in hours)

    assert sorted(abs((t.starts - NOW) / HOUR - lost) for t in found) == away[:3]
    assert list(found) == sorted(found, key=lambda t: t.starts)


def test_what_was_kept_is_read_or_forgotten() -> None:
    time = free("1", 2)

    assert time_from(time.model_dump(mode="json")) == time
    assert time_from({"id": 3}) is None
    assert notes_from({"about": {"a": {"questions": ["Miksi?"]}}}).of("a").questions == ("Miksi?",)
    assert notes_from("rubbish") == Notes()


def test_reminders() -> None:
    soon, later = one("soon", 3), one("later", 30)

    assert to_remind((soon, later), Notes(), NOW) == (soon,)
    assert to_remind((soon,), Notes().with_own("soon", Own(done=True)), NOW) == ()
    quiet = Notes().with_own("soon", Own(quiet_until=NOW + HOUR))
    assert to_remind((soon,), quiet, NOW) == ()
    assert to_remind((soon,), quiet, NOW + HOUR) == (soon,)


def test_needs_are_attached_as_codes() -> None:
    assert Needs().codes() == ()
    known = Needs(language="so", interpreter=True, needs=(Need.STEP_FREE, Need.HEARING), other=" x ")
    assert known.codes() == ("interpreter:so", "step-free", "hearing", "other:x")


def test_needs_kept_by_earlier_versions_are_not_lost() -> None:
    """Codes, own words, signs; what is known already stays."""
    known = Needs(language="fi", needs=(Need.SPEECH,))
    kept = {"interpreter": "so", "mobility": True, "sight": True, "other": "Tuoksut"}
    assert known.with_kept(kept) == Needs(
        language="so",
        interpreter=True,
        needs=(Need.LARGE_PRINT, Need.SPEECH, Need.STEP_FREE),
        other="Tuoksut",
    )
    assert known.with_kept({"interpreter": "arabia"}).other == "arabia"
    assert known.with_kept({"interpreter": "arabia"}).interpreter
    signs = known.with_kept({"interpreter": "viittomakieli"})
    assert (signs.needs, signs.language) == ((Need.SIGN_LANGUAGE, Need.SPEECH), "fi")
    assert not Notes().to_move
    assert notes_from({"needs": kept}).to_move
