"""Where a message stands, the order of a thread, and what is unread or unanswered."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.messages import (
    Message,
    MessageState,
    Thread,
    in_order,
    newest_first,
    state_of,
    unread_total,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def mine(id: str, minutes: int, **more: object) -> Message:
    return Message.model_validate(
        {"id": id, "thread_id": "t", "mine": True, "text": id, "accepted_at": at(minutes)} | more
    )


def theirs(id: str, minutes: int, **more: object) -> Message:
    return mine(id, minutes, mine=False, **more)


def ids(messages: tuple[Message, ...]) -> list[str]:
    return [m.id for m in messages]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"ledger": "draft"}, MessageState.DRAFT),
        ({"ledger": "waiting"}, MessageState.WAITING),
        ({"ledger": "sending"}, MessageState.SENDING),
        ({"ledger": "refused"}, MessageState.REFUSED),
        ({"ledger": "accepted"}, MessageState.SENT),
        ({}, MessageState.SENT),
        ({"received": NOON}, MessageState.DELIVERED),
        ({"received": NOON, "opened": NOON}, MessageState.OPENED),
        ({"opened": NOON, "answered": True}, MessageState.ANSWERED),
        ({"mine": False}, MessageState.DELIVERED),
        ({"mine": False, "received": NOON}, MessageState.OPENED),
    ],
)
def test_the_state_follows_from_the_facts(facts: dict, state: MessageState) -> None:
    assert state_of(**({"mine": True} | facts)) is state


def test_nothing_is_called_sent_while_the_outbox_still_has_it() -> None:
    assert state_of(mine=True, ledger="sending", received=NOON, opened=NOON, answered=True).pending


def test_messages_are_in_the_servers_order_and_pending_ones_last_as_given() -> None:
    waiting = [mine(i, -99, state=MessageState.WAITING) for i in ("y", "x")]
    assert ids(in_order([waiting[0], mine("b", 2), waiting[1], mine("a", 1)])) == ["a", "b", "y", "x"]


def test_a_message_never_comes_before_the_one_it_follows_even_if_a_clock_is_wrong() -> None:
    first, second = mine("first", 60), theirs("second", 5, answers="first")
    assert ids(in_order([second, first, theirs("third", 6, answers="second")])) == [
        "first",
        "second",
        "third",
    ]


def test_messages_that_follow_each_other_in_a_circle_are_still_listed() -> None:
    assert set(ids(in_order([mine("a", 1, answers="b"), mine("b", 2, answers="a")]))) == {"a", "b"}


def test_a_conversation_of_years_is_ordered_at_once() -> None:
    chain = [mine(f"m{n:05}", 10**6 - n, answers=f"m{n - 1:05}") for n in range(5000)]
    assert [m.id for m in in_order(reversed(chain))] == [m.id for m in chain]


@given(st.permutations([mine("a", 1), mine("b", 1), theirs("c", 3, answers="b"), mine("d", 2, answers="c")]))
def test_the_order_does_not_depend_on_how_messages_arrive(messages: list[Message]) -> None:
    assert ids(in_order(messages)) == ["a", "b", "c", "d"]


def test_a_thread_counts_what_the_resident_has_not_read() -> None:
    thread = Thread(id="t", messages=(mine("a", 1), theirs("b", 2), theirs("c", 3, received=NOON)))
    assert (thread.unread, unread_total([thread, thread])) == (1, 2)


def test_an_answer_marks_everything_before_it_as_answered() -> None:
    thread = Thread(id="t", messages=(mine("a", 1), theirs("b", 2), mine("c", 3))).with_states()
    assert [m.state for m in thread.messages if m.mine] == [MessageState.ANSWERED, MessageState.SENT]
    assert not thread.answered
    assert thread.unanswered_since == at(3)


def test_an_answer_that_names_a_message_answers_it_wherever_it_stands() -> None:
    thread = Thread(id="t", messages=(theirs("b", 2, answers="a"), mine("a", 3))).with_states()
    assert thread.messages[1].state is MessageState.ANSWERED
    assert thread.answered


def test_a_waiting_message_is_never_marked_answered_and_starts_no_promise() -> None:
    waiting = mine("a", 1, accepted_at=None, state=MessageState.WAITING)
    thread = Thread(id="t", messages=(waiting, theirs("b", 2, answers="a"))).with_states()
    assert thread.messages[0].state is MessageState.WAITING
    assert thread.unanswered_since is None
    assert thread.pending == 1


def test_the_next_message_follows_the_newest_one_the_service_has() -> None:
    waiting = mine("c", 0, state=MessageState.WAITING)
    assert Thread(id="t", messages=(mine("a", 1), theirs("b", 2), waiting)).last_confirmed_id == "b"
    assert Thread(id="t", messages=(waiting,)).last_confirmed_id == ""


def test_last_activity_is_the_newest_time_and_the_start_of_an_empty_thread() -> None:
    assert Thread(id="t", messages=(mine("a", 1), theirs("b", 9))).last_activity == at(9)
    assert Thread(id="t", started=NOON).last_activity == NOON
    assert Thread(id="t").last_activity is None


def test_the_inbox_shows_unsent_threads_first_and_then_the_newest() -> None:
    old, new = (Thread(id=i, messages=(mine(i, n),)) for i, n in (("old", 1), ("new", 2)))
    unsent = Thread(id="unsent", messages=(mine("u", 0, state=MessageState.REFUSED),))
    assert [t.id for t in newest_first([old, Thread(id="empty"), new, unsent])] == [
        "unsent",
        "new",
        "old",
        "empty",
    ]
