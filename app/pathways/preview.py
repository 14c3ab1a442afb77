"""``python -m app.pathways.preview FOLDER`` opens a pathway in the browser as residents see it; Ctrl+C ends it.

It starts the app itself with the folder as its library: no sign-in, no platform. A change of a file shows by
itself, and the terminal tells what the lint says of it.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from app.pathways.lint import check, folders
from app.pathways.load import PathwayError, read_structure

__all__ = ["command", "free_port", "main", "tell_news"]

Stamp = tuple[tuple[str, int], ...]
"""Which files there are, and when each was written last."""


def command(folder: Path, port: int) -> tuple[list[str], dict[str, str]]:
    """How the app is started to show the pathways beside ``folder``: the command and what is in its environment."""
    library = folder.parent if (folder / "pathway.json").is_file() else folder
    run = [sys.executable, "-m", "app", "--web", "--port", str(port)]
    return run, {"APP_PATHWAYS": str(library.resolve())}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.pathways.preview", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, help="where it is served: 8570, or a free one if that is taken")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    given = parser.parse_args(arguments)
    found = folders(given.folder)
    if not found:
        sys.stderr.write(f"{given.folder}: there is no pathway.json here or in a folder below\n")
        return 1
    try:
        path = f"/pathways/{read_structure(found[0]).id}" if len(found) == 1 else "/pathways"
    except PathwayError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    port = given.port or free_port(8570)
    run, environment = command(given.folder, port)
    process = subprocess.Popen(run, env={**os.environ, **environment})
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _show(process, port, path, found, open_browser=not given.no_browser)
    except KeyboardInterrupt:
        return 0
    finally:
        process.terminate()
        process.wait()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _show(
    process: subprocess.Popen[bytes], port: int, path: str, found: Sequence[Path], *, open_browser: bool
) -> int:
    """Once the app answers, say where, open it, and watch the files until it ends; the app's exit code."""
    while process.poll() is None and not _answers(port):
        time.sleep(0.2)
    if process.poll() is not None:
        return process.wait()
    address = f"http://127.0.0.1:{port}{path}"
    sys.stdout.write(f"{address}\nChanges show by themselves. Ctrl+C ends the preview\n")
    if open_browser:
        webbrowser.open(address)
    seen: Stamp = ()
    while process.poll() is None:
        seen = tell_news(found, seen, sys.stdout.write)
        sys.stdout.flush()
        time.sleep(0.5)
    return process.wait()


def tell_news(found: Sequence[Path], seen: Stamp, write: Callable[[str], object]) -> Stamp:
    """Write what the lint says, if a file has changed since ``seen`` (what the call before returned)."""
    files = sorted(file for folder in found for file in folder.rglob("*") if file.is_file())
    now = tuple((str(file), file.stat().st_mtime_ns) for file in files)
    if now != seen:
        lines = [f"{folder.name}: {one}\n" for folder in found for one in check(folder, ()) if not one.remark]
        write("".join(lines) or "No mistakes.\n")
    return now


def free_port(wanted: int) -> int:
    """``wanted`` if nobody listens there, else a port that is free."""
    if not _answers(wanted):
        return wanted
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    sys.exit(main())
