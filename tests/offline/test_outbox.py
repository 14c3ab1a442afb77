"""The outbox as its screens use it: put, see, cancel, retry, discard, edit, alone or as the group that was put."""

import pytest

from app.errors import Conflict
from app.offline.drafts import Draft, DraftFile, Drafts
from app.offline.intents import Intent, create
from app.offline.outbox import EntryState, Outbox
from tests.offline.examples import ME, Device, change, message, open_store, picture
from tests.offline.server import Fault, Server

TYPE = "Communication"


def group() -> tuple[Intent, Intent, Intent]:
    """A file, a head and a message that refers to both."""
    file, head = create(picture(), ME), create(message("head"), ME)
    links = [{"contentAttachment": {"url": f"Binary/{file.id}"}}]
    return file, head, create(message("part", partOf=[{"reference": f"{TYPE}/{head.id}"}], payload=links), ME)


def test_put_forgets_the_draft_in_the_same_moment() -> None:
    """Either both happened or neither."""
    store = open_store()
    outbox, drafts = Outbox(store), Drafts(store)
    drafts.save(Draft("d", "message", ME, {"text": "x"}))
    heard: list[frozenset[str]] = []
    store.watch(heard.append)
    outbox.put(create(message(), ME), draft="d")

    assert drafts.all() == ()
    assert heard == [frozenset({"outbox", "drafts", TYPE})]


def test_what_is_put_together_is_a_group_and_waits_for_what_it_names() -> None:
    """Without the caller saying so."""
    outbox = Outbox(open_store())
    file, head, part = group()
    outbox.put(file, head, part)
    outbox.put(create(message(), ME))

    entry = outbox.entry(part.key)
    assert entry is not None
    assert set(entry.after) == {file.key, head.key}
    assert [one.key for one in outbox.group(head.key)] == [file.key, head.key, part.key]


def test_a_double_tap_puts_once() -> None:
    """The same key is the same intent."""
    outbox = Outbox(open_store())
    said = create(message(), ME)
    outbox.put(said)
    outbox.put(said)

    assert len(outbox.entries()) == 1


def test_cancelling_works_until_it_was_sent() -> None:
    """Afterwards the answer is an honest no."""
    phone = Device(Server())
    early, late = phone.say(), phone.say()
    assert phone.outbox.cancel(early.key)
    phone.push(Fault.LOST_RESPONSE)

    assert not phone.outbox.cancel(late.key)
    assert not phone.outbox.cancel("unknown")
    assert [phone.state(intent) for intent in (early, late)] == ["discarded", "sending"]
    assert [body["id"] for body in phone.seen()] == [late.id]


def test_a_whole_group_is_cancelled_or_discarded_when_asked() -> None:
    """And only then."""
    outbox = Outbox(open_store())
    file, head, part = group()
    outbox.put(file, head, part)
    outbox.cancel(file.key)
    entry = outbox.entry(part.key)
    assert entry is not None
    assert entry.blocked_by == file.key

    outbox.discard(part.key, group=True)
    assert {one.state for one in outbox.entries()} == {EntryState.DISCARDED}


def test_retry_sends_a_refused_one_again_and_ends_a_back_off() -> None:
    """The resident may always try now."""
    phone = Device(Server(), jitter=1.0)
    waiting, refused = phone.say(), phone.say(language="refuse")
    phone.push(Fault.BUSY)
    phone.outbox.retry(waiting.key)
    phone.outbox.retry(refused.key)
    asked = phone.push()

    assert len(asked) >= 2
    assert [phone.state(intent) for intent in (waiting, refused)] == ["accepted", "refused"]


def test_editing_gives_back_the_group_and_keeps_it_as_a_draft_in_one_moment() -> None:
    """Nothing is between the outbox and the composer."""
    phone = Device(Server())
    file, head, part = group()
    phone.put(file, head, part)

    def draft(intents: tuple[Intent, ...]) -> Draft:
        return Draft("again", "message", ME, {"text": intents[2].args["payload"][0]})

    back = phone.outbox.edit(part.key, save=draft)
    assert [intent.key for intent in back] == [file.key, head.key, part.key]
    assert [one.key for one in phone.drafts.all()] == ["again"]
    assert phone.outbox.unsettled() == ()


def test_what_is_under_way_cannot_be_edited() -> None:
    """It may be on the server already."""
    phone = Device(Server())
    said = phone.say()
    phone.push(Fault.LOST_RESPONSE)
    with pytest.raises(Conflict):
        phone.outbox.edit(said.key)


def test_the_state_of_a_resource_is_that_of_what_is_unsettled() -> None:
    """Then of the last accepted; None for what was never ours."""
    phone = Device(Server())
    said = phone.say()
    phone.push()
    accepted = phone.outbox.state_of(TYPE, said.id)
    topic = phone.put(change("set_topic", said.id, text="x"))
    open_ = phone.outbox.state_of(TYPE, said.id)

    assert accepted is not None
    assert (accepted.key, accepted.state) == (said.key, EntryState.ACCEPTED)
    assert open_ is not None
    assert (open_.key, open_.name) == (topic.key, "set_topic")
    assert phone.outbox.state_of(TYPE, "else") is None


def test_unsettled_is_all_that_signing_out_could_lose() -> None:
    """Waiting, sending and refused; not what the server has."""
    phone = Device(Server())
    phone.say()
    phone.push()
    refused, waiting = phone.say(language="refuse"), phone.say()
    phone.push(Fault.NONE, Fault.LOST_REQUEST)

    assert [entry.key for entry in phone.outbox.unsettled()] == [refused.key, waiting.key]


def test_drafts_keep_their_files_and_rewrite_only_what_changed() -> None:
    """Saving every two seconds must not write ten megabytes each time."""
    store = open_store()
    drafts = Drafts(store)
    large, small = (
        DraftFile("a.jpg", "image/jpeg", 5, b"large"),
        DraftFile("b.jpg", "image/jpeg", 5, b"small"),
    )
    drafts.save(Draft("d", "message", ME, {"text": "1"}, (large, small)))
    before = store.db.rows("SELECT id FROM draft_file ORDER BY id")
    drafts.save(Draft("d", "message", ME, {"text": "2"}, (large, small, large)))
    same = store.db.rows("SELECT id FROM draft_file ORDER BY id")
    drafts.save(Draft("d", "message", ME, {"text": "3"}, (small,)))

    kept = drafts.get("d")
    assert before == same
    assert kept is not None
    assert (kept.body, [file.data for file in kept.files]) == ({"text": "3"}, [b"small"])
    assert len(store.db.rows("SELECT id FROM draft_file")) == 1


def test_drafts_are_listed_by_composer_the_last_first_and_deleted_whole() -> None:
    """With the time they were saved."""
    phone = Device(Server())
    for number, kind in enumerate(("message", "form", "message")):
        phone.server.now += 1_000_000
        phone.drafts.save(Draft(f"d{number}", kind, ME, {}, (DraftFile("a", "b", 1, b"c"),)))

    assert [draft.key for draft in phone.drafts.all("message")] == ["d2", "d0"]
    assert phone.drafts.all()[0].saved_at is not None
    phone.drafts.delete("d2")
    assert phone.drafts.get("d2") is None
    assert phone.store.db.rows("SELECT count(*) FROM draft_file") == [(2,)]


def test_two_drafts_with_the_same_file_do_not_share_it() -> None:
    """Deleting one leaves the other whole."""
    drafts = Drafts(open_store())
    file = DraftFile("a.jpg", "image/jpeg", 5, b"bytes")
    drafts.save(Draft("one", "message", ME, {}, (file,)))
    drafts.save(Draft("two", "message", ME, {}, (file,)))
    drafts.delete("one")

    kept = drafts.get("two")
    assert kept is not None
    assert kept.files == (file,)
