"""The pathways on this device, in the resident's language; read once, kept in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
        self._structures: dict[str, Structure | None] = {}
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
        self._structures.clear()
        self._read.clear()

    def all(self, language: str) -> tuple[Pathway, ...]:
        """Every pathway that can be read; a damaged one never sinks the rest."""
        found = (self.get(id, language) for id in self.ids)
        return tuple(pathway for pathway in found if pathway is not None)

    def get(self, id: str, language: str) -> Pathway | None:
        """The pathway called ``id`` in ``language``, else in the first language it has. None: there is none."""
        key = (id, language)
        if key not in self._read:
            self._read[key] = self._made(id, language)
        return self._read[key]

    def _made(self, id: str, language: str) -> Pathway | None:
        structure = self._structure(id)
        if structure is None:
            return None
        spoken = next((code for code in _wanted(language) if code in structure.languages), None)
        folder = self._folder / id
        chosen = spoken or structure.languages[0]
        try:
            texts = read_texts(folder, chosen)
        except PathwayError:
            return None
        if not _has_words(structure, texts):
            return None
        return Pathway(structure, texts, chosen, _pictures(folder, structure), _size(folder, chosen))

    def _structure(self, id: str) -> Structure | None:
        if id not in self._structures:
            try:
                self._structures[id] = read_structure(self._folder / id)
            except PathwayError:
                self._structures[id] = None
        return self._structures[id]


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
