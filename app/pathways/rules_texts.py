"""What must be there in every language, and how it must read."""

import re
from collections.abc import Iterable, Iterator, Mapping

from app.pathways import reading
from app.pathways.model import Access, Kind, Step, Structure
from app.pathways.texts import StepText, Texts
from app.pathways.told import Mistake

__all__ = ["check_languages", "check_texts"]

_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


def check_texts(structure: Structure, texts: Texts, language: str) -> Iterator[Mistake]:
    """One language: nothing missing, nothing that leads nowhere, readable, kind."""
    file = f"{language}.json"
    yield from _ids(structure, texts, file)
    if structure.access is not Access.OPEN and not texts.how_to_get_in:
        yield Mistake("translation", file, "how_to_get_in", "is missing: it is not open to everybody")
    for step in structure.steps:
        if step.id in texts.steps:
            yield from _step(step, texts.steps[step.id], file)
    yield from _reading(texts, language, file)
    for place, text in _sentences(texts):
        yield from _wording(text, place, language, file)


def check_languages(structure: Structure, by_language: Mapping[str, Texts]) -> Iterator[Mistake]:
    """Whether the languages say equally much: lists of one length, and no text left in another language."""
    told = tuple(by_language.items())
    for other in told[1:]:
        yield from _as_much(told[0], other)


def _ids(structure: Structure, texts: Texts, file: str) -> Iterator[Mistake]:
    pictures = {structure.picture, *(stage.picture for stage in structure.stages)} - {None}
    for name, wanted in (
        ("stages", {stage.id for stage in structure.stages}),
        ("steps", {step.id for step in structure.steps}),
        ("contacts", {contact.id for contact in structure.contacts}),
        ("urgent", {urgent.id for urgent in structure.urgent}),
        ("anchors", {anchor.id for anchor in structure.anchors}),
        ("goals", set(structure.goals)),
        ("pictures", pictures),
    ):
        yield from _compared(wanted, getattr(texts, name), file, name)


def _compared(
    wanted: Iterable[object], given: Mapping[str, object], file: str, place: str
) -> Iterator[Mistake]:
    for id in sorted(map(str, set(wanted) - given.keys())):
        yield Mistake("translation", file, f"{place}.{id}", "is missing")
    for id in sorted(given.keys() - set(wanted)):
        yield Mistake("link", file, f"{place}.{id}", "belongs to nothing in pathway.json")


def _step(step: Step, text: StepText, file: str) -> Iterator[Mistake]:
    place = f"steps.{step.id}"
    limits = {limit.id for limit in step.measure.limits} if step.measure else set()
    yield from _compared(limits, text.limits, file, f"{place}.limits")
    yield from _compared(step.confirm, text.confirm, file, f"{place}.confirm")
    yield from _compared((*step.pictures, *step.charts), text.pictures, file, f"{place}.pictures")
    for id, chart in step.charts.items():
        if id in text.pictures and len(text.pictures[id].labels) != len(chart.values):
            yield Mistake("translation", file, f"{place}.pictures.{id}", "needs a label for each value")
    yield from _needed(step, text, file, place)


def _needed(step: Step, text: StepText, file: str, place: str) -> Iterator[Mistake]:
    if step.kind in (Kind.VIDEO, Kind.AUDIO) and not text.transcript:
        yield Mistake("translation", file, place, "has no transcript: not everybody can play it")
    if step.kind is Kind.ASK and not text.questions:
        yield Mistake("dead-end", file, place, "there is nothing to ask")
    if not text.text:
        yield Mistake("dead-end", file, place, "there is nothing to read")
    if text.outcome.strip().casefold() == text.title.strip().casefold():
        yield Mistake("outcome", file, place, "the outcome only repeats the title")


def _reading(texts: Texts, language: str, file: str) -> Iterator[Mistake]:
    paragraphs = [text for _, text in _sentences(texts)]
    measured, limit = reading.lix(paragraphs), reading.LIMITS[language]
    if measured > limit:
        yield Mistake("reading", file, "", f"LIX {measured:.0f} is over {limit}: shorter sentences and words")
    for place, text in _sentences(texts):
        longest = reading.longest_sentence([text])
        if (count := reading.words_in(longest)) > reading.LONGEST[language]:
            said = f"a sentence of {count} words (at most {reading.LONGEST[language]}): {longest[:60]}…"
            yield Mistake("reading", file, place, said, remark=language != "fi_selko")


def _wording(text: str, place: str, language: str, file: str) -> Iterator[Mistake]:
    for word in reading.blaming(language, text):
        yield Mistake("blame", file, place, f"{word!r} may sound like blame: say it kindly")
    if _ADDRESS.search(text):
        yield Mistake("link", file, place, "an address in a text: use url of a contact or media")


def _sentences(texts: Texts) -> Iterator[tuple[str, str]]:
    """Every text with its place."""
    for name in ("title", "summary", "for_whom", "goal", "who_sees", "leaving", "how_to_get_in"):
        if value := getattr(texts, name):
            yield name, value
    for id, urgent in texts.urgent.items():
        yield f"urgent.{id}", urgent
    for id, goal in texts.goals.items():
        yield f"goals.{id}", goal
    for id, stage in texts.stages.items():
        yield f"stages.{id}", stage.summary
    for id, step in texts.steps.items():
        yield from ((f"steps.{id}", part) for part in _parts(step))


def _parts(step: StepText) -> Iterator[str]:
    yield from (step.title, step.outcome, *step.text, *step.checklist, *step.questions, *step.transcript)
    yield from (*step.limits.values(), *step.confirm.values())
    if step.message:
        yield step.message


def _as_much(first: tuple[str, Texts], other: tuple[str, Texts]) -> Iterator[Mistake]:
    (language, one), (name, two) = first, other
    for id in one.steps.keys() & two.steps.keys():
        for part in ("checklist", "questions"):
            counts = len(getattr(one.steps[id], part)), len(getattr(two.steps[id], part))
            if counts[0] != counts[1]:
                said = f"{part} has {counts[1]}, in {language} {counts[0]}"
                yield Mistake("translation", f"{name}.json", f"steps.{id}", said)
    if name.partition("_")[0] != language.partition("_")[0]:
        for place, words in _whole(two):
            if words and words == dict(_whole(one)).get(place):
                yield Mistake("translation", f"{name}.json", place, f"the text is the same as in {language}")


def _whole(texts: Texts) -> Iterator[tuple[str, object]]:
    """Whole sentences by their place: names and titles may well be the same in two languages."""
    for name in ("summary", "for_whom", "goal", "who_sees", "leaving"):
        yield name, getattr(texts, name)
    for id, words in texts.urgent.items():
        yield f"urgent.{id}", words
    for id, aim in texts.goals.items():
        yield f"goals.{id}", aim
    for id, step in texts.steps.items():
        yield f"steps.{id}", step.text
