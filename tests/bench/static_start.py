"""How long a browser waits for the static client's first control, against a bare page and against Flet's own build.

``python -m tests.bench.static_start [rounds]`` prints JSON lines {name, value, unit, baseline, ratio}. The bare page
is one button, built with the same recipe; "stock" is the same app by ``flet publish``. Every round has a fresh profile
for each: the first visit is cold; then the browser is started anew on the same profile and has what it kept by itself
(warm); then, where there is a service worker, once more with that (offline). They take turns within a round. Time runs
from the page's own zero to the first button in the tree that screen readers use; and, as "answering", until Python is
behind it: before that, what is pressed waits. Files are compressed beforehand.
Single times go to stderr.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Playwright, sync_playwright

from tests.bench.stock_site import stock_site
from tests.e2e.driver import ARGUMENTS, chromium
from tests.e2e.places import ROOT, free_port, start, wait_until_up
from web.build import build
from web.packages import app_sources
from web.places import copy

ROUNDS = 5
KINDS = ("cold", "warm", "offline")
ANSWERING = "performance.getEntriesByName('answers').map((mark) => mark.startTime)[0]"
SEEN = """(() => {
  new MutationObserver((_, watch) => {
    const placeholder = document.querySelector('flt-semantics-placeholder');
    if (placeholder) placeholder.click();
    if (!document.querySelector('flt-semantics[role="button"], flt-semantics [role="button"]')) return;
    watch.disconnect();
    window.firstControl = performance.now();
  }).observe(document, {childList: true, subtree: true, attributes: true});
})()"""
BARE = """
import flet as ft

def main(page):
    page.add(ft.Semantics(identifier="bare", container=True, content=ft.Button("Alku")))

def run():
    ft.run(main)
"""


def bare_sources(folder: Path) -> None:
    """One button, with the first Python of every page."""
    copy(ROOT / "web" / "start.py", folder / "start.py")
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").write_text("")
    (folder / "app" / "main.py").write_text(BARE)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The site's address while it is served."""
    port = free_port()
    process = start("web.serve", "--port", str(port), "--dir", str(site))
    try:
        wait_until_up(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(15)


class Times(NamedTuple):
    """Milliseconds to the first control, and until it is answered (None: Flet's own build does not tell)."""

    control: float
    answering: float | None


def visit(playwright: Playwright, profile: str, address: str, worker: bool, tells: bool) -> Times:
    """One visit; with ``worker``, waits until everything is kept for the next. ``tells``: the site is of our making."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium(),
        args=list(ARGUMENTS),
        viewport={"width": 390, "height": 844},
        service_workers="allow" if worker else "block",
    )
    page = context.new_page()
    page.add_init_script(SEEN)
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => window.firstControl", timeout=120_000)
    if tells:
        page.wait_for_function(f"() => {ANSWERING}", timeout=120_000)
    took = Times(float(page.evaluate("window.firstControl")), page.evaluate(ANSWERING) if tells else None)
    if worker:
        ready = "async () => Boolean((await navigator.serviceWorker.ready).active?.state === 'activated')"
        page.wait_for_function(ready, timeout=120_000)
    context.close()
    return took


def measure(sites: Mapping[str, Path], rounds: int) -> dict[str, dict[str, list[Times]]]:
    """Times of each site: cold, warm, and with the service worker where there is one."""
    times: dict[str, dict[str, list[Times]]] = {name: {kind: [] for kind in KINDS} for name in sites}
    with sync_playwright() as playwright:
        for _ in range(rounds):
            for name, site in sites.items():
                ours = (site / "sw.js").exists()
                with served(site) as address, tempfile.TemporaryDirectory() as profile:
                    times[name]["cold"].append(visit(playwright, profile, address, False, ours))
                    times[name]["warm"].append(visit(playwright, profile, address, False, ours))
                    if ours:
                        visit(playwright, profile, address, True, ours)
                        times[name]["offline"].append(visit(playwright, profile, address, True, ours))
                last = {
                    kind: [round(time) for time in taken[-1] if time]
                    for kind, taken in times[name].items()
                    if taken
                }
                print(name, last, file=sys.stderr, flush=True)
    return times


def tell(name: str, value: float, unit: str, baseline: float) -> None:
    """One JSON line."""
    figures = {"value": round(value, 2), "unit": unit, "baseline": round(baseline, 2)}
    print(json.dumps({"name": name, **figures, "ratio": round(value / baseline, 2)}), flush=True)


def compare(ours: dict[str, list[Times]], baseline: str, others: dict[str, list[Times]]) -> None:
    """Medians of each kind of visit, against the baseline's first control."""
    for kind in KINDS:
        against = statistics.median(
            time.control for time in others[kind] or others["warm"]
        )  # stock keeps nothing
        tell(
            f"static start {kind}, to {baseline}",
            statistics.median(time.control for time in ours[kind]),
            "ms",
            against,
        )
        answering = statistics.median(time.answering or 0 for time in ours[kind])
        tell(f"static start {kind}, answering, to {baseline}", answering, "ms", against)


def main(rounds: int) -> None:
    """Build the three and compare."""
    with tempfile.TemporaryDirectory(prefix="start-") as name:
        work = Path(name)
        made = build(work / "ours", sources=app_sources)
        build(work / "bare", sources=bare_sources, screens=None)
        sites = {"ours": work / "ours", "bare": work / "bare"}
        stock = stock_site(work / "stock")
        if stock is not None:
            sites["stock"] = stock
        times = measure(sites, rounds)
    for baseline in sites.keys() - {"ours"}:
        compare(times["ours"], baseline, times[baseline])
    tell("static transfer, brotli, to what is promised", float(str(made["brotli_mb"])), "MB", 13.5)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
