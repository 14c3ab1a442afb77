"""Journeys on the wire: valid R4, everything kept, and whatever a server sends is read or left out."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.api.careplans import care_plan, to_journeys
from app.pathways.journey import Before, Entry, Journey, Mark
from tests.fhir_schema import problems

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
IDS = st.sampled_from(["start", "operation", "due-date"])
DATES = st.dictionaries(IDS, st.lists(DAYS, min_size=1, max_size=3).map(tuple), min_size=1)
MARKS = st.builds(
    Mark, state=st.sampled_from(["done", "skipped"]), at=TIMES, since=st.just(date(2026, 1, 1)), until=DAYS
)
NOTES = st.builds(
    Entry,
    id=st.uuids().map(str),
    step=st.just("pain"),
    at=TIMES,
    kind=st.sampled_from(["note", "question"]),
    text=st.text("abcåäö ", min_size=1).filter(str.strip),
)
VALUES = st.builds(
    Entry,
    id=st.uuids().map(str),
    step=st.just("pain"),
    at=TIMES,
    kind=st.just("measure"),
    value=st.integers(1, 300),
)
JOURNEYS = st.builds(
    Journey,
    id=st.uuids().map(str),
    pathway=st.just("surgery"),
    version=st.just("1.0.0"),
    title=st.just("Leikkaus"),
    days=DATES,
    cancelled=st.sampled_from([(), ("operation",)]),
    marks=st.dictionaries(st.sampled_from(["a", "b~2", "c@1"]), MARKS),
    entries=st.lists(NOTES | VALUES, max_size=3).map(tuple),
    before=st.none() | st.builds(Before, days=DATES, at=TIMES),
)


@given(JOURNEYS)
def test_a_journey_is_valid_r4_and_comes_back_as_it_was(journey: Journey) -> None:
    plan = care_plan(journey, "me", NOW)
    assert problems(plan) == []
    (back,) = to_journeys([plan])
    told = journey.model_copy(
        update={"cancelled": tuple(one for one in journey.cancelled if one in journey.days)}
    )
    assert back == told


ODD = st.recursive(
    st.none() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["reference", "value", "system", "url", "detail", "code"]), inner, max_size=2
        )
    ),
    max_leaves=5,
)
PARTS = [
    "extension",
    "activity",
    "note",
    "category",
    "title",
    "basedOn",
    "identifier",
    "restriction",
    "status",
]


@given(st.dictionaries(st.sampled_from(PARTS), ODD), st.dictionaries(st.sampled_from(PARTS), ODD))
def test_nothing_that_a_server_sends_makes_it_fail(plan: dict[str, Any], task: dict[str, Any]) -> None:
    named = {"id": "a", "status": "active", "instantiatesCanonical": ["x/PlanDefinition/sleep"]}
    assert len(to_journeys([named | plan], [task, {"basedOn": [{"reference": "CarePlan/a"}]} | task])) <= 1


@given(st.sampled_from(["active", "draft", "x"]), st.text(max_size=8))
def test_plans_of_another_kind_are_left_out(status: str, canonical: str) -> None:
    plan: dict[str, Any] = {"resourceType": "CarePlan", "id": "a", "status": status}
    assert to_journeys([plan]) == ()
    assert len(to_journeys([plan | {"instantiatesCanonical": [f"x/PlanDefinition/{canonical}"]}])) <= 1


def test_tasks_are_turns_with_their_days_and_what_became_of_them() -> None:
    plan = {
        "resourceType": "CarePlan",
        "id": "plan",
        "status": "active",
        "instantiatesCanonical": ["https://x/PlanDefinition/surgery|1.0.0"],
    }
    task = {
        "resourceType": "Task",
        "id": "t1",
        "identifier": [{"system": "https://digiklinikka.example/fhir/pathway-turn", "value": "pain~2"}],
        "basedOn": [{"reference": "CarePlan/plan"}],
        "groupIdentifier": {"value": "home"},
        "status": "completed",
        "meta": {"lastUpdated": "2026-11-20T10:00:00Z"},
        "restriction": {"period": {"start": "2026-11-19", "end": "2026-11-20"}},
    }
    (journey,) = to_journeys([plan], [task, task | {"id": "t2", "status": "cancelled"}])
    assert journey.by_team
    (turn,) = journey.turns
    assert (turn.key, turn.step, turn.stage) == ("pain~2", "pain", "home")
    assert journey.marks["pain~2"].state == "done"
    assert journey.marks["pain~2"].since == date(2026, 11, 19)
