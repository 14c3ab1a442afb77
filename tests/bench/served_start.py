"""How long a browser waits for the first screen, against a bare Flet page in the same run.

``python -m tests.bench.served_start [rounds]`` prints JSON lines {name, value, unit, baseline, ratio}. Both pages show
one heading. Each visit has an empty cache; the two take turns. "Interactive" is when the heading is in the tree that
screen readers and tests use (the bare page needs help to have one: the same click that ours makes by itself).
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import free_port, wait_until_up
from tests.e2e.driver import launch

ROOT = Path(__file__).parents[2]
ROUNDS = 5
SEMANTICS = """new MutationObserver((_, o) => {
  const e = document.querySelector('flt-semantics-placeholder');
  if (!e) return;
  o.disconnect();
  const b = e.getBoundingClientRect();
  e.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, clientX: b.x + b.width / 2,
    clientY: b.y + b.height / 2}));
}).observe(document, {childList: true, subtree: true})"""
PAGE = """
import flet as ft
def main(page):
    page.title = "Alku"
    page.add(ft.Semantics(identifier="start", header=True, heading_level=1, container=True, content=ft.Text("Alku")))
"""
OURS = (
    PAGE
    + "from pathlib import Path\nfrom app.platform.served import asgi\napp = asgi(main, Path('assets'))\n"
)
BARE = PAGE + "app = ft.run(main, export_asgi_app=True, no_cdn=True)\n"


def serve(folder: Path, name: str, source: str) -> tuple[subprocess.Popen[bytes], str]:
    """One of the two pages in a process of its own."""
    (folder / f"{name}.py").write_text(source)
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", f"{name}:app", "--app-dir", str(folder), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    wait_until_up(address)
    return process, address


def visit(browser: Browser, address: str, help_needed: bool) -> float:
    """Seconds until the heading is there, with an empty cache."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    if help_needed:
        page.add_init_script(SEMANTICS)
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("flt-semantics-host h1").wait_for(state="attached", timeout=60_000)
    seconds = time.perf_counter() - start
    context.close()
    return seconds


def bytes_sent(address: str) -> int:
    """What the first visit costs on the line: the client's largest parts as they are sent."""
    import httpx

    names = (
        "main.dart.wasm",
        "main.dart.mjs",
        "canvaskit/skwasm.wasm",
        "canvaskit/skwasm.js",
        "flutter_bootstrap.js",
    )
    total = 0
    for name in names:
        with httpx.stream("GET", f"{address}/{name}", headers={"accept-encoding": "br, gzip"}) as answer:
            total += sum(len(part) for part in answer.iter_raw())
    return total


def report(name: str, value: float, unit: str, baseline: float) -> None:
    """One line of the result."""
    line = {"name": name, "value": round(value, 3), "unit": unit, "baseline": round(baseline, 3)}
    print(json.dumps({**line, "ratio": round(value / baseline, 2)}), flush=True)


def run(folder: Path, rounds: int) -> None:
    """Measure both and report."""
    ours, our_address = serve(folder, "ours", OURS)
    bare, bare_address = serve(folder, "bare", BARE)
    times: dict[str, list[float]] = {our_address: [], bare_address: []}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for _ in range(rounds):
            for address in times:
                times[address].append(visit(browser, address, address == bare_address))
        browser.close()
    medians = [statistics.median(times[address]) for address in (our_address, bare_address)]
    report("served first screen interactive", medians[0], "s", medians[1])
    report("served first visit, sent", bytes_sent(our_address) / 1e6, "MB", bytes_sent(bare_address) / 1e6)
    for process in (ours, bare):
        process.terminate()


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        run(Path(place), int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
