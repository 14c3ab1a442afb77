"""One form being filled in: saving, calculating in pieces, files, going about (rows F2, F4)."""

from datetime import UTC, datetime
from typing import Any

from app.domain.attachments import AttachmentProblem, Prepared
from app.errors import AppError, DeviceFull
from app.forms.filling import Filling, Known
from app.forms.reading import read_form
from app.offline.drafts import Draft
from app.stores.filler import SAVE_AFTER, Filler, Way
from app.stores.filler_parts import Stage
from tests.forms.making import fhirpath, form, item

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
RAW = form(
    item("a", "integer"),
    item(
        "twice",
        "integer",
        readOnly=True,
        ext=[fhirpath("calculatedExpression", "%resource.item.where(linkId='a').answer.value * 2")],
    ),
    item("b", enableWhen=[{"question": "a", "operator": ">", "answerInteger": 5}]),
    item("file", "attachment"),
)


class Shelf:
    """Drafts in memory, on a device that may be full."""

    def __init__(self) -> None:
        self.saved: list[Draft] = []
        self.full = False

    def save(self, draft: Draft) -> Draft:
        if self.full:
            raise DeviceFull
        self.saved.append(draft)
        return draft

    def when_kept(self, done: Any) -> None:
        done(None)


class Hand:
    """Timers by hand."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Any]] = []

    def __call__(self, seconds: float, do: Any) -> Any:
        entry = (seconds, do)
        self.waiting.append(entry)
        return lambda: self.waiting.remove(entry) if entry in self.waiting else None

    def pass_by(self) -> None:
        while self.waiting:
            self.waiting.pop(0)[1]()


async def prepare(name: str, data: bytes) -> Prepared | AttachmentProblem:
    return Prepared(name, "image/png", data) if data else AttachmentProblem.EMPTY


def begin(draft: Draft | None = None) -> tuple[Filler, Shelf, Hand]:
    shelf, hand = Shelf(), Hand()
    given = draft or Draft("key", "form", "Patient/p", {"form": "q", "style": "one"})
    response = given.body.get("response")
    filling = Filling(read_form(RAW), Known(now=lambda: NOW), response)
    drafts: Any = shelf
    keys = iter(f"00000000-0000-4000-8000-00000000000{n}" for n in range(9))
    filler = Filler(filling, given, Way(drafts, prepare, lambda: NOW, hand, lambda: next(keys)))
    hand.pass_by()
    return filler, shelf, hand


def node(filler: Filler, link_id: str) -> Any:
    return filler.filling.tree.by_link[link_id][0]


def test_each_answer_is_saved_once_soon_after() -> None:
    """Many keys, one draft; what is not yet a value too."""
    filler, shelf, hand = begin()
    for words in ("1", "12", "12x"):
        filler.write(node(filler, "a"), words)
    assert [seconds for seconds, _ in hand.waiting if seconds] == [SAVE_AFTER]
    hand.pass_by()
    assert len(shelf.saved) == 1
    assert filler.saved_at == NOW
    again, _, _ = begin(shelf.saved[0])
    assert node(again, "a").answers[0].raw == "12x"


def test_a_full_device_is_told_and_nothing_is_lost() -> None:
    """What was written stands where it was."""
    filler, shelf, hand = begin()
    shelf.full = True
    filler.write(node(filler, "a"), "7")
    hand.pass_by()
    assert isinstance(filler.keeping.problem, AppError)
    assert node(filler, "a").values == [{"valueInteger": 7}]


def test_expressions_are_evaluated_after_the_key_not_in_it() -> None:
    """The cell of the sum is drawn again when its turn comes."""
    filler, _, hand = begin()
    cell = filler.cell(node(filler, "twice"))
    filler.write(node(filler, "a"), "4")
    assert node(filler, "twice").values == []
    hand.pass_by()
    assert node(filler, "twice").values == [{"valueInteger": 8}]
    assert cell.tick == 1


def test_the_steps_change_when_places_come_and_go_and_only_then() -> None:
    """A key that changes nothing else leaves the page alone."""
    filler, _, _ = begin()
    before = filler.layout
    filler.write(node(filler, "a"), "4")
    assert filler.layout == before
    filler.write(node(filler, "a"), "6")
    assert filler.layout == before + 1
    assert [step.nodes[-1].item.link_id for step in filler.steps()] == ["a", "twice", "b", "file"]


def test_on_and_back_and_over_to_the_review() -> None:
    """What is wrong is told first; the style can be changed on the way."""
    filler, _, _ = begin()
    filler.begin()
    filler.write(node(filler, "a"), "x")
    filler.go_on()
    assert filler.place == 0
    assert [issue.code for issue in filler.told(node(filler, "a"))] == ["not-integer"]
    filler.write(node(filler, "a"), "6")
    filler.go_on()
    filler.go_on()
    assert filler.steps()[filler.place].nodes[-1].item.link_id == "b"
    filler.choose_style(False)
    filler.go_on()
    assert filler.stage is Stage.REVIEW
    filler.show(node(filler, "file"))
    assert filler.stage is Stage.QUESTIONS


async def test_files_are_kept_while_they_are_answers() -> None:
    """A bad one is told at its place; one that was taken out is not sent."""
    filler, shelf, _ = begin()
    place = node(filler, "file")
    await filler.add_file(place, "tyhjä.png", b"")
    assert filler.cell(place).bad_file == ("tyhjä.png", AttachmentProblem.EMPTY)
    await filler.add_file(place, "kuva.png", b"png")
    assert [file.data for file in filler.kept_files()] == [b"png"]
    assert place.values[0]["valueAttachment"]["url"] == f"Binary/{filler.kept_files()[0].name}"
    assert shelf.saved[-1].files == tuple(filler.kept_files())
    filler.remove_answer(place, 0)
    assert filler.kept_files() == []
