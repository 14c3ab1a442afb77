"""The first Python of the static client, in Pyodide's worker: where packages lie, the settings, then the app.

``flet_js`` is the object that the worker shares: ``settings`` (the text of settings.json), ``base`` (address of the
site), ``step`` (tells the page how far the start is).
"""

import gc
import json
import os
import sys
import zipfile
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
    import flet_js  # type: ignore[import-not-found]

    for name in ("native", "app"):
        with zipfile.ZipFile(f"{SITE}/{name}.zip") as archive:
            archive.extractall(SITE)
        os.remove(f"{SITE}/{name}.zip")
    sys.path[0:1] = [SITE, f"{SITE}/packages.zip"]
    flet_js.step("packages")
    os.environ.update(environment(json.loads(flet_js.settings), flet_js.base))
    gc.disable()  # nothing is garbage while modules are loaded
    from app.main import run as run_app

    gc.freeze()
    gc.enable()
    flet_js.step("app")
    run_app()


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
