"""The store of what was recorded: first rows at once, the rest in slices, nothing made anew for nothing (E1, E12)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from app.api.results import RELEASE
from app.api.wire import CODES
from app.domain.record import Kind
from app.domain.results import Result, ResultState
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.offline.vault import AesVault
from app.stores.base import Resource
from app.stores.record import FIRST, Record

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


class Shelf:
    """A store with some resources, and the room that reads it."""

    def __init__(self, resources: Iterable[dict[str, Any]], waits: bool = False) -> None:
        self.waits = waits
        self.store = Store.open(None, AesVault(bytes(32)), "account", lambda: NOW)
        self.put(resources)
        self.record = Record(
            person_id="me",
            store=self.store,
            public=Store.open(None, AesVault(bytes(32)), "public", lambda: NOW),
            outbox=Outbox(self.store),
            nudge=lambda: None,
            now=lambda: NOW,
            new_key=lambda: "00000000-0000-4000-8000-000000000001",
            language=lambda: "fi",
            fetch=lambda _: None,
            tell=lambda _: None,
            waits_for_comment=lambda: self.waits,
        )

    def put(self, resources: Iterable[dict[str, Any]]) -> None:
        with self.store.writing(durable=True):
            self.store.records.put(list(resources))


def result(number: int, **more: Any) -> dict[str, Any]:
    """A result of one day each."""
    at = f"20{number // 12 % 26:02}-{number % 12 + 1:02}-05T08:00:00Z"
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "meta": {"versionId": "1", "lastUpdated": at},
        "status": "final",
        "code": {"text": "Paastosokeri", "coding": [{"system": "http://loinc.org", "code": "14771-0"}]},
        "effectiveDateTime": at,
        "valueQuantity": {"value": 6, "unit": "mmol/l", "code": "mmol/L"},
        **more,
    }


def entries(listed: Resource[Any]) -> int:
    return len(listed.value.entries)


async def test_first_rows_then_all() -> None:
    """A long list begins with its newest rows and says that there are more."""
    shelf = Shelf(result(n) for n in range(3 * FIRST))
    listed = shelf.record.listing(Kind.RESULT)
    assert listed.value is not None
    assert (entries(listed), listed.value.complete) == (FIRST, False)
    await shelf.record.complete(Kind.RESULT)
    assert (entries(listed), listed.value.complete) == (3 * FIRST, True)
    assert list(listed.value.entries) == sorted(
        listed.value.entries, key=lambda e: (e.at, e.id), reverse=True
    )


async def test_what_has_not_changed_is_not_made_anew() -> None:
    """The same entries as before; one new result is added, the others stay the same objects."""
    shelf = Shelf(result(n) for n in range(2 * FIRST))
    listed = shelf.record.listing(Kind.RESULT)
    await shelf.record.complete(Kind.RESULT)
    assert listed.value is not None
    before = listed.value.entries
    shelf.record.refresh()
    assert listed.value.entries is before
    shelf.put([result(2 * FIRST)])
    shelf.record.refresh()
    assert entries(listed) == len(before) + 1
    assert {id(entry) for entry in before} < {id(entry) for entry in listed.value.entries}


def kinds(shelf: Shelf) -> list[Kind]:
    everything = shelf.record.listing().value
    return [entry.kind for entry in everything.entries] if everything else []


def test_a_note_whose_visit_is_not_known_stands_among_the_documents() -> None:
    """Nothing is left out silently; when its visit comes, the note is shown there."""
    text = {"contentType": "text/plain", "data": "WXNrw6Qu", "title": "Kirjaus"}
    meta = {"versionId": "1", "lastUpdated": "2026-01-01T00:00:00Z"}
    note = {
        "resourceType": "DocumentReference",
        "id": "n1",
        "meta": meta,
        "category": [{"coding": [{"system": f"{CODES}document-category", "code": "note"}]}],
        "content": [{"attachment": text}],
        "context": {"encounter": [{"reference": "Encounter/e1"}]},
    }
    shelf = Shelf([note])
    assert kinds(shelf) == [Kind.DOCUMENT]
    assert entries(shelf.record.listing(Kind.DOCUMENT)) == 1
    shelf.put([{"resourceType": "Encounter", "id": "e1", "meta": meta, "status": "finished"}])
    shelf.record.refresh()
    assert kinds(shelf) == [Kind.VISIT]
    assert not shelf.record.listing(Kind.DOCUMENT).value


def test_nothing_is_said_before_anything_was_fetched() -> None:
    """Unknown is not empty."""
    assert Shelf([]).record.listing(Kind.RESULT).value is None


def test_results_without_a_comment_wait_when_the_resident_says_so() -> None:
    """Those with a note, and those whose panel has a comment, do not; one can be looked at all the same."""
    panel = {
        "resourceType": "DiagnosticReport",
        "id": "d1",
        "meta": {"versionId": "1", "lastUpdated": "2026-01-01T00:00:00Z"},
        "conclusion": "Hyvä.",
        "result": [{"reference": "Observation/o2"}],
    }
    shelf = Shelf([result(1), result(2), result(3, note=[{"text": "Soitettu."}]), panel], waits=True)
    states = {id: state(shelf.record, id) for id in ("o1", "o2", "o3")}
    assert states == {"o1": ResultState.UNCOMMENTED, "o2": ResultState.FINAL, "o3": ResultState.FINAL}
    entry = shelf.record.entry("Observation", "o1")
    assert entry is not None
    assert isinstance(entry.about, Result)
    assert entry.about.amount is None
    shelf.record.reveal(entry)
    assert state(shelf.record, "o1") is ResultState.FINAL


def state(record: Record, id: str) -> ResultState:
    entry = record.entry("Observation", id)
    assert entry is not None
    assert isinstance(entry.about, Result)
    return entry.about.state


def test_what_is_not_to_be_seen_yet_is_not_shown_whatever_came_along() -> None:
    """A server that sends the value before the day of its release: neither the value nor its raw elements, in no
    list, trend or search; on the day itself it is there."""
    until = {"url": RELEASE, "valueDate": "2026-11-24"}
    held = result(1, extension=[until], note=[{"text": "Kohonnut 99"}], valueQuantity={"value": 99})
    past = result(2, extension=[{**until, "valueDate": "2026-11-23"}])
    record = Shelf([held, past]).record
    entry = record.entry("Observation", "o1")
    assert entry is not None
    assert isinstance(entry.about, Result)
    assert (state(record, "o1"), state(record, "o2")) == (ResultState.WITHHELD, ResultState.FINAL)
    assert (entry.about.amount, entry.about.notes) == (None, ())
    assert "99" not in str(record.facts(entry))
    assert "Paastosokeri" in str(record.facts(entry))
    listed = record.listing(Kind.RESULT).value
    assert listed is not None
    assert "99" not in str(listed.entries)
    assert [point.key for point in record.over_time(entry)[0].points] == ["Observation/o2"]


def test_what_the_resident_waits_with_is_not_in_its_raw_elements_either() -> None:
    """Until they want to see it."""
    shelf = Shelf([result(1, valueQuantity={"value": 99})], waits=True)
    entry = shelf.record.entry("Observation", "o1")
    assert entry is not None
    assert "99" not in str(shelf.record.facts(entry))
    shelf.record.reveal(entry)
    shown = shelf.record.entry("Observation", "o1")
    assert shown is not None
    assert "99" in str(shelf.record.facts(shown))
