"""Sending, reading and going on with conversations (rows A1, A2, A6, A8, A9)."""

import pytest

from app.domain.messages import MessageState
from app.errors import DeviceFull
from app.offline.outbox import EntryState
from app.stores.base import Status
from tests import fhir_schema
from tests.stores.examples import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_sending_is_safe_on_the_device_at_once(desk: Desk) -> None:
    """The thread is there, waiting; the draft is gone; the network is asked to hurry."""
    thread_id = await desk.written()

    thread = desk.messages.thread(thread_id)
    assert thread is not None
    assert [message.state for message in thread.messages] == [MessageState.WAITING]
    assert (thread.subject, thread.service_id) == ("Selkäkipu", "nurse")
    assert desk.drafts.all() == ()
    assert desk.messages.send.status is Status.WAITING
    assert desk.nudges == 1


async def test_header_goes_before_its_message_and_everything_is_valid_r4(desk: Desk) -> None:
    """Two creates, in order, both valid by HL7's schema."""
    thread_id = await desk.written()

    header, message = desk.outbox.entries()
    assert (header.id, message.intent.after) == (thread_id, (thread_id,))
    assert [fhir_schema.problems(dict(entry.args)) for entry in (header, message)] == [[], []]


async def test_files_go_before_the_message_that_names_them(desk: Desk) -> None:
    """Each file is a Binary of its own, valid R4; the message waits for all of them."""
    composer = desk.messages.composer(desk.messages.start("nurse"))
    assert composer is not None
    composer.write("subject", "Ihottuma")
    await composer.add_file("iho.jpg", b"picture")

    await desk.messages.send.run(composer)

    binary, header, message = desk.outbox.entries()
    assert binary.type == "Binary"
    assert set(message.intent.after) == {binary.key, header.key}
    assert fhir_schema.problems(dict(binary.args)) == []
    assert fhir_schema.problems(dict(message.args)) == []
    thread = desk.messages.thread(composer.thread_id)
    assert thread is not None
    assert [(f.name, f.size) for f in thread.messages[0].attachments] == [("iho.jpg", 7)]


async def test_sending_twice_sends_once(desk: Desk) -> None:
    """A double tap puts one message into the outbox."""
    composer = desk.messages.composer(desk.messages.start("nurse"))
    assert composer is not None
    composer.write("subject", "a")
    composer.write("text", "b")

    await desk.messages.send.run(composer)
    await desk.messages.send.run(composer)

    assert len(desk.outbox.entries()) == 2


async def test_a_second_message_in_an_unsent_thread_waits_for_its_header(desk: Desk) -> None:
    """Offline a conversation can be gone on with before it has begun at the clinic."""
    thread_id = await desk.written()
    thread = desk.messages.thread(thread_id)
    assert thread is not None
    composer = desk.messages.composer(desk.messages.reply_to(thread))
    assert composer is not None
    composer.write("text", "Lisäksi niska.")

    await desk.messages.send.run(composer)

    last = desk.outbox.entries()[-1]
    assert thread_id in last.intent.after
    again = desk.messages.thread(thread_id)
    assert again is not None
    assert [message.text for message in again.messages] == ["Selkä on kipeä.", "Lisäksi niska."]


async def test_a_full_device_keeps_the_message_on_the_screen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said to be sent, and nothing is thrown away."""

    def full(*intents: object, draft: str | None = None) -> None:
        raise DeviceFull

    composer = desk.messages.composer(desk.messages.start("nurse"))
    assert composer is not None
    composer.write("subject", "a")
    composer.write("text", "b")
    monkeypatch.setattr(desk.outbox, "put", full)

    await desk.messages.send.run(composer)

    assert desk.messages.send.status is Status.FAILED
    assert isinstance(desk.messages.send.problem, DeviceFull)
    assert desk.messages.composer(composer.key) is composer


async def test_a_message_in_the_outbox_can_be_taken_back_as_a_draft(desk: Desk) -> None:
    """Words, recipient and files are all there again, under a new key."""
    composer = desk.messages.composer(desk.messages.start("nurse"))
    assert composer is not None
    composer.write("subject", "Ihottuma")
    composer.write("text", "Punainen.")
    await composer.add_file("iho.jpg", b"picture")
    await desk.messages.send.run(composer)
    (item,) = desk.sending.items.value or ()

    key = desk.sending.edit(item)

    assert key is not None
    assert key != composer.key
    back = desk.messages.composer(key)
    assert back is not None
    assert (back.service_id, back.thread_id, back.subject, back.text) == (
        "nurse",
        "",
        "Ihottuma",
        "Punainen.",
    )
    assert [(f.name, f.data) for f in back.files] == [("iho.jpg", b"picture")]
    assert desk.sending.items.value == ()
    assert desk.messages.threads.value is None


async def test_discarding_takes_the_whole_message_out(desk: Desk) -> None:
    """Header, files and message together."""
    await desk.written()
    (item,) = desk.sending.items.value or ()
    assert item.kind == "message"
    assert item.state is EntryState.WAITING

    desk.sending.discard(item)

    assert desk.sending.items.value == ()
    assert desk.outbox.unsettled() == ()


def test_nothing_is_known_before_the_first_sync(desk: Desk) -> None:
    """An empty store is not the same as an empty inbox (row E12)."""
    assert desk.messages.threads.value is None
    assert desk.messages.threads.as_of is None


async def test_a_message_whose_thread_was_refused_is_refused_with_it(desk: Desk) -> None:
    """It does not say that it waits for a connection: it would wait for ever."""
    thread_id = await desk.written()
    with desk.store.writing("outbox", durable=True):
        desk.store.ledger.update(thread_id, state=EntryState.REFUSED)

    thread = desk.messages.thread(thread_id)

    assert thread is not None
    assert [message.state for message in thread.messages] == [MessageState.REFUSED]
