"""Dates of steps: leap days, cycles, pregnancies past term, cancelled operations, time zones."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pathways.model import Anchor, Structure
from app.pathways.planner import Dates, Plan, as_moved, cycle, moment_of, plan
from app.pathways.progress import Standing, State, progress, state_of, today, upcoming
from app.pathways.replan import in_order, replan
from app.pathways.span import shift
from tests.pathways.examples import pathway, step

DAYS = st.dates(date(2019, 1, 1), date(2033, 12, 31))
SPANS = st.builds(lambda n, unit: f"{n}{unit}", st.integers(-60, 60), st.sampled_from("dwm"))
PREGNANCY = pathway(
    step("week-40", when={"anchor": "due-date", "from": "0d", "until": "2w"}),
    step("at-home", when={"anchor": "birth", "from": "1d", "until": "1w"}),
    anchors=({"id": "due-date"}, {"id": "birth"}),
)
OPERATION = pathway(
    step("form", "form", form="pre-op", when={"anchor": "operation", "from": "-14d", "until": "-7d"}),
    step("pain", "read", when={"anchor": "operation", "from": "1d", "until": "7d"}),
    step("ask", "ask", when={"anchor": "operation", "from": "-7d", "until": "-1d"}, if_cancelled="keep"),
    anchors=({"id": "operation", "cancellable": True},),
)
CHEMO = pathway(
    step("symptoms", "form", form="symptoms", when={"anchor": "treatment", "from": "3d", "until": "5d"}),
    anchors=({"id": "treatment", "every": "3w", "times": 4},),
)


@st.composite
def structures(draw: st.DrawFn) -> Structure:
    """Any pathway of one stage with a start, an operation and cycles."""
    made = []
    for number in range(draw(st.integers(1, 8))):
        when = {
            "anchor": draw(st.sampled_from(["start", "operation", "cycle"])),
            "from": draw(SPANS),
            "until": draw(st.none() | SPANS),
        }
        if draw(st.booleans()):
            when["repeat"] = {
                "every": draw(st.sampled_from(["1d", "1w", "1m"])),
                "times": draw(st.integers(1, 9)),
            }
        made.append(
            step(
                f"s{number}",
                when=draw(st.just(when) | st.none()),
                if_cancelled=draw(st.sampled_from(["drop", "keep"])),
            )
        )
    anchors = ({"id": "operation", "cancellable": True}, {"id": "cycle", "every": "3w", "times": 3})
    return pathway(*made, anchors=anchors)


@st.composite
def dates(draw: st.DrawFn) -> Dates:
    """Some dates, some of them unknown, some called off."""
    known = {}
    for name in ("start", "operation", "cycle"):
        count = draw(st.integers(0, 3)) if name == "cycle" else draw(st.integers(0, 1))
        known[name] = tuple(draw(st.lists(DAYS, min_size=count, max_size=count)))
    return Dates(known, draw(st.sampled_from([frozenset(), frozenset({"operation"})])))


@given(structures(), dates())
def test_a_plan_is_the_same_for_the_same_dates_and_its_keys_are_unique(
    structure: Structure, known: Dates
) -> None:
    first = plan(structure, known)
    assert first == plan(structure, known)
    assert len(first.by_key()) == len(first.turns)
    assert all(turn.since <= turn.until for turn in first.turns if turn.since and turn.until)


@given(structures(), dates(), dates(), st.randoms(use_true_random=False))
def test_what_was_done_never_changes_and_everything_else_is_as_if_planned_anew(
    structure: Structure, before: Dates, after: Dates, chance: object
) -> None:
    old = plan(structure, before)
    done = {turn.key for turn in old.turns if chance.random() < 0.4}  # type: ignore[attr-defined]
    new, changes = replan(structure, old, after, done)
    fresh, was, now = plan(structure, after).by_key(), old.by_key(), new.by_key()
    assert all(now[key] == was[key] for key in done)
    assert {key: turn for key, turn in now.items() if key not in done} == {
        key: turn for key, turn in fresh.items() if key not in done
    }
    assert {turn.key for turn in changes.gone} == was.keys() - now.keys()
    assert {turn.key for turn in changes.new} == now.keys() - was.keys()
    assert {one.key for one, _ in changes.moved} == {k for k in was.keys() & now.keys() if was[k] != now[k]}


@given(structures(), dates(), dates())
def test_moving_a_date_and_moving_it_back_changes_nothing(
    structure: Structure, here: Dates, there: Dates
) -> None:
    old = plan(structure, here)
    away, _ = replan(structure, old, there, ())
    back, _ = replan(structure, away, here, ())
    assert back == old


@given(structures(), dates(), DAYS)
def test_every_turn_has_a_state_and_a_stage_is_done_only_when_nothing_is_left(
    structure: Structure, known: Dates, day: date
) -> None:
    made = plan(structure, known)
    (stage,) = progress(structure, made, {}, day)
    states = {state for _, state in stage.turns}
    assert len(stage.turns) == len(made.turns)
    if stage.standing is Standing.DONE:
        assert not states & {State.NOW, State.NEXT, State.ANY, State.WAITING}
    assert {turn.key for turn in today(structure, made, {}, day)} == {
        turn.key for turn, state in stage.turns if state is State.NOW
    }


@given(DAYS, SPANS)
def test_a_span_of_months_never_leaves_its_month(day: date, span: str) -> None:
    moved = shift(day, span)
    if span.endswith("m"):
        assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == int(span[:-1])
        assert moved.day <= day.day


def test_a_month_after_the_leap_day_and_a_year_after() -> None:
    assert shift(date(2028, 2, 29), "12m") == date(2029, 2, 28)
    assert shift(date(2028, 1, 31), "1m") == date(2028, 2, 29)


def test_the_end_of_a_month_does_not_creep_in_repeats() -> None:
    made = plan(
        pathway(step("a", when={"repeat": {"every": "1m", "times": 3}})),
        Dates({"start": (date(2028, 1, 31),)}),
    )
    assert [turn.since for turn in made.turns] == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]


def test_past_term_the_last_weeks_stay_open_and_what_follows_the_birth_waits() -> None:
    made = plan(PREGNANCY, Dates({"due-date": (date(2026, 3, 1),)}))
    past = date(2026, 3, 9)
    assert [state_of(turn, {}, past) for turn in made.turns] == [State.NOW, State.WAITING]
    born, changes = replan(
        PREGNANCY, made, Dates({"due-date": (date(2026, 3, 1),), "birth": (past,)}), {"week-40"}
    )
    assert born.by_key()["at-home"].since == date(2026, 3, 10)
    assert [after.step for _, after in changes.moved] == ["at-home"]


@given(DAYS, st.integers(-120, 40))
def test_what_belongs_before_a_date_ends_the_day_before_it(due: date, apart: int) -> None:
    """Born early or past term: nothing of the pregnancy begins any more, what goes on is over, the rest stays."""
    weekly = {"every": "1w", "until": "2w"}
    when = {"anchor": "due-date", "before": "birth", "from": "-12w"}
    structure = pathway(
        step("movements", when={**when, "until": "2w"}),
        step("pressure", when={**when, "repeat": weekly}),
        step("at-home", when={"anchor": "birth", "from": "0d"}),
        anchors=({"id": "due-date"}, {"id": "birth", "required": False}),
    )
    birth, dates = due + timedelta(days=apart), Dates({"due-date": (due,)})
    before = plan(structure, dates)
    after, changes = replan(structure, before, dates.having("birth", birth), ())
    ended = [turn for turn in after.turns if turn.step != "at-home"]
    assert all(turn.since and turn.until and turn.since <= turn.until < birth for turn in ended)
    assert {turn.key for turn in ended} == {
        turn.key for turn in before.turns if turn.since and turn.since < birth
    }
    assert not changes.new


def test_a_cancelled_operation_drops_what_is_pointless_and_keeps_what_was_done_or_still_helps() -> None:
    before = Dates({"operation": (date(2026, 5, 20),)})
    after, changes = replan(OPERATION, plan(OPERATION, before), before.without("operation"), {"form"})
    assert set(after.by_key()) == {"form", "ask"}
    assert [turn.key for turn in changes.gone] == ["pain"]
    assert [turn.key for turn in changes.kept] == ["form"]
    assert state_of(after.by_key()["ask"], {}, date(2026, 6, 1)) is State.ANY


def test_a_new_date_after_a_cancelled_one_brings_everything_back() -> None:
    before = Dates({"operation": (date(2026, 5, 20),)})
    off, _ = replan(OPERATION, plan(OPERATION, before), before.without("operation"), ())
    again, changes = replan(
        OPERATION, off, before.without("operation").having("operation", date(2026, 9, 1)), ()
    )
    assert again.by_key()["pain"].since == date(2026, 9, 2)
    assert {turn.key for turn in changes.new} == {"form", "pain"}


def test_a_delayed_treatment_moves_the_later_ones_only() -> None:
    days = cycle(date(2026, 1, 7), Anchor(id="treatment", every="3w", times=4))
    delayed = as_moved(days, 2, days[2] + timedelta(days=7))
    assert [new - old for old, new in zip(days, delayed, strict=True)] == [timedelta(0)] * 2 + [
        timedelta(7)
    ] * 2
    old = plan(CHEMO, Dates({"treatment": days}))
    _, changes = replan(CHEMO, old, Dates({"treatment": delayed}), {"symptoms@1"})
    assert [after.key for _, after in changes.moved] == ["symptoms@3", "symptoms@4"]


def test_a_week_long_turn_lasts_until_the_next_and_ends_with_the_whole() -> None:
    weekly = pathway(step("diary", when={"repeat": {"every": "1w", "until": "10d"}}))
    made = plan(weekly, Dates({"start": (date(2026, 1, 1),)}))
    assert [(turn.since, turn.until) for turn in made.turns] == [
        (date(2026, 1, 1), date(2026, 1, 7)),
        (date(2026, 1, 8), date(2026, 1, 11)),
    ]


def test_the_next_thing_is_the_one_that_comes_first() -> None:
    made = plan(CHEMO, Dates({"treatment": cycle(date(2026, 1, 7), CHEMO.anchors[0])}))
    coming = upcoming(made, {"symptoms@1": "done"}, date(2026, 1, 12))
    assert coming is not None
    assert coming.key == "symptoms@2"
    assert upcoming(Plan(()), {}, date(2026, 1, 12)) is None


@pytest.mark.parametrize(
    ("day", "at", "hours"),
    [(date(2026, 3, 29), "03:30", 1), (date(2026, 10, 25), "03:30", 0), (date(2026, 7, 1), "18:00", 15)],
)
def test_a_reminder_is_at_the_resident_s_own_time_also_when_clocks_change(
    day: date, at: str, hours: int
) -> None:
    assert moment_of(day, at, "Europe/Helsinki").astimezone(UTC).hour == hours


def test_turns_are_in_the_order_of_their_steps_however_they_came() -> None:
    made = plan(OPERATION, Dates({"operation": (date(2027, 1, 15),)})).turns
    again = plan(CHEMO, Dates({"treatment": cycle(date(2027, 1, 4), CHEMO.anchors[0])})).turns
    assert in_order(OPERATION, reversed(made)) == made
    assert in_order(CHEMO, reversed(again)) == again
