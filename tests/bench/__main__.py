"""``make bench``: every figure of the project, one JSON line each, with its baseline of the same run.

``python -m tests.bench [name …]`` runs only those of ``ALL``.
"""

import subprocess
import sys

ALL = (
    "stub_fhir",
    "offline",
    "first_sync",
    "doorbell",
    "chat",
    "send",
    "booking",
    "forms",
    "own_data",
    "pathways",
    "served_start",
    "served_memory",
    "static_start",
)


def main(names: list[str]) -> int:
    """0 when every one of them ran."""
    failed = [name for name in names or ALL if _run(name)]
    if failed:
        print(f"did not run: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def _run(name: str) -> int:
    return subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
