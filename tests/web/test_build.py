"""What is in the built site, and what is not."""

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from web import client, fonts, packages, page
from web.places import ROOT, BuildError

FOREIGN = re.compile(rb"https://(cdn\.|www\.gstatic|fonts\.g|unpkg)[\w./-]*")
DECLARED_BY_FLUTTER = {b"https://www.gstatic.com/flutter-canvaskit", b"https://fonts.gstatic.com/s/"}
"""Defaults that flutter_bootstrap.js and the engine know; the page gives them addresses of its own instead."""
IMPORT_ALL = """
import importlib, pkgutil, sys, types
class Bridge(types.ModuleType):
    def __getattr__(self, name): return None
sys.modules["flet_js"] = Bridge("flet_js")
import app
names = [module.name for module in pkgutil.walk_packages(app.__path__, "app.")]
for name in names: importlib.import_module(name)
from late_packages import NAMES
for name in [name for names in NAMES.values() for name in names]: importlib.import_module(name)
from app.platform.pdf import Block, Table, document
from app.platform.pdf_letters import Lacking
from app.platform.pdf_text import pages
blocks = [Block("title", "Hyvää äitiä ☎"), Block("text", "Мария, محمد"), Table((("Päivä", "Arvo"), ("6.1.", "12")))]
made = document("Omat tiedot", blocks, "fi", Lacking("[?]", ""))
(read,) = pages(made)
assert made.startswith(b"%PDF") and "Hyvää äitiä ☎" in read and "6.1." in read and "Мария" in read, read
assert "[?]" not in read, read
from holidays.countries.finland import Finland
from babel.dates import format_date
from datetime import date
from zoneinfo import ZoneInfo
ZoneInfo("Europe/Helsinki")
day = date(2026, 1, 6)
" ".join([str(len(names)), Finland(years=2026, language="sv_FI")[day], format_date(day, locale="fi")])
"""


def folder(site: Path, name: str) -> Path:
    """The versioned folder of that name."""
    (found,) = site.glob(f"{name}-*")
    return found


def worker(site: Path) -> dict[str, list[str]]:
    """The list that the service worker keeps."""
    text = (site / "sw.js").read_text()
    listed: dict[str, list[str]] = json.loads(text[text.index("{") : text.index(";\n")])
    return listed


def test_no_script_is_inline_and_the_policy_says_so(site: Path) -> None:
    """Only scripts of the site itself."""
    index = (site / "index.html").read_text()
    assert re.findall(r"<script\b[^>]*>([^<]+)", index) == []
    assert re.search(r"\son\w+=", index) is None
    policy = re.search(r'Content-Security-Policy" content="([^"]+)', index)
    assert policy is not None
    script = next(part for part in policy[1].split("; ") if part.startswith("script-src"))
    assert script == "script-src 'self' 'wasm-unsafe-eval'"


def test_every_file_the_page_and_the_worker_name_is_there(site: Path) -> None:
    """No broken address."""
    index = (site / "index.html").read_text()
    named = re.findall(r'(?:src|href)="([^"#:]+\.[a-z0-9]+)"', index) + worker(site)["files"]
    assert len(named) > 30
    assert [name for name in named if not (site / name).is_file()] == []


def test_the_client_asks_no_third_party(site: Path) -> None:
    """The compiled client has no address of a content network but the defaults that the page replaces."""
    flutter = folder(site, "client")
    for name in ("main.dart.js", "main.dart.wasm", "flutter_bootstrap.js"):
        found = {match[0] for match in FOREIGN.finditer((flutter / name).read_bytes())}
        assert {url for url in found if not url.startswith(tuple(DECLARED_BY_FLUTTER))} == set()
    assert "serviceWorkerSettings: {" not in (flutter / "flutter_bootstrap.js").read_text()
    assert (site / client.STUB).is_file()


def test_an_unknown_client_is_not_patched_blindly() -> None:
    """Another version of flet-web must be looked at first."""
    with pytest.raises(BuildError):
        client.patched(b"another client")
    with pytest.raises(BuildError):
        client.without_worker("_flutter.loader.load({});")


def test_what_a_browser_cannot_use_is_left_out(site: Path) -> None:
    """No server, no cipher, no picture library, no sources of other clients."""
    names = set(zipfile.ZipFile(folder(site, "app") / "app.zip").namelist())
    for archive in ("packages.zip", "native.zip"):
        names |= set(zipfile.ZipFile(folder(site, "python") / archive).namelist())
    tops = {name.split("/")[0] for name in names}
    assert (
        tops & {"cryptography", "PIL", "websockets", "uvicorn", "starlette", "keyring", "httpcore", "anyio"}
        == set()
    )
    assert [name for name in names if "/served" in name] == []
    assert "assets/regions/paijat-hame.json" in names
    assert "app/i18n/locales/sv/texts.json" in names
    assert [name for name in names if name.endswith(".po")] == []
    assert {"babel/locale-data/fi.dat", "babel/locale-data/sv_FI.dat"} <= names
    assert "babel/locale-data/de.dat" not in names


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node to run the browser's Python")
def test_every_module_of_the_app_is_imported_by_the_python_of_the_browser(site: Path) -> None:
    """In Pyodide, with the packages as they are built; holidays, dates and time zones work."""
    script = ROOT / "tests" / "web" / "python.mjs"
    places = (str(folder(site, "python")), str(folder(site, "app")))
    done = subprocess.run(
        ["node", str(script), *places, IMPORT_ALL], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert re.fullmatch(
        r"\d+ Trettondag(sauto)?\S* 6\.1\.2026|\d+ Trettondag\S* 6\. ?tammik\S* 2026", done.stdout.strip()
    )


def test_what_is_needed_for_the_first_screen_is_not_more_than_promised(site: Path) -> None:
    """13.5 MB of brotli at its best; the tests build with a quicker setting, which costs a fifth more."""
    total = 0
    for name in worker(site)["files"]:
        if name.endswith(("/late.zip", "/pdf.zip", "/data.zip")):
            continue
        packed = site / f"{name}.br"
        total += (packed if packed.exists() else site / name).stat().st_size
    assert total / 1e6 < 13.5 * 1.2


def test_every_font_the_engine_may_ask_for_is_there(site: Path) -> None:
    """All of the engine's table, so that nothing is asked for again and again."""
    flutter = folder(site, "client")
    table = fonts.table((flutter / "main.dart.js").read_text())
    listed = [flutter / "assets" / "fonts" / path for _, path in table]
    assert len(listed) > 500
    assert [path for path in listed if not path.is_file()] == []


@pytest.mark.skipif(bool(fonts.missing()), reason="needs Debian's packages of fonts")
def test_arabic_and_emoji_have_letters(site: Path) -> None:
    """Alef, and a smiling face."""
    from fontTools.ttLib import TTFont

    fallback = folder(site, "client") / "assets" / "fonts"
    (arabic,) = fallback.glob("notosansarabic/*/*.woff2")
    assert ord("ا") in TTFont(arabic).getBestCmap()
    emoji = [TTFont(path).getBestCmap() or {} for path in fallback.glob("notocoloremoji/*/*.woff2")]
    assert any(0x1F600 in letters for letters in emoji)


def test_an_empty_font_is_a_font() -> None:
    """It opens, and knows no letter."""
    import io

    from fontTools.ttLib import TTFont

    assert set(TTFont(io.BytesIO(fonts.empty_font())).getBestCmap()) == {32}


def test_archives_are_the_same_bytes_for_the_same_content(tmp_path: Path) -> None:
    """So that their address changes only when they do."""
    for name in ("one", "two"):
        (tmp_path / name / "inside").mkdir(parents=True)
        (tmp_path / name / "inside" / "a.py").write_text("a = 1\n")
        packages.archive(tmp_path / name, tmp_path / f"{name}.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_base_is_in_the_page_and_the_manifest() -> None:
    """A site under a path knows it."""
    index = page.index("/digi/", "Klinikka", "Sanoja.", "client-a/", "python-b/", "app-c/")
    assert '<base href="/digi/">' in index
    assert "<title>Klinikka</title>" in index
    assert 'src="app-c/boot.js"' in index
    manifest = json.loads(page.manifest("Klinikka", "/digi/"))
    assert (manifest["scope"], manifest["id"], manifest["short_name"]) == ("/digi/", "/digi/", "Klinikka")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
