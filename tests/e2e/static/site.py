"""The static client, built once for what the sources are now, and served beside a stub platform of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.places import ROOT, Places, free_port, start, wait_until_up
from web.places import folder_digest

KEPT = ROOT / "build" / "web-tests"


@dataclass(frozen=True)
class StaticPlaces(Places):
    """Where the static client and the platform are. ``site``: the folder that is served."""

    site: Path


def built(base: str = "/") -> Path:
    """The site for the sources as they are now; fails with the build's own words."""
    parts = (folder_digest(ROOT / name) for name in ("app", "assets", "web"))
    site = KEPT / "-".join((*parts, base.strip("/") or "root"))
    if not (site / "index.html").exists():
        command = [sys.executable, "-m", "web.build", "--fast", "--out", str(site), "--base-href", base]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return site


@contextmanager
def running(site: Path, base: str = "/") -> Iterator[StaticPlaces]:
    """The stub platform and the site on free ports; both end with the block."""
    stub, port = free_port(), free_port()
    here = StaticPlaces(f"http://127.0.0.1:{port}{base.rstrip('/')}", f"http://127.0.0.1:{stub}", site)
    told = ("--dir", str(site), "--base-href", base, "--platform", here.platform, "--tester")
    processes = [start("backend_stub", "--port", str(stub), "--quiet")]
    try:
        processes.append(start("web.serve", "--port", str(port), *told))
        wait_until_up(f"{here.platform}/fhir/metadata")
        wait_until_up(f"{here.app}/")
        yield here
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(15)
