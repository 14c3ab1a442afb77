"""Everything the app needs on a phone exists for phones: compiled packages from a pinned list, the rest pure Python."""

import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

HERE = Path(__file__).resolve().parent
PROJECT = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text("utf-8"))
WHEELS: Mapping[str, Any] = tomllib.loads((HERE / "mobile_wheels.toml").read_text("utf-8"))
PHONES = {
    "android": {"sys_platform": "android", "platform_system": "Android", "os_name": "posix"},
    "ios": {"sys_platform": "ios", "platform_system": "iOS", "os_name": "posix"},
}


def wanted(phone: str) -> dict[str, list[Requirement]]:
    """Every requirement of the app on ``phone``, by package, dependencies of dependencies included."""
    roots = [*PROJECT["project"]["dependencies"], *PROJECT["tool"]["flet"][phone]["dependencies"]]
    found: dict[str, list[Requirement]] = {}
    _add(found, map(Requirement, roots), phone)
    return found


def _add(found: dict[str, list[Requirement]], more: Iterable[Requirement], phone: str) -> None:
    for requirement in more:
        if requirement.marker and not requirement.marker.evaluate(_environment(phone)):
            continue
        name = canonicalize_name(requirement.name)
        known = name in found
        found.setdefault(name, []).append(requirement)
        if not known:
            _add(found, _needs(name), phone)


def _needs(name: str) -> Iterable[Requirement]:
    """Which versions a package wants of others is told by the version tested here, which may be newer: names only."""
    for text in distribution(name).requires or ():
        needed = Requirement(text)
        needed.specifier = type(needed.specifier)()
        yield needed


def _environment(phone: str) -> dict[str, str]:
    python = WHEELS["python"]
    return {**PHONES[phone], "python_version": python, "python_full_version": f"{python}.0", "extra": ""}


def is_pure(package: Distribution) -> bool:
    """Whether its wheel runs anywhere."""
    tags = (package.read_text("WHEEL") or "").splitlines()
    return any(line.startswith("Tag:") and line.endswith("-none-any") for line in tags)


@pytest.mark.parametrize("phone", PHONES)
def test_each_package_is_pure_or_exists_compiled_for_phones(phone: str) -> None:
    allowed = {*WHEELS["binary"], *WHEELS["also_pure"]["names"]}

    missing = [n for n in wanted(phone) if n not in allowed and not is_pure(distribution(n))]

    assert not missing


@pytest.mark.parametrize("phone", PHONES)
def test_the_versions_asked_for_of_compiled_packages_are_among_those_there_are(phone: str) -> None:
    asked = wanted(phone)

    for name in set(WHEELS["binary"]) & set(asked):
        there = [Version(version) for version in WHEELS["binary"][name]]
        fitting = [v for v in there if all(r.specifier.contains(v) for r in asked[name])]
        assert fitting, f"{name}: {[str(r) for r in asked[name]]} against {WHEELS['binary'][name]}"
        assert any("==" in str(r) for r in asked[name]), f"{name} is not pinned, a newer one would be taken"


@pytest.mark.parametrize("phone", PHONES)
def test_pydantic_and_its_core_are_a_pair(phone: str) -> None:
    """A pydantic whose core does not exist for phones makes the resolver fall back to one of years ago."""
    pins = PROJECT["tool"]["flet"][phone]["dependencies"]

    for package, core in WHEELS["exactly"].items():
        assert package in pins
        assert core in pins


def test_both_phones_carry_the_same() -> None:
    flet = PROJECT["tool"]["flet"]

    assert flet["android"]["dependencies"] == flet["ios"]["dependencies"]


def test_the_check_sees_a_package_that_no_phone_has() -> None:
    assert not is_pure(distribution("uvloop"))
    assert "uvloop" not in wanted("android")
