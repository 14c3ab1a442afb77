"""``python -m app.region check FILE…`` validates a county's profile and tells every mistake in a line.

Beyond what the app itself asks of a profile (names, languages, colours' roles): contrast, links that must be there,
features and texts that exist, pathways and their contacts. Ends with 1 when there is a mistake.

``python -m app.region open FILE…`` lists what is still to be decided for its pathways: services of the county that
they turn to, and what the units have to confirm.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from string import Formatter

from app.components.theme import GRAPHIC_PAIRS, TEXT_PAIRS, Colours, contrast_ratio
from app.config import PALETTES, ConfigError, Region, load_region
from app.i18n.catalog import LANGUAGES, read
from app.pathways.library import Library, Pathway
from app.pathways.load import FOLDER, PathwayError, read_structure
from app.pathways.model import Structure

__all__ = ["FEATURES", "LINKS", "main", "mistakes", "openings", "remarks"]

FEATURES = frozenset(("messages", "forms", "appointments", "chat", "record", "pathways"))
"""Rooms that a county may have or not; services, the ombudsman and practice are always there."""
NAMED = ("welcome.title",)
"""Texts with the name of the app in them, for it cannot be put into every sentence of every language."""
LINKS = ("website", "privacy", "accessibility", "feedback")
"""Links that the law or a resident needs: the accessibility statement and its feedback, the privacy notice."""


def mistakes(region: Region) -> Iterator[str]:
    """What keeps the profile from being used, a line each."""
    roles = [*_roles(region)]
    yield from roles or _contrast(region)
    yield from _doubles(region)
    for language in sorted(set(region.languages) - set(LANGUAGES)):
        yield f"languages: the app has no texts in {language!r}"
    for id in LINKS:
        if region.link(id) is None:
            yield f"links: {id} is missing"
    yield from _insecure(region)
    for name in sorted(region.features.keys() - FEATURES):
        yield f"features.{name}: there is no such feature ({', '.join(sorted(FEATURES))})"
    yield from _texts(region)
    yield from _pathways(region)


def remarks(region: Region) -> Iterator[str]:
    """What is worth a look."""
    if "sv" not in region.languages or "fi" not in region.languages:
        yield "languages: Finnish and Swedish are what the language act asks of a bilingual county"
    if "fi" in region.languages and "fi_selko" not in region.languages:
        yield "languages: fi_selko (plain Finnish) is complete and could be offered"
    if not region.red_flags.root:
        yield "red_flags: no words that may mean an emergency"
    yield from _left_out(region)
    yield from _other_name(region)
    yield from _no_forms(region)
    if region.has("pathways") and not region.pathways.confirmed:
        yield "pathways.confirmed: the units have confirmed nothing yet; the pathways say so"


def _no_forms(region: Region) -> Iterator[str]:
    """Pathways that ask for forms where the county has none."""
    if region.has("forms") or not region.has("pathways"):
        return
    shown = (Library().get(id, region.languages[0]) for id in Library(region.pathways.shown).ids)
    asking = [one.id for one in shown if one and any(step.form for step in one.structure.steps)]
    if asking:
        yield f"features.forms: is off, and {', '.join(asking)} ask for forms; these steps say to ask the team"


def _roles(region: Region) -> Iterator[str]:
    """The app needs each colour by its name, and knows no other."""
    wanted, given = {one.name for one in fields(Colours)}, region.colours[PALETTES[0]].keys()
    for role in sorted(wanted - given):
        yield f"colours: {role} is missing in every palette"
    for role in sorted(given - wanted):
        yield f"colours: the app has no role {role!r}"


def _doubles(region: Region) -> Iterator[str]:
    lists: tuple[tuple[str, list[str]], ...] = (
        ("languages", [*region.languages]),
        ("links", [link.id for link in region.links]),
        ("elsewhere", [link.id for link in region.elsewhere]),
        ("pathways.shown", [*region.pathways.shown]),
    )
    for place, ids in lists:
        for id in sorted({id for id in ids if ids.count(id) > 1}):
            yield f"{place}: {id!r} stands there twice"


def _other_name(region: Region) -> Iterator[str]:
    """Texts that speak of the app by another name than the county's, and that a resident meets."""
    for language in region.languages:
        texts, own = read(language), region.overrides(language)
        given = texts["app.name"][0]
        if given == region.app_name(language):
            continue
        for key in NAMED:
            if key not in own:
                yield f"texts.{language}.{key}: says {texts[key][0]!r}: write it with your own name"


def openings(region: Region) -> Iterator[str]:
    """What the county has not decided yet about the pathways that it shows, a line each."""
    own = region.pathways
    found = [one for id in Library(own.shown).ids if (one := Library().get(id, region.languages[0]))]
    services = {name: _turning(found, name) for one in found for name in _services(one.structure)}
    for name in sorted(services.keys() - own.services.keys()):
        yield f"pathways.services.{name}: {', '.join(services[name])}; goes to the service with this id"
    for one in found:
        for step in one.structure.steps:
            asked = one.texts.steps[step.id].confirm
            places = {f"{one.id}.{step.id}.{mark}": asked.get(mark, "") for mark in step.confirm}
            for place in places.keys() - own.confirmed.keys():
                yield f"pathways.confirmed.{place}: {places[place]}"


def _turning(found: Sequence[Pathway], service: str) -> list[str]:
    return [one.id for one in found if service in _services(one.structure)]


def _insecure(region: Region) -> Iterator[str]:
    """Addresses that anybody on the way could read or change."""
    for link in (*region.links, *region.elsewhere):
        for language in region.languages:
            address = link.url(language)
            if not address.startswith("https://"):
                yield f"links.{link.id}: must begin with https://, not {address!r} ({language})"


def _contrast(region: Region) -> Iterator[str]:
    for palette in PALETTES:
        colours, high = region.colours[palette], palette.startswith("high")
        for pairs, least in ((TEXT_PAIRS, 7.0 if high else 4.5), (GRAPHIC_PAIRS, 4.5 if high else 3.0)):
            for front, ground in pairs:
                ratio = contrast_ratio(colours[front], colours[ground])
                if ratio < least:
                    yield f"colours.{palette}: {front} on {ground} is {ratio:.1f}:1, must be {least}:1"


def _texts(region: Region) -> Iterator[str]:
    for language, own in region.texts.items():
        known = read(language) if language in region.languages or language == "fi_selko" else {}
        if not known:
            yield f"texts.{language}: not among the languages of the county"
        for key in sorted(own) if known else ():
            wrong = _wording(own[key], known[key]) if key in known else "the app has no such text"
            if wrong:
                yield f"texts.{language}.{key}: {wrong}"


def _wording(text: str, forms: Sequence[str]) -> str:
    """What is wrong with a county's wording of a text: the app has values for the names in its own only."""
    try:
        odd = _values(text) - set().union(*map(_values, forms))
    except ValueError:
        return "write {{ and }} for braces in a text"
    return f"the app has nothing for {{{min(odd)}}}" if odd else ""


def _left_out(region: Region) -> Iterator[str]:
    """Values that the app's own wording says and the county's does not, such as a telephone number."""
    for language, own in region.texts.items():
        known = read(language)
        for key in sorted(key for key in own if key in known and not _wording(own[key], known[key])):
            wanted = set.intersection(*map(_values, known[key]))
            for name in sorted(wanted - _values(own[key])):
                yield f"texts.{language}.{key}: leaves out {{{name}}}"


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _pathways(region: Region) -> Iterator[str]:
    own = region.pathways
    structures = {id: _structure(id) for id in {path.parent.name for path in FOLDER.glob("*/pathway.json")}}
    for id in own.shown:
        if id not in structures:
            yield f"pathways.shown: there is no pathway {id!r} in {FOLDER}"
    services = {one for found in structures.values() if found for one in _services(found)}
    for name in sorted(own.services.keys() - services):
        yield f"pathways.services.{name}: no pathway names this service"
    for place in own.phones:
        yield from _contact(place, structures)
    for place in own.confirmed:
        yield from _confirmed(place, structures)


def _structure(id: str) -> Structure | None:
    try:
        return read_structure(FOLDER / id)
    except PathwayError:
        return None


def _services(structure: Structure) -> set[str]:
    booked = {step.book.service for step in structure.steps if step.book and step.book.service}
    return booked | {one.service for one in structure.contacts if one.service}


def _contact(place: str, structures: dict[str, Structure | None]) -> Iterator[str]:
    id, _, contact = place.partition(".")
    structure = structures.get(id)
    ids = [one.id for one in structure.contacts] if structure else []
    if contact not in ids:
        known = f"; in {id} there are {', '.join(ids)}" if ids else ""
        yield f"pathways.phones.{place}: must be <pathway>.<contact>{known}"


def _confirmed(place: str, structures: dict[str, Structure | None]) -> Iterator[str]:
    id, _, rest = place.partition(".")
    structure = structures.get(id)
    marks = {f"{step.id}.{one}" for step in structure.steps for one in step.confirm} if structure else set()
    if rest not in marks:
        known = f"; in {id} there are {', '.join(sorted(marks))}" if marks else ""
        yield f"pathways.confirmed.{place}: must be <pathway>.<step>.<confirm>{known}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.region", description=__doc__)
    parser.add_argument("command", choices=["check", "open"])
    parser.add_argument("file", nargs="+", type=Path)
    given = parser.parse_args(arguments)
    told = {"check": _checked, "open": _open}[given.command]
    return max(_told(file, told) for file in given.file)


def _told(file: Path, tell: Callable[[Path, Region], int]) -> int:
    try:
        region = load_region(str(file))
    except ConfigError as error:
        sys.stdout.write(f"{error}\n{file}: not valid\n")
        return 1
    return tell(file, region)


def _open(file: Path, region: Region) -> int:
    lines = [*openings(region)]
    for line in lines:
        sys.stdout.write(f"{file.name}: {line}\n")
    sys.stdout.write(f"{file.name}: {len(lines)} to decide\n")
    return 0


def _checked(file: Path, region: Region) -> int:
    wrong = list(mistakes(region))
    for line in (*(f"mistake: {one}" for one in wrong), *(f"remark: {one}" for one in remarks(region))):
        sys.stdout.write(f"{file.name}: {line}\n")
    sys.stdout.write(f"{file.name}: {'not valid' if wrong else 'valid'} ({region.name('en')})\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
