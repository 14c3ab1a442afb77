"""Flet's own reading of pyproject.toml for one target, without Flutter: what ``flet build`` would put into the project.

Runs the first stages of ``flet build`` on a copy of what they look at (they write into ``build/``, and empty it when
the version of Python changes). ``manifest.json`` stands for the list of Python builds that Flet fetches.
"""

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flet_cli.commands.build import Command
from flet_cli.commands.flutter_base import BaseFlutterCommand

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
TARGETS = ("aab", "ipa", "macos", "windows", "linux", "web")


class Stopped(Exception):
    """Flet would have stopped the build here, and why."""


def merged(target: str, folder: Path) -> Command:
    """The command after its configuration stages; ``template_data`` is what the templates get. Raises ``Stopped``."""
    project = _copied(folder / target)
    with _without_flutter():
        parser = argparse.ArgumentParser()
        command = Command(parser)
        command.options = parser.parse_args([target, str(project)])
        command.target_platform, command.verbose, command.no_rich_output = target, 0, True
        command.initialize_command()
        command.validate_entry_point()
        command.setup_template_data()
    return command


def _copied(project: Path) -> Path:
    project.mkdir(parents=True)
    for name in ("pyproject.toml", "main.py"):
        shutil.copy(ROOT / name, project / name)
    shutil.copytree(ROOT / "assets", project / "assets")
    return project


@contextmanager
def _without_flutter() -> Iterator[None]:
    def stop(self: Any, code: int, message: Any = None, no_border: bool = False) -> None:
        raise Stopped(f"{self.target_platform}: {message}")

    environment = {"FLET_PYTHON_BUILD_MANIFEST": str(HERE / "manifest.json")}
    with (
        patch.object(BaseFlutterCommand, "initialize_command", lambda self: None),
        patch.object(BaseFlutterCommand, "cleanup", stop),
        patch.dict(os.environ, environment),
    ):
        yield
