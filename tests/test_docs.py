"""What the documents name exists: files, commands, modules, and the code that ARCHITECTURE.md leads through."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

import pytest

TOP = ("app", "assets", "backend_stub", "deploy", "docs", "tests", "web", ".ci", ".github")
FILES = sorted(p.as_posix() for top in TOP for p in Path(top).rglob("*") if "__pycache__" not in p.parts)
FILES += sorted(p.name for p in Path().iterdir())
PAGES = [Path(name) for name in FILES if name.endswith(".md")]
ELSEWHERE = ("build/", "var/", ".venv/", "tests/offline/failures", "settings.json", "headers.json")
"""What commands make: not there in a fresh clone."""
EXAMPLES = ("assets/pathways/garden", "garden.json", "bundle.json", "assets/regions/kainuu.json")
"""What a guide has its reader make."""
TARGETS = set(re.findall(r"^([a-z-]+):", Path("Makefile").read_text("utf-8"), re.M))
ENDINGS = r"\.(?:py|md|po|json|toml|conf|html|css|js|sh|yml|txt|svg|png|webp|ttf)"
PATH = re.compile(
    rf"(?<![\w/.{{<*-])((?:[\w.*-]+/)*[\w.*-]+{ENDINGS}"  # a file
    rf"|[a-z.][\w.-]*/(?:[\w.-]+/)*|(?:{'|'.join(TOP)})/[\w/-]+)(?![\w./<{{])"  # a folder
)
ANY_ROOM = re.compile(r"\bx(?=\.(?:py|po)$)")
"""CONTRIBUTING.md tells of a room ``x``."""


def words(page: Path) -> str:
    return page.read_text("utf-8")


def quoted(page: Path) -> Iterator[str]:
    """What stands in `code`, in a line or in a block of its own."""
    text = words(page)
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.M | re.S)
    return chain(blocks, re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S)))


def is_there(name: str) -> bool:
    """A path from the top, or the end of one: a page about ``app/offline`` says ``test_kill.py``."""
    wanted = ANY_ROOM.sub("chat", name.strip("/"))
    return name.startswith((*ELSEWHERE, *EXAMPLES)) or any(
        fnmatch(f"/{path}", f"*/{wanted}") for path in FILES
    )


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", words(page))

    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "automation.md"], ids=str)
def test_paths_exist(page: Path) -> None:
    named = {path for code in quoted(page) for path in PATH.findall(code)}

    assert [path for path in sorted(named) if not is_there(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_exist(page: Path) -> None:
    """``make`` targets and modules to run."""
    code = "\n".join(quoted(page))
    targets = set(re.findall(r"(?:^|[\s;&`])make ([a-z-]+)", code))
    modules = {name.replace(".", "/") for name in re.findall(r"python -m ([a-z][\w.]*)", code)}

    assert targets <= TARGETS
    assert [m for m in modules if not {f"{m}.py", f"{m}/__main__.py"} & set(FILES)] == []


DECISIONS = sorted(Path("docs/adr").glob("*.md"))


def test_every_decision_is_listed() -> None:
    """Numbered without a gap, one line each in ARCHITECTURE.md, by its title."""
    listed = re.findall(r"^- \[(\d{4})\]\((\S+)\) (.*)", words(Path("ARCHITECTURE.md")), re.M)

    assert [page.name[:4] for page in DECISIONS] == [f"{place + 1:04}" for place in range(len(DECISIONS))]
    assert [
        (page.name[:4], page.as_posix(), words(page).splitlines()[0][len("# 0001 ") :]) for page in DECISIONS
    ] == listed


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name[:4])
def test_every_decision_has_the_same_parts(page: Path) -> None:
    text = words(page)

    assert text.startswith(f"# {page.name[:4]} ")
    assert "\nStatus: " in text
    assert [part for part in ("Context", "Decision", "Consequences") if f"\n## {part}\n" not in text] == []


def test_the_map_of_the_rooms_is_whole() -> None:
    """Each room of ``app/`` and each folder beside it has its line in ARCHITECTURE.md."""
    drawn = re.search(r"## Rooms\n```\n(.*?)```", words(Path("ARCHITECTURE.md")), re.S)
    assert drawn
    lines = re.findall(r"^( *)([\w.]+)(/?)(?: |$)", drawn[1], re.M)
    inside = {name + slash for indent, name, slash in lines if indent}
    beside = {name + slash for indent, name, slash in lines if not indent}
    rooms_of_app = {f"{path.name}/" if path.is_dir() else path.name for path in Path("app").glob("[!_]*")}

    assert inside == rooms_of_app
    assert beside >= {f"{name}/" for name in TOP if not name.startswith((".", "docs"))}


def test_the_tap_can_be_followed_by_searching() -> None:
    """Every name in the twelve steps stands in the code of the app."""
    steps = words(Path("ARCHITECTURE.md")).split("## One tap")[1].split("\n## ")[0]
    code = "\n".join(words(path) for path in Path("app").rglob("*.py"))
    names = {
        part for quote in re.findall(r"`([^`]+)`", steps) for part in re.findall(r"[A-Za-z_]{3,}", quote)
    }

    assert [name for name in sorted(names - {"Communication", "PUT", "uuid"}) if name not in code] == []
