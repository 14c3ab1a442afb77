"""Folders of the build, and small tools on files that all its parts use."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "web"
CACHE = ROOT / "build" / "web-cache"
ASSETS = ROOT / "assets"
STATIC = ASSETS / "web" / "static"


class BuildError(Exception):
    """The site cannot be built; the text says what is missing and what to do."""


def files(folder: Path) -> Iterator[Path]:
    """All files under ``folder``, always in the same order."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)


def digest(paths: Iterable[Path], *more: str) -> str:
    """Twelve hexadecimal digits that change when a file (its name or content) or one of ``more`` does."""
    total = hashlib.sha256("\0".join(more).encode())
    for path in paths:
        total.update(path.name.encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


def folder_digest(folder: Path) -> str:
    """The same for a whole folder, with the paths inside of it."""
    inside = [path.relative_to(folder).as_posix() for path in files(folder)]
    return digest(files(folder), *inside)


def cached(name: str, make: Callable[[Path], None]) -> Path:
    """The folder ``name`` of the cache, made when it is not there; a half-made one never stays."""
    place = CACHE / name
    if not place.exists():
        half = CACHE / f"{name}.part"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        make(half)
        half.rename(place)
    return place


def copy(source: Path, target: Path) -> None:
    """Copy a file to a place whose folders may not exist yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
