"""Flet's compiled client and Pyodide, as installed with flet-web: copied, and kept from asking anybody else."""

import json
import re
import shutil
from pathlib import Path

from flet_web import get_package_web_dir, patch_font_manifest_json

from web.places import BuildError, copy, files

PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json")
_RIVE = b"https://cdn.jsdelivr.net/npm/@rive-app/flutter-native-wasm@44.0.0/"
STUB = "stubs/wasm/rive_native.js"  # beside index.html: Flutter resolves it against the page's base
_PATCHES = (  # each stands in for as many bytes, so that the client stays whole
    (_RIVE, b"stubs/" + b"./" * ((len(_RIVE) - 6) // 2)),
    (b"Working...", b"112 116117"),
    (b"Error running app", b"Digiklinikka 112 "),
    (b"Error starting app", b"Digiklinikka 112  "),
)
_PATCHED = ("main.dart.js", "main.dart.wasm")
_WORKER_SETTINGS = re.compile(r"\n    serviceWorkerSettings: \{.*?\n    \},", re.S)
_LEFT_OUT = re.compile(
    r".*\.(symbols|map)|python\S*|pyodide/.*|index\.html|manifest\.json|favicon\.png|icons/.*|version\.json"
    r"|flutter(_service_worker)?\.js|assets/NOTICES|canvaskit/(wimp|experimental_webparagraph/).*"
    r"|assets/packages/(flutter_math_fork|media_kit|record_web|wakelock_plus|flutter_map).*"
)
_UNUSED_FONTS = "packages/flutter_math_fork/"


def web_dir() -> Path:
    """Where flet-web keeps its client."""
    return Path(get_package_web_dir())


def pyodide_dir() -> Path:
    """Pyodide as it comes with flet-web."""
    return web_dir() / "pyodide"


def copy_client(target: Path) -> None:
    """Flutter's engine and Flet's client, patched, into ``target``."""
    for path in files(web_dir()):
        inside = path.relative_to(web_dir()).as_posix()
        if not _LEFT_OUT.fullmatch(inside):
            copy(path, target / inside)
    for name in _PATCHED:
        (target / name).write_bytes(patched((target / name).read_bytes()))
    bootstrap = target / "flutter_bootstrap.js"
    bootstrap.write_text(without_worker(bootstrap.read_text()))
    _fonts_listed(target / "assets" / "FontManifest.json")


def copy_pyodide(target: Path) -> None:
    """The files of Pyodide that a browser needs, without the standard library's archive."""
    for name in PYODIDE:
        copy(pyodide_dir() / name, target / name)


def patched(client: bytes) -> bytes:
    """The compiled client without its third party. Raises BuildError when it is not the one known here."""
    if client.count(_RIVE) != 1:
        raise BuildError(
            "This version of flet-web loads third parties from elsewhere: look through web/client.py."
        )
    for old, new in _PATCHES:
        client = client.replace(old, new)
    return client


def without_worker(bootstrap: str) -> str:
    """Flutter's loader without its own service worker, which would reload the page for ever beside ours."""
    text, count = _WORKER_SETTINGS.subn("", bootstrap)
    if count != 1:
        raise BuildError("flutter_bootstrap.js is not as expected: look through web/client.py.")
    return text


def stub(site: Path) -> None:
    """What stands where the third party's script was."""
    (site / STUB).parent.mkdir(parents=True, exist_ok=True)
    (site / STUB).write_text("window.RiveNative=function(){return new Promise(function(){})};\n")


def _fonts_listed(manifest: Path) -> None:
    fonts = [f for f in json.loads(manifest.read_text()) if not f["family"].startswith(_UNUSED_FONTS)]
    manifest.write_text(json.dumps(fonts))
    patch_font_manifest_json(str(manifest))


def clean(folder: Path) -> None:
    """Start with an empty ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
