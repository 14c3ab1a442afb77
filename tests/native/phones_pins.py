"""``python phones_pins.py requirements.txt``: the same pins with the versions that phones have; one line each."""

import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def phone_pins(pins: str, project: Path = PROJECT) -> str:
    """``pins`` with each package that ``[tool.flet.android]`` pins at the version it is pinned at there."""
    wanted = tomllib.loads(project.read_text("utf-8"))["tool"]["flet"]["android"]["dependencies"]
    versions = {_name(pin.partition("==")[0]): pin for pin in wanted}
    return "\n".join(versions.get(_name(line.partition("==")[0]), line) for line in pins.splitlines())


def _name(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


if __name__ == "__main__":
    sys.stdout.write(phone_pins(Path(sys.argv[1]).read_text("utf-8")) + "\n")
