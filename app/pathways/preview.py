"""``python -m app.pathways.preview FOLDER`` opens a pathway in the browser as residents see it; Ctrl+C ends it.

It starts the app itself with the folder as its library: no sign-in, no platform. Each reload reads the files anew.
"""

import argparse
import os
import subprocess
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from app.pathways.lint import folders
from app.pathways.load import PathwayError, read_structure

__all__ = ["command", "main"]


def command(folder: Path, port: int) -> tuple[list[str], dict[str, str]]:
    """How the app is started to show the pathways beside ``folder``: the command and what is in its environment."""
    library = folder.parent if (folder / "pathway.json").is_file() else folder
    run = [sys.executable, "-m", "app", "--web", "--port", str(port)]
    return run, {"APP_PATHWAYS": str(library.resolve())}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.pathways.preview", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8570)
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    given = parser.parse_args(arguments)
    found = folders(given.folder)
    if not found:
        sys.stderr.write(f"{given.folder}: there is no pathway.json here or in a folder below\n")
        return 1
    try:
        structure = read_structure(found[0])
    except PathwayError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    address = f"http://127.0.0.1:{given.port}/pathways"
    address = f"{address}/{structure.id}" if len(found) == 1 else address
    run, environment = command(given.folder, given.port)
    sys.stdout.write(f"{address}\nCtrl+C ends the preview\n")
    process = subprocess.Popen(run, env={**os.environ, **environment})
    if not given.no_browser:
        webbrowser.open(address)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        return 0


if __name__ == "__main__":
    sys.exit(main())
