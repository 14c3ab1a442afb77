"""The repository as the console, the seed and the tester controls use it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backend_stub.fhir.access import Access
from backend_stub.fhir.errors import BadRequest, Gone, NotFound, PreconditionFailed
from backend_stub.fhir.repository import Change, Repository
from tests.backend_stub.fhir.fhir_samples import message, observation, patient


@pytest.fixture
def repository() -> Repository:
    """Empty, at a standing clock."""
    return Repository(None, lambda: datetime(2026, 11, 23, 8, tzinfo=UTC))


def test_versions(repository: Repository) -> None:
    """create, update, delete and what each leaves."""
    first = repository.create(patient("p"))
    second = repository.update("Patient", "p", {**first, "active": True}, if_match='W/"1"')
    repository.delete("Patient", "p")
    repository.delete("Patient", "p")

    assert [one["meta"]["versionId"] for one in repository.history("Patient", "p")] == ["2", "1"]
    assert second["active"] is True
    assert (repository.all("Patient"), repository.counts(), repository.types()) == ([], {}, ())
    with pytest.raises(Gone):
        repository.read("Patient", "p")


def test_refusals(repository: Repository) -> None:
    """Each has its own class."""
    repository.create(patient("p"))

    with pytest.raises(PreconditionFailed):
        repository.create(patient("p"))
    with pytest.raises(PreconditionFailed):
        repository.update("Patient", "p", patient("p"), if_match="7")
    with pytest.raises(NotFound):
        repository.read("Patient", "q")
    with pytest.raises(NotFound):
        repository.delete("Patient", "q")
    with pytest.raises(BadRequest):
        repository.search("Patient", [("nonsense", "1")])


def test_search_within_access(repository: Repository) -> None:
    """The system finds all, a resident the own."""
    for id in ("aino", "bertta"):
        repository.create(observation(f"o-{id}", id))

    own = Access("resident", "aino", "s", ("patient/*.rs",))

    assert len(repository.search("Observation")) == 2
    assert [one["id"] for one in repository.search("Observation", (("code", "29463-7"),), own)] == ["o-aino"]


def failing(repository: Repository) -> None:
    """A transaction that writes and then fails."""
    with repository.transaction():
        repository.create(patient("lost"))
        repository.read("Patient", "none")


def test_listeners_hear_after_the_commit(repository: Repository) -> None:
    """In order, with body and author; nothing of what was rolled back; nothing once they left."""
    heard: list[Change] = []
    leave = repository.on_commit(heard.append)

    with repository.transaction():
        repository.create(patient("p"), by="seed")
        assert heard == []
        with pytest.raises(NotFound):
            failing(repository)
        repository.delete("Patient", "p")
    leave()
    repository.create(patient("q"))

    assert [(one.id, one.version, one.body is None, one.by) for one in heard] == [
        ("p", "1", False, "seed"),
        ("p", "2", True, ""),
    ]
    assert repository.counts() == {"Patient": 1}


def test_a_file_is_taken_up_again(tmp_path: Path) -> None:
    """Data, versions and the order of time survive a restart."""
    path, now = str(tmp_path / "stub.db"), datetime(2026, 11, 23, 8, tzinfo=UTC)
    first = Repository(path, lambda: now)
    before = first.create(patient("p"))["meta"]["lastUpdated"]
    first.close()

    second = Repository(path, lambda: now)
    after = second.update("Patient", "p", patient("p", "Uusi"))["meta"]

    assert second.search("Patient", [("name", "uusi")])[0]["id"] == "p"
    assert (after["versionId"], after["lastUpdated"] > before) == ("2", True)
    second.close()


def test_clear(repository: Repository) -> None:
    """Nothing is left, and time starts from the clock again."""
    repository.create(patient("p"))
    repository.create(message("m"))
    repository.clear()

    made = repository.create(patient("p"))

    assert made["meta"] == {"versionId": "1", "lastUpdated": "2026-11-23T08:00:00.000Z"}
    assert repository.counts() == {"Patient": 1}


def test_a_change_is_reindexed(repository: Repository) -> None:
    """What a resource no longer says is no longer found."""
    repository.create(patient("p", "Ennen"))
    repository.update("Patient", "p", patient("p", "Jälkeen"))

    found: list[Any] = [repository.search("Patient", [("name", name)]) for name in ("ennen", "jalk")]

    assert [len(one) for one in found] == [0, 1]
