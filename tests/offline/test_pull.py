"""Fetching: nothing missed, nothing resurrected, nothing re-read for nothing. Each test is one small story."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.exchange import Response
from app.errors import BadData, Offline, Refused, ServiceDown, SignedOut
from app.offline import pull
from app.offline.engine import Scope
from tests.offline.examples import ME, MESSAGES, YOU, Device, change, message
from tests.offline.server import COMMIT_WINDOW, SECOND, Abilities, Fault, Server

TYPE = "Communication"


def bare(person: str = ME, **more: object) -> dict[str, object]:
    """The body of a message without what the server sets."""
    return {name: value for name, value in message(person=person, **more).items() if name != "resourceType"}


def filled(server: Server, count: int, apart: int = 5000) -> None:
    """So many messages, each a little later."""
    for number in range(count):
        server.write(TYPE, f"m{number:03}", bare())
        server.now += apart


def ids(phone: Device) -> list[str]:
    """What is on the screen, in its order."""
    return [body["id"] for body in phone.seen()]


@pytest.mark.parametrize(("page", "apart"), [(1000, 5000), (7, 5000), (7, 0), (1000, 0)])
def test_everything_is_found_whatever_the_pages_are(page: int, apart: int) -> None:
    """Small pages, and pages full of one and the same instant."""
    phone = Device(Server(Abilities(largest_page=page)))
    filled(phone.server, 50, apart)
    phone.sync()

    assert ids(phone) == [f"m{number:03}" for number in range(50)]


@pytest.mark.parametrize("sweep", [False, True])
def test_a_server_that_links_to_no_next_page_is_read_to_its_end(sweep: bool) -> None:
    """A full page, or a total larger than it, says that there is more; deletions are found as well."""
    phone = Device(Server(Abilities(largest_page=7, links=False)))
    filled(phone.server, 50)
    phone.sync(sweep=sweep)
    assert ids(phone) == [f"m{number:03}" for number in range(50)]

    phone.server.write(TYPE, "m030", None)
    asked = phone.sync(sweep=True)
    assert ids(phone) == [f"m{number:03}" for number in range(50) if number != 30]
    assert [request.path for request in asked if "/" in request.path] == [f"{TYPE}/m030"]


def test_a_server_that_does_not_sort_is_followed_and_swept() -> None:
    """Noticed on the page, not believed."""
    phone = Device(Server(Abilities(largest_page=7, sorts=False)))
    filled(phone.server, 20)
    asked = phone.sync()

    assert len(ids(phone)) == 20
    assert any(("_elements", "id,meta") in request.params for request in asked)


def test_only_the_resident_asked_for_is_fetched() -> None:
    """A scope is a type and a person."""
    phone = Device(Server())
    filled(phone.server, 2)
    phone.server.write(TYPE, "other", bare(YOU))
    phone.sync()

    assert "other" not in ids(phone)


def test_what_was_written_slowly_is_found_although_its_time_is_older_than_the_cursor() -> None:
    """Commits become visible late; the overlap finds them without a sweep."""
    phone = Device(Server(Abilities(late=True)))
    phone.server.write(TYPE, "slow", bare(), late=COMMIT_WINDOW - SECOND)
    phone.server.now += SECOND
    filled(phone.server, 3)
    phone.sync()
    assert "slow" not in ids(phone)

    phone.server.now += COMMIT_WINDOW
    phone.sync()
    assert "slow" in ids(phone)


def test_an_idle_refresh_is_small_and_writes_nothing() -> None:
    """One request, an empty page, the same file."""
    phone = Device(Server())
    filled(phone.server, 50)
    phone.sync()
    for _ in range(3):
        phone.server.now += 600 * SECOND
        phone.sync()
    before = phone.store.db._db.total_changes
    phone.server.now += 600 * SECOND
    asked = phone.sync()

    assert len(asked) == 1
    assert phone.server.handle(asked[0]).body["entry"] == []
    assert phone.store.db._db.total_changes == before


def test_a_pull_that_breaks_off_goes_on_where_it_was() -> None:
    """Each page moves the cursor in its own transaction."""
    phone = Device(Server(Abilities(largest_page=10)))
    filled(phone.server, 40, apart=300 * SECOND)
    phone.sync(Fault.NONE, Fault.NONE, Fault.LOST_RESPONSE)
    assert isinstance(phone.result, Offline)
    asked = phone.sync()

    assert len(ids(phone)) == 40
    assert "_lastUpdated" in dict(asked[0].params)


def test_the_device_clock_has_no_part_in_it() -> None:
    """Ten years off, nothing is missed."""
    phone = Device(Server())
    filled(phone.server, 3)
    phone.ahead = 10 * 365 * 86_400.0
    phone.sync()
    filled(phone.server, 5)
    phone.sync()

    assert len(ids(phone)) == 5


def test_a_deleted_message_disappears_with_the_sweep_and_stays_away() -> None:
    """A lagging index that still lists it cannot bring it back."""
    phone = Device(Server(Abilities(lag=600 * SECOND)))
    filled(phone.server, 4)
    phone.server.now += 700 * SECOND
    phone.sync(sweep=True)
    phone.server.write(TYPE, "m001", None)
    phone.sync(sweep=True)
    assert "m001" in ids(phone)

    phone.server.now += 700 * SECOND
    phone.sync(sweep=True)
    phone.sync()
    assert ids(phone) == ["m000", "m002", "m003"]


def test_a_tombstone_outlives_an_index_that_lags(tmp_path: Path) -> None:
    """The read said that it is gone; the listing that still has it is not believed, also after a new start."""
    phone = Device(Server(Abilities(lag=60 * SECOND)), tmp_path / "a.db")
    filled(phone.server, 2)
    phone.server.now += 70 * SECOND
    phone.sync()
    phone.server.write(TYPE, "m001", None)
    phone.put(change("set_topic", "m001", text="x"))
    phone.push()
    for _ in range(2):
        phone.sync()
        assert ids(phone) == ["m000"]
        phone.store.close()
        phone.start()


def test_an_own_message_that_the_index_does_not_list_yet_stays() -> None:
    """The sweep reads before it forgets."""
    phone = Device(Server(Abilities(lag=600 * SECOND)))
    said = phone.say()
    phone.sync(sweep=True)

    assert ids(phone) == [said.id]


def test_what_was_restored_comes_back() -> None:
    """A tombstone gives way to a newer version."""
    phone = Device(Server())
    filled(phone.server, 2)
    phone.sync()
    phone.server.write(TYPE, "m001", None)
    phone.server.now += SECOND
    phone.sync(sweep=True)
    phone.server.write(TYPE, "m001", bare())
    phone.sync()

    assert ids(phone) == ["m000", "m001"]


def test_sudden_emptiness_is_looked_at_twice_before_anything_is_forgotten() -> None:
    """An empty listing over a full cache is more likely a mistake than the truth; then each one is read."""
    phone = Device(Server())
    filled(phone.server, 5)
    phone.sync(sweep=True)
    everything, phone.server.log = phone.server.log, {}
    phone.sync(sweep=True)
    assert (len(ids(phone)), phone.engine.doubts) == (5, frozenset({MESSAGES}))

    phone.server.log = everything
    phone.sync(sweep=True)
    assert (len(ids(phone)), phone.engine.doubts) == (5, frozenset())

    phone.server.log = {}
    for _ in range(2):
        phone.sync(sweep=True)
    assert (ids(phone), phone.engine.doubts) == ([], frozenset())


def test_a_page_from_something_on_the_way_is_not_proof_of_absence() -> None:
    """Only the FHIR server's own "not there" makes a tombstone."""
    phone = Device(Server())
    filled(phone.server, 4)
    phone.sync()
    phone.server.write(TYPE, "m001", None)
    steps = phone.engine.sweep(MESSAGES)
    listing = next(steps)
    steps.send(phone.server.handle(listing))
    with pytest.raises(StopIteration):
        steps.send(Response(404, {}, None, b"<html>not found</html>"))

    assert "m001" in ids(phone)


def test_two_versions_with_the_same_time_are_told_apart_by_reading() -> None:
    """A listing cannot say which is newer."""
    phone = Device(Server(Abilities(grain=60 * SECOND)))
    filled(phone.server, 2)
    phone.sync()
    phone.server.edit(TYPE, "m000", priority="urgent")
    phone.sync()

    assert (phone.store.get(TYPE, "m000") or {})["priority"] == "urgent"


def test_one_odd_entry_does_not_stop_the_others() -> None:
    """It is set aside and counted."""
    phone = Device(Server())
    filled(phone.server, 3)
    steps = phone.engine.pull(MESSAGES)
    response = phone.server.handle(next(steps))
    odd = [
        {"resource": {"resourceType": TYPE, "id": "x"}},
        {"resource": None},
        "?",
        {"resource": {"resourceType": "Basic"}},
    ]
    another = {**response.body["entry"][0]["resource"], "resourceType": "Basic", "id": "b"}
    response.body["entry"][1:1] = [*odd, {"resource": another}]
    with pytest.raises(StopIteration):
        steps.send(response)

    assert phone.store.records.known("Basic") == {}
    assert (len(ids(phone)), phone.engine.set_aside) == (3, 4)


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        (None, Offline),
        (Response(401), SignedOut),
        (Response(503, {"retry-after": "7"}), ServiceDown),
        (Response(403, {}, {"resourceType": "OperationOutcome"}), Refused),
        (Response(200, {}, {"resourceType": "OperationOutcome"}), BadData),
        (Response(200, {}, None, b"<html>"), BadData),
    ],
)
def test_what_went_wrong_is_told_as_what_it_is(response: Response | None, problem: type[Exception]) -> None:
    """Every bad answer ends the pull with the error a screen can explain."""
    steps = Device(Server()).engine.pull(MESSAGES)
    next(steps)
    with pytest.raises(StopIteration) as finished:
        steps.send(response)

    assert isinstance(finished.value.value, problem)
    if isinstance(finished.value.value, ServiceDown):
        assert finished.value.value.retry_after == 7.0


def test_the_age_is_known_per_type_and_is_that_of_the_oldest_scope() -> None:
    """J1: every screen can say how old its data is; a failed pull does not make it younger."""
    phone = Device(Server())
    assert phone.store.confirmed_at(TYPE) is None
    phone.sync()
    first = phone.store.confirmed_at(TYPE)
    phone.server.now += 60 * SECOND
    phone.sync(scope=Scope(TYPE, (("subject", YOU),)))
    phone.sync(Fault.LOST_REQUEST)

    assert first is not None
    assert phone.store.confirmed_at(TYPE) == first
    phone.store.flush_ages()
    assert phone.store.confirmed_at(TYPE) == first


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "resourceType",
                    "id",
                    "meta",
                    "entry",
                    "link",
                    "resource",
                    "type",
                    "relation",
                    "url",
                    "issue",
                ]
            ),
            inner
            | st.sampled_from(
                ["Bundle", "searchset", "history", TYPE, "next", "http://x/fhir/Communication?a=1"]
            ),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([200, 201, 404, 410, 412, 500]), JSON), min_size=1, max_size=8))
def test_no_answer_however_odd_breaks_the_engine(answers: list[tuple[int, object]]) -> None:
    """Total: any JSON with any status is survived, and the message is still there."""
    phone = Device(Server())
    said = phone.say()
    steps = phone.engine.sync([replace(MESSAGES)], sweep=True)
    try:
        next(steps)
        for status, body in answers:
            steps.send(Response(status, {}, body))
    except StopIteration:
        pass

    assert phone.outbox.entry(said.key) is not None


def test_the_overlap_covers_what_servers_are_known_to_do() -> None:
    """Transaction time-out 120 s, drift 2 s, a minute of coarse timestamps, five seconds of index lag."""
    assert pull.OVERLAP >= (120 + 2 + 60 + 5) * SECOND
