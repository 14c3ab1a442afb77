"""Communications to threads and back."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from api.examples import C, E, answer, header, message
from fhir_schema import problems
from hypothesis import given
from hypothesis import strategies as st

from app.api import messages
from app.domain.messages import MessageState, Thread
from app.domain.people import Professional

NOW = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
IDS = {"person_id": "aino", "service_id": "terveysasema"}


def one(*resources: Any, **more: Any) -> Thread:
    threads, rejected = messages.to_threads(resources, **more)
    assert rejected == ()
    assert len(threads) == 1
    return threads[0]


def test_a_thread_is_read_from_its_header_and_messages() -> None:
    staff = {"hoitaja": Professional(id="hoitaja", name="Sari Salo", role="Sairaanhoitaja", unit="Keskusta")}
    thread = one(answer(), message(), header(), staff=staff)
    assert (thread.id, thread.subject, thread.service_id, thread.person_id, thread.closed) == (
        "t1",
        "Reseptin uusinta",
        "terveysasema",
        "aino",
        False,
    )
    question, reply = thread.messages
    assert (question.mine, question.text, question.state) == (True, "Hei", MessageState.ANSWERED)
    assert (reply.mine, reply.unread, reply.answers) == (False, True, "m1")
    assert (reply.sender_name, reply.sender_role, reply.unit) == ("Sari Salo", "Sairaanhoitaja", "Keskusta")
    assert thread.started == datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_marks_of_the_clinic_become_states_with_their_times() -> None:
    opened = {"url": f"{E}opened", "valueDateTime": "2026-11-23T08:40:00Z"}
    read = one(header(), message(received="2026-11-23T08:30:00Z", extension=[opened])).messages[0]
    assert (read.state, read.received, read.opened) == (
        MessageState.OPENED,
        datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        datetime(2026, 11, 23, 8, 40, tzinfo=UTC),
    )


def test_the_time_of_acceptance_is_the_receipts_or_that_of_version_one() -> None:
    stamp = datetime(2026, 11, 23, 8, 0, 0, 100000, tzinfo=UTC)
    later = {"versionId": "3", "lastUpdated": "2026-11-25T12:00:00Z"}
    sent = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert one(message()).messages[0].accepted_at == stamp
    assert one(message(meta=later)).messages[0].accepted_at == sent
    assert one(message(meta=later), receipts={"m1": stamp}).messages[0].accepted_at == stamp
    assert one(message(meta=later, sent="2031-01-01T00:00:00Z")).messages[0].accepted_at < NOW + timedelta(
        days=3
    )


def test_what_the_outbox_still_has_is_pending_and_last_in_the_order_it_was_written() -> None:
    resources = [header(), message("b", sent="2026-01-01T00:00:00Z"), message("a"), message(), answer()]
    thread = one(*resources, ledger={"a": "sending", "b": "waiting", "m1": "accepted"})
    assert [m.id for m in thread.messages] == ["m1", "m2", "a", "b"]
    assert [m.state for m in thread.messages[2:]] == [MessageState.SENDING, MessageState.WAITING]
    assert thread.messages[3].accepted_at is None


def test_one_bad_entry_is_set_aside_and_named_without_its_content() -> None:
    bad = message("bad", payload="salainen")
    threads, rejected = messages.to_threads([header(), bad, None, message()])
    assert [m.id for t in threads for m in t.messages] == ["m1"]
    assert [(r.type, r.id) for r in rejected] == [("Communication", "bad"), ("Communication", "")]
    assert "salainen" not in str(rejected)


def test_messages_without_a_header_still_have_their_thread() -> None:
    assert (one(message()).id, one(message()).subject) == ("t1", "Reseptin uusinta")


def test_a_message_that_belongs_to_no_thread_is_one_of_its_own() -> None:
    alone = message("alone", partOf=[])
    assert [m.id for m in one(alone).messages] == ["alone"]


def test_a_header_alone_is_an_empty_thread() -> None:
    assert one(header(status="completed")).closed
    assert one(header()).messages == ()


@pytest.mark.parametrize(
    "other",
    [
        {"status": "entered-in-error"},
        {"category": [{"coding": [{"system": f"{C}communication-category", "code": "chat"}]}]},
    ],
)
def test_what_is_no_message_is_left_out(other: dict) -> None:
    assert one(header(), message(), message("x", **other)).messages[0].id == "m1"


def test_someone_acting_for_the_resident_is_on_the_residents_side() -> None:
    assert one(message(sender={"reference": "RelatedPerson/isa"})).messages[0].mine
    assert (
        one(message(sender={"reference": "https://other.example/fhir/Patient/aino/_history/2"}))
        .messages[0]
        .mine
    )


def test_a_practitioner_nobody_knows_is_called_what_the_message_says() -> None:
    sender = {"reference": "Practitioner/x", "display": "Hoitaja Sari"}
    assert one(answer(sender=sender)).messages[0].sender_name == "Hoitaja Sari"


def test_attachments_are_read_with_name_and_size() -> None:
    file = {"contentType": "image/jpeg", "url": "Binary/b1", "title": "kuva.jpg", "size": 12}
    got = one(message(payload=[{"contentAttachment": file}])).messages[0].attachments
    assert [(a.id, a.name, a.content_type, a.size) for a in got] == [("b1", "kuva.jpg", "image/jpeg", 12)]


def test_what_is_written_is_strict_r4_and_reads_back_the_same() -> None:
    file = messages.attachment_of("b1", "kuva.jpg", "image/jpeg", b"abc")
    head = messages.header(thread_id="t9", subject="Kysymys", sent=NOW, **IDS)
    text = messages.message(
        message_id="m9",
        thread_id="t9",
        previous="m8",
        subject="Kysymys",
        text="Hei!\nÅsa",
        attachments=[file],
        sent=NOW,
        **IDS,
    )
    binary = messages.binary(binary_id="b1", content_type="image/jpeg", data=b"abc", person_id="aino")
    assert [problems(r) for r in (head, text, binary)] == [[], [], []]
    thread = one(head, text)
    assert (thread.id, thread.subject, thread.service_id, thread.person_id) == (
        "t9",
        "Kysymys",
        "terveysasema",
        "aino",
    )
    assert (thread.messages[0].text, thread.messages[0].answers) == ("Hei!\nÅsa", "m8")
    assert thread.messages[0].attachments == (file,)
    assert thread.messages[0].sent == NOW.replace(microsecond=123000)


@given(st.text(), st.text(min_size=1).filter(lambda t: bool(messages.clean(t))))
def test_whatever_is_typed_leaves_as_valid_r4(subject: str, text: str) -> None:
    body = messages.message(message_id="m", thread_id="t", subject=subject, text=text, sent=NOW, **IDS)
    head = messages.header(thread_id="t", subject=subject, sent=NOW, **IDS)
    assert (problems(body), problems(head)) == ([], [])


def test_a_message_of_nothing_is_not_made() -> None:
    with pytest.raises(ValueError, match="text or an attachment"):
        messages.message(message_id="m", thread_id="t", subject="", text=" \x00\n\t ", sent=NOW, **IDS)


def test_a_time_without_a_zone_never_leaves() -> None:
    with pytest.raises(ValueError, match="zone"):
        messages.header(thread_id="t", subject="", sent=datetime(2026, 1, 1), **IDS)


def test_reading_an_answer_is_told_with_the_time() -> None:
    assert messages.mark_received(NOW) == {"at": "2026-11-23T08:00:00.123Z"}
