"""What the schema cannot say of a structure: names that lead nowhere, steps that cannot be done, dead ends."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app.pathways import drawings
from app.pathways.model import START, Kind, Step, Structure, When
from app.pathways.rules_pictures import wrong_in
from app.pathways.span import split
from app.pathways.told import Mistake

__all__ = ["check_structure"]

FILE = "pathway.json"
CALLS = ("emergency", "helpline")
_NEEDS = {Kind.FORM: "form", Kind.MEASURE: "measure", Kind.VIDEO: "media", Kind.AUDIO: "media"}
_DAYS = {"d": 1, "w": 7, "m": 30}


def check_structure(structure: Structure, folder: Path) -> Iterator[Mistake]:
    """Everything about ``pathway.json`` and the pictures it names."""
    if structure.id != folder.name:
        yield Mistake("structure", FILE, "id", f"is {structure.id!r}, but the folder is {folder.name!r}")
    yield from _doubles(structure)
    yield from _contacts(structure)
    yield from _anchors(structure)
    for step in structure.steps:
        yield from _step(structure, step)
    yield from _pictures(structure, folder)


def _doubles(structure: Structure) -> Iterator[Mistake]:
    for what, ids in (
        ("stages", [stage.id for stage in structure.stages]),
        ("steps", [step.id for step in structure.steps]),
        ("contacts", [contact.id for contact in structure.contacts]),
        ("urgent", [urgent.id for urgent in structure.urgent]),
        ("anchors", [anchor.id for anchor in structure.anchors]),
        ("goals", list(structure.goals)),
        ("languages", list(structure.languages)),
    ):
        for id, count in Counter(ids).items():
            if count > 1:
                yield Mistake("structure", FILE, what, f"{id!r} stands there {count} times")


def _contacts(structure: Structure) -> Iterator[Mistake]:
    for contact in structure.contacts:
        if not (contact.service or contact.phone or contact.url):
            said = "has no service, phone or url: nobody can turn to it"
            yield Mistake("contact", FILE, f"contacts.{contact.id}", said)
    if not any(contact.service or contact.phone for contact in structure.contacts):
        said = "there is no way but the web: name a service or a phone"
        yield Mistake("contact", FILE, "contacts", said)
    for urgent in structure.urgent:
        yield from _call(structure, urgent.call, f"urgent.{urgent.id}")


def _call(structure: Structure, call: str, place: str) -> Iterator[Mistake]:
    if call not in CALLS and call not in {contact.id for contact in structure.contacts}:
        yield Mistake("link", FILE, place, f"call {call!r} is neither emergency, helpline nor a contact")


def _anchors(structure: Structure) -> Iterator[Mistake]:
    used = {step.when.anchor for step in structure.steps if step.when}
    for anchor in structure.anchors:
        if anchor.id not in used:
            yield Mistake("dead-end", FILE, f"anchors.{anchor.id}", "no step hangs on it")
        if (anchor.every is None) != (anchor.times is None):
            yield Mistake("structure", FILE, f"anchors.{anchor.id}", "every and times belong together")
        if anchor.id == START:
            yield Mistake("structure", FILE, "anchors.start", "exists by itself; leave it out")


def _step(structure: Structure, step: Step) -> Iterator[Mistake]:
    place = f"steps.{step.id}"
    needs = _NEEDS.get(step.kind)
    if needs and getattr(step, needs) is None:
        yield Mistake("dead-end", FILE, place, f"a step of kind {step.kind} needs {needs!r}")
    if step.contact and step.contact not in {contact.id for contact in structure.contacts}:
        yield Mistake("link", FILE, place, f"contact {step.contact!r} is not among the contacts")
    if step.when:
        yield from _when(structure, step.when, place)
    if step.kind is Kind.BOOK and not (step.book and step.book.service) and not _service(structure, step):
        yield Mistake("dead-end", FILE, place, "there is no service to book from")
    if step.kind is Kind.MESSAGE and not _service(structure, step):
        yield Mistake("dead-end", FILE, place, "its contact has no service that takes messages")
    for limit in step.measure.limits if step.measure else ():
        yield from _limit(structure, step, limit.id)


def _service(structure: Structure, step: Step) -> bool:
    wanted = step.contact or structure.contacts[0].id
    return any(contact.service for contact in structure.contacts if contact.id == wanted)


def _when(structure: Structure, when: When, place: str) -> Iterator[Mistake]:
    if when.anchor != START and when.anchor not in {anchor.id for anchor in structure.anchors}:
        yield Mistake("link", FILE, place, f"anchor {when.anchor!r} is not among the anchors")
    if when.before and when.before not in {anchor.id for anchor in structure.anchors} - {when.anchor}:
        yield Mistake("link", FILE, place, f"before {when.before!r} is not another one of the anchors")
    if when.until and _days(when.until) < _days(when.since):
        yield Mistake("structure", FILE, place, f"ends ({when.until}) before it begins ({when.since})")
    if when.repeat and _days(when.repeat.every) < 1:
        yield Mistake("structure", FILE, place, "every must be at least 1d")
    if when.repeat and not (when.repeat.times or when.repeat.until or when.until):
        yield Mistake("dead-end", FILE, place, "repeats without an end: give times or until")


def _days(span: str) -> int:
    number, unit = split(span)
    return number * _DAYS[unit]


def _limit(structure: Structure, step: Step, id: str) -> Iterator[Mistake]:
    place = f"steps.{step.id}.limits.{id}"
    assert step.measure is not None
    limit = next(one for one in step.measure.limits if one.id == id)
    if limit.above is None and limit.below is None:
        yield Mistake("structure", FILE, place, "needs above or below")
    if limit.call is None:
        yield Mistake("contact", FILE, place, "nobody to call: give call")
    else:
        yield from _call(structure, limit.call, place)


def _pictures(structure: Structure, folder: Path) -> Iterator[Mistake]:
    wanted = {structure.picture, *(stage.picture for stage in structure.stages)}
    wanted |= {name for step in structure.steps for name in step.pictures}
    for name in sorted(filter(None, wanted)):
        file = drawings.find(folder, name)
        if file is None:
            yield Mistake("link", FILE, f"pictures.{name}", f"there is no pictures/{name}.svg")
            continue
        for wrong in wrong_in(file.read_text(encoding="utf-8")):
            yield Mistake("picture", f"pictures/{name}.svg", "", wrong)
