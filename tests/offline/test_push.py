"""Sending: exactly once, in order, nothing lost, whatever the network does. Each test is one small story."""

import json
from pathlib import Path

import pytest

from app.offline.engine import Creates, Profile
from app.offline.exchanges import STAMP
from app.offline.intents import Intent, create
from tests.offline.examples import ME, Device, change, message, picture
from tests.offline.server import SECOND, Abilities, Fault, Server

LOSSES = [
    Fault.LOST_REQUEST,
    Fault.LOST_RESPONSE,
    Fault.BUSY,
    Fault.FAILED_AFTER,
    Fault.THROTTLED,
    Fault.SIGNED_OUT,
]
ODD = [Fault.DUPLICATE, Fault.FALSE_CONFLICT, Fault.OUTCOME_200, Fault.EMPTY_200]


def existing(server: Server, id: str = "m1", **more: object) -> str:
    """A message that is on the server already."""
    body = {name: value for name, value in message(**more).items() if name != "resourceType"}
    server.write("Communication", id, body)
    return id


def test_a_message_is_created_under_its_own_id_and_has_a_receipt() -> None:
    """The receipt is the server's: id, version and time."""
    phone = Device(Server())
    said = phone.say()
    asked = phone.push()

    entry = phone.outbox.entry(said.key)
    assert [(request.method, request.path) for request in asked] == [("PUT", f"Communication/{said.id}")]
    assert ("If-None-Match", "*") in asked[0].headers
    assert entry is not None
    assert (entry.state.value, entry.receipt and entry.receipt.id, entry.args) == ("accepted", said.id, {})
    assert phone.store.record("Communication", said.id) == phone.server.resource("Communication", said.id)


@pytest.mark.parametrize("fault", [*LOSSES, *ODD], ids=lambda fault: fault.name)
def test_a_create_lands_once_whatever_happens_to_the_first_try(fault: Fault) -> None:
    """An unknown outcome is read, not repeated blindly."""
    phone = Device(Server())
    said = phone.say()
    phone.push(fault)
    phone.server.now += 2 * SECOND
    phone.push()

    assert phone.state(said) == "accepted"
    assert phone.server.keys() == {said.key: 1}


@pytest.mark.parametrize("fault", [*LOSSES, *ODD], ids=lambda fault: fault.name)
def test_a_change_lands_once_whatever_happens_to_the_first_try(fault: Fault) -> None:
    """Also when the same bytes have to be sent again."""
    phone = Device(Server())
    existing(phone.server)
    phone.sync()
    note = phone.put(change("add_note", "m1", note="n1", text="x"))
    phone.push(fault)
    phone.server.now += 2 * SECOND
    phone.push()

    assert phone.state(note) == "accepted"
    assert phone.server.keys() == {note.key: 1}


def test_a_repeated_change_is_the_same_bytes_on_the_same_base() -> None:
    """So a late request and its repeat exclude each other."""
    phone = Device(Server())
    phone.put(change("set_topic", existing(phone.server), text="Kipu"))
    first = [request for request in phone.push(Fault.NONE, Fault.LOST_REQUEST) if request.method == "PUT"]
    again = [request for request in phone.push() if request.method == "PUT"]

    assert [(request.body, request.headers) for request in first] == [(r.body, r.headers) for r in again]
    assert json.loads(again[0].body or b"")["extension"][0]["url"] == STAMP


def test_a_straggler_and_its_repeat_make_one_version() -> None:
    """The request that was given up on arrives after the repeat."""
    phone = Device(Server())
    phone.put(change("add_note", existing(phone.server), note="n1", text="x"))
    late = phone.push(Fault.NONE, Fault.STRAGGLER)[1]
    phone.push()
    phone.server.handle(late)

    assert len(phone.server.log["Communication", "m1"]) == 2


def test_somebody_changed_it_meanwhile_so_the_change_is_made_on_their_version() -> None:
    """A true conflict rebases, in the same round."""
    phone = Device(Server())
    phone.sync()
    existing(phone.server, language="fi")
    phone.sync()
    existing(phone.server, language="sv")
    topic = phone.put(change("set_topic", "m1", text="Kipu"))
    phone.push()

    stored = phone.server.resource("Communication", "m1") or {}
    assert phone.state(topic) == "accepted"
    assert (stored["language"], stored["topic"]) == ("sv", {"text": "Kipu"})


def test_a_change_that_must_not_be_made_blindly_asks_the_resident() -> None:
    """``rebase=False``: refused as a conflict, with everything kept."""
    phone = Device(Server())
    existing(phone.server)
    phone.sync()
    existing(phone.server, language="sv")
    topic = phone.put(change("ask_first", "m1", text="Kipu"))
    phone.push()

    entry = phone.outbox.entry(topic.key)
    assert entry is not None
    assert entry.refusal is not None
    assert (entry.state.value, entry.refusal.code, entry.args) == ("refused", "conflict", {"text": "Kipu"})


def test_a_change_that_is_already_true_is_accepted_without_sending() -> None:
    """Nothing to do is done."""
    phone = Device(Server())
    existing(phone.server, received="2026-01-01T00:00:00Z")
    phone.sync()
    read = phone.put(change("mark_received", "m1", at="2026-03-01T00:00:00Z"))

    assert phone.push() == []
    assert phone.state(read) == "accepted"


def test_a_change_that_came_too_late_is_refused_by_its_own_rule() -> None:
    """The rule says why."""
    phone = Device(Server())
    existing(phone.server, status="completed")
    phone.sync()
    over = phone.put(change("end", "m1"))
    phone.push()

    entry = phone.outbox.entry(over.key)
    assert entry is not None
    assert (entry.state.value, entry.refusal and entry.refusal.code) == ("refused", "too-late")


def test_a_change_of_something_that_was_deleted_is_refused_as_gone() -> None:
    """And the deleted resource disappears from the screen."""
    phone = Device(Server())
    existing(phone.server)
    phone.sync()
    phone.server.write("Communication", "m1", None)
    topic = phone.put(change("set_topic", "m1", text="x"))
    phone.push()

    assert phone.state(topic) == "refused"
    assert phone.seen() == []


def test_a_refused_message_is_kept_whole_and_can_be_edited() -> None:
    """Refused never means lost."""
    phone = Device(Server())
    said = phone.say(language="refuse")
    phone.push()
    entry = phone.outbox.entry(said.key)

    assert entry is not None
    assert entry.refusal is not None
    assert (entry.refusal.status, entry.refusal.text) == (422, "no")
    assert phone.outbox.edit(said.key)[0].args["payload"] == [{"contentString": "Hei"}]


def test_a_refused_file_parks_only_the_message_that_needs_it() -> None:
    """Its group waits and says for what; everything else goes on."""
    phone = Device(Server())
    bad, good = create({**picture(), "language": "refuse"}, ME), create(picture(), ME)
    said = create(message(payload=[{"contentAttachment": {"url": f"Binary/{bad.id}"}}]), ME)
    phone.put(bad, good, said)
    other = phone.say("toinen")
    phone.push()

    entry = phone.outbox.entry(said.key)
    assert [phone.state(intent) for intent in (bad, good, said, other)] == [
        "refused",
        "accepted",
        "waiting",
        "accepted",
    ]
    assert entry is not None
    assert entry.blocked_by == bad.key


def test_remove_the_bad_file_and_send() -> None:
    """The whole group comes back; what was accepted can be referred to again."""
    phone = Device(Server())
    bad, good = create({**picture(), "language": "refuse"}, ME), create(picture(), ME)
    links = [{"contentAttachment": {"url": f"Binary/{file.id}"}} for file in (bad, good)]
    said = create(message(payload=links), ME)
    phone.put(bad, good, said)
    phone.push()
    back = phone.outbox.edit(bad.key)
    again = phone.put(create({**message(payload=links[1:]), "id": said.id}, ME))
    phone.push()

    assert [intent.key for intent in back] == [bad.key, good.key, said.key]
    assert back[1].args["data"] == "YWJj"
    assert phone.state(again) == "accepted"
    assert phone.server.resource("Communication", said.id) is not None


def test_a_reference_to_something_being_created_waits_without_being_told() -> None:
    """A child never reaches the server before its parent."""
    phone = Device(Server())
    head = create(message(), ME)
    reply = create(message(partOf=[{"reference": f"Communication/{head.id}"}]), ME)
    phone.put(head)
    phone.put(reply)
    phone.push(Fault.LOST_REQUEST)

    assert [phone.state(intent) for intent in (head, reply)] == ["sending", "waiting"]
    phone.push()
    assert [phone.state(intent) for intent in (head, reply)] == ["accepted", "accepted"]


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LOST_RESPONSE, Fault.BUSY])
def test_changes_of_one_resource_go_in_order(fault: Fault) -> None:
    """The second waits for the first, also when the first has trouble."""
    phone = Device(Server())
    existing(phone.server)
    phone.sync()
    one, two = (phone.put(change("set_topic", "m1", text=text)) for text in ("1", "2"))
    phone.push(fault)
    phone.server.now += 2 * SECOND
    phone.push()

    made = [version.key for version in phone.server.log["Communication", "m1"]][1:]
    assert made == [one.key, two.key]


def test_when_the_sign_in_has_ended_nothing_is_refused_and_nothing_more_is_asked() -> None:
    """A 401 pauses; it never rejects."""
    phone = Device(Server())
    first, second = phone.say("1"), phone.say("2")
    asked = phone.push(Fault.SIGNED_OUT)

    assert len(asked) == 1
    assert [phone.state(intent) for intent in (first, second)] == ["waiting", "waiting"]
    assert phone.engine.talk.signed_out


def test_a_silent_network_is_not_asked_a_hundred_times() -> None:
    """Three silences end the round."""
    phone = Device(Server())
    for number in range(20):
        phone.say(str(number))

    assert len(phone.push(*[Fault.LOST_REQUEST] * 20)) == 3


@pytest.mark.parametrize("back", [-10 * 365 * 86_400.0, -1800.0])
def test_retry_after_is_obeyed_and_a_jumping_clock_cannot_stall_it(back: float) -> None:
    """Not before the server said; but never ten years later."""
    phone = Device(Server())
    said = phone.say()
    phone.push(Fault.BUSY)
    assert phone.push() == []

    phone.ahead = back
    phone.push()
    assert phone.state(said) == "accepted"


def test_what_may_not_wait_fails_at_once_and_was_never_sent() -> None:
    """Nobody believes in an appointment that is still in the phone."""
    phone = Device(Server())
    booking = Intent("create", "Communication", "c1", {**message(), "id": "c1"}, ME, may_wait=False)
    phone.put(booking)
    asked = phone.push(Fault.LOST_REQUEST)

    entry = phone.outbox.entry(booking.key)
    assert [request.method for request in asked] == ["GET"]
    assert entry is not None
    assert (entry.state.value, entry.refusal and entry.refusal.code) == ("refused", "offline")


def test_what_may_not_wait_is_told_as_not_sent_only_when_that_is_certain() -> None:
    """A request that vanished may still land for a minute; after that it is not repeated but told."""
    phone = Device(Server())
    booking = Intent("create", "Communication", "c1", {**message(), "id": "c1"}, ME, may_wait=False)
    phone.put(booking)
    phone.push(Fault.NONE, Fault.STRAGGLER)
    states = []
    for _ in range(4):
        phone.server.now += 40 * SECOND
        phone.push()
        states.append(phone.state(booking))

    assert states == ["sending", "sending", "refused", "refused"]
    assert phone.server.log == {}


def test_without_if_none_match_a_create_is_repeated_only_when_no_straggler_can_land() -> None:
    """The careful default for servers that were not probed."""
    phone = Device(Server(Abilities(if_none_match=False)), profile=Profile(Creates.UNGUARDED))
    said = phone.say()
    late = phone.push(Fault.STRAGGLER)[0]
    phone.push()
    phone.server.now += 30 * SECOND
    phone.server.handle(late)
    phone.server.now += 60 * SECOND
    phone.push()

    assert phone.state(said) == "accepted"
    assert phone.server.keys() == {said.key: 1}


def test_where_the_server_chooses_ids_everything_that_refers_to_them_follows() -> None:
    """Conditional create: the id of the device keeps working for the screens."""
    phone = Device(Server(Abilities(put_create=False)), profile=Profile(Creates.CONDITIONAL))
    head = create(message(), ME)
    reply = create(message(partOf=[{"reference": f"Communication/{head.id}"}]), ME)
    phone.put(head, reply, change("set_topic", reply.id, text="x"))
    for _ in range(3):
        phone.push(Fault.LOST_RESPONSE)
    phone.push()

    stored = phone.store.get("Communication", reply.id) or {}
    assert len(phone.server.log) == 2
    assert stored["id"] != reply.id
    assert stored["topic"] == {"text": "x"}
    assert phone.server.resource("Communication", stored["partOf"][0]["reference"].split("/")[1])


def test_where_no_create_is_safe_an_unknown_outcome_is_told() -> None:
    """Never guessed, never sent twice."""
    phone = Device(Server(Abilities(put_create=False)), profile=Profile(Creates.ONLINE_ONLY))
    told, sent = phone.say("1"), phone.say("2")
    phone.push(Fault.LOST_RESPONSE)
    phone.push()

    entry = phone.outbox.entry(told.key)
    assert entry is not None
    assert (entry.refusal and entry.refusal.code, phone.state(sent)) == ("outcome-unknown", "accepted")
    assert set(phone.server.keys().values()) == {1}


def test_a_file_is_not_sent_back_by_the_server() -> None:
    """A Binary is confirmed by the headers of the answer."""
    phone = Device(Server())
    file = phone.put(create(picture(), ME))
    asked = phone.push()

    assert len(asked) == 1
    assert ("Prefer", "return=minimal") in asked[0].headers
    assert (phone.store.get("Binary", file.id) or {})["data"] == "YWJj"


@pytest.mark.parametrize("history", [True, False])
def test_an_update_that_landed_is_recognised_under_later_versions(history: bool) -> None:
    """The stamp is found in the history, or still in the current version."""
    phone = Device(Server(Abilities(history=history)), profile=Profile(Creates.GUARDED, history))
    existing(phone.server)
    phone.sync()
    topic = phone.put(change("set_topic", "m1", text="x"))
    phone.push(Fault.LOST_RESPONSE)
    phone.server.edit("Communication", "m1", language="sv")
    phone.push()

    entry = phone.outbox.entry(topic.key)
    assert entry is not None
    assert entry.receipt is not None
    assert (entry.receipt.version, len(phone.server.log["Communication", "m1"])) == (
        "v2" if history else "v3",
        3,
    )


@pytest.mark.parametrize(
    "odd", [Fault.FALSE_CONFLICT, Fault.EMPTY_200, Fault.OUTCOME_200], ids=lambda fault: fault.name
)
def test_an_odd_answer_instead_of_the_versions_tells_nothing(odd: Fault) -> None:
    """A change that landed is not told as gone because staff deleted the resource since."""
    phone = Device(Server(), profile=Profile(Creates.GUARDED, True))
    existing(phone.server)
    phone.sync()
    topic = phone.put(change("set_topic", "m1", text="x"))
    phone.push(Fault.LOST_RESPONSE)
    phone.server.write("Communication", "m1", None)
    phone.server.now += 70 * SECOND
    phone.push(odd)
    assert phone.state(topic) == "sending"
    phone.server.now += 70 * SECOND
    phone.push()
    assert phone.state(topic) == "accepted"


def two_writers(history: bool) -> tuple[Device, Intent]:
    """The answer to a change was lost, and another device of the same resident wrote over it."""
    server = Server(Abilities(history=history))
    phones = [Device(server, profile=Profile(Creates.GUARDED, history)) for _ in range(2)]
    existing(server)
    first = phones[0].put(change("set_topic", "m1", text="first"))
    phones[0].push(Fault.NONE, Fault.LOST_RESPONSE)
    phones[1].put(change("set_topic", "m1", text="second"))
    phones[1].push()
    phones[0].push()
    return phones[0], first


def test_what_another_device_wrote_over_is_found_in_the_history() -> None:
    """It landed once, and the later change stays."""
    phone, first = two_writers(history=True)

    assert phone.state(first) == "accepted"
    assert (phone.server.resource("Communication", "m1") or {})["topic"] == {"text": "second"}


def test_without_a_history_what_may_have_landed_is_not_made_again_blindly() -> None:
    """Our stamp may lie under the other device's: the resident is asked, and the later change stays."""
    phone, first = two_writers(history=False)
    entry = phone.outbox.entry(first.key)

    assert entry is not None
    assert entry.refusal is not None
    assert entry.refusal.code == "conflict"
    assert (phone.server.resource("Communication", "m1") or {})["topic"] == {"text": "second"}


def test_without_a_history_a_plain_conflict_is_still_rebased() -> None:
    """Staff wrote on the very version that was the base of ours: ours cannot have landed."""
    phone = Device(Server(Abilities(history=False)), profile=Profile(Creates.GUARDED, history=False))
    existing(phone.server)
    phone.put(change("set_topic", "m1", text="before"))
    phone.sync()
    phone.server.edit("Communication", "m1", language="sv")
    topic = phone.put(change("set_topic", "m1", text="after"))
    phone.push()

    assert phone.state(topic) == "accepted"
    assert (phone.server.resource("Communication", "m1") or {})["topic"] == {"text": "after"}


def test_a_change_that_was_confirmed_without_a_body_is_accepted_even_if_deleted_meanwhile() -> None:
    """``Prefer`` was ignored and there is no history: the answer itself was proof enough."""
    server = Server(Abilities(history=False, returns=False))
    phone = Device(server, profile=Profile(Creates.GUARDED, history=False))
    existing(server)
    phone.sync()
    topic = phone.put(change("set_topic", "m1", text="x"))
    steps = phone.engine.push()
    answer = server.handle(next(steps))
    server.write("Communication", "m1", None)
    with pytest.raises(StopIteration):
        steps.send(server.handle(steps.send(answer)))

    entry = phone.outbox.entry(topic.key)
    assert entry is not None
    assert entry.receipt is not None
    assert (entry.state.value, entry.receipt.version) == ("accepted", "v2")


def test_old_settled_entries_are_forgotten_by_the_servers_clock() -> None:
    """Thirty days; what needs the resident stays."""
    phone = Device(Server())
    sent, bad = phone.say(), phone.say(language="refuse")
    phone.sync()
    phone.server.now += 31 * 86_400 * SECOND
    phone.sync()

    assert [phone.state(intent) for intent in (sent, bad)] == ["unknown", "refused"]


def test_two_windows_of_the_app_send_the_same_outbox_once(tmp_path: Path) -> None:
    """Each sees what the other did, in the middle of its own round."""
    server = Server()
    one, two = Device(server, path=tmp_path / "a.db"), Device(server, path=tmp_path / "a.db")
    said = [one.say(str(number)) for number in range(4)]
    rounds = [one.engine.push(), two.engine.push()]
    asked = [next(steps) for steps in rounds]
    while rounds:
        for number, steps in enumerate(list(rounds)):
            server.now += 3000
            try:
                asked[number] = steps.send(server.handle(asked[number]))
            except StopIteration:
                del rounds[number], asked[number]
                break

    assert (
        [one.state(intent) for intent in said] == [two.state(intent) for intent in said] == ["accepted"] * 4
    )
    assert set(server.keys().values()) == {1}
