"""Appointments on the wire: lenient in, strict out."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api import appointments as wire
from app.api.booking import from_proposals, from_slots, operations, wish
from app.domain.appointments import Mode, State
from app.domain.booking import FreeTime
from app.domain.people import Professional
from backend_stub.booking import profile
from tests.fhir_schema import problems

START = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
TIME = FreeTime(
    id="s1",
    service_id="terveysasema",
    starts=START,
    ends=START.replace(minute=30),
    mode=Mode.VIDEO,
    who=Professional(id="kaisa"),
)


def test_what_is_asked_for_is_r4() -> None:
    whole = wish("a", "p", TIME, reason="Selkä", needs=("step-free",), questions=("Miksi?",), replaces="old")

    assert problems(whole) == []
    assert problems(wish("a", "p", TIME, status=State.HELD)) == []
    old = wire.to_appointments([whole]).appointments[0]
    assert (old.replaces, old.reason, old.needs, old.questions) == (
        "old",
        "Selkä",
        ("step-free",),
        ("Miksi?",),
    )
    assert problems(wire.place_in_queue("w", "p", old)) == []


def test_what_is_changed_keeps_everything_else() -> None:
    body = {"resourceType": "Appointment", "id": "a", "status": "booked", "x": 1, "extension": [{"url": "u"}]}

    assert wire.with_own(body, "question", ["Miksi?"])["extension"][0] == {"url": "u"}
    assert wire.with_own(wire.with_own(body, "question", ["Miksi?"]), "question", []) == body
    assert "extension" not in wire.with_own({"id": "a"}, "question", [])
    assert wire.with_status(body, State.CANCELLED, "Este") == {
        **body,
        "status": "cancelled",
        "cancelationReason": {"text": "Este"},
    }


def test_next_to_nothing_is_enough() -> None:
    (one,) = wire.to_appointments(
        [{"resourceType": "Appointment", "id": "a", "status": "booked"}]
    ).appointments

    assert (one.state, one.mode, one.starts, one.rules.cancellable) == (
        State.BOOKED,
        Mode.IN_PERSON,
        None,
        True,
    )


@pytest.mark.parametrize("status", ["entered-in-error", "", "of-tomorrow"])
def test_states_that_are_not_known_are_left_out(status: str) -> None:
    assert (
        wire.to_appointments([{"resourceType": "Appointment", "id": "a", "status": status}]).appointments
        == ()
    )


@pytest.mark.parametrize(
    "address",
    [
        {"valueUrl": "https://meet.example/1"},
        {"valueString": "https://meet.example/1"},
        {"valueUri": "https://meet.example/1"},
        {"valueContactPoint": {"system": "url", "value": "https://meet.example/1"}},
    ],
)
def test_a_video_link_in_any_of_its_types(address: dict[str, Any]) -> None:
    link = {"url": wire.VIRTUAL_SERVICE, "extension": [{"url": "address", **address}]}
    body = {"resourceType": "Appointment", "id": "a", "status": "booked", "extension": [link]}

    assert wire.to_appointments([body]).appointments[0].video_url == "https://meet.example/1"


def test_a_started_visit_is_started_only_while_it_lives() -> None:
    mark = {"url": wire.EXTENSION + "visit-state", "valueCode": "started"}
    body = {"resourceType": "Appointment", "id": "a", "extension": [mark]}

    assert wire.to_appointments([body | {"status": "booked"}]).appointments[0].state is State.STARTED
    assert wire.to_appointments([body | {"status": "cancelled"}]).appointments[0].state is State.CANCELLED


def test_gaps_are_sources_of_appointments_that_fail() -> None:
    down = {
        "resourceType": "Endpoint",
        "id": "e",
        "status": "error",
        "name": "Suu",
        "payloadType": [{"text": "Appointment"}],
    }

    assert [gap.name for gap in wire.to_gaps([down, down | {"status": "active"}])] == ["Suu"]
    assert wire.to_gaps([down | {"payloadType": [{"text": "Image"}]}]) == ()


def test_free_times_by_either_way() -> None:
    plan = {
        "resourceType": "Schedule",
        "id": "p",
        "actor": [{"reference": "Practitioner/kaisa", "display": "Kaisa"}],
    }
    slot = {
        "resourceType": "Slot",
        "id": "s1",
        "status": "free",
        "schedule": {"reference": "Schedule/p"},
        "start": "2026-11-25T10:00:00+02:00",
        "end": "2026-11-25T10:30:00+02:00",
    }
    (plain,) = from_slots(
        [slot, slot | {"status": "busy"}, slot | {"start": "?"}], [plan], "x", wire.Around()
    )
    (offered,) = from_proposals([profile.offered(slot, plan)], "x", wire.Around())

    assert plain == offered
    assert (plain.who.name, plain.starts) == ("Kaisa", START)


def test_operations_are_read_from_the_statement() -> None:
    statement = {
        "rest": [{"resource": [{"type": "Appointment", "operation": [{"name": "$find"}, {"name": "hold"}]}]}]
    }

    assert set(operations(statement)) == {"find", "hold"}
    assert set(operations({"rest": "?"})) == set()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "status", "start", "extension", "participant", "slot"]), JSON, max_size=6
    )
)
def test_rubbish_is_set_aside_and_the_rest_goes_on(rubbish: dict[str, Any]) -> None:
    good = {"resourceType": "Appointment", "id": "good", "status": "booked"}
    found = wire.to_appointments([{"resourceType": "Appointment", **rubbish}, good])

    assert "good" in [one.id for one in found.appointments]
