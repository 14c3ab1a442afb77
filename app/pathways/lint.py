"""``python -m app.pathways.lint FOLDER…`` checks pathways: a pathway's folder or one that has pathways in it.

It tells every mistake in a line and ends with 1 when there was one (remarks alone end with 0).
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.pathways.load import PathwayError, read_structure, read_texts, twice
from app.pathways.reading import lix
from app.pathways.rules_structure import check_structure
from app.pathways.rules_texts import check_languages, check_texts
from app.pathways.texts import Texts
from app.pathways.told import Mistake

__all__ = ["check", "folders", "main"]

REQUIRED = ("fi", "sv", "en", "fi_selko")
"""The languages that a pathway of this project has; another county names its own with ``--languages``."""


def folders(path: Path) -> tuple[Path, ...]:
    """The pathways in ``path``: itself, or those below it."""
    if (path / "pathway.json").is_file():
        return (path,)
    return tuple(sorted(file.parent for file in path.glob("*/pathway.json")))


def check(folder: Path, languages: Sequence[str] = REQUIRED) -> tuple[Mistake, ...]:
    """All that is wrong with one pathway."""
    return tuple(_checked(folder, languages))


def _checked(folder: Path, languages: Sequence[str]) -> Iterator[Mistake]:
    try:
        structure = read_structure(folder)
    except PathwayError as error:
        yield from _unread("pathway.json", error)
        return
    yield from _twice(folder / "pathway.json")
    yield from check_structure(structure, folder)
    for language in languages:
        if language not in structure.languages:
            yield Mistake("translation", "pathway.json", "languages", f"{language} is missing")
    found: dict[str, Texts] = {}
    for language in structure.languages:
        try:
            found[language] = read_texts(folder, language)
        except PathwayError as error:
            yield from _unread(f"{language}.json", error)
            continue
        yield from _twice(folder / f"{language}.json")
        yield from check_texts(structure, found[language], language)
    yield from check_languages(structure, found)


def _twice(file: Path) -> Iterator[Mistake]:
    for name in twice(file):
        yield Mistake(
            "structure", file.name, "", f"{name!r} stands there twice, and only the last one counts"
        )


def _unread(file: str, error: PathwayError) -> Iterator[Mistake]:
    for line in str(error).splitlines():
        yield Mistake("structure", file, "", line.partition(": ")[2])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.pathways.lint", description=__doc__)
    parser.add_argument("folder", nargs="+", type=Path)
    parser.add_argument("--languages", default=",".join(REQUIRED), help="those that must be there")
    given = parser.parse_args(arguments)
    found = [one for path in given.folder for one in folders(path)]
    if not found:
        sys.stdout.write(f"{given.folder[0]}: there is no pathway.json here or in a folder below\n")
        return 1
    wrong = [_told(folder, given.languages.split(",")) for folder in found]
    sys.stdout.write(f"{_many(found, 'pathway')}: {sum(wrong)} mistake{'' if sum(wrong) == 1 else 's'}\n")
    return 1 if any(wrong) else 0


def _told(folder: Path, languages: Sequence[str]) -> int:
    """Print what one pathway has; how many mistakes."""
    mistakes = check(folder, languages)
    for mistake in mistakes:
        sys.stdout.write(f"{folder.name}: {mistake}\n")
    wrong = sum(not mistake.remark for mistake in mistakes)
    if not wrong:
        sys.stdout.write(f"{folder.name}: well formed; {_measures(folder)}\n")
    return wrong


def _measures(folder: Path) -> str:
    structure = read_structure(folder)
    levels = [f"{code} {_level(read_texts(folder, code)):.0f}" for code in structure.languages]
    return f"{_many(structure.stages, 'stage')}, {_many(structure.steps, 'step')}; LIX {', '.join(levels)}"


def _many(things: Sequence[object], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


def _level(texts: Texts) -> float:
    return lix(part for step in texts.steps.values() for part in step.text)


if __name__ == "__main__":
    sys.exit(main())
