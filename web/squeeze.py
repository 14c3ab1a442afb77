"""Compressed files beside the plain ones (.br, .gz), so that no web server has to do it at every request."""

import gzip
import hashlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import brotli

from web.places import CACHE, files

KINDS = {
    ".js",
    ".mjs",
    ".wasm",
    ".json",
    ".html",
    ".css",
    ".svg",
    ".zip",
    ".ttf",
    ".otf",
    ".bin",
    ".frag",
    ".txt",
}
WORTH = 0.97  # a file that hardly shrinks goes out as it is
SMALL = 1000  # bytes


def squeeze(site: Path, quality: int) -> None:
    """Compress everything under ``site`` that a browser asks for. What was compressed before is remembered."""
    (CACHE / "compressed").mkdir(parents=True, exist_ok=True)
    wanted = [path for path in files(site) if _wanted(path)]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_both, wanted, [quality] * len(wanted)))


def _wanted(path: Path) -> bool:
    font = path.suffix == ".woff2" and path.read_bytes()[:4] != b"wOF2"
    return (path.suffix in KINDS or font) and path.stat().st_size > SMALL


def _both(path: Path, quality: int) -> None:
    data = path.read_bytes()
    name = hashlib.sha256(data).hexdigest()
    for ending in (".br", ".gz"):
        kept = CACHE / "compressed" / f"{name}-{quality}{ending}"
        if not kept.exists():
            kept.write_bytes(_pack(data, ending, quality))
        packed = kept.read_bytes()
        if len(packed) < len(data) * WORTH:
            path.with_name(path.name + ending).write_bytes(packed)


def _pack(data: bytes, ending: str, quality: int) -> bytes:
    if ending == ".br":
        return brotli.compress(data, quality=quality, lgwin=24)
    return gzip.compress(data, 9, mtime=0)
