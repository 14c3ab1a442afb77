"""The first Python of the static client, in Pyodide's worker: where packages lie, the settings, then the app.

``flet_js`` is the object that the worker shares: ``settings`` (the text of settings.json), ``base`` (address of the
site), ``python`` and ``data`` (addresses of what no first screen needs), ``step`` (tells the page how far it is).
"""

import gc
import importlib
import importlib.abc
import importlib.machinery
import io
import json
import os
import struct
import sys
import zipfile
from collections.abc import Callable, Collection, Sequence
from functools import partial
from types import ModuleType
from urllib.parse import urlsplit

SITE = "/site"
VARIABLES = {
    "platform_url": "PLATFORM_URL",
    "region": "APP_REGION",
    "tester": "APP_TESTER",
    "practice": "APP_PRACTICE",
}


def run() -> None:
    """Make ready and start the app; returns when it waits for Flutter's connection."""
    import flet_js

    for name in ("native", "app"):
        with open(f"{SITE}/{name}.zip", "rb") as packed:
            unpack(packed.read(), SITE)
        os.remove(f"{SITE}/{name}.zip")
    sys.path[0:1] = [SITE, f"{SITE}/packages.zip"]
    from late_packages import NAMES

    for archive, names in NAMES.items():
        sys.meta_path.append(
            Late(names, partial(_fetched, f"{flet_js.python}{archive}.zip"), f"{SITE}/{archive}")
        )
    sys.meta_path.append(Late({"late_assets"}, lambda: _fetched(flet_js.data), SITE))
    flet_js.step("packages")
    os.environ.update(environment(json.loads(flet_js.settings), flet_js.base))
    gc.disable()  # nothing is garbage while modules are loaded
    from app.main import run as run_app

    gc.freeze()
    gc.enable()
    flet_js.step("app")
    run_app()


def unpack(data: bytes, folder: str) -> None:
    """Put the files of a stored archive of our own making into ``folder``: in a third of ``extractall``'s time."""
    made = set()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    for entry in entries:
        path = f"{folder}/{entry.filename}"
        place = path.rpartition("/")[0]
        if place not in made:
            os.makedirs(place, exist_ok=True)
            made.add(place)
        name, extra = struct.unpack_from("<HH", data, entry.header_offset + 26)
        begin = entry.header_offset + 30 + name + extra
        with open(path, "wb", buffering=0) as file:
            file.write(data[begin : begin + entry.file_size])


class Late(importlib.abc.MetaPathFinder):
    """Finds the packages called ``names``: fetches their archive when one of them is imported for the first time."""

    def __init__(self, names: Collection[str], fetch: Callable[[], bytes], folder: str) -> None:
        self._names, self._fetch, self._folder, self._had = names, fetch, folder, False

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Raises ImportError while the archive cannot be had; it is asked for again the next time."""
        if path is not None or name not in self._names or self._had:
            return None
        unpack(self._fetch(), self._folder)
        self._had = True
        if self._folder not in sys.path:
            sys.path.append(self._folder)
        importlib.invalidate_caches()
        return importlib.machinery.PathFinder.find_spec(name, path, target)


def _fetched(address: str) -> bytes:
    """Fetch at once: an import cannot wait. Mostly it comes from the browser's own store, where offline use put it."""
    from js import XMLHttpRequest
    from pyodide.ffi import JsException

    request = XMLHttpRequest.new()
    try:
        request.open("GET", address, False)
        request.responseType = "arraybuffer"
        request.send()
    except JsException as problem:
        raise ImportError(f"{address} cannot be fetched") from problem
    if request.status != 200:
        raise ImportError(f"{address}: HTTP {request.status}")
    return bytes(request.response.to_bytes())


def environment(settings: dict[str, object], base: str) -> dict[str, str]:
    """What ``app.config`` reads, from settings.json. Addresses without a host are those of the site's own."""
    parts = urlsplit(base)
    origin = f"{parts.scheme}://{parts.netloc}"
    values = {var: _text(settings[name]) for name, var in VARIABLES.items() if settings.get(name)}
    if values.get("PLATFORM_URL", "/").startswith("/"):
        values["PLATFORM_URL"] = origin + values.get("PLATFORM_URL", "").rstrip("/")
    more = {"APP_URL": base.rstrip("/"), "APP_DATA": "/data", "PYDANTIC_DISABLE_PLUGINS": "__all__"}
    return values | more


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
