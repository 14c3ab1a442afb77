"""The real app and the real stub platform in processes of their own, on free ports, until they are not needed."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

    def fhir(self, search: str) -> list[Any]:
        """What a search finds, with a token that sees everything."""
        token = self.tester("POST", "token", {"resident": "system"})["access_token"]
        request = urllib.request.Request(f"{self.platform}/fhir/{search}")
        request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return [entry["resource"] for entry in json.loads(answer.read()).get("entry", ())]

    def written_by_residents(self, *kinds: str) -> list[Any]:
        """Every version of what residents can write (of ``kinds``), with a token that sees everything."""
        token = self.tester("POST", "token", {"resident": "system"})["access_token"]
        found = []
        for kind in kinds or ("Communication", "Binary", "Subscription", "QuestionnaireResponse"):
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


def wait_until_up(address: str, seconds: float = 60, process: subprocess.Popen[bytes] | None = None) -> None:
    """Until something answers there; fails at once when ``process``, which should answer, has ended."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            assert time.monotonic() < until, f"{address} did not come up"
            assert process is None or process.poll() is None, f"what should answer at {address} has ended"
            time.sleep(0.1)


@contextmanager
def running(data: Path, stub: int = 0, wire: int = 0) -> Iterator[Places]:
    """The stub platform and the served app, seeded and ready; both end with the block. ``data``: the app's folder;
    ``stub``: the platform's port; ``wire``: the one by which it is reached, when something stands between."""
    stub, app = stub or free_port(), free_port()
    here = Places(f"http://127.0.0.1:{app}", f"http://127.0.0.1:{stub}")
    known = f"http://127.0.0.1:{wire or stub}"
    processes = [start("backend_stub", "--port", str(stub), "--base-url", known, "--quiet")]
    try:
        wait_until_up(f"{here.platform}/fhir/metadata", process=processes[0])
        arguments = (
            "--web",
            "--port",
            str(app),
            "--platform",
            known,
            "--tester",
            "--data",
            str(data),
        )
        processes.append(start("app", *arguments))
        wait_until_up(here.app, process=processes[1])
        yield here
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(15)
