"""A draft is kept while it is written, with its files, and a bad file never harms it (rows A7, A8)."""

import pytest

from app.domain.attachments import AttachmentProblem, Limits
from app.errors import DeviceFull
from app.stores.composer import MAX_BODY, Composer, Missing
from tests.stores.examples import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


def begin(desk: Desk, service: str = "nurse") -> Composer:
    composer = desk.messages.composer(desk.messages.start(service))
    assert composer is not None
    return composer


def test_what_is_written_is_on_disk_a_moment_after_the_first_key(desk: Desk) -> None:
    """One save for a burst of keys, not one for each."""
    composer = begin(desk)
    composer.write("text", "Hei")
    composer.write("text", "Hei, selkä")

    assert len(desk.timers.waiting) == 1
    desk.timers.fire()

    kept = desk.drafts.get(composer.key)
    assert kept is not None
    assert kept.body["text"] == "Hei, selkä"
    assert composer.saved_at == desk.clock()


def test_leaving_saves_at_once(desk: Desk) -> None:
    """Nobody waits for a timer that may never come."""
    composer = begin(desk)
    composer.write("subject", "Selkä")

    desk.messages.leave(composer)

    kept = desk.drafts.get(composer.key)
    assert kept is not None
    assert kept.body["subject"] == "Selkä"
    assert not desk.timers.waiting


def test_leaving_an_empty_message_leaves_no_draft(desk: Desk) -> None:
    """A look at the composer is not a draft."""
    composer = begin(desk)

    desk.messages.leave(composer)

    assert desk.drafts.all() == ()
    assert desk.messages.composer(composer.key) is None


def test_a_draft_with_files_survives_a_restart(desk: Desk) -> None:
    """Another session on the same store finds text, recipient and files."""
    composer = begin(desk)
    composer.write("text", "Liitteenä kuva")
    composer.files = ()

    later = Desk(store=desk.store)
    desk.messages.leave(composer)
    again = later.messages.composer(composer.key)

    assert again is not None
    assert (again.text, again.service_id) == ("Liitteenä kuva", "nurse")


async def test_a_file_becomes_part_of_the_draft_at_once(desk: Desk) -> None:
    """Files are saved without waiting for a timer."""
    composer = begin(desk)

    await composer.add_file("iho.jpg", b"picture")

    kept = desk.drafts.get(composer.key)
    assert kept is not None
    assert [(f.name, f.size, f.data) for f in kept.files] == [("iho.jpg", 7, b"picture")]


async def test_one_bad_file_is_named_and_the_message_stays(desk: Desk) -> None:
    """The good file and the text are as they were; the bad one can be taken away."""
    composer = begin(desk)
    composer.write("text", "Hei")
    await composer.add_file("iho.jpg", b"picture")

    await composer.add_file("broken.jpg", b"??")

    assert [file.name for file in composer.files] == ["iho.jpg"]
    assert composer.bad_files[0].problem is AttachmentProblem.UNREADABLE
    composer.remove_file(1)
    assert composer.bad_files == ()
    assert composer.text == "Hei"


async def test_limits_of_the_region_hold() -> None:
    """A file too many is refused with its reason."""
    desk = Desk(limits=Limits(count=1))
    composer = begin(desk)
    await composer.add_file("a.jpg", b"a")

    await composer.add_file("b.jpg", b"b")

    assert [file.name for file in composer.files] == ["a.jpg"]
    assert composer.bad_files[0].problem is AttachmentProblem.TOO_MANY


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ({}, (Missing.SUBJECT, Missing.BODY)),
        ({"subject": "Selkä"}, (Missing.BODY,)),
        ({"subject": "Selkä", "text": "Kipeä"}, ()),
        ({"subject": "Selkä", "text": "a" * (MAX_BODY + 1)}, (Missing.TOO_LONG,)),
        ({"subject": "Selkä", "text": "Kipeä", "service_id": ""}, (Missing.RECIPIENT,)),
    ],
)
def test_what_is_missing_is_known_before_sending(
    desk: Desk, words: dict[str, str], missing: tuple[Missing, ...]
) -> None:
    """Each gap by its own name."""
    composer = begin(desk)
    for name, value in words.items():
        composer.write(name, value)

    assert composer.missing == missing


def test_a_full_device_is_told_and_the_text_stays_on_the_screen(desk: Desk) -> None:
    """What could not be saved is not said to be saved."""

    class FullDrafts:
        def save(self, draft: object) -> None:
            raise DeviceFull

    composer = begin(desk)
    composer._drafts = FullDrafts()  # type: ignore[assignment]
    composer.write("text", "Tärkeää")
    composer.save()

    assert isinstance(composer.save_problem, DeviceFull)
    assert composer.saved_at is None
    assert composer.text == "Tärkeää"


def test_a_draft_belongs_to_its_person(desk: Desk) -> None:
    """Another person on the same device never sees it."""
    composer = begin(desk)
    composer.write("text", "Salaista")
    desk.messages.leave(composer)

    other = Desk(person="onni", store=desk.store)

    assert other.messages.composer(composer.key) is None
    assert other.messages.drafts.value == ()
