"""Journeys: the real app and the real stub platform in processes of their own, a real Chromium in front."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.driver import Person, launch

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Places:
    """Where the app and the platform of this test run are."""

    app: str
    platform: str

    def tester(self, method: str, path: str, body: Any = None) -> Any:
        """One of the tester's controls, e.g. ``tester("POST", "reset")``."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.platform}/tester/{path}", data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def written_by_residents(self) -> list[Any]:
        """Every version of what residents can write, with a token that sees everything."""
        token = self.tester("POST", "token", {"resident": "system"})["access_token"]
        found = []
        for kind in ("Communication", "Binary", "Subscription"):
            request = urllib.request.Request(f"{self.platform}/fhir/{kind}/_history?_count=500")
            request.add_header("Authorization", f"Bearer {token}")
            with urllib.request.urlopen(request, timeout=30) as answer:
                found += [e["resource"] for e in json.loads(answer.read())["entry"] if "resource" in e]
        return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(module: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """A module of the project as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env={**os.environ, **environment}
    )


def wait_until_up(address: str, seconds: float = 60) -> None:
    """Until something answers there."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            assert time.monotonic() < until, f"{address} did not come up"
            time.sleep(0.1)


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """The stub platform and the served app, seeded and ready."""
    stub, app = free_port(), free_port()
    here = Places(f"http://127.0.0.1:{app}", f"http://127.0.0.1:{stub}")
    data = str(tmp_path_factory.mktemp("data"))
    processes = [start("backend_stub", "--port", str(stub), "--quiet")]
    wait_until_up(f"{here.platform}/fhir/metadata")
    processes.append(
        start("app", "--web", "--port", str(app), "--platform", here.platform, "--tester", "--data", data)
    )
    wait_until_up(here.app)
    yield here
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(15)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def person(browser: Browser, places: Places) -> Iterator[Person]:
    """A resident with a phone-sized window, on a platform as it was seeded."""
    places.tester("POST", "reset")
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fi-FI")
    page = context.new_page()
    page.errors = []  # type: ignore[attr-defined]
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
    yield Person(page, places.app)
    context.close()
