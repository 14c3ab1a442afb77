"""The county's side of messages: delivered, opened, answered, closed; by hand and by itself."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from fhir_schema import problems
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import promise_date
from backend_stub.app import Platform
from backend_stub.clinic.clinic import Clinic
from backend_stub.clinic.phrases import Phrases
from backend_stub.clinic.promise import promised
from backend_stub.clinic.threads import OPENED
from backend_stub.clock import FINLAND
from backend_stub.fhir.errors import Conflict, NotFound
from tests.backend_stub.writing import write

Body = dict[str, Any]


def last(platform: Platform, thread: str) -> Body:
    """The newest message of a thread."""
    return platform.clinic.thread(thread).messages[-1].body


def test_a_message_is_delivered_shortly_after_it_arrives(platform: Platform) -> None:
    thread = write(platform, "tuomas")
    platform.clinic.step()
    before = last(platform, thread).get("received")
    platform.clock.advance(timedelta(seconds=2))
    platform.clinic.step()
    message = last(platform, thread)

    assert before is None
    assert message["received"]
    assert OPENED not in str(message)
    assert message["meta"]["versionId"] == "2"


def test_delivery_counts_from_arrival_not_from_when_it_was_written(platform: Platform) -> None:
    """A message written offline last week is not delivered before it came."""
    thread = write(platform, "tuomas", sent="2026-11-16T08:00:00+00:00")
    platform.clinic.step()

    assert "received" not in last(platform, thread)


def test_what_was_written_before_a_restart_is_delivered_after_it(platform: Platform) -> None:
    thread = write(platform, "tuomas")
    again = Clinic(platform.repository, platform.clock, 1)
    platform.clock.advance(timedelta(seconds=2))
    again.step()

    assert last(platform, thread)["received"]


def test_opening_marks_every_unopened_message(platform: Platform) -> None:
    thread = write(platform, "tuomas")
    write(platform, "tuomas", thread=thread)
    opened = platform.clinic.open(thread, "kaisa")

    assert all(one.opened and one.received for one in opened.messages)
    assert not opened.is_new
    assert problems(opened.messages[0].body) == []


def test_opening_twice_keeps_the_first_time(platform: Platform) -> None:
    thread = write(platform, "tuomas")
    first = platform.clinic.open(thread).messages[0]
    platform.clock.advance(timedelta(hours=1))
    again = platform.clinic.open(thread).messages[0]

    assert again.opened == first.opened
    assert again.body["meta"]["versionId"] == first.body["meta"]["versionId"]


def test_an_answer_is_a_valid_message_to_the_resident(platform: Platform) -> None:
    """inResponseTo the question, partOf the thread, same category and subject (contract of row A6)."""
    thread = write(platform, "tuomas")
    question = last(platform, thread)
    answer = platform.clinic.answer(thread, "  Kiitos! ", "kaisa")

    assert problems(answer) == []
    assert answer["inResponseTo"] == [{"reference": f"Communication/{question['id']}"}]
    assert answer["partOf"] == [{"reference": f"Communication/{thread}"}]
    assert answer["sender"] == {"reference": "Practitioner/kaisa", "display": "Kaisa Aalto"}
    assert answer["recipient"] == [question["subject"]]
    assert answer["payload"] == [{"contentString": "Kiitos!"}]
    assert "received" not in answer
    assert platform.clinic.thread(thread).messages[0].opened
    assert platform.clinic.thread(thread).unanswered == ()


@pytest.mark.parametrize("text", ["", "   \n"])
def test_an_empty_answer_is_refused(platform: Platform, text: str) -> None:
    with pytest.raises(Conflict):
        platform.clinic.answer(write(platform, "tuomas"), text)


def test_a_closed_conversation_takes_no_answer(platform: Platform) -> None:
    thread = write(platform, "tuomas")
    closed = platform.clinic.close(thread)

    assert closed.header["status"] == "completed"
    assert problems(closed.header) == []
    with pytest.raises(Conflict):
        platform.clinic.answer(thread, "Vielä yksi asia")


def test_an_unknown_thread_is_not_found(platform: Platform) -> None:
    with pytest.raises(NotFound):
        platform.clinic.open("nothing")


def test_seeded_inboxes_hold_new_waiting_and_late_ones(platform: Platform) -> None:
    threads = platform.clinic.threads()
    today = platform.clock.local().date()

    assert any(one.is_new for one in threads)
    assert any(one.unanswered and not one.is_new for one in threads)
    assert any(one.due and one.due < today for one in threads)
    assert any(one.due and one.due >= today for one in threads)
    assert [one.latest for one in threads] == sorted((one.latest for one in threads), reverse=True)


@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        (datetime(2026, 11, 23, 10, 0), 3, date(2026, 11, 26)),
        (datetime(2026, 11, 23, 16, 0), 3, date(2026, 11, 27)),
        (datetime(2026, 11, 28, 9, 0), 1, date(2026, 12, 1)),
        (datetime(2026, 12, 4, 15, 59), 1, date(2026, 12, 7)),
        (datetime(2026, 12, 23, 12, 0), 2, date(2026, 12, 29)),
        (datetime(2026, 6, 18, 12, 0), 1, date(2026, 6, 22)),
        (datetime(2026, 11, 23, 10, 0), 0, date(2026, 11, 23)),
    ],
)
def test_promises_count_finnish_working_days(asked: datetime, days: int, due: date) -> None:
    """Weekends, holidays and the two eves are no working days, and the day of asking ends at 16."""
    assert promised(asked, days) == due


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)), st.integers(0, 10))
def test_the_clinic_and_the_app_promise_the_same_day(asked: datetime, days: int) -> None:
    """Two implementations, one rule: the professional's inbox is never more generous than the resident was told."""
    asked = asked.replace(tzinfo=FINLAND)
    assert promised(asked, days) == promise_date(asked, days)


def test_the_autopilot_opens_and_answers_in_the_residents_language(platform: Platform) -> None:
    platform.clinic.steer(on=True, open_after=3, answer_after=8)
    threads = {who: write(platform, who, service="fysioterapia") for who in ("tuomas", "kerstin", "daniel")}
    states: list[tuple[bool, int]] = []
    for _ in range(12):
        platform.clinic.step()
        thread = platform.clinic.thread(threads["kerstin"])
        states.append((not thread.is_new, len(thread.messages)))
        platform.clock.advance(timedelta(seconds=1))
    answers = {who: platform.clinic.thread(thread).messages[-1].text for who, thread in threads.items()}
    phrases = Phrases()

    assert states[0] == (False, 1)
    assert (True, 1) in states
    assert states[-1] == (True, 2)
    assert answers["kerstin"] == phrases.automatic("fysioterapia", "sv")
    assert answers["daniel"] == phrases.automatic("fysioterapia", "en")
    assert answers["tuomas"] == phrases.automatic("fysioterapia", "fi")
    assert platform.clinic.thread(threads["tuomas"]).messages[-1].sender == "Practitioner/sami"


def test_the_autopilot_answers_once_and_again_to_the_next_message(platform: Platform) -> None:
    platform.clinic.steer(on=True, open_after=0, answer_after=0)
    thread = write(platform, "tuomas")
    counts = []
    for n in range(4):
        if n == 2:
            write(platform, "tuomas", thread=thread)
        platform.clock.advance(timedelta(minutes=1))
        platform.clinic.step()
        counts.append(len(platform.clinic.thread(thread).messages))

    assert counts == [2, 2, 4, 4]


def test_the_autopilot_leaves_older_messages_alone(platform: Platform) -> None:
    waiting = [one.id for one in platform.clinic.threads() if one.unanswered]
    platform.clinic.steer(on=True)
    platform.clock.advance(timedelta(minutes=1))
    platform.clinic.step()

    assert [one.id for one in platform.clinic.threads() if one.unanswered] == waiting


def test_the_autopilot_survives_a_removed_thread(platform: Platform) -> None:
    platform.clinic.steer(on=True, open_after=0, answer_after=0)
    thread = write(platform, "tuomas")
    platform.repository.delete("Communication", thread)
    platform.clock.advance(timedelta(minutes=1))
    platform.clinic.step()

    assert platform.clinic.autopilot.on


async def test_the_worker_steps_by_itself(platform: Platform) -> None:
    """The lifespan's worker; its sleep is replaced, so no time passes."""
    enough, ticks = asyncio.Event(), list[float]()

    async def sleep(seconds: float) -> None:
        ticks.append(seconds)
        platform.clock.advance(timedelta(seconds=2))
        if len(ticks) == 3:
            enough.set()
        await asyncio.sleep(0)

    clinic = Clinic(platform.repository, platform.clock, 1, sleep)
    thread = write(platform, "tuomas")
    async with clinic.running():
        await enough.wait()

    assert last(platform, thread)["received"]


def test_every_phrase_is_in_three_languages() -> None:
    phrases = Phrases()
    told = [one for canned in phrases._canned.values() for one in canned] + [*phrases._automatic.values()]

    assert all(set(one) == {"fi", "sv", "en"} and all(one.values()) for one in told)
    assert all(len(phrases.canned(channel, "fi")) >= 5 for channel in ("messages", "chat"))


def test_who_waits_in_a_chat_is_not_answered_tomorrow() -> None:
    chat = " ".join(Phrases().canned("chat", "fi"))

    assert "huomenna" in Phrases().canned("messages", "fi")[0]
    assert "huomenna" not in chat
    assert "viesti" not in chat
