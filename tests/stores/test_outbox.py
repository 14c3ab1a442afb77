"""What is on its way, in the resident's words: what each thing is, what it waits for, and what is late."""

from collections.abc import Iterator

import pytest

from app.offline.engine import Creates, Engine, Profile
from app.offline.intents import Intent, create
from app.offline.outbox import EntryState
from app.stores.outbox import OutboxItem
from tests.offline.server import Fault, Server
from tests.stores.examples import AINO, Desk

ME = f"Patient/{AINO}"


def items(desk: Desk) -> tuple[OutboxItem, ...]:
    return desk.sending.items.value or ()


def exchange(desk: Desk, *faults: Fault) -> None:
    """Send the outbox to a server, meeting these faults first."""
    engine = Engine(desk.store, Profile(Creates.GUARDED), None, lambda: desk.clock().timestamp(), lambda: 0.0)
    server, left = Server(), iter(faults)
    steps = engine.push()
    try:
        request = next(steps)
        while True:
            request = steps.send(server.meet(request, next(left, Fault.NONE)))
    except StopIteration:
        return


def things() -> Iterator[tuple[str, Intent]]:
    subject = {"subject": {"reference": ME}}
    for type, kind in {
        "Appointment": "appointment",
        "QuestionnaireResponse": "form",
        "Observation": "measurement",
        "Consent": "consent",
        "CarePlan": "pathway",
        "Task": "task",
        "Basic": "other",
    }.items():
        yield kind, create({"resourceType": type, **subject}, ME)
    yield "cancel_appointment", Intent("cancel", "Appointment", "a1", {}, ME)
    yield "withdraw_consent", Intent("withdraw", "Consent", "c1", {}, ME)
    yield "change_measurement", Intent("amend", "Observation", "o1", {}, ME)
    yield "revoke_renewal", Intent("revoke", "MedicationRequest", "r1", {}, ME)
    chat = {"category": [{"coding": [{"code": "chat"}]}], "payload": [{"contentString": "x"}]}
    yield "chat", create({"resourceType": "Communication", **subject, **chat}, ME)
    yield "mark_received", Intent("mark_received", "Communication", "m1", {"at": "2026-03-01"}, ME)


@pytest.mark.parametrize(("kind", "intent"), list(things()), ids=lambda value: str(value)[:20])
def test_each_thing_has_a_name(kind: str, intent: Intent) -> None:
    """Rooms put what they like; the resident reads what it is. What nobody asked for in words is not counted."""
    desk = Desk()
    desk.outbox.put(intent)

    assert [item.kind for item in items(desk)] == [kind]
    assert desk.sending.waiting() == (kind != "mark_received")


async def test_what_waits_is_late_after_ten_minutes_without_anybody_asking() -> None:
    """Time alone makes it so; what was refused is told at once."""
    desk = Desk()
    await desk.written()
    assert desk.sending.late.value == ()

    desk.clock.move(minutes=9, seconds=59)
    desk.timers.fire()
    assert desk.sending.late.value == ()
    desk.clock.move(seconds=1)
    desk.timers.fire()
    assert [item.title for item in desk.sending.late.value or ()] == ["Selkäkipu"]


async def test_a_clock_that_was_set_back_makes_nothing_late() -> None:
    """Nor is the alarm lost."""
    desk = Desk()
    await desk.written()
    desk.clock.move(days=-3)
    desk.timers.fire()

    assert desk.sending.late.value == ()
    desk.clock.move(days=3, minutes=11)
    desk.timers.fire()
    assert desk.sending.late.value


def test_after_closing_no_alarm_is_left() -> None:
    """The store may be closed by then."""
    desk = Desk()
    desk.outbox.put(create({"resourceType": "Basic"}, ME))
    desk.sending.close()

    assert desk.timers.waiting == {}


@pytest.mark.parametrize("given_up", [False, True])
def test_what_belongs_to_something_refused_says_so(given_up: bool) -> None:
    """It is up to the resident; when they have thrown that away, this can never be sent."""
    desk = Desk()
    first = create({"resourceType": "Task", "language": "refuse"}, ME)
    desk.outbox.put(first)
    desk.outbox.put(create({"resourceType": "Basic", "subject": {"reference": f"Task/{first.id}"}}, ME))
    assert [item.behind for item in items(desk)] == [None, EntryState.WAITING]

    exchange(desk)
    if given_up:
        desk.outbox.discard(first.key)
    assert items(desk)[-1].behind is (EntryState.DISCARDED if given_up else EntryState.REFUSED)


def test_what_may_not_wait_says_why_it_was_not_sent() -> None:
    """The engine's own reason, for which the screen has words."""
    desk = Desk()
    desk.outbox.put(create({"resourceType": "Task"}, ME, may_wait=False))
    exchange(desk, Fault.LOST_REQUEST)

    assert [(item.state, item.code) for item in items(desk)] == [(EntryState.REFUSED, "offline")]
    assert [item.kind for item in desk.sending.late.value or ()] == ["task"]


def test_what_nobody_asked_for_goes_when_it_is_refused() -> None:
    """That a message was read, of a message that is there no more: nothing the resident could decide about."""
    desk = Desk()
    desk.outbox.put(Intent("mark_received", "Communication", "gone", {"at": "2026-03-01"}, ME))
    exchange(desk)

    assert items(desk) == ()
    assert {entry.state for entry in desk.outbox.entries()} <= {EntryState.DISCARDED}
