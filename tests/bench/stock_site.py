"""The same app as ``flet publish`` makes it, for comparison: whole packages, sources, everything in its own time.

Two mistakes of Flet 1.0.5 are mended, or it would not start at all: the page's address of Pyodide, and a lock file that
makes it download Pyodide anew.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from flet_web import get_package_web_dir

from web.build import FAST, SETTINGS
from web.packages import wheels
from web.places import ROOT
from web.squeeze import squeeze

MANIFEST = {
    "default_python_version": "3.14",
    "pythons": {"3.14": {"full_version": "3.14.2", "pyodide_version": "314.0.7", "android_abis": []}},
}
MAIN = """
import os
os.environ["APP_REGION"] = "regions/paijat-hame.json"
from app.main import run
run()
"""
ADDRESS = 'flet.pyodideUrl="pyodide/pyodide.mjs";'


def stock_site(out: Path) -> Path | None:
    """The published site, or None when ``flet publish`` could not make it (said on stderr)."""
    work = out.with_name("sources-of-stock")
    work.mkdir()
    client = _client(work / "client")
    app = _sources(work / "app")
    (work / "manifest.json").write_text(json.dumps(MANIFEST))
    environment = {
        **os.environ,
        "FLET_WEB_PATH": str(client),
        "FLET_PYTHON_BUILD_MANIFEST": str(work / "manifest.json"),
        "FLET_CACHE_DIR": str(work / "cache"),
    }
    flet = Path(sys.executable).with_name("flet")
    command = [
        str(flet),
        "publish",
        str(app),
        "--no-cdn",
        "--distpath",
        str(out),
        "--app-name",
        "Digiklinikka",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not (out / "index.html").exists():
        print(f"flet publish: {done.stdout[-500:]}{done.stderr[-500:]}", file=sys.stderr)
        return None
    index = out / "index.html"
    absolute = 'flet.pyodideUrl=new URL("pyodide/pyodide.mjs",document.baseURI).href;'
    index.write_text(index.read_text().replace(ADDRESS, absolute))
    (out / "settings.json").write_text(json.dumps(SETTINGS))
    squeeze(out, FAST)  # on this machine the size of a transfer costs nothing
    return out


def _client(folder: Path) -> Path:
    """Flet's own web client, with a lock file that its own tool recognises."""
    shutil.copytree(get_package_web_dir(), folder)
    lock = folder / "pyodide" / "pyodide-lock.json"
    kept = json.loads(lock.read_text())
    kept["info"]["version"] = "314.0.7"
    lock.write_text(json.dumps(kept))
    return folder


def _public(work: Path) -> Path:
    """What lies beside the page."""
    shutil.copytree(ROOT / "assets" / "fonts", work / "public" / "fonts")
    return work / "public"


def _sources(folder: Path) -> Path:
    """The app as it lies in the repository, with its packages as they are published."""
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "assets" / "regions", folder / "regions")
    shutil.copytree(wheels(), folder / "__pypackages__")
    (folder / "main.py").write_text(MAIN)
    (folder / "requirements.txt").write_text("\n")
    return folder
