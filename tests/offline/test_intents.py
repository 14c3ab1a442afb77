"""Rules of the resident's changes: pure, total, idempotent, and touching only what they own (I11)."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.offline.intents import ANSWERED, BUILT_IN, Intents, Reject, create
from tests.offline.examples import RULES

VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
STATUS = st.sampled_from(
    ["in-progress", "booked", "cancelled", "completed", "fulfilled", "requested", "active", "inactive"]
)
RESOURCES = st.dictionaries(st.sampled_from(["received", "topic", "status", "id", "x"]), VALUES | STATUS)
ARGS = st.dictionaries(
    st.sampled_from(["at", "output", "reason", "item", "status"]), st.text(min_size=1, max_size=8)
)
OWNS = {
    "mark_received": {"received"},
    "chat_leave": {"status"},
    "chat_mark": {"extension"},
    "chat_tell": {"output"},
    "cancel": {"status"},
    "complete": {"status", "output"},
    "withdraw": {"status"},
    "answer": {*ANSWERED},
    "leave_out": {"status"},
    "reopen": {"status"},
    "annotate": {"note"},
    "journey": {"activity"},
    "amend": {"status", "note"},
    "retract": {"status"},
    "revoke": {"status"},
    "confirm_contact": {"telecom"},
    "set_needs": {"communication"},
}


@pytest.mark.parametrize("name", sorted(BUILT_IN.rules))
@given(resource=RESOURCES, args=ARGS)
def test_every_rule_is_pure_total_idempotent_and_keeps_to_its_fields(
    name: str, resource: dict[str, Any], args: dict[str, Any]
) -> None:
    """Whatever the resource and the arguments look like."""
    before = deepcopy(resource)
    once = BUILT_IN.apply(name, args, resource)

    assert resource == before
    if isinstance(once, Reject):
        assert once.code
        return
    assert BUILT_IN.apply(name, args, once) == once
    changed = {field for field in {*once, *before} if once.get(field) != before.get(field)}
    assert changed <= OWNS[name]


def test_what_came_first_stays_received() -> None:
    """Set once."""
    once = BUILT_IN.apply("mark_received", {"at": "2026-01-01"}, {})
    assert BUILT_IN.apply("mark_received", {"at": "2026-02-02"}, dict(once)) == once  # type: ignore[call-overload]


@pytest.mark.parametrize("status", ["fulfilled", "noshow", "completed", None])
def test_what_has_happened_cannot_be_cancelled(status: str | None) -> None:
    """Too late, in a word a screen can explain."""
    assert BUILT_IN.apply("cancel", {}, {"status": status}) == Reject("too-late")


def test_a_withdrawal_is_always_possible() -> None:
    """Whatever became of the consent meanwhile."""
    assert BUILT_IN.apply("withdraw", {}, {"status": "active"}) == {"status": "inactive"}
    assert BUILT_IN.rebases("withdraw")


def test_answers_that_were_sent_are_never_changed() -> None:
    """Only what is unfinished is replaced, whole."""
    begun = {"id": "a", "status": "in-progress", "item": [1], "authored": "then"}
    done = BUILT_IN.apply("answer", {"status": "completed", "item": [2]}, begun)
    assert done == {"id": "a", "status": "completed", "item": [2]}
    assert BUILT_IN.apply("answer", {"item": [3]}, done) == Reject("too-late")  # type: ignore[arg-type]
    assert BUILT_IN.apply("answer", {"status": "stopped"}, begun) == {**begun, "status": "stopped"}


def test_ticks_of_two_devices_are_both_kept() -> None:
    """Each merges its own turn into whatever the other has written meanwhile."""

    def ticked(key: str) -> dict[str, Any]:
        return {"detail": {"code": {"coding": [{"code": key}]}, "status": "completed"}}

    one = BUILT_IN.apply("journey", {"activity": {"a": ticked("a")}}, {"activity": [ticked("b")]})
    assert one == {"activity": [ticked("b"), ticked("a")]}
    assert BUILT_IN.apply("journey", {"activity": {"a": None}}, dict(one)) == {"activity": [ticked("b")]}  # type: ignore[call-overload]
    assert BUILT_IN.apply("journey", {"activity": {"b": None}}, {"activity": [ticked("b")]}) == {}
    assert BUILT_IN.apply("journey", {"fields": {"status": "on-hold"}}, {"status": "active"}) == {
        "status": "on-hold"
    }


def test_a_step_left_out_by_mistake_is_taken_back_and_a_note_is_added_once() -> None:
    """Nobody has to tell why."""
    left = BUILT_IN.apply("leave_out", {}, {"status": "requested"})
    assert left == {"status": "rejected"}
    assert BUILT_IN.apply("reopen", {}, dict(left)) == {"status": "requested"}  # type: ignore[call-overload]
    assert BUILT_IN.apply("reopen", {}, {"status": "cancelled"}) == Reject("too-late")
    assert BUILT_IN.apply("annotate", {"note": {"text": "x"}}, {"note": [{"text": "x"}]}) == {
        "note": [{"text": "x"}]
    }


def test_an_intent_of_a_newer_app_is_rejected_not_guessed() -> None:
    """After a downgrade."""
    assert Intents().apply("later-version", {}, {}) == Reject("unknown-intent")
    assert not Intents().rebases("later-version")


def test_rules_are_added_without_changing_the_old_ones() -> None:
    """Immutable."""
    assert "set_topic" in RULES.rules
    assert "set_topic" not in BUILT_IN.rules


def test_a_create_gets_an_id_or_keeps_its_own() -> None:
    """The id is given on the device."""
    made = create({"resourceType": "Communication"}, "Patient/me")
    kept = create({"resourceType": "Communication", "id": "mine"}, "Patient/me")

    assert (made.id, len(made.id), made.type) == (made.args["id"], 36, "Communication")
    assert kept.id == "mine"
    assert made.key != kept.key


def test_an_amended_measurement_keeps_what_it_was_as_a_note() -> None:
    """Once, however often it is applied; never on one that was deleted."""
    note = {"time": "2026-11-23T10:00:00Z", "text": "128/82"}
    args = {"set": {"valueInteger": 5}, "drop": ("valueString",), "note": note}
    once = BUILT_IN.apply("amend", args, {"status": "final", "valueString": "x"})
    assert once == {"status": "amended", "valueInteger": 5, "note": [note]}
    assert BUILT_IN.apply("amend", args, dict(once)) == once
    assert BUILT_IN.apply("amend", args, {"status": "entered-in-error"}) == Reject("too-late")
    assert not BUILT_IN.rebases("amend")


def test_a_request_that_was_handled_cannot_be_taken_back() -> None:
    """Only one that nobody has begun with."""
    assert BUILT_IN.apply("revoke", {}, {"status": "active"}) == {"status": "cancelled"}
    assert BUILT_IN.apply("revoke", {}, {"status": "on-hold"}) == Reject("too-late")


def test_a_contact_is_confirmed_by_its_value() -> None:
    """Another number, and another extension, stay as they are."""
    other = {"system": "phone", "value": "2", "extension": [{"url": "x"}]}
    patient = {
        "telecom": [
            {"system": "phone", "value": "1", "extension": [{"url": "c", "valueDate": "2020"}]},
            other,
        ]
    }
    args = {"system": "phone", "value": "1", "url": "c", "day": "2026-11-23"}
    confirmed = BUILT_IN.apply("confirm_contact", args, patient)
    assert not isinstance(confirmed, Reject)
    assert confirmed["telecom"] == [
        {"system": "phone", "value": "1", "extension": [{"url": "c", "valueDate": "2026-11-23"}]},
        other,
    ]
