"""Reminders: only what was asked for, at its time, never twice, quiet when done, left out or put away."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.pathways.journey import begin, plan_of
from app.pathways.library import Library
from app.pathways.planner import moment_of
from app.pathways.reminding import Reminders, coming, due

ZONE = "Europe/Helsinki"
FOUND = Library().get("sleep", "fi")
assert FOUND is not None
SLEEP = FOUND.structure
DAY = date(2026, 11, 23)
PLAN = plan_of(SLEEP, begin("j", SLEEP, "", DAY))


def at(day: int, clock: str) -> datetime:
    """The moment ``day`` days after the beginning."""
    return moment_of(DAY + timedelta(days=day), clock, ZONE)


def keys(wanted: Reminders, now: datetime, marks: dict[str, str] | None = None) -> list[str]:
    """What is reminded of."""
    return [one.turn.key for one in due(SLEEP, PLAN, marks or {}, wanted, now, ZONE)]


def test_nothing_is_reminded_of_that_was_not_asked_for() -> None:
    assert keys(Reminders(), at(1, "23:59")) == []


def test_a_daily_step_reminds_from_the_authors_time_on_each_day_by_itself() -> None:
    """The diary says 9:00."""
    wanted = Reminders().having("sleep-diary", "09:00", at(-1, "12:00"))
    assert keys(wanted, at(0, "08:59")) == []
    assert keys(wanted, at(0, "09:00")) == ["sleep-diary~1"]
    assert keys(wanted, at(1, "09:00")) == ["sleep-diary~2"]


def test_what_is_done_left_out_or_put_away_is_quiet() -> None:
    wanted, now = Reminders().having("sleep-diary", "09:00", at(-1, "12:00")), at(0, "10:00")
    assert keys(wanted, now, {"sleep-diary~1": "done"}) == []
    assert keys(wanted, now, {"sleep-diary~1": "skipped"}) == []
    turn = PLAN.by_key()["sleep-diary~1"]
    assert keys(wanted.hearing(turn), now) == []
    moved = turn._replace(since=DAY + timedelta(days=3))
    assert not wanted.hearing(turn).has_heard(moved)


def test_all_of_a_pathway_takes_the_usual_time_and_a_step_may_be_left_out_of_it() -> None:
    wanted = Reminders(all=True)
    assert "sleep-diary~1" in keys(wanted, at(0, "09:00"))
    assert "sleep-diary~1" not in keys(wanted.having("sleep-diary", "", at(0, "00:00")), at(0, "09:00"))


def test_a_reminder_in_the_hour_that_summer_time_skips_comes_an_hour_later() -> None:
    assert moment_of(date(2026, 3, 29), "03:30", ZONE).utcoffset() == timedelta(hours=3)


def test_what_has_begun_when_it_is_asked_for_reminds_on_the_next_of_its_days() -> None:
    """own-rhythm may be done on several days; the diary of one morning only on that day."""
    turn = next(turn for turn in PLAN.turns if turn.since and turn.until and turn.until > turn.since)
    assert turn.since is not None
    into = (turn.since - DAY).days
    wanted = Reminders().having(turn.step, "09:00", at(into, "12:00"))
    assert turn.key not in keys(wanted, at(into, "23:00"))
    assert turn.key in keys(wanted, at(into + 1, "09:00"))
    diary = Reminders().having("sleep-diary", "09:00", at(0, "12:00"))
    assert keys(diary, at(0, "13:00")) == []
    assert keys(diary, at(1, "09:00")) == ["sleep-diary~2"]


def test_switching_it_on_again_reminds_again_of_what_was_put_away() -> None:
    turn = PLAN.by_key()["sleep-diary~1"]
    wanted = Reminders().having("sleep-diary", "09:00", at(-1, "12:00")).hearing(turn)
    assert keys(wanted.having("sleep-diary", "10:00", at(0, "09:30")), at(0, "10:00")) == [turn.key]


@given(st.integers(-3, 60), st.integers(0, 24 * 60 - 1), st.booleans())
def test_a_turn_is_due_or_coming_or_over_but_never_two_of_these(day: int, minute: int, every: bool) -> None:
    wanted = Reminders(all=every, steps={"sleep-diary": "07:15"})
    now = moment_of(DAY, "00:00", ZONE) + timedelta(days=day, minutes=minute)
    later = coming(SLEEP, PLAN, {}, wanted, now, ZONE)
    assert not {one.turn.key for one in later} & set(keys(wanted, now))
    assert [one.at for one in later] == sorted(one.at for one in later)
    assert all(one.at > now for one in later)
