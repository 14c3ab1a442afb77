"""The preview starts the app with another library and opens the pathway's address."""

from pathlib import Path

import pytest

from app.config import read_settings
from app.pathways.load import FOLDER
from app.pathways.preview import command, main


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
    assert "Field required" in capsys.readouterr().err
