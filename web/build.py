"""``python -m web.build``: the static browser client in ``build/web``.

    build/web/
      index.html  sw.js  manifest.json  settings.json   asked about at every load
      client-<hash>/   Flutter's engine and Flet's client, fonts for other scripts
      python-<hash>/   Pyodide, the packages
      app-<hash>/      the app: Python, texts, regions, the page's scripts
      fonts/ icons/ favicon.png                          the app's own
      headers.json                                       what a web server should send

What is under a hash never changes, so browsers may keep it for ever, and a version is never mixed with another.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from web import client, emoji, first, fonts, packages, page
from web.places import (
    ASSETS,
    OUT,
    ROOT,
    STATIC,
    BuildError,
    cached,
    copy,
    digest,
    files,
    folder_digest,
)
from web.squeeze import squeeze

SETTINGS = {
    "platform_url": "",
    "region": "paijat-hame",
    "tester": False,
    "apart": ["/fhir", "/auth", "/tester", "/console"],
}
"""settings.json as it is made: an empty address is that of the site itself; ``apart``: the platform's paths on it."""
BEST, FAST = 11, 5  # of brotli
_LATER = ("canvaskit/", "assets/fonts/", "main.dart.js")
_AT_ONCE = (
    "assets/fonts/MaterialIcons-Regular.otf",
    "assets/fonts/roboto.woff2",
    "canvaskit/skwasm.js",
    "canvaskit/skwasm.wasm",
)
_PAGE = ("index.html", "sw.js", "settings.json", "headers.json")


def build(
    out: Path,
    base: str = "/",
    title: str = "Digiklinikka",
    description: str = "",
    quality: int = BEST,
    sources: Callable[[Path], None] = packages.app_sources,
    screens: Callable[[Path], None] | None = first.make,
) -> dict[str, object]:
    """Make the site in ``out``. What was made, in figures. Raises BuildError.

    ``base``: the path it will be under; ``quality``: of brotli, 0 to 11; ``sources``: copies the app's sources into a
    folder (a page to compare with has others); ``screens``: draws its first screen, see web/first.py.
    """
    began = time.monotonic()
    client.clean(out)
    with tempfile.TemporaryDirectory(prefix="web-") as work:
        app = _place(out, "app", _app(Path(work) / "app", sources, screens))
        python = _place(out, "python", _python())
        flutter = _place(out, "client", _client())
    for name in ("fonts", "icons"):
        shutil.copytree(ASSETS / name, out / name, ignore=shutil.ignore_patterns("emoji"))
    copy(ASSETS / "favicon.png", out / "favicon.png")
    client.stub(out)
    (out / "manifest.json").write_text(page.manifest(title, base))
    (out / "settings.json").write_text(json.dumps(SETTINGS, indent=2) + "\n")
    (out / "headers.json").write_text(json.dumps({"content-security-policy": page.policy()}, indent=2) + "\n")
    (out / "index.html").write_text(page.index(base, title, description, flutter, python, app))
    version = _service_worker(out, flutter, app)
    squeeze(out, quality)
    return {
        "site": str(out),
        "version": version,
        "seconds": round(time.monotonic() - began, 1),
        **_sizes(out),
    }


def _place(out: Path, name: str, made: Path) -> str:
    """Copy ``made`` into the site under its hash; the folder's name with a slash."""
    folder = f"{name}-{folder_digest(made)}"
    shutil.copytree(made, out / folder)
    return f"{folder}/"


def _app(work: Path, sources: Callable[[Path], None], screens: Callable[[Path], None] | None) -> Path:
    """The app's archive, its first screen and the page's scripts."""
    plain, byte_code, made = work / "sources", work / "code", work / "made"
    for folder in (plain, byte_code, made):
        folder.mkdir(parents=True)
    sources(plain)
    packages.compiled(plain, byte_code, client.pyodide_dir())
    packages.archive(byte_code, made / "app.zip")
    data = work / "data"
    packages.late_assets(data)
    packages.archive(data, made / "data.zip")
    if screens is not None:
        screens(made / "first")
    for path in files(ASSETS / "web"):
        if path != STATIC / "sw.js":
            copy(path, made / path.name)
    return made


def _python() -> Path:
    """Pyodide and the packages, from the cache when nothing about them changed."""
    wheels, late = packages.wheels(), packages.late_wheels()
    recipe = [ROOT / "web" / "packages.py", ROOT / "web" / "compile.mjs"]
    node = "node" if shutil.which("node") else "plain"
    return cached(
        f"python-{digest(recipe, wheels.name, *(folder.name for folder in late.values()))}-{node}",
        lambda made: _make_python(wheels, late, made),
    )


def _make_python(wheels: Path, late: dict[str, Path], made: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="web-") as name:
        work = Path(name)
        slim, byte_code, library = work / "slim", work / "code", work / "library"
        for folder in (slim, byte_code, library):
            folder.mkdir()
        packages.trimmed(wheels, slim)
        (slim / "late_packages.py").write_text(_make_late(late, slim, work / "late", made))
        packages.compiled(slim, byte_code, client.pyodide_dir())
        in_files = packages.in_files(byte_code)
        packages.archive(byte_code, made / "native.zip", in_files)
        packages.archive(byte_code, made / "packages.zip", lambda inside: not in_files(inside))
        client.copy_pyodide(made / "pyodide")
        standard = client.pyodide_dir() / "python_stdlib.zip"
        packages.standard_library(
            standard, made / "pyodide" / "python_stdlib.zip", library, client.pyodide_dir()
        )


def _make_late(late: dict[str, Path], slim: Path, work: Path, made: Path) -> str:
    """Write the late archives; the module that names their packages."""
    known, named = {path.name for path in slim.iterdir()}, {}
    for name, wheels in late.items():
        plain, byte_code = work / name / "slim", work / name / "code"
        for folder in (plain, byte_code):
            folder.mkdir(parents=True)
        packages.trimmed(wheels, plain, known)
        packages.compiled(plain, byte_code, client.pyodide_dir())
        packages.archive(byte_code, made / f"{name}.zip")
        named[name] = packages.tops(plain)
        known |= {path.name for path in plain.iterdir()}
    return packages.named_late(named)


def _client() -> Path:
    """Flet's client and the fonts, from the cache when nothing about them changed."""
    sources = [ROOT / "web" / name for name in ("client.py", "fonts.py", "emoji.json")]
    sources += sorted(emoji.PARTS.glob("*.woff2"))
    installed = [client.web_dir() / name for name in ("main.dart.wasm", "flutter_bootstrap.js")]
    key = digest([*sources, *installed], *fonts.missing())
    return cached(f"client-{key}", _make_client)


def _make_client(made: Path) -> None:
    client.copy_client(made)
    fonts.fill(fonts.table((made / "main.dart.js").read_text()), made / "assets" / "fonts")


def _service_worker(out: Path, flutter: str, app: str) -> str:
    """Write sw.js: all files but those that only some browsers, texts or windows need."""
    listed = [path.relative_to(out).as_posix() for path in files(out)]
    listed = [path for path in listed if path not in _PAGE]
    later = tuple(flutter + path for path in _LATER)
    at_once = tuple(flutter + path for path in _AT_ONCE)
    wanted = [path for path in listed if path in at_once or not path.startswith((*later, f"{app}first/"))]
    version = digest([out / path for path in (*wanted, "index.html")], *wanted)
    (out / "sw.js").write_text(page.service_worker(version, wanted, later))
    return version


def _sizes(out: Path) -> dict[str, object]:
    """What a browser fetches for the first screen (skwasm), and what it fetches later, in millions of bytes."""
    sw = (out / "sw.js").read_text()
    listed = json.loads(sw[sw.index("{") : sw.index(";\n")])["files"]
    paths = [out / path for path in (*listed, "index.html")]
    first = [path for path in paths if path.stem not in (*packages.LATE, "data")]
    return {
        "files": len(paths),
        "raw_mb": _millions(first),
        "brotli_mb": _millions(map(_packed, first)),
        "later_brotli_mb": _millions(_packed(path) for path in paths if path not in first),
    }


def _packed(path: Path) -> Path:
    made = path.with_name(f"{path.name}.br")
    return made if made.exists() else path


def _millions(paths: Iterable[Path]) -> float:
    return round(sum(path.stat().st_size for path in paths) / 1e6, 2)


def main(arguments: list[str]) -> int:
    """0: built; 2: something is missing, told in words."""
    parser = argparse.ArgumentParser("python -m web.build")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--base-href", default="/", help="path under which the site will be served")
    parser.add_argument("--title", default="Digiklinikka")
    parser.add_argument("--description", default="")
    parser.add_argument("--fast", action="store_true", help="compress less well, but sooner")
    options = parser.parse_args(arguments)
    base = f"/{options.base_href.strip('/')}/".replace("//", "/")
    try:
        made = build(options.out, base, options.title, options.description, FAST if options.fast else BEST)
    except BuildError as problem:
        print(problem, file=sys.stderr)
        return 2
    _report(made)
    return 0


def _report(made: dict[str, object]) -> None:
    if shutil.which("node") is None:
        print(
            "There is no Node here: Python was not compiled, so the site starts more slowly (Debian: nodejs)."
        )
    if lacking := fonts.missing():
        print(f"Not installed, so not shown: {', '.join(lacking)} (Debian: fonts-noto-core).")
    print(json.dumps(made))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
