"""Python in a worker of a real Chromium, from the files that the static client is made of, without Flutter."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from threading import Thread
from typing import Any

import flet_web
import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.e2e.driver import ARGUMENTS, chromium
from web.packages import wheels

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PYODIDE = Path(flet_web.__file__).parent / "web" / "pyodide"
NEEDED = ("annotated_types", "pydantic", "pydantic_core", "typing_inspection", "typing_extensions.py")


def zipped(folder: Path, under: str = "", only: Sequence[str] = ()) -> bytes:
    """The files of a folder, or those ``only`` in these parts of it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path in sorted(folder.rglob("*")):
            inside = not only or path.relative_to(folder).parts[0] in only
            if inside and path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, Path(under) / path.relative_to(folder))
    return made.getvalue()


class Quiet(SimpleHTTPRequestHandler):
    """Files, and archives made in memory, with the types that Pyodide wants."""

    extensions_map = {".mjs": "text/javascript", ".wasm": "application/wasm", ".html": "text/html", "": ""}
    archives: dict[str, bytes] = {}

    def log_message(self, *args: Any) -> None:
        """Nothing."""

    def translate_path(self, path: str) -> str:
        name = path.split("?")[0].lstrip("/")
        return str(PYODIDE.parent / name if name.startswith("pyodide/") else HERE / name)

    def do_GET(self) -> None:
        name = self.path.split("?")[0].lstrip("/")
        if name not in self.archives:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("content-length", str(len(self.archives[name])))
        self.end_headers()
        self.wfile.write(self.archives[name])


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a page with Python in it."""
    archives = {"packages.zip": zipped(wheels(), only=NEEDED), "app.zip": zipped(ROOT / "app", "app")}
    handler = type("Site", (Quiet,), {"archives": archives})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/page.html"
    server.shutdown()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright, for one module: its loop must not be around when others want one."""
    with sync_playwright() as started:
        yield started


Start = Callable[[Path], BrowserContext]


@pytest.fixture(scope="module")
def profile(playwright: Playwright) -> Start:
    """Start a browser that keeps its things in a folder."""

    def begin(folder: Path) -> BrowserContext:
        return playwright.chromium.launch_persistent_context(
            str(folder), executable_path=chromium(), args=list(ARGUMENTS)
        )

    return begin


@pytest.fixture(scope="module")
def browser(profile: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One browser for the tests of a module."""
    context = profile(tmp_path_factory.mktemp("profile"))
    yield context
    context.close()


class Tab:
    """One tab with Python in it."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        page.set_default_timeout(60_000)
        page.goto(site)
        page.wait_for_function("window.python !== undefined")

    def run(self, code: str) -> Any:
        """What Python's last expression is there, as JavaScript hands it over."""
        return self.page.evaluate("code => python(code)", dedent(code))


@pytest.fixture
def open_tab(browser: BrowserContext, site: str) -> Iterator[Callable[[], Tab]]:
    """Open one more tab; all are closed afterwards."""
    tabs: list[Tab] = []

    def opened() -> Tab:
        tabs.append(Tab(browser.new_page(), site))
        return tabs[-1]

    yield opened
    for tab in tabs:
        tab.page.close()


@pytest.fixture(scope="module")
def tab(browser: BrowserContext, site: str) -> Tab:
    """A tab for tests that leave nothing behind."""
    return Tab(browser.new_page(), site)
