"""The pathways on this device, in the resident's language; read once, kept in memory, one copy for all sessions."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from app.assets import asset
from app.pathways import drawings
from app.pathways.load import PathwayError, read_structure, read_texts
from app.pathways.model import Access, Structure
from app.pathways.texts import Texts

__all__ = ["Library", "Pathway"]

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Pathway:
    """A pathway with its words in one language. ``pictures``: drawings by name; ``size``: bytes in all.

    ``language``: what the words are in, when they do not exist in the resident's; ``notes``: what of a pathway made
    elsewhere could not be drawn, as codes.
    """

    structure: Structure
    texts: Texts
    language: str
    pictures: Mapping[str, str] = field(default_factory=lambda: _NONE)
    size: int = 0
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its name for machines."""
        return self.structure.id

    @property
    def is_open(self) -> bool:
        """Whether anybody may begin it."""
        return self.structure.access is Access.OPEN


class Library:
    """``ids``: the region's pathways in its order; empty: all that there are. ``folder``: where they lie."""

    def __init__(self, ids: Iterable[str] = (), folder: Path | None = None) -> None:
        self._given, self._ids = folder, tuple(ids)
        self._read: dict[tuple[str, str], Pathway | None] = {}

    @property
    def _folder(self) -> Path:
        return self._given or asset("pathways")

    @property
    def ids(self) -> tuple[str, ...]:
        """Those there are, in the region's order."""
        found = (path.parent.name for path in self._folder.glob("*/pathway.json"))
        return self._ids or tuple(sorted(found))

    def stamp(self) -> tuple[tuple[str, int], ...]:
        """Which files there are and when each was written last: another one means that something has changed."""
        files = (path for path in self._folder.rglob("*") if path.is_file())
        return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in files))

    def forget(self) -> None:
        """Read everything anew when it is asked for."""
        self._read.clear()
        _read_structure.cache_clear()
        _read_pathway.cache_clear()

    def all(self, language: str) -> tuple[Pathway, ...]:
        """Every pathway that can be read; a damaged one never sinks the rest."""
        found = (self.get(id, language) for id in self.ids)
        return tuple(pathway for pathway in found if pathway is not None)

    def get(self, id: str, language: str) -> Pathway | None:
        """The pathway called ``id`` in ``language``, else in the first language it has. None: there is none."""
        key = (id, language)
        if key not in self._read:
            self._read[key] = _made(self._folder / id, language)
        return self._read[key]


Written = tuple[int, ...]
"""When the files of a pathway were written: others mean that what was read of them is old."""


def _made(folder: Path, language: str) -> Pathway | None:
    at = _written(folder)
    structure = _read_structure(folder, at)
    if structure is None:
        return None
    spoken = next((code for code in _wanted(language) if code in structure.languages), None)
    return _read_pathway(folder, spoken or structure.languages[0], at)


def _written(folder: Path) -> Written:
    files = sorted([*folder.glob("*.json"), *folder.glob("pictures/*")])
    return tuple(file.stat().st_mtime_ns for file in files)


@lru_cache(maxsize=64)
def _read_structure(folder: Path, at: Written) -> Structure | None:
    with suppress(PathwayError):
        return read_structure(folder)
    return None


@lru_cache(maxsize=128)
def _read_pathway(folder: Path, language: str, at: Written) -> Pathway | None:
    structure = _read_structure(folder, at)
    with suppress(PathwayError):
        texts = read_texts(folder, language)
        if structure is not None and _has_words(structure, texts):
            return Pathway(structure, texts, language, _pictures(folder, structure), _size(folder, language))
    return None


def _has_words(structure: Structure, texts: Texts) -> bool:
    """Whether everything that is drawn has a name; the lint tells what has not."""
    named = (
        (structure.stages, texts.stages),
        (structure.steps, texts.steps),
        (structure.contacts, texts.contacts),
        (structure.anchors, texts.anchors),
    )
    return all(one.id in words for things, words in named for one in things)


def _wanted(language: str) -> tuple[str, ...]:
    return (language, language.partition("_")[0])


def _pictures(folder: Path, structure: Structure) -> dict[str, str]:
    names = {structure.picture, *(stage.picture for stage in structure.stages)}
    names |= {name for step in structure.steps for name in step.pictures}
    files = {name: drawings.find(folder, name) for name in names if name}
    return {name: file.read_text(encoding="utf-8") for name, file in files.items() if file}


def _size(folder: Path, language: str) -> int:
    files = [folder / "pathway.json", folder / f"{language}.json", *folder.glob("pictures/*.svg")]
    return sum(file.stat().st_size for file in files if file.is_file())
