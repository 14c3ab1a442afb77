"""What the static client has of Python packages: every one that the app imports, those of no first screen apart."""

import ast
import importlib
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

from app.assets import LATE as LATE_ASSETS
from web.packages import LATE, NAMES, NOT_IN_BROWSER
from web.packages import archive as make_archive
from web.start import Late, unpack

LATE_NAMES = [name for names in LATE.values() for name in names]
NATIVE_ONLY = {"PIL", "cryptography", "flet_local_auth", "keyring", "pillow_heif"}
"""The browser does the same by means of its own (canvas, WebCrypto)."""


def third_parties(nodes: Iterable[ast.AST]) -> set[str]:
    """Packages that these nodes import."""
    names: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"app"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """What the browser gets of the app."""
    for path in sorted(Path("app").rglob("*.py")):
        if not NOT_IN_BROWSER.fullmatch(path.as_posix()):
            yield path.as_posix(), ast.parse(path.read_text("utf-8"))


def given(names: Iterable[str]) -> set[str]:
    """Distributions of an archive: those named, and what they need themselves."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = canonical(waiting.pop())
        if name not in found:
            found.add(name)
            needs = [need for need in requires(name) or () if ";" not in need]
            waiting += [re.split(r"[^\w.-]", need, maxsplit=1)[0] for need in needs]
    return found


def canonical(name: str) -> str:
    """As package registries compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_the_app_imports_is_in_an_archive() -> None:
    """Whatever is missing here does not exist in the browser: name it in web/packages.py."""
    there, whose = given((*NAMES, *LATE_NAMES)), packages_distributions()
    lacking = {
        (path, top)
        for path, tree in modules()
        for top in third_parties(ast.walk(tree)) - NATIVE_ONLY
        if not there & set(map(canonical, whose.get(top, ())))
    }
    assert lacking == set()


def imported(code: str) -> set[str]:
    """The modules that a Python of its own has after ``code``."""
    code += "; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_what_comes_late_is_imported_late() -> None:
    """No screen needs it before somebody does something there."""
    late = {top for top, of in packages_distributions().items() if set(of) & set(LATE_NAMES)}
    loaded = imported("import app.main, app.bootstrap.own; from app.views import ahead; print(*ahead())")
    assert {"app.views.forms_fill", "app.views.paper", "app.stores.own"} <= loaded
    assert late & loaded == set()


def test_the_first_screen_waits_for_no_room_and_for_nothing_late() -> None:
    """What only somebody signed in needs is not imported before; each import is time in a browser."""
    loaded = imported("import app.main, app.views.start")
    assert "app.bootstrap.session" in loaded
    rooms = (
        "app.stores.own",
        "app.bootstrap.own",
        "app.forms",
        "app.stores.chat",
        "app.views.home",
        LATE_ASSETS,
    )
    assert [name for name in rooms if name in loaded] == []
    assert len([name for name in loaded if name.startswith("app.")]) < 185  # of more than 350


def test_every_screen_that_is_named_where_it_is_needed_exists() -> None:
    """``views.chat.ChatScreen`` is looked up when it is drawn; here it is looked up always."""
    named = {
        (node.value.attr, node.attr)
        for path in sorted(Path("app").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and isinstance(node.value.value, ast.Name)
        and node.value.value.id == "views"
    }
    assert len(named) > 40
    for module, name in named:
        assert callable(getattr(importlib.import_module(f"app.views.{module}"), name))


@pytest.fixture
def found_by(tmp_path: Path) -> Iterator[Callable[[Late], None]]:
    """Let a finder look for packages, until the test ends."""
    before, known = list(sys.meta_path), list(sys.path)
    yield sys.meta_path.append
    sys.meta_path[:], sys.path[:] = before, known


def archive(**modules: str) -> bytes:
    """An archive of modules."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for name, text in modules.items():
            out.writestr(f"{name}.py", text)
    return made.getvalue()


def test_an_archive_is_unpacked_as_it_was_packed(tmp_path: Path) -> None:
    """Folders, empty files, letters that need two bytes, and every byte there is."""
    packed, inside = tmp_path / "packed", tmp_path / "inside"
    contents = {"a.txt": b"", "deep/er/ä.bin": bytes(range(256)), "deep/b": b"b" * 70_000}
    for name, data in contents.items():
        (packed / name).parent.mkdir(parents=True, exist_ok=True)
        (packed / name).write_bytes(data)
    make_archive(packed, tmp_path / "made.zip")
    unpack((tmp_path / "made.zip").read_bytes(), str(inside))
    found = {p.relative_to(inside).as_posix(): p.read_bytes() for p in inside.rglob("*") if p.is_file()}
    assert found == contents


def test_the_archive_is_fetched_at_the_first_import_and_once(
    found_by: Callable[[Late], None], tmp_path: Path
) -> None:
    """Other packages that are not there do not fetch it."""
    fetched: list[int] = []

    def fetch() -> bytes:
        fetched.append(1)
        return archive(late_one="WORD = 'yksi'", late_two="WORD = 'kaksi'")

    found_by(Late({"late_one", "late_two"}, fetch, str(tmp_path / "late")))
    with pytest.raises(ImportError):
        importlib.import_module("nobody_has_this")
    assert not fetched
    assert importlib.import_module("late_one").WORD == "yksi"
    assert importlib.import_module("late_two").WORD == "kaksi"
    assert len(fetched) == 1


def test_without_a_connection_it_is_asked_for_again(found_by: Callable[[Late], None], tmp_path: Path) -> None:
    """The first try fails with a word; the next one may go well."""
    answers: list[bytes] = [archive(late_three="")]

    def fetch() -> bytes:
        if len(answers) == 1:
            answers.append(answers[0])
            raise ImportError("cannot be fetched")
        return answers[0]

    found_by(Late({"late_three"}, fetch, str(tmp_path / "late")))
    with pytest.raises(ImportError, match="cannot be fetched"):
        importlib.import_module("late_three")
    importlib.import_module("late_three")
