"""The preview starts the app with another library and opens the pathway's address."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import read_settings
from app.pathways.load import FOLDER
from app.pathways.preview import command, free_port, main, tell_news


def test_the_app_is_started_with_the_folder_as_its_library() -> None:
    run, environment = command(FOLDER / "sleep", 8570)
    settings = read_settings(run[3:], environment)
    assert settings.web
    assert settings.port == 8570
    assert settings.pathways == FOLDER
    assert command(FOLDER, 1)[1]["APP_PATHWAYS"] == str(FOLDER)


def test_a_folder_without_a_pathway_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "no pathway.json" in capsys.readouterr().err
    (tmp_path / "pathway.json").write_text("{}")
    assert main([str(tmp_path)]) == 1
    assert "is missing" in capsys.readouterr().err


def test_each_change_of_a_file_tells_what_is_wrong(tmp_path: Path) -> None:
    """The resident's screen cannot say it: a pathway that cannot be read is not in the library at all."""
    folder = tmp_path / "sleep"
    shutil.copytree(FOLDER / "sleep", folder)
    told: list[str] = []
    seen = tell_news([folder], (), told.append)
    assert tell_news([folder], seen, told.append) == seen
    assert told == ["No mistakes.\n"]
    (folder / "fi.json").write_text("{")
    tell_news([folder], seen, told.append)
    assert "fi.json" in told[1]


def test_another_port_is_taken_when_the_usual_one_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        usual = taken.getsockname()[1]
        assert free_port(usual) != usual
    assert free_port(usual) == usual


def test_it_is_shown_once_the_app_answers_and_nothing_is_left_running() -> None:
    """SIGTERM, which editors and process managers send, ends the app too."""
    port = free_port(8571)
    run = [
        sys.executable,
        "-m",
        "app.pathways.preview",
        str(FOLDER / "sleep"),
        "--no-browser",
        "--port",
        str(port),
    ]
    preview = subprocess.Popen(run, stdout=subprocess.PIPE, text=True)
    assert preview.stdout is not None
    assert preview.stdout.readline() == f"http://127.0.0.1:{port}/pathways/sleep\n"
    socket.create_connection(("127.0.0.1", port)).close()
    os.kill(preview.pid, signal.SIGTERM)
    assert preview.wait(30) == 0
    assert free_port(port) == port
