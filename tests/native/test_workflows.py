"""The workflows on GitHub: well formed, pinned, without secrets, and every command in them exists here."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.native.flet_config import ROOT, TARGETS

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
SCRIPT = re.compile(r"(?:bash|python) (?!-m)(\S+\.(?:sh|py))")


def read(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def steps(workflow: Mapping[Any, Any]) -> Iterator[Mapping[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def commands(workflow: Mapping[Any, Any]) -> str:
    return "\n".join(
        step.get("run", "") + "\n" + step.get("with", {}).get("script", "") for step in steps(workflow)
    )


def test_there_are_two() -> None:
    assert [path.name for path in WORKFLOWS] == ["builds.yml", "ci.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_is_well_formed_and_may_only_read(path: Path) -> None:
    workflow = read(path)

    assert workflow["name"]
    assert workflow[True], "`on`, which YAML takes for a truth value"
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["runs-on"]
        assert job["timeout-minutes"] <= 90
        assert all(("run" in step) != ("uses" in step) for step in job["steps"])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_commit_and_nothing_needs_a_secret(path: Path) -> None:
    text = path.read_text("utf-8")

    for step in steps(read(path)):
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
    assert all(re.search(r"# v\d+\.\d+", line) for line in text.splitlines() if "uses:" in line)
    assert "secrets." not in text
    assert "://" not in text, "no host is named"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_make_target_and_script_exists(path: Path) -> None:
    run = commands(read(path))

    assert set(re.findall(r"\bmake ([a-z-]+)", run)) <= MAKE_TARGETS
    for script in SCRIPT.findall(run):
        assert (ROOT / script).is_file(), script


def test_tests_are_the_ones_of_make_test() -> None:
    run = commands(read(ROOT / ".github/workflows/ci.yml"))
    wanted = re.search(r"^test: ([a-z ]+) ##", (ROOT / "Makefile").read_text("utf-8"), re.M)

    assert wanted
    assert set(wanted.group(1).split()) <= set(re.findall(r"\bmake ([a-z-]+)", run))


def test_every_target_is_built_where_it_can_be() -> None:
    build = read(ROOT / ".github/workflows/builds.yml")["jobs"]["build"]
    runners = {entry["target"]: entry["runner"] for entry in build["strategy"]["matrix"]["include"]}

    assert set(runners) == {*TARGETS, "apk"}
    assert runners["ipa"].startswith("macos")
    assert runners["macos"].startswith("macos")
    assert runners["windows"].startswith("windows")


def test_tools_have_the_version_of_the_app() -> None:
    pins = dict(
        line.split("==")
        for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
        if "==" in line
    )
    run = commands(read(ROOT / ".github/workflows/builds.yml"))

    assert set(re.findall(r'"flet(?:\[test\])?==([\d.]+)"', run)) == {pins["flet"]}
    assert set(re.findall(r'"flet-cli==([\d.]+)"', run)) == {pins["flet-cli"]}


def test_device_tests_are_collected_only_with_a_device() -> None:
    run = commands(read(ROOT / ".github/workflows/builds.yml"))
    folder = re.search(r"--tests-dir (\S+)", run)

    assert folder
    assert list((ROOT / folder.group(1)).glob("test_*.py"))
    assert "flet test android" in run
