"""The static files of the browser client: Flet's own and the app's, looked up once, compressed once."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

import brotli
from flet.controls.types import RouteUrlStrategy
from flet_web import get_package_web_dir, patch_font_manifest_json, patch_index_html, patch_manifest_json
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_RIVE = b"https://cdn.jsdelivr.net/npm/@rive-app/flutter-native-wasm@44.0.0/"
# What is changed in the compiled client. Each stands in for as many bytes, so that the client stays whole:
# a third party's script, and English words that a resident would see while the connection is away.
_PATCHES = (
    (_RIVE, b"/rive/" + b"./" * ((len(_RIVE) - 6) // 2)),
    (b"Working...", b"112 116117"),
    (b"Error running app", b"Digiklinikka 112 "),
    (b"Error starting app", b"Digiklinikka 112  "),
)
_RIVE_STUB = b"window.RiveNative=function(){return new Promise(function(){})};\n"
_PATCHED = ("main.dart.js", "main.dart.wasm")
_COMPRESSED = {
    ".js",
    ".mjs",
    ".wasm",
    ".json",
    ".html",
    ".css",
    ".svg",
    ".ttf",
    ".otf",
    ".bin",
    ".frag",
    ".txt",
}
_LONG = "public, max-age=604800"
_CHECKED = (
    "no-cache"  # kept by the browser, but asked about (ETag) each time: these change with every release
)
_FALLBACK_FONT = re.compile(r"assets/fonts/noto[a-z0-9]+/")
_LATIN = "assets/fonts/roboto.woff2"  # Cyrillic and Greek too
_NOTO = Path("/usr/share/fonts/truetype/noto")
_TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm", ".ttf": "font/ttf", ".otf": "font/otf"}


@dataclass
class StaticFile:
    """One file as it goes out. ``bodies``: by content encoding, "" is the file itself."""

    path: str
    kind: str
    etag: str
    bodies: dict[str, bytes] = field(default_factory=dict)

    def body(self, accepted: str) -> tuple[str, bytes]:
        """The best encoding that ``accepted`` (the Accept-Encoding header) allows, and its bytes."""
        if PurePosixPath(self.path).suffix not in _COMPRESSED:
            return "", self.bodies[""]
        encoding = next((e for e in ("br", "gzip") if e in accepted), "")
        if encoding not in self.bodies:
            self.bodies[encoding] = _pack(self.bodies[""], encoding)
        return encoding, self.bodies[encoding]


class StaticSite:
    """An ASGI app for the files under ``assets`` and of Flet's client.

    Route-like paths (no dot in the last part) give index.html, so that every screen has an address. Reads nothing
    outside of the two folders. Large files are compressed by :meth:`warm` at start.
    """

    def __init__(self, assets: Path, work: Path, title: str, description: str = "") -> None:
        self._roots = (assets, Path(get_package_web_dir()))
        self._made = _made_files(self._roots, work, title, description)
        self._files: dict[str, StaticFile | None] = {}
        self.inline_scripts = tuple(_inline_hashes(self._made["index.html"].decode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            return await Response(status_code=405, headers={"allow": "GET, HEAD"})(scope, receive, send)
        file = await asyncio.to_thread(self._find, scope["path"].lstrip("/"))
        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
        answer = await asyncio.to_thread(_answer, file, headers)
        return await answer(scope, receive, send)

    async def warm(self) -> None:
        """Read and compress what the first visitor needs."""
        for path in (
            *_PATCHED[1:],
            "main.dart.mjs",
            "canvaskit/skwasm.wasm",
            "canvaskit/skwasm.js",
            "index.html",
        ):
            file = await asyncio.to_thread(self._find, path)
            if file:
                await asyncio.to_thread(file.body, "br")

    def _find(self, path: str) -> StaticFile | None:
        path = path or "index.html"
        if path not in self._files:
            data = self._read(path)
            if data is None and "." not in path.rsplit("/", 1)[-1]:
                return self._find("index.html")
            if data is None:
                return None  # not remembered: unknown names must not fill the memory
            self._files[path] = _static_file(path, data)
        return self._files[path]

    def _read(self, path: str) -> bytes | None:
        if path in self._made:
            return self._made[path]
        if path.startswith("rive/"):
            return _RIVE_STUB if path.endswith(".js") else None
        if _FALLBACK_FONT.match(path):
            return self._fallback_font(path)
        for root in self._roots:
            file = (root / path).resolve()
            if file.is_relative_to(root.resolve()) and file.is_file():
                data = file.read_bytes()
                return _patched(data) if path in _PATCHED else data
        return None

    def _fallback_font(self, path: str) -> bytes | None:
        """For glyphs that no font has, the engine asks for one of 134 Noto fonts, again and again when refused.

        Emoji are the app's own; other scripts the server's, where Debian's fonts-noto-core is installed.
        """
        family = path.split("/")[2]
        if family == "notocoloremoji":
            return self._read(f"fonts/emoji/{path.rsplit('.', 2)[-2]}.woff2") or self._read(_LATIN)
        if "symbols" in family or "math" in family:
            return self._read("fonts/Symbols.ttf")
        installed = _installed_fonts().get(family)
        return installed.read_bytes() if installed else self._read(_LATIN)


@cache
def _installed_fonts() -> Mapping[str, Path]:
    """Noto fonts of this server by the names that the engine has for their families."""
    suffix = "-Regular.ttf"
    return {path.name.removesuffix(suffix).lower(): path for path in _NOTO.glob(f"Noto*{suffix}")}


def _patched(data: bytes) -> bytes:
    for old, new in _PATCHES:
        data = data.replace(old, new)
    return data


def _static_file(path: str, data: bytes) -> StaticFile:
    suffix = PurePosixPath(path).suffix
    kind = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    return StaticFile(path, kind, f'"{hashlib.sha256(data).hexdigest()[:20]}"', {"": data})


def _answer(file: StaticFile | None, headers: Mapping[str, str]) -> Response:
    if file is None:
        return Response("Not found", status_code=404, media_type="text/plain")
    lasting = file.path.startswith(("fonts/", "icons/", "assets/fonts/"))
    basic = {"etag": file.etag, "cache-control": _LONG if lasting else _CHECKED, "vary": "accept-encoding"}
    if headers.get("if-none-match", "").removeprefix("W/") == file.etag:
        return Response(status_code=304, headers=basic)
    encoding, body = file.body(headers.get("accept-encoding", ""))
    more = {"content-encoding": encoding} if encoding else {}
    return Response(body, media_type=file.kind, headers={**basic, **more})


def _pack(data: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli.compress(data, quality=5)
    return gzip.compress(data, 6) if encoding else data


def _made_files(roots: Iterable[Path], work: Path, title: str, description: str) -> dict[str, bytes]:
    """index.html, manifest and font list, filled in by Flet's own tools."""
    names = ("index.html", "manifest.json", "assets/FontManifest.json")
    for name in names:
        source = next(root / name for root in roots if (root / name).is_file())
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(source.read_bytes())
    index = work / "index.html"
    patch_index_html(
        str(index),
        base_href="/",
        websocket_endpoint_path="/ws",
        app_name=title,
        app_description=description or None,
        route_url_strategy=RouteUrlStrategy.PATH,
        no_cdn=True,
    )
    index.write_text(re.sub(r"(<h1 data-app-name>)[^<]*", rf"\g<1>{title}", index.read_text()))
    patch_manifest_json(str(work / "manifest.json"), app_name=title, app_description=description or None)
    patch_font_manifest_json(str(work / "assets/FontManifest.json"))
    return {name: (work / name).read_bytes() for name in names}


def _inline_hashes(index: str) -> Iterable[str]:
    for script in re.findall(r"<script>(.*?)</script>", index, re.S):
        yield "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
