"""What a step asks for, bound to it on the wire; whatever else stands there leads nowhere."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.api.steps import asked_in, bound, link_to, with_sent
from app.pathways.journey import Asked, Journey, marks_of

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
ASKED = Asked(plan="p1", key="mood~2", since=date(2026, 11, 1), until=date(2026, 11, 30))
PLAN = Journey(id="p1", pathway="sleep", days={}, tasks={"visit": "t1"}, by_team=True)
URL = link_to(ASKED)["extension"][0]["url"]


def answer(**more: Any) -> dict[str, Any]:
    return bound({"id": "a1", "status": "completed", "authored": AT.isoformat()}, ASKED) | more


def booked(status: str, link: Any) -> dict[str, Any]:
    start = "2026-12-01T09:00:00Z"
    return {"id": "v1", "status": status, "start": start, "supportingInformation": [link]}


def marks(*answers: Any, appointments: Any = (), ledger: Any = None) -> dict[str, str]:
    (journey,) = with_sent([PLAN], answers, appointments, ledger or {}, {})
    return dict(marks_of(journey))


def test_a_link_is_read_as_it_was_written() -> None:
    assert asked_in(answer()) == ASKED
    assert bound({"id": "x"}, None) == {"id": "x"}


@pytest.mark.parametrize(
    ("status", "ledger", "mark"),
    [
        ("completed", "", "done"),
        ("amended", "", "done"),
        ("completed", "waiting", "coming"),
        ("completed", "sending", "coming"),
        ("completed", "refused", None),
        ("in-progress", "", None),
        ("entered-in-error", "", None),
        ("stopped", "waiting", None),
    ],
)
def test_only_answers_that_count_mark_the_step(status: str, ledger: str, mark: str | None) -> None:
    assert marks(answer(status=status), ledger={"a1": ledger} if ledger else {}).get("mood~2") == mark


STANDS = ("booked", "arrived", "checked-in", "fulfilled")
STANDS_NOT = ("pending", "proposed", "cancelled", "noshow", "waitlist")


@pytest.mark.parametrize("status", [*STANDS, *STANDS_NOT])
def test_only_appointments_that_stand_mark_the_step(status: str) -> None:
    mark = "done" if status in STANDS else None
    assert marks(appointments=[booked(status, link_to(ASKED))]).get("mood~2") == mark
    assert marks(appointments=[booked(status, {"reference": "Task/t1"})]).get("visit") == mark


def test_what_has_arrived_says_more_than_what_waits() -> None:
    later = answer(id="a2", authored="2026-11-24T10:00:00Z")
    assert marks(answer(), later, ledger={"a2": "waiting"}) == {"mood~2": "done"}
    assert marks(answer(), later, ledger={"a2": "refused"}) == {"mood~2": "done"}
    assert marks(answer(), answer(id="a3", status="entered-in-error")) == {"mood~2": "done"}


@pytest.mark.parametrize(
    "link",
    [
        None,
        7,
        "CarePlan/p1",
        {},
        {"reference": "CarePlan/p1"},
        {"reference": "CarePlan/p1", "extension": "x"},
        {"reference": "CarePlan/p1", "extension": [{"url": URL}]},
        {"reference": "CarePlan/p1", "extension": [{"url": URL, "extension": [3]}]},
        link_to(ASKED) | {"reference": "CarePlan/another"},
        link_to(ASKED) | {"reference": None},
        {"reference": "Task/unknown"},
        {"reference": "ServiceRequest/p1"},
    ],
)
def test_links_that_cannot_be_read_lead_nowhere(link: Any) -> None:
    assert marks(answer(basedOn=[link]), appointments=[booked("booked", link)]) == {}
    assert marks(answer(basedOn=link)) == {}


def test_days_that_are_none_are_left_out() -> None:
    odd = link_to(ASKED)
    odd["extension"][0]["extension"][1]["valuePeriod"] = {"start": "yesterday"}
    assert asked_in(answer(basedOn=[odd])) == Asked(plan="p1", key="mood~2")
