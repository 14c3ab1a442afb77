"""Arrows point down. This test is the dependency diagram; change it on purpose only."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

FREE = {"errors", "domain", "assets"}
ALLOWED = {  # room: what it may import from app/ besides itself
    "domain": set(),
    "errors": set(),
    "i18n": set(),
    "mistakes": set(),
    "config": {"domain", "errors", "mistakes"},
    "pathways": {"mistakes", *FREE},
    "api": {"pathways", *FREE},
    "offline": FREE,
    "forms": set(),
    "platform": FREE,
    "stores": {"api", "pathways", "forms", "offline", "platform", "config", *FREE},
    "components": {"stores", "platform", "i18n", "errors"},
    "views": {"components", "pathways", "forms", "stores", "platform", "offline", "i18n", "config", *FREE},
}
ONLY = {  # package: the only places that may import it
    "flet": {"components", "views", "stores/base.py", "platform", "main.py"},
    "httpx": {"api", "platform/transport.py"},
    "sqlite3": {"offline"},
    "pydantic": {"domain", "api", "pathways", "config.py", "mistakes.py"},
}
TOOLS = {"forms/check.py"}  # what is run by hand, and imported by nothing
FILES = sorted(Path("app").rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """The dotted names a file imports, ``from app import x`` as ``app.x``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_arrows_point_down(path: Path) -> None:
    """Views know components and stores; stores know api and offline; nothing knows what is above it."""
    inside = path.relative_to("app")
    room = inside.parts[0].removesuffix(".py")
    if inside.as_posix() in TOOLS:
        return
    for name in imports(path):
        top, *rest = name.split(".")
        if top in ONLY:
            assert {room, inside.parts[0], inside.as_posix()} & ONLY[top], f"{path} must not import {top}"
        if top == "app" and rest and room in ALLOWED:
            assert rest[0] in ALLOWED[room] | {room}, f"{path} must not import {name}"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_mutable_state_at_module_level(path: Path) -> None:
    """Many residents share one process in served mode: no list, dict or set in a module unless it is a constant."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List | ast.Dict | ast.Set):
            for target in node.targets:
                name = target.id if isinstance(target, ast.Name) else ""
                assert name.isupper() or name == "__all__", f"{path}:{node.lineno} {name}"
    assert "global " not in path.read_text().replace("# global", "")


def test_functions_are_small() -> None:
    """None over 50 lines, half of them at most eight: a reader sees each whole."""
    lengths = [
        (node.end_lineno - node.lineno + 1, f"{path}: {node.name}")
        for room in ("app", "backend_stub", "web")
        for path in sorted(Path(room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    ]

    assert [name for lines, name in lengths if lines > 50] == []
    assert median(lines for lines, _ in lengths) <= 8
