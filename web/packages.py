"""Python for the browser: the packages' wheels, trimmed and compiled, as archives; the app as one more.

packages.zip  pure Python, imported from the archive
native.zip    what must lie in files: extensions in WebAssembly, data that is opened by path
late.zip      what no first screen needs, fetched when one of its packages is imported for the first time
pdf.zip       the same for documents that are made here
app.zip       the app, its texts and regions
data.zip      what the app reads when somebody asks for it: pathways, people to practise with, typefaces of documents
"""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Collection, Mapping
from importlib.metadata import version
from pathlib import Path

from app.i18n import catalog
from web.places import ASSETS, ROOT, BuildError, cached, copy, digest, files

PLATFORM = "pyemscripten_2026_0_wasm32"
PYTHON = "314"
NAMES = ("flet", "flet-secure-storage", "pydantic", "httpx", "babel", "holidays", "tzdata")
LATE = {
    "late": ("fhirpathpy", "markdown-it-py", "icalendar", "flet-charts", "flet-audio", "pypdf"),
    "pdf": ("fpdf2", "fonttools", "defusedxml", "arabic-reshaper"),
}
"""Archives that are fetched when they are needed, and the packages in them."""
ALONE = {
    "pdf"
}  # without what their packages ask for: fpdf2 needs Pillow for pictures only, and there is none
IN_FILES = ("babel", "holidays", "tzdata")  # packages that open their data by path
DROPPED = {"anyio", "bin", "certifi", "flutter", "h11", "httpcore", "oauthlib", "flet_secure_storage/src"}
LOCALES = re.compile(r"(root|fi|fi_FI|sv|sv_FI|en|en_001|en_150|en_GB|en_FI|se|se_FI)\.dat")
HOLIDAYS = re.compile(
    r"(countries/(__init__|finland)\.py|locale/(fi|sv_FI|en_US)/LC_MESSAGES/FI\.mo|(calendars|groups|mixins)/.*|(?!countries|locale|financial)[^/]+|financial/__init__\.py)"
)
REPLACED = {
    "holidays/countries/__init__.py": "",  # they name all countries
    "holidays/financial/__init__.py": "",
    "fpdf/sign.py": "class Signature: ...\ndef sign_content(*_, **__): raise NotImplementedError\n",  # needs unittest
}
ZONES = re.compile(r"(__init__\.py|zones|zoneinfo/(__init__\.py|UTC|GMT|(Europe|Etc)/.*))")
LIBRARY = re.compile(
    r"(_pyrepl|bdb|cProfile|curses|dbm|doctest|ensurepip|ftplib|idlelib|imaplib|lib2to3|mailbox|multiprocessing"
    r"|nntplib|pdb|poplib|profile|pstats|pyclbr|pydoc|pydoc_data|smtplib|socketserver|statistics|tabnanny|tkinter|trace"
    r"|turtle|turtledemo|unittest|venv|webbrowser|wsgiref|xmlrpc|zipapp)(\.py|/.*)"
    r"|encodings/(?!(__init__|aliases|ascii|charmap|cp1252|cp437|idna|latin_1|mac_roman|punycode|raw_unicode_escape"
    r"|unicode_escape|utf_.*)\.py).*"
)
"""What of the standard library no screen needs."""
NOT_IN_BROWSER = re.compile(
    r"app/(platform/serv\w+|served|region|api/live_native|i18n/check|forms/check|__main__)\.py"
    r"|app/pathways/(lint|compile|preview|schema|reading|told|rules_\w+)\.py|app/pathways/wording\.json"
)
UNUSED_OF_FONTTOOLS = (
    *("afmLib", "cu2qu", "diff", "fontBuilder", "help", "merge", "mtiLib", "qu2cu", "t1Lib", "tfmLib", "ttx"),
    *("ufoLib", "voltLib", "misc/testTools", "varLib/interpolat", "varLib/plot"),
)
KEPT_OF: dict[str, Callable[[str], bool]] = {
    "babel": lambda p: not p.startswith(("locale-data/", "messages/")) or bool(LOCALES.fullmatch(p[12:])),
    "holidays": lambda p: bool(HOLIDAYS.fullmatch(p)),
    "tzdata": lambda p: bool(ZONES.fullmatch(p)),
    "pydantic": lambda p: not p.startswith(("v1/", "mypy.py")),
    "flet": lambda p: not p.startswith("testing/"),
    "fontTools": lambda p: not p.startswith(UNUSED_OF_FONTTOOLS),
}
"""What is kept of a package, by the path inside of it."""


def wheels(names: tuple[str, ...] = NAMES, *options: str) -> Path:
    """The packages as they are published, for WebAssembly where they are compiled; fetched once per set of versions.

    ``options``: more of pip's.
    """
    pins = [*options, *(f"{name}=={version(name)}" for name in names)]
    return cached(f"wheels-{digest((), PLATFORM, *pins)}", lambda folder: _install(pins, folder))


def _install(pins: list[str], folder: Path) -> None:
    target = ("--platform", PLATFORM, "--platform", "any", "--python-version", f"3.{PYTHON[1:]}")
    abi = ("--implementation", "cp", "--abi", f"cp{PYTHON}", "--abi", "none", "--only-binary=:all:")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check")
    if subprocess.run([*pip, "--target", str(folder), *target, *abi, *pins], check=False).returncode:
        raise BuildError(f"The packages for the browser ({PLATFORM}) could not be had: {' '.join(pins)}")


def late_wheels() -> dict[str, Path]:
    """The packages of each late archive."""
    return {archive: wheels(names, *["--no-deps"] * (archive in ALONE)) for archive, names in LATE.items()}


def trimmed(wheels: Path, folder: Path, known: Collection[str] = ()) -> None:
    """Copy what the browser needs; nothing of packages that are ``known`` already."""
    had = set(known)
    for path in files(wheels):
        inside = path.relative_to(wheels).as_posix()
        if inside.partition("/")[0] not in had and _wanted(inside):
            copy(path, folder / inside)
            if inside in REPLACED:
                (folder / inside).write_text(REPLACED[inside])
            if path.name == "METADATA":
                (folder / inside).write_text(_short(path.read_text()))


def _short(metadata: str) -> str:
    """Name, version and authors: some packages read these of themselves."""
    head = metadata.partition("\n\n")[0].splitlines()
    wanted = (
        "Metadata-Version",
        "Name",
        "Version",
        "Author",
        "Maintainer",
        "Summary",
        "License",
        "Home-page",
    )
    return "\n".join(line for line in head if line.startswith(wanted)) + "\n\n"


def _wanted(inside: str) -> bool:
    top, _, rest = inside.partition("/")
    if ".dist-info" in top:
        return rest == "METADATA"
    if inside.endswith((".pyi", ".so.d", "py.typed")) or any(
        inside == drop or inside.startswith(f"{drop}/") for drop in DROPPED
    ):
        return False
    return KEPT_OF.get(top, lambda _: True)(rest)


def app_sources(folder: Path) -> None:
    """Copy the app, its texts, the regions and the first Python of the page."""
    for path in files(ROOT / "app"):
        inside = path.relative_to(ROOT).as_posix()
        if not NOT_IN_BROWSER.fullmatch(inside) and path.suffix != ".po":
            copy(path, folder / inside)
    for language in catalog.LANGUAGES:
        texts = json.dumps(catalog.texts_of(language), ensure_ascii=False)
        (folder / "app" / "i18n" / "locales" / language).mkdir(parents=True)
        (folder / "app" / "i18n" / "locales" / language / catalog.COMPILED).write_text(texts, "utf-8")
    for path in files(ASSETS / "regions"):
        copy(path, folder / path.relative_to(ROOT))
    copy(ROOT / "web" / "start.py", folder / "start.py")


def late_assets(folder: Path) -> None:
    """Copy what is fetched when it is first asked for, and the module whose import asks (``app/assets.py``)."""
    typefaces = sorted(path for place in ("fonts", "documents") for path in (ASSETS / place).glob("*.ttf"))
    for path in (*files(ASSETS / "pathways"), *files(ASSETS / "practice"), *typefaces):
        copy(path, folder / path.relative_to(ROOT))
    (folder / "late_assets.py").write_text("")


def compiled(source: Path, target: Path, pyodide: Path) -> bool:
    """Byte code in place of sources, if there is a Node to make it with; otherwise sources. Whether it is byte code."""
    node = shutil.which("node")
    if node is None:
        shutil.copytree(source, target, dirs_exist_ok=True)
        return False
    script = ROOT / "web" / "compile.mjs"
    done = subprocess.run(
        [node, str(script), str(pyodide), str(source), str(target)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BuildError(f"Pyodide's Python could not compile {source}:\n{done.stderr[-2000:]}")
    return True


def archive(folder: Path, target: Path, wanted: Callable[[str], bool] = lambda _: True) -> None:
    """A stored zip (the web server compresses better), the same bytes for the same content."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        for path in files(folder):
            inside = path.relative_to(folder).as_posix()
            if wanted(inside):
                out.writestr(zipfile.ZipInfo(inside, (1980, 1, 1, 0, 0, 0)), path.read_bytes())


def tops(folder: Path) -> set[str]:
    """What can be imported from ``folder``."""
    return {path.name.removesuffix(".py") for path in folder.iterdir() if ".dist-info" not in path.name}


def named_late(archives: Mapping[str, set[str]]) -> str:
    """A module that says which packages are in which late archive."""
    return f"NAMES = { ({name: sorted(found) for name, found in archives.items()}) }\n"


def in_files(folder: Path) -> Callable[[str], bool]:
    """Which paths under ``folder`` belong to packages that cannot be imported from an archive."""
    tops = {path.relative_to(folder).parts[0] for path in folder.rglob("*.so")} | set(IN_FILES)
    return lambda inside: inside.partition("/")[0] in tops


def standard_library(source: Path, target: Path, unpacked: Path, pyodide: Path) -> None:
    """Pyodide's own archive of the standard library, with byte code."""
    with zipfile.ZipFile(source) as given:
        given.extractall(unpacked, [name for name in given.namelist() if not LIBRARY.fullmatch(name)])
    made = unpacked.parent / "stdlib-compiled"
    made.mkdir()
    compiled(unpacked, made, pyodide)
    archive(made, target)
